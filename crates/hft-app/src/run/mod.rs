//! One run: from a checked configuration to a closed run folder.
//!
//! ```text
//!   Resolved ──► Pattern::scenario ──► world + blotter ──► driver (lockstep | realtime) ──► close the books
//!                                          │                                                     │
//!                                          ▼                                                     ▼
//!                    recorder: fills.csv orders.csv equity.csv, FILL lines ──► summary.json report.html manifest.json
//! ```
//!
//! Invariants:
//! 1. Everything that is written is learned by the blotter, so both drivers, and the replay of a journal, write the same.
//! 2. The world runs on a thread of its own. What is to be printed comes to the main thread through a bounded channel: a reader that
//!    does not keep up slows the blotter down, and no fill is lost on the way; one that goes away changes nothing but what is printed.
//! 3. However a run ends, its rows are on disk and its folder has a manifest; then the exit code tells how it ended.

mod closing;
mod command;
mod curve;
mod driver;
mod fills;
mod folder;
mod inventory;
mod logs;
mod orders;
mod progress;
mod recorder;
mod summarise;
mod truth;

pub use closing::conclude;
pub(crate) use command::{command_line, repeat};
pub use driver::{Driver, Ended, RealtimeFigures, Stopped, Wired};
pub(crate) use driver::{Stops, Until, Watched, drive, interrupted, replayed, rerun};
pub use folder::{ALWAYS, CONFIGURATION, JOURNAL, journal_header};
pub(crate) use progress::bar;
pub use progress::{Gauge, Lines};
pub use recorder::{Files, Recorder, RecorderParts};

use crate::chapter::Side;
use crate::config::{REPLAY, Resolved, RunConfig};
use crate::exit::Failure;
use crate::flags::{RunFlags, Shared};
use crate::output::{RunFolder, Series, Summary, seconds};
use crate::pattern::{Pattern, tables};
use crate::replay;
use crate::scenario::{self, Scenario};
use crate::terminal::Terminal;
use anyhow::Context;
use curve::Sampling;
use hft_core::models::{AccountId, Lots, Nanos, Timestamp};
use hft_core::world::{Directory, EARLY, World};
use logs::Logs;
use std::path::Path;

/// A world that is ready to run, with its recorder in its blotter.
#[derive(Debug)]
pub struct Stage {
    /// The world.
    pub world: Wired,
    /// Who is who in it.
    pub who: Directory,
    /// Whose run it is.
    pub desk: AccountId,
}

/// What of a scenario the shell needs beside its world.
#[derive(Debug)]
pub(crate) struct Cast {
    pub(crate) desk: AccountId,
    pub(crate) horizon: Nanos,
    pub(crate) inventory_limit: Option<Lots>,
    pub(crate) shortest_latency: Nanos,
    pub(crate) side: Option<Side>,
}

/// What a finished world says of itself.
#[derive(Debug)]
pub struct Outcome {
    /// The summary.
    pub summary: Summary,
    /// What the report draws.
    pub series: Series,
    /// The pattern's own files: name and content.
    pub files: Vec<(String, String)>,
    /// Which strategy its risk limits shut off, and when; nothing where they let all go on.
    pub shut_off: Option<String>,
    /// After how many deliveries a lockstep run was stopped early.
    pub stopped_after: Option<u64>,
    /// Why the program should not end with [`Exit::Ok`](crate::exit::Exit::Ok), if it should not.
    pub failure: Option<Failure>,
}

/// Builds a pattern's world around a recorder: the recorded one where the configuration has a recording, else the made-up one.
///
/// # Errors
/// When the configuration cannot be traded.
pub fn stage<P: Pattern>(config: &Resolved, parts: RecorderParts) -> Result<(Stage, Scene), Failure> {
    if config.has(REPLAY) {
        return replay::stage::<P>(config, parts);
    }
    let Scenario { mut world, desk, horizon, inventory_limit, shortest_latency, side } =
        scenario::scenario::<P>(config).map_err(|error| Failure::of(error, Failure::Untradable))?;
    world.keep_truth();
    furnish(world, Cast { desk, horizon, inventory_limit, shortest_latency, side }, config, parts)
}

/// Puts the recorder into a world.
pub(crate) fn furnish<K>(
    mut world: World<K>,
    cast: Cast,
    config: &Resolved,
    parts: RecorderParts,
) -> Result<(Stage, Scene), Failure> {
    let Cast { desk, horizon, inventory_limit, shortest_latency, side } = cast;
    let who = world.directory();
    let run: RunConfig = config.table("run");
    let until = Timestamp::START + run.duration();
    let books = world.books_of(desk);
    scenario::check_limited(config, &books).map_err(Failure::Untradable)?;
    let sampling = Sampling { every: run.equity_interval(), until };
    let recorder = Recorder::new(parts, who.clone(), desk, sampling, inventory_limit, books);
    let (ledger, others) = side.map_or((None, Vec::new()), |side| (Some(side.ledger), side.accounts));
    world.blotter(Logs { recorder, side: ledger, desk }, horizon).map_err(anyhow::Error::from)?;
    for account in std::iter::once(desk).chain(others) {
        world.watch(account).map_err(anyhow::Error::from)?;
    }
    Ok((Stage { world: world.into(), who, desk }, Scene { horizon, shortest_latency }))
}

