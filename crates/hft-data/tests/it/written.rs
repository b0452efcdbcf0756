//! Files that a test writes for itself.

use hft_data::{Body, Event, OnBadRecord, ReadError, ReadOptions, Recording};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder that is gone when the test ends.
pub(crate) struct Files(TempDir);

impl Files {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, content).expect("it can be written");
        path
    }
}

/// All events of a file.
pub(crate) fn events(path: &Path, options: &ReadOptions) -> Result<Vec<Event>, ReadError> {
    let mut recording = Recording::open(path, options)?;
    let mut events = Vec::new();
    while let Some(event) = recording.next()? {
        events.push(event);
    }
    Ok(events)
}

pub(crate) fn bodies(path: &Path) -> Vec<Body> {
    let events = events(path, &ReadOptions::default()).expect("a good file");
    events.into_iter().map(|event| event.body).collect()
}

pub(crate) fn skipping() -> ReadOptions {
    ReadOptions { on_bad_record: OnBadRecord::Skip, ..ReadOptions::default() }
}

/// Reads to the end; the recording tells what it met.
pub(crate) fn read_through(path: &Path, options: &ReadOptions) -> Recording {
    let mut recording = Recording::open(path, options).expect("a known format");
    while recording.next().expect("readable").is_some() {}
    recording
}
