//! The run as a person meets it.

use crate::CLI;
use hft_app::chapter::Chapter;
use hft_app::exit::Exit;
use hft_app::output::Summary;
use hft_app::testing::temporary;
use std::fs;

fn figure(chapter: &Chapter, table: &str, row: &str, column: usize) -> f64 {
    let table = chapter.tables.iter().find(|found| found.title == table).unwrap_or_else(|| panic!("no table {table}"));
    let row = table.rows.iter().find(|found| found.label == row).unwrap_or_else(|| panic!("no row {row}"));
    row.figures[column].unwrap_or_else(|| panic!("{}: nothing in column {column}", row.label))
}

#[test]
fn equal_calls_leave_equal_files_and_what_was_read_is_among_them() {
    let out = temporary();
    let (told, folder, stdout) =
        CLI.check_equal_runs(out.path(), "run --fast --duration 60s --seed 11", &["readings.csv"]);
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("a README");
    assert!(readme.contains(&told.run.digest), "the README quotes another digest than {}", told.run.digest);
    assert!(readme.contains(&told.verdict), "the README quotes another verdict than {}", told.verdict);
    let chapter = told.chapter.expect("what was read");
    let rows = fs::read_to_string(folder.join("readings.csv")).expect("readings").lines().count() - 1;
    assert!((figure(&chapter, "what was read", "headlines", 0) - rows as f64).abs() < 0.5 && rows > 30);
    assert!(figure(&chapter, "what was read", "accuracy of the direction", 0) > 0.7);
    assert!(figure(&chapter, "what was found", "companies", 0) > 0.8, "precision of names");
    assert!(stdout.contains("Reading: who read") && stdout.contains("FILL "));
    let (exit, stdout, stderr) = CLI.run(&format!("verify {}", folder.display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
    assert!(stdout.contains(&told.run.digest));
}

#[test]
fn a_run_by_the_clock_is_verified_too() {
    let out = temporary();
    let (folder, _) = CLI.done_in(out.path(), "--duration 3s --quiet");
    CLI.check_verified(&folder);
}

#[test]
fn every_model_and_setting_runs_and_its_attribution_is_exact() {
    for setting in [
        "model=lexicon",
        "model=naive-bayes",
        "model=truth --set news_algo.accuracy=0.7",
        "novelty.window_s=0.0",
        "makers.pull_ms=0",
        "passive_ms=0",
        "rivals.fast=0 --set news_algo.rivals.slow=0 --set news_algo.makers.count=0",
        "companies=1",
        "wire.made.chatter=1.0",
    ] {
        let out = temporary();
        let line = format!("run --fast --duration 8s --quiet --set news_algo.{setting}");
        let (folder, _) = CLI.done_in(out.path(), &line);
        let summary = Summary::of_folder(&folder).expect("readable");
        assert!(summary.attribution.sums_to_net(), "{setting}");
    }
}

/// Right early earns; wrong early loses; right late earns less: means over the same eight seeds.
#[test]
fn being_right_and_being_early_are_each_worth_something() {
    CLI.check_movements(
        30,
        &[
            ("news_algo.min_edge=0.2", "fills", 0.9),
            ("news_algo.min_confidence=0.99", "fills", 0.97),
            ("news_algo.size=2.0", "inventory_max", 0.7),
            ("news_algo.inv_limit=10.0", "inventory_max", 0.8),
            ("news_algo.wire.made.stories_per_min=120.0", "fills", 1.5),
            ("news_algo.wire.made.chatter=1.0", "fills", 0.5),
            ("news_algo.companies=2", "fills", 0.8),
            ("news_algo.model=truth news_algo.read_us=2000000", "adverse/fills", 0.8),
        ],
    );
}
