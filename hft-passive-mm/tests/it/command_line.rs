//! Configuration and papers on the command line.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::interrupt::Interrupt;
use hft_app::paper::PaperReport;
use hft_app::testing::temporary;
use std::io::Write as _;
use std::process::Command;

#[test]
fn every_command_line_has_its_exit_code() {
    CLI.check(&[
        ("config show", Exit::Ok, "half_spread = 0.25"),
        ("config show", Exit::Ok, "[passive_mm.toxicity]"),
        ("config schema", Exit::Ok, "\"inv_spread_mult\""),
        ("config schema", Exit::Ok, "Unit: multiples of half_spread. The default: at the limit"),
        ("config check --set passive_mm.strategy=glft", Exit::Ok, "ok: "),
        ("config check --set passive_mm.half_spread=0", Exit::Config, "must be a number >= "),
        ("config check --set passive_mm.size=11", Exit::Config, "must be at most inv_limit, 10"),
        ("config check --set passive_mm.strategy=glfft", Exit::Config, "glft"),
        ("config check --set passive_mm.model.gama=1", Exit::Config, "gamma"),
        ("config check --set market.makers=-1", Exit::Config, "market.makers"),
        ("config check --set risk.account.max_daily_loss=-1", Exit::Config, "risk.account.max_daily_loss"),
        ("config check --json", Exit::Ok, "\"ok\": true"),
        ("config check --config /dev/zero", Exit::Config, "is not a regular file"),
        ("config schema --set passive_mm.size=2", Exit::Usage, "--set changes nothing here"),
        ("completions bash --seed 3", Exit::Usage, "--seed changes nothing here"),
        ("verify runs --set passive_mm.size=2", Exit::Usage, "--set changes nothing here: a run is verified with"),
        ("verify runs --seed 3", Exit::Usage, "--seed changes nothing here"),
        ("compare a b --config x.toml", Exit::Usage, "--config changes nothing here"),
        ("paper glft --set passive_mm.size=2", Exit::Usage, "--set changes nothing here"),
        ("run --fast --duration 60", Exit::Usage, "60 of what? Write 60s, 60m or 60h"),
        ("run --fast --duration -1", Exit::Usage, "a run takes 1ms to 30days"),
        ("run --fast --duration -1s", Exit::Usage, "write 30s, 1h 30m or 500ms"),
        ("run --fast --seed -1", Exit::Usage, "a seed is a whole number from 0 to 9223372036854775807"),
        ("leak-test --duration 8s", Exit::Ok, "No decision knew of the future"),
        ("leak-test --duration 8s --at 8s", Exit::Usage, "--at 8 s must be before the end of the run, 8 s"),
        ("run --fast --set market.model=cts", Exit::Config, "did you mean \"cst\"?"),
        (
            "config check --set market.model=hawkes --set market.hawkes.same_side=[[0.9,0.9,0.9],[0.9,0.9,0.9],[0.9,0.9,0.9]]",
            Exit::Config,
            "branching ratio",
        ),
        ("paper", Exit::Ok, "Guéant, Lehalle & Fernandez-Tapia (2013): exact"),
        ("paper glft --Q 3 --gamma 0.02", Exit::Ok, "gamma = 0.02, T = 600, Q = 3."),
        ("paper glft --Q 0", Exit::Usage, "Q must be 1 to 300, not 0"),
        ("paper avellaneda-stoikov --gamma 0.5,2 --paths 200 --fill exact --seed 3", Exit::Ok, "200 paths, seed 3;"),
        ("paper avellaneda-stoikov --paths 1", Exit::Usage, "paths must be 2 to"),
        ("paper avellaneda-stoikov --fill maybe", Exit::Usage, "bernoulli"),
    ]);
}

#[test]
fn a_paper_is_also_data() {
    let (exit, out, err) = CLI.run("paper glft --json");
    assert_eq!(exit, Exit::Ok, "{err}");
    let report: PaperReport = serde_json::from_str(&out).expect("a report as JSON");
    assert_eq!((report.name.as_str(), report.rows.len()), ("glft", 360));
}

