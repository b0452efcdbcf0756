//! Invariant: an order is refused before it touches anything, or accepted and then followed to its end.
//!
//! How orders come in: the rows of the [rules](super::rules)' table that need the book, then, by type and phase, the
//! stop that waits, the market order that waits for an auction, the order that trades and rests. A triggered stop
//! enters here a second time, as the order that it has become: what would refuse a new one then cancels it. Stops
//! cascade through a queue, first triggered first served, and never by recursion. Left out: the trading itself.

use super::engine::MatchingEngine;
use super::event::{EngineEvent, EventSink};
use super::matching::SweepEnd;
use super::orders::{Incoming, NEVER, Traits};
use super::parked::{ParkedOrder, trigger_of};
use super::rules::{MarketRemainder, PostOnlyCross};
use crate::models::{
    AccountId, CancelReason, NewOrder, OrderId, OrderType, Phase, Price, Qty, RejectReason, Side, TimeInForce,
    Timestamp,
};

impl MatchingEngine {
    /// Enters an order at `now`. Orders that have expired by then expire first.
    pub fn submit<S: EventSink>(&mut self, now: Timestamp, account: AccountId, order: &NewOrder, sink: &mut S) {
        self.keep_time(now, sink);
        match self.admit(account, order) {
            Err(reason) => {
                let event = EngineEvent::Rejected { order: order.id, account, side: order.side, reason };
                self.tape.say(sink, event);
            }
            Ok(limit) => {
                if let Some(used) = &mut self.used {
                    used.insert(order.id);
                }
                let event = EngineEvent::Accepted { order: order.id, account, side: order.side, qty: order.qty };
                self.tape.say(sink, event);
                match trigger_of(order) {
                    Some(trigger) => self.enter_stop(account, order, trigger),
                    None => self.enter(account, order, limit, sink),
                }
                self.settle_stops(sink);
            }
        }
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
        if trigger_of(order).is_none() {
            return self.admit_now(order);
        }
        if self.live_orders() >= self.rules.max_orders {
            return Err(RejectReason::Capacity);
        }
        Ok(order.side.worst_price())
    }

    /// The rows that depend on the state of the book, for an order that is no stop, or no longer.
    #[inline]
    fn admit_now(&self, order: &NewOrder) -> Result<Price, RejectReason> {
        let is_market = order.order_type == OrderType::Market;
        if self.phase == Phase::Auction {
            let ioc = order.tif == TimeInForce::Ioc && !is_market;
            if ioc || order.tif == TimeInForce::Fok || order.min_fill.is_positive() {
                return Err(RejectReason::Phase);
            }
        }
        let rests = match order.tif {
            TimeInForce::Ioc | TimeInForce::Fok => false,
            TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Gtd { .. } => !is_market,
        };
        let is_collected = is_market && self.phase == Phase::Auction;
        if (rests || is_collected) && self.live_orders() >= self.rules.max_orders {
            return Err(RejectReason::Capacity);
        }
        let Some(limit) = order.limit_price() else { return Ok(order.side.worst_price()) };
        let slid = if order.post_only { self.slide(order.side, limit) } else { Ok(limit) };
        let at = slid.unwrap_or(limit);
        if rests && self.needs_level(order.side, at) && self.book.level_count() >= self.rules.max_levels {
            return Err(RejectReason::Capacity);
        }
        slid
    }

