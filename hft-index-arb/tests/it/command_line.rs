//! Configuration and papers on the command line.

use crate::CLI;
use hft_app::exit::Exit;

#[test]
fn every_command_line_has_its_exit_code() {
    CLI.check(&[
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
    ]);
}

/// The file at the root is allowed as it stands, and documents the defaults.
#[test]
fn the_documented_configuration_is_allowed() {
    let lines = [
        "symbols = 20",
        "policy = \"all-take\"",
        "entry = 1.0",
        "exit = 0.0",
        "units = 1",
        "units_max = 4",
        "tick_ms = 20",
    ];
    CLI.check_documented(concat!(env!("CARGO_MANIFEST_DIR"), "/../Config.toml"), &lines);
}
