//! Decimal digits, exactly, as a whole number of fixed steps. The border between text and integers; no float passes it.

use hft_core::models::Decimal;

/// Why digits are not a number of steps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NumberError {
    /// No decimal number.
    Syntax,
    /// More digits behind the point than steps can tell.
    TooFine,
    /// Does not fit 64 bits in these steps.
    TooLarge,
}

impl NumberError {
    /// What a record should have had instead.
    pub(crate) const fn expected(self) -> &'static str {
        match self {
            Self::Syntax => "a decimal number",
            Self::TooFine => "a number with fewer digits behind the point (see --price-decimals, --qty-decimals)",
            Self::TooLarge => "a number that fits 64 bits in its steps (see --price-decimals, --qty-decimals)",
        }
    }
}

/// `61837.63` with 8 decimals is 6,183,763,000,000 steps. A sign, one point and an exponent are understood; digits
/// beyond the last decimal must be zeros.
pub(crate) fn steps(text: &[u8], decimals: u32) -> Result<i64, NumberError> {
    if let Some(count) = short(text, decimals) {
        return Ok(count);
    }
    let (is_negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let mut mantissa: i64 = 0;
    let mut behind: Option<u32> = None;
    let mut seen = false;
    let mut rest = digits;
    while let [byte, tail @ ..] = rest {
        match byte {
            b'0'..=b'9' => {
                let digit = i64::from(byte - b'0');
                seen = true;
                match behind {
                    Some(count) if count >= decimals => {
                        if tail_needs_exponent(digits) {
                            return with_exponent(is_negative, digits, decimals);
                        }
                        if digit != 0 {
                            return Err(NumberError::TooFine);
                        }
                    }
                    _ => {
                        mantissa = mantissa.checked_mul(10).and_then(|m| m.checked_add(digit)).ok_or_else(too_large)?;
                        behind = behind.map(|count| count + 1);
                    }
                }
            }
            b'.' if behind.is_none() && seen && !tail.is_empty() => behind = Some(0),
            b'e' | b'E' if seen => return with_exponent(is_negative, digits, decimals),
            _ => return Err(NumberError::Syntax),
        }
        rest = tail;
    }
    if !seen {
        return Err(NumberError::Syntax);
    }
    let missing = decimals - behind.unwrap_or(0).min(decimals);
    let magnitude = 10i64.checked_pow(missing).and_then(|scale| mantissa.checked_mul(scale)).ok_or_else(too_large)?;
    Ok(if is_negative { -magnitude } else { magnitude })
}

/// Nearly all numbers in files are digits with at most one point, so few that nothing can overflow: read without asking.
fn short(text: &[u8], decimals: u32) -> Option<i64> {
    const MOST_DIGITS: usize = 17;
    let (is_negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || digits.len() > MOST_DIGITS {
        return None;
    }
    let (mut mantissa, mut behind, mut is_behind) = (0i64, 0u32, 0u32);
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            mantissa = mantissa * 10 + i64::from(digit);
            behind += is_behind;
        } else if byte == b'.' && is_behind == 0 {
            is_behind = 1;
        } else {
            return None;
        }
    }
    // A point at either end, and digits beyond the last decimal, are for who looks closer.
    if digits[0] == b'.' || (is_behind == 1 && behind == 0) || behind > decimals {
        return None;
    }
    let magnitude = 10i64.checked_pow(decimals - behind)?.checked_mul(mantissa)?;
    Some(if is_negative { -magnitude } else { magnitude })
}

const fn too_large() -> NumberError {
    NumberError::TooLarge
}

fn tail_needs_exponent(digits: &[u8]) -> bool {
    digits.iter().any(|byte| matches!(byte, b'e' | b'E'))
}

/// `2.6e-06`: what some recorders write for small sizes.
fn with_exponent(is_negative: bool, digits: &[u8], decimals: u32) -> Result<i64, NumberError> {
    let at = digits.iter().position(|byte| matches!(byte, b'e' | b'E')).ok_or(NumberError::Syntax)?;
    let exponent = std::str::from_utf8(&digits[at + 1..]).ok().and_then(|text| text.parse::<i32>().ok());
    let exponent = exponent.filter(|exponent| exponent.abs() <= 40).ok_or(NumberError::Syntax)?;
    let mut mantissa: i128 = 0;
    let mut behind = 0;
    let mut has_point = false;
    for &byte in &digits[..at] {
        match byte {
            b'0'..=b'9' if mantissa < 10i128.pow(25) => {
                mantissa = mantissa * 10 + i128::from(byte - b'0');
                behind += i32::from(has_point);
            }
            b'0'..=b'9' => return Err(NumberError::TooLarge),
            b'.' if !has_point => has_point = true,
            _ => return Err(NumberError::Syntax),
        }
    }
    if mantissa == 0 {
        return Ok(0);
    }
    let shift = i32::try_from(decimals).expect("few decimals") + exponent - behind;
    let scale =
        10i128.checked_pow(shift.unsigned_abs()).ok_or(if shift < 0 { NumberError::TooFine } else { too_large() });
    let magnitude = match shift {
        0.. => mantissa.checked_mul(scale?).ok_or_else(too_large)?,
        _ => {
            let scale = scale?;
            if mantissa % scale != 0 {
                return Err(NumberError::TooFine);
            }
            mantissa / scale
        }
    };
    i64::try_from(if is_negative { -magnitude } else { magnitude }).map_err(|_| NumberError::TooLarge)
}

