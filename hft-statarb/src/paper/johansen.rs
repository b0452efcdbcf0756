//! The tests of Johansen & Juselius (1990) on any columns of a file.

use crate::model::johansen::{Constant, Johansen, Model, johansen as test};
use anyhow::{Context, bail, ensure};
use hft_app::paper::{PaperReport, PaperRow};
use std::path::{Path, PathBuf};

/// What to test.
#[derive(Clone, PartialEq, Debug)]
pub struct JohansenTable {
    /// A CSV file with a line of names on top and one row a period.
    pub file: PathBuf,
    /// The columns to take, by name, in this order: the first is what the relations are scaled by.
    pub columns: Vec<String>,
    /// The model.
    pub model: Model,
}

/// What Johansen and Juselius print of Danish money demand: real money, real income, bond rate, deposit rate; two lags, a constant inside the
/// relations, quarterly dummies.
struct Printed {
    trace: [f64; 4],
    max_eigenvalue: [f64; 4],
    beta: [f64; 5],
}

const PRINTED: Printed = Printed {
    trace: [49.14, 19.06, 8.69, 2.35],
    max_eigenvalue: [30.09, 10.36, 6.34, 2.35],
    beta: [1.0, -1.033, 5.207, -4.216, -6.06],
};
const DANISH: [&str; 4] = ["lrm", "lry", "ibo", "ide"];
/// The model of the print, and how many rows its data have.
const OF_THE_PAPER: Model = Model { lags: 2, constant: Constant::Restricted, seasons: 4 };
const ROWS: usize = 55;
const TOLERANCE: f64 = 0.01;

/// Limits of a file: larger ones are not what this is for.
const ROWS_MAX: usize = 1_000_000;
const COLUMNS_MAX: usize = 12;

/// The statistics of every rank with their critical values, the eigenvalues, and the relations.
///
/// # Errors
/// When the file cannot be read, or its columns cannot be tested.
pub fn johansen(table: &JohansenTable) -> anyhow::Result<PaperReport> {
    let JohansenTable { file, columns, model } = table;
    ensure!(model.lags >= 1, "lags must be at least 1, not {}", model.lags);
    let series = read_columns(file, columns)?;
    let borrowed: Vec<&[f64]> = series.iter().map(Vec::as_slice).collect();
    let rows = series.first().map_or(0, Vec::len);
    let outcome = test(&borrowed, *model).with_context(|| {
        format!(
            "{rows} rows of {} do not suffice for this model, or one of them follows from the others",
            columns.join(", ")
        )
    })?;
    let is_print = *columns == DANISH && *model == OF_THE_PAPER && rows == ROWS;
    let constant = match model.constant {
        Constant::Restricted => "restricted to the relations",
        Constant::Unrestricted => "unrestricted",
        Constant::None => "none",
    };
    Ok(PaperReport {
        name: "johansen".to_owned(),
        citation: "Johansen & Juselius (1990), Oxford Bulletin 52(2) 169; critical values: Osterwald-Lenum (1992), Oxford Bulletin 54(3) 461"
            .to_owned(),
        rows: report(&outcome, columns, is_print.then_some(&PRINTED)),
        notes: vec![
            format!(
                "{}: {} of {rows} rows used; lags {}, constant {constant}, seasons {}.",
                columns.join(", "),
                outcome.observations,
                model.lags,
                model.seasons
            ),
            "A statistic above its critical value speaks against the rank.".to_owned(),
        ],
    })
}

fn report(outcome: &Johansen, columns: &[String], printed: Option<&Printed>) -> Vec<PaperRow> {
    let mut rows = Vec::new();
    let gated = |row: PaperRow, print: Option<f64>| match print {
        Some(value) => row.published(value).within(TOLERANCE),
        None => row,
    };
    for (i, test) in outcome.tests.iter().enumerate() {
        let print = printed.map(|printed| printed.trace[i]);
        rows.push(gated(PaperRow::new("trace statistic", format!("rank <= {}", test.rank), test.trace), print));
    }
    for (i, test) in outcome.tests.iter().enumerate() {
        let print = printed.map(|printed| printed.max_eigenvalue[i]);
        let row = PaperRow::new("maximum eigenvalue statistic", format!("rank = {}", test.rank), test.max_eigenvalue);
        rows.push(gated(row, print));
    }
    for (section, of) in [("critical values of the trace", 0), ("critical values of the maximum eigenvalue", 1)] {
        for test in &outcome.tests {
            let values = [test.trace_critical, test.max_critical][of];
            for (level, value) in ["10 %", "5 %", "1 %"].iter().zip(values.into_iter().flatten()) {
                rows.push(PaperRow::new(section, format!("rank {}, {level}", test.rank), value));
            }
        }
    }
    for (i, eigenvalue) in outcome.eigenvalues.iter().enumerate() {
        rows.push(PaperRow::new("eigenvalues", format!("{}", i + 1), *eigenvalue));
    }
    for (i, relation) in outcome.beta.iter().enumerate() {
        let section = format!("relation {}", i + 1);
        for (k, coefficient) in relation.iter().enumerate() {
            let name = columns.get(k).map_or("constant", String::as_str);
            let print = printed.filter(|_| i == 0).map(|printed| printed.beta[k]);
            rows.push(gated(PaperRow::new(&section, name, *coefficient), print));
        }
    }
    rows
}

