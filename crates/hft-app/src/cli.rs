//! The command line, the same for all patterns. What is declared here works: a subcommand arrives with its implementation.

use crate::compare::CompareFlags;
use crate::data::DataTask;
use crate::explain::ExplainFlags;
use crate::flags::RunFlags;
use crate::leak_test::LeakFlags;
use crate::market::MarketTask;
use crate::replay::{FillModelFlags, ReplayFlags};
use crate::sweep::SweepFlags;
use clap::Subcommand;
use std::path::PathBuf;

/// The subcommands whose shape does not depend on the pattern. `paper` does, and is added to them when the shell starts.
#[derive(Clone, Debug, Subcommand)]
pub enum Task {
    /// Run the pattern in its simulated market (the default): fills as they happen, a summary, a run folder.
    Run(RunFlags),
    /// Run the pattern in a recorded market: real orders in the real matching engine, and the profit under each fill model.
    Replay(ReplayFlags),
    /// Hold each fill model against the recorded queue of single orders: how often it fills, how often it is wrong, how early.
    FillModelError(FillModelFlags),
    /// Run a recorded run again, from its journal or its seed, and compare; exit code 7 if it differs.
    Verify {
        /// The run folder.
        run: PathBuf,
    },
    /// Run every point of one or two ranges on the same seeds, on all cores, and say what can be told from luck.
    Sweep(SweepFlags),
    /// Put two run folders side by side: what differs in the configuration, and what came of it.
    Compare(CompareFlags),
    /// Tell the story of one fill: why we quoted there, our way through the queue, who hit us and what they knew, what the price did
    /// next, and what would have happened with something else.
    Explain(ExplainFlags),
    /// Change everything after a moment, and ask whether we decided otherwise before it; exit code 8 if we did.
    LeakTest(LeakFlags),
    /// Look at recordings of real markets; write a run as one.
    #[command(subcommand)]
    Data(DataTask),
    /// Say how like a real market the simulated one is; fit it to one.
    #[command(subcommand)]
    Market(MarketTask),
    /// Show, check or describe the configuration.
    #[command(subcommand)]
    Config(ConfigTask),
    /// Print a script that completes commands and flags in your shell.
    Completions {
        /// The shell to complete in.
        shell: clap_complete::Shell,
    },
}

/// What to do with the configuration.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Subcommand)]
pub enum ConfigTask {
    /// Every value, and the layer that set it; with --json as JSON.
    Show,
    /// Refuse what is wrong, line by line; exit code 3 if anything is.
    Check,
    /// A JSON Schema of the configuration file, for editors.
    Schema,
}
