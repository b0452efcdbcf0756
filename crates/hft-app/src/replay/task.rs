//! The command line of a replay.

use super::market;
use crate::config::{FlagValue, Given, Origin, REPLAY, ReplayConfig, Value};
use crate::exit::Failure;
use crate::flags::{Shared, duration};
use crate::output::seconds;
use crate::pattern::{Pattern, replay_tables};
use crate::run::{self, Driver, How};
use crate::terminal::Terminal;
use clap::Args;
use hft_core::models::Nanos;
use hft_data::{Format, OnBadRecord};
use std::path::PathBuf;

/// Which recording, and how it is read. What is left out is as `[replay]` has it.
#[derive(Clone, PartialEq, Debug, Default, Args)]
pub struct ReplayFlags {
    /// The files, plain or compressed; several are played together in the order of the recorder's clock.
    pub data: Vec<PathBuf>,
    /// What they are, where it should not be told from their content.
    #[arg(long)]
    pub format: Option<Format>,
    /// What to do with a record that cannot be one: stop there, or skip and count it.
    #[arg(long, value_name = "skip|stop")]
    pub on_bad_record: Option<OnBadRecord>,
    /// The instrument, where a file has several or does not name it.
    #[arg(long)]
    pub symbol: Option<String>,
    /// A LOBSTER orderbook file whose first row is the book in which a message file begins.
    #[arg(long, value_name = "FILE")]
    pub seed_book: Option<PathBuf>,
    /// No more of the recording than this, such as 30s, 1h or "1h 30m".
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    pub duration: Option<Nanos>,
    /// The folder in which the run folder is made: short for run.out.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Print the summary only, no fills.
    #[arg(long)]
    pub quiet: bool,
}

impl ReplayFlags {
    fn values(&self) -> Vec<FlagValue> {
        let text = |flag, key, value: String| FlagValue { flag, key, value: Value::Text(value) };
        let path = |path: &PathBuf| path.display().to_string();
        let given = |value: String| Given { value: Value::Text(value), origin: Origin::Program };
        let data = (!self.data.is_empty()).then(|| FlagValue {
            flag: "DATA",
            key: "replay.data",
            value: Value::List(self.data.iter().map(|file| given(path(file))).collect()),
        });
        let format = self.format.map(|format| text("--format", "replay.format", format.name().to_owned()));
        let bad = self.on_bad_record.map(|what| {
            let word = OnBadRecord::NAMES[usize::from(what == OnBadRecord::Skip)];
            text("--on-bad-record", "replay.on_bad_record", word.to_owned())
        });
        let symbol = self.symbol.as_ref().map(|name| text("--symbol", "replay.symbol", name.clone()));
        let seed = self.seed_book.as_ref().map(|file| text("--seed-book", "replay.seed_book", path(file)));
        let out = self.out.as_ref().map(|folder| text("--out", "run.out", path(folder)));
        [data, format, bad, symbol, seed, out].into_iter().flatten().collect()
    }
}

/// Replays a recording with the pattern in it, prints its fills and its summary, and leaves a run folder.
///
/// # Errors
/// Whatever kept the run from being an honest, complete one.
pub fn replay<P: Pattern>(flags: &ReplayFlags, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let mut values = flags.values();
    let config = shared.configure(replay_tables::<P>(), values.clone())?;
    let replay: ReplayConfig = config.table(REPLAY);
    let survey = market::survey(&replay)?;
    // As long as the recording, unless less of it is wanted.
    let span = flags.duration.map_or(survey.span, |wanted| wanted.min(survey.span));
    values.push(FlagValue { flag: "--duration", key: "run.duration_s", value: Value::Real(seconds(span)) });
    let config = shared.configure(replay_tables::<P>(), values)?;
    let how = How { driver: Driver::Lockstep, quiet: flags.quiet };
    run::perform::<P>(&config, how, shared, terminal, |parts| market::stage_surveyed::<P>(&config, &survey, parts))
}
