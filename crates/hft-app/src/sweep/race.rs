//! Who runs what: workers take the next run in order, and what they bring is handed on in order.
//!
//! Invariant: what is handed on, and the failure that ends it, do not depend on how many workers there are or who is quick.

use super::{Plan, RunRow};
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::pattern::Pattern;
use crate::run::{Driver, Facts, Gauge, RecorderParts, Stopped, Stops, Watched, conclude, drive, stage};
use hft_core::models::Timestamp;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

/// How many results may wait to be taken.
const WAITING_MAX: usize = 1_024;

/// How long the caller hears nothing at most.
const PATIENCE: Duration = Duration::from_millis(200);

/// The runs of a plan from one of them on.
pub(super) struct Race<'a> {
    pub(super) plan: &'a Plan,
    pub(super) from: u64,
    pub(super) jobs: usize,
    pub(super) interrupt: &'a Interrupt,
}

/// What the caller hears.
pub(super) enum Event<'a> {
    /// The next run in order is done.
    Row(&'a RunRow),
    /// Nothing for a while: somebody may want to draw.
    Waiting,
}

/// A run, or none where it was interrupted.
type Brought = (u64, Result<Option<RunRow>, Failure>);

/// A worker that panics stops the others: what comes after its run could not be kept.
struct StopOnPanic<'a>(&'a AtomicBool);

impl Drop for StopOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Relaxed);
        }
    }
}

impl Race<'_> {
    /// Runs all of them, or until somebody interrupts, and tells of each in order.
    ///
    /// # Errors
    /// The failure of the first run, in order, that has one; or that of the listener.
    pub(super) fn run<P: Pattern>(
        &self,
        mut listener: impl FnMut(Event<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let (next, stop) = (AtomicU64::new(self.from), AtomicBool::new(false));
        let (sender, receiver) = sync_channel(WAITING_MAX);
        std::thread::scope(|scope| {
            for _ in 0..self.jobs {
                let (sender, next, stop) = (sender.clone(), &next, &stop);
                scope.spawn(move || self.work::<P>(next, stop, &sender));
            }
            drop(sender);
            let mut early: BTreeMap<u64, Result<Option<RunRow>, Failure>> = BTreeMap::new();
            let mut due = self.from;
            let mut outcome = Ok(());
            loop {
                match receiver.recv_timeout(PATIENCE) {
                    Ok((number, result)) => {
                        early.insert(number, result);
                    }
                    Err(RecvTimeoutError::Timeout) => outcome = outcome.and_then(|()| listener(Event::Waiting)),
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                while let Some(result) = outcome.is_ok().then(|| early.remove(&due)).flatten() {
                    outcome = match result {
                        Ok(Some(row)) => listener(Event::Row(&row)),
                        Ok(None) => break,
                        Err(failure) => Err(failure),
                    };
                    due += 1;
                }
                if outcome.is_err() {
                    stop.store(true, Relaxed);
                }
            }
            outcome
        })
    }

    /// One worker: takes the next run until there is none.
    fn work<P: Pattern>(&self, next: &AtomicU64, stop: &AtomicBool, sender: &SyncSender<Brought>) {
        let _panics = StopOnPanic(stop);
        while !stop.load(Relaxed) && self.interrupt.count() == 0 {
            let number = next.fetch_add(1, Relaxed);
            if number >= self.plan.runs() {
                return;
            }
            let (point, seed) = self.plan.run(number);
            if sender.send((number, self.one::<P>(point, seed))).is_err() {
                return; // nobody listens any more
            }
        }
    }

    fn one<P: Pattern>(&self, point: usize, seed: u64) -> Result<Option<RunRow>, Failure> {
        let config = self.plan.points[point].config.with_seed(seed);
        let span = self.plan.span_of(point);
        let parts = RecorderParts::summary_only(span);
        let halt = parts.stop.clone();
        let (stage, scene) = stage::<P>(&config, parts)?;
        let (driver, until) = (Driver::Lockstep, Timestamp::START + span);
        let facts = Facts { pattern: P::NAME, version: P::VERSION, seed, config_hash: config.hash(), driver, until };
        let (desk, gauge) = (stage.desk, Gauge::new(span));
        let watched = Watched { gauge: &gauge, stops: Stops { interrupt: self.interrupt, halt: &halt } };
        let ended = drive(stage.world, None, driver, until, watched)?;
        if ended.stopped == Stopped::Interrupted {
            return Ok(None);
        }
        let outcome = conclude(ended, desk, &facts, scene)?;
        match outcome.failure {
            None | Some(Failure::RiskHalt(_)) => Ok(Some(RunRow::new(point, &outcome.summary))),
            Some(failure) => Err(self.told(point, seed, failure)),
        }
    }

    /// Says which run it was.
    fn told(&self, point: usize, seed: u64, failure: Failure) -> Failure {
        let name = match self.plan.name(point) {
            name if name.is_empty() => format!("seed {seed}"),
            name => format!("{name}, seed {seed}"),
        };
        match failure {
            Failure::Honesty(said) => Failure::Honesty(format!("{name}: {said}")),
            Failure::Runtime(error) => Failure::Runtime(error.context(name)),
            Failure::Usage(_)
            | Failure::Config(_)
            | Failure::Untradable(_)
            | Failure::Data(_)
            | Failure::RiskHalt(_)
            | Failure::GateRefused(_)
            | Failure::ReplayMismatch(_) => failure,
        }
    }
}
