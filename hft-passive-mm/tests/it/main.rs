//! The program from outside: what a person types, and what comes back.

mod command_line;
mod data;
mod explain;
mod export;
mod knobs;
mod market;
mod replay;
mod run;
mod score;
mod sweep;
mod verify;

use hft_app::testing::CommandLine;
use hft_passive_mm::PassiveMmPattern;

/// The program, in this process.
pub(crate) const CLI: CommandLine<PassiveMmPattern> = CommandLine::new();
