//! The run as a person meets it: lines on stdout, a folder on disk, an exit code.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::interrupt::Interrupt;
use hft_app::output::Summary;
use hft_app::shell::{Terminal, execute};
use hft_app::testing::temporary;
use hft_passive_mm::PassiveMmPattern;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

fn summary(folder: &Path) -> Summary {
    Summary::of_folder(folder).expect("readable")
}

#[test]
fn equal_calls_leave_equal_files_and_every_file_is_there() {
    let out = temporary();
    CLI.check_equal_runs(out.path(), "run --fast --duration 60s --seed 11", &[]);
}

#[test]
fn the_default_market_tells_the_story_of_market_making() {
    let out = temporary();
    let (_, _, _, folder) = CLI.run_in(out.path(), "--fast --duration 300s --quiet");
    let Summary { attribution, money, markouts, execution, .. } = summary(&folder);
    let of = |class: &str| {
        let second = |m: &&hft_app::output::Markout| {
            m.counterparty.as_deref() == Some(class) && (m.horizon_s - 1.0).abs() < 1e-9
        };
        markouts.iter().find(second).and_then(|m| m.mean).expect(class)
    };
    assert!(attribution.spread.to_f64() > 0.0 && attribution.adverse_selection.to_f64() < 0.0);
    assert!(of("informed") + 0.1 < of("noise"), "the informed know something");
    assert_eq!(execution.maker_share, Some(1.0));
    assert!(execution.quote_uptime > 0.9 && money.fees.to_f64() < 0.0);
}

/// With a link of 500 us each way every command is answered after a millisecond, however many fills meet it on its way.
#[test]
fn an_acknowledgement_takes_both_ways_of_the_link() {
    let out = temporary();
    let (.., folder) = CLI.run_in(out.path(), "--fast --duration 300s --quiet --set passive_mm.half_spread=0.1");
    let told = summary(&folder);
    let ack = told.latency.iter().find(|stage| stage.stage == "ack").expect("commands were answered");
    // All but the mass cancel at the end, which is about no one order.
    assert_eq!(ack.count + 1, told.execution.commands, "every command has one answer");
    let report = fs::read_to_string(folder.join("report.html")).expect("a report");
    let (_, drawn) = report.split_once("Latency of ack").expect("it is drawn");
    let (drawn, _) = drawn.split_once("</svg>").expect("it ends");
    assert_eq!(drawn.matches("class=\"latency\"").count(), 1, "{drawn}");
}

#[test]
fn an_hour_is_run_in_seconds_and_stays_within_its_limits() {
    let out = temporary();
    let (exit, _, _, folder) = CLI.run_in(out.path(), "--fast --duration 1h --quiet --set run.equity_ms=1000");
    assert_eq!(exit, Exit::Ok);
    let told = summary(&folder);
    assert!(told.risk.inventory_max <= 10.0, "{}", told.risk.inventory_max);
    assert!(told.money.sharpe.is_some(), "an hour is long enough");
    assert!((told.run.span_s - 3600.0).abs() < 1e-9);
}

#[test]
fn a_journaled_run_is_verified_in_both_drivers_and_a_changed_one_is_not() {
    for line in ["--duration 2s", "--fast --duration 20s --set run.journal=always", "--fast --duration 20s"] {
        let out = temporary();
        let (exit, _, stderr, folder) = CLI.run_in(out.path(), &format!("{line} --quiet"));
        assert_eq!(exit, Exit::Ok, "{line}: {stderr}");
        let (exit, stdout, stderr) = CLI.run(&format!("verify {}", folder.display()));
        assert_eq!(exit, Exit::Ok, "{line}: {stderr}");
        assert!(stdout.starts_with("verified: "), "{stdout}");

        let path = folder.join("fills.csv");
        let changed = fs::read_to_string(&path).expect("fills") + "\n";
        fs::write(&path, changed).expect("writable");
        let (exit, _, stderr) = CLI.run(&format!("verify {}", folder.display()));
        assert_eq!(exit, Exit::Data, "{stderr}");
        assert!(stderr.contains("fills.csv was changed after the run"), "{stderr}");
    }
}

