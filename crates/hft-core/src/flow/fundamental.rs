//! The hidden fundamental value: an Ornstein-Uhlenbeck process with jumps, `dX = kappa (mu - X) dt + sigma_t dW + J dN + H dM`.
//!
//! It is sampled on a grid with the exact transition of the diffusion, so the grid sets how often the informed hear of it and not
//! how it moves. With `kappa = 0` it is a Brownian motion with jumps. `M` counts [`Headlines`], which are published as they move the value.
//!
//! The volatility may wander: `sigma_t = sigma exp(Y_t - Var Y)`, `dY = -lambda Y dt + xi dB` (Scott 1987), so that the mean of its square
//! is `sigma^2`; it is held within a step of the grid.

use super::{Dice, Headlines, poisson_wait};
use crate::models::{HalfTicks, InstrumentId, Nanos, News, Price, Timestamp};
use crate::world::draws::normal;
use serde::{Deserialize, Serialize};

/// The law of the value. Prices in ticks, time in seconds.
///
/// Example: [`Fundamental`].
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FundamentalConfig {
    /// Speed of reversion to the initial value, 1/s.
    pub reversion_per_s: f64,
    /// Volatility of the diffusion, ticks per square root of a second.
    pub volatility: f64,
    /// Jumps a second.
    pub jumps_per_s: f64,
    /// Standard deviation of a jump, ticks.
    pub jump_sd: f64,
    /// Sampling grid, ms.
    pub step_ms: u64,
    /// Volatility of the logarithm of the volatility, per square root of a second; zero: the volatility is constant.
    pub vol_of_vol: f64,
    /// Speed at which that returns to its mean, 1/s.
    pub vol_reversion_per_s: f64,
    /// Published items a second that move the value.
    pub headlines_per_s: f64,
    /// Standard deviation of what a published item moves it by, ticks.
    pub headline_sd: f64,
}

impl Default for FundamentalConfig {
    fn default() -> Self {
        Self {
            reversion_per_s: 0.01,
            volatility: 2.0,
            jumps_per_s: 0.05,
            jump_sd: 8.0,
            step_ms: 10,
            vol_of_vol: 0.0,
            vol_reversion_per_s: 0.2,
            headlines_per_s: 0.0,
            headline_sd: 0.0,
        }
    }
}

/// The path, as an endless sequence of timed values.
///
/// ```
/// use hft_core::flow::{Fundamental, FundamentalConfig};
/// use hft_core::models::{InstrumentId, Price};
/// use hft_core::world::stream;
/// let config = FundamentalConfig::default();
/// let path = Fundamental::new(config, InstrumentId(0), Price::new(10_000), stream(7, "value"));
/// let (time, _value) = path.take(100).last().expect("endless");
/// assert_eq!(time.to_secs_f64(), 1.0);
/// ```
#[derive(Debug)]
pub struct Fundamental {
    instrument: InstrumentId,
    mean: f64,
    value: f64,
    step: Nanos,
    time: Timestamp,
    /// `e^(-kappa dt)` and the standard deviation of one step.
    decay: f64,
    step_sd: f64,
    config: FundamentalConfig,
    next_jump: f64,
    /// Logarithm of the volatility over its mean.
    log_vol: f64,
    headlines: Option<Headlines>,
    dice: Dice,
}

impl Fundamental {
    /// A path that starts at `initial` and reverts to it.
    pub fn new(config: FundamentalConfig, instrument: InstrumentId, initial: Price, dice: impl Into<Dice>) -> Self {
        let mut dice = dice.into();
        let step = Nanos::from_millis(config.step_ms.max(1));
        let (decay, step_sd) = transition(config, step);
        #[allow(clippy::cast_precision_loss, reason = "a model's number")]
        let mean = initial.ticks() as f64;
        let next_jump = poisson_wait(dice.at(Timestamp::START), config.jumps_per_s);
        Self {
            instrument,
            mean,
            value: mean,
            step,
            time: Timestamp::START,
            decay,
            step_sd,
            config,
            next_jump,
            log_vol: 0.0,
            headlines: None,
            dice,
        }
    }

    /// The same, moved by these headlines besides: at the first sample at or after each.
    #[must_use]
    pub fn with_headlines(self, headlines: Headlines) -> Self {
        Self { headlines: Some(headlines), ..self }
    }

    /// Goes one step further; the time and the value there, ticks.
    pub(super) fn step(&mut self) -> (Timestamp, f64) {
        self.time = self.time + self.step;
        let step_sd = self.step_sd * self.volatility();
        let rng = self.dice.at(self.time);
        self.value = self.mean + (self.value - self.mean) * self.decay + step_sd * normal(rng);
        while self.next_jump <= self.time.to_secs_f64() {
            self.value += self.config.jump_sd * normal(rng);
            self.next_jump += poisson_wait(rng, self.config.jumps_per_s);
        }
        while let Some(headline) = self.headlines.as_mut().and_then(|all| all.until(self.time)) {
            self.value += headline.impact;
        }
        (self.time, self.value)
    }

    /// The volatility of the next step over its mean, whose own next step this is.
    fn volatility(&mut self) -> f64 {
        let FundamentalConfig { vol_of_vol: xi, vol_reversion_per_s: lambda, .. } = self.config;
        if xi <= 0.0 {
            return 1.0;
        }
        let (decay, variance) = ornstein_uhlenbeck(lambda, self.step.to_secs_f64());
        let now = self.log_vol;
        self.log_vol = now * decay + xi * libm::sqrt(variance) * normal(self.dice.at(self.time));
        let stationary = if lambda > 0.0 { xi * xi / (2.0 * lambda) } else { 0.0 };
        libm::exp(now - stationary)
    }

