//! Published results, reproduced as a command: `paper avellaneda-stoikov --gamma 0.1`.
//!
//! A pattern describes each by a clap struct of its parameters and a function from them to a [`PaperReport`]; flags, help and
//! printing are the same for all.

use crate::output::Style;
use clap::{ArgMatches, Args, Command};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// One result that a pattern reproduces.
pub struct Paper {
    command: Command,
    run: Run,
}

type Run = Box<dyn Fn(&ArgMatches, PaperSeed) -> anyhow::Result<PaperReport>>;

/// The seed that the user asked for; a paper whose gate names a seed beforehand takes that one otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PaperSeed(pub Option<u64>);

/// What came out, beside what was published.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PaperReport {
    /// The name of the command.
    pub name: String,
    /// Authors, year, journal, pages; the table or the equation.
    pub citation: String,
    /// One line for each number.
    pub rows: Vec<PaperRow>,
    /// What the numbers mean, where the print and the model disagree, how many paths were used.
    pub notes: Vec<String>,
}

/// One number of a paper.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PaperRow {
    /// What it is, with the parameters that it belongs to.
    pub label: String,
    /// What the paper, or its model solved exactly, says.
    pub published: Option<f64>,
    /// What this program found.
    pub ours: f64,
    /// Its standard error, where it was simulated.
    pub standard_error: Option<f64>,
    /// How far it may be from the published value; absent where the row is shown and not judged.
    pub tolerance: Option<f64>,
    /// The judgement; absent where there is none.
    pub pass: Option<bool>,
}

impl PaperSeed {
    /// The user's seed, or the one declared beforehand.
    pub fn or(self, declared: u64) -> u64 {
        self.0.unwrap_or(declared)
    }
}

impl Paper {
    /// A paper with parameters `A`, a struct that derives [`clap::Args`].
    pub fn new<A: Args + 'static>(
        name: &'static str,
        about: &'static str,
        run: impl Fn(A, PaperSeed) -> anyhow::Result<PaperReport> + 'static,
    ) -> Self {
        let command = A::augment_args(Command::new(name).about(about));
        let run: Run = Box::new(move |matches, seed| run(A::from_arg_matches(matches)?, seed));
        Self { command, run }
    }

    /// Its subcommand.
    pub fn command(&self) -> &Command {
        &self.command
    }

    /// Reproduces it.
    ///
    /// # Errors
    /// What the paper's own code says of these parameters.
    pub fn run(&self, matches: &ArgMatches, seed: PaperSeed) -> anyhow::Result<PaperReport> {
        (self.run)(matches, seed)
    }
}

impl PaperRow {
    /// A row that is judged: passes where `ours` is within `tolerance` of `published`.
    pub fn judged(label: impl Into<String>, published: f64, ours: f64, tolerance: f64) -> Self {
        let pass = (ours - published).abs() <= tolerance;
        let (published, tolerance, pass) = (Some(published), Some(tolerance), Some(pass));
        Self { label: label.into(), published, ours, standard_error: None, tolerance, pass }
    }

    /// A row that is shown and not judged.
    pub fn shown(label: impl Into<String>, published: Option<f64>, ours: f64) -> Self {
        Self { label: label.into(), published, ours, standard_error: None, tolerance: None, pass: None }
    }

    /// The same, with the standard error of `ours`.
    #[must_use]
    pub fn with_error(self, standard_error: f64) -> Self {
        Self { standard_error: Some(standard_error), ..self }
    }
}

impl PaperReport {
    /// How many judged rows failed.
    pub fn failures(&self) -> usize {
        self.rows.iter().filter(|row| row.pass == Some(false)).count()
    }

    /// An aligned table.
    pub fn render(&self, style: Style) -> String {
        let widest = self.rows.iter().map(|row| row.label.chars().count()).max().unwrap_or(0).max(8);
        let mut out = format!("{}\n{}\n\n", style.bold(&self.name), style.dim(&self.citation));
        let head = format!("{:widest$} {:>13} {:>13} {:>11} {:>11}", "", "published", "ours", "std error", "tolerance");
        writeln!(out, "{}", style.dim(&head)).expect("a String takes everything");
        for row in &self.rows {
            let (published, error, tolerance) =
                (number(row.published), number(row.standard_error), number(row.tolerance));
            let verdict = match row.pass {
                Some(true) => style.good("pass"),
                Some(false) => style.bad("FAIL"),
                None => String::new(),
            };
            let ours = number(Some(row.ours));
            let line =
                format!("{:widest$} {published:>13} {ours:>13} {error:>11} {tolerance:>11}  {verdict}", row.label);
            writeln!(out, "{}", line.trim_end()).expect("a String takes everything");
        }
        for note in &self.notes {
            write!(out, "\n{note}").expect("a String takes everything");
        }
        let judged = self.rows.iter().filter(|row| row.pass.is_some()).count();
        if judged > 0 {
            write!(out, "\n{} of {judged} within tolerance", judged - self.failures())
                .expect("a String takes everything");
        }
        out.push('\n');
        out
    }
}

/// Six significant digits or so; nothing for nothing.
fn number(value: Option<f64>) -> String {
    match value {
        None => String::new(),
        Some(value) if value.abs() >= 1e6 || (value.abs() < 1e-4 && value.abs() > 0.0) => format!("{value:.4e}"),
        Some(value) => format!("{value:.5}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_an_aligned_table() {
        let report = PaperReport {
            name: "avellaneda-stoikov".to_owned(),
            citation: "Avellaneda & Stoikov (2008), Quant. Finance 8(3) 217, table 1".to_owned(),
            rows: vec![
                PaperRow::judged("g = 0.1, profit", 64.8925, 64.9101, 0.1).with_error(0.021),
                PaperRow::judged("g = 0.1, sd(q)", 2.9268, 3.5, 0.04),
                PaperRow::shown("g = 0.1, spread", None, 1.4908),
            ],
            notes: vec!["Fills are Bernoulli.".to_owned()],
        };
        assert_eq!(report.failures(), 1);
        let expected = "\
avellaneda-stoikov
Avellaneda & Stoikov (2008), Quant. Finance 8(3) 217, table 1

                    published          ours   std error   tolerance
g = 0.1, profit      64.89250      64.91010     0.02100     0.10000  pass
g = 0.1, sd(q)        2.92680       3.50000                 0.04000  FAIL
g = 0.1, spread                     1.49080

Fills are Bernoulli.
1 of 2 within tolerance
";
        assert_eq!(report.render(Style::Plain), expected);
    }
}
