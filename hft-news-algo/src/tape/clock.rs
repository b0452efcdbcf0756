//! Moments as files of news write them: RFC 3339 (JSON, Atom), RFC 2822 (RSS), or nanoseconds since 1970.

use hft_data::{Date, UnixNanos, Zone};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const SEC: i64 = 1_000_000_000;

/// Any of the three.
pub(super) fn moment(text: &str) -> Option<UnixNanos> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(UnixNanos::new).filter(|at| at.is_known());
    }
    rfc3339(text).or_else(|| rfc2822(text))
}

/// `2026-08-09T21:05:48.170326+02:00`.
fn rfc3339(text: &str) -> Option<UnixNanos> {
    if let Some(moment) = UnixNanos::from_rfc3339(text) {
        return Some(moment);
    }
    let (clock, zone) = text.split_at_checked(text.len().checked_sub(6)?)?;
    let zone = zone.as_bytes();
    let sign = if zone[0] == b'-' { -1 } else { 1 };
    let is_zone = matches!(zone[0], b'+' | b'-') && zone[3] == b':';
    let offset = is_zone.then(|| offset_s(&[zone[1], zone[2], zone[4], zone[5]]))??;
    shifted(UnixNanos::from_rfc3339(&format!("{clock}Z"))?, -sign * offset)
}

/// `Tue, 10 Jun 2003 04:00:00 GMT`, with or without the day's name and the seconds.
fn rfc2822(text: &str) -> Option<UnixNanos> {
    let text = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut fields = text.split_whitespace();
    let day: i64 = fields.next()?.parse().ok()?;
    let month = fields.next()?;
    let month = i64::try_from(MONTHS.iter().position(|name| *name == month)?).ok()? + 1;
    let year: i64 = fields.next()?.parse().ok()?;
    let mut clock = fields.next()?.split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next().unwrap_or(Some(0))?);
    let is_clock = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..60).contains(&second);
    let offset = match fields.next()? {
        "GMT" | "UT" | "UTC" | "Z" => 0,
        zone => {
            let (sign, digits) = zone.split_at_checked(1)?;
            let offset = offset_s(digits.as_bytes().try_into().ok()?)?;
            match sign {
                "+" => offset,
                "-" => -offset,
                _ => return None,
            }
        }
    };
    let midnight = Date::new(year, month, day)?.midnight(Zone::Utc)?;
    is_clock.then(|| shifted(midnight, hour * 3_600 + minute * 60 + second - offset))?
}

/// `hhmm` in seconds.
fn offset_s(digits: &[u8; 4]) -> Option<i64> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    let [a, b, c, d] = [digit(digits[0])?, digit(digits[1])?, digit(digits[2])?, digit(digits[3])?];
    Some((a * 10 + b) * 3_600 + (c * 10 + d) * 60)
}

fn shifted(at: UnixNanos, seconds: i64) -> Option<UnixNanos> {
    let nanos = i64::try_from(at.nanos()).ok()?.checked_add(seconds.checked_mul(SEC)?)?;
    u64::try_from(nanos).ok().map(UnixNanos::new).filter(|at| at.is_known())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_in_five_hands() {
        let expected = UnixNanos::new(1_055_217_600_000_000_000);
        for text in [
            "Tue, 10 Jun 2003 04:00:00 GMT",
            "10 Jun 2003 04:00 UT",
            "Tue, 10 Jun 2003 06:00:00 +0200",
            "2003-06-10T04:00:00Z",
            "2003-06-10T01:00:00-03:00",
            "1055217600000000000",
        ] {
            assert_eq!(moment(text), Some(expected), "{text}");
        }
        for text in
            ["", "yesterday", "31 Jun 2003 04:00 GMT", "2003-06-10", "Tue, 10 Jun 2003 25:00:00 GMT", "0", "éé+02:00"]
        {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
