//! The book and its orders, rebuilt from what was observed: who shows how much, where, since when.
//!
//! Invariant: a level's total is the sum of its orders; who is unknown counts like anybody.

use super::observed::{Deed, Observed};
use hft_core::models::{AccountId, OrderId, Price, Qty, Side, Timestamp};
use std::collections::BTreeMap;

/// How many orders are followed; beyond that the oldest is forgotten.
const ORDERS_MAX: usize = 1 << 20;

/// An order that shows in the book.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Shown {
    pub(super) who: Option<AccountId>,
    pub(super) side: Side,
    pub(super) price: Price,
    pub(super) qty: Qty,
    pub(super) since: Timestamp,
}

/// What an observation did to the book.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Change {
    /// The order as it stood before.
    pub(super) before: Option<Shown>,
    /// The order as it stands after.
    pub(super) after: Option<Shown>,
}

/// See the module's documentation.
#[derive(Debug, Default)]
pub(super) struct ShownBook {
    orders: BTreeMap<OrderId, Shown>,
    levels: [BTreeMap<Price, i64>; 2],
}

impl ShownBook {
    /// Applies one observation.
    pub(super) fn apply(&mut self, seen: &Observed) -> Change {
        let before = self.orders.get(&seen.order).copied();
        let after = match (seen.deed, before) {
            (Deed::Placed { side, price, shown } | Deed::Stood { side, price, shown }, _) => {
                Some(Shown { who: seen.who, side, price, qty: shown, since: seen.time })
            }
            (Deed::Changed { price, shown }, Some(order)) => Some(Shown { price, qty: shown, ..order }),
            (Deed::Filled { shown, .. }, Some(order)) => Some(Shown { qty: shown, ..order }),
            (Deed::Cancelled | Deed::Ended, Some(_)) => None,
            (Deed::Came { .. } | Deed::InVain, before) => before,
            (Deed::Changed { .. } | Deed::Filled { .. } | Deed::Cancelled | Deed::Ended, None) => None,
        };
        let after = after.filter(|order| !order.qty.is_zero());
        if before != after {
            self.put(seen.order, before, after);
        }
        Change { before, after }
    }

    fn put(&mut self, id: OrderId, before: Option<Shown>, after: Option<Shown>) {
        if let Some(order) = before {
            self.add(order.side, order.price, -order.qty.lots());
        }
        match after {
            Some(order) => {
                self.add(order.side, order.price, order.qty.lots());
                self.orders.insert(id, order);
            }
            None => {
                self.orders.remove(&id);
            }
        }
        if self.orders.len() > ORDERS_MAX {
            let (_, oldest) = self.orders.pop_first().expect("there are many");
            self.add(oldest.side, oldest.price, -oldest.qty.lots());
        }
    }

    fn add(&mut self, side: Side, price: Price, by: i64) {
        let levels = &mut self.levels[side.index()];
        let total = levels.entry(price).or_default();
        *total += by;
        if *total <= 0 {
            levels.remove(&price);
        }
    }

    /// The best levels of a side, best first.
    pub(super) fn levels(&self, side: Side) -> Box<dyn Iterator<Item = (Price, i64)> + '_> {
        let levels = self.levels[side.index()].iter().map(|(&price, &qty)| (price, qty));
        match side {
            Side::Buy => Box::new(levels.rev()),
            Side::Sell => Box::new(levels),
        }
    }

    /// What shows in the best `count` levels of a side.
    pub(super) fn depth(&self, side: Side, count: usize) -> i64 {
        self.levels(side).take(count).map(|(_, qty)| qty).sum()
    }

    /// The midpoint, ticks, where both sides show something.
    pub(super) fn mid(&self) -> Option<f64> {
        let best = |side| self.levels(side).next().map(|(price, _)| price.ticks() as f64);
        Some((best(Side::Buy)? + best(Side::Sell)?) / 2.0)
    }
}
