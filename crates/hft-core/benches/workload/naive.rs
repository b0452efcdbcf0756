//! The book that everybody writes first: a map of queues, and a map from ids. It keeps score for the generator, and is
//! what the engine is compared with: limit orders only, no accounts, no rules, no events.

use super::{Action, Message, Side, Tally};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, VecDeque};

#[derive(Clone, Copy)]
struct Resting {
    side: Side,
    price: u32,
    open: u32,
}

#[derive(Default)]
pub struct NaiveBook {
    orders: FxHashMap<u64, Resting>,
    bids: BTreeMap<u32, VecDeque<u64>>,
    asks: BTreeMap<u32, VecDeque<u64>>,
    pub tally: Tally,
}

impl NaiveBook {
    pub fn best(&self, side: Side) -> Option<u32> {
        match side {
            Side::Buy => self.bids.last_key_value().map(|(&price, _)| price),
            Side::Sell => self.asks.first_key_value().map(|(&price, _)| price),
        }
    }

    pub fn open(&self, id: u64) -> u32 {
        self.orders[&id].open
    }

    pub fn give(&mut self, Message { id, action }: Message) {
        match action {
            Action::Limit { side, price, qty, .. } => _ = self.submit(id, side, price, qty, |_| {}),
            Action::Cancel => self.cancel(id),
            Action::Reduce { by, .. } => self.reduce(id, by),
        }
    }

    fn half(&mut self, side: Side) -> &mut BTreeMap<u32, VecDeque<u64>> {
        match side {
            Side::Buy => &mut self.bids,
            Side::Sell => &mut self.asks,
        }
    }

    /// Trades and rests; `filled` hears of each resting order that is gone. True when it rests.
    pub fn submit(&mut self, id: u64, side: Side, price: u32, qty: u32, mut filled: impl FnMut(u64)) -> bool {
        let mut left = qty;
        while let Some(touch) = self.best(side.opposite()) {
            let crosses = match side {
                Side::Buy => touch <= price,
                Side::Sell => touch >= price,
            };
            if left == 0 || !crosses {
                break;
            }
            let maker = *self.half(side.opposite())[&touch].front().expect("no level is empty");
            let order = self.orders.get_mut(&maker).expect("it rests");
            let traded = left.min(order.open);
            order.open -= traded;
            left -= traded;
            let is_gone = order.open == 0;
            self.tally.trades += 1;
            self.tally.quantity += u64::from(traded);
            if is_gone {
                self.cancel(maker);
                filled(maker);
            }
        }
        if left > 0 {
            self.orders.insert(id, Resting { side, price, open: left });
            self.half(side).entry(price).or_default().push_back(id);
        }
        left > 0
    }

    pub fn cancel(&mut self, id: u64) {
        let Resting { side, price, .. } = self.orders.remove(&id).expect("it rests");
        let half = self.half(side);
        let queue = half.get_mut(&price).expect("it rests there");
        let place = queue.binary_search(&id).expect("ids are dense, so arrival sorts them");
        queue.remove(place);
        if queue.is_empty() {
            half.remove(&price);
        }
    }

    pub fn reduce(&mut self, id: u64, by: u32) {
        self.orders.get_mut(&id).expect("it rests").open -= by;
    }
}
