//! A recording: any file of any format, as one stream of events.

use crate::bad_record::{OnBadRecord, Place, ReadError};
use crate::event::Event;
use crate::findings::{FindingKind, Findings};
use crate::format::Format;
use crate::instruments::Instruments;
use crate::reader::{Batch, RecordReader};
use crate::time::{Date, UnixNanos, Zone};
use std::path::{Path, PathBuf};

/// How to read a file. Everything that is left open is found in the file or its name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReadOptions {
    /// The format; else it is detected from the content.
    pub format: Option<Format>,
    /// What to do with a bad record.
    pub on_bad_record: OnBadRecord,
    /// The day of a file that tells times of day; else it is looked for in the file's name.
    pub date: Option<Date>,
    /// The clock of such a file; else that of the format's market.
    pub zone: Option<Zone>,
    /// The instrument of a file that does not name it; else it is looked for in the file's name.
    pub symbol: Option<String>,
    /// Digits behind the point of a price, for formats that do not fix them.
    pub price_decimals: Option<u32>,
    /// Digits behind the point of a size, for formats that do not fix them.
    pub qty_decimals: Option<u32>,
    /// A LOBSTER orderbook file whose first row is the book in which a message file begins.
    pub seed_book: Option<PathBuf>,
    /// Whether to look for the orderbook file beside a LOBSTER message file, and to read both.
    pub book_files: BookFiles,
}

/// What is done about the orderbook file that belongs to a message file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum BookFiles {
    /// Messages are read alone: a file of few levels tells a book that drifts.
    #[default]
    Ignored,
    /// Where the zip, or the folder, holds the orderbook of the same name, the book is corrected by its rows.
    Paired,
}

impl ReadOptions {
    /// Most digits behind the point that can be asked for.
    pub const MAX_DECIMALS: u32 = 12;

    pub(crate) fn price_decimals(&self, format: u32) -> u32 {
        self.price_decimals.unwrap_or(format).min(Self::MAX_DECIMALS)
    }

    pub(crate) fn qty_decimals(&self, format: u32) -> u32 {
        self.qty_decimals.unwrap_or(format).min(Self::MAX_DECIMALS)
    }
}

/// A file that is being read.
///
/// ```no_run
/// use hft_data::{ReadOptions, Recording};
/// let mut recording = Recording::open("GOOG_2012-06-21.zip".as_ref(), &ReadOptions::default())?;
/// while let Some(event) = recording.next()? {
///     println!("{} {:?}", recording.instruments().get(event.instrument).symbol, event.body);
/// }
/// # Ok::<(), hft_data::ReadError>(())
/// ```
pub struct Recording {
    reader: Box<dyn RecordReader>,
    format: Format,
    on_bad_record: OnBadRecord,
    batch: Batch,
    next: usize,
    records: u64,
    is_ended: bool,
    last_time: UnixNanos,
}

impl Recording {
    /// Opens a file and finds out what it is.
    ///
    /// # Errors
    /// When it cannot be read, or is none of the formats that this build knows.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self, ReadError> {
        let (format, reader) = crate::format::open(path, options)?;
        Ok(Self::of(reader, format, options.on_bad_record))
    }

    /// A recording from a reader.
    pub fn of(reader: Box<dyn RecordReader>, format: Format, on_bad_record: OnBadRecord) -> Self {
        Self {
            reader,
            format,
            on_bad_record,
            batch: Batch::default(),
            next: 0,
            records: 0,
            is_ended: false,
            last_time: UnixNanos::UNKNOWN,
        }
    }

    /// The next event, or `None` at the end.
    ///
    /// # Errors
    /// At a bad record, unless they are to be skipped; when the file cannot be read. After an error there is nothing more.
    #[allow(clippy::should_implement_trait, reason = "an iterator of results would hide that an error is the end")]
    pub fn next(&mut self) -> Result<Option<Event>, ReadError> {
        loop {
            if let Some(&event) = self.batch.events.get(self.next) {
                self.next += 1;
                self.check_order(&event);
                return Ok(Some(event));
            }
            if self.is_ended {
                return Ok(None);
            }
            self.batch.events.clear();
            self.next = 0;
            match self.reader.read(&mut self.batch) {
                Ok(true) => self.records += 1,
                Ok(false) => self.is_ended = true,
                Err(error) => self.pass_over(error)?,
            }
        }
    }

    /// Decides whether an error ends the recording. What a bad record had appended already is taken back.
    fn pass_over(&mut self, error: ReadError) -> Result<(), ReadError> {
        self.batch.events.clear();
        let (kind, bad) = match &error {
            ReadError::Bad(bad) if self.reader.is_cut() => (FindingKind::Truncated, bad),
            ReadError::Bad(bad) => (FindingKind::Skipped, bad),
            ReadError::Broken(bad) => (FindingKind::Truncated, bad),
            ReadError::Io { .. } => {
                self.is_ended = true;
                return Err(error);
            }
        };
        self.batch.findings.note(kind, bad.place, || bad.to_string());
        self.is_ended |= matches!(error, ReadError::Broken(_)) || self.on_bad_record == OnBadRecord::Stop;
        match self.on_bad_record {
            OnBadRecord::Stop => Err(error),
            OnBadRecord::Skip => Ok(()),
        }
    }

    fn check_order(&mut self, event: &Event) {
        let (last, now) = (self.last_time, event.local_time);
        if now < last {
            let place = self.reader.place();
            self.batch.findings.note(FindingKind::OutOfOrder, place, || format!("{now} follows {last}"));
        }
        self.last_time = now;
    }

    /// The instruments that were met so far.
    pub fn instruments(&self) -> &Instruments {
        self.reader.instruments()
    }

    /// What was odd so far.
    pub const fn findings(&self) -> &Findings {
        &self.batch.findings
    }

    /// How many records were read so far, bad ones left out.
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// Where the last record stands.
    pub fn place(&self) -> Place {
        self.reader.place()
    }

    /// What the file is.
    pub const fn format(&self) -> Format {
        self.format
    }
}
