//! One fill of a run folder, as `fills.csv` tells it.

use crate::exit::Failure;
use crate::output::MANIFEST;
use crate::sweep::is_sweep;
use anyhow::{Context, anyhow};
use hft_core::models::{Side, Timestamp};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// A line of `fills.csv`: what of it names the fill, and what only the end of the run knew of it. The columns are documented where they
/// are written, at [`FillRow`](crate::output::FillRow).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "documented where they are written")]
pub struct KeptFill {
    pub fill: u64,
    pub time_ns: u64,
    pub symbol: String,
    pub venue: String,
    pub trader: String,
    pub order: u64,
    pub trade: u64,
    pub side: String,
    pub qty: String,
    pub price: String,
    pub liquidity: String,
    pub fee: String,
    pub inventory: String,
    pub pnl: String,
    pub mid: f64,
    pub ahead: String,
    pub counterparty: Option<String>,
    pub markout_10ms: Option<f64>,
    pub markout_100ms: Option<f64>,
    pub markout_1s: Option<f64>,
    pub markout_10s: Option<f64>,
    pub markout_60s: Option<f64>,
}

impl KeptFill {
    /// Finds a fill in a run folder by its number.
    pub(super) fn read(folder: &Path, number: u64) -> Result<Self, Failure> {
        let path = folder.join("fills.csv");
        let damaged = || format!("{} is damaged", path.display());
        let mut reader = csv::Reader::from_path(&path).with_context(damaged).map_err(Failure::Data)?;
        let mut count = 0;
        for fill in reader.deserialize() {
            let fill: Self = fill.with_context(damaged).map_err(Failure::Data)?;
            if fill.fill == number {
                return Ok(fill);
            }
            count = count.max(fill.fill);
        }
        let allowed = if count == 0 { "it has none".to_owned() } else { format!("it has fills 1 to {count}") };
        Err(Failure::Data(anyhow!("{} has no fill {number}: {allowed}", folder.display())))
    }

    /// Our side.
    pub(super) fn side(&self) -> Side {
        if self.side == "sell" { Side::Sell } else { Side::Buy }
    }

    /// When the venue executed it.
    pub(super) const fn time(&self) -> Timestamp {
        Timestamp::new(self.time_ns)
    }

    /// What it was worth later, price units, in the order of the horizons.
    pub(super) const fn markouts(&self) -> [Option<f64>; 5] {
        [self.markout_10ms, self.markout_100ms, self.markout_1s, self.markout_10s, self.markout_60s]
    }
}

/// The newest finished run of a pattern in a folder, sweeps not counted: names begin with the moment, and among those of one second the
/// one that ended last counts.
///
/// # Errors
/// When there is none.
pub fn newest(out: &Path, pattern: &str) -> Result<PathBuf, Failure> {
    let middle = format!("-{}-", pattern.trim_start_matches("hft-"));
    let age = |path: &PathBuf| {
        let name = path.file_name()?.to_str()?;
        let (moment, _) = name.split_once(&middle)?;
        let ended = fs::metadata(path.join(MANIFEST)).and_then(|manifest| manifest.modified()).ok()?;
        Some((moment.to_owned(), ended))
    };
    let folders = fs::read_dir(out).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let runs = folders.filter(|path| !is_sweep(path));
    let newest = runs.filter_map(|path| Some((age(&path)?, path))).max().map(|(_, path)| path);
    newest.ok_or_else(|| {
        Failure::Data(anyhow!(
            "no finished run of {pattern} in {}: run it first, or name the folder of one",
            out.display()
        ))
    })
}
