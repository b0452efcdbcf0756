//! Exact money in results.

use hft_core::models::{Cash, Decimal};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg};

/// Cash in a summary: a JSON number with all its digits, so that sums of what was written are exact for whoever reads decimals.
///
/// It reads from and writes to JSON text only (`serde_json::to_string`, `from_str`), where a number may have any length.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Money(pub Cash);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(Cash::ZERO);

    /// As a float, for ratios and pictures.
    pub fn to_f64(self) -> f64 {
        self.0.to_f64()
    }

    /// Two digits behind the point and a sign, for people.
    pub fn signed(self) -> String {
        let value = self.to_f64();
        let rounded = format!("{value:+.2}");
        if rounded == "-0.00" { "+0.00".to_owned() } else { rounded }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.decimal())
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.decimal()).expect("a decimal is a JSON number").serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = Box::<RawValue>::deserialize(deserializer)?;
        parse(number.get()).map(|cash| Self(Cash::new(cash))).ok_or_else(|| de::Error::custom("not an exact amount"))
    }
}

/// The units of 10^-12; whole part and fraction apart, because money has more digits than a [`Decimal`].
fn parse(text: &str) -> Option<i128> {
    let (unsigned, sign) = text.strip_prefix('-').map_or((text, 1), |rest| (rest, -1));
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let part: Decimal = format!("0.{part}").parse().ok()?;
    let digits_only = !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit());
    let whole = digits_only.then(|| whole.parse::<i128>().ok()).flatten()?;
    Some(sign * (whole.checked_mul(Cash::PER_UNIT)? + part.to_pico()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_survives_json() {
        for raw in [0, 1, -1, 99_920_000_000_000, -123_456_789_012_345_678_901_234_567, 10i128.pow(30) + 1] {
            let money = Money(Cash::new(raw));
            let json = serde_json::to_string(&money).expect("serialises");
            assert_eq!(serde_json::from_str::<Money>(&json).expect(&json), money);
        }
        assert_eq!(serde_json::to_string(&Money(Cash::new(-500_000_000_000))).expect("serialises"), "-0.50");
        for text in ["1e3", "\"1\"", "null", "0.0000000000001"] {
            assert!(serde_json::from_str::<Money>(text).is_err(), "{text}");
        }
        assert_eq!(Money(Cash::new(-1)).signed(), "+0.00");
    }
}
