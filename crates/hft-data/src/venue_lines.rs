//! Readers of venues' JSON, one message a line: what they share.

use crate::bad_record::{Place, ReadError};
use crate::findings::FindingKind;
use crate::instruments::Instruments;
use crate::lines::Lines;
use crate::reader::{Batch, RecordReader};
use crate::source::Entry;

/// What a line brought besides its events.
pub(crate) type Odd = Option<(FindingKind, String)>;

/// One venue's messages.
pub(crate) trait VenueMessages: Send {
    /// Reads one line and appends its events.
    ///
    /// # Errors
    /// What was expected instead.
    fn line(&mut self, line: &[u8], batch: &mut Batch) -> Result<Odd, &'static str>;

    /// The instruments that were met so far.
    fn instruments(&self) -> &Instruments;
}

/// A file of such messages.
pub(crate) struct VenueLines<M> {
    lines: Lines,
    messages: M,
}

impl<M> VenueLines<M> {
    pub(crate) fn open(entry: &Entry, messages: M) -> Result<Self, ReadError> {
        Ok(Self { lines: Lines::new(entry.open()?, entry.shown()), messages })
    }
}

impl<M: VenueMessages> RecordReader for VenueLines<M> {
    fn read(&mut self, batch: &mut Batch) -> Result<bool, ReadError> {
        let Some(line) = self.lines.next()? else { return Ok(false) };
        match self.messages.line(line, batch) {
            Ok(None) => Ok(true),
            Ok(Some((kind, text))) => {
                batch.findings.note(kind, self.lines.place(), || text);
                Ok(true)
            }
            Err(expected) => {
                let line = line.to_vec();
                Err(self.lines.bad(&line, expected).into())
            }
        }
    }

    fn instruments(&self) -> &Instruments {
        self.messages.instruments()
    }

    fn place(&self) -> Place {
        self.lines.place()
    }

    fn is_cut(&self) -> bool {
        self.lines.is_cut()
    }
}
