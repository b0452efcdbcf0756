//! Configuration and papers on the command line.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::paper::PaperReport;

#[test]
fn every_command_line_has_its_exit_code() {
    let danish = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/danish_data.csv");
    CLI.check(&[
        ("config show", Exit::Ok, "entry = 1.25"),
        ("config show", Exit::Ok, "[statarb.universe]"),
        ("leak-test --duration 6s", Exit::Ok, "No decision knew of the future"),
        ("config schema", Exit::Ok, "\"breaks_at_s\""),
        ("config schema", Exit::Ok, "Unit: natural logarithm of odds. The default: one false alarm"),
        ("config check --set statarb.factors=pca", Exit::Ok, "ok: "),
        ("config check --set statarb.universe.breaks_at_s=[10.0,20.0]", Exit::Ok, "ok: "),
        (
            "replay ../crates/hft-data/fixtures/SIM_2026-01-05_34200000_34260000_message_0.csv.gz",
            Exit::Config,
            "trades several books at once, and a recording has one",
        ),
        ("config check --set statarb.entry=0", Exit::Config, "must be a number >= "),
        ("config check --set statarb.symbols=201", Exit::Config, "must be a whole number from 2 to 200"),
        ("config check --set statarb.exit_long=2.0", Exit::Config, "must be below entry, 1.25"),
        ("config check --set statarb.factors=pcs", Exit::Config, "pca"),
        ("config check --set statarb.sizing.gros_limit=1", Exit::Config, "gross_limit"),
        ("config check --set statarb.universe.breaks_at_s=[-1.0]", Exit::Config, "statarb.universe.breaks_at_s"),
        ("config check --set market.makers=-1", Exit::Config, "market.makers"),
        ("paper", Exit::Ok, "Bertram (2010): optimal thresholds"),
        ("paper bertram --alpha 2 --eta 1 --c 0.1", Exit::Ok, "alpha = 2, eta = 1, cost of a round trip c = 0.1."),
        ("paper bertram --c 0", Exit::Usage, "c must be 0.000000000001 to"),
        ("paper kalman --observations 100 --regressors 2", Exit::Ok, "2 of 2 within tolerance"),
        ("paper ou-bias --samples 500 --paths 500 --seed 3", Exit::Ok, "500 windows each, seed 3."),
        ("paper ou-band --cycles 10", Exit::Usage, "cycles must be 100 to"),
        ("paper engle-granger --series 13", Exit::Usage, "series must be 2 to 12, not 13"),
        ("paper engle-granger --paths 500 --deterministic trend", Exit::Ok, "3 of 3 within tolerance"),
        ("paper breaks --paths 20 --thresholds 5", Exit::Ok, "threshold 5"),
        ("paper placebo --symbols 4 --runs 3 --seconds 15 --entries 1.25,2", Exit::Ok, "2 entries were tried"),
        ("paper placebo --runs 1", Exit::Usage, "runs must be 2 to"),
        ("paper johansen", Exit::Usage, "<FILE>"),
        ("paper johansen nowhere.csv", Exit::Usage, "cannot read nowhere.csv"),
        (&format!("paper johansen {danish}"), Exit::Ok, "13 of 13 within tolerance"),
        (
            &format!("paper johansen {danish} --columns lrm,lry --lags 3 --constant unrestricted --seasons 0"),
            Exit::Ok,
            "52 of 55 rows",
        ),
        (&format!("paper johansen {danish} --columns lrm,gdp"), Exit::Usage, "has no column gdp"),
    ]);
}

#[test]
fn a_paper_is_also_data() {
    let (exit, out, err) = CLI.run("paper bertram --json");
    assert_eq!(exit, Exit::Ok, "{err}");
    let report: PaperReport = serde_json::from_str(&out).expect("a report as JSON");
    assert_eq!((report.name.as_str(), report.rows.len()), ("bertram", 9));
}

/// The file at the root is allowed as it stands, and documents the defaults.
#[test]
fn the_documented_configuration_is_allowed() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../Config.toml");
    let lines =
        ["symbols = 12", "entry = 1.25", "exit_long = -0.5", "exit_short = -0.5", "tick_ms = 50", "latency_us = 500"];
    CLI.check_documented(file, &lines);
}
