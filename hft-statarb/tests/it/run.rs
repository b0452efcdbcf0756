//! The run as a person meets it: lines on stdout, a folder on disk, an exit code.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::output::Summary;
use hft_app::testing::temporary;
use std::fs;
use std::path::Path;

pub(crate) fn summary(folder: &Path) -> Summary {
    Summary::of_folder(folder).expect("readable")
}

#[test]
fn equal_calls_leave_equal_files_and_the_money_adds_up_over_the_universe() {
    let out = temporary();
    let (told, _, _) = CLI.check_equal_runs(out.path(), "run --fast --duration 60s --seed 11", &[]);
    assert_eq!(told.symbols.len(), 13, "twelve contracts and the index");
    let nets: hft_app::output::Money = told.symbols.iter().map(|symbol| symbol.attribution.net).sum();
    assert_eq!(nets, told.money.net, "to the last unit");
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("a README");
    assert!(readme.contains(&told.run.digest), "the README quotes another digest than {}", told.run.digest);
    assert!(readme.contains(&told.verdict), "the README quotes another verdict than {}", told.verdict);
}

#[test]
fn half_a_minute_has_something_to_show() {
    let out = temporary();
    let (exit, _, _, folder) = CLI.run_in(out.path(), "--fast --quiet");
    assert_eq!(exit, Exit::Ok);
    let told = summary(&folder);
    assert!(told.execution.fills > 20, "{} fills", told.execution.fills);
    let maker = told.execution.maker_share.expect("there are fills");
    assert!(maker > 0.2 && maker < 0.9, "rests first, takes when patience is over: {maker}");
    assert!(told.symbols.iter().all(|symbol| symbol.symbol == "IDX" || symbol.inventory_max <= 10.0), "position_limit");
    let index = told.symbols.iter().find(|symbol| symbol.symbol == "IDX").expect("the index");
    assert!(index.fills > 0, "it is hedged");
    // To join a touch that has moved is refused now and then, on a feed of 50 ms; to ask for an order that is gone is a race that was lost.
    let refused = |reason: &str| told.execution.rejects.get(reason).copied().unwrap_or(0);
    assert!(refused("post_only_cross") * 3 < told.execution.orders, "{:?}", told.execution.rejects);
    assert!(refused("unknown_order") * 50 < told.execution.orders, "{:?}", told.execution.rejects);
    assert!(told.execution.rejects.len() <= 2, "nothing else: {:?}", told.execution.rejects);
}

#[test]
fn a_journaled_run_is_verified_in_both_drivers_and_a_changed_one_is_not() {
    CLI.check_verifiable(&["--duration 3s --set statarb.estimator.warm_up=10", "--fast --duration 20s"]);
}

#[test]
fn an_interrupt_cancels_drains_and_sums_up() {
    let out = temporary();
    CLI.check_interrupted(out.path(), "--duration 60s", 900);
}

#[test]
fn a_risk_halt_ends_the_run_with_its_own_code() {
    CLI.check_halted("--fast --duration 120s --quiet --set risk.account.max_drawdown=0.5", 120.0);
}

/// Two hundred contracts: a thousand accounts and traders in one world.
#[test]
fn a_universe_of_two_hundred_runs() {
    let out = temporary();
    let line = "--fast --duration 10s --quiet --set statarb.symbols=200 --set statarb.estimator.warm_up=20 --set statarb.sizing.gross_limit=1e6";
    let (folder, _) = CLI.done_in(out.path(), line);
    let told = summary(&folder);
    println!("{} events in {:.2} s", told.run.events, told.run.wall_s);
    assert_eq!(told.symbols.len(), 201);
    assert!(told.execution.fills > 100 && told.attribution.sums_to_net());
}
