//! From the command line to an exit code.

use crate::cli::{ConfigTask, Task};
use crate::compare;
use crate::config::{self, Table};
use crate::exit::{Exit, Failure};
use crate::flags::{RunFlags, Shared};
use crate::interrupt::Interrupt;
use crate::leak_test;
use crate::market_papers;
use crate::paper::{Paper, PaperSeed};
use crate::pattern::{Pattern, tables};
pub use crate::terminal::Terminal;
use crate::{data, explain, market, replay, run, sweep, verify};
use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand};
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

/// Runs a pattern's binary: parses the command line, does the task, and ends with a documented code ([`Exit`]).
pub fn main<P: Pattern>() -> ExitCode {
    start_diagnostics();
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let interrupt = Interrupt::of_signals();
    execute::<P>(std::env::args_os(), &mut Terminal { out: &mut out, err: &mut err, interrupt }).into()
}

/// The same with arguments and terminal of the caller's; the first argument is the program's name.
pub fn execute<P: Pattern>(args: impl IntoIterator<Item = OsString>, terminal: &mut Terminal<'_>) -> Exit {
    let matches = match command::<P>().try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(help_or_mistake) => return print_help_or_mistake(&help_or_mistake, terminal),
    };
    match std::panic::catch_unwind(AssertUnwindSafe(|| dispatch::<P>(&matches, terminal))) {
        Ok(Ok(())) => Exit::Ok,
        Ok(Err(failure)) => {
            let exit = failure.exit();
            if exit != Exit::Ok {
                let _ = writeln!(terminal.err, "{}: {failure}", P::NAME); // nowhere left to say so
            }
            exit
        }
        Err(_already_printed) => Exit::Runtime,
    }
}

fn print_help_or_mistake(error: &clap::Error, terminal: &mut Terminal<'_>) -> Exit {
    let (target, exit, is_terminal) = if error.use_stderr() {
        (&mut terminal.err, Exit::Usage, std::io::stderr().is_terminal())
    } else {
        (&mut terminal.out, Exit::Ok, std::io::stdout().is_terminal())
    };
    let text = error.render();
    let text = if is_terminal { text.ansi().to_string() } else { text.to_string() };
    let _ = target.write_all(text.as_bytes()); // nowhere left to say so
    exit
}

/// The whole command line of a pattern.
pub fn command<P: Pattern>() -> Command {
    let command = Command::new(P::NAME).version(P::VERSION).after_help(EXIT_CODES);
    let command = RunFlags::augment_args(Shared::augment_args(Task::augment_subcommands(command)));
    // After the flags: their structs' documentation is for those who read the source.
    let command = command.about(P::ABOUT);
    command.subcommand(paper_command(&papers::<P>()))
}

const EXIT_CODES: &str = "\
Exit codes: 0 ok, 1 runtime, 2 usage, 3 configuration, 4 data, 5 risk halt, 6 gate refused, 7 replay mismatch,
8 the program's own honesty failed (invariant, attribution, leakage, published result).
A sweep, and --seeds, count halted runs and end with 0: a limit that trips on some seeds is a result of theirs.
One that is interrupted keeps what is done, and ends with 1. Asked twice, every program leaves within seconds, with 1.";

/// What the pattern reproduces, then what is known of the market itself.
fn papers<P: Pattern>() -> Vec<Paper> {
    let mut papers = P::papers();
    papers.extend(market_papers::papers());
    papers
}

fn paper_command(papers: &[Paper]) -> Command {
    Command::new("paper")
        .about("Reproduce a published result; without a name, list what can be reproduced")
        .subcommands(papers.iter().map(|paper| paper.command().clone()))
}