/// Reads columns of a CSV file by name.
///
/// # Errors
/// When the file cannot be read, has no such column, or holds something that is not a finite number: with the line.
pub fn read_columns(file: &Path, columns: &[String]) -> anyhow::Result<Vec<Vec<f64>>> {
    ensure!(
        (1..=COLUMNS_MAX).contains(&columns.len()),
        "1 to {COLUMNS_MAX} columns can be tested, not {}",
        columns.len()
    );
    let mut reader = csv::Reader::from_path(file).with_context(|| format!("cannot read {}", file.display()))?;
    let names: Vec<String> =
        reader.headers()?.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect();
    let place = |column: &String| {
        let at = names.iter().position(|name| name == column);
        at.with_context(|| format!("{} has no column {column}: it has {}", file.display(), names.join(", ")))
    };
    let places = columns.iter().map(place).collect::<anyhow::Result<Vec<usize>>>()?;
    let mut series = vec![Vec::new(); columns.len()];
    for (row, record) in reader.records().enumerate() {
        let record = record.with_context(|| format!("cannot read {}", file.display()))?;
        ensure!(row < ROWS_MAX, "{} has more than {ROWS_MAX} rows", file.display());
        for ((series, &place), column) in series.iter_mut().zip(&places).zip(columns) {
            let text = record.get(place).unwrap_or("").trim();
            match text.parse::<f64>() {
                Ok(value) if value.is_finite() => series.push(value),
                Ok(_) | Err(_) => bail!("{}, line {}, {column}: `{text}` is no number", file.display(), row + 2),
            }
        }
    }
    Ok(series)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(model: Model) -> JohansenTable {
        let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/danish_data.csv"));
        JohansenTable { file, columns: DANISH.map(str::to_owned).to_vec(), model }
    }

    #[test]
    fn danish_money_demand_is_reproduced() {
        let report = johansen(&table(OF_THE_PAPER)).expect("the fixture");
        assert!(report.passes(), "{report}");
        assert_eq!(report.rows.iter().filter(|row| row.pass.is_some()).count(), 13);
        assert!(report.notes[0].contains("53 of 55 rows used"));
    }

    /// Other lags and deterministic terms, as statsmodels has them for the same file: `VECM(deterministic, seasons).beta`, and
    /// `coint_johansen(det_order=0, k_ar_diff=1)`.
    #[test]
    fn other_models_are_those_of_another_program() {
        let relation = |report: &PaperReport, name: &str| {
            let row = report.rows.iter().find(|row| row.section == "relation 1" && row.label == name);
            row.expect(name).ours
        };
        for (lags, constant, seasons, beta) in [
            (1, Constant::Unrestricted, 0, [-0.87256154, 5.62736797, -5.06839602]),
            (2, Constant::Unrestricted, 0, [-0.9756549, 5.40858767, -4.16244341]),
            (3, Constant::Restricted, 4, [-0.94171569, 5.37380306, -4.60186888]),
        ] {
            let report = johansen(&table(Model { lags, constant, seasons })).expect("the fixture");
            for (name, value) in DANISH[1..].iter().zip(beta) {
                assert!((relation(&report, name) - value).abs() < 1e-6, "{lags} {name}: {report}");
            }
        }
        let plain = Model { lags: 2, constant: Constant::Unrestricted, seasons: 0 };
        let report = johansen(&table(plain)).expect("the fixture");
        let statistics =
            [48.80373096, 17.29017198, 7.14488838, 0.55601576, 31.51355898, 10.1452836, 6.58887261, 0.55601576];
        for (row, value) in report.rows.iter().zip(statistics) {
            assert!((row.ours - value).abs() < 1e-6, "{report}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told() {
        let error = |change: fn(&mut JohansenTable)| {
            let mut table = table(OF_THE_PAPER);
            change(&mut table);
            format!("{:#}", johansen(&table).expect_err("it cannot be tested"))
        };
        assert!(error(|t| t.columns[1] = "gdp".to_owned()).contains("has no column gdp: it has period, lrm"));
        assert!(error(|t| t.columns[1] = "period".to_owned()).contains("line 2, period: `1974Q1` is no number"));
        assert!(error(|t| t.file = PathBuf::from("nowhere.csv")).contains("cannot read nowhere.csv"));
        assert!(error(|t| t.columns[1] = "lrm".to_owned()).contains("follows from the others"));
        assert!(error(|t| t.model.lags = 30).contains("do not suffice"));
        assert!(error(|t| t.model.lags = 0).contains("lags must be at least 1"));
    }
}
