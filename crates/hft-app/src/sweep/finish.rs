//! The end of a sweep: files, table, and how to go on where it is not the end.

use super::ledger::Ledger;
use super::report::SweepReport;
use super::{Measure, Plan, PointResult, Results, table};
use crate::exit::Failure;
use crate::flags::Shared;
use crate::output::{MANIFEST, RunFacts, seconds};
use crate::run::{command_line, repeat};
use crate::statistics::Estimate;
use crate::terminal::Terminal;
use serde_json::{Value as Json, json};
use std::path::Path;

/// All runs are done: writes what is written at the end, and prints it.
pub(super) fn complete(
    plan: &Plan,
    ledger: Ledger,
    shared: &Shared,
    terminal: &mut Terminal<'_>,
) -> Result<(), Failure> {
    let results = Results::of(plan, ledger.rows()).expect("a sweep has a point, and all its runs are done");
    let path = ledger.folder().path().to_owned();
    let summary = summary(plan, &results);
    if !path.join(MANIFEST).exists() {
        let folder = ledger.folder();
        folder.replace("points.csv", points_csv(plan, &results)?)?;
        folder.replace("summary.json", format!("{summary:#}\n"))?;
        #[cfg(feature = "parquet")]
        folder.replace(
            "runs.parquet",
            super::parquet::runs(&plan.keys, |point| &plan.points[point].values, ledger.rows())?,
        )?;
        let report = SweepReport { plan, results: &results, rows: ledger.rows(), command: &again(plan, &path) };
        folder.replace("report.html", report.html())?;
        ledger.into_folder().finish(RunFacts {
            pattern: plan.pattern.to_owned(),
            version: plan.version.to_owned(),
            seed: plan.first_seed,
            config_hash: plan.base.hash(),
            digest: Some(results.digest.clone()),
            stopped_after: None,
            command_line: command_line(),
        })?;
    }
    let text = if shared.json {
        let mut summary = summary;
        summary["folder"] = path.display().to_string().into();
        format!("{summary:#}\n")
    } else {
        format!("\n{}\nsweep folder: {}\n", table::render(plan, &results, shared.style()), path.display())
    };
    Ok(terminal.out.write_all(text.as_bytes())?)
}

/// The line that makes this sweep again.
fn again(plan: &Plan, folder: &Path) -> String {
    let (axes, seeds): (Vec<String>, _) = (plan.axes.iter().map(ToString::to_string).collect(), plan.seeds.to_string());
    let task: &[&str] = if axes.is_empty() { &["run", "--fast"] } else { &["sweep"] };
    let axes: Vec<&str> = axes.iter().map(String::as_str).collect();
    repeat(plan.pattern, &[task, &axes, &["--seeds", &seeds]].concat(), folder)
}

/// Somebody asked to stop: prints what is done, and how to go on.
pub(super) fn interrupted(
    plan: &Plan,
    ledger: &Ledger,
    shared: &Shared,
    terminal: &mut Terminal<'_>,
) -> std::io::Result<()> {
    let (done, all, path) = (ledger.done(), plan.runs(), ledger.folder().path().display());
    let resume = format!("{} sweep --resume {path}", plan.pattern);
    let results = Results::of(plan, ledger.rows());
    if shared.json {
        let json =
            json!({ "interrupted": true, "done": done, "runs": all, "folder": path.to_string(), "resume": resume });
        return writeln!(terminal.out, "{json:#}");
    }
    if let Some(results) = results {
        writeln!(terminal.out, "\n{}", table::render(plan, &results, shared.style()))?;
    }
    writeln!(terminal.out, "interrupted: {done} of {all} runs are done and kept. To go on:\n  {resume}")
}

fn summary(plan: &Plan, results: &Results) -> Json {
    let mut json = serde_json::to_value(results).expect("results serialise");
    let identity = serde_json::to_value(plan.identity()).expect("an identity serialises");
    json["sweep"] = identity;
    json["keys"] = json!(plan.keys);
    json["runs"] = plan.runs().into();
    json["currency"] = plan.currency.as_str().into();
    json["span_s"] = seconds(plan.span_of(0)).into();
    json
}

fn points_csv(plan: &Plan, results: &Results) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let statistics = ["mean", "low", "high", "diff_mean", "diff_low", "diff_high"];
    let columns = Measure::ALL.iter().flat_map(|measure| statistics.map(|name| format!("{}_{name}", measure.name())));
    let head = ["point".to_owned()].into_iter().chain(plan.keys.iter().cloned()).chain(["runs".to_owned()]);
    let tail = ["sharpe", "halted", "config_hash"].map(str::to_owned);
    writer.write_record(head.chain(columns).chain(tail))?;
    for point in &results.points {
        writer.write_record(record(plan, point))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn record(plan: &Plan, point: &PointResult) -> Vec<String> {
    let cell = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    let cells = |estimate: Option<&Estimate>| {
        [estimate.map(|e| e.mean), estimate.and_then(|e| e.low), estimate.and_then(|e| e.high)].map(cell)
    };
    let mut record = vec![point.point.to_string()];
    record.extend(point.values.iter().cloned());
    record.push(plan.seeds.to_string());
    for measure in Measure::ALL {
        record.extend(cells(Some(point.estimates.of(measure))));
        record.extend(cells(point.against_first.as_ref().map(|against| against.of(measure))));
    }
    record.extend([cell(point.sharpe), point.halted.to_string(), point.config_hash.clone()]);
    record
}
