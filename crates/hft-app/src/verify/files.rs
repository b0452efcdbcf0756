//! Files of two runs, compared: rows to the last byte, summaries but for what no two runs share.

use crate::exit::Failure;
use crate::output::Summary;
use anyhow::Context;
use serde_json::Value as Json;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Where the recorder writes, fills first.
pub(super) const ROWS: [&str; 3] = ["fills.csv", "orders.csv", "equity.csv"];

/// A file, line by line, line ends included.
struct Lines(BufReader<File>);

impl Lines {
    fn of(folder: &Path, name: &str) -> Result<Self, Failure> {
        let path = folder.join(name);
        let file = File::open(&path).with_context(|| format!("cannot read {}", path.display()));
        Ok(Self(BufReader::new(file.map_err(Failure::Data)?)))
    }

    fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let mut line = Vec::new();
        let read = self.0.read_until(b'\n', &mut line).map_err(|error| Failure::Data(error.into()))?;
        Ok((read > 0).then_some(line))
    }
}

fn shown(line: &[u8]) -> String {
    String::from_utf8_lossy(line).trim_end().to_owned()
}

/// How many lines two equal files have.
pub(super) fn same_rows(name: &str, was: &Path, is: &Path) -> Result<u64, Failure> {
    let (mut was, mut is) = (Lines::of(was, name)?, Lines::of(is, name)?);
    let mut lines = 0;
    loop {
        let differs = match (was.next()?, is.next()?) {
            (None, None) => return Ok(lines),
            (Some(was), Some(is)) if was == is => None,
            (Some(was), Some(is)) => Some(format!("was {} and is {}", shown(&was), shown(&is))),
            (Some(was), None) => Some(format!("was {} and does not come again", shown(&was))),
            (None, Some(is)) => Some(format!("was not there and is {}", shown(&is))),
        };
        lines += 1;
        if let Some(differs) = differs {
            return Err(Failure::ReplayMismatch(format!("line {lines} of {name} {differs}")));
        }
    }
}

/// Two files, one of which may end earlier than the other, and in the middle of a line.
pub(super) fn agreeing_rows(name: &str, was: &Path, is: &Path) -> Result<(), Failure> {
    let (mut was, mut is) = (Lines::of(was, name)?, Lines::of(is, name)?);
    let mut lines = 0;
    while let (Some(was), Some(is)) = (was.next()?, is.next()?) {
        lines += 1;
        if !was.starts_with(&is) && !is.starts_with(&was) {
            let (was, is) = (shown(&was), shown(&is));
            return Err(Failure::ReplayMismatch(format!("line {lines} of {name} was {was} and is {is}")));
        }
    }
    Ok(())
}

/// A whole file.
pub(super) fn same_content(name: &str, was: &Path, is: &str) -> Result<(), Failure> {
    let path = was.join(name);
    let was = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display())).map_err(Failure::Data)?;
    if was == is.as_bytes() {
        Ok(())
    } else {
        Err(Failure::ReplayMismatch(format!("{name} comes out as another file")))
    }
}

/// Two summaries; of a journal nobody learns what only its driver knew.
pub(super) fn same_summary(mut was: Summary, mut is: Summary, from_journal: bool) -> Result<(), Failure> {
    is.run.wall_s = was.run.wall_s;
    if from_journal {
        is.run.driver.clone_from(&was.run.driver);
        is.run.ended_by.clone_from(&was.run.ended_by);
        was.latency.retain(|stage| is.latency.iter().any(|told| told.stage == stage.stage));
    }
    let json = |summary: &Summary| serde_json::to_value(summary).expect("a summary serialises");
    match difference("", &json(&was), &json(&is)) {
        None => Ok(()),
        Some(words) => Err(Failure::ReplayMismatch(format!("summary.json: {words}"))),
    }
}

/// The first place at which two values differ.
fn difference(at: &str, was: &Json, is: &Json) -> Option<String> {
    match (was, is) {
        (Json::Object(a), Json::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().zip(b.values()).find_map(|((key, a), b)| difference(&format!("{at}.{key}"), a, b))
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(place, (a, b))| difference(&format!("{at}[{place}]"), a, b))
        }
        _ => (was != is).then(|| format!("{} was {was} and is {is}", at.trim_start_matches('.'))),
    }
}
