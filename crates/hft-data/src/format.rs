//! Which format a file has: told by its content, or by whoever knows better.

use crate::bad_record::{BadRecord, Place, ReadError};
use crate::formats::binance::{self, BinanceMessages};
use crate::formats::bitstamp::{self, BitstampReader};
use crate::formats::bybit::{self, BybitMessages};
use crate::formats::coinbase::{self, CoinbaseMessages};
use crate::formats::events_csv::{self, CsvReader};
use crate::formats::itch::{self, ItchReader};
use crate::formats::lean::{self, LeanReader};
use crate::formats::lobster::{self, BookRows, LobsterPair, LobsterReader};
use crate::formats::polygon::{self, PolygonReader};
use crate::formats::tardis::{self, TardisReader};
use crate::reader::RecordReader;
use crate::recording::{BookFiles, ReadOptions};
use crate::source::Entry;
use crate::venue_lines::VenueLines;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// The formats.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// LOBSTER message files.
    Lobster,
    /// Raw recordings of Binance's streams.
    Binance,
    /// Bitstamp's orders one by one.
    Bitstamp,
    /// NASDAQ TotalView-ITCH 5.0.
    Itch,
    /// Recordings of Bybit's streams, and its order book files.
    Bybit,
    /// Recordings of Coinbase's streams.
    Coinbase,
    /// Tardis CSV.
    Tardis,
    /// LEAN's zips of bars.
    Lean,
    /// Polygon's trades and quotes.
    Polygon,
    /// Our own CSV.
    EventsCsv,
    /// Databento's binary encoding.
    #[cfg(feature = "dbn")]
    Dbn,
    /// Our own Parquet.
    #[cfg(feature = "parquet")]
    EventsParquet,
}

impl Format {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Lobster,
        Self::Binance,
        Self::Bitstamp,
        Self::Itch,
        Self::Bybit,
        Self::Coinbase,
        Self::Tardis,
        Self::Lean,
        Self::Polygon,
        Self::EventsCsv,
        #[cfg(feature = "dbn")]
        Self::Dbn,
        #[cfg(feature = "parquet")]
        Self::EventsParquet,
    ];

    /// Its name on a command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lobster => "lobster",
            Self::Binance => "binance",
            Self::Bitstamp => "bitstamp",
            Self::Itch => "itch",
            Self::Bybit => "bybit",
            Self::Coinbase => "coinbase",
            Self::Tardis => "tardis",
            Self::Lean => "lean",
            Self::Polygon => "polygon",
            Self::EventsCsv => "csv",
            #[cfg(feature = "dbn")]
            Self::Dbn => "dbn",
            #[cfg(feature = "parquet")]
            Self::EventsParquet => "parquet",
        }
    }

    /// All names, as a command line offers them.
    pub fn names() -> Vec<&'static str> {
        Self::ALL.iter().map(|format| format.name()).collect()
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().copied().find(|format| format.name() == text);
        found.ok_or_else(|| format!("`{text}` is no format; one of {}", Self::names().join(", ")))
    }
}

/// How much of a file is looked at to tell its format, in bytes.
const HEAD: usize = 64 * 1024;

