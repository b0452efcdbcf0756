//! The published results that this pattern reproduces, as functions of any parameters, not only of the papers'.
//!
//! | name | reproduces |
//! |---|---|
//! | [`epps`](epps()) | Epps (1979), Hayashi & Yoshida (2005): the correlation of two venues that print at times of their own |
//! | [`early_unwind`](early_unwind()) | Brennan & Schwartz (1990): how often an arbitrage can be closed early |
//! | [`information_share`](information_share()) | Hasbrouck (1995): bounds of any error correction model, and what a fit finds of them |
//! | [`arbitrage_option`](arbitrage_option()) | Brennan & Schwartz (1990): what it is worth to open and to close early |
//! | [`leg_slippage`](leg_slippage()) | what a leg costs that comes later, on the matching engine |

mod arbitrage_option;
mod early_unwind;
mod epps;
mod information_share;
mod leg_slippage;
mod quoted;

pub use arbitrage_option::{OptionTable, arbitrage_option};
pub use early_unwind::{UnwindTable, early_unwind};
pub use epps::{EppsTable, epps};
pub use information_share::{ShareTable, information_share};
pub use leg_slippage::{SlippageTable, leg_slippage};

/// The seed of every random draw unless another is asked for: the year of Brennan & Schwartz, declared before anything was drawn.
pub const SEED: u64 = 1990;

/// A simulated figure may miss the exact one by so many of its standard errors: once in 16,000 rows.
const ERRORS: f64 = 4.0;

/// How many paths one stream of random numbers serves.
const BLOCK: u64 = 1_000;

/// How a seed is told.
fn told(seed: u64) -> String {
    if seed == SEED { format!("{SEED}, declared beforehand") } else { seed.to_string() }
}
