//! Moments of the real world: nanoseconds since 1970, and the calendar that files are named by.
//!
//! Inside a run the core counts from its start ([`Timestamp`](hft_core::models::Timestamp)); a recording counts from the
//! epoch. Leap seconds do not exist, as everywhere in Unix time. Left out: every time zone but the two that the formats
//! are written in.

use serde::Serialize;
use std::fmt;
use std::str::FromStr;

const NANOS_PER_SEC: u64 = 1_000_000_000;
const SECS_PER_DAY: i64 = 86_400;

/// A moment: nanoseconds since 1970-01-01T00:00:00Z. Zero is [`UnixNanos::UNKNOWN`].
///
/// ```
/// use hft_data::UnixNanos;
/// let moment = UnixNanos::new(1_723_161_253_937_085_768);
/// assert_eq!(moment.to_string(), "2024-08-08T23:54:13.937085768Z");
/// assert_eq!(UnixNanos::from_rfc3339("2024-08-08T23:54:13.937085768Z"), Some(moment));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct UnixNanos(u64);

impl UnixNanos {
    /// What a record that does not tell the time has.
    pub const UNKNOWN: Self = Self(0);

    /// A moment from its nanoseconds.
    pub const fn new(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the epoch.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// True for every moment but [`UnixNanos::UNKNOWN`].
    pub const fn is_known(self) -> bool {
        self.0 != 0
    }

    /// From milliseconds since the epoch; `None` beyond the year 2554.
    pub fn from_millis(millis: u64) -> Option<Self> {
        millis.checked_mul(1_000_000).map(Self)
    }

    /// From microseconds since the epoch; `None` beyond the year 2554.
    pub fn from_micros(micros: u64) -> Option<Self> {
        micros.checked_mul(1_000).map(Self)
    }

    /// This moment `nanos` later; `None` where there is no such moment.
    pub fn plus(self, nanos: u64) -> Option<Self> {
        self.0.checked_add(nanos).map(Self)
    }

    /// Signed nanoseconds from `earlier` to this moment.
    pub fn minus(self, earlier: Self) -> i64 {
        let difference = i128::from(self.0) - i128::from(earlier.0);
        i64::try_from(difference).unwrap_or(if difference < 0 { i64::MIN } else { i64::MAX })
    }

    /// `2026-08-09T21:05:48.170326Z`: what venues write in JSON. Any number of digits up to nine behind the second.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let (date, time) = text.split_once(['T', ' '])?;
        let time = time.strip_suffix('Z').or_else(|| time.strip_suffix("+00:00"))?;
        let midnight = date.parse::<Date>().ok()?.midnight(Zone::Utc)?;
        let (clock, part) = time.split_once('.').unwrap_or((time, ""));
        let mut fields = clock.split(':').map(two_digits);
        let (hour, minute, second) = (fields.next()??, fields.next()??, fields.next()??);
        if fields.next().is_some() || hour > 23 || minute > 59 || second > 59 || part.len() > 9 {
            return None;
        }
        let nanos = match part {
            "" => 0,
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => format!("{digits:0<9}").parse().ok()?,
            _ => return None,
        };
        midnight.plus((hour * 3_600 + minute * 60 + second) * NANOS_PER_SEC + nanos)
    }
}

fn two_digits(text: &str) -> Option<u64> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

impl fmt::Display for UnixNanos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (secs, nanos) = (self.0 / NANOS_PER_SEC, self.0 % NANOS_PER_SEC);
        let day = i64::try_from(secs).expect("2^64 ns are few seconds") / SECS_PER_DAY;
        let (date, of_day) = (Date::of_day(day), secs % SECS_PER_DAY.unsigned_abs());
        write!(f, "{date}T{:02}:{:02}:{:02}.{nanos:09}Z", of_day / 3_600, of_day / 60 % 60, of_day % 60)
    }
}

/// Where the clock hangs that a file's times of day were read from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Zone {
    /// Universal time.
    Utc,
    /// New York, with the daylight saving rules of the United States since 1987.
    NewYork,
}

impl Zone {
    /// Its name on a command line.
    pub const NAMES: [&str; 2] = ["utc", "new-york"];
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "utc" => Ok(Self::Utc),
            "new-york" => Ok(Self::NewYork),
            _ => Err(format!("`{text}` is no time zone; one of {}", Self::NAMES.join(", "))),
        }
    }
}

/// A day of the Gregorian calendar.
///
/// ```
/// use hft_data::{Date, Zone};
/// let day: Date = "2012-06-21".parse()?;
/// assert_eq!(day.midnight(Zone::NewYork).map(|at| at.to_string()).as_deref(), Some("2012-06-21T04:00:00.000000000Z"));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Date {
    year: i64,
    month: i64,
    day: i64,
}

