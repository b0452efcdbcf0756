//! Invariant: what ends together ends in one fixed order, and doing it again does nothing.
//!
//! Everything that ends many orders at once: mass cancels, lost connections, the end of a session, expiry. Bids end in
//! order of priority, then asks, then stops in the order in which a moving market would reach them; what expires, by
//! the moment and then by arrival. Then each level that changed is said once, bids before asks, in the order of its
//! first change. Selecting walks all live orders: it costs what the book holds, not what it ends, except for
//! expiries, which are indexed. Left out: an index of orders by account, which every add and cancel would pay for.

use super::engine::MatchingEngine;
use super::entry::incoming;
use super::event::EventSink;
use super::rules::DisconnectScope;
use crate::models::{AccountId, CancelReason, OrderId, Price, Side, TimeInForce, Timestamp};

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
        if self.book.expiries.next() <= self.clock {
            self.expire(sink);
        }
    }

    #[cold]
    fn expire<S: EventSink>(&mut self, sink: &mut S) {
        self.listed.extend(self.book.expiries.due(self.clock));
        self.cancel_listed(CancelReason::Expired, sink);
    }

    /// Ends the live orders that `selects` chooses.
    pub(super) fn cancel_those<S: EventSink>(
        &mut self,
        reason: CancelReason,
        sink: &mut S,
        selects: impl Fn(Candidate) -> bool,
    ) {
        let (orders, book) = (&self.book.orders, &self.book);
        let is_meant = |slot: u32| {
            let order = orders.get(slot);
            selects(Candidate { account: order.account, side: order.side(), day: orders.traits(slot).day })
        };
        // The slab is read front to back, which is fast; only levels with a chosen order are then walked in order.
        for slot in orders.slots().filter(|&slot| is_meant(slot)) {
            self.touched.push((orders.get(slot).side(), book.price(slot)));
        }
        self.touched.sort_unstable_by(|(side, price), (other_side, other)| {
            let best_first = match side {
                Side::Buy => other.cmp(price),
                Side::Sell => price.cmp(other),
            };
            side.cmp(other_side).then(best_first)
        });
        self.touched.dedup();
        for &(side, price) in &self.touched {
            let level = book.ladder(side).find(price).expect("a chosen order stands there");
            self.listed.extend(book.queue(level).filter(|&slot| is_meant(slot)).map(|slot| orders.id(slot)));
        }
        self.touched.clear();
        let stops = self.parked.iter().filter(|stop| {
            let day = stop.order.tif == TimeInForce::Day;
            selects(Candidate { account: stop.account, side: stop.order.side, day })
        });
        self.listed.extend(stops.map(|stop| stop.order.id));
        self.cancel_listed(reason, sink);
    }

    /// Ends the orders in `listed`, in that order, and says the levels that changed.
    fn cancel_listed<S: EventSink>(&mut self, reason: CancelReason, sink: &mut S) {
        for at in 0..self.listed.len() {
            let id = self.listed[at];
            match self.book.find(id) {
                Some(slot) => {
                    self.touched.push((self.book.orders.get(slot).side(), self.book.price(slot)));
                    self.end_slot(slot, reason, sink);
                }
                None => self.end_parked(id, reason, sink),
            }
        }
        self.listed.clear();
        self.say_touched(sink);
    }

    /// One `Level` for each level in `touched`: bids before asks, in the order in which they first appear.
    fn say_touched<S: EventSink>(&mut self, sink: &mut S) {
        let mut first: Vec<(Side, Price, usize)> =
            self.touched.iter().enumerate().map(|(at, &(side, price))| (side, price, at)).collect();
        self.touched.clear();
        first.sort_unstable();
        first.dedup_by_key(|(side, price, _)| (*side, *price));
        first.sort_unstable_by_key(|&(side, _, at)| (side, at));
        for (side, price, _) in first {
            self.tape.say_level(sink, side, price, self.level(side, price));
        }
    }

    /// Ends a stop.
    pub(super) fn end_parked<S: EventSink>(&mut self, id: OrderId, reason: CancelReason, sink: &mut S) {
        let stop = self.unpark(id).expect("the caller found it");
        let order = incoming(stop.account, &stop.order, stop.arrival, stop.order.side.worst_price());
        self.say_canceled(&order, reason, sink);
    }
}
