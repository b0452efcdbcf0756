//! One position and what it cost: average cost with exact integers.
//!
//! Invariant: `realised + (value - cost) = cash + value`, whatever was traded. The cost is one sum of money for all open
//! lots, so the average never has to be written down. Closing `k` of `n` lots releases `cost * k / n`, rounded towards
//! zero; the rest of the cost stays, so that flat means a cost of exactly zero and nothing is ever lost.
//!
//! | trade | position | cost | realised |
//! |---|---|---|---|
//! | buy 3 at 10 | 3 | 30 | 0 |
//! | buy 1 at 14 | 4 | 44 | 0 |
//! | sell 2 at 13 | 2 | 22 | 26 - 22 = 4 |
//! | sell 5 at 10 | -3 | -30 | 4 + 20 - 22 = 2 |

use crate::models::{Cash, Lots};

/// A position, the money it cost, and the money its closed part has earned. Fees are not in it.
///
/// ```
/// use hft_core::account::Position;
/// use hft_core::models::{Cash, Lots};
/// let dollars = |d: i128| Cash::new(d * Cash::PER_UNIT);
/// let four = Position::default().after(Lots::new(4), dollars(44)).expect("countable");
/// let two = four.after(Lots::new(-2), dollars(-26)).expect("countable");
/// assert_eq!((two.cost, two.realised), (dollars(22), dollars(4)));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Position {
    /// Signed size.
    pub lots: Lots,
    /// Paid for the open lots; negative for a short position, whose lots brought money in.
    pub cost: Cash,
    /// Earned by closing lots.
    pub realised: Cash,
}

impl Position {
    /// The position after a trade of `traded` lots for which `paid` was paid (negative: received), or `None` where a
    /// sum cannot be counted.
    pub fn after(self, traded: Lots, paid: Cash) -> Option<Self> {
        let lots = self.lots.count().checked_add(traded.count())?;
        let opens = self.lots.signum() * traded.signum() >= 0;
        if opens {
            let cost = self.cost.raw().checked_add(paid.raw())?;
            return Some(Self { lots: Lots::new(lots), cost: Cash::new(cost), ..self });
        }
        let (open, size) = (self.lots.count().unsigned_abs(), traded.count().unsigned_abs());
        let closed = open.min(size);
        let released = part(self.cost.raw(), closed, open);
        let paid_to_close = part(paid.raw(), closed, size);
        let realised = self.realised.raw().checked_sub(paid_to_close)?.checked_sub(released)?;
        let kept = self.cost.raw() - released;
        let cost = kept.checked_add(paid.raw() - paid_to_close)?;
        Some(Self { lots: Lots::new(lots), cost: Cash::new(cost), realised: Cash::new(realised) })
    }
}

/// `sum * part / whole`, towards zero, without leaving the range on the way. `paid` is a whole number per lot, so of
/// it this is exact.
fn part(sum: i128, part: u64, whole: u64) -> i128 {
    let (part, whole) = (i128::from(part), i128::from(whole));
    sum / whole * part + sum % whole * part / whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trade(position: Position, lots: i64, price: i128) -> Position {
        let paid = Cash::new(price * i128::from(lots));
        position.after(Lots::new(lots), paid).expect("small numbers")
    }

    #[test]
    fn the_table_above() {
        let mut position = Position::default();
        for (lots, price, expected) in
            [(3, 10, (3, 30, 0)), (1, 14, (4, 44, 0)), (-2, 13, (2, 22, 4)), (-5, 10, (-3, -30, 2))]
        {
            position = trade(position, lots, price);
            let found = (position.lots.count(), position.cost.raw(), position.realised.raw());
            assert_eq!(found, expected, "after {lots} at {price}");
        }
    }

    #[test]
    fn thirds_leave_nothing_behind() {
        let mut position = trade(trade(Position::default(), 1, 10), 2, 11);
        for _ in 0..3 {
            position = trade(position, -1, 12);
        }
        assert_eq!(position, Position { realised: Cash::new(36 - 32), ..Position::default() });
    }

    #[test]
    fn the_largest_position_is_closed_without_wrapping() {
        let paid = Cash::new(i128::MAX);
        let open = Position::default().after(Lots::MAX, paid).expect("fits");
        assert_eq!(open.after(Lots::new(1), Cash::ZERO), None, "one lot more cannot be counted");
        let flat = open.after(Lots::new(-i64::MAX), Cash::new(-i128::MAX)).expect("fits");
        assert_eq!(flat, Position::default());
    }
}