    /// From the next step on, the value and what it reverts to stand `shift` ticks higher, and it reverts at this speed.
    pub(super) fn change(&mut self, shift: f64, reversion_per_s: f64) {
        self.mean += shift;
        self.value += shift;
        self.config.reversion_per_s = reversion_per_s;
        (self.decay, self.step_sd) = transition(self.config, self.step);
    }

    /// What it is the value of.
    pub(super) const fn instrument(&self) -> InstrumentId {
        self.instrument
    }

    /// What it reverts to, ticks.
    pub(super) const fn mean(&self) -> f64 {
        self.mean
    }
}

/// `e^(-kappa dt)` and the standard deviation of a step.
fn transition(config: FundamentalConfig, step: Nanos) -> (f64, f64) {
    let (decay, variance) = ornstein_uhlenbeck(config.reversion_per_s, step.to_secs_f64());
    (decay, config.volatility * variance.sqrt())
}

/// `e^(-kappa dt)`, and the variance of a step at unit volatility.
fn ornstein_uhlenbeck(kappa: f64, dt: f64) -> (f64, f64) {
    let variance = if kappa > 0.0 { -libm::expm1(-2.0 * kappa * dt) / (2.0 * kappa) } else { dt };
    (libm::exp(-kappa * dt), variance)
}

/// A value in ticks as the market tells it.
pub(super) fn told(instrument: InstrumentId, value: f64) -> News {
    #[allow(clippy::cast_possible_truncation, reason = "`as` saturates; a value is near its mean")]
    let value = HalfTicks::new((value * 2.0).round() as i128);
    News::Value { instrument, value }
}

impl Iterator for Fundamental {
    type Item = (Timestamp, News);

    fn next(&mut self) -> Option<Self::Item> {
        let (time, value) = self.step();
        Some((time, told(self.instrument, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::stream;

    /// Changes of the value over steps of so many ms, ticks.
    fn changes(config: FundamentalConfig, count: usize) -> Vec<f64> {
        let mut path = Fundamental::new(config, InstrumentId(0), Price::new(10_000), stream(5, "value"));
        let values: Vec<f64> = (0..=count).map(|_| path.step().1).collect();
        values.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    fn moment(list: &[f64], power: i32) -> f64 {
        list.iter().map(|x| x.powi(power)).sum::<f64>() / list.len() as f64
    }

    const WALK: FundamentalConfig = FundamentalConfig {
        reversion_per_s: 0.0,
        volatility: 2.0,
        jumps_per_s: 0.0,
        jump_sd: 0.0,
        step_ms: 100,
        vol_of_vol: 0.0,
        vol_reversion_per_s: 0.2,
        headlines_per_s: 0.0,
        headline_sd: 0.0,
    };

    /// `Var Y = xi^2 / (2 lambda) = 0.4`: the square of the volatility has mean `sigma^2`, and the kurtosis of changes is
    /// `3 E sigma^4 / (E sigma^2)^2 = 3 e^{4 Var Y}`.
    #[test]
    fn a_wandering_volatility_keeps_the_variance_and_clusters() {
        let config = FundamentalConfig { vol_of_vol: 0.4, ..WALK };
        let changes = changes(config, 400_000);
        let squares: Vec<f64> = changes.iter().map(|x| x * x).collect();
        let (variance, plain) = (moment(&changes, 2), 2.0 * 2.0 * 0.1);
        assert!((variance / plain - 1.0).abs() < 0.1, "{variance} beside {plain}");
        let kurtosis = moment(&changes, 4) / (variance * variance);
        assert!((8.0..24.0).contains(&kurtosis), "3 e^1.6 = 14.9, not {kurtosis}");
        let lag = |lag: usize| {
            let products: Vec<f64> =
                squares.iter().zip(&squares[lag..]).map(|(a, b)| (a - variance) * (b - variance)).collect();
            moment(&products, 1) / (moment(&squares, 2) - variance * variance)
        };
        assert!(
            lag(1) > 0.1 && lag(1) > lag(100),
            "a second that moved is followed by others: {} {}",
            lag(1),
            lag(100)
        );
    }

    /// A headline moves the value when it is published, by what it says.
    #[test]
    fn headlines_move_the_value() {
        let still = FundamentalConfig { volatility: 0.0, ..WALK };
        let headlines = || Headlines::new(0.5, 20.0, stream(5, "headlines"));
        let mut path = Fundamental::new(still, InstrumentId(0), Price::new(10_000), stream(5, "value"))
            .with_headlines(headlines());
        let mut expected = 10_000.0;
        let mut known = headlines();
        for _ in 0..1_000 {
            let (time, value) = path.step();
            while let Some(headline) = known.until(time) {
                expected += headline.impact;
            }
            assert!((value - expected).abs() < 1e-6, "{time}: {value} {expected}");
        }
        assert!((expected - 10_000.0).abs() > 1.0, "a hundred seconds have headlines");
    }

    #[test]
    fn after_its_fork_a_path_is_another() {
        let fork = Timestamp::new(5_000_000_000);
        let plain = Fundamental::new(WALK, InstrumentId(0), Price::new(10_000), stream(5, "value"));
        let forked = Dice::from(stream(5, "value")).forked(fork, stream(5, "other"));
        let forked = Fundamental::new(WALK, InstrumentId(0), Price::new(10_000), forked);
        let pairs: Vec<_> = plain.zip(forked).take(200).collect();
        let differ = |((_, one), (_, other)): &((Timestamp, News), (Timestamp, News))| one != other;
        let (before, after): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|((time, _), _)| *time <= fork);
        assert!(!before.iter().any(differ) && after.iter().filter(|pair| differ(pair)).count() > 100);
    }
}
