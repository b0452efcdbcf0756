//! What the tests of every binary do with its command line: run it in this process, keep what it says, look at what it leaves.
//!
//! ```
//! # use hft_app::testing::CommandLine;
//! # fn of<P: hft_app::Pattern>() {
//! let cli = CommandLine::<P>::new();
//! let (exit, stdout, stderr) = cli.run("config check");
//! # }
//! ```

use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::output::{Manifest, Summary};
use crate::pattern::Pattern;
use crate::shell::execute;
use crate::terminal::Terminal;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The command line of a pattern's binary, without the process.
#[derive(Debug, Default)]
pub struct CommandLine<P>(PhantomData<P>);

impl<P: Pattern> CommandLine<P> {
    /// That of the pattern `P`.
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// Exit code, stdout and stderr of a line whose words stand between spaces.
    pub fn run(&self, line: &str) -> (Exit, String, String) {
        self.run_until(line, Interrupt::default())
    }

    /// The same, for as long as nobody interrupts it.
    pub fn run_until(&self, line: &str, interrupt: Interrupt) -> (Exit, String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let args = std::iter::once(P::NAME).chain(line.split_whitespace()).map(Into::into);
        let exit = execute::<P>(args, &mut Terminal { out: &mut out, err: &mut err, interrupt });
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        (exit, text(out), text(err))
    }

