//! The program from outside: what a person types, and what comes back.

mod command_line;
mod race;
mod run;

use hft_app::testing::CommandLine;
use hft_latency_arb::LatencyArbPattern;

/// The program, in this process.
pub(crate) const CLI: CommandLine<LatencyArbPattern> = CommandLine::new();
