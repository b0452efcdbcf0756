//! Integers with units. A level is not a distance and a size is not a signed size, so each has its own type, and only
//! the arithmetic that means something is defined.
//!
//! | type | is | unit |
//! |---|---|---|
//! | [`Price`] | a level | ticks of the instrument |
//! | [`Ticks`] | a distance between two levels | ticks |
//! | [`HalfTicks`] | a level at half-tick resolution: a midpoint is exact | half ticks |
//! | [`Qty`] | a size, never negative once accepted | lots |
//! | [`Lots`] | a signed size: a position, a signed trade | lots |
//! | [`Cash`] | exact money | 10^-12 of the currency |
//! | [`Timestamp`] | a moment | ns since the start of the run |
//! | [`Nanos`] | a span of time | ns |
//!
//! Arithmetic is checked: an overflow is a bug and panics in every profile (`overflow-checks = true`), so values that
//! come from outside are range-checked before they become operands.
//!
//! ```compile_fail,E0308
//! use hft_core::models::Price;
//! let meaningless = Price::new(100) + Price::new(1); // two levels have no sum
//! ```

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident($repr:ty), $get:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name($repr);

        impl $name {
            /// Zero of this unit.
            pub const ZERO: Self = Self(0);
            /// The largest value; sources of prices and sizes may send it, so nothing may wrap at it.
            pub const MAX: Self = Self(<$repr>::MAX);
            /// Wraps a raw integer in its unit.
            pub const fn new(raw: $repr) -> Self {
                Self(raw)
            }
            /// The raw integer.
            pub const fn $get(self) -> $repr {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

/// `A + B = C` and its in-place form, for the pairs that mean something.
macro_rules! arithmetic {
    ($($a:ident + $b:ident = $c:ident;)*) => {$(
        impl Add<$b> for $a {
            type Output = $c;
            fn add(self, other: $b) -> $c {
                $c(self.0 + other.0)
            }
        }
    )*};
    ($($a:ident - $b:ident = $c:ident;)*) => {$(
        impl Sub<$b> for $a {
            type Output = $c;
            fn sub(self, other: $b) -> $c {
                $c(self.0 - other.0)
            }
        }
    )*};
}

/// `A += B` and `A -= B` where the sum stays in the unit of `A`.
macro_rules! in_place {
    ($($a:ident, $b:ident;)*) => {$(
        impl AddAssign<$b> for $a {
            fn add_assign(&mut self, other: $b) {
                *self = *self + other;
            }
        }
        impl SubAssign<$b> for $a {
            fn sub_assign(&mut self, other: $b) {
                *self = *self - other;
            }
        }
    )*};
}

macro_rules! signed {
    ($($name:ident),*) => {$(
        impl Neg for $name {
            type Output = $name;
            fn neg(self) -> $name {
                $name(-self.0)
            }
        }
        impl $name {
            /// Magnitude, in the same unit.
            pub const fn abs(self) -> Self {
                Self(self.0.abs())
            }
            /// `-1`, `0` or `1`.
            pub const fn signum(self) -> i64 {
                #[allow(clippy::cast_possible_truncation, reason = "a sign fits")]
                { self.0.signum() as i64 }
            }
        }
    )*};
}

unit!(
    /// A price level, in ticks of its instrument. Levels compare and differ; they have no sum.
    ///
    /// Example: [`Cash`].
    Price(i64), ticks
);
unit!(
    /// A distance between two price levels, in ticks.
    ///
    /// Example: [`Cash`].
    Ticks(i64), count
);
unit!(
    /// A level at half-tick resolution, so that the midpoint of any two prices is exact. Two half ticks a tick.
    ///
    /// Example: [`Cash`].
    HalfTicks(i128), count
);
unit!(
    /// A size in lots. Orders carry what their sender wrote, so a `Qty` may be out of range until a venue accepted it.
    ///
    /// Example: [`Cash`].
    Qty(i64), lots
);
unit!(
    /// A signed size in lots: positions and signed trades, positive for long.
    ///
    /// Example: [`Cash`].
    Lots(i64), count
);
unit!(
    /// Exact money, in 10^-12 of a currency unit. See [`Cash::PER_UNIT`].
    ///
    /// ```
    /// use hft_core::models::{Cash, HalfTicks, Lots, Nanos, Price, Qty, Side, Ticks, Timestamp};
    /// let (bid, ask) = (Price::new(9_992), Price::new(9_997));
    /// assert_eq!(ask - bid, Ticks::new(5));
    /// assert_eq!(bid.half_ticks() - ask.half_ticks(), HalfTicks::new(-10));
    /// assert_eq!(Side::Sell.signed(Qty::new(3)) + Side::Buy.signed(Qty::new(1)), Lots::new(-2));
    /// assert_eq!(Timestamp::START + Nanos::from_millis(5), Timestamp::new(5_000_000));
    /// assert_eq!(Cash::new(5 * Cash::PER_UNIT / 4).decimal(), "1.25");
    /// ```
    Cash(i128), raw
);
unit!(
    /// A moment: nanoseconds since the start of the run.
    ///
    /// Example: [`Cash`].
    Timestamp(u64), nanos
);
unit!(
    /// A span of time in nanoseconds.
    ///
    /// Example: [`Cash`].
    Nanos(u64), count
);

arithmetic! {
    Price + Ticks = Price;
    Ticks + Ticks = Ticks;
    Qty + Qty = Qty;
    Lots + Lots = Lots;
    Cash + Cash = Cash;
    Timestamp + Nanos = Timestamp;
    Nanos + Nanos = Nanos;
}
arithmetic! {
    Price - Price = Ticks;
    Price - Ticks = Price;
    Ticks - Ticks = Ticks;
    HalfTicks - HalfTicks = HalfTicks;
    Qty - Qty = Qty;
    Lots - Lots = Lots;
    Cash - Cash = Cash;
    Timestamp - Timestamp = Nanos;
    Nanos - Nanos = Nanos;
}
in_place! {
    Price, Ticks;
    Ticks, Ticks;
    Qty, Qty;
    Lots, Lots;
    Cash, Cash;
    Nanos, Nanos;
}
signed!(Ticks, Lots, Cash, HalfTicks);

impl Mul<i64> for Ticks {
    type Output = Ticks;
    fn mul(self, factor: i64) -> Ticks {
        Ticks(self.0 * factor)
    }
}

impl Price {
    /// The level at half-tick resolution.
    pub const fn half_ticks(self) -> HalfTicks {
        HalfTicks(self.0 as i128 * 2)
    }

    /// The exact midpoint of two levels.
    ///
    /// ```
    /// use hft_core::models::Price;
    /// assert_eq!(Price::new(10).mid(Price::new(11)).count(), 21); // ten and a half ticks
    /// ```
    pub const fn mid(self, other: Price) -> HalfTicks {
        HalfTicks(self.0 as i128 + other.0 as i128)
    }
}

impl Qty {
    /// True for a size that can be traded: one lot or more.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// True for an exhausted size.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl Lots {
    /// The size of a position, whichever way it points.
    pub const fn size(self) -> Qty {
        Qty(self.0.abs())
    }
}

impl Cash {
    /// How many raw units make one unit of currency: money is exact to 10^-12.
    pub const PER_UNIT: i128 = 1_000_000_000_000;

    /// As a float in currency units, for statistics and plots only.
    #[allow(clippy::cast_precision_loss, reason = "reports round; ledgers never call this")]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / Self::PER_UNIT as f64
    }
}

impl Timestamp {
    /// The start of the run.
    pub const START: Self = Self(0);

    /// This long after it, or the end of time where there is no such moment.
    #[must_use]
    pub const fn after(self, wait: Nanos) -> Timestamp {
        Self(self.0.saturating_add(wait.0))
    }

    /// Time passed since `earlier`; zero where `earlier` is later.
    pub const fn since(self, earlier: Timestamp) -> Nanos {
        Nanos(self.0.saturating_sub(earlier.0))
    }

    /// In seconds, for reports and models.
    #[allow(clippy::cast_precision_loss, reason = "reports and models round")]
    pub fn to_secs_f64(self) -> f64 {
        self.0 as f64 * 1e-9
    }
}

impl Nanos {
    /// A span given in microseconds.
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros * 1_000)
    }

    /// A span given in milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis * 1_000_000)
    }

    /// A span given in seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs * 1_000_000_000)
    }

    /// A span given in seconds as a float, rounded down to the nanosecond; negative, NaN and too large values clamp
    /// to the representable range. Models draw waiting times as floats; this is where they become time.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, as documented")]
    pub fn from_secs_f64(secs: f64) -> Self {
        Self((secs * 1e9) as u64)
    }

    /// In seconds, for reports and models.
    #[allow(clippy::cast_precision_loss, reason = "reports and models round")]
    pub fn to_secs_f64(self) -> f64 {
        self.0 as f64 * 1e-9
    }
}

/// Money prints as a plain decimal: exact, without trailing zeros beyond the cents.
impl Cash {
    /// The exact decimal, at least two digits behind the point.
    ///
    /// ```
    /// use hft_core::models::Cash;
    /// assert_eq!(Cash::new(-99_920_000_000_000).decimal(), "-99.92");
    /// assert_eq!(Cash::new(1).decimal(), "0.000000000001");
    /// ```
    pub fn decimal(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        let (whole, part) = (magnitude / Self::PER_UNIT.unsigned_abs(), magnitude % Self::PER_UNIT.unsigned_abs());
        let digits = format!("{part:012}");
        let kept = digits.trim_end_matches('0').len().max(2);
        format!("{sign}{whole}.{}", &digits[..kept])
    }
}
