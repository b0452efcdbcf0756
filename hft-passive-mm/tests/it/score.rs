//! The market held against recordings: its own, written by the export, first of all.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::market::score::{LIMITS, MEASURES};
use hft_app::testing::temporary;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn json(line: &str) -> Value {
    let (exit, stdout, stderr) = CLI.run(line);
    assert_eq!(exit, Exit::Ok, "{stderr}");
    serde_json::from_str(&stdout).expect("JSON")
}

fn named(folder: &Path, part: &str) -> PathBuf {
    let files = fs::read_dir(folder).expect("exported").map(|entry| entry.expect("readable").path());
    files.into_iter().find(|path| path.to_string_lossy().contains(part)).expect(part)
}

/// One market, four ways to it: configured, run, exported as CSV, exported as LOBSTER.
#[test]
fn a_market_and_its_recordings_have_the_same_facts() {
    let (out, to) = (temporary(), temporary());
    let (exit, _, stderr, folder) = CLI.run_in(out.path(), "run --fast --duration 60s --seed 11 --quiet");
    assert_eq!(exit, Exit::Ok, "{stderr}");
    for format in ["csv", "lobster"] {
        let line = format!("data export {} --as {format} --out {}", folder.display(), to.path().display());
        assert_eq!(CLI.run(&line).0, Exit::Ok);
    }
    let (csv, lobster) = (named(to.path(), "passive-mm-11.csv"), named(to.path(), "_message_10.csv"));
    let against = format!("--against {} --json", csv.display());
    let configured = json(&format!("market score --seed 11 --duration 60s {against}"));
    let of_run = json(&format!("market score --of {} {against}", folder.display()));
    assert_eq!(configured["subject"]["facts"], of_run["subject"]["facts"]);
    // Their clocks begin elsewhere, and a grid of time with them; what is no grid is the same.
    let (ours, theirs) = (&of_run["subject"]["facts"], &of_run["samples"][0]["facts"]);
    for fact in ["events", "spread", "order_size", "placement", "trade_size", "event_gap", "cancel_time", "trade_signs"]
    {
        assert_eq!(ours[fact], theirs[fact], "{fact}");
        assert!(!ours[fact].is_null(), "{fact} is told");
    }
    let of_lobster = json(&format!("market score --of {} {against}", lobster.display()));
    let lines = of_lobster["cards"][0]["lines"].as_array().expect("lines");
    assert_eq!(lines.len(), MEASURES.len());
    for line in lines.iter().filter(|line| !line["distance"].is_null()) {
        let (far, name) = (line["distance"].as_f64().expect("a number"), &line["name"]);
        // Prices in other steps fall into other bins, of 4 % each.
        assert!(far < 0.02, "{name} is {far} off itself");
    }
    assert_eq!(of_lobster["cards"][0]["count"].as_array().expect("counts")[2], 0, "nothing is red");
    assert!(of_run["limits"].is_null() && configured["limits"]["model"] == "crowd");
}

#[test]
fn the_card_names_what_is_off_and_the_page_needs_nothing_else() {
    let (out, to) = (temporary(), temporary());
    let (.., folder) =
        CLI.run_in(out.path(), "run --fast --duration 60s --seed 11 --quiet --set market.noise.mean_size=40");
    let line = format!("data export {} --as csv --out {}", folder.display(), to.path().display());
    assert_eq!(CLI.run(&line).0, Exit::Ok);
    let (csv, page) = (named(to.path(), ".csv"), to.path().join("score.html"));
    let line = format!("market score --seed 11 --duration 60s --against {} --report {}", csv.display(), page.display());
    let (exit, stdout, stderr) = CLI.run(&line);
    assert_eq!(exit, Exit::Ok, "{stderr}");
    let size = stdout.lines().find(|line| line.trim_start().starts_with("order size")).expect("a line");
    assert!(size.contains("mean, lots") && size.contains("x 0."), "smaller orders than in the recording: {size}");
    assert!(stdout.contains("cannot have") && stdout.contains("yardsticks off on average"), "{stdout}");
    let page = fs::read_to_string(page).expect("a page");
    assert!(page.matches("<polyline").count() > 20, "two lines a picture");
    assert!(
        !page.contains("http://") && !page.contains("https://") && !page.contains(" src="),
        "it needs nothing else"
    );
    assert!(LIMITS.iter().all(|limits| page.contains(limits.model)), "every model's limits are told");
}

