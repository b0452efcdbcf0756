//! Numbers at the border of the conformance program: read from their own digits, summed without a limit that a test
//! could reach, written as JSON integers, or as decimal strings beyond 64 bits.

use serde_json::Value;

/// The integer that a JSON number's text denotes, clamped to the range of `i128`; `None` for a fraction or a text that
/// is no number. `1e15` and `10.0` are integers.
pub(super) fn integer(text: &str) -> Option<i128> {
    let (sign, unsigned) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(part) {
        return None;
    }
    let part = part.trim_end_matches('0');
    let digits = format!("{whole}{part}");
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Some(0);
    }
    let zeros = exponent.parse::<i64>().ok()?.checked_sub(i64::try_from(part.len()).ok()?)?;
    let Ok(zeros) = usize::try_from(zeros) else {
        let cut = usize::try_from(zeros.unsigned_abs()).ok()?;
        let (kept, dropped) = digits.split_at_checked(digits.len().checked_sub(cut)?)?;
        return if dropped.bytes().all(|byte| byte == b'0') { kept.parse().ok().map(|n: i128| n * sign) } else { None };
    };
    const MOST_DIGITS: usize = 38; // 10^38 fits in an i128
    if digits.len().saturating_add(zeros) > MOST_DIGITS {
        return Some(if sign > 0 { i128::MAX } else { i128::MIN });
    }
    format!("{digits}{}", "0".repeat(zeros)).parse().ok().map(|magnitude: i128| magnitude * sign)
}

/// An integer as JSON: a number where 64 bits hold it, a decimal string beyond.
pub(super) fn number(value: impl TryInto<i64> + ToString + Copy) -> Value {
    value.try_into().map_or_else(|_| Value::String(value.to_string()), Value::from)
}

/// A sum of products of two `i64`, exact for more terms than anyone can send: `high * LIMB + low`, `|low| < LIMB`.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Sum {
    high: i128,
    low: i128,
}

impl Sum {
    const LIMB: i128 = 10i128.pow(Self::DIGITS);
    const DIGITS: u32 = 36;

    pub(super) fn add_product(&mut self, a: i64, b: i64) {
        let product = i128::from(a) * i128::from(b);
        let low = self.low + product % Self::LIMB;
        self.high += product / Self::LIMB + low / Self::LIMB;
        self.low = low % Self::LIMB;
    }

    pub(super) fn add(&mut self, other: Sum) {
        let low = self.low + other.low;
        self.high += other.high + low / Self::LIMB;
        self.low = low % Self::LIMB;
    }

    pub(super) fn is_zero(self) -> bool {
        matches!(self.to_json().as_i64(), Some(0))
    }

    /// The sum as JSON.
    pub(super) fn to_json(self) -> Value {
        // Both parts get the sign of the whole.
        let (mut high, mut low) = (self.high, self.low);
        if high > 0 && low < 0 {
            (high, low) = (high - 1, low + Self::LIMB);
        } else if high < 0 && low > 0 {
            (high, low) = (high + 1, low - Self::LIMB);
        }
        if high == 0 {
            return number(low);
        }
        let digits = usize::try_from(Self::DIGITS).expect("36 fits");
        Value::String(format!("{high}{:0digits$}", low.unsigned_abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_from_their_digits() {
        for (text, value) in
            [("0", 0), ("-0", 0), ("1e15", 1_000_000_000_000_000), ("1E+2", 100), ("10.0", 10), ("1.5e1", 15)]
        {
            assert_eq!(integer(text), Some(value), "{text}");
        }
        assert_eq!(integer("150e-1"), Some(15));
        assert_eq!(integer("9223372036854775807"), Some(i128::from(i64::MAX)));
        assert_eq!(integer("1e400"), Some(i128::MAX));
        assert_eq!(integer("-1e400"), Some(i128::MIN));
        for text in ["1.5", "15e-1", "1e-400", "", "-", "abc", "0x1", "1e", "1e99999999999999999999"] {
            assert_eq!(integer(text), None, "{text}");
        }
    }

    #[test]
    fn sums_do_not_wrap() {
        let mut sum = Sum::default();
        for _ in 0..5 {
            sum.add_product(i64::MAX, i64::MAX);
        }
        assert_eq!(sum.to_json(), "425352958651173079236984538921162506245");
        for _ in 0..5 {
            sum.add_product(-i64::MAX, i64::MAX);
        }
        sum.add_product(-3, 5);
        assert_eq!(sum.to_json(), -15);
    }
}
