//! Invariant: an order is refused before it touches anything, or accepted and then followed to its end.
//!
//! How orders come in: the rows of the [rules](super::rules)' table that need the book, then, by type and phase, the
//! stop that waits, the order that is collected for an auction, the order that trades and rests. Left out:
//! the trading itself, and the waiting of [stops](super::stops).

use super::book::Shown;
use super::engine::MatchingEngine;
use super::event::{EngineEvent, EventSink};
use super::incoming::{Entry, Incoming, Traits, flags};
use super::matching::SweepEnd;
use super::parked::{ParkedOrder, expiry_of, trigger_of};
use super::rules::{MarketRemainder, PostOnlyCross};
use crate::models::{
    AccountId, CancelReason, NewOrder, OrderType, Phase, Price, Qty, RejectReason, SelfTrade, Side, TimeInForce,
    Timestamp,
};

impl MatchingEngine {
    /// Enters an order at `now`. Orders that have expired by then expire first.
    // Inlined always: most orders are plain, and then the order itself need not reach memory.
    #[inline(always)]
    pub fn submit<S: EventSink>(&mut self, now: Timestamp, account: AccountId, order: &NewOrder, sink: &mut S) {
        self.keep_time(now, sink);
        let done = self.submit_plain(account, order, sink);
        if done.is_none() {
            // The copy is what reaches memory, and only here.
            self.submit_any(account, &{ *order }, sink);
        }
    }

    /// Enters a plain order: a limit order that shows all of itself, stands until cancelled, and passes the whole table.
    /// That is what most messages are, and all that the table could hold against them is asked here at once; whoever
    /// fails, for whatever reason, goes [the long way](Self::submit_any), and nothing has happened.
    #[inline(always)]
    fn submit_plain<S: EventSink>(&mut self, account: AccountId, order: &NewOrder, sink: &mut S) -> Option<()> {
        let &NewOrder { id, side, qty, self_trade, post_only, .. } = order;
        let OrderType::Limit { price } = order.order_type else { return None };
        let day = match order.tif {
            TimeInForce::Gtc => false,
            TimeInForce::Day => true,
            TimeInForce::Ioc | TimeInForce::Fok | TimeInForce::Gtd { .. } => return None,
        };
        let shows_all = order.display.is_none() && order.min_fill.is_zero();
        if !(shows_all && self.plain.qty.contains(qty.lots()) && self.plain.price.contains(price.ticks())) {
            return None;
        }
        let home = self.book.home(id);
        // Made where it is used: on the way into the book it then stays in registers.
        let entry = || Entry::common(id, account, qty, flags(side, Traits { self_trade, post_only, day }));
        if self.crosses(side, price) {
            let is_free = !post_only && self_trade == SelfTrade::Allow;
            if !(is_free && self.book.is_unused(home) && self.takes_plainly()) {
                return None;
            }
            self.take_plainly(entry(), side, price, sink);
            return Some(());
        }
        let visible = self.book.place(entry(), home, Shown { side, price, qty }, &self.rules)?;
        self.tape.say(sink, EngineEvent::Accepted { order: id, account, side, qty });
        self.tape.say(sink, EngineEvent::Rested { order: id, side, price, visible: qty });
        self.tape.say_level(sink, side, price, visible);
        Some(())
    }

    /// Any order at all.
    #[inline(never)]
    fn submit_any<S: EventSink>(&mut self, account: AccountId, order: &NewOrder, sink: &mut S) {
        match self.admit(account, order) {
            Err(reason) => {
                let event = EngineEvent::Rejected { order: order.id, account, side: order.side, reason };
                self.tape.say(sink, event);
            }
            Ok(limit) => self.accept(account, order, limit, sink),
        }
    }

    /// Follows an admitted order to its end.
    #[inline(never)]
    fn accept<S: EventSink>(&mut self, account: AccountId, order: &NewOrder, limit: Price, sink: &mut S) {
        if let Some(used) = &mut self.used {
            used.insert(order.id);
        }
        self.tape.say(sink, EngineEvent::Accepted { order: order.id, account, side: order.side, qty: order.qty });
        let arrival = self.tape.seq();
        if trigger_of(order).is_some() {
            self.park(ParkedOrder { account, order: *order, arrival });
        } else {
            self.enter(order, incoming(account, order, arrival, limit), sink);
        }
        self.settle_stops(sink);
    }

