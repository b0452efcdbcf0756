//! `[replay]`: which recording is traded in, and what is assumed of it. A run of recorded history has this table instead of `[market]`.

use super::{Bounds, Breach, Described, Kind, Knob, Table};
use hft_core::models::{FeeRate, FeeSchedule};
use hft_data::replay::FillModel;
use hft_data::{Format, OnBadRecord, ReadOptions};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The name of the table.
pub const REPLAY: &str = "replay";

crate::choices! {
    /// Which fill model the run's own record is kept under.
    pub enum FillChoice {
        /// The recorded queue where orders have names, `risk-averse` elsewhere.
        #[default]
        Auto = "auto",
        /// The recorded queue.
        Exact = "exact",
        /// First in every queue.
        Touch = "touch",
        /// Only when the market trades beyond our price.
        Through = "through",
        /// Nobody before us ever leaves.
        RiskAverse = "risk-averse",
        /// Everybody is as likely to leave.
        ProRata = "pro-rata",
        /// By powers of the sizes before and behind.
        Power = "power",
        /// By their logarithms.
        Log = "log",
    }
}

/// The table `[replay]`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReplayConfig {
    /// The files.
    pub data: Vec<String>,
    /// Their format, or `auto`.
    pub format: String,
    /// What to do with a bad record.
    pub on_bad_record: String,
    /// The instrument, where there are several or the file does not name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub symbol: Option<String>,
    /// A LOBSTER orderbook file to begin with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed_book: Option<String>,
    /// The fill model of the run's own record.
    pub fill: FillChoice,
    /// Whether the other models run beside it.
    pub ladder: bool,
    /// The exponent of `power`.
    pub power: f64,
    /// What resting costs, basis points of the value.
    pub maker_bps: f64,
    /// What taking costs.
    pub taker_bps: f64,
    /// What prices are counted in.
    pub currency: String,
}

impl Default for ReplayConfig {
    fn default() -> Self {
        Self {
            data: Vec::new(),
            format: "auto".to_owned(),
            on_bad_record: "stop".to_owned(),
            symbol: None,
            seed_book: None,
            fill: FillChoice::default(),
            ladder: true,
            power: 3.0,
            maker_bps: 0.0,
            taker_bps: 0.0,
            currency: "USD".to_owned(),
        }
    }
}

impl ReplayConfig {
    /// How many files may be played at once.
    const FILES_MAX: usize = 64;

    /// Its table.
    pub fn table() -> Table {
        Table::described::<Self>(REPLAY, "Which recording is traded in, and what is assumed of it.")
    }

    /// The files.
    pub fn files(&self) -> Vec<PathBuf> {
        self.data.iter().map(PathBuf::from).collect()
    }

    /// How they are read.
    pub fn options(&self) -> ReadOptions {
        ReadOptions {
            format: self.format.parse().ok(),
            on_bad_record: self.on_bad_record.parse().unwrap_or_default(),
            symbol: self.symbol.clone(),
            seed_book: self.seed_book.as_ref().map(PathBuf::from),
            ..ReadOptions::default()
        }
    }

    /// What trading costs.
    pub fn fees(&self) -> FeeSchedule {
        #[allow(clippy::cast_possible_truncation, reason = "at most a thousand basis points")]
        let rate = |bps: f64| FeeRate { notional_ppb: (bps * 1e5).round() as i64, ..FeeRate::FREE };
        FeeSchedule::flat(rate(self.maker_bps), rate(self.taker_bps))
    }

    /// The model of the run's own record, in a recording whose orders have names or have not.
    pub fn model(&self, has_orders: bool) -> FillModel {
        match self.fill {
            FillChoice::Auto if has_orders => FillModel::Exact,
            FillChoice::Exact => FillModel::Exact,
            FillChoice::Touch => FillModel::Touch,
            FillChoice::Through => FillModel::Through,
            FillChoice::Auto | FillChoice::RiskAverse => FillModel::RiskAverse,
            FillChoice::ProRata => FillModel::Power(1.0),
            FillChoice::Power => FillModel::Power(self.power),
            FillChoice::Log => FillModel::Log,
        }
    }
}

impl Described for ReplayConfig {
    fn knobs() -> Vec<Knob> {
        let bps = Bounds::between(-1_000.0, 1_000.0);
        vec![
            Knob::new("data", Kind::List(Box::new(Kind::Text(4_096)), Self::FILES_MAX))
                .about("The files, of one instrument, played together in the order of the recorder's clock."),
            Knob::new("format", Kind::Text(16)).about("Their format, or auto: it is told from their content."),
            Knob::choice("on_bad_record", &OnBadRecord::NAMES)
                .about("What to do with a record that cannot be one: stop there, or skip and count it."),
            Knob::new("symbol", Kind::Text(64)).optional().about(
                "The instrument, where a file has several or does not name it; else the one with the most events.",
            ),
            Knob::new("seed_book", Kind::Text(4_096))
                .optional()
                .about("A LOBSTER orderbook file whose first row is the book in which a message file begins."),
            Knob::choice("fill", FillChoice::WORDS).about(
                "The fill model of the run's own record: auto is exact where orders have names, else risk-averse.",
            ),
            Knob::new("ladder", Kind::Flag).about(
                "Whether the other fill models run beside it, each with a venue, an account and a strategy of its own.",
            ),
            Knob::real("power", Bounds::between(0.1, 10.0))
                .unit("exponent")
                .about("The exponent of the fill model power.")
                .raising("queues that move forward more while we are far behind, and less when we are near the front"),
            Knob::real("maker_bps", bps)
                .unit("basis points of the value")
                .about("What resting costs; a rebate is negative.")
                .raising("dearer fills"),
            Knob::real("taker_bps", bps)
                .unit("basis points of the value")
                .about("What taking costs; a rebate is negative.")
                .raising("dearer takes"),
            Knob::new("currency", Kind::Text(8)).about("What prices are counted in."),
        ]
    }

    fn breaches(&self) -> Vec<Breach> {
        let known = self.format == "auto" || self.format.parse::<Format>().is_ok();
        let names = || Format::names().join(", ");
        (!known).then(|| Breach::new("format", format!("must be auto or one of {}", names()))).into_iter().collect()
    }
}
