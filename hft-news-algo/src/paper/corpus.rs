//! Labelled sentences out of a file: `sentence@label` lines, or a CSV of `text,label`.
//!
//! Invariant: a sentence stands here once, so that no fold is tested on what it was trained on. Such files stay where they are: nothing of them
//! is kept, and no model that was trained on them leaves the process.

use crate::model::text::Text;
use anyhow::{Context, bail, ensure};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Files are no larger, bytes.
const FILE_MAX: u64 = 64 << 20;

/// Labelled sentences.
#[derive(Debug)]
pub(super) struct Corpus {
    /// Each once, with its class: 0 negative, 1 neutral, 2 positive.
    pub(super) sentences: Vec<(Text, usize)>,
    /// How many stood there before.
    pub(super) copies: usize,
}

impl Corpus {
    /// Lines of `sentence@label`, in UTF-8 or Latin-1.
    pub(super) fn phrasebank(path: &Path) -> anyhow::Result<Self> {
        let bytes = read(path)?;
        // Latin-1 is the first 256 characters of Unicode.
        let text =
            String::from_utf8(bytes).unwrap_or_else(|error| error.as_bytes().iter().map(|b| *b as char).collect());
        let mut labelled = Vec::new();
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let told = || format!("{}: line {number}", path.display());
            let (sentence, label) = line.rsplit_once('@').with_context(|| format!("{}: no @", told()))?;
            let class = match label.trim() {
                "negative" => 0,
                "neutral" => 1,
                "positive" => 2,
                other => bail!("{}: `{other}` is none of negative, neutral, positive", told()),
            };
            labelled.push((sentence.to_owned(), class));
        }
        Self::of(path, labelled)
    }

    /// A CSV with the columns `text` and `label`: 0 bearish, 1 bullish, 2 neutral.
    pub(super) fn twitter(path: &Path) -> anyhow::Result<Self> {
        let bytes = read(path)?;
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let heads = reader.headers().with_context(|| format!("cannot read {}", path.display()))?.clone();
        let column = |name| {
            let place = heads.iter().position(|head| head.trim() == name);
            place.with_context(|| format!("{} has no column {name}", path.display()))
        };
        let (text, label) = (column("text")?, column("label")?);
        let mut labelled = Vec::new();
        for (number, row) in (2..).zip(reader.records()) {
            let row = row.with_context(|| format!("{}: row {number}", path.display()))?;
            let class = match row.get(label).unwrap_or_default().trim() {
                "0" => 0,
                "1" => 2,
                "2" => 1,
                other => bail!("{}: row {number}: `{other}` is none of 0, 1, 2", path.display()),
            };
            labelled.push((without_links(row.get(text).unwrap_or_default()), class));
        }
        Self::of(path, labelled)
    }

    fn of(path: &Path, labelled: Vec<(String, usize)>) -> anyhow::Result<Self> {
        let count = labelled.len();
        let mut seen = BTreeSet::new();
        let mut sentences = Vec::new();
        for (raw, class) in labelled {
            let text = Text::of(&raw);
            let form: Vec<u64> = {
                let mut words = Vec::new();
                words.extend(
                    text.tokens().iter().map(|token| u64::from(crate::model::fnv1a(7, text.word(token).as_bytes()))),
                );
                words
            };
            if seen.insert(form) {
                sentences.push((text, class));
            }
        }
        ensure!(sentences.len() >= 100, "{}: {} sentences; at least 100 are needed", path.display(), sentences.len());
        Ok(Self { copies: count - sentences.len(), sentences })
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let told = || format!("cannot read {}", path.display());
    let size = fs::metadata(path).with_context(told)?.len();
    ensure!(size <= FILE_MAX, "{}: {size} bytes; at most {FILE_MAX} are read", path.display());
    fs::read(path).with_context(told)
}

/// Links are different in every tweet and say nothing.
fn without_links(text: &str) -> String {
    text.split_whitespace().filter(|word| !word.starts_with("http")).collect::<Vec<_>>().join(" ")
}
