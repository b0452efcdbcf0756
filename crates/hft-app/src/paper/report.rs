//! A table that holds what a paper printed, or what its model exactly implies, beside what was computed here.
//!
//! A table is read twice: by people as [`PaperReport::render`], by programs as JSON.

use crate::output::Style;
use serde::{Deserialize, Serialize};
use std::fmt::{self, Write as _};

/// The result of reproducing one published result.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PaperReport {
    /// The name by which it is asked for, such as `avellaneda-stoikov`.
    pub name: String,
    /// Where it was published.
    pub citation: String,
    /// One compared or computed figure each, in the order of reading.
    pub rows: Vec<PaperRow>,
    /// What a reader has to know to read the rows: parameters, seed, traps.
    pub notes: Vec<String>,
}

/// One figure.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PaperRow {
    /// Rows of one section stand together under this heading.
    pub section: String,
    /// What the figure is.
    pub label: String,
    /// What the paper prints, where it prints it.
    pub published: Option<f64>,
    /// Standard error of the print, where the print itself is a random draw.
    pub published_standard_error: Option<f64>,
    /// What the paper's model implies exactly, where that is known.
    pub exact: Option<f64>,
    /// The figure computed here.
    pub ours: f64,
    /// Standard error of ours, where it is a random draw.
    pub standard_error: Option<f64>,
    /// How far ours may be from `exact` (from `published` where no exact value is known). `None`: shown, not gated.
    pub tolerance: Option<f64>,
    /// Whether it is within the tolerance; `None` where there is none.
    pub pass: Option<bool>,
}

impl PaperRow {
    /// A figure with nothing to compare it to.
    pub fn new(section: impl Into<String>, label: impl Into<String>, ours: f64) -> Self {
        Self {
            section: section.into(),
            label: label.into(),
            published: None,
            published_standard_error: None,
            exact: None,
            ours,
            standard_error: None,
            tolerance: None,
            pass: None,
        }
    }

    /// With what the paper prints.
    #[must_use]
    pub fn published(self, value: f64) -> Self {
        Self { published: Some(value), ..self }
    }

    /// With what the model implies.
    #[must_use]
    pub fn exact(self, value: f64) -> Self {
        Self { exact: Some(value), ..self }
    }

    /// With the standard error of ours.
    #[must_use]
    pub fn standard_error(self, value: f64) -> Self {
        Self { standard_error: Some(value), ..self }
    }

    /// Gated: ours must be within `tolerance` of the exact value, or of the published one where no exact one is known.
    ///
    /// # Panics
    /// When the row has neither.
    #[must_use]
    pub fn within(self, tolerance: f64) -> Self {
        let target = self.exact.or(self.published).expect("a gated row has something to be compared to");
        let pass = (self.ours - target).abs() <= tolerance;
        Self { tolerance: Some(tolerance), pass: Some(pass), ..self }
    }
}

impl PaperReport {
    /// How many gated rows failed.
    pub fn failures(&self) -> usize {
        self.rows.iter().filter(|row| row.pass == Some(false)).count()
    }

    /// True unless a gated row failed.
    pub fn passes(&self) -> bool {
        self.failures() == 0
    }

    /// An aligned table, section by section.
    pub fn render(&self, style: Style) -> String {
        let lines: Vec<[String; CELLS]> = self.rows.iter().map(PaperRow::cells).collect();
        let width = |column: usize| {
            let cells = lines.iter().map(|line| line[column].chars().count());
            cells.chain([HEADS[column].chars().count()]).max().unwrap_or(0)
        };
        let widths: [usize; CELLS] = std::array::from_fn(width);
        let aligned = |cells: [&str; CELLS]| {
            let label = format!("  {:<width$}", cells[0], width = widths[0]);
            (1..CELLS).fold(label, |line, i| line + &format!("  {:>width$}", cells[i], width = widths[i]))
        };
        let mut out = format!("{}\n{}\n", style.bold(&self.name), style.dim(&self.citation));
        let mut say = |text: &str| writeln!(out, "{}", text.trim_end()).expect("a String takes everything");
        let mut section = None;
        for (row, line) in self.rows.iter().zip(&lines) {
            if section != Some(&row.section) {
                say(&format!("\n{}", style.bold(&row.section)));
                say(&style.dim(aligned(HEADS).trim_end()));
                section = Some(&row.section);
            }
            let verdict = match row.pass {
                Some(true) => style.good("  pass"),
                Some(false) => style.bad("  FAIL"),
                None => String::new(),
            };
            say(&(aligned(std::array::from_fn(|i| line[i].as_str())) + &verdict));
        }
        say("");
        self.notes.iter().for_each(|note| say(note));
        let gated = self.rows.iter().filter(|row| row.pass.is_some()).count();
        if gated > 0 {
            say(&format!("{} of {gated} within tolerance", gated - self.failures()));
        }
        out
    }
}

const CELLS: usize = 5;
const HEADS: [&str; CELLS] = ["", "published (s.e.)", "exact", "ours (s.e.)", "tolerance"];

impl PaperRow {
    fn cells(&self) -> [String; CELLS] {
        let with_error = |text: String, error: Option<f64>| match error {
            Some(error) if !text.is_empty() => format!("{text} ({})", figure(error)),
            _ => text,
        };
        [
            self.label.clone(),
            with_error(self.published.map_or_else(String::new, printed), self.published_standard_error),
            cell(self.exact),
            with_error(figure(self.ours), self.standard_error),
            cell(self.tolerance),
        ]
    }
}

/// As many decimals as a table can hold; exponents only where a plain number would be unreadable.
fn figure(value: f64) -> String {
    let size = value.abs();
    if value.is_finite() && size > 0.0 && !(1e-4..1e7).contains(&size) {
        format!("{value:.4e}")
    } else {
        format!("{value:.5}")
    }
}

/// A print keeps the digits that it has: 1.49 claims less than 1.49000.
fn printed(value: f64) -> String {
    format!("{value:?}")
}

fn cell(value: Option<f64>) -> String {
    value.map_or_else(String::new, figure)
}

impl fmt::Display for PaperReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Style::Plain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> PaperReport {
        let rows = vec![
            PaperRow::new("first", "a", 1.05).published(1.0).exact(1.1).standard_error(0.02).within(0.06),
            PaperRow::new("first", "b", 2e9),
            PaperRow::new("second", "c", 3.0).published(2.0).within(0.5),
        ];
        PaperReport { name: "x".into(), citation: "X (2000)".into(), rows, notes: vec!["A note.".into()] }
    }

    #[test]
    fn the_exact_value_is_the_judge_where_there_is_one() {
        let report = report();
        assert_eq!(report.rows.iter().map(|row| row.pass).collect::<Vec<_>>(), [Some(true), None, Some(false)]);
        assert!(!report.passes());
    }

    #[test]
    fn it_prints_and_survives_json() {
        let expected = "\
x
X (2000)

first
     published (s.e.)    exact        ours (s.e.)  tolerance
  a               1.0  1.10000  1.05000 (0.02000)    0.06000  pass
  b                                      2.0000e9

second
     published (s.e.)    exact        ours (s.e.)  tolerance
  c               2.0                     3.00000    0.50000  FAIL

A note.
1 of 2 within tolerance
";
        assert_eq!(report().to_string(), expected);
        let json = serde_json::to_string(&report()).expect("plain data");
        assert!(json.contains("\"ours\":1.05"), "figures are numbers: {json}");
        assert_eq!(serde_json::from_str::<PaperReport>(&json).expect("round trip"), report());
    }
}