pub(crate) fn open(path: &Path, options: &ReadOptions) -> Result<(Format, Box<dyn RecordReader>), ReadError> {
    let entries = Entry::list(path)?;
    let format = match options.format {
        Some(format) => format,
        None => detect(path, &entries)?,
    };
    let named = |part: &str| entries.iter().find(|entry| entry.name.contains(part));
    let nothing = || BadRecord::new(&path.display().to_string(), Place::Offset(0), b"", "a file in the zip");
    let first = entries.first().ok_or_else(nothing)?;
    let reader: Box<dyn RecordReader> = match format {
        Format::Lobster => {
            let message = named("_message_").unwrap_or(first);
            let seed =
                options.seed_book.as_deref().map(Entry::list).transpose()?.and_then(|list| list.into_iter().next());
            let rows = match (options.book_files, &seed) {
                (BookFiles::Paired, None) => book_of(message, &entries)?,
                (BookFiles::Paired | BookFiles::Ignored, _) => None,
            };
            let reader = LobsterReader::open(message, seed.as_ref().or(rows.as_ref()), options)?;
            match rows {
                Some(rows) => Box::new(LobsterPair::new(reader, BookRows::of(&rows)?)),
                None => Box::new(reader),
            }
        }
        Format::Binance => Box::new(VenueLines::open(first, BinanceMessages::new(options))?),
        Format::Bitstamp => Box::new(BitstampReader::open(first, options)?),
        Format::Itch => Box::new(ItchReader::open(first, options)?),
        Format::Bybit => Box::new(VenueLines::open(first, BybitMessages::new(options))?),
        Format::Coinbase => Box::new(VenueLines::open(first, CoinbaseMessages::new(options))?),
        Format::Tardis => Box::new(TardisReader::open(first, options)?),
        Format::Lean => Box::new(LeanReader::open(&entries, options)?),
        Format::Polygon => Box::new(PolygonReader::open(first, options)?),
        Format::EventsCsv => Box::new(CsvReader::open(first, options)?),
        #[cfg(feature = "dbn")]
        Format::Dbn => Box::new(crate::formats::dbn::DbnReader::open(first, options)?),
        #[cfg(feature = "parquet")]
        Format::EventsParquet => Box::new(crate::formats::events_parquet::ParquetReader::open(first, options)?),
    };
    Ok((format, reader))
}

/// The orderbook that belongs to a message file: of the same zip, or a file beside it of the same name, whatever follows it.
fn book_of(message: &Entry, entries: &[Entry]) -> Result<Option<Entry>, ReadError> {
    let stem = message.name.split('.').next().unwrap_or_default();
    if !stem.contains("_message_") {
        return Ok(None);
    }
    let stem = stem.replace("_message_", "_orderbook_");
    if let Some(packed) = entries.iter().find(|entry| entry.name.starts_with(&stem)) {
        return Ok(Some(packed.clone()));
    }
    let folder = message.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = std::fs::read_dir(folder).into_iter().flatten();
    let beside = folder.filter_map(|file| Some(file.ok()?.path()));
    let is_book = |path: &std::path::PathBuf| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(&stem))
    };
    let book = beside.filter(is_book).min();
    Ok(book.map(|path| Entry::list(&path)).transpose()?.and_then(|list| list.into_iter().next()))
}

fn detect(path: &Path, entries: &[Entry]) -> Result<Format, ReadError> {
    for entry in entries {
        #[cfg(feature = "dbn")]
        if entry.is_dbz() {
            return Ok(Format::Dbn);
        }
        if lean::looks_like(&entry.name) {
            return Ok(Format::Lean);
        }
        if let Some(format) = of_content(&entry.head(HEAD)?) {
            return Ok(format);
        }
    }
    let head = entries.first().map(|entry| entry.head(BadRecord::MAX_SHOWN)).transpose()?.unwrap_or_default();
    let expected = format!("one of the formats {} (see --format)", Format::names().join(", "));
    Err(BadRecord::new(&path.display().to_string(), Place::Offset(0), &head, expected).into())
}

fn of_content(head: &[u8]) -> Option<Format> {
    let line = head.split(|&byte| byte == b'\n').next()?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match line {
        bitstamp::ORDERS | bitstamp::TRADES => Some(Format::Bitstamp),
        line if lobster::looks_like_message(line) => Some(Format::Lobster),
        line if events_csv::looks_like(line) => Some(Format::EventsCsv),
        line if tardis::looks_like(line) => Some(Format::Tardis),
        line if polygon::looks_like(line) => Some(Format::Polygon),
        line if binance::looks_like(line) => Some(Format::Binance),
        line if bybit::looks_like(line) => Some(Format::Bybit),
        line if coinbase::looks_like(line) => Some(Format::Coinbase),
        #[cfg(feature = "dbn")]
        _ if crate::formats::dbn::looks_like(head) => Some(Format::Dbn),
        #[cfg(feature = "parquet")]
        _ if crate::formats::events_parquet::looks_like(head) => Some(Format::EventsParquet),
        _ if itch::looks_like(head) => Some(Format::Itch),
        _ => None,
    }
}
