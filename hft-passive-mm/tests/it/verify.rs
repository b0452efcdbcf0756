//! Folders that were tampered with, cut, or left behind by a run that was killed.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::output::{Manifest, RunFolder};
use hft_app::testing::temporary;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Closes a folder anew: whoever changes files can write a manifest of them, too.
fn close_again(folder: &Path, change: impl FnOnce(&mut Manifest)) {
    let mut manifest = Manifest::read(folder).expect("a manifest");
    change(&mut manifest);
    fs::remove_file(folder.join("manifest.json")).expect("it is there");
    RunFolder::open(folder).and_then(|folder| folder.finish(manifest.run)).expect("writable");
}

fn edit(folder: &Path, name: &str, edit: impl FnOnce(String) -> String) {
    let path = folder.join(name);
    fs::write(&path, edit(fs::read_to_string(&path).expect(name))).expect("writable");
}

fn verified(folder: &Path) -> (Exit, String) {
    let (exit, stdout, stderr) = CLI.run(&format!("verify {}", folder.display()));
    (exit, stdout + &stderr)
}

#[test]
fn every_file_of_a_run_is_compared_whatever_the_manifest_says() {
    for line in ["--fast --duration 20s", "--fast --duration 20s --set run.journal=always", "--duration 2s"] {
        let out = temporary();
        let (exit, _, stderr, folder) =
            CLI.run_in(out.path(), &format!("{line} --quiet --set passive_mm.half_spread=0.1"));
        assert_eq!(exit, Exit::Ok, "{stderr}");
        let (exit, said) = verified(&folder);
        assert!(exit == Exit::Ok && said.contains("fills.csv, orders.csv, equity.csv, summary.json"), "{said}");
        for (name, from, to) in [
            ("fills.csv", ",maker,", ",taker,"),
            ("orders.csv", ",buy,", ",sell,"),
            ("equity.csv", "\n100000000,", "\n100000001,"),
            ("summary.json", "\"turnover\": ", "\"turnover\": 1"),
            ("summary.json", "\"events\": ", "\"events\": 1"),
        ] {
            let was = fs::read_to_string(folder.join(name)).expect(name);
            edit(&folder, name, |text| text.replacen(from, to, 1));
            close_again(&folder, |_| ());
            let (exit, said) = verified(&folder);
            assert_eq!(exit, Exit::ReplayMismatch, "{line}: {name}: {said}");
            assert!(said.contains(name), "{line}: {said}");
            fs::write(folder.join(name), was).expect("writable");
        }
        edit(&folder, "equity.csv", |text| text + "1,SIM,0,0,0,,,,,,\n");
        close_again(&folder, |_| ());
        assert_eq!(verified(&folder).0, Exit::ReplayMismatch, "a row too many");
    }
}

#[test]
fn a_manifest_that_cannot_be_of_this_folder_is_refused() {
    let out = temporary();
    let (.., folder) = CLI.run_in(out.path(), "--fast --duration 5s --seed 11 --quiet");
    close_again(&folder, |manifest| manifest.run.seed = 12);
    let (exit, said) = verified(&folder);
    assert!(exit == Exit::Data && said.contains("seed 12, and config.resolved.toml says 11"), "{said}");
    close_again(&folder, |manifest| manifest.run.seed = 11);
    edit(&folder, "config.resolved.toml", |text| text.replacen("half_spread = 0.25", "half_spread = 0.26", 1));
    close_again(&folder, |_| ());
    let (exit, said) = verified(&folder);
    assert!(exit == Exit::Data && said.contains("that of config.resolved.toml is"), "{said}");
    edit(&folder, "config.resolved.toml", |text| text.replacen("half_spread = 0.26", "half_spread = 0.25", 1));
    for name in ["orders.csv", "equity.csv", "summary.json", "report.html"] {
        let was = fs::read_to_string(folder.join(name)).expect(name);
        fs::remove_file(folder.join(name)).expect(name);
        close_again(&folder, |_| ());
        let (exit, said) = verified(&folder);
        assert!(exit == Exit::Data && said.contains(&format!("{name} is not in it")), "{name}: {said}");
        fs::write(folder.join(name), was).expect("writable");
    }
    close_again(&folder, |_| ());
    assert_eq!(verified(&folder).0, Exit::Ok);
}

#[test]
fn a_run_by_the_clock_is_nothing_without_its_journal() {
    let out = temporary();
    let (.., folder) = CLI.run_in(out.path(), "--duration 1s --quiet");
    fs::remove_file(folder.join("journal")).expect("kept");
    close_again(&folder, |_| ());
    let (exit, said) = verified(&folder);
    assert!(exit == Exit::Data && said.contains("has no journal any more"), "{said}");
}

/// SIGKILL asks nobody: what is on disk then is a journal, the configuration, and the rows up to the last second.
#[test]
fn a_killed_run_is_verified_up_to_its_cut() {
    let out = temporary();
    let mut child = Command::new(env!("CARGO_BIN_EXE_hft-passive-mm"))
        .args(["run", "--duration", "60s", "--quiet", "--set", "passive_mm.half_spread=0.1", "--out"])
        .arg(out.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let rows = |name: &str| {
        let folder = fs::read_dir(out.path()).into_iter().flatten().next()?.ok()?.path();
        Some((fs::read_to_string(folder.join(name)).ok()?.lines().count(), folder))
    };
    // Half a minute at most.
    for _ in 0..1_500 {
        if rows("equity.csv").is_some_and(|(rows, _)| rows >= 11) {
            break;
        }
        std::thread::park_timeout(Duration::from_millis(20));
    }
    child.kill().and_then(|()| child.wait()).expect("it runs");
    let (kept, folder) = rows("equity.csv").expect("it began");
    assert!(kept >= 11, "rows of a second are on disk, not {kept}");
    assert!(!folder.join("manifest.json").exists() && folder.join("config.resolved.toml").exists());
    let (exit, said) = verified(&folder);
    assert!(exit == Exit::Ok && said.contains("the run never ended"), "{said}");
    edit(&folder, "equity.csv", |text| text.replacen("\n500000000,", "\n500000001,", 1));
    let (exit, said) = verified(&folder);
    assert!(exit == Exit::ReplayMismatch && said.contains("equity.csv"), "{said}");
    fs::remove_file(folder.join("journal")).expect("kept");
    let (exit, said) = verified(&folder);
    assert!(exit == Exit::Data && said.contains("no folder of a finished run"), "{said}");
}

/// What a full disk does: the folder cannot be closed. What the run came to is told all the same.
#[test]
fn a_folder_that_cannot_be_closed_costs_no_result() {
    let out = temporary();
    std::thread::scope(|scope| {
        let at = out.path();
        scope.spawn(move || {
            for _ in 0..1_000 {
                if let Some(Ok(folder)) = fs::read_dir(at).expect("there").next() {
                    let _ = fs::create_dir(folder.path().join("summary.json"));
                    return;
                }
                std::thread::park_timeout(Duration::from_millis(1));
            }
        });
        let (exit, stdout, stderr) = CLI.run(&format!("--duration 1s --quiet --out {}", at.display()));
        assert_eq!(exit, Exit::Runtime, "{stdout}{stderr}");
        assert!(stdout.contains("  digest  ") && stderr.contains("summary.json"), "{stdout}{stderr}");
    });
}