    /// The whole table for a new order; the price at which it may trade and rest.
    #[inline]
    fn admit(&self, account: AccountId, order: &NewOrder) -> Result<Price, RejectReason> {
        if self.killed.holds(account) {
            return Err(RejectReason::KillSwitch);
        }
        if self.phase == Phase::Halt {
            return Err(RejectReason::Halted);
        }
        self.rules.check_message(order, self.last)?;
        let is_live = self.book.find(order.id).is_some() || self.parked.get(order.id).is_some();
        if is_live || self.used.as_ref().is_some_and(|used| used.contains(order.id)) {
            return Err(RejectReason::DuplicateId);
        }
        if let TimeInForce::Gtd { expires } = order.tif
            && expires <= self.clock
        {
            return Err(RejectReason::AlreadyExpired);
        }
        if self.phase == Phase::Auction && needs_continuous(order) {
            return Err(RejectReason::Phase);
        }
        if self.may_stay(order) && self.live_orders() >= self.rules.max_orders {
            return Err(RejectReason::Capacity);
        }
        if trigger_of(order).is_some() { Ok(order.side.worst_price()) } else { self.admit_price(order) }
    }

    /// Whether an order may be live after its own command.
    #[inline]
    fn may_stay(&self, order: &NewOrder) -> bool {
        match order.order_type {
            OrderType::Limit { .. } => stands(order.tif),
            OrderType::Market => stands(order.tif) && self.rests_at_protection(),
            OrderType::Stop { .. } | OrderType::StopLimit { .. } => true,
        }
    }

    /// Rows 19 (levels) and 20, for an order that is no stop, or no longer.
    #[inline]
    pub(super) fn admit_price(&self, order: &NewOrder) -> Result<Price, RejectReason> {
        let Some(limit) = order.limit_price() else { return Ok(order.side.worst_price()) };
        let at = if order.post_only { self.slide(order.side, limit) } else { Ok(limit) };
        if stands(order.tif) && !self.has_room_at(order.side, at.unwrap_or(limit)) {
            return Err(RejectReason::Capacity);
        }
        at
    }

    /// Whether an order may rest at this price without one level too many.
    #[inline]
    pub(super) fn has_room_at(&self, side: Side, price: Price) -> bool {
        self.book.level_count() < self.rules.max_levels || self.book.ladder(side).find(price).is_some()
    }

    /// The price at which a post-only order may rest: its own, or by policy one tick behind the other side.
    pub(super) fn slide(&self, side: Side, limit: Price) -> Result<Price, RejectReason> {
        if self.phase != Phase::Continuous || !self.crosses(side, limit) {
            return Ok(limit);
        }
        match self.rules.post_only_cross {
            PostOnlyCross::Reject => Err(RejectReason::PostOnlyCross),
            PostOnlyCross::Slide => {
                let touch = self.book.best_price(side.opposite());
                let behind = touch.and_then(|touch| side.more_passive(touch, self.rules.tick));
                let allowed = behind.filter(|&price| self.rules.check_limit(price, self.last).is_ok());
                allowed.ok_or(RejectReason::PostOnlyCross)
            }
        }
    }

