//! The program from outside: what a person types, and what comes back.

mod command_line;
mod explain;
mod knobs;
mod market;
mod run;

use hft_app::testing::CommandLine;
use hft_statarb::StatarbPattern;

/// The program, in this process.
pub(crate) const CLI: CommandLine<StatarbPattern> = CommandLine::new();