/// The digest in the manifest is not a file's hash: a wrong one passes the files and fails the run.
#[test]
fn another_digest_is_a_mismatch() {
    let out = temporary();
    let (_, _, _, folder) = CLI.run_in(out.path(), "--fast --duration 5s --quiet");
    let path = folder.join("manifest.json");
    let text = fs::read_to_string(&path).expect("a manifest");
    let digest = summary(&folder).run.digest;
    fs::write(&path, text.replace(&digest, "0123456789abcdef")).expect("writable");
    let (exit, _, stderr) = CLI.run(&format!("verify {}", folder.display()));
    assert_eq!(exit, Exit::ReplayMismatch, "{stderr}");
    assert!(stderr.contains(&digest), "{stderr}");
}

#[test]
fn an_interrupt_cancels_drains_and_sums_up() {
    for line in ["--duration 60s", "--fast --duration 30days"] {
        let out = temporary();
        let line = format!("{line} --set run.equity_ms=60000");
        let (_, folder) = CLI.check_interrupted(out.path(), &line, 700);
        CLI.check_verified(&folder);
    }
}

/// Fills and reports are on their way when the second interrupt comes, so the books cannot close: that is no dishonesty.
#[test]
fn a_second_interrupt_abandons_the_run_and_the_journal_is_valid() {
    let out = temporary();
    let interrupt = Interrupt::default();
    let raiser = interrupt.clone();
    let later = std::thread::spawn(move || {
        std::thread::park_timeout(Duration::from_millis(2_500));
        raiser.raise();
        raiser.raise();
    });
    let line = "--duration 60s --quiet --set passive_mm.latency_us=400000 --set passive_mm.half_spread=0.05";
    let (exit, stdout, stderr) = CLI.run_until(&format!("{line} --out {}", out.path().display()), interrupt);
    later.join().expect("it raises and ends");
    assert_eq!(exit, Exit::Runtime, "{stderr}");
    assert!(stderr.contains("abandoned by a second interrupt: ") && stderr.contains("still on their way"), "{stderr}");
    assert!(stdout.contains("run folder: "), "{stdout}");
    let folder = fs::read_dir(out.path()).expect("made").next().expect("one run").expect("readable").path();
    let told = summary(&folder);
    assert!(told.run.ended_by.starts_with("error: abandoned by a second interrupt"), "{}", told.run.ended_by);
    let (exit, stdout, stderr) = CLI.run(&format!("verify {}", folder.display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
    assert!(stdout.contains("byte for byte the same"), "{stdout}");
}

/// What `| head -1` does: the first lines are read, and the pipe is closed.
struct ClosesAfter(usize);

impl Write for ClosesAfter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(1).ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_closes_early_costs_no_row() {
    for (line, wanted) in [
        ("--fast --duration 60s --seed 11", Exit::Ok),
        ("--duration 3s --set passive_mm.half_spread=0.1", Exit::Ok),
        ("--fast --duration 300s --set risk.account.max_drawdown=2.0", Exit::RiskHalt),
    ] {
        let out = temporary();
        let (mut stdout, mut stderr) = (ClosesAfter(2), Vec::new());
        let line = format!("{line} --out {}", out.path().display());
        let args = std::iter::once("hft-passive-mm").chain(line.split_whitespace()).map(Into::into);
        let mut terminal = Terminal { out: &mut stdout, err: &mut stderr, interrupt: Interrupt::default() };
        let exit = execute::<PassiveMmPattern>(args, &mut terminal);
        assert_eq!(exit, wanted, "{line}: {}", String::from_utf8_lossy(&stderr));
        let folder = fs::read_dir(out.path()).expect("made").next().expect("one run").expect("readable").path();
        let told = summary(&folder);
        assert!(["duration", "risk halt"].contains(&told.run.ended_by.as_str()), "{line}: {}", told.run.ended_by);
        let rows = fs::read_to_string(folder.join("fills.csv")).expect("fills").lines().count() as u64 - 1;
        assert!(rows > 2 && rows == told.execution.fills, "{line}: {rows} rows of {} fills", told.execution.fills);
        let (exit, _, stderr) = CLI.run(&format!("verify {}", folder.display()));
        assert_eq!(exit, Exit::Ok, "{line}: {stderr}");
    }
}

#[test]
fn a_risk_halt_ends_the_run_with_its_own_code() {
    let out = temporary();
    let line = "--fast --duration 300s --set risk.account.max_drawdown=2.0";
    let (exit, stdout, stderr, folder) = CLI.run_in(out.path(), line);
    assert_eq!(exit, Exit::RiskHalt, "{stdout}");
    assert!(stderr.contains("risk halt: drawdown"), "{stderr}");
    let told = summary(&folder);
    assert_eq!(told.run.ended_by, "risk halt");
    assert!(told.run.span_s < 300.0, "a halted desk has nothing left to do");
    let (exit, _, stderr) = CLI.run(&format!("verify {}", folder.display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
}

/// What is a decimal in the market is the same decimal on disk, with no more digits than a float has to have.
#[test]
fn numbers_on_disk_are_free_of_the_noise_of_floats() {
    let out = temporary();
    let line = "--fast --duration 120s --quiet --set risk.account.max_drawdown=2.0 --seed 11";
    let (exit, _, stderr, folder) = CLI.run_in(out.path(), line);
    assert_eq!(exit, Exit::RiskHalt, "{stderr}");
    let digits = |text: &str| {
        let runs = text.split(|c: char| !c.is_ascii_digit() && c != '.').filter_map(|number| number.split_once('.'));
        runs.map(|(_, part)| part.len()).max().unwrap_or(0)
    };
    assert!(digits(&stderr) <= 9, "a moment in nanoseconds: {stderr}");
    for (name, most) in [("config.resolved.toml", 6), ("fills.csv", 9), ("equity.csv", 9)] {
        let text = fs::read_to_string(folder.join(name)).expect(name);
        assert!(digits(&text) <= most, "{name}: {}", text.lines().max_by_key(|line| digits(line)).unwrap_or(""));
    }
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.join("summary.json")).expect("a summary")).expect("JSON");
    assert!(digits(&json["run"]["span_s"].to_string()) <= 9, "{}", json["run"]["span_s"]);
}

#[test]
fn several_symbols_share_one_account_and_are_told_apart() {
    let out = temporary();
    let line = "--fast --duration 30s --set passive_mm.symbols=[\"ONE\",\"TWO\"]";
    let (folder, stdout) = CLI.done_in(out.path(), line);
    let told = summary(&folder);
    assert_eq!(told.run.symbols, ["ONE", "TWO"]);
    let nets: f64 = told.symbols.iter().map(|symbol| symbol.attribution.net.to_f64()).sum();
    assert!((nets - told.money.net.to_f64()).abs() < 1e-9);
    assert!(stdout.contains("By contract") && stdout.contains("TWO@XSIM"));
    let report = fs::read_to_string(folder.join("report.html")).expect("a report");
    let (_, drawn) = report.split_once("id=\"data\">").expect("data for the script");
    let (drawn, _) = drawn.split_once("</script>").expect("it ends");
    let drawn: serde_json::Value = serde_json::from_str(drawn).expect("JSON");
    for (place, symbol) in told.symbols.iter().enumerate() {
        let contract = &drawn["contracts"][place];
        assert_eq!(contract["name"], format!("{}@{}", symbol.symbol, symbol.venue));
        assert_eq!(contract["fills"]["t"].as_array().map(Vec::len), usize::try_from(symbol.fills).ok());
    }
    let most = told.symbols.iter().max_by(|a, b| a.inventory_max.total_cmp(&b.inventory_max)).expect("two");
    assert!(report.contains(&format!("Max inventory, {}", most.symbol)));
}

/// Half a minute of silence after three fills is no healthy run.
#[test]
fn a_strategy_that_was_shut_off_is_named() {
    let out = temporary();
    let line = "--fast --duration 30s --seed 11 --quiet --set risk.repeat.max=3 --set risk.repeat.window_ms=10000";
    let (exit, _, stderr, folder) = CLI.run_in(out.path(), line);
    assert_eq!(exit, Exit::Ok, "{stderr}");
    let says = "was shut off by risk.repeat or risk.reject_storm: from ";
    assert!(stderr.contains(says) && summary(&folder).verdict.contains(says), "{stderr}");
}

/// A curve that stopped at its last sample would hide what came after it.
#[test]
fn the_curve_ends_with_the_net_profit() {
    for line in ["--fast --duration 1293ms --seed 11 --quiet", "--fast --duration 4s --seed 11 --quiet"] {
        let out = temporary();
        let (.., folder) = CLI.run_in(out.path(), line);
        let rows = fs::read_to_string(folder.join("equity.csv")).expect("equity");
        let last: Vec<&str> = rows.lines().next_back().expect("rows").split(',').collect();
        let net = summary(&folder).money.net.to_f64();
        assert!(last[2].parse::<f64>().is_ok_and(|equity| (equity - net).abs() < 1e-9), "{line}: {last:?}, net {net}");
        let moments: Vec<&str> = rows.lines().filter_map(|row| row.split(',').next()).collect();
        assert!(moments.windows(2).all(|pair| pair[0] != pair[1]), "{line}: one row a moment");
    }
}

/// Pasted into a shell, the line of the report makes the same run.
#[test]
fn the_report_says_how_to_repeat_the_run() {
    let out = temporary();
    let runs = out.path().join("my runs");
    let line =
        ["--fast", "--duration", "5s", "--seed", "11", "--quiet", "--set", "passive_mm.half_spread=0.1", "--out"];
    let hp = env!("CARGO_BIN_EXE_hft-passive-mm");
    let made = Command::new(hp).args(line).arg(&runs).env("HFT_PASSIVE_MM__SIZE", "2").output().expect("it runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let folders = || -> Vec<PathBuf> {
        let mut folders: Vec<PathBuf> =
            fs::read_dir(&runs).expect("made").map(|entry| entry.expect("listed").path()).collect();
        folders.sort();
        folders
    };
    let report = fs::read_to_string(folders()[0].join("report.html")).expect("a report");
    let (_, command) = report.split_once("<pre class=\"command\">").expect("it says how");
    let (command, _) = command.split_once("</pre>").expect("it ends");
    let (again, was) = command.split_once('\n').expect("two lines");
    let program = "cargo run --release -p hft-passive-mm -- ";
    let arguments = again.strip_prefix(program).unwrap_or_else(|| panic!("{again}"));
    assert!(was.contains("HFT_PASSIVE_MM__SIZE=2 hft-passive-mm ") && was.contains("/my runs'"), "{was}");
    let again = Command::new("sh").args(["-c", &format!("'{hp}' {arguments} --quiet")]).output().expect("a shell");
    assert!(again.status.success(), "{arguments}: {}", String::from_utf8_lossy(&again.stderr));
    let digests: Vec<String> = folders().iter().map(|folder| summary(folder).run.digest).collect();
    assert!(digests.len() == 2 && digests[0] == digests[1], "{digests:?}");
}

#[test]
fn json_is_the_summary_and_nothing_else() {
    let out = temporary();
    let (_, stdout, _, folder) = CLI.run_in(out.path(), "--fast --duration 5s --json");
    let json: serde_json::Value = serde_json::from_str(&stdout).expect("one JSON object");
    assert_eq!(json["folder"], folder.display().to_string());
    assert!(json["attribution"]["spread"].is_number());
}

#[test]
fn what_cannot_be_run_leaves_nothing_behind() {
    let out = temporary();
    let (exit, _, stderr, folder) = CLI.run_in(out.path(), "--fast --set passive_mm.size=1.5");
    assert_eq!(exit, Exit::Config);
    assert!(stderr.contains("must be a multiple of the lot of SIM, 1"), "{stderr}");
    assert_eq!(folder, PathBuf::new(), "no folder of a run that never began");

    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let (exit, _, stderr) = CLI.run(&format!("--fast --duration 5s --out {}", file.path().display()));
    assert_eq!(exit, Exit::Runtime);
    assert!(stderr.contains("cannot make the folder"), "{stderr}");
}