    /// Runs a line whose results go to a folder of their own below `out`: its exit code, stdout, stderr, and that folder, which is an empty
    /// path if there is none.
    pub fn run_in(&self, out: &Path, line: &str) -> (Exit, String, String, PathBuf) {
        let (exit, stdout, stderr) = self.run(&format!("{line} --out {}", out.display()));
        let newest = fs::read_dir(out).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).max();
        (exit, stdout, stderr, newest.unwrap_or_default())
    }

    /// The same of a line that must succeed: its folder, and what it printed.
    pub fn done_in(&self, out: &Path, line: &str) -> (PathBuf, String) {
        let (exit, stdout, stderr, folder) = self.run_in(out, line);
        assert_eq!(exit, Exit::Ok, "{line}: {stderr}");
        (folder, stdout)
    }

    /// Runs a line twice and asserts what every run promises: the common files and `own` ones of the pattern, each with rows, the same both
    /// times; a line a fill; an attribution that adds up, symbol by symbol; the digest told. The first run's summary, and what it printed.
    pub fn check_equal_runs(&self, out: &Path, line: &str, own: &[&str]) -> (Summary, PathBuf, String) {
        let again = temporary();
        let (first, stdout) = self.done_in(out, line);
        let (second, _) = self.done_in(again.path(), line);
        let rows = ["fills.csv", "orders.csv", "equity.csv"];
        for &name in rows.iter().chain(own) {
            let read = |folder: &Path| fs::read(folder.join(name)).expect(name);
            assert!(read(&first).len() > 500, "{name} has rows");
            assert_eq!(read(&first), read(&second), "{name}");
        }
        let others = ["config.resolved.toml", "report.html", "summary.json"];
        let files: BTreeSet<&str> = rows.iter().chain(&others).chain(own).copied().collect();
        let manifest = Manifest::read(&first).expect("a manifest");
        assert!(manifest.files.keys().map(String::as_str).eq(files), "{:?}", manifest.files.keys());
        let summary = Summary::of_folder(&first).expect("readable");
        let fills = fs::read_to_string(first.join("fills.csv")).expect("fills").lines().count() - 1;
        assert_eq!(fills, stdout.lines().filter(|line| line.starts_with("FILL ")).count(), "a line a fill");
        assert_eq!(summary.execution.fills, fills as u64);
        assert!(summary.attribution.sums_to_net());
        assert!(summary.symbols.iter().all(|symbol| symbol.attribution.sums_to_net()));
        assert!(stdout.contains(&format!("digest                     {}", summary.run.digest)));
        assert_eq!(summary.run.digest, Summary::of_folder(&second).expect("readable").run.digest);
        (summary, first, stdout)
    }

    /// Asserts that a configuration file is allowed as it stands, documents the defaults, and sets each of these `key = value`.
    pub fn check_documented(&self, file: &str, lines: &[&str]) {
        let (exit, from_file, err) = self.run(&format!("config show --config {file}"));
        assert_eq!(exit, Exit::Ok, "{err}");
        for line in lines {
            let set_there = |shown: &str| shown.starts_with(line) && shown.contains("Config.toml");
            assert!(
                from_file.lines().any(set_there),
                "{line} is not set by the file:
{from_file}"
            );
        }
        let (_, by_default, _) = self.run("config show");
        let value = |shown: &str| shown.split('#').next().unwrap_or_default().trim_end().to_owned();
        let values = |shown: &str| shown.lines().map(value).collect::<Vec<_>>();
        assert_eq!(values(&from_file), values(&by_default), "the file documents the defaults");
    }

    /// Asserts that a run folder holds what the run does again.
    pub fn check_verified(&self, folder: &Path) {
        let (exit, stdout, stderr) = self.run(&format!("verify {}", folder.display()));
        assert_eq!(exit, Exit::Ok, "{}: {stderr}", folder.display());
        assert!(stdout.starts_with("verified: "), "{stdout}");
    }

    /// Asserts of each line that its run is verified, and no more once a file of it has changed.
    pub fn check_verifiable(&self, lines: &[&str]) {
        for line in lines {
            let out = temporary();
            let (folder, _) = self.done_in(out.path(), &format!("{line} --quiet"));
            self.check_verified(&folder);
            let path = folder.join("fills.csv");
            let changed = fs::read_to_string(&path).expect("fills") + "\n";
            fs::write(&path, changed).expect("writable");
            let (exit, _, stderr) = self.run(&format!("verify {}", folder.display()));
            assert_eq!(exit, Exit::Data, "{line}: {stderr}");
        }
    }

    /// Runs a line whose results go below `out`, asks it to stop after `millis` of the wall's time, and asserts that it sums up.
    pub fn check_interrupted(&self, out: &Path, line: &str, millis: u64) -> (Summary, PathBuf) {
        let interrupt = Interrupt::default();
        let raiser = interrupt.clone();
        let later = std::thread::spawn(move || {
            std::thread::park_timeout(Duration::from_millis(millis));
            raiser.raise();
        });
        let (exit, _, stderr) = self.run_until(&format!("{line} --quiet --out {}", out.display()), interrupt);
        later.join().expect("it raises and ends");
        assert_eq!(exit, Exit::Ok, "{line}: {stderr}");
        let folder = fs::read_dir(out).expect("made").next().expect("one run").expect("readable").path();
        let summary = Summary::of_folder(&folder).expect("readable");
        assert_eq!(summary.run.ended_by, "interrupted", "{line}");
        assert!(summary.attribution.sums_to_net());
        (summary, folder)
    }

    /// Asserts that a limit halts a line's run, before `seconds` of market time are over, with an exit code of its own.
    pub fn check_halted(&self, line: &str, seconds: f64) {
        let out = temporary();
        let (exit, _, stderr, folder) = self.run_in(out.path(), line);
        assert_eq!(exit, Exit::RiskHalt, "{stderr}");
        let summary = Summary::of_folder(&folder).expect("readable");
        assert_eq!(summary.run.ended_by, "risk halt");
        assert!(summary.run.span_s < seconds && summary.attribution.sums_to_net());
    }

    /// Asserts of each line its exit code and a phrase: on stdout if all is well, else on stderr.
    pub fn check(&self, lines: &[(&str, Exit, &str)]) {
        for &(line, exit, says) in lines {
            let (code, out, err) = self.run(line);
            assert_eq!(code, exit, "{line}\n{out}{err}");
            let place = if exit == Exit::Ok { &out } else { &err };
            assert!(place.contains(says), "`{line}` does not say `{says}`:\n{out}{err}");
        }
    }

    /// Asserts that settings move what their documentation says they move: means over eight equal seeds of `seconds` each, with the
    /// settings (between spaces) and without. A row is the settings, a figure of the summary (or two with a slash between them: their
    /// ratio), and the factor by which it grows at least, if above 1, or to which it shrinks at most.
    pub fn check_movements(&self, seconds: u32, rows: &[(&str, &str, f64)]) {
        let plain = self.means(seconds, "");
        for &(settings, figure, factor) in rows {
            let (without, with) = (of(&plain, figure), of(&self.means(seconds, settings), figure));
            let ratio = with / without;
            println!("{settings}: {figure} {without:.4} -> {with:.4}, {ratio:.2} times");
            let moved = if factor > 1.0 { ratio >= factor } else { ratio <= factor };
            assert!(moved, "{settings} should move {figure} by {factor}: {without:.4} -> {with:.4}");
        }
    }

    /// What eight seeds say of one configuration, as `run --seeds 8 --json` prints it.
    fn means(&self, seconds: u32, settings: &str) -> Value {
        let out = temporary();
        let set: String = settings.split_whitespace().map(|setting| format!(" --set {setting}")).collect();
        let line = format!("run --fast --seeds 8 --duration {seconds}s --quiet --json{set}");
        serde_json::from_str(&self.done_in(out.path(), &line).1).expect("JSON")
    }
}

/// The mean of a figure, or the ratio of two.
fn of(means: &Value, figure: &str) -> f64 {
    if let Some((part, whole)) = figure.split_once('/') {
        return of(means, part) / of(means, whole);
    }
    let mean = &means["points"][0]["estimates"][figure]["mean"];
    mean.as_f64().unwrap_or_else(|| panic!("no mean of {figure}: {mean}"))
}

/// A folder that goes when it is dropped.
pub fn temporary() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}
