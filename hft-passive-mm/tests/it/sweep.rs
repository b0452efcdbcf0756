//! Sweeps, seeds and comparisons from outside.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::interrupt::Interrupt;
use hft_app::testing::temporary;
use std::fs;
use std::path::{Path, PathBuf};

const LINE: &str = "sweep passive_mm.half_spread=0.1..0.3:3 --seeds 3 --duration 5s --quiet";

/// The one folder in a folder.
fn only(out: &Path) -> PathBuf {
    fs::read_dir(out).expect("made").next().expect("one run").expect("readable").path()
}

fn sweep_in(out: &Path, more: &str) -> PathBuf {
    let (exit, _, stderr) = CLI.run(&format!("{LINE} {more} --out {}", out.display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
    only(out)
}

fn bytes(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect(name)
}

#[test]
fn one_core_and_two_leave_the_same_bytes() {
    let (one, two) = (temporary(), temporary());
    let (serial, parallel) = (sweep_in(one.path(), "--jobs 1"), sweep_in(two.path(), "--jobs 2"));
    for name in ["runs.csv", "points.csv", "summary.json"] {
        assert_eq!(bytes(&serial, name), bytes(&parallel, name), "{name}");
    }
    assert_eq!(bytes(&serial, "runs.csv").lines().count(), 1 + 3 * 3, "a row for each point and seed");
}

/// Cut in the middle of a line, as a killed process leaves it.
#[test]
fn a_torn_sweep_is_resumed_to_the_same_bytes() {
    let (whole, torn) = (temporary(), temporary());
    let (whole, torn) = (sweep_in(whole.path(), ""), sweep_in(torn.path(), ""));
    let rows = bytes(&torn, "runs.csv");
    fs::write(torn.join("runs.csv"), &rows[..rows.len() * 2 / 3]).expect("writable");
    for made_at_the_end in ["manifest.json", "points.csv", "summary.json", "report.html"] {
        fs::remove_file(torn.join(made_at_the_end)).expect(made_at_the_end);
    }
    let (exit, _, stderr) = CLI.run(&format!("sweep --resume {} --quiet", torn.display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
    for name in ["runs.csv", "points.csv", "summary.json"] {
        assert_eq!(bytes(&whole, name), bytes(&torn, name), "{name}");
    }
}

/// Cut at a line's end, within the first row, and near the end; gone on with by both spellings.
#[test]
fn wherever_it_was_cut_two_keys_come_in_the_order_of_point_and_seed() {
    const GRID: &str =
        "sweep hft_passive_mm.half_spread=0.1..0.5:3 strategy=skew,glft --seeds 3 --duration 2s --seed 5 --quiet";
    let out = temporary();
    let at = out.path().display();
    let ended = |line: &str| {
        let (exit, _, stderr) = CLI.run(line);
        assert_eq!(exit, Exit::Ok, "{line}\n{stderr}");
        stderr
    };
    ended(&format!("{GRID} --jobs 4 --out {at}"));
    let folder = only(out.path());
    let (rows, points) = (bytes(&folder, "runs.csv"), bytes(&folder, "points.csv"));
    let lines: Vec<&str> = rows.lines().collect();
    assert_eq!(lines.len(), 1 + 3 * 2 * 3);
    assert!(lines[0].starts_with("point,passive_mm.half_spread,passive_mm.strategy,seed,net,"), "{rows}");
    assert!(lines[1].starts_with("0,0.1,skew,5,") && lines[18].starts_with("5,0.5,glft,7,"), "{rows}");
    let header = lines[0].len() + 1;
    for (kept, again) in [
        (header, format!("{GRID} --out {}", folder.display())),
        (header + 20, format!("sweep --quiet --resume {}", folder.display())),
        (rows.len() - 3, format!("sweep --quiet --resume {} --jobs 1", folder.display())),
    ] {
        for made_at_the_end in ["manifest.json", "points.csv", "summary.json", "report.html"] {
            fs::remove_file(folder.join(made_at_the_end)).expect(made_at_the_end);
        }
        fs::write(folder.join("runs.csv"), &rows[..kept]).expect("writable");
        let stderr = ended(&again);
        assert_eq!(stderr.contains("is torn and was dropped"), kept != header, "{stderr}");
        assert_eq!(
            (bytes(&folder, "runs.csv"), bytes(&folder, "points.csv")),
            (rows.clone(), points.clone()),
            "{kept}"
        );
    }
}

#[test]
fn another_sweep_and_rows_out_of_place_are_refused() {
    let out = temporary();
    let folder = sweep_in(out.path(), "");
    let at = folder.display();
    let refused = |line: &str, exit: Exit, says: &str| {
        let (code, stdout, stderr) = CLI.run(line);
        assert_eq!(code, exit, "{line}\n{stdout}{stderr}");
        assert!(stderr.contains(says) && stderr.lines().count() == 1, "`{line}` does not say `{says}`:\n{stderr}");
    };
    refused(
        &format!("sweep half_spread=0.1..0.4:3 --seeds 3 --duration 5s --out {at}"),
        Exit::Data,
        "holds another sweep",
    );
    refused(&format!("{LINE} --set passive_mm.size=2 --out {at}"), Exit::Data, "holds another sweep");
    refused(&format!("sweep --resume {at} --seeds 4"), Exit::Usage, "--resume takes everything from");
    refused(&format!("sweep --resume {}", out.path().display()), Exit::Data, "is not the folder of a sweep");
    let rows = bytes(&folder, "runs.csv").replacen("\n0,0.1,1,", "\n0,0.1,2,", 1);
    fs::write(folder.join("runs.csv"), rows).expect("writable");
    refused(&format!("sweep --resume {at}"), Exit::Data, "line 2 is not the run that belongs there");
    // A figure, in the last row of a sweep that goes on from there.
    let again = temporary();
    let folder = sweep_in(again.path(), "");
    let whole = bytes(&folder, "runs.csv");
    let kept: Vec<&str> = whole.lines().take(4).collect();
    let (first, changed) = (kept[..3].join("\n"), kept[3].replacen(",duration,", ",risk halt,", 1));
    fs::write(folder.join("runs.csv"), format!("{first}\n{changed}\n")).expect("writable");
    refused(&format!("sweep --resume {}", folder.display()), Exit::Data, "line 4 was changed since the sweep wrote it");
}

/// The market's noise is in both runs of a pair, and falls out of the difference of two points that are alike.
#[test]
fn common_seeds_make_a_comparison_sharper() {
    let out = temporary();
    let keys = "half_spread=0.25,0.26 --seeds 24 --duration 5s --quiet";
    let (exit, _, stderr) = CLI.run(&format!("sweep {keys} --out {}", out.path().display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
    let points = bytes(&only(out.path()), "points.csv");
    let rows: Vec<Vec<&str>> = points.lines().map(|line| line.split(',').collect()).collect();
    let cell = |row: usize, name: &str| -> f64 {
        let column = rows[0].iter().position(|column| *column == name).expect(name);
        rows[row][column].parse().expect(name)
    };
    let half = |row, low: &str, high: &str| (cell(row, high) - cell(row, low)) / 2.0;
    let unpaired = half(1, "net_low", "net_high").hypot(half(2, "net_low", "net_high"));
    let paired = half(2, "net_diff_low", "net_diff_high");
    assert!(paired < 0.9 * unpaired, "paired {paired}, unpaired {unpaired}");
}

/// A limit that is never met changes nothing.
#[test]
fn points_that_cannot_be_told_apart_are_called_so() {
    for (limits, says) in [
        ("1000,2000", "On the same seeds, the other cannot be told from it."),
        ("1000,2000,3000", "On the same seeds, none of the other 2 can be told from it."),
    ] {
        let out = temporary();
        let line = format!("sweep risk.account.max_drawdown={limits} --seeds 2 --duration 2s --quiet");
        let (exit, stdout, stderr) = CLI.run(&format!("{line} --out {}", out.path().display()));
        assert_eq!(exit, Exit::Ok, "{stderr}");
        assert!(stdout.contains(says), "{stdout}");
    }
}

#[test]
fn an_interrupted_sweep_says_how_to_go_on() {
    let out = temporary();
    let interrupt = Interrupt::default();
    interrupt.raise();
    let (exit, stdout, stderr) = CLI.run_until(&format!("{LINE} --out {}", out.path().display()), interrupt);
    assert_eq!(exit, Exit::Runtime, "{stderr}");
    assert!(stdout.contains("of 9 runs are done and kept") && stdout.contains("sweep --resume"), "{stdout}");
    let (exit, stdout, stderr) = CLI.run(&format!("sweep --resume {} --quiet", only(out.path()).display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
    assert!(stdout.contains("3 points on 3 seeds"), "{stdout}");
}

#[test]
fn what_cannot_be_swept_is_said_before_anything_runs() {
    let out = temporary();
    for (keys, exit, says) in [
        ("", Exit::Usage, "KEY"),
        ("half_spread", Exit::Usage, "write KEY=a..b:n"),
        ("=1,2", Exit::Usage, "the key is missing"),
        ("half_spread=0.5..0.1:3", Exit::Usage, "a range rises"),
        ("half_spread=0.1..0.1:3", Exit::Usage, "a range rises"),
        ("half_spread=0.1..x:3", Exit::Usage, "is not an end of a range"),
        ("half_spread=0.1..inf:3", Exit::Usage, "is not an end of a range"),
        ("half_spread=0.1..0.5:1", Exit::Usage, "is not a number of values"),
        ("half_spread=0.1..0.5:99999", Exit::Usage, "is not a number of values"),
        ("half_spread=0..0.5:3:log", Exit::Usage, "begins above 0"),
        ("half_spread=1..5:3:cubic", Exit::Usage, "is not a spacing"),
        ("half_spread=1..5:3:log:log", Exit::Usage, "too many colons"),
        ("half_spread=1,,2", Exit::Usage, "a value is missing"),
        ("half_spread=1,1", Exit::Usage, "is there twice"),
        ("tick_ms=1..2:5", Exit::Usage, "would be run twice"),
        ("half_spread=1,2 passive_mm.half_spread=3,4", Exit::Usage, "is swept twice"),
        ("run.seed=1..5:5", Exit::Usage, "is not to be swept: seeds are given by"),
        ("run.out=a,b", Exit::Usage, "is not to be swept: a sweep has one folder"),
        ("run.duration_s=1..5:5 --duration 2s", Exit::Usage, "set by --duration as well"),
        ("half_spread=0.1..0.5:1000 size=1..2:1000", Exit::Usage, "more than the 10000"),
        ("half_spread=0.1..0.5:1000 --seeds 1001", Exit::Usage, "more than the 1000000 runs"),
        ("half_spread=0.1,0.2 --jobs 0", Exit::Usage, "--jobs"),
        ("passive_mm.half_spread=1..2", Exit::Usage, "Write 1..2:10"),
        ("passive_mm.half_spread=1..x:3", Exit::Usage, "a..b:n"),
        ("passive_mm.half_spread=1..2:0", Exit::Usage, "half_spread"),
        ("passive_mm.half_spread=-1..1:3", Exit::Config, "passive_mm.half_spread"),
        ("passive_mm.half_spred=1..2:3", Exit::Config, "did you mean passive_mm.half_spread"),
        ("passive_mm.strategy=skew,glfft", Exit::Config, "passive_mm.strategy"),
        ("passive_mm.size=1.5,2", Exit::Config, "multiple of the lot"),
        ("passive_mm.half_spread=0.1..0.2:2 --seeds 0", Exit::Usage, "--seeds"),
        ("--resume /nowhere", Exit::Data, "/nowhere"),
    ] {
        let duration = if keys.contains("--duration") { "" } else { "--duration 1s" };
        let (code, stdout, stderr) = CLI.run(&format!("sweep {keys} {duration} --out {}", out.path().display()));
        assert_eq!(code, exit, "sweep {keys}\n{stdout}{stderr}");
        assert!(stderr.contains(says), "`sweep {keys}` does not say `{says}`:\n{stderr}");
    }
    assert_eq!(fs::read_dir(out.path()).expect("there").count(), 0, "nothing was begun");
    let (exit, _, stderr) = CLI.run("--seeds 4");
    assert_eq!(exit, Exit::Usage, "{stderr}");
}

/// A run that its limits end is the same run in a sweep: it ends there.
#[test]
fn a_halted_run_is_the_same_in_a_sweep() {
    let (one, many) = (temporary(), temporary());
    let line = "--fast --duration 60s --quiet --seed 11 --set risk.account.max_drawdown=2.0";
    let (exit, _, stderr) = CLI.run(&format!("{line} --out {}", one.path().display()));
    assert_eq!(exit, Exit::RiskHalt, "{stderr}");
    let (_, _, stderr) = CLI.run(&format!("{line} --seeds 1 --out {}", many.path().display()));
    let digest = hft_app::output::Summary::of_folder(&only(one.path())).expect("readable").run.digest;
    let rows = bytes(&only(many.path()), "runs.csv");
    assert!(rows.contains(&format!(",risk halt,{digest},")), "{rows}{stderr}");
}

#[test]
fn seeds_are_a_sweep_of_one_point() {
    let out = temporary();
    let line = format!("run --fast --seeds 4 --duration 5s --quiet --out {}", out.path().display());
    let (exit, stdout, stderr) = CLI.run(&line);
    assert_eq!(exit, Exit::Ok, "{stderr}");
    assert!(stdout.contains("adverse selection") && stdout.contains("Over 4 seeds, a run nets"), "{stdout}");
    let report = bytes(&only(out.path()), "report.html");
    assert!(report.contains("cargo run --release -p hft-passive-mm -- run --fast --seeds 4 --config "), "{line}");
    assert_eq!(report.matches("Over 4 seeds, a run nets").count(), 1, "the verdict stands once");
    assert!(report.contains("id=\"theme\"") && report.contains("<details><summary>The configuration"));
    let points = bytes(&only(out.path()), "points.csv");
    let (head, row) = points.split_once('\n').expect("a header");
    let high = head.split(',').position(|name| name == "quote_uptime_high").expect("a column");
    let high: f64 = row.trim_end().split(',').nth(high).expect("a cell").parse().expect("a share");
    assert!(high <= 1.0, "an interval of shares ends at the whole, not at {high}");
}

#[test]
fn two_runs_are_compared_by_what_differs() {
    let (a, b) = (temporary(), temporary());
    CLI.run(&format!("--fast --duration 5s --quiet --out {}", a.path().display()));
    CLI.run(&format!("--fast --duration 5s --quiet --set passive_mm.half_spread=0.3 --out {}", b.path().display()));
    let (a, b) = (only(a.path()), only(b.path()));
    let (exit, stdout, stderr) = CLI.run(&format!("compare {} {} --json", a.display(), b.display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
    let json: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
    let differs = json["configuration"].as_object().expect("a map");
    assert_eq!(differs.keys().collect::<Vec<_>>(), ["passive_mm.half_spread"]);
    assert_eq!(json["figures"][0]["name"], "net");
    let (exit, stdout, _) = CLI.run(&format!("compare {} {}", a.display(), a.display()));
    assert_eq!(exit, Exit::Ok);
    assert!(stdout.contains("the same") && stdout.contains("Both net the same"), "{stdout}");
    let (exit, _, stderr) = CLI.run(&format!("compare {} /nowhere", a.display()));
    assert_eq!(exit, Exit::Data, "{stderr}");
    assert!(stderr.contains("no folder of a finished run"), "{stderr}");
}

/// A sweep is many runs: what takes one says so, and what looks for the newest run looks past it.
#[test]
fn a_sweep_is_not_taken_for_a_run() {
    let out = temporary();
    let at = out.path().display();
    CLI.run(&format!("--fast --duration 5s --seed 11 --quiet --out {at}"));
    let one = only(out.path());
    let sweeps = temporary();
    let swept = sweep_in(sweeps.path(), "");
    // Younger than the run by its name.
    let moved = out.path().join("20990101T000000Z-passive-mm-sweep-1");
    fs::rename(swept, &moved).expect("the same disk");
    let newest = hft_app::explain::newest(out.path(), "hft-passive-mm").expect("there is a run");
    assert_eq!(newest, one);
    let (moved, one) = (moved.display(), one.display());
    for line in [
        format!("verify {moved}"),
        format!("explain 1 --run {moved}"),
        format!("compare {moved} {moved}"),
        format!("compare {one} {moved}"),
    ] {
        let (exit, _, stderr) = CLI.run(&line);
        assert_eq!(exit, Exit::Data, "{line}: {stderr}");
        assert!(stderr.contains("is the folder of a sweep"), "{line}: {stderr}");
    }
}
