//! Published laws of the market itself, reproduced by every pattern's binary: `paper cont-stoikov-talreja`.
//!
//! | name | reproduces |
//! |---|---|
//! | [`cont_stoikov_talreja`] | tables 3, 4 and 5 of Cont, Stoikov & Talreja (2010), by solver and on the matching engine; the book's long run |
//! | [`hawkes`] | mean rate and long-run Fano factor of Hawkes (1971) |
//! | [`queue_reactive`] | the invariant law of a queue of Huang, Lehalle & Rosenbaum (2015) |
//! | [`cont_de_larrard`] | which way the mid goes next in the balanced queues of Cont & de Larrard (2013) |
//! | [`santa_fe`] | the collapse of the spread of Smith, Farmer, Gillemot & Krishnamurthy (2003) |
//! | [`market`] | all of them in one table |
//!
//! One file for each paper's table; the laws, as pure functions, are the core's [`laws`](hft_core::flow::laws), of which a run's market may be made
//! too; the book that they are tried on here is in [`poisson_book`].
//! Every seed is the paper's year, declared before anything was drawn.

pub mod cont_de_larrard;
pub mod cont_stoikov_talreja;
mod cst_long_run;
pub mod hawkes;
pub mod market;
pub mod poisson_book;
pub mod queue_reactive;
pub mod santa_fe;
pub mod unit_orders;
pub mod unit_queue;

use crate::paper::{Paper, in_parallel};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// All of them.
pub fn papers() -> Vec<Paper> {
    vec![
        cont_stoikov_talreja::paper(),
        hawkes::paper(),
        queue_reactive::paper(),
        cont_de_larrard::paper(),
        santa_fe::paper(),
        market::paper(),
    ]
}

/// A stream of a paper's random numbers.
fn stream(seed: u64, number: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(number);
    rng
}

/// Does all jobs on all cores; the results stand in the order of the jobs, whoever did them.
fn on_all_cores<J: Sync, T: Send>(jobs: &[J], work: impl Fn(&J) -> T + Sync) -> Vec<T> {
    let job = |number: u64| &jobs[usize::try_from(number).expect("a number of a job")];
    in_parallel(jobs.len() as u64, |number| work(job(number)))
}

/// How far a share may be from its law: so much at as many replications as the gate was made for, else five standard errors.
fn share_tolerance(gated: f64, gated_replications: u64, replications: u64, exact: f64) -> f64 {
    if replications >= gated_replications { gated } else { 5.0 * share_error(exact, replications) + 1e-9 }
}

/// Standard error of a share of so many replications.
fn share_error(share: f64, replications: u64) -> f64 {
    libm::sqrt((share * (1.0 - share)).max(0.0) / replications as f64)
}
