//! The laws of published models of order flow, as pure functions in the papers' symbols, with their solvers.
//!
//! Invariant: each rate table stands once. The participants of a world (`published`), the shell's papers and the solvers read the same.
//!
//! | law | of | solved |
//! |---|---|---|
//! | [`PoissonRates`], drawn by [`PoissonClocks`] | Cont, Stoikov & Talreja (2010); Smith, Farmer, Gillemot & Krishnamurthy (2003) | [`BestQueues`]: the best queues until the mid moves |
//! | [`QueueReactive`] | Huang, Lehalle & Rosenbaum (2015) | the invariant law of a queue |
//! | [`Hawkes`], drawn by [`HawkesClock`] | Hawkes (1971) | stationarity, mean rates, Fano factor |
//! | [`balanced_queues`] | Cont & de Larrard (2013) | which queue empties first |

#![allow(clippy::cast_precision_loss, reason = "the numbers of models")]

pub mod balanced_queues;
mod birth_death;
mod hawkes;
mod poisson_clocks;
mod poisson_rates;
mod queue_reactive;

pub use birth_death::{BestQueues, LONGEST};
pub use hawkes::{Hawkes, HawkesClock};
pub use poisson_clocks::{Arrival, PoissonClocks};
pub use poisson_rates::{CST_LAMBDA, CST_THETA, PoissonRates};
pub use queue_reactive::QueueReactive;
