//! The program from outside: what a person types, and what comes back.

mod command_line;
mod corpora;
mod explain;
mod model;
mod recorded;
mod run;

use hft_app::testing::CommandLine;
use hft_news_algo::NewsAlgoPattern;

/// The program, in this process.
pub(crate) const CLI: CommandLine<NewsAlgoPattern> = CommandLine::new();
