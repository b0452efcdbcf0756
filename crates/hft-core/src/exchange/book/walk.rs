//! Invariant: to walk through a book changes nothing.
//!
//! The levels of a side from the best on, the queue at a level from the first on, and the check of a book against its
//! own orders. Left out: single orders and prices, which are found without a walk.

use super::super::ladder::Rung;
use super::super::orders::NONE;
use super::Book;
use crate::models::{Price, Side};

impl Book {
    /// The rungs of a side, best first.
    pub(in crate::exchange) fn rungs(&self, side: Side) -> impl Iterator<Item = Rung> + '_ {
        std::iter::successors(self.ladder(side).best(), move |&rung| self.ladder(side).after(rung))
    }

    /// The rungs of a side at this price and worse, best first.
    pub(in crate::exchange) fn rungs_from(&self, side: Side, price: Price) -> impl Iterator<Item = Rung> + '_ {
        std::iter::successors(self.ladder(side).from(price), move |&rung| self.ladder(side).after(rung))
    }

    /// The slots at a level in time priority.
    pub(in crate::exchange) fn queue(&self, level: u32) -> impl Iterator<Item = u32> + '_ {
        let some = |slot: u32| (slot != NONE).then_some(slot);
        std::iter::successors(some(self.head(level)), move |&slot| some(self.orders.get(slot).next))
    }

    /// Checks every total, link and index against the orders themselves.
    ///
    /// # Panics
    /// When any of them disagrees.
    pub(in crate::exchange) fn check(&self) {
        let mut orders = 0;
        for side in Side::BOTH {
            let mut last: Option<Price> = None;
            for rung in self.rungs(side) {
                let level = self.levels.get(rung.level);
                assert!(last.is_none_or(|last| side.is_better(last, level.price)), "levels are walked best first");
                assert_eq!(self.ladder(side).find(level.price), Some(rung.level), "a level stands at its price");
                last = Some(level.price);
                let (mut visible, mut hidden, mut count, mut previous) = (0u128, 0u128, 0u32, NONE);
                for slot in self.queue(rung.level) {
                    let order = self.orders.get(slot);
                    assert_eq!((order.level(), order.side()), (rung.level, side));
                    assert_eq!(order.previous, previous, "links agree");
                    assert_eq!(self.find(order.id), Some(slot), "an order is found by its id");
                    assert!(self.orders.visible(slot).is_positive(), "an order shows something");
                    visible += u128::from(self.orders.visible(slot).lots().cast_unsigned());
                    hidden += u128::from(self.orders.hidden(slot).lots().cast_unsigned());
                    (count, previous) = (count + 1, slot);
                }
                assert!(count > 0, "no level is empty");
                assert_eq!((level.visible(), level.count, level.tail), (visible, count, previous));
                assert_eq!(self.levels.hidden(rung.level), hidden);
                orders += count as usize;
            }
        }
        assert_eq!(orders, self.orders.len(), "every order of the slab stands in a level");
        self.expiries.check();
    }
}