/// Digits alone, as a count or a moment.
pub(crate) fn unsigned(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 20 {
        return None;
    }
    if text.len() <= 19 {
        // Nineteen digits cannot overflow.
        let mut value = 0u64;
        for &byte in text {
            let digit = byte.wrapping_sub(b'0');
            if digit >= 10 {
                return None;
            }
            value = value * 10 + u64::from(digit);
        }
        return Some(value);
    }
    text.iter().try_fold(0u64, |value, &byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| value.checked_mul(10)?.checked_add(u64::from(digit)))?
    })
}

/// `10^-decimals`: what one step is worth.
pub(crate) fn step(decimals: u32) -> Decimal {
    Decimal::new(1, decimals)
}

/// A whole number of steps as digits, with as many behind the point as the step needs.
pub(crate) fn print(count: i64, step: Decimal, out: &mut String) {
    use std::fmt::Write;
    let units = i128::from(count) * i128::from(step.mantissa());
    let one = 10u128.pow(step.scale());
    let sign = if units < 0 { "-" } else { "" };
    let (whole, part) = (units.unsigned_abs() / one, units.unsigned_abs() % one);
    let written = match usize::try_from(step.scale()).expect("a scale is small") {
        0 => write!(out, "{sign}{whole}"),
        width => write!(out, "{sign}{whole}.{part:0width$}"),
    };
    written.expect("a String takes all that is written");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_are_read_exactly() {
        for (text, decimals, expected) in [
            ("61837.63000000", 8, 6_183_763_000_000),
            ("61837.63", 2, 6_183_763),
            ("-0.5", 1, -5),
            ("5853300", 0, 5_853_300),
            ("2.6e-06", 8, 260),
            ("1e-08", 8, 1),
            ("1.50e1", 0, 15),
            ("12E2", 1, 12_000),
            ("1.0000", 2, 100),
            ("1.2300e2", 0, 123),
            ("0.000000e0", 2, 0),
        ] {
            assert_eq!(steps(text.as_bytes(), decimals), Ok(expected), "{text}");
        }
        for text in ["", "-", ".", "1.", ".5", "1..2", "1e", "e1", "1e99", "0x1", "nan", "1 ", "--1", "+1", "1.2.3e1"] {
            assert_eq!(steps(text.as_bytes(), 2), Err(NumberError::Syntax), "{text}");
        }
        assert_eq!(steps(b"0.125", 2), Err(NumberError::TooFine));
        assert_eq!(steps(b"1e-9", 8), Err(NumberError::TooFine));
        assert_eq!(steps(b"99999999999999999999", 0), Err(NumberError::TooLarge));
        assert_eq!(steps(b"99999999999", 8), Err(NumberError::TooLarge));
        assert_eq!(steps(b"1e30", 8), Err(NumberError::TooLarge));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read(count in any::<i64>(), decimals in 0u32..=10) {
            prop_assume!(count != i64::MIN);
            let mut text = String::new();
            print(count, step(decimals), &mut text);
            prop_assert_eq!(steps(text.as_bytes(), decimals), Ok(count));
        }

        #[test]
        fn the_short_way_is_the_long_way(text in "-?[.0-9]{0,17}", decimals in 0u32..=10) {
            if let Some(count) = short(text.as_bytes(), decimals) {
                // Zeros in front make it too long for the short way and change nothing.
                let long = format!("{}0000000000000000000{}", if count < 0 { "-" } else { "" }, text.trim_start_matches('-'));
                prop_assert_eq!(steps(long.as_bytes(), decimals), Ok(count));
            }
        }

        #[test]
        fn nothing_panics(text in "[-+.eE0-9]{0,40}", decimals in 0u32..=12) {
            let _ = steps(text.as_bytes(), decimals);
            let _ = unsigned(text.as_bytes());
        }
    }
}
