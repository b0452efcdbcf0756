//! A book of unit orders that arrive by independent Poisson clocks, kept by the real matching engine.
//!
//! The model of Cont, Stoikov & Talreja (2010), and, with rates that do not depend on the distance, of Smith, Farmer, Gillemot &
//! Krishnamurthy (2003). What comes next is drawn by the core's [`PoissonClocks`], which also drive the market of these names in a world;
//! how long it takes has a known mean, so no time is drawn at all.

use super::unit_orders::UnitOrders;
use hft_core::flow::laws::{Arrival, PoissonClocks, PoissonRates};
use hft_core::models::{OrderId, Side};
use rand_chacha::ChaCha8Rng;

/// Where the best bid starts, ticks: far from zero, for prices are positive.
const START: i64 = 1 << 40;

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

/// The engine, and the clocks that know which orders may be cancelled.
pub struct PoissonBook {
    clocks: PoissonClocks,
    orders: UnitOrders,
    own: [Option<OrderId>; 2],
}

impl PoissonBook {
    /// An empty book around a fixed price.
    pub fn new(rates: &PoissonRates) -> Self {
        let clocks = PoissonClocks::new(rates.clone(), [START, START + 1]);
        Self { clocks, orders: UnitOrders::new(), own: [None; 2] }
    }

    /// Cancels everything and opens the book anew, nothing but the best queues in it.
    pub fn open(&mut self, opening: Opening) {
        let best = [START, START + opening.spread];
        self.clocks.clear(best, |id| self.orders.cancel(id));
        for id in self.own.iter_mut().filter_map(Option::take) {
            self.orders.cancel(id);
        }
        for (side, count) in [(Side::Buy, opening.bid), (Side::Sell, opening.ask)] {
            let own = opening.own[side.index()];
            (0..count - usize::from(own)).for_each(|_| self.rest(side, best[side.index()]));
            if own {
                self.own[side.index()] = Some(self.orders.limit(side, best[side.index()]));
            }
        }
    }

    /// Best bid and best ask, ticks.
    pub fn best(&self) -> [i64; 2] {
        self.clocks.best()
    }

    /// Whether the own order of a side is still there.
    pub fn has_own(&self, side: Side) -> bool {
        self.own[side.index()].is_some()
    }

    /// Whether nobody is on a side.
    pub fn is_empty(&self, side: Side) -> bool {
        self.orders.top().side(side).is_none()
    }

    /// The next event; how long it took on average.
    pub fn step(&mut self, stream: &mut ChaCha8Rng) -> f64 {
        let lasted = 1.0 / self.clocks.total();
        match self.clocks.next(stream) {
            Some(Arrival::Market(side)) => self.market(side),
            Some(Arrival::Limit(side, price)) => self.rest(side, price),
            Some(Arrival::Cancel(id)) => self.orders.cancel(id),
            None => {}
        }
        let top = self.orders.top();
        let now = [top.bid, top.ask].map(|quote| quote.map(|quote| quote.price.ticks()));
        self.clocks.moved(now, |id| self.orders.cancel(id));
        lasted
    }

    fn rest(&mut self, side: Side, price: i64) {
        let id = self.orders.limit(side, price);
        self.clocks.rested(side, price, id);
    }

    fn market(&mut self, side: Side) {
        let Some(maker) = self.orders.market(side) else { return };
        let other = side.opposite();
        if self.own[other.index()] == Some(maker) {
            self.own[other.index()] = None;
            return;
        }
        let known = self.clocks.gone(other, self.clocks.best()[other.index()], maker);
        assert!(known, "a resting order is an own one or of the clocks");
    }
}
