//! Configuration and papers on the command line.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::paper::PaperReport;

#[test]
fn every_command_line_has_its_exit_code() {
    CLI.check(&[
        ("config show", Exit::Ok, "[news_algo.wire.made]"),
        ("config schema", Exit::Ok, "\"naive-bayes\""),
        ("config check --set news_algo.model=truth", Exit::Ok, "ok: "),
        ("config check --set news_algo.wire.file=news.jsonl", Exit::Ok, "ok: "),
        ("config check --set news_algo.model=lexikon", Exit::Config, "lexicon"),
        ("config check --set news_algo.accuracy=1.5", Exit::Config, "news_algo.accuracy"),
        ("config check --set news_algo.companies=13", Exit::Config, "from 1 to 12"),
        ("config check --set news_algo.size=30", Exit::Config, "must be at most inv_limit, 20"),
        ("config check --set news_algo.novelty.windw_s=3", Exit::Config, "window_s"),
        ("run --fast --set news_algo.size=1.5", Exit::Config, "must be a multiple of a lot, 1 contract"),
        ("run --fast --set news_algo.wire.file=nowhere.jsonl", Exit::Config, "cannot read nowhere.jsonl"),
        ("paper", Exit::Ok, "Brown & Warner (1985): size and power"),
        ("paper phrasebank", Exit::Usage, "<FILE>"),
        ("paper phrasebank nowhere.txt", Exit::Usage, "cannot read nowhere.txt"),
        ("paper twitter nowhere.csv", Exit::Usage, "cannot read nowhere.csv"),
        ("paper lsh --bands 12 --rows 3 --pairs 500", Exit::Ok, "9 of 9 within tolerance"),
        ("paper lsh --rows 0", Exit::Usage, "rows must be 1 to"),
        (
            "paper event-study --events 20 --sd 2 --effect -1.5 --window 40 --studies 300",
            Exit::Ok,
            "2 of 2 within tolerance",
        ),
        ("paper event-study --events 1", Exit::Usage, "events must be 2 to"),
        ("paper budget --headlines 2000", Exit::Ok, "bytes to a reading, ns"),
        ("paper budget --headlines 1", Exit::Usage, "headlines must be 1000 to"),
    ]);
}

#[test]
fn a_paper_is_also_data() {
    let (exit, out, err) = CLI.run("paper lsh --bands 4 --rows 2 --pairs 200 --json");
    assert_eq!(exit, Exit::Ok, "{err}");
    let report: PaperReport = serde_json::from_str(&out).expect("a report as JSON");
    assert_eq!((report.name.as_str(), report.rows.len()), ("lsh", 10));
}

/// The file at the root is allowed as it stands, and documents the defaults.
#[test]
fn the_documented_configuration_is_allowed() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../Config.toml");
    let lines = ["model = \"linear\"", "latency_us = 200", "read_us = 20", "size = 10.0", "min_confidence = 0.6"];
    CLI.check_documented(file, &lines);
}
