//! The task `data export`: a finished run as a recording, for tools that read LOBSTER, our CSV or our Parquet.
//!
//! ```text
//!   run folder ──► the same run again, watched ──► Transcript ──► Event, Event, Event .. ──► LOBSTER pairs | CSV | Parquet
//! ```
//!
//! Invariant: what was run is what is exported: the digest must come out again, or the files are taken away.
//!
//! A task of its own and no flag of `run`: every run folder can be exported, however long ago it was made, one by the clock too, and
//! no run is slower for it.
//!
//! Left out: whose orders they are. `orders.csv` and `fills.csv` of the run folder name ours by the same numbers.

mod files;

use crate::exit::Failure;
use crate::flags::Shared;
use crate::interrupt::Interrupt;
use crate::pattern::Pattern;
use crate::terminal::Terminal;
use crate::transcript::Transcript;
use crate::verify::{self, Restaged};
use anyhow::anyhow;
use clap::{Args, ValueEnum};
use files::Written;
use hft_core::models::{Nanos, Timestamp};
use hft_data::{Date, Event, Instruments, Zone};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What to export, as what, and where to.
#[derive(Clone, PartialEq, Debug, Args)]
pub struct ExportFlags {
    /// The run folder.
    pub run: PathBuf,
    /// As what: LOBSTER message and orderbook files of each book, or one file of our own events.
    #[arg(long = "as", value_enum, value_name = "FORMAT", default_value = "lobster")]
    pub format: ExportFormat,
    /// The folder to write to; it is made where it is not there, and nothing in it is overwritten.
    #[arg(long, value_name = "FOLDER", default_value = "export")]
    pub out: PathBuf,
    /// How many levels a side an orderbook file of LOBSTER has.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=LEVELS_MAX))]
    pub levels: u16,
    /// The day on which the run began, at half past nine in New York: a simulation has none of its own.
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "2024-01-02")]
    pub date: Date,
}

/// Most levels a side of an orderbook file, as LOBSTER itself offers them.
const LEVELS_MAX: i64 = 200;

/// When an exported run begins: half past nine, in nanoseconds after midnight.
const OPENING: Nanos = Nanos::from_secs(9 * 3_600 + 30 * 60);

/// What a run is exported as.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum ExportFormat {
    /// A message and an orderbook file of each book.
    Lobster,
    /// One file of our own events, as text.
    Csv,
    /// The same as Parquet.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// What was written.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Export {
    /// The run's digest, which came out again.
    pub digest: String,
    /// How many events, over all books.
    pub events: u64,
    /// The files.
    pub files: Vec<PathBuf>,
}

/// Exports, and says what was written.
///
/// # Errors
/// [`Failure::Data`] when the folder is no finished run of this pattern, [`Failure::ReplayMismatch`] when the run does not come out
/// the same, [`Failure::Runtime`] when a file is there already or cannot be written.
pub fn export<P: Pattern>(flags: &ExportFlags, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    shared.leaves_configuration("a run is exported with its own configuration and seed")?;
    let exported = exported::<P>(flags, &terminal.interrupt)?;
    let text = if shared.json {
        format!("{:#}\n", serde_json::to_value(&exported).map_err(anyhow::Error::from)?)
    } else {
        let files = exported.files.iter().map(|file| format!("  {}\n", file.display())).collect::<String>();
        format!("exported {} events, digest {} again\n{files}", exported.events, exported.digest)
    };
    Ok(terminal.out.write_all(text.as_bytes())?)
}

/// The same, as data.
///
/// # Errors
/// As [`export`].
pub fn exported<P: Pattern>(flags: &ExportFlags, interrupt: &Interrupt) -> Result<Export, Failure> {
    let (manifest, config) = verify::open::<P>(&flags.run)?;
    let mut restaged = Restaged::new::<P>(&flags.run, &manifest, &config)?;
    restaged.stage.world.keep_events();
    let midnight = flags.date.midnight(Zone::NewYork);
    let begins = midnight.and_then(|midnight| midnight.plus(OPENING.count()));
    let (Some(midnight), Some(begins)) = (midnight, begins) else {
        return Err(Failure::Usage("--date is a day from 1970 to 2554".to_owned()));
    };
    let day =
        files::Day { date: flags.date, midnight, opening: OPENING, length: restaged.until.since(Timestamp::START) };
    let stem = format!("{}-{}", P::NAME, manifest.run.seed);
    let who = restaged.stage.who.clone();
    let mut written = Written::create(flags, day, &stem, who.listings().len())?;
    let mut events = 0;
    let mut transcript = Transcript::new(&who, begins, |event: &Event, instruments: &Instruments| {
        events += 1;
        written.write(event, instruments)
    })?;
    // So that a book in which nothing happened has its files, too.
    let instruments = transcript.instruments().clone();
    let ran = restaged.run(interrupt, &mut transcript);
    drop(transcript);
    if let Err(failure) = ran {
        written.take_away();
        return Err(failure);
    }
    let files = written.finish(&instruments)?;
    Ok(Export { digest: manifest.run.digest.unwrap_or_default(), events, files })
}

/// A new file of this name.
pub(crate) fn create(folder: &Path, name: &str) -> anyhow::Result<(PathBuf, std::fs::File)> {
    let path = folder.join(name);
    let file = std::fs::File::create_new(&path).map_err(|error| {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            return anyhow!("{} is there already: nothing is overwritten", path.display());
        }
        anyhow::Error::from(error).context(format!("cannot write {}", path.display()))
    })?;
    Ok((path, file))
}
