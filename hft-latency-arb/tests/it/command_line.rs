//! Configuration and paper on the command line.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::paper::PaperReport;

#[test]
fn every_command_line_has_its_exit_code() {
    CLI.check(&[
        ("config show", Exit::Ok, "[latency_arb.makers]"),
        ("leak-test --duration 6s", Exit::Ok, "No decision knew of the future"),
        ("config schema", Exit::Ok, "\"taker-bump\""),
        ("config check --set latency_arb.strategy=two-leg", Exit::Ok, "ok: "),
        (
            "replay ../crates/hft-data/fixtures/SIM_2026-01-05_34200000_34260000_message_0.csv.gz",
            Exit::Config,
            "trades several books at once, and a recording has one",
        ),
        ("config check --set latency_arb.strategy=snip", Exit::Config, "snipe"),
        ("config check --set latency_arb.latency_us=-1", Exit::Config, "must be a whole number"),
        ("config check --set latency_arb.size=30", Exit::Config, "must be at most inv_limit, 20"),
        ("config check --set latency_arb.venue.count=9", Exit::Config, "from 1 to 8"),
        ("config check --set latency_arb.rivals.cuont=9", Exit::Config, "latency_arb.rivals.count"),
        ("run --fast --set latency_arb.makers.half_spread=0.015", Exit::Config, "must be a multiple of a tick, 0.01"),
        ("run --fast --set latency_arb.size=1.5", Exit::Config, "must be a multiple of a lot, 1 contract"),
        ("paper", Exit::Ok, "Budish, Cramton & Shim (2015): the half-spread"),
        ("paper budish-cramton-shim --jump cauchy:1", Exit::Usage, "half-normal:1"),
        ("paper budish-cramton-shim --market weekly", Exit::Usage, "batch:100us"),
    ]);
}

#[test]
fn the_paper_is_reproduced_as_numbers() {
    let (exit, stdout, stderr) =
        CLI.run("paper budish-cramton-shim --events 400000 --json --jump half-normal:2 --players 3");
    let report: PaperReport = serde_json::from_str(&stdout).expect("JSON");
    // So few events may miss the paper's tolerance; what they show must be within their own error.
    let found = &report.rows[0];
    let (exact, error) = (found.exact.expect("known"), found.standard_error.expect("drawn"));
    assert!((found.ours - exact).abs() < 4.0 * error, "{exit:?} {stderr} {report}");
    let (exit, stdout, _) = CLI.run("paper budish-cramton-shim --market batch:1ms --edge 100us --events 100000");
    assert_eq!(exit, Exit::Ok, "{stdout}");
    assert!(stdout.contains("1 of 1 within tolerance"), "{stdout}");
}
