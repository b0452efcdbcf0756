//! `market score`: our market held against recordings of real ones, measure by measure, in three colours.
//!
//! Invariant: nothing is compared that was not measured by the same code on both sides, and what a recording does not tell is
//! said to be untold.
//!
//! Reading order: `measures` (what is compared, and what counts as near), `card` (one comparison), `limits` (what no
//! knob can mend), then the two ways to show it.

mod card;
mod charts;
mod limits;
mod measures;
mod report;
mod text;

pub use card::{Card, Colour, Line};
pub use limits::{CROWD, LIMITS, Limits, limits_of};
pub use measures::{AMBER, MEASURES, Measure, SCALES};

use super::subject::{self, Subject};
use crate::config::{FlagValue, Resolved, Value};
use crate::exit::Failure;
use crate::flags::{Shared, duration};
use crate::interrupt::Interrupt;
use crate::output::seconds;
use crate::pattern::{Pattern, tables};
use crate::terminal::Terminal;
use anyhow::Context;
use clap::Args;
use hft_core::models::Nanos;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What is scored, and against what.
#[derive(Clone, PartialEq, Debug, Args)]
pub struct ScoreFlags {
    /// Score this recording, or the run in this folder, instead of the configured market.
    #[arg(long, value_name = "FILE|RUN")]
    pub of: Option<PathBuf>,
    /// A recording of a real market; may be repeated. Without one, the samples that are at hand in $HFT_DATA or ../shared/data.
    #[arg(long, value_name = "FILE")]
    pub against: Vec<PathBuf>,
    /// How much time of the configured market is looked at.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "1h")]
    pub duration: Nanos,
    /// The instrument that is scored, where there are several; else the one with most events.
    #[arg(long)]
    pub symbol: Option<String>,
    /// Write a page with the plots, too; it needs nothing else to be looked at.
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
}

/// How many recordings at a time.
const AGAINST_MAX: usize = 16;

/// The samples that are looked for, beneath the folder of samples.
const SAMPLES: [&str; 3] = [
    "lobster/AAPL_2012-06-21_34200000_37800000_message_50.csv.gz",
    "lobster/LOBSTER_SampleFile_GOOG_2012-06-21_10.zip",
    "binance/usdm_btcusdt_20240808.gz",
];

/// Everything that a score tells.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Score {
    /// What is scored.
    pub subject: Subject,
    /// What it is held against.
    pub samples: Vec<Subject>,
    /// One comparison each.
    pub cards: Vec<Card>,
    /// What the model of the market cannot have; nothing where a recording is scored.
    pub limits: Option<&'static Limits>,
}

/// Scores, and tells.
///
/// # Errors
/// [`Failure::Data`] when a recording cannot be read, and what a run fails with.
pub fn score<P: Pattern>(flags: &ScoreFlags, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let scored = scored::<P>(flags, shared, &terminal.interrupt)?;
    if let Some(path) = &flags.report {
        std::fs::write(path, report::html(&scored)).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let text = if shared.json {
        format!("{:#}\n", serde_json::to_value(&scored).map_err(anyhow::Error::from)?)
    } else {
        scored.render(shared.style())
    };
    Ok(terminal.out.write_all(text.as_bytes())?)
}

/// The same, as data.
///
/// # Errors
/// As [`score`].
pub fn scored<P: Pattern>(flags: &ScoreFlags, shared: &Shared, interrupt: &Interrupt) -> Result<Score, Failure> {
    let symbol = flags.symbol.as_deref();
    let (subject, limits) = match &flags.of {
        Some(path) => {
            shared.leaves_configuration("a recording, or a run with its own configuration, is scored as it is")?;
            let is_run = path.is_dir();
            let of = if is_run {
                subject::of_run::<P>(path, symbol, interrupt)
            } else {
                subject::of_file(path, symbol, interrupt)
            };
            (of?, None)
        }
        None => {
            let length =
                FlagValue { flag: "--duration", key: "run.duration_s", value: Value::Real(seconds(flags.duration)) };
            let config = shared.configure(tables::<P>(), vec![length])?;
            (subject::of_market::<P>(&config, symbol, interrupt)?, limits_of(&model(&config)))
        }
    };
    let against = if flags.against.is_empty() { at_hand() } else { flags.against.clone() };
    if against.len() > AGAINST_MAX {
        return Err(Failure::Usage(format!("at most {AGAINST_MAX} recordings at a time")));
    }
    let samples: Vec<Subject> =
        against.iter().map(|path| subject::of_file(path, None, interrupt)).collect::<Result<_, _>>()?;
    let cards = samples.iter().map(|sample| Card::of(&subject.facts, sample)).collect();
    Ok(Score { subject, samples, cards, limits })
}

/// The word of `market.model`, where there is one.
fn model(config: &Resolved) -> String {
    let word = config.value("market.model").and_then(|given| match &given.value {
        Value::Text(word) => Some(word.clone()),
        Value::Flag(_) | Value::Integer(_) | Value::Real(_) | Value::List(_) | Value::Table(_) => None,
    });
    word.unwrap_or_else(|| CROWD.to_owned())
}

/// The samples that are there.
fn at_hand() -> Vec<PathBuf> {
    let folder = std::env::var_os("HFT_DATA").map_or_else(|| Path::new("../shared/data").to_owned(), PathBuf::from);
    SAMPLES.iter().map(|name| folder.join(name)).filter(|path| path.exists()).collect()
}
