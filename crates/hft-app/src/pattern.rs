//! What a pattern tells the shell about itself.

use crate::config::{self, Breach, Described, REPLAY, ReplayConfig, RunConfig, Table, market_table, risk_table};
use crate::paper::Paper;
use crate::replay::{Recorded, Seated};
use crate::scenario::{Parts, Scenario};
use hft_core::risk::{Limits, RateLimit};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::Path;

/// One trading pattern: a name, a table of knobs, and the papers that it reproduces.
///
/// A pattern's `main.rs` is `fn main() -> std::process::ExitCode { hft_app::main::<PassiveMm>() }`.
pub trait Pattern {
    /// The type of the pattern's own table.
    type Config: Described;

    /// The type of `[market]`: the crowd that it trades with.
    type Market: Serialize + DeserializeOwned + Default + 'static;

    /// The name of the binary: `hft-passive-mm`.
    const NAME: &'static str;

    /// The name of its table: one of [`PATTERN_TABLES`](crate::config::PATTERN_TABLES).
    const TABLE: &'static str;

    /// The pattern in a sentence.
    const ABOUT: &'static str;

    /// What a reader should know before the first fill of a run is printed, where the pattern needs such words.
    const FOREWORD: &'static str = "";

    /// The version that `--version` and the manifest name.
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    /// The market in which the pattern trades.
    ///
    /// # Errors
    /// When the configuration cannot be traded: what the tables' own checks could not know.
    fn scenario(parts: Parts<'_, Self::Config, Self::Market>) -> anyhow::Result<Scenario>;

    /// Its strategies in a recorded market: the same objects as in the made-up one. Asked once for each fill model, with books that differ
    /// in nothing but their fills.
    ///
    /// # Errors
    /// When it cannot trade such a recording: in a sentence, what it would need.
    fn recorded(_parts: Recorded<'_, Self::Config>) -> anyhow::Result<Seated> {
        anyhow::bail!(
            "{} trades several books at once, and a recording has one: it cannot be replayed here",
            Self::NAME
        )
    }

    /// What `explain` changes, one thing at a time, to ask what would have come of it: keys of its own table, and what they are set
    /// to. `--what-if` asks something else.
    fn what_ifs(_own: &Self::Config) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// The published results that it reproduces.
    fn papers() -> Vec<Paper> {
        Vec::new()
    }
}

/// All tables of a pattern's configuration in its made-up market: `[run]`, the other shared ones, its own.
pub fn tables<P: Pattern>() -> Vec<Table> {
    let mut tables = vec![RunConfig::table()];
    tables.extend([risk_table::<Limits>(contradictions), market_table::<P::Market>()]);
    tables.push(Table::described::<P::Config>(P::TABLE, P::ABOUT));
    tables
}

/// All tables of a pattern's configuration in a recorded market: `[replay]` takes the place of `[market]`.
pub fn replay_tables<P: Pattern>() -> Vec<Table> {
    let mut tables = vec![RunConfig::table(), ReplayConfig::table()];
    tables.push(risk_table::<Limits>(contradictions));
    tables.push(Table::described::<P::Config>(P::TABLE, P::ABOUT));
    tables
}

/// What the ranges of single limits cannot say; all that `Limits::validate` would, they do.
fn contradictions(limits: &Limits) -> Vec<Breach> {
    let rate = limits.rate.filter(|rate| rate.cancel_reserve > rate.capacity);
    let problem = |rate: RateLimit| format!("must be at most risk.rate.capacity = {}", rate.capacity);
    rate.map(|rate| Breach { key: "rate.cancel_reserve", problem: problem(rate) }).into_iter().collect()
}

/// The tables of the configuration that a run folder keeps: whichever market it was.
pub fn kept_tables<P: Pattern>(file: &Path) -> Vec<Table> {
    let is_recorded = config::leaves(file).is_ok_and(|keys| keys.keys().any(|key| key.starts_with(REPLAY)));
    if is_recorded { replay_tables::<P>() } else { tables::<P>() }
}