/// What only reads or computes stops when it is asked to, with a sentence and no result.
#[test]
fn every_long_task_can_be_interrupted() {
    let (seeded, journaled) = (temporary(), temporary());
    let (_, _, _, seeded) = CLI.run_in(seeded.path(), "--fast --duration 20s --seed 11 --quiet");
    let (_, _, _, journaled) = CLI.run_in(journaled.path(), "--fast --duration 20s --quiet --set run.journal=always");
    let (seeded, journaled) = (seeded.display(), journaled.display());
    for line in [
        format!("verify {seeded}"),
        format!("verify {journaled}"),
        format!("explain 1 --run {seeded}"),
        format!("explain 1 --run {journaled}"),
        "paper avellaneda-stoikov --paths 1000000".to_owned(),
    ] {
        let interrupt = Interrupt::default();
        interrupt.raise();
        let (exit, out, err) = CLI.run_until(&line, interrupt);
        assert_eq!(exit, Exit::Runtime, "{line}: {out}{err}");
        assert!(out.is_empty() && err.contains("interrupted before"), "{line}: {out}{err}");
    }
}

/// The file at the root is allowed as it stands, and with every example in it switched on.
#[test]
fn the_documented_configuration_is_allowed() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../Config.toml");
    let lines = ["half_spread = 0.25", "size = 1.0", "inv_limit = 10.0", "inv_spread_mult = 2.0", "tick_ms = 50"];
    CLI.check_documented(file, &lines);
    let text = std::fs::read_to_string(file).expect("the workspace has a configuration");
    let is_example = |rest: &str| {
        let name = rest.split(" = ").next().unwrap_or("");
        rest.starts_with('[') || rest.contains(" = ") && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    };
    let switched_on: String = text
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| is_example(rest)).unwrap_or(line).to_owned() + "\n")
        .collect();
    let mut other = tempfile::NamedTempFile::with_suffix(".toml").expect("a temporary file");
    other.write_all(switched_on.as_bytes()).expect("writable");
    let (exit, out, err) = CLI.run(&format!("config show --config {}", other.path().display()));
    assert_eq!(exit, Exit::Ok, "{err}");
    assert!(out.contains("max_daily_loss = ") && out.contains("collar_bps = 500"), "{out}");
}

/// Nobody ever writes to the pipe, so the program cannot look how often it was asked; it is left all the same.
#[test]
fn a_second_signal_ends_what_waits_for_somebody_else() {
    let out = temporary();
    let pipe = out.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("it runs");
    assert!(made.success());
    let (exit, _, said) = CLI.run(&format!("config check --config {}", pipe.display()));
    assert!(exit == Exit::Config && said.contains("it is not a regular file"), "{said}");
    let program = env!("CARGO_BIN_EXE_hft-passive-mm");
    let mut child = Command::new(program).args(["data", "info"]).arg(&pipe).spawn().expect("it runs");
    // This waits until the other end is open: by then signals are heard.
    let writer = std::fs::File::options().write(true).open(&pipe).expect("a pipe");
    let id = child.id().to_string();
    for signal in ["-TERM", "-INT"] {
        assert!(Command::new("kill").args([signal, &id]).status().expect("it runs").success());
    }
    assert_eq!(child.wait().expect("a child").code(), Some(1));
    drop(writer);
}

/// A limit of a contract that nobody trades would limit nothing.
#[test]
fn a_limit_of_another_contract_is_refused() {
    let out = temporary();
    let at = out.path().display();
    let line = format!("run --fast --duration 1s --out {at} --set risk.symbols.FOO.max_long=1");
    let (exit, _, said) = CLI.run(&line);
    assert!(
        exit == Exit::Config && said.contains("risk.symbols.FOO") && said.contains("those that are: SIM"),
        "{said}"
    );
}
