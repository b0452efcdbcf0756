//! Several recordings as one, in the order of the recorder's clock.

use crate::bad_record::ReadError;
use crate::event::Event;
use crate::recording::Recording;
use crate::time::UnixNanos;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Recordings of one recorder, read side by side. Clocks of different recorders differ, and so does each from its venue's:
/// only `local_time` of one host orders what happened on several venues. Where times are equal the recording that was given
/// first goes first.
///
/// A recording whose clock goes back is read as it stands: what comes too late is not moved.
///
/// ```no_run
/// use hft_data::{Merged, ReadOptions, Recording};
/// let open = |name: &str| Recording::open(name.as_ref(), &ReadOptions::default());
/// let mut both = Merged::new(vec![open("spot.gz")?, open("perp.gz")?])?;
/// while let Some((which, event)) = both.next()? {
///     println!("{which}: {:?}", event.body);
/// }
/// # Ok::<(), hft_data::ReadError>(())
/// ```
pub struct Merged {
    recordings: Vec<Recording>,
    ahead: Vec<Option<Event>>,
    due: BinaryHeap<Reverse<(UnixNanos, usize)>>,
}

impl Merged {
    /// Reads the first event of each.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn new(recordings: Vec<Recording>) -> Result<Self, ReadError> {
        let (count, due) = (recordings.len(), BinaryHeap::new());
        let mut merged = Self { recordings, ahead: vec![None; count], due };
        for which in 0..count {
            merged.read_ahead(which)?;
        }
        Ok(merged)
    }

    fn read_ahead(&mut self, which: usize) -> Result<(), ReadError> {
        self.ahead[which] = self.recordings[which].next()?;
        self.due.extend(self.ahead[which].map(|event| Reverse((event.local_time, which))));
        Ok(())
    }

    /// The next event and the recording that it is of, or `None` when all have ended.
    ///
    /// # Errors
    /// When the recording that the last event came from cannot be read on.
    #[allow(clippy::should_implement_trait, reason = "an iterator of results would hide that an error is the end")]
    pub fn next(&mut self) -> Result<Option<(usize, Event)>, ReadError> {
        let Some(Reverse((_, which))) = self.due.pop() else { return Ok(None) };
        let event = self.ahead[which].expect("what is due was read ahead");
        self.read_ahead(which)?;
        Ok(Some((which, event)))
    }

    /// The recordings, in the order in which they were given.
    pub fn recordings(&self) -> &[Recording] {
        &self.recordings
    }
}
