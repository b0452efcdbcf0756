//! A book of unit orders that arrive by independent Poisson clocks, kept by the real matching engine.
//!
//! The model of Cont, Stoikov & Talreja (2010), and, with rates that do not depend on the distance, of Smith, Farmer, Gillemot &
//! Krishnamurthy (2003). Distances are counted in ticks from the best price of the opposite side. The clocks are drawn as one: what
//! comes next is a draw in proportion to the rates, and how long it takes has a known mean, so no time is drawn at all.

use super::unit_orders::UnitOrders;
use hft_core::models::{OrderId, Side};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Where the best bid starts, ticks: far from zero, for prices are positive.
const START: i64 = 1 << 40;

/// Rates per unit of time; index 0 is one tick from the opposite best. Orders further away than the last are not in the model.
#[derive(Clone, PartialEq, Debug)]
pub struct Rates {
    /// Limit orders at each distance, each side.
    pub lambda: Vec<f64>,
    /// Cancels of each order at each distance.
    pub theta: Vec<f64>,
    /// Market orders, each side.
    pub mu: f64,
}

/// The best queues of a fresh book, own orders included, and on which sides the last order is an own one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Opening {
    /// Orders at the best bid.
    pub bid: usize,
    /// Orders at the best ask.
    pub ask: usize,
    /// Best ask less best bid, ticks.
    pub spread: i64,
    /// Whether the last of the bid and of the ask are own orders, which are never cancelled.
    pub own: [bool; 2],
}

/// The engine, and the ids of all orders that may be cancelled.
pub struct PoissonBook<'a> {
    rates: &'a Rates,
    /// All limit orders of a side.
    arrivals: f64,
    orders: UnitOrders,
    /// Orders of a side at a price, slot `price mod levels`: the window of prices within reach has just as many.
    ids: [Vec<Vec<OrderId>>; 2],
    /// Best prices; those of an empty side are the last there were.
    best: [i64; 2],
    /// Rate of all cancels of each side.
    cancels: [f64; 2],
    own: [Option<OrderId>; 2],
}

impl<'a> PoissonBook<'a> {
    /// An empty book around a fixed price.
    pub fn new(rates: &'a Rates) -> Self {
        assert_eq!(rates.lambda.len(), rates.theta.len(), "both rates at every distance");
        let side = vec![Vec::new(); rates.lambda.len()];
        Self {
            rates,
            arrivals: rates.lambda.iter().sum(),
            orders: UnitOrders::new(),
            ids: [side.clone(), side],
            best: [START, START + 1],
            cancels: [0.0; 2],
            own: [None; 2],
        }
    }

    /// Cancels everything and opens the book anew, nothing but the best queues in it.
    pub fn open(&mut self, opening: Opening) {
        for id in self.ids.iter_mut().flatten().flat_map(|level| level.drain(..)) {
            self.orders.cancel(id);
        }
        for id in self.own.iter_mut().filter_map(Option::take) {
            self.orders.cancel(id);
        }
        self.best = [START, START + opening.spread];
        self.cancels = [0.0; 2];
        for (side, count) in [(Side::Buy, opening.bid), (Side::Sell, opening.ask)] {
            let own = opening.own[side.index()];
            (0..count - usize::from(own)).for_each(|_| self.rest(side, self.best[side.index()]));
            if own {
                self.own[side.index()] = Some(self.orders.limit(side, self.best[side.index()]));
            }
        }
    }

    /// Best bid and best ask, ticks.
    pub fn best(&self) -> [i64; 2] {
        self.best
    }

    /// Whether the own order of a side is still there.
    pub fn has_own(&self, side: Side) -> bool {
        self.own[side.index()].is_some()
    }

    /// Whether nobody is on a side.
    pub fn is_empty(&self, side: Side) -> bool {
        let top = self.orders.top();
        match side {
            Side::Buy => top.bid.is_none(),
            Side::Sell => top.ask.is_none(),
        }
    }

    /// The next event; how long it took on average.
    pub fn step(&mut self, stream: &mut ChaCha8Rng) -> f64 {
        let [buy, sell] = self.cancels.map(|cancels| self.rates.mu + self.arrivals + cancels);
        let total = buy + sell;
        // One uniform decides everything: what is left of it after a choice is uniform again.
        let mut left = stream.random::<f64>() * total;
        let side = if left < buy { Side::Buy } else { Side::Sell };
        if side == Side::Sell {
            left -= buy;
        }
        if left < self.rates.mu {
            self.market(side);
        } else if left < self.rates.mu + self.arrivals {
            let distance = choose(left - self.rates.mu, self.rates.lambda.iter().copied());
            self.rest(side, self.price(side, distance));
        } else {
            self.cancel(side, left - self.rates.mu - self.arrivals);
        }
        self.follow();
        1.0 / total
    }

