//! The program from outside: what a person types, and what comes back; what it must never do, and what its detector is worth.

mod command_line;
mod promises;
mod run;
mod watch;

#[cfg(feature = "educational-manipulation")]
mod laboratory;

use hft_app::testing::CommandLine;
use hft_manipulative_edu::ManipulativeEduPattern;

/// The program, in this process.
pub(crate) const CLI: CommandLine<ManipulativeEduPattern> = CommandLine::new();
