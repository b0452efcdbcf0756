//! The synthetic world: a hidden fundamental value, and the background participants that make a market around it.
//!
//! Invariant: every participant is a [`Strategy`](crate::trader::Strategy) behind an account and a gate like any other,
//! so that positions and cash sum to zero over all of them; and each draws from a named stream of its own, so that adding one
//! leaves the others' draws alone.
//!
//! | who | knows | does | loses to |
//! |---|---|---|---|
//! | [`NoiseTraders`] | the touch | Poisson limit and market orders, independent cancels | everybody |
//! | [`InformedTrader`] | the value, a little late | takes quotes that are off it by more than its edge | nobody for long |
//! | [`CompetingMaker`] | its own view | quotes both sides, fades a side that was hit | the informed |
//!
//! Left out: self-excitation, estimated intensities and agents that learn. A Poisson book has no volatility clustering.

mod crowd;
mod factor_value;
mod fundamental;
mod informed;
mod maker;
mod noise;
mod tape;

pub use crowd::CrowdConfig;
pub use factor_value::{FactorValue, Regime};
pub use fundamental::{Fundamental, FundamentalConfig};
pub use informed::{InformedConfig, InformedTrader};
pub use maker::{CompetingMaker, MakerConfig};
pub use noise::{NoiseConfig, NoiseTraders};
pub use tape::Tape;

use crate::models::Nanos;
use crate::world::draws;
use rand_chacha::ChaCha8Rng;

/// A waiting time of a Poisson process with `rate` events a second; for ever at rate zero.
fn exponential(rng: &mut ChaCha8Rng, rate: f64) -> Nanos {
    Nanos::from_secs_f64(poisson_wait(rng, rate))
}

/// The same in seconds; infinite at rate zero.
fn poisson_wait(rng: &mut ChaCha8Rng, rate: f64) -> f64 {
    let unit = draws::exponential(rng);
    if rate > 0.0 { unit / rate } else { f64::INFINITY }
}

/// A whole number of at least one with this mean.
fn at_least_one(rng: &mut ChaCha8Rng, mean: f64) -> i64 {
    let failures = draws::geometric(rng, 1.0 / mean.max(1.0));
    i64::try_from(failures).map_or(i64::MAX, |extra| extra.saturating_add(1))
}
