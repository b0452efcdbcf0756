//! Where a model's steps of price and units of size lie in a contract's ticks and lots.

use crate::models::{BookId, NewOrder, OrderId, Price, Qty, Side, Ticks};
use crate::trader::BookView;

/// A model's book: step 0 is the first best bid, step 1 the first best ask.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub(super) book: BookId,
    /// The price of step 0.
    pub(super) origin: Price,
    /// Ticks between two steps.
    pub(super) spacing: i64,
    /// Size of every order.
    pub(super) unit: Qty,
}

impl Grid {
    fn price(self, step: i64) -> Price {
        self.origin + Ticks::new(step * self.spacing)
    }

    /// A unit limit order at a step.
    pub(super) fn limit(self, side: Side, step: i64) -> NewOrder {
        NewOrder::limit(OrderId(0), self.book, side, self.price(step), self.unit)
    }

    /// A unit market order.
    pub(super) fn market(self, side: Side) -> NewOrder {
        NewOrder::market(OrderId(0), self.book, side, self.unit)
    }

    /// The step at a price; between two steps, the one that an order of this side stands at who does not reach beyond the price.
    pub(super) fn step(self, side: Side, price: Price) -> i64 {
        let ticks = (price - self.origin).count();
        match side {
            Side::Buy => ticks.div_euclid(self.spacing),
            Side::Sell => -(-ticks).div_euclid(self.spacing),
        }
    }

    /// Best bid and ask of a view, steps.
    pub(super) fn best(self, view: &BookView) -> [Option<i64>; 2] {
        Side::BOTH.map(|side| view.best(side).map(|quote| self.step(side, quote.price)))
    }

    /// How many units stand at each of `count` steps, from `nearest` outwards. What stands between two steps is at none of them.
    pub(super) fn lengths(self, view: &BookView, side: Side, nearest: i64, count: usize) -> Vec<usize> {
        let mut lengths = vec![0; count];
        for level in view.levels(side) {
            let step = self.step(side, level.price);
            let place = usize::try_from((nearest - step) * side.sign()).ok().filter(|place| *place < count);
            if let Some(place) = place.filter(|_| self.price(step) == level.price) {
                let units = level.qty.lots().unsigned_abs().div_ceil(self.unit.lots().unsigned_abs());
                lengths[place] = usize::try_from(units).expect("a level's units fit in memory");
            }
        }
        lengths
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{InstrumentId, VenueId};

    #[test]
    fn between_two_steps_a_bid_stands_below_and_an_ask_above() {
        let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
        let grid = Grid { book, origin: Price::new(100), spacing: 10, unit: Qty::new(1) };
        let steps = |ticks| Side::BOTH.map(|side| grid.step(side, Price::new(ticks)));
        assert_eq!([steps(95), steps(100), steps(101), steps(110)], [[-1, 0], [0, 0], [0, 1], [1, 1]]);
        assert_eq!(grid.price(-3), Price::new(70));
    }
}
