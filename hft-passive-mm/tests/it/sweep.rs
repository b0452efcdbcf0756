//! Sweeps, seeds and comparisons from outside.

use crate::command_line::{execute_line, run};
use hft_app::exit::Exit;
use hft_app::interrupt::Interrupt;
use std::fs;
use std::path::{Path, PathBuf};

const LINE: &str = "sweep passive_mm.half_spread=0.1..0.3:3 --seeds 3 --duration 5s --quiet";

fn temporary() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// The one folder in a folder.
fn only(out: &Path) -> PathBuf {
    fs::read_dir(out).expect("made").next().expect("one run").expect("readable").path()
}

fn sweep_in(out: &Path, more: &str) -> PathBuf {
    let (exit, _, stderr) = run(&format!("{LINE} {more} --out {}", out.display()));
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
    let (exit, _, stderr) = run(&format!("sweep --resume {} --quiet", torn.display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
    for name in ["runs.csv", "points.csv", "summary.json"] {
        assert_eq!(bytes(&whole, name), bytes(&torn, name), "{name}");
    }
}

#[test]
fn an_interrupted_sweep_says_how_to_go_on() {
    let out = temporary();
    let interrupt = Interrupt::default();
    interrupt.raise();
    let (exit, stdout, stderr) = execute_line(&format!("{LINE} --out {}", out.path().display()), interrupt);
    assert_eq!(exit, Exit::Ok, "{stderr}");
    assert!(stdout.contains("of 9 runs are done and kept") && stdout.contains("sweep --resume"), "{stdout}");
    let (exit, stdout, stderr) = run(&format!("sweep --resume {} --quiet", only(out.path()).display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
    assert!(stdout.contains("3 points on 3 seeds"), "{stdout}");
}

#[test]
fn what_cannot_be_swept_is_said_before_anything_runs() {
    let out = temporary();
    for (keys, exit, says) in [
        ("", Exit::Usage, "KEY"),
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
        let (code, stdout, stderr) = run(&format!("sweep {keys} --duration 1s --out {}", out.path().display()));
        assert_eq!(code, exit, "sweep {keys}\n{stdout}{stderr}");
        assert!(stderr.contains(says), "`sweep {keys}` does not say `{says}`:\n{stderr}");
    }
    assert_eq!(fs::read_dir(out.path()).expect("there").count(), 0, "nothing was begun");
    let (exit, _, stderr) = run("--seeds 4");
    assert_eq!(exit, Exit::Usage, "{stderr}");
}

#[test]
fn seeds_are_a_sweep_of_one_point() {
    let out = temporary();
    let line = format!("run --fast --seeds 4 --duration 5s --quiet --out {}", out.path().display());
    let (exit, stdout, stderr) = run(&line);
    assert_eq!(exit, Exit::Ok, "{stderr}");
    assert!(stdout.contains("adverse selection") && stdout.contains("Over 4 seeds, a run nets"), "{stdout}");
}

#[test]
fn two_runs_are_compared_by_what_differs() {
    let (a, b) = (temporary(), temporary());
    run(&format!("--fast --duration 5s --quiet --out {}", a.path().display()));
    run(&format!("--fast --duration 5s --quiet --set passive_mm.half_spread=0.3 --out {}", b.path().display()));
    let (a, b) = (only(a.path()), only(b.path()));
    let (exit, stdout, stderr) = run(&format!("compare {} {} --json", a.display(), b.display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
    let json: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
    let differs = json["configuration"].as_object().expect("a map");
    assert_eq!(differs.keys().collect::<Vec<_>>(), ["passive_mm.half_spread"]);
    assert_eq!(json["figures"][0]["name"], "net");
    let (exit, stdout, _) = run(&format!("compare {} {}", a.display(), a.display()));
    assert_eq!(exit, Exit::Ok);
    assert!(stdout.contains("the same") && stdout.contains("Both net the same"), "{stdout}");
    let (exit, _, stderr) = run(&format!("compare {} /nowhere", a.display()));
    assert_eq!(exit, Exit::Data, "{stderr}");
    assert!(stderr.contains("no folder of a finished run"), "{stderr}");
}
