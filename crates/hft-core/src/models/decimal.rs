//! Decimals at the border: what people and files write, kept exactly.
//!
//! A [`Decimal`] is `mantissa * 10^-scale`. It never passes through a float, so `100.18` is ten thousand and eighteen
//! hundredths and nothing else. Inside the market there are only integers; see
//! [`Instrument::parse_price`](super::Instrument::parse_price).

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// An exact decimal number with at most [`Decimal::MAX_SCALE`] digits behind the point.
///
/// ```
/// use hft_core::models::Decimal;
/// let price: Decimal = "100.180".parse()?;
/// assert_eq!(price.to_string(), "100.18");
/// assert_eq!(price, Decimal::new(10_018, 2));
/// assert!("1e5".parse::<Decimal>().is_err());
/// # Ok::<(), hft_core::models::DecimalError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Decimal {
    mantissa: i64,
    scale: u32,
}

/// Why a text is not a [`Decimal`].
///
/// Example: [`Decimal`].
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum DecimalError {
    /// Not digits with at most one point and an optional leading sign.
    #[error("`{0}` is not a decimal number such as 100.18 (digits, one point, an optional sign)")]
    Syntax(String),
    /// More digits than can be kept exactly.
    #[error("`{0}` has more digits than can be kept exactly (12 behind the point, 18 in all)")]
    TooLong(String),
}

impl Decimal {
    /// How many digits behind the point are kept: the resolution of [`Cash`](super::Cash).
    pub const MAX_SCALE: u32 = 12;

    /// One.
    pub const ONE: Self = Self { mantissa: 1, scale: 0 };

    /// `mantissa * 10^-scale`, in lowest terms.
    ///
    /// # Panics
    /// When `scale` exceeds [`Decimal::MAX_SCALE`] after trailing zeros are dropped.
    pub fn new(mut mantissa: i64, mut scale: u32) -> Self {
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        assert!(scale <= Self::MAX_SCALE, "a decimal keeps at most {} digits behind the point", Self::MAX_SCALE);
        Self { mantissa, scale }
    }

    /// The digits without the point.
    pub const fn mantissa(self) -> i64 {
        self.mantissa
    }

    /// How many of them stand behind the point.
    pub const fn scale(self) -> u32 {
        self.scale
    }

    /// True above zero.
    pub const fn is_positive(self) -> bool {
        self.mantissa > 0
    }

    /// The number in units of 10^-12, exactly.
    pub const fn to_pico(self) -> i128 {
        self.mantissa as i128 * 10i128.pow(Self::MAX_SCALE - self.scale)
    }

    /// As a float, for models and reports.
    #[allow(clippy::cast_precision_loss, reason = "models round")]
    pub fn to_f64(self) -> f64 {
        self.mantissa as f64 / 10f64.powi(self.scale.cast_signed())
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let syntax = || DecimalError::Syntax(text.to_owned());
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(part) || (part.is_empty() && unsigned.contains('.')) {
            return Err(syntax());
        }
        let too_long = || DecimalError::TooLong(text.to_owned());
        let part = part.trim_end_matches('0');
        let scale = u32::try_from(part.len()).map_err(|_| too_long())?;
        if scale > Self::MAX_SCALE {
            return Err(too_long());
        }
        let sign = if text.starts_with('-') { "-" } else { "" };
        let mantissa = format!("{sign}{whole}{part}").parse().map_err(|_| too_long())?;
        Ok(Self::new(mantissa, scale))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return self.mantissa.fmt(f);
        }
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let (digits, unit) = (self.mantissa.unsigned_abs(), 10u64.pow(self.scale));
        let text = format!(
            "{sign}{}.{:0width$}",
            digits / unit,
            digits % unit,
            width = usize::try_from(self.scale).unwrap_or(0)
        );
        f.pad(&text)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// From a text, or from a number as a configuration file writes it: the shortest decimal that names the float.
impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Decimal;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal number such as 100.18")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Decimal, E> {
                self.visit_str(&number.to_string())
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Decimal, E> {
                Ok(Decimal::new(number, 0))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Decimal, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_survive_the_round_trip_and_nonsense_is_refused() {
        for (text, printed) in
            [("0", "0"), ("-0.5", "-0.5"), ("007.250", "7.25"), ("+3", "3"), ("0.000000000001", "0.000000000001")]
        {
            assert_eq!(text.parse::<Decimal>().expect(text).to_string(), printed);
        }
        for text in ["", ".", "1.", ".5", "1e3", "nan", "inf", "--1", "1 ", "1,5", "0x10", "١"] {
            assert!(matches!(text.parse::<Decimal>(), Err(DecimalError::Syntax(_))), "{text}");
        }
        for text in ["0.0000000000001", "99999999999999999999"] {
            assert!(matches!(text.parse::<Decimal>(), Err(DecimalError::TooLong(_))), "{text}");
        }
    }
}
