//! The published results that this pattern reproduces, as functions of any parameters, not only of the papers'.
//!
//! | name | reproduces |
//! |---|---|
//! | [`johansen`](johansen()) | Johansen & Juselius (1990): rank tests and relations of any series in a file |
//! | [`bertram`](bertram()) | Bertram (2010): optimal thresholds and the length of a cycle |
//! | [`ou_bias`](ou_bias()) | Kendall (1954), Tang & Chen (2009): the bias of a short window, and what the filter of Avellaneda & Lee lets pass |
//! | [`ou_band`](ou_band()) | Bertram's rule on simulated processes |
//! | [`engle_granger`](engle_granger()) | MacKinnon (2010): how often the test errs on random walks |
//! | [`kalman`](kalman()) | the filter without drift against the sums of least squares |
//! | [`placebo`](placebo()) | the whole desk in its market, where nothing comes back and where something does |
//! | [`breaks`](breaks()) | Page (1954): false alarms and delays of the detector |

mod bertram;
mod breaks;
mod engle_granger;
mod johansen;
mod kalman;
mod ou_band;
mod ou_bias;
mod placebo;

pub use bertram::{BertramTable, bertram};
pub use breaks::{BreakTable, breaks};
pub use engle_granger::{EngleGrangerTable, engle_granger};
pub use johansen::{JohansenTable, johansen, read_columns};
pub use kalman::{KalmanTable, kalman};
pub use ou_band::{BandTable, ou_band};
pub use ou_bias::{BiasTable, ou_bias};
pub use placebo::{PlaceboTable, placebo};

/// The seed of every random draw unless another is asked for: the year of three of the papers, declared before anything was drawn.
pub const SEED: u64 = 2010;

/// A simulated figure may miss the exact one by so many of its standard errors: once in 16,000 rows.
const ERRORS: f64 = 4.0;

/// How a seed is told.
fn told(seed: u64) -> String {
    if seed == SEED { format!("{SEED}, declared beforehand") } else { seed.to_string() }
}
