//! The published results that this pattern reproduces, as functions of any parameters, not only of the papers'.
//!
//! | name | reproduces |
//! |---|---|
//! | [`phrasebank`](sentiment::phrasebank) | Malo et al. (2014): sentiment of sentences in a file, on folds, beside its baselines |
//! | [`twitter`](sentiment::twitter) | the same of tweets in a file |
//! | [`lsh`](lsh::lsh) | Broder (1997): how often two sets meet in a band |
//! | [`event_study`](event_study::event_study) | Brown & Warner (1985): size and power of the test of abnormal returns |
//! | [`budget`](budget::budget) | what each stage of the reader takes, measured here and now |

pub mod budget;
mod corpus;
pub mod event_study;
pub mod lsh;
pub mod sentiment;

use hft_app::paper::PaperRow;

/// The seed of every random draw unless another is asked for: the year of the sentences, declared before anything was drawn.
pub const SEED: u64 = 2014;

/// A simulated figure may miss the exact one by so many of its standard errors: once in 16,000 rows.
const ERRORS: f64 = 4.0;

/// How a seed is told.
fn told(seed: u64) -> String {
    if seed == SEED { format!("{SEED}, declared beforehand") } else { seed.to_string() }
}

/// A row that passes from `gate` on.
fn at_least(row: PaperRow, gate: f64) -> PaperRow {
    let pass = Some(row.ours >= gate);
    PaperRow { tolerance: Some(0.0), pass, ..row.exact(gate) }
}

/// A row that passes up to `gate`.
fn at_most(row: PaperRow, gate: f64) -> PaperRow {
    let pass = Some(row.ours <= gate);
    PaperRow { tolerance: Some(0.0), pass, ..row.exact(gate) }
}
