//! Many runs: every point of one or two ranges on the same seeds, and one point on many seeds.
//!
//! ```text
//!   KEY=a..b:n ──► axis ──► plan (every point checked) ──► race (all cores) ──► ledger: runs.csv, in order, one row a run
//!                                                                                  │
//!                      points.csv summary.json report.html manifest.json ◄── results: means, paired differences, luck
//! ```
//!
//! Reading order: [`Axis`] (what was asked for), [`Plan`] (what will run), `race` (who runs what), `ledger` (what is on disk while it
//! runs), [`Results`] (what it says), `table` and `report` (how it is shown).
//!
//! Invariants:
//! 1. Every point runs on the same seeds: common random numbers. The market's noise is then the same at both ends of a comparison, and
//!    paired differences are free of most of it.
//! 2. `runs.csv` is at all times a beginning of what it will be: rows are written in the order of point and seed, however many cores
//!    run them and in whatever order they finish. So one core and many, and an interrupted and an uninterrupted sweep, leave equal bytes.
//! 3. Results are made of the rows in `runs.csv` alone.

mod axis;
mod finish;
mod flags;
mod ledger;
mod measures;
#[cfg(feature = "parquet")]
mod parquet;
mod plan;
mod progress;
mod race;
mod report;
mod results;
mod table;

pub use axis::{Axis, Spacing};
pub use flags::SweepFlags;
pub use measures::{Measure, Measures, RunRow};
pub use plan::{Identity, Plan, Point};
pub use results::{PointResult, Results};

use crate::config::{RunConfig, Sources};
use crate::exit::Failure;
use crate::flags::{RunFlags, Shared};
use crate::pattern::Pattern;
use crate::terminal::Terminal;
use anyhow::anyhow;
use ledger::Ledger;
pub(crate) use ledger::is_sweep;
use plan::Request;
use std::path::Path;

/// How many runs a sweep has at most.
pub const RUNS_MAX: u64 = 1_000_000;

/// How many points a sweep has at most: each is checked before anything runs, and is a line of the report.
pub const POINTS_MAX: usize = 10_000;

/// How many runs at a time, at most.
const JOBS_MAX: u64 = 1_024;

/// How a sweep was asked to go, beside what it is.
struct Manner<'a> {
    jobs: Option<u64>,
    quiet: bool,
    shared: &'a Shared,
}

/// The task `sweep`.
///
/// # Errors
/// Whatever kept it from being an honest, complete one. When it is interrupted, what is done is kept.
pub fn sweep<P: Pattern>(flags: &SweepFlags, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let manner = Manner { jobs: flags.jobs, quiet: flags.quiet, shared };
    if let Some(folder) = &flags.resume {
        let plan = resumed::<P>(folder, flags, shared)?;
        return go::<P>(&plan, Ledger::resume(folder, &plan, terminal.err)?, &manner, terminal);
    }
    let request = Request {
        axes: flags.axes.clone(),
        seeds: flags.seeds.unwrap_or(SweepFlags::SEEDS),
        sources: shared.sources(flags.flag_values()),
    };
    let plan = Plan::new::<P>(request)?;
    match flags.out.as_ref().filter(|out| ledger::is_sweep(out)) {
        Some(folder) => go::<P>(&plan, Ledger::resume(folder, &plan, terminal.err)?, &manner, terminal),
        None => begin::<P>(&plan, &manner, terminal),
    }
}

/// The task `run --fast --seeds N`: a sweep of one point.
///
/// # Errors
/// As [`sweep`].
pub fn seeds<P: Pattern>(
    seeds: u64,
    flags: &RunFlags,
    shared: &Shared,
    terminal: &mut Terminal<'_>,
) -> Result<(), Failure> {
    if !flags.fast {
        return Err(Failure::Usage("--seeds needs --fast: many runs go in lockstep, not by the clock".to_owned()));
    }
    let request = Request { axes: Vec::new(), seeds, sources: shared.sources(flags.flag_values()) };
    let plan = Plan::new::<P>(request)?;
    let manner = Manner { jobs: None, quiet: flags.quiet, shared };
    begin::<P>(&plan, &manner, terminal)
}

fn begin<P: Pattern>(plan: &Plan, manner: &Manner<'_>, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let settings: RunConfig = plan.base.table("run");
    go::<P>(plan, Ledger::begin(Path::new(&settings.out), plan)?, manner, terminal)
}

/// The plan of a sweep that began earlier: from its own folder, and equal to what else the command line says.
fn resumed<P: Pattern>(folder: &Path, flags: &SweepFlags, shared: &Shared) -> Result<Plan, Failure> {
    let identity = ledger::read_identity(folder)?;
    let axes: Vec<Axis> = identity.axes()?;
    let contradicted = (!flags.axes.is_empty() && flags.axes != axes)
        || flags.seeds.is_some_and(|seeds| seeds != identity.seeds)
        || flags.duration.is_some()
        || flags.out.is_some()
        || shared.seed.is_some()
        || !shared.set.is_empty()
        || !shared.config.is_empty();
    if contradicted {
        return Err(Failure::Usage(format!(
            "--resume takes everything from {}: leave out keys, --seeds, --duration, --seed, --set, --config and --out",
            folder.display()
        )));
    }
    let files = vec![folder.join(crate::run::CONFIGURATION)];
    Plan::new::<P>(Request { axes, seeds: identity.seeds, sources: Sources { files, ..Sources::default() } })
}

/// Runs what is missing, and says what came of it.
fn go<P: Pattern>(
    plan: &Plan,
    mut ledger: Ledger,
    manner: &Manner<'_>,
    terminal: &mut Terminal<'_>,
) -> Result<(), Failure> {
    let cores = std::thread::available_parallelism().map_or(1, |cores| u64::try_from(cores.get()).unwrap_or(1));
    let jobs = usize::try_from(manner.jobs.unwrap_or(cores).clamp(1, JOBS_MAX)).expect("at most JOBS_MAX");
    let all = plan.runs();
    let mut progress = progress::Progress::new(ledger.done(), all, manner.quiet || manner.shared.json);
    let race = race::Race { plan, from: ledger.done(), jobs, interrupt: &terminal.interrupt.clone() };
    race.run::<P>(|event| {
        progress.show(&event, terminal.err);
        match event {
            race::Event::Waiting => Ok(()),
            race::Event::Row(row) => ledger.write(row),
        }
    })?;
    progress.clear();
    if ledger.done() < all {
        finish::interrupted(plan, &ledger, manner.shared, terminal)?;
        return Err(anyhow!("interrupted: {} of {all} runs are done", ledger.done()).into());
    }
    finish::complete(plan, ledger, manner.shared, terminal)
}
