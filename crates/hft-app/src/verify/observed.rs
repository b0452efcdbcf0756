//! A finished run, run again under an observer's eyes, that says nothing unless the digest is the same.

use super::journal::{Replayed, replay_journal};
use crate::config::Resolved;
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::output::Manifest;
use crate::pattern::Pattern;
use crate::run::{self, Facts, JOURNAL, RecorderParts, Stage, Stops, Until};
use hft_core::models::Timestamp;
use hft_core::world::{Ending, Node, Observer, RunError};
use std::path::Path;

/// A run folder that was opened, and its world, ready to run again.
pub(crate) struct Restaged<'a> {
    folder: &'a Path,
    manifest: &'a Manifest,
    config: &'a Resolved,
    halt: Interrupt,
    pub(crate) until: Timestamp,
    pub(crate) stage: Stage,
}

impl<'a> Restaged<'a> {
    /// Builds the world of a run folder again, to be watched.
    ///
    /// # Errors
    /// When the configuration cannot be traded.
    pub(crate) fn new<P: Pattern>(
        folder: &'a Path,
        manifest: &'a Manifest,
        config: &'a Resolved,
    ) -> Result<Self, Failure> {
        let until = Facts::again::<P>(config).until;
        let parts = RecorderParts::summary_only(until.since(Timestamp::START));
        let halt = parts.stop.clone();
        let (stage, _) = run::stage::<P>(config, parts)?;
        Ok(Self { folder, manifest, config, halt, until, stage })
    }

    /// Runs it, from its journal where it has one.
    ///
    /// # Errors
    /// [`Failure::ReplayMismatch`] when the digest differs; when a person interrupts.
    pub(crate) fn run(self, interrupt: &Interrupt, observer: &mut impl Observer<Node>) -> Result<(), Failure> {
        let Self { folder, manifest, config, halt, until, stage } = self;
        let (digest, whole) = if folder.join(JOURNAL).exists() {
            let Replayed { ran, ending, .. } = replay_journal(folder, config, stage, interrupt, observer)?;
            (ran.digest(), ending == Ending::Whole)
        } else {
            let stops = Stops { interrupt, halt: &halt };
            let ends = Until { until, stop_after: manifest.run.stopped_after, stops };
            let ended = run::rerun(stage.world, ends, observer)?;
            let digest = ended.ran.digest();
            if let Err(RunError::Observed { error, .. }) = ended.ran.outcome {
                return Err(error.into());
            }
            (digest, true)
        };
        let was = manifest.run.digest.as_deref().unwrap_or_default();
        if whole && was != digest.to_string() {
            return Err(Failure::ReplayMismatch(format!(
                "the digest was {was} and is {digest}: this program is another one"
            )));
        }
        Ok(())
    }
}
