//! A histogram of times: how late, how long.
//!
//! Invariant: a quantile is never below the true one and at most a sixteenth above it. Values below 16 are exact.
//!
//! Buckets are logarithmic: sixteen to every doubling, so that all of 64 bits fit in under a thousand counters and
//! recording is a shift and an increment.
//!
//! Left out: means. A mean of latencies hides what matters.

use crate::models::Nanos;
use std::fmt;

/// Bits of a value that its bucket keeps, below the leading one.
const KEPT: u32 = 4;
const PER_DOUBLING: usize = 1 << KEPT;
const BUCKETS: usize = (64 - KEPT as usize + 1) * PER_DOUBLING;

/// See the module's documentation.
///
/// ```
/// use hft_core::{models::Nanos, world::Histogram};
/// let mut late = Histogram::new();
/// (1..=100).for_each(|micros| late.record(Nanos::from_micros(micros)));
/// assert!(late.quantile(0.5) >= Nanos::from_micros(50) && late.quantile(0.5) < Nanos::from_micros(54));
/// assert_eq!((late.count(), late.max()), (100, Nanos::from_micros(100)));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Histogram {
    buckets: Vec<u64>,
    count: u64,
    max: Nanos,
}

impl Default for Histogram {
    fn default() -> Self {
        Self::new()
    }
}

impl Histogram {
    /// Without values.
    pub fn new() -> Self {
        Self { buckets: vec![0; BUCKETS], count: 0, max: Nanos::ZERO }
    }

    /// Takes in a value.
    #[inline]
    pub fn record(&mut self, value: Nanos) {
        self.buckets[bucket(value.count())] += 1;
        self.count += 1;
        self.max = self.max.max(value);
    }

    /// Takes in all values of another.
    pub fn add(&mut self, other: &Histogram) {
        for (sum, count) in self.buckets.iter_mut().zip(&other.buckets) {
            *sum += count;
        }
        self.count += other.count;
        self.max = self.max.max(other.max);
    }

    /// The buckets that hold something, in ascending order: their first and last values, and how many they hold.
    pub fn buckets(&self) -> impl Iterator<Item = (Nanos, Nanos, u64)> {
        let filled = self.buckets.iter().enumerate().filter(|(_, count)| **count > 0);
        filled.map(|(bucket, count)| {
            let first = if bucket == 0 { 0 } else { last_of(bucket - 1) + 1 };
            (Nanos::new(first), Nanos::new(last_of(bucket)), *count)
        })
    }

    /// How many values there are.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The largest value, exact; zero where there is none.
    pub const fn max(&self) -> Nanos {
        self.max
    }

    /// The least bucket's end that at least the share `q` (0 to 1) of all values does not exceed; zero without values.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a rank")]
    pub fn quantile(&self, q: f64) -> Nanos {
        let rank = (q * self.count as f64).ceil() as u64;
        let mut seen = 0;
        let found = self.buckets.iter().position(|count| {
            seen += count;
            seen >= rank.max(1)
        });
        found.map_or(Nanos::ZERO, |bucket| Nanos::new(last_of(bucket)).min(self.max))
    }
}

/// The bucket of a value.
#[inline]
const fn bucket(value: u64) -> usize {
    if value < PER_DOUBLING as u64 {
        return value as usize;
    }
    let shift = value.ilog2() - KEPT;
    ((shift as usize + 1) << KEPT) + (value >> shift) as usize - PER_DOUBLING
}

/// The largest value of a bucket.
const fn last_of(bucket: usize) -> u64 {
    if bucket < PER_DOUBLING {
        return bucket as u64;
    }
    let (shift, part) = ((bucket >> KEPT) - 1, (bucket % PER_DOUBLING + PER_DOUBLING) as u64);
    (part << shift) + ((1 << shift) - 1)
}

impl fmt::Display for Histogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|q| self.quantile(q));
        write!(f, "n={} p50={p50} p99={p99} p99.9={p999} max={} ns", self.count, self.max)
    }
}

impl fmt::Debug for Histogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_bucket_holds_its_value_closely(value in any::<u64>(), shift in 0..64_u32) {
            let value = value >> shift;
            let last = last_of(bucket(value));
            prop_assert!(last >= value && last - value <= value / 16, "{} in a bucket to {}", value, last);
            prop_assert!(bucket(value) < BUCKETS);
        }

        #[test]
        fn quantiles_agree_with_sorting(mut values in proptest::collection::vec(0..1_000_000_u64, 1..200), q in 0.0..=1.0_f64) {
            let mut histogram = Histogram::new();
            values.iter().for_each(|&value| histogram.record(Nanos::new(value)));
            values.sort_unstable();
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a rank")]
            let exact = values[((q * values.len() as f64).ceil() as usize).max(1) - 1];
            let got = histogram.quantile(q).count();
            prop_assert!(got >= exact && got - exact <= exact / 16, "{} for {}", got, exact);
        }
    }
}
