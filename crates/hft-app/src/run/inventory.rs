//! The position in one contract over time: its average, its extremes, and how fast it is forgotten.

use hft_core::models::{Lots, Nanos, Timestamp};

/// How many samples a half-life is estimated from at least.
const SAMPLES_MIN: u64 = 100;

/// How many half-lives a run must last for an estimate of one to mean something.
const HALF_LIVES_MIN: f64 = 10.0;

/// Statistics of a position that is held from change to change, and sampled at equal distances.
#[derive(Clone, Debug, Default)]
pub(super) struct Inventory {
    position: i128,
    since: Timestamp,
    /// Integral of the position over time, lots x ns.
    area: i128,
    largest: i128,
    at_limit: Nanos,
    samples: u64,
    last: Option<f64>,
    sum: f64,
    squares: f64,
    products: f64,
}

impl Inventory {
    /// The position is `lots` from now on.
    pub(super) fn set(&mut self, now: Timestamp, lots: Lots, limit: Option<Lots>) {
        self.pass(now, limit);
        self.position = i128::from(lots.count());
        self.largest = self.largest.max(self.position.abs());
    }

    /// Time has passed.
    pub(super) fn pass(&mut self, now: Timestamp, limit: Option<Lots>) {
        let passed = now.since(self.since);
        self.area += self.position * i128::from(passed.count());
        if limit.is_some_and(|limit| self.position.abs() >= i128::from(limit.count())) {
            self.at_limit += passed;
        }
        self.since = self.since.max(now);
    }

    /// A sample of the position as it is.
    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    pub(super) fn sample(&mut self) {
        let position = self.position as f64;
        self.samples += 1;
        self.sum += position;
        self.squares += position * position;
        if let Some(last) = self.last.replace(position) {
            self.products += last * position;
        }
    }

    /// Lots, signed.
    pub(super) const fn position(&self) -> i128 {
        self.position
    }

    /// Time average, lots.
    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    pub(super) fn mean(&self) -> f64 {
        if self.since == Timestamp::START { 0.0 } else { self.area as f64 / self.since.nanos() as f64 }
    }

    /// The largest size, whichever way, lots.
    pub(super) const fn largest(&self) -> i128 {
        self.largest
    }

    /// Share of the time at the limit.
    pub(super) fn share_at_limit(&self) -> f64 {
        let all = self.since.since(Timestamp::START).to_secs_f64();
        if all > 0.0 { self.at_limit.to_secs_f64() / all } else { 0.0 }
    }

    /// Half-life of the position's autocorrelation, s, from samples `every` apart: that of the first-order autoregression with
    /// their lag-one correlation. None where the run is too short for it, or nothing reverts.
    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    pub(super) fn half_life(&self, every: Nanos) -> Option<f64> {
        if self.samples < SAMPLES_MIN {
            return None;
        }
        let n = self.samples as f64;
        let mean = self.sum / n;
        let (variance, covariance) = (self.squares / n - mean * mean, self.products / (n - 1.0) - mean * mean);
        let correlation = if variance > 0.0 { covariance / variance } else { return None };
        let half_life = every.to_secs_f64() * core::f64::consts::LN_2 / -log(correlation)?;
        (half_life * HALF_LIVES_MIN <= n * every.to_secs_f64()).then_some(half_life)
    }
}

/// The logarithm of a correlation between zero and one.
fn log(correlation: f64) -> Option<f64> {
    (correlation > 0.0 && correlation < 1.0).then(|| libm::log2(correlation) * core::f64::consts::LN_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> Timestamp {
        Timestamp::START + Nanos::from_secs(secs)
    }

    #[test]
    fn averages_are_over_time() {
        let mut inventory = Inventory::default();
        let limit = Some(Lots::new(4));
        inventory.set(at(1), Lots::new(4), limit);
        inventory.set(at(3), Lots::new(-1), limit);
        inventory.pass(at(5), limit);
        assert!((inventory.mean() - 6.0 / 5.0).abs() < 1e-12, "0 for 1 s, 4 for 2 s, -1 for 2 s");
        assert_eq!(inventory.largest(), 4);
        assert!((inventory.share_at_limit() - 0.4).abs() < 1e-12);
    }

    /// An autoregression of coefficient 0.8 forgets half in ln 2 / -ln 0.8 = 3.106 steps.
    #[test]
    fn an_autoregression_has_the_half_life_of_its_coefficient() {
        let (mut inventory, mut position, mut dice) = (Inventory::default(), 0_i64, 7_u64);
        for second in 0..20_000 {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            position = position * 8 / 10 + i64::try_from(dice >> 44).expect("20 bits") - (1 << 19);
            inventory.set(at(second), Lots::new(position), None);
            inventory.sample();
        }
        let half_life = inventory.half_life(Nanos::from_secs(1)).expect("enough samples");
        assert!((half_life - 3.106).abs() < 0.15, "{half_life}");
        assert_eq!(Inventory::default().half_life(Nanos::from_secs(1)), None, "too short");
    }
}
