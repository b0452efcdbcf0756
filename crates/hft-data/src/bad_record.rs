//! What is wrong with a file, said once and in full: which file, where, what was found, what was expected.

use serde::Serialize;
use std::fmt;
use std::io;
use std::str::FromStr;
use thiserror::Error;

/// Where in a file a record stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A line, counted from one.
    Line(u64),
    /// A byte of the uncompressed content, counted from zero.
    Offset(u64),
    /// A row of a table, counted from zero.
    Row(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Offset(offset) => write!(f, "offset {offset}"),
            Self::Row(row) => write!(f, "row {row}"),
        }
    }
}

/// A record that cannot be what its format says it is.
///
/// ```
/// use hft_data::{BadRecord, Place};
/// let bad = BadRecord::new("AAPL.csv", Place::Line(3), b"34200.1,9,1,1,1,1", "a type of 1 to 5 or 7");
/// assert_eq!(bad.to_string(), "AAPL.csv, line 3: found `34200.1,9,1,1,1,1`, expected a type of 1 to 5 or 7");
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Error)]
#[error("{file}, {place}: found `{found}`, expected {expected}")]
pub struct BadRecord {
    /// The file, as it was named.
    pub file: String,
    /// Where in it.
    pub place: Place,
    /// The record, or its beginning.
    pub found: String,
    /// What should have been there.
    pub expected: String,
}

impl BadRecord {
    /// How much of a record is shown, in characters.
    pub const MAX_SHOWN: usize = 120;

    /// A record that is not what was expected; of a long one the beginning is kept.
    pub fn new(file: &str, place: Place, found: &[u8], expected: impl Into<String>) -> Self {
        let head = &found[..found.len().min(Self::MAX_SHOWN)];
        let is_text = head.iter().all(|&byte| byte >= b' ' || byte.is_ascii_whitespace());
        let mut shown = if is_text {
            {
                let plain = |c: char| if c.is_control() { c.escape_debug().to_string() } else { c.to_string() };
                String::from_utf8_lossy(head).chars().map(plain).collect::<String>()
            }
        } else {
            head.iter().take(Self::MAX_SHOWN / 3).map(|byte| format!("{byte:02x} ")).collect::<String>()
        };
        if found.len() > head.len() {
            shown.push_str("...");
        }
        Self { file: file.to_owned(), place, found: shown.trim_end().to_owned(), expected: expected.into() }
    }
}

/// Why the next record cannot be had.
#[derive(Debug, Error)]
pub enum ReadError {
    /// This record is bad; the next may be good.
    #[error(transparent)]
    Bad(#[from] BadRecord),
    /// The file ends or breaks in the middle: nothing more can be read from it.
    #[error("{0}")]
    Broken(BadRecord),
    /// The environment failed.
    #[error("{file}: {error}")]
    Io {
        /// The file.
        file: String,
        /// How it failed.
        error: io::Error,
    },
}

impl ReadError {
    /// What a reader says of a file that it cannot open or read.
    pub fn io(file: &str, error: io::Error) -> Self {
        Self::Io { file: file.to_owned(), error }
    }
}

/// What to do with a bad record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum OnBadRecord {
    /// End there, with its error.
    #[default]
    Stop,
    /// Count it and go on.
    Skip,
}

impl OnBadRecord {
    /// The words of `--on-bad-record`.
    pub const NAMES: [&str; 2] = ["stop", "skip"];
}

impl FromStr for OnBadRecord {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "stop" => Ok(Self::Stop),
            "skip" => Ok(Self::Skip),
            _ => Err(format!("`{text}` is not one of {}", Self::NAMES.join(", "))),
        }
    }
}
