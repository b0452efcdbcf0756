//! The task `replay`: the pattern's own strategies in a recorded market.
//!
//! ```text
//!   DATA.. ──► survey ──► World<Replayed>: for each fill model a venue, a desk and the pattern's strategies,
//!                             │            one History in all of them
//!                             ▼
//!                 the same run, recorder, run folder and summary as in the made-up market, and a chapter: PnL under each model
//! ```
//!
//! Invariant: the configuration of the run folder, with the files that it names, is the run: `verify` and `explain` need nothing else.
//!
//! Left out: several recorded books at once, and journals of runs by the clock: a recording is played as fast as the processor goes.

mod fill_models;
mod ladder;
mod market;
mod task;

pub use fill_models::{FillModelFlags, fill_model_error};
pub(crate) use market::stage;
pub use task::{ReplayFlags, replay};

use hft_core::models::{BookId, Instrument, Lots, Nanos};
use hft_core::trader::Strategy;
use hft_core::world::{Connection, Latency};
use std::fmt;

/// The account of those who traded in a recording.
pub(crate) const HISTORY: &str = "history";

/// What a pattern is told of a recorded market.
#[derive(Clone, Debug)]
pub struct Recorded<'a, Config> {
    /// The pattern's own table.
    pub config: &'a Config,
    /// The recorded book.
    pub book: RecordedBook<'a>,
}

/// A book in which recorded history trades.
#[derive(Clone, Debug)]
pub struct RecordedBook<'a> {
    /// Which book.
    pub book: BookId,
    /// Its contract, with the tick and the lot that the recording shows.
    pub instrument: &'a Instrument,
    /// What its feed took, as it was measured; nothing where the recording has one clock alone.
    pub feed: Option<Latency>,
}

/// A strategy and its lines.
pub struct Seat {
    /// The name of its trader.
    pub name: String,
    /// The strategy.
    pub strategy: Box<dyn Strategy>,
    /// To which books, and how.
    pub connections: Vec<(BookId, Connection)>,
}

/// Everything of a pattern that sits in a recorded market.
#[derive(Debug)]
pub struct Seated {
    /// Its strategies, all under one account.
    pub seats: Vec<Seat>,
    /// The horizon that separates adverse selection from inventory.
    pub horizon: Nanos,
    /// The position at which a strategy stops adding; where it has such a limit.
    pub inventory_limit: Option<Lots>,
}

impl fmt::Debug for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seat").field("name", &self.name).field("connections", &self.connections).finish_non_exhaustive()
    }
}