#[test]
fn what_cannot_be_scored_is_refused() {
    let folder = temporary();
    let text = folder.path().join("text.txt");
    fs::write(&text, "no recording").expect("writable");
    for (line, exit, says) in [
        ("market score --against no-such-file --duration 1s".to_owned(), Exit::Data, "no-such-file"),
        (format!("market score --duration 1s --against {}", text.display()), Exit::Data, "expected"),
        (format!("market score --of {}", folder.path().display()), Exit::Data, "manifest.json"),
        (format!("market score --of {} --seed 3", text.display()), Exit::Usage, "scored as it is"),
        (format!("market score --duration 1s --symbol ABC --against {}", text.display()), Exit::Runtime, "it has SIM"),
        ("market score --duration 0s".to_owned(), Exit::Usage, "1ms to 30days"),
    ] {
        let (got, stdout, stderr) = CLI.run(&line);
        assert_eq!((got, stderr.contains(says)), (exit, true), "{line}: {stdout}{stderr}");
    }
}

/// Every model that can be fitted ends in a section that the program accepts, and in a card; what tells no orders is refused.
#[test]
fn a_run_is_fitted_by_every_model_and_the_section_is_a_configuration() {
    let (out, to) = (temporary(), temporary());
    let (.., folder) = CLI.run_in(out.path(), "run --fast --duration 120s --seed 11 --quiet");
    let line = format!("data export {} --as csv --out {}", folder.display(), to.path().display());
    assert_eq!(CLI.run(&line).0, Exit::Ok);
    let csv = named(to.path(), ".csv");
    for model in ["crowd", "cst", "queue-reactive", "hawkes"] {
        let section = to.path().join(format!("{model}.toml"));
        let line =
            format!("market calibrate {} --model {model} --duration 10s --out {}", csv.display(), section.display());
        let (exit, stdout, stderr) = CLI.run(&line);
        assert_eq!(exit, Exit::Ok, "{model}: {stderr}");
        assert!(stdout.contains("yardsticks off on average"), "{stdout}");
        assert_eq!(CLI.run(&format!("config check --config {}", section.display())).0, Exit::Ok, "{model}");
        let (exit, _, stderr) = CLI.run(&line);
        assert_eq!((exit, stderr.contains("is there already")), (Exit::Runtime, true), "{stderr}");
    }
    // The default market has 20 uninformed orders a second; the section counts the makers' too.
    let section = fs::read_to_string(to.path().join("crowd.toml")).expect("written");
    assert!(section.contains("[market.noise]") && section.contains("limits_per_s"), "{section}");
    let rows = "local_time,exchange_time,symbol,event,flags,order,other,side,price,qty,price2,qty2\n\
                1700000000000000000,,XYZ,level,,,,buy,99.98,5,,\n1700000000000000001,,XYZ,level,,,,sell,99.99,5,,\n";
    let levels = to.path().join("levels.csv");
    fs::write(&levels, rows).expect("writable");
    let (exit, _, stderr) = CLI.run(&format!("market calibrate {} --out x.toml", levels.display()));
    assert_eq!((exit, stderr.contains("tells levels")), (Exit::Data, true), "{stderr}");
}

#[test]
fn the_preset_is_a_configuration() {
    let preset = Path::new(env!("CARGO_MANIFEST_DIR")).join("presets/us-stock.toml");
    let (exit, stdout, stderr) = CLI.run(&format!("config show --config {}", preset.display()));
    assert_eq!((exit, stdout.contains("takers_per_s = 113")), (Exit::Ok, true), "{stderr}");
}
