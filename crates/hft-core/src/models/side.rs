//! The one place for everything that flips between buy and sell.

use super::{HalfTicks, Lots, Price, Qty, Ticks};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Buy or sell: of an order, of an aggressor, of one half of a book.
///
/// Every comparison, sign and rounding that depends on direction is a method here, so that matching, quoting and
/// accounting are written once.
///
/// ```
/// use hft_core::models::{HalfTicks, Lots, Price, Qty, Side, Ticks};
/// let mid = HalfTicks::new(201);
/// let quotes = Side::BOTH.map(|side| side.more_passive(side.round_passive(mid), Ticks::new(2)));
/// assert_eq!(quotes, [Some(Price::new(98)), Some(Price::new(103))], "written once, for both sides");
/// assert_eq!(Side::Sell.signed(Qty::new(3)), Lots::new(-3));
/// assert!(Side::Sell.is_better(Price::new(99), Price::new(100)), "a lower ask");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Side {
    /// Buys; rests among the bids; best is highest.
    Buy = 0,
    /// Sells; rests among the asks; best is lowest.
    Sell = 1,
}

impl Side {
    /// Both sides, bids first.
    pub const BOTH: [Side; 2] = [Side::Buy, Side::Sell];

    /// The other side: whom an order of this side trades with.
    pub const fn opposite(self) -> Side {
        match self {
            Side::Buy => Side::Sell,
            Side::Sell => Side::Buy,
        }
    }

    /// `+1` for a buy, `-1` for a sell.
    pub const fn sign(self) -> i64 {
        match self {
            Side::Buy => 1,
            Side::Sell => -1,
        }
    }

    /// `0` for a buy, `1` for a sell: an index into a pair.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The side a signed size trades on, or `None` for zero.
    pub const fn of(lots: Lots) -> Option<Side> {
        match lots.count() {
            0 => None,
            n if n > 0 => Some(Side::Buy),
            _ => Some(Side::Sell),
        }
    }

    /// The signed size of a trade on this side: bought is positive.
    pub const fn signed(self, qty: Qty) -> Lots {
        Lots::new(qty.lots() * self.sign())
    }

    /// True when `a` has price priority over `b` on this side: a higher bid, a lower ask.
    pub const fn is_better(self, a: Price, b: Price) -> bool {
        match self {
            Side::Buy => a.ticks() > b.ticks(),
            Side::Sell => a.ticks() < b.ticks(),
        }
    }

    /// True when an order of this side limited at `limit` may trade at `price`. Equal prices cross.
    ///
    /// ```
    /// use hft_core::models::{Price, Side};
    /// assert!(Side::Buy.accepts(Price::new(101), Price::new(100)));
    /// assert!(!Side::Sell.accepts(Price::new(101), Price::new(100)));
    /// ```
    pub const fn accepts(self, limit: Price, price: Price) -> bool {
        !self.is_better(price, limit)
    }

    /// `price` moved `by` ticks towards the other side: a buyer pays more, a seller takes less. `None` on overflow.
    pub const fn more_aggressive(self, price: Price, by: Ticks) -> Option<Price> {
        match price.ticks().checked_add(by.count().wrapping_mul(self.sign())) {
            Some(ticks) => Some(Price::new(ticks)),
            None => None,
        }
    }

    /// `price` moved `by` ticks away from the other side. `None` on overflow.
    pub const fn more_passive(self, price: Price, by: Ticks) -> Option<Price> {
        self.opposite().more_aggressive(price, by)
    }

    /// The worst price an order of this side could be limited at: a market order's limit.
    pub const fn worst_price(self) -> Price {
        match self {
            Side::Buy => Price::new(i64::MAX),
            Side::Sell => Price::new(i64::MIN),
        }
    }

    /// True when the last trade at `last` triggers a stop of this side at `trigger`: inclusive, buys from below.
    pub const fn is_triggered(self, trigger: Price, last: Price) -> bool {
        self.accepts(last, trigger)
    }

    /// The tick nearest to `level` that does not reach beyond it: a bid rounds down, an ask rounds up.
    pub const fn round_passive(self, level: HalfTicks) -> Price {
        let half_ticks = level.count();
        let floor = half_ticks.div_euclid(2);
        #[allow(clippy::cast_possible_truncation, reason = "a midpoint of two i64 prices is between them")]
        match self {
            Side::Buy => Price::new(floor as i64),
            Side::Sell => Price::new((floor + half_ticks.rem_euclid(2)) as i64),
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Side::Buy => "Buy",
            Side::Sell => "Sell",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_flips() {
        for (side, better, worse) in [(Side::Buy, 101, 100), (Side::Sell, 100, 101)] {
            let (better, worse) = (Price::new(better), Price::new(worse));
            assert!(side.is_better(better, worse) && !side.is_better(worse, better));
            assert!(!side.is_better(better, better), "no price is better than itself");
            assert_eq!(side.more_aggressive(worse, Ticks::new(1)), Some(better));
            assert_eq!(side.more_passive(better, Ticks::new(1)), Some(worse));
            assert!(side.accepts(side.worst_price(), better) && side.accepts(side.worst_price(), worse));
            assert!(side.accepts(better, better), "equal prices cross");
            assert_eq!(side.opposite().opposite(), side);
            assert_eq!(Side::of(side.signed(Qty::new(3))), Some(side));
        }
        assert_eq!(Side::Buy.round_passive(HalfTicks::new(-3)), Price::new(-2));
        assert_eq!(Side::Sell.round_passive(HalfTicks::new(-3)), Price::new(-1));
        assert_eq!(Side::Buy.more_aggressive(Price::MAX, Ticks::new(1)), None);
    }

    #[test]
    fn stops_trigger_inclusively() {
        let (low, at, high) = (Price::new(99), Price::new(100), Price::new(101));
        assert!(Side::Buy.is_triggered(at, at) && Side::Buy.is_triggered(at, high) && !Side::Buy.is_triggered(at, low));
        assert!(
            Side::Sell.is_triggered(at, at) && Side::Sell.is_triggered(at, low) && !Side::Sell.is_triggered(at, high)
        );
    }
}
