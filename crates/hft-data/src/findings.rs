//! What is odd about a recording: counted by kind, the first of each kept with its place. Reported, never repaired in
//! silence.

use crate::bad_record::Place;
use serde::Serialize;

/// What kind of oddity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Records are missing: a sequence jumps.
    Gap,
    /// A record was there before, or is older than what was read.
    Duplicate,
    /// A record is earlier than the one before it.
    OutOfOrder,
    /// The best bid is not below the best offer.
    Crossed,
    /// A record names an order that is not known to rest.
    UnknownOrder,
    /// A record takes more than there is.
    Overdrawn,
    /// The file ends in the middle of a record.
    Truncated,
    /// A bad record was passed over.
    Skipped,
    /// Something that the file does not say was assumed.
    Assumed,
    /// An image of the book is older than the updates that it should precede.
    StaleImage,
}

impl FindingKind {
    /// All kinds, in their order.
    pub const ALL: [Self; 10] = [
        Self::Gap,
        Self::Duplicate,
        Self::OutOfOrder,
        Self::Crossed,
        Self::UnknownOrder,
        Self::Overdrawn,
        Self::Truncated,
        Self::Skipped,
        Self::Assumed,
        Self::StaleImage,
    ];

    /// What people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gap => "gaps",
            Self::Duplicate => "duplicates",
            Self::OutOfOrder => "out of order",
            Self::Crossed => "crossed",
            Self::UnknownOrder => "unknown orders",
            Self::Overdrawn => "overdrawn",
            Self::Truncated => "truncated",
            Self::Skipped => "skipped",
            Self::Assumed => "assumed",
            Self::StaleImage => "stale images",
        }
    }
}

/// One oddity.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// Its kind.
    pub kind: FindingKind,
    /// Where it was met.
    pub place: Place,
    /// What it is, in words.
    pub text: String,
}

/// All oddities of a recording: how many of each kind, and the first few.
///
/// ```
/// use hft_data::{FindingKind, Findings, Place};
/// let mut findings = Findings::default();
/// findings.note(FindingKind::Gap, Place::Line(7), || "update 12 follows 9".to_owned());
/// assert_eq!(findings.count(FindingKind::Gap), 1);
/// assert_eq!(findings.first()[0].text, "update 12 follows 9");
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Findings {
    counts: [u64; FindingKind::ALL.len()],
    first: Vec<Finding>,
}

impl Findings {
    /// How many of each kind are kept in words.
    pub const MAX_KEPT: u64 = 5;

    /// Counts an oddity; the words are made only for those that are kept.
    pub fn note(&mut self, kind: FindingKind, place: Place, text: impl FnOnce() -> String) {
        let count = &mut self.counts[kind as usize];
        *count += 1;
        if *count <= Self::MAX_KEPT {
            self.first.push(Finding { kind, place, text: text() });
        }
    }

    /// How many of a kind were met.
    pub const fn count(&self, kind: FindingKind) -> u64 {
        self.counts[kind as usize]
    }

    /// The first of each kind, in the order of the file.
    pub fn first(&self) -> &[Finding] {
        &self.first
    }
}
