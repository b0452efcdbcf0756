//! What a pattern tells the shell about itself.

use crate::config::{Described, RunConfig, Table, market_table, risk_table};
use crate::paper::Paper;
use crate::scenario::{Parts, Scenario};
use hft_core::risk::Limits;
use serde::Serialize;
use serde::de::DeserializeOwned;

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

    /// The version that `--version` and the manifest name.
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    /// The market in which the pattern trades.
    ///
    /// # Errors
    /// When the configuration cannot be traded: what the tables' own checks could not know.
    fn scenario(parts: Parts<'_, Self::Config, Self::Market>) -> anyhow::Result<Scenario>;

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

/// All tables of a pattern's configuration: `[run]`, the other shared ones, its own.
pub fn tables<P: Pattern>() -> Vec<Table> {
    let mut tables = vec![RunConfig::table()];
    // The knobs' ranges already say all that `Limits::validate` would.
    tables.extend([risk_table::<Limits>(|_| Vec::new()), market_table::<P::Market>()]);
    tables.push(Table::described::<P::Config>(P::TABLE, P::ABOUT));
    tables
}
