//! Invariant: a refused amend changes nothing; an amend that keeps price and does not grow keeps its place.
//!
//! Changes of price and total. A smaller total at the same price is a cut; everything else takes the order out and
//! enters it again, behind all others, where it may trade. An amend never trades an order with another of its own
//! account: its self-trade prevention acts as it did on entry, and an order that has none is refused the amend. The
//! total that an amend names includes what is filled. Left out: triggers, display sizes and times in force, which
//! cannot be amended.

use super::engine::{MatchingEngine, Named};
use super::event::{EngineEvent, EventSink};
use super::incoming::{Incoming, Traits};
use super::matching::SweepEnd;
use super::rules::AmendBelowFilled;
use crate::models::{
    AccountId, CancelReason, OrderId, OrderType, Phase, Price, Qty, RejectReason, SelfTrade, Timestamp,
};

/// What an amend asks for: each part is changed if it is given.
#[derive(Clone, Copy, Debug)]
struct Change {
    price: Option<Price>,
    /// The new total, what is filled included.
    total: Option<Qty>,
}

/// What an amend comes to.
#[derive(Clone, Copy, Debug)]
enum Verdict {
    /// Less, or nothing, at the same price.
    Cut(Qty),
    /// The total is filled already.
    Cancel,
    /// A new place.
    Move(Incoming),
}

impl MatchingEngine {
    /// Changes the price, the total (filled part included), or both, at `now`. `account`, where it is given, must be
    /// the owner.
    pub fn amend<S: EventSink>(
        &mut self,
        now: Timestamp,
        account: Option<AccountId>,
        id: OrderId,
        price: Option<Price>,
        qty: Option<Qty>,
        sink: &mut S,
    ) {
        self.keep_time(now, sink);
        let change = Change { price, total: qty };
        let done = self.named(account, id).and_then(|(named, owner)| match named {
            Named::Resting(slot) => self.judge(owner, slot, change).map(|verdict| self.carry_out(slot, verdict, sink)),
            Named::Parked => self.amend_parked(owner, id, change).map(|()| self.say_parked_replaced(id, sink)),
        });
        match done {
            Ok(()) => self.settle_stops(sink),
            Err(reason) => self.tape.say(sink, EngineEvent::CommandRejected { order: id, reason }),
        }
    }

    /// Rows 2 to 12 of the table.
    fn admit_change(&self, owner: AccountId, change: Change) -> Result<(), RejectReason> {
        if self.killed.holds(owner) {
            return Err(RejectReason::KillSwitch);
        }
        if self.phase == Phase::Halt {
            return Err(RejectReason::Halted);
        }
        change.total.map_or(Ok(()), |total| self.rules.check_total(total))?;
        change.price.map_or(Ok(()), |price| self.rules.check_limit(price, self.last))
    }

    /// The rest of the table for an amend of a resting order.
    fn judge(&self, owner: AccountId, slot: u32, change: Change) -> Result<Verdict, RejectReason> {
        self.admit_change(owner, change)?;
        let at = self.book.price(slot);
        let mut order = self.book.orders.describe(slot, at);
        let open = order.leaves;
        if let Some(total) = change.total {
            if total <= order.filled {
                return match self.rules.amend_below_filled {
                    AmendBelowFilled::Cancel => Ok(Verdict::Cancel),
                    AmendBelowFilled::Reject => Err(RejectReason::QtyBelowFilled),
                };
            }
            order.leaves = total - order.filled;
        }
        let asked = change.price.unwrap_or(at);
        let slid = if order.traits.post_only { self.slide(order.side, asked) } else { Ok(asked) };
        order.limit = slid.unwrap_or(asked);
        let leaves_its_level = self.book.levels.get(self.book.orders.get(slot).level()).count == 1;
        if !leaves_its_level && !self.has_room_at(order.side, order.limit) {
            return Err(RejectReason::Capacity);
        }
        slid?;
        if order.limit == at && order.leaves <= open {
            return Ok(Verdict::Cut(open - order.leaves));
        }
        if order.traits.self_trade == SelfTrade::Allow && self.phase == Phase::Continuous {
            let traits = Traits { self_trade: SelfTrade::CancelNewest, ..order.traits };
            if self.reach(&Incoming { traits, ..order }, order.leaves).meets_own {
                return Err(RejectReason::Stp);
            }
        }
        Ok(Verdict::Move(order))
    }

    fn carry_out<S: EventSink>(&mut self, slot: u32, verdict: Verdict, sink: &mut S) {
        match verdict {
            Verdict::Cut(by) if by.is_zero() => self.say_replaced(slot, sink),
            Verdict::Cut(by) => self.cut_resting(slot, by, sink),
            Verdict::Cancel => self.cancel_slot(slot, CancelReason::Reduced, sink),
            Verdict::Move(order) => self.enter_again(slot, order, sink),
        }
    }

    /// Takes the order out and lets it trade and rest anew.
    fn enter_again<S: EventSink>(&mut self, slot: u32, mut order: Incoming, sink: &mut S) {
        let (side, from, to) = (order.side, self.book.price(slot), order.limit);
        let resting = *self.book.orders.get(slot);
        self.book.remove(slot, &resting, self.book.home(order.id));
        let Incoming { id, account, filled, leaves, .. } = order;
        self.tape.say(sink, EngineEvent::Replaced { order: id, account, side, price: to, filled, leaves });
        self.tape.say(sink, EngineEvent::Removed { order: id });
        let end = match self.phase {
            Phase::Continuous => self.sweep(&mut order, sink),
            Phase::Auction | Phase::Halt => SweepEnd::Done,
        };
        let rests = end == SweepEnd::Done && order.leaves.is_positive();
        if end == SweepEnd::Prevented {
            self.say_canceled(&order, CancelReason::Stp, sink);
        } else if rests {
            self.rest(&order, sink);
        }
        self.say_swept(side.opposite(), sink);
        self.tape.say_level(sink, side, from, self.level(side, from));
        if rests && to != from {
            self.tape.say_level(sink, side, to, self.level(side, to));
        }
    }

    fn amend_parked(&mut self, owner: AccountId, id: OrderId, change: Change) -> Result<(), RejectReason> {
        let is_priced = self.parked.get(id).is_some_and(|stop| stop.order.limit_price().is_some());
        // An unpriced order is told so where its price would be judged: after everything about the total.
        self.admit_change(owner, Change { price: change.price.filter(|_| is_priced), ..change })?;
        if change.price.is_some() && !is_priced {
            return Err(RejectReason::InvalidPx);
        }
        let order = self.parked.get_mut(id).expect("it was found by the caller");
        if let Some(total) = change.total {
            order.qty = total;
        }
        if let (Some(new), OrderType::StopLimit { trigger, .. }) = (change.price, order.order_type) {
            order.order_type = OrderType::StopLimit { trigger, price: new };
        }
        Ok(())
    }

    /// `Replaced` for a parked order: its price is its limit, or zero where it has none.
    pub(super) fn say_parked_replaced<S: EventSink>(&mut self, id: OrderId, sink: &mut S) {
        let parked = self.parked.get(id).expect("it was found by the caller");
        let order = &parked.order;
        let price = order.limit_price().unwrap_or(Price::ZERO);
        let event = EngineEvent::Replaced {
            order: id,
            account: parked.account,
            side: order.side,
            price,
            filled: Qty::ZERO,
            leaves: order.qty,
        };
        self.tape.say(sink, event);
    }
}
