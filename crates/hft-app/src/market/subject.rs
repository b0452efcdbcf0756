//! Whose facts they are: a recording, a run folder, or the configured market, run for the purpose.
//!
//! Invariant: all three end in the same events and the same collector.

use crate::config::{Resolved, RunConfig};
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::pattern::Pattern;
use crate::run::{self, RecorderParts, Stage, Stops, Until};
use crate::transcript::Transcript;
use crate::verify::{self, Restaged};
use anyhow::anyhow;
use hft_core::models::{Nanos, Timestamp};
use hft_core::world::RunError;
use hft_data::{BookFiles, Event, Instruments, ReadOptions, Recording, StylisedCollector, StylisedFacts, UnixNanos};
use serde::Serialize;
use std::path::Path;

/// How many instruments of a recording are looked at; of more only the one that is asked for.
const INSTRUMENTS_MAX: usize = 64;

/// When a simulated market begins: any moment is as good as another.
const BEGINS: UnixNanos = UnixNanos::new(1_000_000_000_000_000_000);

/// A market and its facts.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Subject {
    /// What it is called.
    pub name: String,
    /// Its facts: of the instrument that was asked for, else of the one with most events.
    pub facts: StylisedFacts,
    /// The other instruments, whose facts are not told.
    pub others: Vec<String>,
}

/// A collector for every instrument.
#[derive(Debug, Default)]
pub(super) struct Collectors<'a> {
    list: Vec<Option<StylisedCollector>>,
    only: Option<&'a str>,
}

impl<'a> Collectors<'a> {
    pub(super) fn new(only: Option<&'a str>) -> Self {
        Self { list: Vec::new(), only }
    }

    pub(super) fn see(&mut self, event: &Event, instruments: &Instruments) {
        let at = usize::from(event.instrument.0);
        while self.list.len() <= at {
            let index = self.list.len();
            let symbol = instruments.as_slice().get(index).map(|info| info.symbol.as_str());
            let wanted = self.only.map_or(index < INSTRUMENTS_MAX, |only| symbol == Some(only));
            self.list.push(wanted.then(StylisedCollector::default));
        }
        if let Some(collector) = &mut self.list[at] {
            collector.see(event);
        }
    }

    pub(super) fn conclude(self, name: String, instruments: &Instruments) -> anyhow::Result<Subject> {
        let only = self.only;
        let seen = self.list.into_iter().zip(instruments.as_slice());
        let mut all: Vec<_> = seen.filter_map(|(collector, info)| Some(collector?.conclude(info))).collect();
        // Of equal ones the first stays first.
        all.sort_by_key(|facts| std::cmp::Reverse(facts.events));
        if all.is_empty() {
            let known: Vec<_> = instruments.as_slice().iter().map(|info| info.symbol.as_str()).collect();
            return Err(match only {
                Some(symbol) => anyhow!("{name} has no {symbol}; it has {}", known.join(", ")),
                None => anyhow!("{name} has no events"),
            });
        }
        let facts = all.remove(0);
        Ok(Subject { name, facts, others: all.into_iter().map(|facts| facts.symbol).collect() })
    }
}

/// The facts of a recording.
///
/// # Errors
/// When it cannot be read, or does not hold the symbol.
pub(super) fn of_file(path: &Path, symbol: Option<&str>, interrupt: &Interrupt) -> Result<Subject, Failure> {
    let options = ReadOptions { book_files: BookFiles::Paired, ..ReadOptions::default() };
    let unreadable = |error| Failure::Data(anyhow::Error::from(error));
    let mut recording = Recording::open(path, &options).map_err(unreadable)?;
    let mut collectors = Collectors::new(symbol);
    while let Some(event) = recording.next().map_err(unreadable)? {
        collectors.see(&event, recording.instruments());
        if interrupt.count() > 0 {
            return Err(anyhow!("interrupted: nothing is said of half a recording").into());
        }
    }
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    collectors.conclude(name, recording.instruments()).map_err(Failure::Data)
}

/// The facts of a finished run.
///
/// # Errors
/// When the folder is no run of this pattern, or the run does not come out the same.
pub(super) fn of_run<P: Pattern>(
    folder: &Path,
    symbol: Option<&str>,
    interrupt: &Interrupt,
) -> Result<Subject, Failure> {
    let (manifest, config) = verify::open::<P>(folder)?;
    let mut restaged = Restaged::new::<P>(folder, &manifest, &config)?;
    restaged.stage.world.keep_events();
    let mut collectors = Collectors::new(symbol);
    let sink = |event: &Event, instruments: &Instruments| {
        collectors.see(event, instruments);
        Ok(())
    };
    let mut transcript = Transcript::new(&restaged.stage.who, BEGINS, sink)?;
    restaged.run(interrupt, &mut transcript)?;
    let instruments = transcript.instruments().clone();
    drop(transcript);
    Ok(collectors.conclude(format!("run {}", folder.display()), &instruments)?)
}

/// The facts of the configured market, with our strategy in it.
///
/// # Errors
/// When it cannot be traded, or is interrupted.
pub(super) fn of_market<P: Pattern>(
    config: &Resolved,
    symbol: Option<&str>,
    interrupt: &Interrupt,
) -> Result<Subject, Failure> {
    let run: RunConfig = config.table("run");
    let parts = RecorderParts::summary_only(run.duration());
    let halt = parts.stop.clone();
    let (Stage { mut world, who, .. }, _) = run::stage::<P>(config, parts)?;
    world.keep_events();
    let mut collectors = Collectors::new(symbol);
    let sink = |event: &Event, instruments: &Instruments| {
        collectors.see(event, instruments);
        Ok(())
    };
    let mut transcript = Transcript::new(&who, BEGINS, sink)?;
    let until = Timestamp::START + run.duration();
    let stops = Stops { interrupt, halt: &halt };
    let ended = run::rerun(world, Until { until, stop_after: None, stops }, &mut transcript)?;
    let instruments = transcript.instruments().clone();
    drop(transcript);
    match ended.ran.outcome {
        Err(RunError::Observed { error, .. }) => return Err(error.into()),
        Err(error) => return Err(anyhow::Error::from(error).into()),
        Ok(()) => {}
    }
    let lasted = ended.ran.ended.since(Timestamp::START).min(run.duration());
    let name = format!("{}, seed {}, {}", P::NAME, run.seed, span(lasted));
    Ok(collectors.conclude(name, &instruments)?)
}

fn span(time: Nanos) -> String {
    crate::output::span(time.to_secs_f64())
}
