//! What a pattern tells the shell about itself.

use crate::config::{Described, Resolved, RunConfig, Setting, Table};
use crate::paper::Paper;
use crate::scenario::Scenario;

/// One trading pattern: a name, a table of knobs, and the papers that it reproduces.
///
/// A pattern's `main.rs` is `fn main() -> std::process::ExitCode { hft_app::main::<PassiveMm>() }`.
pub trait Pattern {
    /// The type of the pattern's own table.
    type Config: Described;

    /// The name of the binary: `hft-passive-mm`.
    const NAME: &'static str;

    /// The name of its table: one of [`PATTERN_TABLES`](crate::config::PATTERN_TABLES).
    const TABLE: &'static str;

    /// The pattern in a sentence.
    const ABOUT: &'static str;

    /// The version that `--version` and the manifest name.
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    /// The shared tables beside `[run]` that this pattern has: `[market]` and `[risk]`, made of the types that it builds its
    /// world with.
    fn shared_tables() -> Vec<Table>;

    /// The market in which the pattern trades, made of a checked configuration and its seed.
    ///
    /// # Errors
    /// When the configuration cannot be traded: what the tables' own checks could not know.
    fn scenario(config: &Resolved) -> anyhow::Result<Scenario>;

    /// What `explain` changes, one thing at a time, to ask what would have come of it; `--what-if` asks something else.
    fn what_ifs(_config: &Resolved) -> Vec<Setting> {
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
    tables.extend(P::shared_tables());
    tables.push(Table::described::<P::Config>(P::TABLE, P::ABOUT));
    tables
}
