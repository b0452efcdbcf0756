//! Configuration and papers on the command line.

use hft_app::exit::Exit;
use hft_app::interrupt::Interrupt;
use hft_app::shell::{Terminal, execute};
use hft_index_arb::IndexArbPattern;

/// Exit code, stdout and stderr of a command line.
pub(crate) fn run(line: &str) -> (Exit, String, String) {
    execute_line(line, Interrupt::default())
}

/// The same, to be interrupted.
pub(crate) fn execute_line(line: &str, interrupt: Interrupt) -> (Exit, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = std::iter::once("hft-index-arb").chain(line.split_whitespace()).map(Into::into);
    let exit = execute::<IndexArbPattern>(args, &mut Terminal { out: &mut out, err: &mut err, interrupt });
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    (exit, text(out), text(err))
}

#[test]
fn every_command_line_has_its_exit_code() {
    for (line, exit, says) in [
        ("config show", Exit::Ok, "half_rank = 6.0"),
        ("config show", Exit::Ok, "[index_arb.primary]"),
        ("config schema", Exit::Ok, "\"passive-then-hedge\""),
        ("config schema", Exit::Ok, "The default: a gap against an old price is no gap"),
        ("config check --set index_arb.pairs=etf-basket", Exit::Ok, "ok: "),
        ("config check --set index_arb.carry.dividends_at_s=[10.0,20.0]", Exit::Ok, "ok: "),
        ("config check --set index_arb.symbols=501", Exit::Config, "must be a whole number from 2 to 500"),
        ("config check --set index_arb.units=9", Exit::Config, "must be at most units_max, 4"),
        ("config check --set index_arb.policy=future", Exit::Config, "future-first"),
        ("config check --set index_arb.execution.hungms=1", Exit::Config, "hung_ms"),
        (
            "config check --set index_arb.carry.dividends_at_s=[2.0,1.0]",
            Exit::Config,
            "must stand in the order of time",
        ),
        ("config check --set market.makers=-1", Exit::Config, "market.makers"),
    ] {
        let (code, out, err) = run(line);
        assert_eq!(code, exit, "{line}\n{out}{err}");
        let place = if exit == Exit::Ok { &out } else { &err };
        assert!(place.contains(says), "`{line}` does not say `{says}`:\n{out}{err}");
    }
}

/// The file at the root is allowed as it stands, and documents the defaults.
#[test]
fn the_documented_configuration_is_allowed() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../Config.toml");
    let (exit, out, err) = run(&format!("config show --config {file}"));
    assert_eq!(exit, Exit::Ok, "{err}");
    for line in [
        "symbols = 20",
        "policy = \"all-take\"",
        "entry = 1.0",
        "exit = 0.0",
        "units = 1",
        "units_max = 4",
        "tick_ms = 20",
    ] {
        let set_there = |shown: &str| shown.starts_with(line) && shown.contains("Config.toml");
        assert!(out.lines().any(set_there), "{line} is not set by the file:\n{out}");
    }
    let (_, defaults, _) = run("config show");
    let values = |shown: &str| shown.lines().map(|l| l.split('#').next().unwrap_or("").trim_end().to_owned()).collect();
    let (from_file, by_default): (Vec<String>, Vec<String>) = (values(&out), values(&defaults));
    assert_eq!(from_file, by_default, "the file documents the defaults");
}
