//! Invariant: what ends together ends in one fixed order, and doing it again does nothing.
//!
//! Everything that ends many orders at once: mass cancels, lost connections, the end of a session, expiry. Orders end
//! by ascending id (expiries by moment, then id), resting and parked alike; then each level that changed is said once,
//! bids before asks, best first. Selecting walks all live orders: it costs what the book holds, not what it ends, except
//! for expiries, which are indexed. Left out: an index of orders by account, which every add and cancel would pay for.

use super::engine::MatchingEngine;
use super::entry::incoming;
use super::event::EventSink;
use super::rules::DisconnectScope;
use crate::models::{AccountId, CancelReason, OrderId, Side, TimeInForce, Timestamp};

/// What a selection may ask of an order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) account: AccountId,
    side: Side,
    day: bool,
}

impl MatchingEngine {
    /// Cancels the orders of an account, or of all; of one side, or of both.
    pub fn mass_cancel<S: EventSink>(&mut self, account: Option<AccountId>, side: Option<Side>, sink: &mut S) {
        self.cancel_those(CancelReason::MassCancel, sink, |order| {
            account.is_none_or(|account| account == order.account) && side.is_none_or(|side| side == order.side)
        });
    }

    /// Cancels the orders of an account (or of all) whose connection is lost: all of them, or by policy the day orders.
    pub fn disconnect<S: EventSink>(&mut self, account: Option<AccountId>, sink: &mut S) {
        let scope = self.rules.disconnect_scope;
        self.cancel_those(CancelReason::Disconnect, sink, |order| {
            account.is_none_or(|account| account == order.account) && (scope == DisconnectScope::All || order.day)
        });
    }

    /// Ends the session: day orders expire.
    pub fn end_session<S: EventSink>(&mut self, sink: &mut S) {
        self.cancel_those(CancelReason::Expired, sink, |order| order.day);
    }

    /// Moves the clock to `now`, which never goes back, and ends the orders that have expired by then.
    pub fn advance_time<S: EventSink>(&mut self, now: Timestamp, sink: &mut S) {
        self.keep_time(now, sink);
    }

    #[inline]
    pub(super) fn keep_time<S: EventSink>(&mut self, now: Timestamp, sink: &mut S) {
        self.clock = self.clock.max(now);
        if self.book.next_expiry() <= self.clock {
            self.expire(sink);
        }
    }

    #[cold]
    fn expire<S: EventSink>(&mut self, sink: &mut S) {
        self.listed.extend(self.book.expired(self.clock));
        self.cancel_listed(CancelReason::Expired, sink);
    }

    /// Ends the live orders that `selects` chooses.
    pub(super) fn cancel_those<S: EventSink>(
        &mut self,
        reason: CancelReason,
        sink: &mut S,
        selects: impl Fn(Candidate) -> bool,
    ) {
        let orders = &self.book.orders;
        let resting = orders.slots().filter(|&slot| {
            let (account, side) = (orders.account(slot), orders.side(slot));
            selects(Candidate { account, side, day: orders.traits(slot).day })
        });
        self.listed.extend(resting.map(|slot| orders.id(slot)));
        let parked = self.parked.iter().filter(|parked| {
            let day = parked.order.tif == TimeInForce::Day;
            selects(Candidate { account: parked.account, side: parked.order.side, day })
        });
        self.listed.extend(parked.map(|parked| parked.order.id));
        self.listed.sort_unstable();
        self.cancel_listed(reason, sink);
    }

    /// Ends the orders in `listed`, in that order, and says the levels that changed.
    fn cancel_listed<S: EventSink>(&mut self, reason: CancelReason, sink: &mut S) {
        for at in 0..self.listed.len() {
            let id = self.listed[at];
            match self.book.find(id) {
                Some(slot) => {
                    self.touched.push((self.book.orders.side(slot), self.book.price(slot)));
                    self.end_resting(slot, reason, sink);
                }
                None => self.end_parked(id, reason, sink),
            }
        }
        self.listed.clear();
        self.say_touched(sink);
    }

    /// One `Level` for each level in `touched`: bids before asks, best first.
    fn say_touched<S: EventSink>(&mut self, sink: &mut S) {
        self.touched.sort_unstable_by(|(side, price), (other_side, other)| {
            let best_first = match side {
                Side::Buy => other.cmp(price),
                Side::Sell => price.cmp(other),
            };
            side.cmp(other_side).then(best_first)
        });
        self.touched.dedup();
        for &(side, price) in &self.touched {
            self.tape.say_level(sink, side, price, self.book.visible_at(side, price));
        }
        self.touched.clear();
    }

    /// Ends a parked order.
    pub(super) fn end_parked<S: EventSink>(&mut self, id: OrderId, reason: CancelReason, sink: &mut S) {
        let parked = self.unpark(id).expect("the caller found it");
        let order = incoming(parked.account, &parked.order, parked.order.side.worst_price());
        self.say_canceled(&order, reason, sink);
    }
}
