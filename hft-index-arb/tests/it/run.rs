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
fn equal_calls_leave_equal_files_and_the_money_adds_up_over_the_books() {
    let out = temporary();
    let (told, _, _) = CLI.check_equal_runs(out.path(), "run --fast --duration 60s --seed 11", &["unhedged.csv"]);
    assert_eq!(told.symbols.len(), 43, "twenty constituents, fund, future, and the issuer's window");
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
    assert!(told.execution.fills > 100, "{} fills", told.execution.fills);
    assert!(told.symbols.iter().all(|symbol| symbol.fills > 0), "every leg is traded");
    let future = told.symbols.iter().find(|symbol| symbol.symbol == "FUT").expect("the future");
    assert!(future.inventory_max <= 4.0, "units_max");
    // To take what is gone already ends as cancelled; nothing is rejected.
    assert!(told.execution.rejects.is_empty(), "{:?}", told.execution.rejects);
}

#[test]
fn the_waterfall_ends_where_the_run_does_and_its_legs_were_unlike_for_moments() {
    let out = temporary();
    let (_, _, _, folder) = CLI.run_in(out.path(), "run --fast --duration 60s --seed 11 --quiet");
    let told = summary(&folder);
    let figure = |table: usize, label: &str| {
        let table = &told.chapter.as_ref().expect("the legs").tables[table];
        let row = table.rows.iter().find(|row| row.label == label).expect(label);
        row.figures[0].unwrap_or_else(|| panic!("no {label}"))
    };
    let net = told.money.net.to_f64();
    assert!((figure(0, "net of all trades") - net).abs() < 1e-6, "{} against {net}", figure(0, "net of all trades"));
    let parts = ["net of all trades", "financing", "borrowing", "dividends"].map(|part| figure(0, part));
    assert!((figure(0, "net with carry") - parts.iter().sum::<f64>()).abs() < 1e-9);
    assert!(figure(0, "borrowing") < 0.0 && figure(0, "dividends") != 0.0, "{parts:?}");
    assert!(figure(0, "gross, at the midpoints when it was decided") > 0.0 && figure(0, "spread") < 0.0);
    let spells = fs::read_to_string(folder.join("unhedged.csv")).expect("spells").lines().count() - 1;
    assert!((figure(1, "spells") - spells as f64).abs() < 0.5 && spells > 20, "{spells}");
    assert!(figure(1, "share of the run") < 0.1);
}

#[test]
fn a_journaled_run_is_verified_in_both_drivers_and_a_changed_one_is_not() {
    CLI.check_verifiable(&["--duration 3s", "--fast --duration 20s"]);
}

#[test]
fn an_interrupt_cancels_drains_and_sums_up() {
    let out = temporary();
    CLI.check_interrupted(out.path(), "--duration 60s", 900);
}

#[test]
fn a_risk_halt_ends_the_run_with_its_own_code() {
    CLI.check_halted("--fast --duration 120s --quiet --set risk.account.max_drawdown=2.0", 120.0);
}

/// Five hundred constituents: more than two thousand accounts and traders in one world.
#[test]
fn an_index_of_five_hundred_runs() {
    let out = temporary();
    let line = "--fast --duration 10s --quiet --set index_arb.symbols=500";
    let (exit, _, stderr, folder) = CLI.run_in(out.path(), line);
    assert_eq!(exit, Exit::Ok, "{stderr}");
    let told = summary(&folder);
    println!("{} events in {:.2} s", told.run.events, told.run.wall_s);
    assert_eq!(told.symbols.len(), 1_003, "and the window");
    assert!(told.execution.fills > 100 && told.attribution.sums_to_net());
}
