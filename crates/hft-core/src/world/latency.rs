//! How long a link takes: a constant, a law, or what was measured.
//!
//! Invariant: a draw depends on the parameters and on the stream, and is the same on every platform. No draw is longer than
//! [`LATENCY_MAX_NS`].
//!
//! Left out: latencies that depend on the time of day or on load. A venue's gateway models load.

use super::draws::{exponential, normal};
use super::link::WiringError;
use crate::models::Nanos;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// The longest latency a link may have or draw: one hour, in ns. Draws beyond it are cut to it.
pub const LATENCY_MAX_NS: u64 = 3_600_000_000_000;

/// How long a link takes, in configuration. All times in ns.
///
/// ```
/// use hft_core::world::{Jitter, Latency};
/// let wire = Latency::Constant { ns: 5_000 };
/// let network = Latency::Jittered { base_ns: 50_000, extra: Jitter::Lognormal { median_ns: 20_000.0, sigma: 0.8 } };
/// let measured = Latency::Empirical { samples_ns: vec![41_000, 42_500, 42_500, 97_000] };
/// for latency in [wire, network, measured] {
///     latency.check()?;
/// }
/// assert!(Latency::Empirical { samples_ns: vec![] }.check().is_err());
/// # Ok::<(), hft_core::world::WiringError>(())
/// ```
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Latency {
    /// Always the same: the fast case, see [`Queue`](super::Queue).
    Constant {
        /// The latency.
        ns: u64,
    },
    /// A floor plus a random extra.
    Jittered {
        /// The floor.
        base_ns: u64,
        /// The law of the extra.
        extra: Jitter,
    },
    /// Drawn with equal chance from measured values.
    Empirical {
        /// The measured values; repeat one to make it likelier.
        samples_ns: Vec<u64>,
    },
}

/// The law of the random part of a latency.
///
/// Example: [`Latency`].
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "law", rename_all = "snake_case", deny_unknown_fields)]
pub enum Jitter {
    /// Exponential: the wait at a queue that is rarely busy.
    Exponential {
        /// Its mean, in ns.
        mean_ns: f64,
    },
    /// Lognormal: `median * exp(sigma * Z)`, the heavy right tail that networks show.
    Lognormal {
        /// Its median, in ns.
        median_ns: f64,
        /// Standard deviation of its logarithm.
        sigma: f64,
    },
}

impl Latency {
    /// No time at all: between a trader and its account.
    pub const NONE: Self = Latency::Constant { ns: 0 };

    /// The same latency for every message.
    ///
    /// ```
    /// use hft_core::{models::Nanos, world::Latency};
    /// assert_eq!(Latency::constant(Nanos::from_micros(5)), Latency::Constant { ns: 5_000 });
    /// ```
    pub const fn constant(latency: Nanos) -> Self {
        Latency::Constant { ns: latency.count() }
    }

    /// Checks every number in it.
    ///
    /// # Errors
    /// The first one that is out of range.
    pub fn check(&self) -> Result<(), WiringError> {
        let in_range = |&ns: &u64| if ns <= LATENCY_MAX_NS { Ok(()) } else { Err(WiringError::TooLong(ns)) };
        let sane = |x: f64| if x.is_finite() && x >= 0.0 { Ok(()) } else { Err(WiringError::BadLaw) };
        match self {
            Latency::Constant { ns } => in_range(ns),
            Latency::Jittered { base_ns, extra } => {
                in_range(base_ns)?;
                match *extra {
                    Jitter::Exponential { mean_ns } => sane(mean_ns),
                    Jitter::Lognormal { median_ns, sigma } => sane(median_ns).and_then(|()| sane(sigma)),
                }
            }
            Latency::Empirical { samples_ns } if samples_ns.is_empty() => Err(WiringError::NoSamples),
            Latency::Empirical { samples_ns } => samples_ns.iter().try_for_each(in_range),
        }
    }

    /// One draw.
    pub(super) fn draw(&self, stream: &mut ChaCha8Rng) -> Nanos {
        let ns = match self {
            Latency::Constant { ns } => *ns,
            Latency::Jittered { base_ns, extra } => base_ns.saturating_add(extra.draw(stream)),
            Latency::Empirical { samples_ns } => {
                let count = u32::try_from(samples_ns.len()).unwrap_or(u32::MAX);
                samples_ns[stream.random_range(0..count) as usize]
            }
        };
        Nanos::new(ns.min(LATENCY_MAX_NS))
    }
}

impl Jitter {
    /// One draw, in whole ns.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "never negative, and `as` saturates")]
    fn draw(self, stream: &mut ChaCha8Rng) -> u64 {
        match self {
            Jitter::Exponential { mean_ns } => (mean_ns * exponential(stream)) as u64,
            Jitter::Lognormal { median_ns, sigma } => (median_ns * libm::exp(sigma * normal(stream))) as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::stream;

    #[test]
    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    fn laws_have_their_moments() {
        let draws = |extra: Jitter| {
            let mut stream = stream(9, "moments");
            let mut drawn: Vec<u64> = (0..100_000).map(|_| extra.draw(&mut stream)).collect();
            drawn.sort_unstable();
            (drawn.iter().sum::<u64>() as f64 / 1e5, drawn[50_000] as f64)
        };
        let (mean, median) = draws(Jitter::Exponential { mean_ns: 1e6 });
        assert!((mean / 1e6 - 1.0).abs() < 0.01, "mean {mean}");
        assert!((median / (1e6 * std::f64::consts::LN_2) - 1.0).abs() < 0.015, "median {median}");
        let (mean, median) = draws(Jitter::Lognormal { median_ns: 1e6, sigma: 0.5 });
        assert!((mean / (1e6 * libm::exp(0.125)) - 1.0).abs() < 0.01, "mean {mean}");
        assert!((median / 1e6 - 1.0).abs() < 0.01, "median {median}");
    }

    #[test]
    fn first_draws_are_golden() {
        let draw = |latency: Latency| {
            let mut stream = stream(42, "golden");
            std::array::from_fn::<u64, 4, _>(|_| latency.draw(&mut stream).count())
        };
        let exponential = Jitter::Exponential { mean_ns: 1e6 };
        let lognormal = Jitter::Lognormal { median_ns: 1e6, sigma: 0.5 };
        assert_eq!(
            draw(Latency::Jittered { base_ns: 0, extra: exponential }),
            [386_059, 1_867_574, 1_192_532, 1_623_569]
        );
        assert_eq!(
            draw(Latency::Jittered { base_ns: 0, extra: lognormal }),
            [1_281_584, 1_285_990, 1_337_203, 2_065_566]
        );
        assert_eq!(draw(Latency::Empirical { samples_ns: vec![1, 2, 3, 4, 5] }), [5, 4, 1, 1]);
    }
}
