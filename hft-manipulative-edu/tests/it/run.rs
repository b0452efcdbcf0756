//! The default run: surveillance on honest flow.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::output::Summary;
use hft_app::testing::temporary;
use std::fs;

/// A figure of the verdict.
pub(crate) fn figure(summary: &Summary, label: &str) -> f64 {
    let tables = &summary.chapter.as_ref().expect("surveillance").tables;
    let row = tables.iter().flat_map(|table| &table.rows).find(|row| row.label == label);
    row.unwrap_or_else(|| panic!("no row {label}")).figures[0].unwrap_or(0.0)
}

#[test]
fn equal_calls_leave_equal_files_and_the_readme_quotes_them() {
    let out = temporary();
    let (told, folder, stdout) = CLI.check_equal_runs(out.path(), "run --fast --duration 600s --seed 11", &[]);
    assert!(stdout.starts_with("SIMULATED."), "{stdout}");
    for said in ["What the law says", "MAR Art. 12", "How it works", "No alert: honest flow"] {
        assert!(stdout.contains(said), "{said}: {stdout}");
    }
    assert!(figure(&told, "observations") > 10_000.0);
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("a README");
    assert!(readme.contains(&told.run.digest), "the README quotes another digest than {}", told.run.digest);
    assert!(readme.contains(&told.verdict), "the README quotes another verdict than {}", told.verdict);
    let (exit, stdout, stderr) = CLI.run(&format!("verify {}", folder.display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
    assert!(stdout.contains(&told.run.digest));
}

/// What all classes gain together is nothing.
#[test]
fn one_gains_what_another_pays() {
    let out = temporary();
    let (folder, _) = CLI.done_in(out.path(), "run --fast --duration 60s --seed 3 --quiet");
    let summary = Summary::of_folder(&folder).expect("readable");
    let chapter = summary.chapter.expect("surveillance");
    let table = chapter.tables.iter().find(|table| table.title == "who trades with whom").expect("the bill");
    let gained = table.columns.iter().position(|name| name == "gained in 10 s").expect("a column");
    let all: Vec<f64> = table.rows.iter().filter_map(|row| row.figures[gained]).collect();
    assert!(all.iter().any(|gain| gain.abs() > 0.1) && all.iter().sum::<f64>().abs() < 1e-6, "{all:?}");
}

#[test]
fn every_rule_of_the_venue_runs_and_its_attribution_is_exact() {
    for setting in ["batch_ms=100", "throttle_per_s=50", "band_ticks=50", "service_ns=0"] {
        let out = temporary();
        let line = format!("run --fast --duration 20s --quiet --set manipulative_edu.venue.{setting}");
        let (folder, _) = CLI.done_in(out.path(), &line);
        assert!(Summary::of_folder(&folder).expect("readable").attribution.sums_to_net(), "{setting}");
    }
}
