//! The hidden value of one contract of many: `V_i(t) = v_i + sum_k beta_ik F_k(t) + X_i(t)`.
//!
//! Invariant: a factor `F_k` is a function of its seed and name alone, so every contract that is given the same stream sees the same
//! factor, and a contract more or less leaves all others as they are. `X_i` is the contract's own; from known moments on it may follow
//! another law, which is what a detector of breaks is held against.

use super::fundamental::told;
use super::{Fundamental, FundamentalConfig};
use crate::models::{News, Timestamp};
use std::collections::VecDeque;

/// What becomes of a contract's own part from a moment on.
///
/// Example: [`FactorValue`].
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Regime {
    /// The first moment of it.
    pub from: Timestamp,
    /// How far the own part, and what it reverts to, jump, ticks.
    pub shift: f64,
    /// The speed of reversion thereafter, 1/s; zero is a random walk.
    pub reversion_per_s: f64,
}

/// The path, as an endless sequence of timed values.
///
/// ```
/// use hft_core::flow::{FactorValue, Fundamental, FundamentalConfig, Regime};
/// use hft_core::models::{InstrumentId, News, Price, Timestamp};
/// use hft_core::world::stream;
/// let (walk, start) = (FundamentalConfig { reversion_per_s: 0.0, ..FundamentalConfig::default() }, Price::new(10_000));
/// let still = FundamentalConfig { volatility: 0.0, jumps_per_s: 0.0, ..walk };
/// let factor = || Fundamental::new(walk, InstrumentId(0), Price::ZERO, stream(7, "factor/0"));
/// let value = |id, beta| {
///     let own = Fundamental::new(still, InstrumentId(id), start, stream(7, "own"));
///     FactorValue::new(own, vec![(beta, factor())], Vec::new())
/// };
/// let at = |(_, news): (Timestamp, News)| match news {
///     News::Value { value, .. } => value.count() - 20_000,
///     News::Headline { .. } => unreachable!("a value's tape tells values"),
/// };
/// let twice_as_far = value(1, 1.0).zip(value(2, 2.0)).take(500).all(|(one, two)| (at(two) - 2 * at(one)).abs() <= 2);
/// assert!(twice_as_far, "one factor, two loadings; half ticks are rounded");
///
/// let own = Fundamental::new(still, InstrumentId(0), start, stream(7, "own"));
/// let regime = Regime { from: Timestamp::new(1_000_000_000), shift: 50.0, reversion_per_s: 0.0 };
/// let values: Vec<_> = FactorValue::new(own, Vec::new(), vec![regime]).take(100).map(at).collect();
/// assert_eq!((values[98], values[99]), (0, 100));
/// ```
#[derive(Debug)]
pub struct FactorValue {
    own: Fundamental,
    common: Vec<(f64, Fundamental)>,
    regimes: VecDeque<Regime>,
}

impl FactorValue {
    /// The value of the contract that `own` is of, which starts where `own` starts. Each factor comes with its loading; where a factor
    /// starts does not matter, only how far it has moved. `regimes` stand in the order of their times.
    pub fn new(own: Fundamental, common: Vec<(f64, Fundamental)>, regimes: Vec<Regime>) -> Self {
        Self { own, common, regimes: regimes.into() }
    }

    /// The law of an own part with this standard deviation in the long run, ticks, which halves its distance in so many seconds.
    pub fn reverting(sd: f64, half_life_s: f64, step_ms: u64) -> FundamentalConfig {
        let reversion_per_s = std::f64::consts::LN_2 / half_life_s;
        let volatility = sd * libm::sqrt(2.0 * reversion_per_s);
        let still = FundamentalConfig { jumps_per_s: 0.0, jump_sd: 0.0, step_ms, ..FundamentalConfig::default() };
        FundamentalConfig { reversion_per_s, volatility, ..still }
    }
}

impl Iterator for FactorValue {
    type Item = (Timestamp, News);

    fn next(&mut self) -> Option<Self::Item> {
        let (time, mut value) = self.own.step();
        // At its first moment: the step that led there was of the old law.
        while let Some(regime) = self.regimes.pop_front_if(|regime| regime.from <= time) {
            self.own.change(regime.shift, regime.reversion_per_s);
            value += regime.shift;
        }
        for (loading, factor) in &mut self.common {
            let start = factor.mean();
            value += *loading * (factor.step().1 - start);
        }
        Some((time, told(self.own.instrument(), value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{InstrumentId, Price};
    use crate::world::stream;

    fn path(config: FundamentalConfig, regimes: Vec<Regime>) -> impl Iterator<Item = f64> {
        let own = Fundamental::new(config, InstrumentId(0), Price::new(10_000), stream(3, "own"));
        FactorValue::new(own, Vec::new(), regimes).map(|(_, news)| match news {
            #[allow(clippy::cast_precision_loss, reason = "statistics")]
            News::Value { value, .. } => value.count() as f64 / 2.0 - 10_000.0,
            News::Headline { .. } => unreachable!("a value's tape tells values"),
        })
    }

    /// Of an Ornstein-Uhlenbeck process: the deviation in the long run, and half the distance after one half-life.
    #[test]
    fn the_own_part_has_the_deviation_and_the_half_life_it_was_made_with() {
        let config = FactorValue::reverting(15.0, 2.0, 10);
        let values: Vec<f64> = path(config, Vec::new()).take(2_000_000).collect();
        let covariance = |lag: usize| {
            let products = values.iter().zip(&values[lag..]).map(|(a, b)| a * b);
            products.sum::<f64>() / f64::from(u32::try_from(values.len() - lag).expect("it fits"))
        };
        // 20,000 s are 3,466 times the time 1/(2 kappa): the variance is known to about 2.4 % (one standard error).
        assert!((covariance(0).sqrt() - 15.0).abs() < 0.8, "{}", covariance(0).sqrt());
        let kept = covariance(200) / covariance(0);
        assert!((kept - 0.5).abs() < 0.06, "after two seconds {kept} of it is left");
    }

    /// Where reversion ends, the variance of changes over a long time grows with it.
    #[test]
    fn from_its_moment_on_a_regime_is_another_law() {
        let config = FactorValue::reverting(15.0, 2.0, 10);
        let from = Timestamp::new(20_000_000_000_000);
        let regime = Regime { from, shift: 0.0, reversion_per_s: 0.0 };
        let values: Vec<f64> = path(config, vec![regime]).take(4_000_000).collect();
        let spread = |part: &[f64]| {
            let changes = part.chunks_exact(5_000).map(|chunk| chunk[4_999] - chunk[0]);
            libm::sqrt(changes.clone().map(|change| change * change).sum::<f64>() / 400.0)
        };
        // Before: sqrt(2) deviations. After: 12.49 ticks a root second over 50 s, 88.3; one standard error is 3.5 %.
        let (before, after) = (spread(&values[..2_000_000]), spread(&values[2_000_000..]));
        assert!((before - 21.2).abs() < 3.0, "{before}");
        assert!((after - 88.3).abs() < 12.0, "{after}");
    }
}