    #[inline]
    pub(super) fn needs_level(&self, side: Side, price: Price) -> bool {
        self.book.ladder(side).find(price).is_none()
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

    fn enter_stop(&mut self, account: AccountId, order: &NewOrder, trigger: Price) {
        self.park(account, order);
        if self.last.is_some_and(|last| order.side.is_triggered(trigger, last)) {
            let stop = self.unpark(order.id);
            self.triggered.extend(stop);
        }
    }

    fn park(&mut self, account: AccountId, order: &NewOrder) {
        self.parked.insert(account, order);
        if let TimeInForce::Gtd { expires } = order.tif {
            self.book.expect_expiry(expires, order.id);
        }
    }

    /// Takes out a parked order and its expiry.
    pub(super) fn unpark(&mut self, id: OrderId) -> Option<ParkedOrder> {
        let parked = self.parked.remove(id)?;
        if let TimeInForce::Gtd { expires } = parked.order.tif {
            self.book.drop_expiry(expires, id);
        }
        Some(parked)
    }

    /// An admitted limit or market order: collected, or traded and rested.
    #[inline]
    fn enter<S: EventSink>(&mut self, account: AccountId, order: &NewOrder, limit: Price, sink: &mut S) {
        let is_market = order.order_type == OrderType::Market;
        if is_market && self.phase == Phase::Auction {
            self.park(account, order);
            return;
        }
        let mut taker = incoming(account, order, limit);
        let needs = if order.tif == TimeInForce::Fok { order.qty } else { order.min_fill };
        if is_market {
            let Some(protected) = self.protected(order.side) else {
                let reason = if needs.is_positive() { CancelReason::Fok } else { CancelReason::Ioc };
                self.say_canceled(&taker, reason, sink);
                return;
            };
            taker.limit = protected;
        }
        if needs.is_positive() && self.reach(&taker, needs).fills < u128::from(needs.lots().cast_unsigned()) {
            self.say_canceled(&taker, CancelReason::Fok, sink);
            return;
        }
        let end = match self.phase {
            Phase::Continuous => self.sweep(&mut taker, sink),
            Phase::Auction | Phase::Halt => SweepEnd::Done,
        };
        if end == SweepEnd::Prevented {
            self.say_canceled(&taker, CancelReason::Stp, sink);
        } else if taker.leaves.is_positive() {
            self.finish(&taker, order, sink);
            return;
        }
        self.say_swept(order.side.opposite(), sink);
    }

    /// What is left of an order rests, or is cancelled; then the levels.
    #[inline]
    fn finish<S: EventSink>(&mut self, taker: &Incoming, order: &NewOrder, sink: &mut S) {
        let side = taker.side;
        let stays = match order.tif {
            TimeInForce::Ioc | TimeInForce::Fok => false,
            TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Gtd { .. } => true,
        };
        let is_market = order.order_type == OrderType::Market;
        if !stays || is_market && !self.rests_at_protection() {
            self.say_canceled(taker, CancelReason::Ioc, sink);
        } else if is_market && self.is_full_for(side, taker.limit) {
            self.say_canceled(taker, CancelReason::Refused, sink);
        } else {
            let visible = self.rest(taker, sink);
            self.say_swept(side.opposite(), sink);
            self.tape.say_level(sink, side, taker.limit, visible);
            return;
        }
        self.say_swept(side.opposite(), sink);
    }

    /// Puts an order into the book; what its level shows then.
    #[inline]
    pub(super) fn rest<S: EventSink>(&mut self, order: &Incoming, sink: &mut S) -> u128 {
        let level = self.book.rest(order);
        let visible = order.leaves.min(order.display);
        let event = EngineEvent::Rested { order: order.id, side: order.side, price: order.limit, visible };
        self.tape.say(sink, event);
        self.book.levels.get(level).visible()
    }

    fn rests_at_protection(&self) -> bool {
        self.rules.protection.is_some() && self.rules.market_remainder == MarketRemainder::RestAtProtection
    }

    fn is_full_for(&self, side: Side, price: Price) -> bool {
        self.live_orders() >= self.rules.max_orders
            || self.needs_level(side, price) && self.book.level_count() >= self.rules.max_levels
    }

    /// The worst price a market order may trade at now: the protection points beyond the touch, on the tick and within
    /// the venue's prices. `None` when there is no touch.
    fn protected(&self, side: Side) -> Option<Price> {
        let touch = self.book.best_price(side.opposite())?;
        let Some(protection) = self.rules.protection else { return Some(side.worst_price()) };
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

    /// Lets what the last command traded trigger stops, and these others, until none is left.
    #[inline]
    pub(super) fn settle_stops<S: EventSink>(&mut self, sink: &mut S) {
        if self.prints.is_some() || !self.triggered.is_empty() {
            if self.parked.has_stops() || !self.triggered.is_empty() {
                self.run_stops(sink);
            }
            self.prints = None;
        }
    }

    #[cold]
    fn run_stops<S: EventSink>(&mut self, sink: &mut S) {
        loop {
            if let Some(prints) = self.prints.take() {
                self.parked.trigger(prints, &mut self.triggered);
            }
            let Some(ParkedOrder { account, order, .. }) = self.triggered.pop_front() else { break };
            if let TimeInForce::Gtd { expires } = order.tif {
                self.book.drop_expiry(expires, order.id);
            }
            let event = EngineEvent::Triggered { order: order.id, account, side: order.side };
            self.tape.say(sink, event);
            let order = NewOrder {
                order_type: order.limit_price().map_or(OrderType::Market, |price| OrderType::Limit { price }),
                ..order
            };
            let in_band = order.limit_price().map_or(Ok(()), |price| self.rules.check_limit(price, self.last));
            match in_band.and_then(|()| self.admit_now(&order)) {
                Ok(limit) => self.enter(account, &order, limit, sink),
                Err(_) => {
                    let refused = incoming(account, &order, order.side.worst_price());
                    self.say_canceled(&refused, CancelReason::Refused, sink);
                }
            }
        }
    }
}

/// A new order on its way into the book.
#[inline]
pub(super) fn incoming(account: AccountId, order: &NewOrder, limit: Price) -> Incoming {
    Incoming {
        id: order.id,
        account,
        side: order.side,
        limit,
        leaves: order.qty,
        filled: Qty::ZERO,
        display: order.display.unwrap_or(Qty::MAX),
        expires: match order.tif {
            TimeInForce::Gtd { expires } => expires,
            TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Ioc | TimeInForce::Fok => NEVER,
        },
        traits: Traits { self_trade: order.self_trade, post_only: order.post_only, day: order.tif == TimeInForce::Day },
    }
}
