//! The task `data`: recordings of real markets, looked at before anything trades in them; and our own runs, as recordings.
//!
//! Left out: fetching. Nothing here opens a connection.

mod sources;

pub use sources::{SOURCES, Source};

use crate::exit::Failure;
use crate::export::{self, ExportFlags};
use crate::flags::Shared;
use crate::pattern::Pattern;
use crate::terminal::Terminal;
use clap::{Args, Subcommand};
use hft_data::{Format, Info, OnBadRecord, ReadError, ReadOptions};
use std::path::PathBuf;

/// What to do with recordings.
#[derive(Clone, Debug, Subcommand)]
pub enum DataTask {
    /// What is in a file: span, events, spread, depth, gaps, and what looks like a trap.
    Info(InfoFlags),
    /// Write a finished run as a recording: LOBSTER message and orderbook files, or our own events.
    Export(ExportFlags),
    /// Where recordings are to be had for nothing, and how; nothing is downloaded.
    Fetch(FetchFlags),
}

/// What is asked of the sources.
#[derive(Clone, PartialEq, Eq, Debug, Args)]
pub struct FetchFlags {
    /// Name them: who, what, where, on what terms, and how to get it into a file that is read here.
    #[arg(long, required = true)]
    pub list: bool,
}

/// Which files, and how to read them.
#[derive(Clone, PartialEq, Debug, Args)]
pub struct InfoFlags {
    /// The files, plain or compressed.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// What they are, where it should not be told from their content.
    #[arg(long)]
    pub format: Option<Format>,
    /// What to do with a record that cannot be one: skip counts it, stop ends with it.
    #[arg(long, value_name = "skip|stop", default_value = "skip")]
    pub on_bad_record: OnBadRecord,
    /// The instrument of a file that does not name it.
    #[arg(long)]
    pub symbol: Option<String>,
    /// A LOBSTER orderbook file whose first row is the book in which a message file begins.
    #[arg(long, value_name = "FILE")]
    pub seed_book: Option<PathBuf>,
}

/// Does it.
///
/// # Errors
/// [`Failure::Data`] for the first file that cannot be read; what [`export::export`] fails with.
pub fn data<P: Pattern>(task: &DataTask, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    match task {
        DataTask::Info(flags) => info(flags, shared, terminal),
        DataTask::Export(flags) => export::export::<P>(flags, shared, terminal),
        DataTask::Fetch(FetchFlags { list: _ }) => fetch(shared, terminal),
    }
}

/// Names the sources.
fn fetch(shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    shared.leaves_configuration("the sources are what they are")?;
    let text = if shared.json {
        format!("{:#}\n", serde_json::to_value(SOURCES).map_err(anyhow::Error::from)?)
    } else {
        sources::list(shared.style())
    };
    Ok(terminal.out.write_all(text.as_bytes())?)
}

fn info(flags: &InfoFlags, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let InfoFlags { files, format, on_bad_record, symbol, seed_book } = flags.clone();
    let options = ReadOptions { format, on_bad_record, symbol, seed_book, ..ReadOptions::default() };
    let unreadable = |error: ReadError| Failure::Data(anyhow::Error::from(error));
    let mut told = Vec::new();
    for file in &files {
        let info = Info::of(file, &options).map_err(unreadable)?;
        if shared.json {
            told.push(serde_json::to_value(&info).map_err(anyhow::Error::from)?);
        } else {
            write!(terminal.out, "{info}")?;
        }
    }
    if shared.json {
        writeln!(terminal.out, "{:#}", serde_json::Value::Array(told))?;
    }
    Ok(())
}
