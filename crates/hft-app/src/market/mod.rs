//! The task `market`: how like a real market ours is.
//!
//! ```text
//!   our market, run in lockstep ──► Transcript ──┐
//!                                                ├──► the same events ──► StylisedCollector ──► facts ──► card, report
//!   a recording of a real one ────► Recording ───┘
//! ```

pub mod calibrate;
pub mod score;
mod subject;

use crate::exit::Failure;
use crate::flags::Shared;
use crate::pattern::Pattern;
use crate::terminal::Terminal;
use calibrate::CalibrateFlags;
use clap::Subcommand;
use score::ScoreFlags;

/// What to do with the market.
#[derive(Clone, Debug, Subcommand)]
pub enum MarketTask {
    /// Hold the market against recordings of real ones: spread, depth, sizes, times, signs, tails, clusters, impact.
    Score(ScoreFlags),
    /// Fit the market to a recording: writes a [market] section, and holds the fitted market against it.
    Calibrate(CalibrateFlags),
}

/// Does it.
///
/// # Errors
/// As the task.
pub fn market<P: Pattern>(task: &MarketTask, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    match task {
        MarketTask::Score(flags) => score::score::<P>(flags, shared, terminal),
        MarketTask::Calibrate(flags) => calibrate::calibrate::<P>(flags, shared, terminal),
    }
}
