//! `leak-test`: one market until a moment, and from then on another one. Whoever decided otherwise before that moment has seen the future.
//!
//! Invariant: until the moment the two runs are the same message by message, for the fork of the market's random numbers
//! ([`Dice`](hft_core::flow::Dice)) changes no draw up to it, and the strangers that shake every book afterwards are silent until then. So
//! every command that our account's strategies send must be the same, in both, at the same time.
//!
//! Left out: a strategy that keeps what it saw in a run before. It would need to know the seed.

mod decisions;
mod shaker;

use crate::config::{Setting, Violations, load};
use crate::exit::Failure;
use crate::flags::{self, Shared};
use crate::interrupt::Interrupt;
use crate::output::{seconds, seconds_at};
use crate::pattern::{Pattern, tables};
use crate::scenario::{Scenario, scenario};
use crate::shell::Terminal;
use clap::Args;
use decisions::{Decided, Decisions};
use hft_core::models::{Nanos, Timestamp};
use serde::Serialize;
use shaker::shake;
use std::fmt::Write as _;

/// How long the other future is looked at: that it differs from the first is worth knowing.
const BEYOND: Nanos = Nanos::from_secs(5);

/// Parts of the run after which the future changes, where no moment is given.
const PARTS: u64 = 4;

/// When the future changes.
#[derive(Clone, Debug, Default, Args)]
pub struct LeakFlags {
    /// Moment after which everything is another: may be repeated. A quarter, a half and three quarters of the run otherwise.
    #[arg(long, value_name = "TIME", value_parser = flags::duration)]
    pub at: Vec<Nanos>,
    /// Market time of the run: short for run.duration_s.
    #[arg(long, value_name = "TIME", value_parser = flags::duration)]
    pub duration: Option<Nanos>,
}

/// What came of one other future.
#[derive(Clone, PartialEq, Debug, Serialize)]
struct Verdict {
    /// After this moment everything was another, s.
    at_s: f64,
    /// Our decisions up to it: all of them are the same.
    decisions: usize,
    /// When the first decision differed, s; nothing where none did in the five seconds after.
    parted_s: Option<f64>,
}

/// The task.
///
/// # Errors
/// [`Failure::Honesty`] with the first decision that knew of the future.
pub(crate) fn leak_test<P: Pattern>(
    flags: &LeakFlags,
    shared: &Shared,
    terminal: &mut Terminal<'_>,
) -> Result<(), Failure> {
    let run = Run::<P>::new(flags, shared, &terminal.interrupt)?;
    let whole = run.until(None, run.end)?;
    let mut verdicts = Vec::new();
    for &at in &run.moments {
        let end = run.end.min(at + BEYOND);
        let other = run.until(Some(at), end)?;
        let parted = Decided::parted(&whole, &other, end);
        if let Some(first) = parted.as_ref().filter(|first| first.time <= at) {
            return Err(Failure::Honesty(format!(
                "the future leaked: {} of market time decide about what comes after {}: {first}",
                sentence(first.time),
                sentence(at)
            )));
        }
        let decisions = whole.iter().filter(|decided| decided.time <= at).count();
        verdicts.push(Verdict {
            at_s: seconds_at(at),
            decisions,
            parted_s: parted.map(|first| seconds_at(first.time)),
        });
    }
    let text = if shared.json {
        format!("{:#}\n", serde_json::json!({ "pattern": P::NAME, "seed": run.seed, "futures": verdicts }))
    } else {
        render(&verdicts, seconds_at(run.end), run.seed)
    };
    Ok(terminal.out.write_all(text.as_bytes())?)
}

fn sentence(moment: Timestamp) -> String {
    format!("{} s", seconds_at(moment))
}

fn render(verdicts: &[Verdict], end_s: f64, seed: u64) -> String {
    let mut out = format!("{} other futures of a run of {end_s} s, seed {seed}\n", verdicts.len());
    let mut say = |line: String| writeln!(out, "{}", line.trim_end()).expect("a String takes everything");
    say(format!("  {:>12}  {:>16}  {:>18}", "after", "decisions before", "the first to differ"));
    for Verdict { at_s, decisions, parted_s } in verdicts {
        let parted = parted_s.map_or("none in 5 s".to_owned(), |at| format!("{at:.6} s"));
        say(format!("  {:>12}  {decisions:>16}  {parted:>18}", format!("{at_s} s")));
    }
    say("No decision knew of the future: all of them are the same, whatever came afterwards.".to_owned());
    out
}

/// A run that is made several times.
struct Run<'a, P> {
    shared: &'a Shared,
    flags: &'a LeakFlags,
    interrupt: &'a Interrupt,
    seed: u64,
    end: Timestamp,
    moments: Vec<Timestamp>,
    pattern: std::marker::PhantomData<P>,
}

impl<'a, P: Pattern> Run<'a, P> {
    fn new(flags: &'a LeakFlags, shared: &'a Shared, interrupt: &'a Interrupt) -> Result<Self, Failure> {
        let pattern = std::marker::PhantomData;
        let mut run = Self { shared, flags, interrupt, seed: 0, end: Timestamp::START, moments: Vec::new(), pattern };
        let config: crate::config::RunConfig = run.configured(None)?.table("run");
        (run.seed, run.end) = (config.seed, Timestamp::START + config.duration());
        let span = run.end.since(Timestamp::START).count();
        run.moments = if flags.at.is_empty() {
            (1..PARTS).map(|part| Timestamp::new(span / PARTS * part)).collect()
        } else {
            flags.at.iter().map(|&at| Timestamp::START + at).collect()
        };
        if let Some(late) = run.moments.iter().find(|moment| **moment >= run.end) {
            let text = format!("--at {} must be before the end of the run, {}", sentence(*late), sentence(run.end));
            return Err(Failure::Usage(text));
        }
        Ok(run)
    }

    fn configured(&self, fork: Option<Timestamp>) -> Result<crate::config::Resolved, Violations> {
        let duration = crate::flags::RunFlags { duration: self.flags.duration, ..Default::default() };
        let mut sources = self.shared.sources(duration.flag_values());
        if let Some(fork) = fork {
            let setting = format!("market.fork_s={}", seconds(fork.since(Timestamp::START)));
            sources.set.push(setting.parse::<Setting>().expect("a setting of a program"));
        }
        load(tables::<P>(), &sources)
    }

    /// What our strategies decided, in the market as it is, or in one that is another after a moment.
    fn until(&self, fork: Option<Timestamp>, end: Timestamp) -> Result<Vec<Decided>, Failure> {
        let config = self.configured(fork)?;
        let Scenario { mut world, desk, .. } =
            scenario::<P>(&config).map_err(|error| Failure::of(error, Failure::Untradable))?;
        if let Some(fork) = fork {
            shake(&mut world, fork).map_err(anyhow::Error::from)?;
        }
        let mut decisions = Decisions::new(world.directory(), desk, self.interrupt);
        let ran = world.lockstep().run_observed(end, &mut decisions);
        if self.interrupt.count() > 0 {
            return Err(anyhow::anyhow!("interrupted before there was a result").into());
        }
        ran.outcome.map_err(anyhow::Error::from)?;
        Ok(decisions.seen)
    }
}
