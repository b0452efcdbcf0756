//! The published results that this pattern reproduces, as functions of any parameters, not only of the papers'.
//!
//! | name | reproduces |
//! |---|---|
//! | [`budish_cramton_shim`](budish_cramton_shim()) | half-spread, rents and lost races of Budish, Cramton & Shim (2015), on the real matching engine |

mod arena;
mod budish_cramton_shim;

pub use arena::{Played, Speed, play_batches, play_continuous};
pub use budish_cramton_shim::{BudishCramtonShim, Market, SEED, budish_cramton_shim};
