//! The market's integers as numbers for files and people, without the noise of floats.
//!
//! Invariant: one division of two integers, so one rounding. Its result is the double next to the exact decimal, and prints as that
//! decimal: 0.175 and never 0.17500000000000002.

use hft_core::models::{HalfTicks, Instrument, Nanos, Timestamp};

/// A span in seconds.
#[allow(clippy::cast_precision_loss, reason = "exact up to a hundred days")]
pub fn seconds(span: Nanos) -> f64 {
    span.count() as f64 / 1e9
}

/// A moment in seconds since the start.
pub fn seconds_at(time: Timestamp) -> f64 {
    seconds(time.since(Timestamp::START))
}

/// A price, a midpoint or a distance in price units.
#[allow(clippy::cast_precision_loss, reason = "exact up to fifteen digits")]
pub fn price_units(instrument: &Instrument, level: HalfTicks) -> f64 {
    let tick = instrument.tick_size();
    let (units, one) = (level.count() * i128::from(tick.mantissa()), 2 * 10u64.pow(tick.scale()));
    units as f64 / one as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_prints_as_it_was_written() {
        for (nanos, printed) in [(120_000_000_000, "120"), (3_152_500_000, "3.1525"), (100_070_000_000, "100.07")] {
            assert_eq!(seconds(Nanos::new(nanos)).to_string(), printed);
            assert_eq!(seconds_at(Timestamp::new(nanos)).to_string(), printed);
        }
    }
}
