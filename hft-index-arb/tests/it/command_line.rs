//! Configuration and papers on the command line.

use crate::CLI;
use hft_app::exit::Exit;

#[test]
fn every_command_line_has_its_exit_code() {
    CLI.check(&[
        ("config show", Exit::Ok, "half_rank = 6.0"),
        ("config show", Exit::Ok, "[index_arb.primary]"),
        ("leak-test --duration 6s", Exit::Ok, "No decision knew of the future"),
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
        ("paper", Exit::Ok, "Hasbrouck (1995): where prices are made"),
        ("paper epps --seconds 5000 --intervals 20 --rate-a 4 --rate-b 2", Exit::Ok, "4 and 2 a second"),
        ("paper epps --rho 2", Exit::Usage, "rho must be -1 to 1"),
        ("paper early-unwind --c1 1,2 --c2 0.25,0.5 --g 2 --paths 20000", Exit::Ok, "2 of 2 within tolerance"),
        ("paper early-unwind --c1 1,2 --c2 0.25", Exit::Usage, "one c2 for each c1"),
        ("paper information-share --alpha -0.1;0.1 --rho 0 --observations 40000", Exit::Ok, "8 of 8 within tolerance"),
        ("paper information-share --alpha 0.1;-0.1", Exit::Usage, "what is left of a difference a moment later must"),
        ("paper information-share --alpha -0.1,0;0.1", Exit::Usage, "columns of alpha must be 1"),
        ("paper arbitrage-option --steps 10 --points 60 --paths 2000 --mispricings=-1,1", Exit::Ok, "2 of 2 within"),
        ("paper arbitrage-option --c1 0 --c2 0", Exit::Usage, "c1 + c2 must be"),
        ("paper leg-slippage --later-ms 3 --trades 2000", Exit::Ok, "1 of 1 within tolerance"),
        ("paper leg-slippage --sigma 0", Exit::Usage, "sigma must be 20 to"),
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
