//! What every format's reader does: one record at a time, in constant memory.

use crate::bad_record::{Place, ReadError};
use crate::event::Event;
use crate::findings::Findings;
use crate::instruments::Instruments;

/// What a reader fills: the events of one record, and what was odd about it.
#[derive(Debug, Default)]
pub struct Batch {
    /// The events of the last record, in order. The reader appends; who called it empties.
    pub events: Vec<Event>,
    /// What was odd so far.
    pub findings: Findings,
}

/// A reader of one format.
///
/// A record may hold any number of events, none too. After an error of one record the next call goes on behind it.
pub trait RecordReader: Send {
    /// Reads one record and appends its events; `false` at the end of the file.
    ///
    /// # Errors
    /// When the record is bad or cannot be read.
    fn read(&mut self, batch: &mut Batch) -> Result<bool, ReadError>;

    /// The instruments that were met so far.
    fn instruments(&self) -> &Instruments;

    /// Where the last record stands.
    fn place(&self) -> Place;

    /// True where the last record stands at a torn end of the file.
    fn is_cut(&self) -> bool {
        false
    }
}
