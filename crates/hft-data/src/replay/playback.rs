//! The second pass: the events of one instrument in the order of the run's clock, counted in its ticks and lots.

use super::survey::Survey;
use crate::bad_record::ReadError;
use crate::event::Event;
use crate::merged::Merged;
use crate::recording::Recording;
use crate::time::UnixNanos;
use hft_core::models::Timestamp;

/// Files that are being played.
pub(super) struct Playback {
    merged: Merged,
    survey: Survey,
    /// The time of the event before.
    last: UnixNanos,
    /// Events that do not lie on the steps.
    off_step: u64,
}

impl Playback {
    pub(super) fn of(survey: &Survey) -> Result<Self, ReadError> {
        let open = |file| Recording::open(file, &survey.options);
        let recordings = survey.files.iter().map(|file| open(file.as_path())).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { merged: Merged::new(recordings)?, survey: survey.clone(), last: UnixNanos::new(0), off_step: 0 })
    }

    /// The next event, and when it is due. A clock that goes back waits.
    pub(super) fn next(&mut self) -> Result<Option<(Timestamp, Event)>, ReadError> {
        while let Some((file, event)) = self.merged.next()? {
            if self.survey.indices[file] != Some(event.instrument) {
                continue;
            }
            let Some(event) = self.survey.steps.rescale(&event) else {
                self.off_step += 1;
                continue;
            };
            self.last = self.last.max(self.survey.time_of(&event));
            let due = self.last.nanos().saturating_sub(self.survey.begins.nanos());
            return Ok(Some((Timestamp::new(due), event)));
        }
        Ok(None)
    }

    /// The time of the first event.
    pub(super) fn first_time(&mut self) -> Option<UnixNanos> {
        let (_, event) = self.next().ok()??;
        Some(self.survey.time_of(&event))
    }

    pub(super) const fn off_step(&self) -> u64 {
        self.off_step
    }
}
