//! Invariant: a parked order stands in no level, is never seen in the market, and waits for exactly one thing.
//!
//! Stops wait for a trade to reach their trigger; market orders that arrive while an auction collects wait for the
//! auction. Both are rare, so they live in ordered maps. Stops that one command triggers go in the order in which the
//! market reaches them: buys from the lowest trigger, sells from the highest, then by arrival, buys before sells. Left
//! out: what a stop does once it is triggered, which is an order's [entry](super::engine).

use crate::models::{AccountId, NewOrder, OrderId, OrderType, Price, Side};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// An accepted order that waits outside the book.
#[derive(Clone, Copy, Debug)]
pub(super) struct ParkedOrder {
    pub(super) account: AccountId,
    pub(super) order: NewOrder,
    arrival: u64,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Parked {
    orders: BTreeMap<OrderId, ParkedOrder>,
    arrivals: u64,
    /// By nearness of the trigger (see [`nearness`]), then arrival.
    stops: [BTreeSet<(i64, u64, OrderId)>; 2],
    /// Market orders by arrival.
    unpriced: [BTreeMap<u64, OrderId>; 2],
}

/// The lowest and the highest price traded since stops were last looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prints {
    low: Price,
    high: Price,
}

impl Prints {
    #[inline]
    pub(super) fn with(prints: Option<Prints>, price: Price) -> Self {
        match prints {
            None => Prints { low: price, high: price },
            Some(Prints { low, high }) => Prints { low: low.min(price), high: high.max(price) },
        }
    }

    /// The trade that is most likely to trigger a stop of this side.
    const fn extreme(self, side: Side) -> Price {
        match side {
            Side::Buy => self.high,
            Side::Sell => self.low,
        }
    }
}

/// The stop that the market reaches first has the least: a buy's trigger, a sell's complement.
const fn nearness(side: Side, trigger: Price) -> i64 {
    match side {
        Side::Buy => trigger.ticks(),
        Side::Sell => !trigger.ticks(),
    }
}

/// The trigger of a stop; `None` for any other order.
pub(super) const fn trigger_of(order: &NewOrder) -> Option<Price> {
    match order.order_type {
        OrderType::Stop { trigger } | OrderType::StopLimit { trigger, .. } => Some(trigger),
        OrderType::Limit { .. } | OrderType::Market => None,
    }
}

impl Parked {
    pub(super) fn len(&self) -> usize {
        self.orders.len()
    }

    pub(super) fn has_stops(&self) -> bool {
        self.stops.iter().any(|stops| !stops.is_empty())
    }

    pub(super) fn get(&self, id: OrderId) -> Option<&ParkedOrder> {
        if self.orders.is_empty() { None } else { self.orders.get(&id) }
    }

    /// For amends of the total or the limit price; neither is part of an index.
    pub(super) fn get_mut(&mut self, id: OrderId) -> Option<&mut NewOrder> {
        self.orders.get_mut(&id).map(|parked| &mut parked.order)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &ParkedOrder> + '_ {
        self.orders.values()
    }

    /// Total size of the market orders of a side, in lots.
    pub(super) fn unpriced_total(&self, side: Side) -> u128 {
        let ids = self.unpriced[side.index()].values();
        ids.map(|id| u128::from(self.orders[id].order.qty.lots().cast_unsigned())).sum()
    }

    /// The market order of a side that arrived first.
    pub(super) fn first_unpriced(&self, side: Side) -> Option<&ParkedOrder> {
        self.unpriced[side.index()].first_key_value().map(|(_, id)| &self.orders[id])
    }

    pub(super) fn insert(&mut self, account: AccountId, order: &NewOrder) {
        let arrival = self.arrivals;
        self.arrivals += 1;
        match trigger_of(order) {
            Some(trigger) => {
                self.stops[order.side.index()].insert((nearness(order.side, trigger), arrival, order.id));
            }
            None => {
                self.unpriced[order.side.index()].insert(arrival, order.id);
            }
        }
        self.orders.insert(order.id, ParkedOrder { account, order: *order, arrival });
    }

    pub(super) fn remove(&mut self, id: OrderId) -> Option<ParkedOrder> {
        let parked = self.orders.remove(&id)?;
        let side = parked.order.side;
        match trigger_of(&parked.order) {
            Some(trigger) => {
                self.stops[side.index()].remove(&(nearness(side, trigger), parked.arrival, id));
            }
            None => {
                self.unpriced[side.index()].remove(&parked.arrival);
            }
        }
        Some(parked)
    }

    /// Moves the stops that these trades trigger to the back of the queue.
    pub(super) fn trigger(&mut self, prints: Prints, queue: &mut VecDeque<ParkedOrder>) {
        for side in Side::BOTH {
            while let Some(&(_, _, id)) = self.stops[side.index()].first() {
                let trigger = trigger_of(&self.orders[&id].order).expect("only stops are in the index of stops");
                if !side.is_triggered(trigger, prints.extreme(side)) {
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
        let indexed: usize = self.stops.iter().map(BTreeSet::len).sum::<usize>()
            + self.unpriced.iter().map(BTreeMap::len).sum::<usize>();
        assert_eq!(indexed, self.orders.len(), "every parked order waits for exactly one thing");
        for (id, parked) in &self.orders {
            let side = parked.order.side;
            assert!(match trigger_of(&parked.order) {
                Some(trigger) => self.stops[side.index()].contains(&(nearness(side, trigger), parked.arrival, *id)),
                None => self.unpriced[side.index()].get(&parked.arrival) == Some(id),
            });
        }
    }
}
