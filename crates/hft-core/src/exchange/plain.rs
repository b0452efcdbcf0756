//! Invariant: an order within the bounds passes rows 2 to 14 and 17 of the [rules](super::rules)' table.
//!
//! What most messages are is a *plain* order: a limit order that shows all of itself, stands until cancelled, and asks for
//! no least fill. Where the venue counts in single ticks and lots, has no band and remembers no ids, and nobody is killed
//! and no stop waits, all that the table could hold against such an order is its size and its price. Both bounds are
//! worked out when the state changes and not for every order. Left out: ids and room, which only the book knows.

use super::incoming::LARGEST_COMMON;
use super::rules::{BookRules, IdReuse};

/// The sizes, in lots, and the prices, in ticks, of which every one will do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Plain {
    pub(super) qty: Bounds,
    pub(super) price: Bounds,
}

impl Plain {
    /// Nothing will do: every order is asked everything.
    pub(super) const NONE: Plain = Plain { qty: Bounds::NONE, price: Bounds::NONE };

    /// What the rules let pass in continuous trading.
    pub(super) fn of(rules: &BookRules) -> Self {
        let is_unit = rules.tick.count() == 1 && rules.lot.lots() == 1;
        if !is_unit || rules.band.is_some() || rules.id_reuse == IdReuse::Reject {
            return Self::NONE;
        }
        Self {
            qty: Bounds::between(rules.min_qty.lots(), rules.max_qty.min(LARGEST_COMMON).lots()),
            price: Bounds::between(rules.min_px.ticks(), rules.max_px.ticks()),
        }
    }
}

/// So many integers from the least on: one comparison asks for both ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Bounds {
    least: i64,
    count: u64,
}

impl Bounds {
    const NONE: Bounds = Bounds { least: 0, count: 0 };

    /// Both ends included; the least is above zero.
    const fn between(least: i64, most: i64) -> Self {
        if most < least { Self::NONE } else { Self { least, count: most.abs_diff(least) + 1 } }
    }

    #[inline]
    pub(super) const fn contains(self, value: i64) -> bool {
        value.wrapping_sub(self.least).cast_unsigned() < self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_hold_both_ends_and_nothing_beyond() {
        for (least, most) in [(1, 1), (1, i64::MAX), (5, 9), (9, 5)] {
            let bounds = Bounds::between(least, most);
            for value in [i64::MIN, -1, 0, 1, 4, 5, 7, 9, 10, i64::MAX] {
                assert_eq!(bounds.contains(value), least <= value && value <= most, "{value} in {least}..={most}");
            }
        }
        assert!([i64::MIN, 0, i64::MAX].into_iter().all(|value| !Bounds::NONE.contains(value)));
    }
}