impl Date {
    /// A day that exists, between 1970 and 2554.
    pub fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        let date = Self { year, month, day };
        let exists = (1970..=2554).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
        (exists && Self::of_day(date.days()) == date).then_some(date)
    }

    /// The first `2012-06-21`, `20120621` or `06212012` in a text such as a file's name.
    pub fn find(text: &str) -> Option<Self> {
        let starts = 0..text.len();
        starts.filter_map(|at| text.get(at..)).find_map(|rest| {
            let date = rest.get(..10).and_then(|text| text.parse().ok());
            date.or_else(|| {
                let digits = rest.get(..8)?;
                let is_longer = rest.as_bytes().get(8).is_some_and(u8::is_ascii_digit);
                let is_date = digits.bytes().all(|byte| byte.is_ascii_digit()) && !is_longer;
                let year_first = || format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]).parse().ok();
                let year_last = || format!("{}-{}-{}", &digits[4..], &digits[..2], &digits[2..4]).parse().ok();
                is_date.then(|| year_first().or_else(year_last))?
            })
        })
    }

    /// Midnight at its start, by a clock in `zone`. On the two Sundays a year on which New York's clock is changed, the
    /// offset is that of midnight all day.
    pub fn midnight(self, zone: Zone) -> Option<UnixNanos> {
        let secs = self.days() * SECS_PER_DAY + self.hours_behind_utc(zone) * 3_600;
        u64::try_from(secs).ok()?.checked_mul(NANOS_PER_SEC).map(UnixNanos)
    }

    fn hours_behind_utc(self, zone: Zone) -> i64 {
        match zone {
            Zone::Utc => 0,
            Zone::NewYork => {
                let (start, end) = if self.year >= 2007 {
                    (Self::sunday(self.year, 3, 8), Self::sunday(self.year, 11, 1))
                } else {
                    (Self::sunday(self.year, 4, 1), Self::sunday(self.year, 10, 25))
                };
                // At midnight of the first day winter time still holds, at that of the last summer time.
                if self.days() > start && self.days() <= end { 4 } else { 5 }
            }
        }
    }

    /// The first Sunday on or after a day, as days since the epoch. 1970-01-04 was a Sunday.
    fn sunday(year: i64, month: i64, day: i64) -> i64 {
        let from = Self { year, month, day }.days();
        from + (3 - from).rem_euclid(7)
    }

    /// Days since 1970-01-01. Years begin in March here, so that the leap day is the last.
    fn days(self) -> i64 {
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((self.month + 9) % 12) + 2) / 5 + self.day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    fn of_day(days: i64) -> Self {
        let shifted = days + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        Self { year: era * 400 + year + i64::from(month <= 2), month, day }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let field = |from: usize, to: usize| {
            let digits = text.get(from..to).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
            digits.and_then(|digits| digits.parse().ok())
        };
        let is_shaped = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
        let fields = is_shaped.then(|| (field(0, 4), field(5, 7), field(8, 10)));
        let Some((Some(year), Some(month), Some(day))) = fields else {
            return Err(format!("`{text}` is no date such as 2012-06-21"));
        };
        Self::new(year, month, day).ok_or_else(|| format!("`{text}` is no day between 1970 and 2554"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_one_to_one() {
        for day in (0..213_000).step_by(13) {
            assert_eq!(Date::of_day(day).days(), day);
        }
        assert_eq!(Date::of_day(19_782).to_string(), "2024-02-29");
        for text in ["2023-02-29", "2024-13-01", "1969-12-31", "2024-1-01", "2024/01/01", "2024-01-0x", ""] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_date_is_found_in_a_name() {
        let found = |text| Date::find(text).map(|date| date.to_string());
        assert_eq!(found("GOOG_2012-06-21_34200000_57600000_message_10.csv").as_deref(), Some("2012-06-21"));
        assert_eq!(found("20131007_spy_second_quote.csv").as_deref(), Some("2013-10-07"));
        assert_eq!(found("12302019.NASDAQ_ITCH50.gz").as_deref(), Some("2019-12-30"));
        assert_eq!(found("34200000_57600000"), None);
    }

    #[test]
    fn new_york_changes_its_clock() {
        let offset = |text: &str| text.parse::<Date>().expect(text).hours_behind_utc(Zone::NewYork);
        for (day, hours) in [
            ("2013-03-10", 5),
            ("2013-03-11", 4),
            ("2013-11-03", 4),
            ("2013-11-04", 5),
            ("2006-04-03", 4),
            ("2006-10-30", 5),
            ("2012-06-21", 4),
            ("2024-01-02", 5),
        ] {
            assert_eq!(offset(day), hours, "{day}");
        }
    }

    #[test]
    fn times_of_json_are_read_or_refused() {
        let at = UnixNanos::from_rfc3339("2026-08-09T21:05:48.170326Z").expect("as venues write it");
        assert_eq!(at.to_string(), "2026-08-09T21:05:48.170326000Z");
        for text in
            ["2026-08-09T21:05:48", "2026-08-09T25:05:48Z", "2026-08-09T21:05:48.1234567890Z", "T", "2026-08-09TZ"]
        {
            assert_eq!(UnixNanos::from_rfc3339(text), None, "{text}");
        }
    }
}
