//! `market calibrate`: the market that a recording looks like, as a `[market]` section, and how like it then is.
//!
//! ```text
//!   recording ──► facts ──► units ──► the recording again ──► counts, times ──► estimates ──► fitted.toml ──► market score
//! ```
//!
//! Invariant: what is written is a configuration that this program accepts: it is loaded before it is told of.
//!
//! Two passes: a model counts in steps of its own, which the first pass finds. Memory does not grow with the file: the Hawkes
//! process is fitted to its first `ARRIVALS_MAX` events, everything else to all of it.
//!
//! Left out: recordings of levels. They tell no order, so neither a limit order nor a cancel.

mod fitted;
mod flow;
mod hawkes;
mod section;
mod text;

pub use fitted::{CrowdFit, CstFit, Fitted, QueueReactiveFit};
pub use flow::{DISTANCES, FlowCollector, LENGTHS, QUEUES, QueueCounts, Units};
pub use hawkes::{Arrival, HawkesFit};

use super::score::{Score, ScoreFlags, scored};
use crate::config::{self, Sources, Table};
use crate::exit::Failure;
use crate::export::create;
use crate::flags::{Shared, duration};
use crate::interrupt::Interrupt;
use crate::pattern::{Pattern, tables};
use crate::terminal::Terminal;
use anyhow::{Context, anyhow};
use clap::{Args, ValueEnum};
use hft_core::models::Nanos;
use hft_data::{BookFiles, InstrumentIndex, ReadOptions, Recording, Steps, StylisedCollector};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What is fitted, and where it is written to.
#[derive(Clone, PartialEq, Debug, Args)]
pub struct CalibrateFlags {
    /// A recording that tells orders one by one: LOBSTER, ITCH, Bitstamp, market-by-order, our own.
    pub file: PathBuf,
    /// Which model the section is of.
    #[arg(long, value_enum, default_value = "crowd")]
    pub model: FitModel,
    /// Where the section is written to; nothing is overwritten.
    #[arg(long, value_name = "FILE", default_value = "fitted.toml")]
    pub out: PathBuf,
    /// The instrument, where there are several; else the first.
    #[arg(long)]
    pub symbol: Option<String>,
    /// How much time of the fitted market is held against the recording.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "30m")]
    pub duration: Nanos,
}

/// A model that can be fitted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum FitModel {
    /// The default market.
    Crowd,
    /// Cont, Stoikov & Talreja (2010).
    Cst,
    /// Huang, Lehalle & Rosenbaum (2015).
    QueueReactive,
    /// Hawkes (1971), with exponential kernels.
    Hawkes,
}

/// Fits, writes, and holds the two against one another.
///
/// # Errors
/// [`Failure::Data`] when the recording cannot be read or tells no orders, [`Failure::Usage`] when this market has no such model.
pub fn calibrate<P: Pattern>(
    flags: &CalibrateFlags,
    shared: &Shared,
    terminal: &mut Terminal<'_>,
) -> Result<(), Failure> {
    let has_models = tables::<P>().iter().flat_map(Table::keys).any(|key| key == "market.model");
    if flags.model != FitModel::Crowd && !has_models {
        return Err(Failure::Usage(
            "the market of this pattern has no `market.model`: --model crowd is what it has".to_owned(),
        ));
    }
    let fitted = fitted(&flags.file, flags.symbol.as_deref(), &terminal.interrupt)?;
    let name = flags.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let section = section::section(&fitted, flags.model, &name);
    write(&flags.out, &section)?;
    let sources = Sources { files: vec![flags.out.clone()], ..Sources::default() };
    config::load(tables::<P>(), &sources)?;
    let score = compared::<P>(flags, shared, &terminal.interrupt)?;
    let text = if shared.json {
        let json = serde_json::json!({ "fitted": fitted, "section": section, "file": flags.out, "score": score });
        format!("{json:#}\n")
    } else {
        text::render(&fitted, &section, flags, &score, shared.style())
    };
    Ok(terminal.out.write_all(text.as_bytes())?)
}

/// The estimates alone.
///
/// # Errors
/// [`Failure::Data`] when the recording cannot be read, or tells no orders.
pub fn fitted(file: &Path, symbol: Option<&str>, interrupt: &Interrupt) -> Result<Fitted, Failure> {
    let (mut collector, mut steps) = (StylisedCollector::default(), Steps::default());
    let index = each(file, symbol, interrupt, |event| {
        collector.see(event);
        steps.see(event);
    })?;
    let (info, facts) = (index.1.clone(), collector.conclude(&index.1));
    let (units, spacing, unit) = fitted::units(&facts, steps.price(), steps.qty());
    let mut flow = FlowCollector::new(units);
    each(file, Some(&info.symbol), interrupt, |event| flow.see(event))?;
    if flow.all[0] < 1.0 {
        let what = if flow.is_of_levels { "levels" } else { "no orders" };
        let text = anyhow!("{} tells {what}: a market is fitted to orders one by one", file.display());
        return Err(Failure::Data(text));
    }
    Ok(Fitted::of(&facts, &flow, spacing, unit))
}

/// Shows every event of one instrument, and tells which it was.
fn each(
    file: &Path,
    symbol: Option<&str>,
    interrupt: &Interrupt,
    mut see: impl FnMut(&hft_data::Event),
) -> Result<(InstrumentIndex, hft_data::InstrumentInfo), Failure> {
    let unreadable = |error| Failure::Data(anyhow::Error::from(error));
    let options = ReadOptions { book_files: BookFiles::Paired, ..ReadOptions::default() };
    let mut recording = Recording::open(file, &options).map_err(unreadable)?;
    let mut wanted = None;
    while let Some(event) = recording.next().map_err(unreadable)? {
        if interrupt.count() > 0 {
            return Err(anyhow!("interrupted: nothing is fitted to half a recording").into());
        }
        let is_it = |symbol: &str| recording.instruments().get(event.instrument).symbol == symbol;
        if wanted.is_none() && symbol.is_none_or(is_it) {
            wanted = Some(event.instrument);
        }
        if wanted == Some(event.instrument) {
            see(&event);
        }
    }
    let Some(index) = wanted else {
        let what = symbol.unwrap_or("event");
        return Err(Failure::Data(anyhow!("{} has no {what}", file.display())));
    };
    Ok((index, recording.instruments().get(index).clone()))
}

fn write(path: &Path, section: &str) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().context("--out is a file")?.to_string_lossy();
    let (_, mut file) = create(folder, &name)?;
    file.write_all(section.as_bytes()).with_context(|| format!("cannot write {}", path.display()))
}

fn compared<P: Pattern>(flags: &CalibrateFlags, shared: &Shared, interrupt: &Interrupt) -> Result<Score, Failure> {
    let mut shared = shared.clone();
    shared.config.push(flags.out.clone());
    let against = vec![flags.file.clone()];
    let score = ScoreFlags { of: None, against, duration: flags.duration, symbol: None, report: None };
    scored::<P>(&score, &shared, interrupt)
}
