//! The synthetic world: the background participants that make a market, around a hidden fundamental value or after a published model.
//!
//! Invariant: every participant is a [`Strategy`](crate::trader::Strategy) behind an account and a gate like any other,
//! so that positions and cash sum to zero over all of them; and each draws from a named stream of its own, so that adding one
//! leaves the others' draws alone.
//!
//! [`CrowdConfig`] is the market of a book, and its [`FlowModel`] says which:
//!
//! | model | who | value |
//! |---|---|---|
//! | `crowd` | [`NoiseTraders`], [`InformedTrader`], [`CompetingMaker`] | [`Fundamental`] |
//! | `cst`, `santa-fe`, `queue-reactive`, `hawkes`, `balanced-queues` | one participant that makes the published process ([`laws`]) | none |
//! | `ecology` | noise, informed, snipers, value, momentum, executors and makers that fade, in a named mix | [`Fundamental`], moved by [`Headlines`] |
//!
//! Left out: agents that learn. What each model cannot have is said where it stands.

mod crowd;
mod dice;
mod ecology;
mod factor_value;
mod fundamental;
mod headlines;
mod informed;
pub mod laws;
mod maker;
mod model;
mod noise;
mod published;
mod tape;

pub use crowd::CrowdConfig;
pub use dice::Dice;
pub use ecology::{EcologyConfig, EcologyMix};
pub use factor_value::{FactorValue, Regime};
pub use fundamental::{Fundamental, FundamentalConfig};
pub use headlines::{Headline, Headlines};
pub use informed::{InformedConfig, InformedTrader};
pub use maker::{CompetingMaker, MakerConfig};
pub use model::FlowModel;
pub use noise::{NoiseConfig, NoiseTraders};
pub use published::{BalancedQueuesConfig, CstConfig, FlowError, HawkesConfig, QueueReactiveConfig, SantaFeConfig};
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