    /// An admitted limit or market order: collected, or traded and rested.
    #[inline]
    pub(super) fn enter<S: EventSink>(&mut self, order: &NewOrder, mut taker: Incoming, sink: &mut S) {
        let is_market = order.order_type == OrderType::Market;
        let protected = if is_market { self.protected(order.side) } else { None };
        taker.limit = protected.unwrap_or(taker.limit);
        // A stop may have been cut below its least fill: then all of it is enough.
        let needs = if order.tif == TimeInForce::Fok { order.qty } else { order.min_fill.min(order.qty) };
        if needs.is_positive() && self.reach(&taker, needs).fills < u128::from(needs.lots().cast_unsigned()) {
            self.say_canceled(&taker, CancelReason::Fok, sink);
            return;
        }
        let end = match self.phase {
            Phase::Continuous => self.sweep(&mut taker, sink),
            Phase::Auction | Phase::Halt => SweepEnd::Done,
        };
        // The sweep may have freed a level for what is left of a market order.
        let has_place = !is_market
            || protected.is_some_and(|price| self.rests_at_protection() && self.has_room_at(order.side, price));
        if end == SweepEnd::Prevented {
            self.say_canceled(&taker, CancelReason::Stp, sink);
        } else if taker.leaves.is_positive() && stands(order.tif) && has_place {
            let visible = self.rest(&taker, sink);
            self.say_swept(order.side.opposite(), sink);
            self.tape.say_level(sink, order.side, taker.limit, visible);
            return;
        } else if taker.leaves.is_positive() {
            self.say_canceled(&taker, CancelReason::Ioc, sink);
        }
        self.say_swept(order.side.opposite(), sink);
    }

    /// Puts an order into the book; what its level shows then.
    #[inline]
    pub(super) fn rest<S: EventSink>(&mut self, order: &Incoming, sink: &mut S) -> Qty {
        let shown = self.book.rest(order);
        let visible = order.leaves.min(order.display);
        let event = EngineEvent::Rested { order: order.id, side: order.side, price: order.limit, visible };
        self.tape.say(sink, event);
        shown
    }

    fn rests_at_protection(&self) -> bool {
        self.rules.protection.is_some() && self.rules.market_remainder == MarketRemainder::RestAtProtection
    }

    /// The worst price a market order may trade at now: the protection points beyond the touch, on the tick and within
    /// the venue's prices. `None` without a touch, or without protection points.
    fn protected(&self, side: Side) -> Option<Price> {
        let (touch, protection) = (self.book.best_price(side.opposite())?, self.rules.protection?);
        let furthest = side.more_aggressive(touch, protection).unwrap_or(side.worst_price());
        let tick = self.rules.tick.count();
        let (lowest, highest) = (self.rules.min_px.ticks(), self.rules.max_px.ticks());
        let within = furthest.ticks().clamp(lowest, highest);
        // Rounding goes back towards the touch, which is on the tick itself.
        let over = within.rem_euclid(tick);
        Some(Price::new(match side {
            Side::Buy => within - over,
            Side::Sell if over > 0 => within + (tick - over),
            Side::Sell => within,
        }))
    }

    pub(super) fn say_canceled<S: EventSink>(&mut self, order: &Incoming, reason: CancelReason, sink: &mut S) {
        let event = EngineEvent::Canceled {
            order: order.id,
            account: order.account,
            side: order.side,
            filled: order.filled,
            leaves: order.leaves,
            reason,
        };
        self.tape.say(sink, event);
    }

    /// One `Level` for each level of `side` that the sweep changed.
    #[inline]
    pub(super) fn say_swept<S: EventSink>(&mut self, side: Side, sink: &mut S) {
        for change in &self.swept {
            self.tape.say_level(sink, side, change.price, change.visible);
        }
        self.swept.clear();
    }
}

/// Row 17: what cannot wait for an auction.
#[inline]
fn needs_continuous(order: &NewOrder) -> bool {
    match order.order_type {
        OrderType::Limit { .. } => !stands(order.tif) || !order.min_fill.is_zero(),
        OrderType::Market => true,
        OrderType::Stop { .. } | OrderType::StopLimit { .. } => false,
    }
}

/// Whether an order of this time in force rests when it cannot trade.
#[inline]
const fn stands(tif: TimeInForce) -> bool {
    match tif {
        TimeInForce::Ioc | TimeInForce::Fok => false,
        TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Gtd { .. } => true,
    }
}

/// A new order on its way into the book.
#[inline]
pub(super) fn incoming(account: AccountId, order: &NewOrder, arrival: u64, limit: Price) -> Incoming {
    Incoming {
        id: order.id,
        account,
        side: order.side,
        limit,
        leaves: order.qty,
        filled: Qty::ZERO,
        display: order.display.unwrap_or(Qty::MAX),
        expires: expiry_of(order),
        arrival,
        traits: Traits { self_trade: order.self_trade, post_only: order.post_only, day: order.tif == TimeInForce::Day },
    }
}
