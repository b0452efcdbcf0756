//! The run as a person meets it.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::output::Summary;
use hft_app::testing::temporary;
use std::fs;

#[test]
fn equal_calls_leave_equal_files_and_the_races_are_among_them() {
    let out = temporary();
    let (summary, first, stdout) =
        CLI.check_equal_runs(out.path(), "run --fast --duration 20s --seed 11", &["races.csv"]);
    let told = summary.chapter.expect("the races");
    let races = told.tables[0].rows[0].figures[0].expect("counted");
    let rows = fs::read_to_string(first.join("races.csv")).expect("races").lines().count() - 1;
    assert!((races - rows as f64).abs() < 0.5 && rows > 20, "{races} races, {rows} rows");
    assert!(
        stdout.contains("FILL Buy") && stdout.contains("taker") && stdout.contains("Races: at the lagging exchanges")
    );
    let (exit, stdout, stderr) = CLI.run(&format!("verify {}", first.display()));
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
        let out = temporary();
        let (folder, _) =
            CLI.done_in(out.path(), &format!("run --fast --duration 6s --quiet --set latency_arb.{setting}"));
        let summary = Summary::of_folder(&folder).expect("readable");
        assert!(summary.attribution.sums_to_net(), "{setting}");
        let notes = summary.chapter.expect("the races").notes.join(" ");
        assert!(notes.contains("all together +0.00") || notes.contains("all together -0.00"), "{setting}: {notes}");
    }
}

#[test]
fn a_snipe_is_explained_with_the_numbers_behind_it() {
    let out = temporary();
    let (folder, _) = CLI.done_in(out.path(), "run --fast --duration 10s --seed 11 --quiet");
    let (exit, stdout, stderr) = CLI.run(&format!("explain 1 --run {}", folder.display()));
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