fn dispatch<P: Pattern>(matches: &ArgMatches, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let usage = |error: clap::Error| Failure::Usage(error.to_string());
    let flags = RunFlags::from_arg_matches(matches).map_err(usage)?;
    if let (Some((name, _)), true) = (matches.subcommand(), flags != RunFlags::default()) {
        let text = format!("flags of a run stand behind the subcommand, or without one: write them after `{name}`");
        return Err(Failure::Usage(text));
    }
    if let Some(("paper", matches)) = matches.subcommand() {
        let shared = Shared::from_arg_matches(innermost(matches)).map_err(usage)?;
        shared.leaves_files("a paper has parameters of its own: see `paper NAME --help`")?;
        return paper(&papers::<P>(), matches, &shared, terminal);
    }
    let shared = Shared::from_arg_matches(innermost(matches)).map_err(usage)?;
    if matches.subcommand().is_none() {
        return run_or_seeds::<P>(&flags, &shared, terminal);
    }
    match Task::from_arg_matches(matches).map_err(usage)? {
        Task::Run(flags) => run_or_seeds::<P>(&flags, &shared, terminal),
        Task::Replay(flags) => replay::replay::<P>(&flags, &shared, terminal),
        Task::FillModelError(flags) => replay::fill_model_error(&flags, &shared, terminal),
        Task::Verify { run } => verify::verify::<P>(&run, &shared, terminal),
        Task::Sweep(flags) => sweep::sweep::<P>(&flags, &shared, terminal),
        Task::Compare(flags) => compare::compare(&flags, &shared, terminal),
        Task::Explain(flags) => explain::explain::<P>(&flags, &shared, terminal),
        Task::LeakTest(flags) => leak_test::leak_test::<P>(&flags, &shared, terminal),
        Task::Data(task) => data::data::<P>(&task, &shared, terminal),
        Task::Market(task) => market::market::<P>(&task, &shared, terminal),
        Task::Config(task) => configuration::<P>(task, &shared, terminal),
        Task::Completions { shell } => {
            shared.leaves_configuration("completions are the same for all configurations")?;
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command::<P>(), P::NAME, &mut script);
            Ok(terminal.out.write_all(&script)?)
        }
    }
}

/// One run, or the same run on many seeds.
fn run_or_seeds<P: Pattern>(flags: &RunFlags, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    match flags.seeds {
        None => run::run::<P>(flags, shared, terminal),
        Some(seeds) => sweep::seeds::<P>(seeds, flags, shared, terminal),
    }
}

/// Global flags are copied down to every level: the innermost knows all of them, wherever they were written.
fn innermost(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, inner)| innermost(inner))
}

fn configuration<P: Pattern>(task: ConfigTask, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let text = match task {
        ConfigTask::Schema => {
            shared.leaves_configuration("the schema is of what may be configured")?;
            pretty(&config::schema(P::NAME, &tables::<P>()))
        }
        ConfigTask::Show if shared.json => pretty(&shared.configure(tables::<P>(), Vec::new())?.to_json()),
        ConfigTask::Show => shared.configure(tables::<P>(), Vec::new())?.show(),
        ConfigTask::Check => {
            let config = shared.configure(tables::<P>(), Vec::new())?;
            let (keys, hash) = (tables::<P>().iter().flat_map(Table::keys).count(), config.hash());
            if shared.json {
                pretty(&serde_json::json!({ "ok": true, "keys": keys, "hash": hash }))
            } else {
                format!("ok: {keys} keys, hash {hash}\n")
            }
        }
    };
    Ok(terminal.out.write_all(text.as_bytes())?)
}

fn paper(papers: &[Paper], matches: &ArgMatches, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let named = |name: &str| papers.iter().find(|paper| paper.command().get_name() == name);
    let Some((paper, matches)) = matches.subcommand().and_then(|(name, inner)| Some((named(name)?, inner))) else {
        return Ok(terminal.out.write_all(list(papers, shared).as_bytes())?);
    };
    let report = paper.run(matches, PaperSeed(shared.seed), &terminal.interrupt)?;
    let text = if shared.json {
        pretty(&serde_json::to_value(&report).map_err(anyhow::Error::from)?)
    } else {
        report.render(shared.style())
    };
    terminal.out.write_all(text.as_bytes())?;
    match report.failures() {
        0 => Ok(()),
        failed => Err(Failure::Honesty(format!("{failed} published results were not reproduced"))),
    }
}

fn list(papers: &[Paper], shared: &Shared) -> String {
    let about = |paper: &Paper| paper.command().get_about().map(ToString::to_string).unwrap_or_default();
    let pairs: Vec<_> = papers.iter().map(|paper| (paper.command().get_name(), about(paper))).collect();
    if shared.json {
        let entries: Vec<_> =
            pairs.iter().map(|(name, about)| serde_json::json!({ "name": name, "about": about })).collect();
        return pretty(&serde_json::Value::Array(entries));
    }
    let widest = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    pairs.iter().map(|(name, about)| format!("{name:widest$}  {about}\n")).collect()
}

fn pretty(json: &serde_json::Value) -> String {
    format!("{json:#}\n")
}

/// Diagnostics on stderr: warnings, or what `RUST_LOG` asks for (`debug`, `hft_core=trace`).
fn start_diagnostics() {
    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::util::SubscriberInitExt;
    let asked = std::env::var("RUST_LOG").ok().and_then(|text| text.parse::<Targets>().ok());
    let filter = asked.unwrap_or_else(|| Targets::new().with_default(LevelFilter::WARN));
    let format = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false).without_time();
    let _ = tracing_subscriber::registry().with(format).with(filter).try_init(); // a test may have begun already
}
