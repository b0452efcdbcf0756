//! Invariant: a stop stands in no level and is never seen in the market until a trade reaches its trigger.
//!
//! Stops are rare, so they live in ordered maps. Those that a trade triggers go in the order in which a moving market
//! reaches them: buys from the lowest trigger, sells from the highest, then by arrival; buys before sells. Left
//! out: what a stop does once it is triggered, which is an order's [entry](super::entry).

use super::incoming::NEVER;
use crate::models::{AccountId, NewOrder, OrderId, OrderType, Price, Side, TimeInForce, Timestamp};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// An accepted stop that waits outside the book.
#[derive(Clone, Copy, Debug)]
pub(super) struct ParkedOrder {
    pub(super) account: AccountId,
    pub(super) order: NewOrder,
    /// Number of the event that accepted it.
    pub(super) arrival: u64,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Parked {
    orders: BTreeMap<OrderId, ParkedOrder>,
    /// By nearness of the trigger (see [`nearness`]), then arrival.
    stops: [BTreeSet<(i64, u64, OrderId)>; 2],
}

/// The stop that the market reaches first has the least: a buy's trigger, a sell's complement.
const fn nearness(side: Side, trigger: Price) -> i64 {
    match side {
        Side::Buy => trigger.ticks(),
        Side::Sell => !trigger.ticks(),
    }
}

/// The trigger of a stop; `None` for any other order.
#[inline]
pub(super) const fn trigger_of(order: &NewOrder) -> Option<Price> {
    match order.order_type {
        OrderType::Stop { trigger } | OrderType::StopLimit { trigger, .. } => Some(trigger),
        OrderType::Limit { .. } | OrderType::Market => None,
    }
}

/// When an order expires; [`NEVER`], if it does not.
#[inline]
pub(super) const fn expiry_of(order: &NewOrder) -> Timestamp {
    match order.tif {
        TimeInForce::Gtd { expires } => expires,
        TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Ioc | TimeInForce::Fok => NEVER,
    }
}

impl ParkedOrder {
    /// When it expires, and its arrival.
    pub(super) const fn expiry(&self) -> (Timestamp, u64) {
        (expiry_of(&self.order), self.arrival)
    }

    /// Its place in the index of its side.
    fn key(&self) -> (i64, u64, OrderId) {
        let trigger = trigger_of(&self.order).expect("only stops are parked");
        (nearness(self.order.side, trigger), self.arrival, self.order.id)
    }
}

impl Parked {
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.orders.len()
    }

    #[inline]
    pub(super) fn get(&self, id: OrderId) -> Option<&ParkedOrder> {
        if self.orders.is_empty() { None } else { self.orders.get(&id) }
    }

    /// For amends of the total or the limit price; neither is part of an index.
    pub(super) fn get_mut(&mut self, id: OrderId) -> Option<&mut NewOrder> {
        self.orders.get_mut(&id).map(|parked| &mut parked.order)
    }

    /// In the order in which a moving market would reach them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &ParkedOrder> + '_ {
        self.stops.iter().flatten().map(|(.., id)| &self.orders[id])
    }

    pub(super) fn insert(&mut self, stop: ParkedOrder) {
        self.stops[stop.order.side.index()].insert(stop.key());
        self.orders.insert(stop.order.id, stop);
    }

    pub(super) fn remove(&mut self, id: OrderId) -> Option<ParkedOrder> {
        let stop = self.orders.remove(&id)?;
        self.stops[stop.order.side.index()].remove(&stop.key());
        Some(stop)
    }

    /// Moves the stops that a trade at `last` triggers to the back of the queue.
    pub(super) fn trigger(&mut self, last: Price, queue: &mut VecDeque<ParkedOrder>) {
        for side in Side::BOTH {
            while let Some(&(_, _, id)) = self.stops[side.index()].first() {
                let trigger = trigger_of(&self.orders[&id].order).expect("only stops are parked");
                if !side.is_triggered(trigger, last) {
                    break;
                }
                queue.push_back(self.remove(id).expect("the index names parked orders"));
            }
        }
    }

    /// Checks the indices against the orders.
    ///
    /// # Panics
    /// When they disagree.
    pub(super) fn check(&self) {
        let indexed: usize = self.stops.iter().map(BTreeSet::len).sum();
        assert_eq!(indexed, self.orders.len(), "every stop waits for exactly one trigger");
        for stop in self.orders.values() {
            assert!(self.stops[stop.order.side.index()].contains(&stop.key()), "a stop is found by its trigger");
        }
    }
}
