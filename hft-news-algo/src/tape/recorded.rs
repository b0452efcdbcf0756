//! Recorded headlines: JSON lines, RSS and Atom, as a tape.
//!
//! Invariant: what is wrong with an item is counted with its reason, and the item is not on the tape; nothing is guessed.
//!
//! A line of JSON is `{"published": .., "text": ".."}`, and may say `event`, `received` and `seq`; moments are RFC 3339 or nanoseconds since
//! 1970. A feed's items have `title` and `pubDate`, or `title` and `published` or `updated`. The first item is published a second after the
//! start of the run, and all others as much later as they were.

use super::clock::moment;
use super::{NewsItem, feed};
use crate::reader::{TEXT_MAX, parse};
use anyhow::{Context, ensure};
use hft_core::models::{Nanos, Timestamp};
use hft_data::UnixNanos;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Files are no larger, bytes.
const FILE_MAX: u64 = 256 << 20;

/// A line of JSON is no longer, bytes: a headline and its clocks.
const LINE_MAX: usize = 2 * TEXT_MAX;

/// Where the first item is put.
const LEAD: Nanos = Nanos::from_secs(1);

/// Why an item is not on the tape.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fault {
    /// Not the format.
    Malformed,
    /// No text, or no moment of publication.
    Missing,
    /// The text cannot be read: empty, or too long, or no text.
    Unreadable,
    /// A moment that is none.
    BadClock,
    /// It was published before the one that stands before it, received before it was published, or published before it happened.
    ClockBack,
    /// Its number was there before.
    Repeated,
}

/// What a file held.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Recorded {
    /// In the order of publication.
    pub items: Vec<NewsItem>,
    /// How many items were refused, by reason, and where the first of them stands.
    pub refused: BTreeMap<Fault, (u64, u64)>,
    /// Numbers that are missing between two items.
    pub gaps: u64,
}

/// An item before its clocks are put on the run's.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Found {
    pub(super) event: Option<String>,
    pub(super) published: Option<String>,
    pub(super) received: Option<String>,
    pub(super) text: Option<String>,
    pub(super) seq: Option<u64>,
}

impl Fault {
    /// As people write it.
    pub const fn word(self) -> &'static str {
        match self {
            Fault::Malformed => "not the format",
            Fault::Missing => "no text or no moment of publication",
            Fault::Unreadable => "unreadable text",
            Fault::BadClock => "a moment that is none",
            Fault::ClockBack => "a clock that goes back",
            Fault::Repeated => "a number that was there before",
        }
    }
}

impl Recorded {
    /// Reads a file; what begins with `<` is a feed.
    ///
    /// # Errors
    /// When the file cannot be read, or nothing of it can be used.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let told = || format!("cannot read {}", path.display());
        let size = fs::metadata(path).with_context(told)?.len();
        ensure!(size <= FILE_MAX, "{}: {size} bytes; at most {FILE_MAX} are read", path.display());
        let recorded = Self::of(&fs::read(path).with_context(told)?);
        let told = recorded.told();
        ensure!(!recorded.items.is_empty(), "{}: no headline can be used: {told}", path.display());
        Ok(recorded)
    }

    /// The same of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut tape = Self::default();
        let mut reading = Reading::default();
        if bytes.trim_ascii_start().starts_with(b"<") {
            let mut found = Vec::new();
            feed::items(bytes, |item| found.push(item));
            let numbered: Vec<_> = (1..).zip(found).collect();
            // Feeds have their newest item on top.
            let clock = |item: &Result<Found, Fault>| moment(item.as_ref().ok()?.published.as_deref()?);
            let clocks: Vec<UnixNanos> = numbered.iter().filter_map(|(_, item)| clock(item)).collect();
            if clocks.first() > clocks.last() {
                numbered.into_iter().rev().for_each(|(number, item)| reading.take(&mut tape, number, item));
            } else {
                numbered.into_iter().for_each(|(number, item)| reading.take(&mut tape, number, item));
            }
        } else {
            let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
            (1..).zip(lines).for_each(|(number, line)| reading.take(&mut tape, number, json(line)));
        }
        tape
    }

    /// What was refused, in a sentence.
    pub fn told(&self) -> String {
        let each = |(fault, (count, first)): (&Fault, &(u64, u64))| {
            format!("{count} refused for {} (first: item {first})", fault.word())
        };
        let mut parts: Vec<String> = self.refused.iter().map(each).collect();
        if self.gaps > 0 {
            parts.push(format!("{} missing between two that are there", self.gaps));
        }
        if parts.is_empty() { "nothing was refused".to_owned() } else { parts.join("; ") }
    }
}

/// A line of JSON, as it is written. What it says besides is not read.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    event: Option<&'a serde_json::value::RawValue>,
    #[serde(borrow)]
    published: Option<&'a serde_json::value::RawValue>,
    #[serde(borrow)]
    received: Option<&'a serde_json::value::RawValue>,
    text: Option<String>,
    seq: Option<u64>,
}

fn json(line: &[u8]) -> Result<Found, Fault> {
    if line.len() > LINE_MAX {
        return Err(Fault::Unreadable);
    }
    let text = std::str::from_utf8(line).map_err(|_| Fault::Unreadable)?;
    let Line { event, published, received, text, seq } = serde_json::from_str(text).map_err(|_| Fault::Malformed)?;
    // A number, or a text between quotation marks.
    let clock = |raw: Option<&serde_json::value::RawValue>| raw.map(|raw| raw.get().trim_matches('"').to_owned());
    Ok(Found { event: clock(event), published: clock(published), received: clock(received), text, seq })
}

/// What is known while a file is read.
#[derive(Default)]
struct Reading {
    first: Option<UnixNanos>,
    last: UnixNanos,
    seq: Option<u64>,
}

impl Reading {
    fn take(&mut self, tape: &mut Recorded, number: u64, found: Result<Found, Fault>) {
        match found.and_then(|found| self.item(&mut tape.gaps, found)) {
            Ok(item) => tape.items.push(item),
            Err(fault) => tape.refused.entry(fault).or_insert((0, number)).0 += 1,
        }
    }

    fn item(&mut self, gaps: &mut u64, found: Found) -> Result<NewsItem, Fault> {
        let (Some(text), Some(published)) = (found.text, found.published) else { return Err(Fault::Missing) };
        let clock = |text: &str| moment(text).ok_or(Fault::BadClock);
        let published = clock(&published)?;
        let event = found.event.as_deref().map(clock).transpose()?.unwrap_or(published);
        let received = found.received.as_deref().map(clock).transpose()?;
        parse(text.as_bytes()).map_err(|_| Fault::Unreadable)?;
        if published < self.last || event > published || received.is_some_and(|received| received < published) {
            return Err(Fault::ClockBack);
        }
        if let (Some(last), Some(seq)) = (self.seq, found.seq) {
            if seq <= last {
                return Err(Fault::Repeated);
            }
            *gaps += seq - last - 1;
        }
        self.seq = found.seq.or(self.seq);
        self.last = published;
        let first = *self.first.get_or_insert(published);
        let on_ours = |at: UnixNanos| {
            let since = u64::try_from(at.minus(first)).unwrap_or(0);
            Timestamp::START.after(LEAD).after(Nanos::new(since))
        };
        let (event, published, received) = (on_ours(event), on_ours(published), received.map(on_ours));
        Ok(NewsItem { event, published, received, text, label: None })
    }
}