/// What of a scenario outlives its world.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// The horizon that separates adverse selection from inventory.
    pub horizon: Nanos,
    /// The shortest latency of the scenario's own links.
    pub shortest_latency: Nanos,
}

/// Names a run: what the summary and the manifest repeat.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The binary.
    pub pattern: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The seed.
    pub seed: u64,
    /// The hash of the configuration.
    pub config_hash: String,
    /// Which driver.
    pub driver: Driver,
    /// When it stops, unless something stops it earlier.
    pub until: Timestamp,
}

impl Facts {
    /// Of a run that happens again, in lockstep.
    pub fn again<P: Pattern>(config: &Resolved) -> Self {
        let run: RunConfig = config.table("run");
        Self {
            pattern: P::NAME,
            version: P::VERSION,
            seed: run.seed,
            config_hash: config.hash(),
            driver: Driver::Lockstep,
            until: Timestamp::START + run.duration(),
        }
    }
}

/// The task `run`: runs the pattern, prints its fills and its summary, and leaves a run folder.
///
/// # Errors
/// Whatever kept the run from being an honest, complete one.
pub fn run<P: Pattern>(flags: &RunFlags, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let config = shared.configure(tables::<P>(), flags.flag_values())?;
    let driver = if flags.fast { Driver::Lockstep } else { Driver::Realtime };
    perform::<P>(&config, How { driver, quiet: flags.quiet }, shared, terminal, |parts| stage::<P>(&config, parts))
}

/// How a run is driven, and whether its fills are printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct How {
    pub(crate) driver: Driver,
    pub(crate) quiet: bool,
}

/// Runs what `stage` builds, from its folder to its exit code.
pub(crate) fn perform<P: Pattern>(
    config: &Resolved,
    How { driver, quiet }: How,
    shared: &Shared,
    terminal: &mut Terminal<'_>,
    stage: impl FnOnce(RecorderParts) -> Result<(Stage, Scene), Failure>,
) -> Result<(), Failure> {
    let settings: RunConfig = config.table("run");
    let (lines, printed) = progress::channel(!quiet && !shared.json);
    let gauge = progress::Gauge::new(settings.duration());
    let folder = RunFolder::create(Path::new(&settings.out), P::NAME, settings.seed)?;
    let parts = RecorderParts {
        files: Some(recorder::Files::create(&folder)?),
        lines,
        gauge: gauge.clone(),
        stop: terminal.interrupt.clone(),
    };
    let (stage, scene) = match stage(parts) {
        Ok(stage) => stage,
        Err(failure) => {
            folder.discard();
            return Err(failure);
        }
    };
    if !P::FOREWORD.is_empty() && !quiet && !shared.json {
        let _ = writeln!(terminal.out, "{}", P::FOREWORD); // if nobody reads, the run goes on
    }
    let journal = folder::begin(&folder, &stage, config, driver)?;
    if driver == Driver::Realtime && scene.shortest_latency < EARLY && !quiet {
        // A notice that nobody can read is no reason not to run.
        let _ = writeln!(
            terminal.err,
            "real time: latencies below {} ms are right on average and meaningless one by one; study latency with --fast",
            1e3 * seconds(EARLY)
        );
    }
    let until = Timestamp::START + settings.duration();
    let facts =
        Facts { pattern: P::NAME, version: P::VERSION, seed: settings.seed, config_hash: config.hash(), driver, until };
    let interrupt = terminal.interrupt.clone();
    let desk = stage.desk;
    let outcome = std::thread::scope(|scope| {
        let (gauge, facts) = (&gauge, &facts);
        let running = scope.spawn(move || {
            let _over = gauge.guard();
            // The recorder raises the same at a halt: realtime waits for one thing.
            let watched = Watched { gauge, stops: Stops { interrupt: &interrupt, halt: &interrupt } };
            let ended = driver::drive(stage.world, journal, driver, until, watched)?;
            conclude(ended, desk, facts, scene)
        });
        progress::attend(printed, gauge, terminal, quiet || shared.json);
        running.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the run panicked: see above").into()))
    })?;
    let path = folder.path().to_owned();
    if let Some(words) = &outcome.shut_off {
        let _ = writeln!(terminal.err, "{words}"); // the verdict says so too
    }
    let closed = folder::close(folder, config, &facts, &outcome);
    let printed = print_results(&outcome, &path, shared, terminal);
    // A disk that is full fails the run first, and then the closing of its folder. How the run ended counts for more than who read
    // of it.
    match outcome.failure {
        Some(failure @ Failure::Runtime(_)) => Err(failure),
        failure => closed.map_err(Failure::from).and(failure.map_or(printed, Err)),
    }
}

fn print_results(outcome: &Outcome, path: &Path, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let summary = &outcome.summary;
    let text = if shared.json {
        let mut json = serde_json::to_value(summary).map_err(anyhow::Error::from)?;
        json["folder"] = path.display().to_string().into();
        format!("{json:#}\n")
    } else {
        format!("\n{}\nrun folder: {}\n", summary.render(shared.style()), path.display())
    };
    let unprinted = || format!("stdout cannot be written to; the run is in {}", path.display());
    Ok(terminal.out.write_all(text.as_bytes()).with_context(unprinted)?)
}
