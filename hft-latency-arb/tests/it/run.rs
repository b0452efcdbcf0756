//! The run as a person meets it.

use crate::command_line::run;
use hft_app::exit::Exit;
use hft_app::output::{Manifest, Summary};
use std::fs;
use std::path::{Path, PathBuf};

/// Runs a line with a folder of its own for results; the run folder, and stdout.
pub(crate) fn run_in(out: &Path, line: &str) -> (PathBuf, String) {
    let (exit, stdout, stderr) = run(&format!("{line} --out {}", out.display()));
    assert_eq!(exit, Exit::Ok, "{line}: {stderr}");
    let newest = fs::read_dir(out).expect("made").filter_map(|entry| Some(entry.ok()?.path())).max();
    (newest.expect("a run folder"), stdout)
}

#[test]
fn equal_calls_leave_equal_files_and_the_races_are_among_them() {
    let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let line = "run --fast --duration 20s --seed 11";
    let ((first, stdout), (second, _)) = (run_in(one.path(), line), run_in(two.path(), line));
    for name in ["fills.csv", "orders.csv", "equity.csv", "races.csv"] {
        let read = |folder: &Path| fs::read(folder.join(name)).expect(name);
        assert!(read(&first).len() > 500, "{name} has rows");
        assert_eq!(read(&first), read(&second), "{name}");
    }
    assert!(Manifest::read(&first).expect("a manifest").files.contains_key("races.csv"));
    let summary = Summary::of_folder(&first).expect("readable");
    assert!(summary.attribution.sums_to_net());
    let told = summary.chapter.expect("the races");
    let races = told.tables[0].rows[0].figures[0].expect("counted");
    let rows = fs::read_to_string(first.join("races.csv")).expect("races").lines().count() - 1;
    assert!((races - rows as f64).abs() < 0.5 && rows > 20, "{races} races, {rows} rows");
    assert!(
        stdout.contains("FILL Buy") && stdout.contains("taker") && stdout.contains("Races: at the lagging exchanges")
    );
    let (exit, stdout, stderr) = run(&format!("verify {}", first.display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
    assert!(stdout.contains(&summary.run.digest));
}

#[test]
fn every_strategy_and_design_runs_and_its_attribution_is_exact() {
    for setting in [
        "strategy=two-leg",
        "strategy=defend",
        "venue.design=bump",
        "venue.design=taker-bump",
        "venue.design=random-delay",
        "venue.design=batch",
        "venue.count=3",
        "venue.service_ns=20000",
        "makers.feed=consolidated",
    ] {
        let out = tempfile::tempdir().expect("a folder");
        let (folder, _) = run_in(out.path(), &format!("run --fast --duration 6s --quiet --set latency_arb.{setting}"));
        let summary = Summary::of_folder(&folder).expect("readable");
        assert!(summary.attribution.sums_to_net(), "{setting}");
        let notes = summary.chapter.expect("the races").notes.join(" ");
        assert!(notes.contains("all together +0.00") || notes.contains("all together -0.00"), "{setting}: {notes}");
    }
}

#[test]
fn a_snipe_is_explained_with_the_numbers_behind_it() {
    let out = tempfile::tempdir().expect("a folder");
    let (folder, _) = run_in(out.path(), "run --fast --duration 10s --seed 11 --quiet");
    let (exit, stdout, stderr) = run(&format!("explain 1 --run {}", folder.display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
    for said in [
        "as a taker",
        "the leader leads by",
        "which was worth more than it cost by",
        "latency_arb.venue.design = taker-bump",
    ] {
        assert!(stdout.contains(said), "{said}: {stdout}");
    }
}
