//! The program from outside: what a person types, and what comes back.

mod command_line;
mod explain;
mod market;
mod run;

use hft_app::testing::CommandLine;
use hft_index_arb::IndexArbPattern;

/// The program's command line.
const CLI: CommandLine<IndexArbPattern> = CommandLine::new();
