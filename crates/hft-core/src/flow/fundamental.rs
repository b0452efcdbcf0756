//! The hidden fundamental value: an Ornstein-Uhlenbeck process with jumps, `dX = kappa (mu - X) dt + sigma dW + J dN`.
//!
//! It is sampled on a grid with the exact transition of the diffusion, so the grid sets how often the informed hear of it and not
//! how it moves. With `kappa = 0` it is a Brownian motion with jumps.

use super::poisson_wait;
use crate::models::{HalfTicks, InstrumentId, Nanos, News, Price, Timestamp};
use crate::world::draws::normal;
use rand_chacha::ChaCha8Rng;
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
}

impl Default for FundamentalConfig {
    fn default() -> Self {
        Self { reversion_per_s: 0.01, volatility: 2.0, jumps_per_s: 0.05, jump_sd: 8.0, step_ms: 10 }
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
    rng: ChaCha8Rng,
}

impl Fundamental {
    /// A path that starts at `initial` and reverts to it.
    pub fn new(config: FundamentalConfig, instrument: InstrumentId, initial: Price, mut rng: ChaCha8Rng) -> Self {
        let step = Nanos::from_millis(config.step_ms.max(1));
        let (decay, step_sd) = transition(config, step);
        #[allow(clippy::cast_precision_loss, reason = "a model's number")]
        let mean = initial.ticks() as f64;
        let next_jump = poisson_wait(&mut rng, config.jumps_per_s);
        Self { instrument, mean, value: mean, step, time: Timestamp::START, decay, step_sd, config, next_jump, rng }
    }

    /// Goes one step further; the time and the value there, ticks.
    pub(super) fn step(&mut self) -> (Timestamp, f64) {
        self.time = self.time + self.step;
        self.value = self.mean + (self.value - self.mean) * self.decay + self.step_sd * normal(&mut self.rng);
        while self.next_jump <= self.time.to_secs_f64() {
            self.value += self.config.jump_sd * normal(&mut self.rng);
            self.next_jump += poisson_wait(&mut self.rng, self.config.jumps_per_s);
        }
        (self.time, self.value)
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
    let (dt, kappa) = (step.to_secs_f64(), config.reversion_per_s);
    let variance = if kappa > 0.0 { -libm::expm1(-2.0 * kappa * dt) / (2.0 * kappa) } else { dt };
    (libm::exp(-kappa * dt), config.volatility * variance.sqrt())
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
