//! One price with unit orders on the matching engine, for models of a queue's length alone.

use super::unit_orders::UnitOrders;
use hft_core::models::{OrderId, Side};

/// The orders of one side at one price.
pub struct UnitQueue {
    side: Side,
    price: i64,
    ids: Vec<OrderId>,
}

impl UnitQueue {
    /// An empty one.
    pub fn new(side: Side, price: i64) -> Self {
        Self { side, price, ids: Vec::new() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether nobody is there.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// One more limit order.
    pub fn join(&mut self, orders: &mut UnitOrders) {
        self.ids.push(orders.limit(self.side, self.price));
    }

    /// One less: a market order takes the first, or, as the model asks nothing of who goes, the last is cancelled.
    pub fn leave(&mut self, orders: &mut UnitOrders, is_cancel: bool) {
        if is_cancel {
            let last = self.ids.pop().expect("a queue of none loses none");
            orders.cancel(last);
        } else {
            let met = orders.market(self.side.opposite()).expect("a queue of none loses none");
            let first = self.ids.iter().position(|id| *id == met).expect("this side is this queue");
            self.ids.remove(first);
        }
    }

    /// Cancels or adds until so many are there.
    pub fn reset(&mut self, orders: &mut UnitOrders, len: usize) {
        while self.ids.len() > len {
            self.leave(orders, true);
        }
        while self.ids.len() < len {
            self.join(orders);
        }
    }
}
