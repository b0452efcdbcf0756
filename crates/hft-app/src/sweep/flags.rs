//! The flags of `sweep`.

use super::{Axis, JOBS_MAX, RUNS_MAX};
use crate::config::FlagValue;
use crate::flags::{RunFlags, duration};
use clap::Args;
use hft_core::models::Nanos;
use std::path::PathBuf;

/// See [`sweep`](super::sweep).
#[derive(Clone, PartialEq, Debug, Default, Args)]
pub struct SweepFlags {
    /// One or two keys with their values: half_spread=0.05..1:20, size=1..100:5:log, strategy=skew,glft.
    #[arg(value_name = "KEY=VALUES", num_args = 1..=2, required_unless_present = "resume")]
    pub axes: Vec<Axis>,
    /// On how many seeds every point runs: run.seed and those after it. Without: 8.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=RUNS_MAX))]
    pub seeds: Option<u64>,
    /// Market time of each run: short for run.duration_s.
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    pub duration: Option<Nanos>,
    /// The folder in which the sweep's folder is made (short for run.out), or the folder of this sweep, to go on with it.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// How many runs at a time. Without: as many as there are cores. The results are the same.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=JOBS_MAX))]
    pub jobs: Option<u64>,
    /// Go on with an interrupted sweep: everything but --jobs comes from its folder.
    #[arg(long, value_name = "FOLDER")]
    pub resume: Option<PathBuf>,
    /// No progress.
    #[arg(long)]
    pub quiet: bool,
}

impl SweepFlags {
    /// Seeds of every point where nobody says how many.
    pub const SEEDS: u64 = 8;

    /// The flags that are short for a key.
    pub(super) fn flag_values(&self) -> Vec<FlagValue> {
        let out = self.out.clone().filter(|out| !super::ledger::is_sweep(out));
        RunFlags { duration: self.duration, out, ..RunFlags::default() }.flag_values()
    }
}