    /// The price so far from the opposite best; index 0 is one tick.
    fn price(&self, side: Side, distance: usize) -> i64 {
        let away = i64::try_from(distance).expect("a level") + 1;
        self.best[side.opposite().index()] - away * side.sign()
    }

    fn slot(&self, price: i64) -> usize {
        let levels = i64::try_from(self.rates.lambda.len()).expect("a few levels");
        usize::try_from(price.rem_euclid(levels)).expect("not negative")
    }

    /// The levels of a side, from one tick away of the opposite best outwards.
    fn levels(&self, side: Side) -> impl Iterator<Item = &Vec<OrderId>> {
        let levels = &self.ids[side.index()];
        let nearest = self.slot(self.price(side, 0));
        let (low, high) = levels.split_at(nearest);
        // Bids go down from the nearest, asks up; both wrap.
        let down = high.iter().take(1).chain(low.iter().rev()).chain(high.iter().skip(1).rev());
        let up = high.iter().chain(low);
        let (downwards, upwards) = match side {
            Side::Buy => (Some(down), None),
            Side::Sell => (None, Some(up)),
        };
        downwards.into_iter().flatten().chain(upwards.into_iter().flatten())
    }

    /// Rate of the cancels of each order of a side at a price.
    fn theta(&self, side: Side, price: i64) -> f64 {
        let away = (self.best[side.opposite().index()] - price) * side.sign();
        self.rates.theta[usize::try_from(away - 1).expect("on its own side of the opposite best")]
    }

    /// Rate of all cancels of a side, from all its orders.
    fn all_cancels(&self, side: Side) -> f64 {
        self.rates.theta.iter().zip(self.levels(side)).map(|(theta, level)| theta * level.len() as f64).sum()
    }

    fn cancel(&mut self, side: Side, mut left: f64) {
        let mut found = None;
        for (distance, (theta, level)) in self.rates.theta.iter().zip(self.levels(side)).enumerate() {
            let count = level.len();
            let rate = theta * count as f64;
            if rate > 0.0 {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
                let index = (left / theta) as usize;
                // Rounding may leave a trifle after the last.
                found = Some((distance, index.min(count - 1)));
                if left < rate {
                    break;
                }
            }
            left -= rate;
        }
        let Some((distance, index)) = found else { return };
        let slot = self.slot(self.price(side, distance));
        let id = self.ids[side.index()][slot].swap_remove(index);
        self.cancels[side.index()] -= self.rates.theta[distance];
        self.orders.cancel(id);
    }

    fn rest(&mut self, side: Side, price: i64) {
        let id = self.orders.limit(side, price);
        let slot = self.slot(price);
        self.ids[side.index()][slot].push(id);
        self.cancels[side.index()] += self.theta(side, price);
    }

    fn market(&mut self, side: Side) {
        let Some(maker) = self.orders.market(side) else { return };
        let other = side.opposite().index();
        if self.own[other] == Some(maker) {
            self.own[other] = None;
            return;
        }
        let slot = self.slot(self.best[other]);
        let level = &mut self.ids[other][slot];
        let index = level.iter().position(|id| *id == maker).expect("a resting order is an own one or in its level");
        level.swap_remove(index);
        self.cancels[other] -= self.theta(side.opposite(), self.best[other]);
    }

    /// Takes note of the best prices; where one moved away from the other side, that side's furthest orders are out of reach and leave.
    fn follow(&mut self) {
        let top = self.orders.top();
        let now = [(Side::Buy, top.bid), (Side::Sell, top.ask)];
        for (side, quote) in now {
            let Some(price) = quote.map(|quote| quote.price.ticks()) else { continue };
            let before = std::mem::replace(&mut self.best[side.index()], price);
            if before == price {
                continue;
            }
            let other = side.opposite();
            let levels = i64::try_from(self.rates.lambda.len()).expect("a few levels");
            // Where this side's best was, less the reach of the other.
            let retreat = ((before - price) * side.sign()).clamp(0, levels);
            for gone in 0..retreat {
                let out = before - side.sign() * gone + side.sign() * levels;
                let slot = self.slot(out);
                while let Some(id) = self.ids[other.index()][slot].pop() {
                    self.orders.cancel(id);
                }
            }
            // Every distance of the other side has changed.
            self.cancels[other.index()] = self.all_cancels(other);
        }
    }
}

/// The index of the weight into which `left` falls.
fn choose(mut left: f64, weights: impl ExactSizeIterator<Item = f64>) -> usize {
    let last = weights.len() - 1;
    for (index, weight) in weights.enumerate() {
        if left < weight {
            return index;
        }
        left -= weight;
    }
    last
}
