//! CSV that pandas and polars read with no helper: a header always, a point as decimal sign, nothing for nothing.

use super::Row;
use anyhow::Context;
use std::fs::File;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

/// A CSV file that takes rows of one type, one after the other.
#[derive(Debug)]
pub struct CsvFile<R> {
    path: PathBuf,
    writer: csv::Writer<File>,
    rows: u64,
    row: PhantomData<fn(&R)>,
}

impl<R: Row> CsvFile<R> {
    /// Makes the file, which must not exist, and writes its header.
    ///
    /// # Errors
    /// When it exists or cannot be written.
    pub fn create(path: &Path) -> anyhow::Result<Self> {
        let file = File::create_new(path).with_context(|| format!("cannot make {}", path.display()))?;
        let writer = csv::WriterBuilder::new().has_headers(false).buffer_capacity(1 << 16).from_writer(file);
        let mut file = Self { path: path.to_owned(), writer, rows: 0, row: PhantomData };
        let written = file.writer.write_record(R::COLUMNS.iter().map(|column| column.name));
        written.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(file)
    }

    /// Appends a row.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&mut self, row: &R) -> anyhow::Result<()> {
        self.writer.serialize(row).with_context(|| format!("cannot write {}", self.path.display()))?;
        self.rows += 1;
        Ok(())
    }

    /// Hands everything to the system: whatever becomes of the program, the rows so far are there.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn flush(&mut self) -> anyhow::Result<()> {
        self.writer.flush().with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// The same at the end; says how many rows there are.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(mut self) -> anyhow::Result<u64> {
        self.flush()?;
        Ok(self.rows)
    }
}
