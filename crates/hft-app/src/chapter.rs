//! What a pattern tells of its run beyond the common summary: races, unhedged seconds, detectors' verdicts.
//!
//! Invariant: it is learned from what the blotter hears, like everything else, so both drivers and the replay of a journal tell the same.

use crate::output::Style;
use hft_core::account::FillLog;
use hft_core::models::{AccountId, Timestamp};
use hft_core::world::Directory;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A pattern's own ledger. It hears of the desk, and of the scenario's further watched accounts.
pub trait SideLedger: FillLog + fmt::Debug {
    /// The run is over: what is told of it.
    fn chapter(&mut self, who: &Directory, ended: Timestamp) -> Chapter;
}

/// A pattern's own ledger, and whom it watches besides the desk.
#[derive(Debug)]
pub struct Side {
    /// The ledger.
    pub ledger: Box<dyn SideLedger>,
    /// Accounts other than the desk.
    pub accounts: Vec<AccountId>,
}

/// What a pattern tells of its run: a section of the summary and of the report.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Chapter {
    /// Its heading.
    pub title: String,
    /// Figures.
    pub tables: Vec<ChapterTable>,
    /// Sentences.
    pub notes: Vec<String>,
    /// Files for the run folder: name and content.
    #[serde(skip)]
    pub files: Vec<(String, String)>,
}

/// Labelled rows of figures.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct ChapterTable {
    /// Its heading.
    pub title: String,
    /// The columns behind the label, with their units.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<ChapterRow>,
    /// Which column the report draws as bars.
    pub drawn: Option<usize>,
}

/// One row.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct ChapterRow {
    /// What it is about.
    pub label: String,
    /// One figure for each column; absent where there is nothing to tell.
    pub figures: Vec<Option<f64>>,
}

impl ChapterTable {
    /// An empty table with these columns.
    pub fn new(title: &str, columns: &[&str]) -> Self {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Self { title: title.to_owned(), columns, rows: Vec::new(), drawn: None }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// When it has not one figure for each column.
    pub fn row(&mut self, label: impl Into<String>, figures: Vec<Option<f64>>) {
        assert_eq!(figures.len(), self.columns.len(), "one figure a column");
        self.rows.push(ChapterRow { label: label.into(), figures });
    }
}

impl Chapter {
    /// The section in the terminal, line by line.
    pub fn lines(&self, style: Style) -> Vec<String> {
        let mut lines = Vec::new();
        for (place, table) in self.tables.iter().enumerate() {
            let heading = match (place, table.title.as_str()) {
                (0, "") => self.title.clone(),
                (0, title) => format!("{}: {title}", self.title),
                (_, title) => title.to_owned(),
            };
            lines.push(format!("\n{}", style.bold(&heading)));
            let label = table.rows.iter().map(|row| row.label.chars().count()).max().unwrap_or(0).max(24);
            let widths: Vec<usize> = table.columns.iter().map(|name| name.chars().count().max(10)).collect();
            let head: String =
                table.columns.iter().zip(&widths).map(|(name, width)| format!("  {name:>width$}")).collect();
            lines.push(style.dim(&format!("  {:<label$}{head}", "")));
            for row in &table.rows {
                let cells: String = row
                    .figures
                    .iter()
                    .zip(&widths)
                    .map(|(cell, width)| format!("  {:>width$}", figure(*cell)))
                    .collect();
                lines.push(format!("  {:<label$}{cells}", row.label));
            }
        }
        lines.extend(self.notes.iter().map(|note| format!("  {note}")));
        lines
    }
}

/// Whole numbers as such, others with the digits that fit.
fn figure(value: Option<f64>) -> String {
    let Some(value) = value else { return "-".to_owned() };
    let size = value.abs();
    match () {
        () if value.fract() == 0.0 && size < 1e12 => format!("{value:.0}"),
        () if size >= 1_000.0 => format!("{value:.1}"),
        () if size >= 1.0 => format!("{value:.3}"),
        () => format!("{value:.5}"),
    }
}
