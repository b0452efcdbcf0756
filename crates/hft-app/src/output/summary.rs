//! `summary.json`: what a run came to. Ratios that the span is too short for are absent, and say so.

use super::{Attribution, Money};
use crate::chapter::Chapter;
use anyhow::Context;
use hft_core::models::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The summary of one run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// One plain sentence: see [`Attribution::verdict`].
    pub verdict: String,
    /// What was run, and how fast.
    pub run: RunSummary,
    /// What it earned.
    pub money: MoneySummary,
    /// Where that came from; sums to the net exactly.
    pub attribution: Attribution,
    /// What was at stake.
    pub risk: RiskSummary,
    /// How the orders fared.
    pub execution: ExecutionSummary,
    /// What fills were worth later, over all counterparties and by class.
    pub markouts: Vec<Markout>,
    /// How long things took, by stage.
    pub latency: Vec<LatencySummary>,
    /// The same by contract and exchange.
    pub symbols: Vec<SymbolSummary>,
    /// Who took money from whom in its market; absent where nobody traded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truth: Option<Chapter>,
    /// What the pattern tells beyond that, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chapter: Option<Chapter>,
}

/// What was run, and how fast.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RunSummary {
    /// The name of the binary.
    pub pattern: String,
    /// Its version.
    pub version: String,
    /// `realtime` or `lockstep`.
    pub driver: String,
    /// The contracts traded.
    pub symbols: Vec<String>,
    /// The seed of all randomness.
    pub seed: u64,
    /// The hash of the resolved configuration.
    pub config_hash: String,
    /// Market time, seconds.
    pub span_s: f64,
    /// Time on the wall, seconds. Differs between two equal runs.
    pub wall_s: f64,
    /// Messages delivered.
    pub events: u64,
    /// The digest of all of them: equal for equal runs in lockstep.
    pub digest: String,
    /// Why the run ended: `duration`, `interrupted`, `risk halt`, ..
    pub ended_by: String,
}

/// What it earned, in the currency.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct MoneySummary {
    /// The currency.
    pub currency: String,
    /// Net without fees and rebates.
    pub gross: Money,
    /// Fees paid, as cash flow: not positive.
    pub fees: Money,
    /// Rebates received.
    pub rebates: Money,
    /// Change of equity: gross + fees + rebates.
    pub net: Money,
    /// Value traded.
    pub turnover: Money,
    /// Net per fill.
    pub per_fill: Option<f64>,
    /// Net per turnover, in hundredths of a percent.
    pub bps_of_turnover: Option<f64>,
    /// Annualised Sharpe ratio; absent where the span is too short to say anything.
    pub sharpe: Option<f64>,
    /// Its standard error (Lo 2002), of changes taken as independent.
    pub sharpe_standard_error: Option<f64>,
}

/// What was at stake.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RiskSummary {
    /// The deepest fall of equity from its highest, currency; not negative.
    pub max_drawdown: Money,
    /// Time average of the position, contracts; summed over contracts.
    pub inventory_mean: f64,
    /// The largest position in one contract, whichever way, contracts.
    pub inventory_max: f64,
    /// Half-life of the position, seconds: the longest of all contracts.
    pub inventory_half_life_s: Option<f64>,
    /// Share of the time at an inventory limit: the largest of all contracts.
    pub time_at_limit: f64,
}

/// What happened in one contract at one exchange.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SymbolSummary {
    /// The contract.
    pub symbol: String,
    /// The exchange.
    pub venue: String,
    /// Fills.
    pub fills: u64,
    /// Where its money came from; the parts of all contracts sum to the run's.
    pub attribution: Attribution,
    /// Time average of the position, contracts.
    pub inventory_mean: f64,
    /// The largest position, whichever way, contracts.
    pub inventory_max: f64,
    /// Half-life of the position, seconds.
    pub inventory_half_life_s: Option<f64>,
    /// Share of the time at the inventory limit.
    pub time_at_limit: f64,
    /// Share of the time with a quote on both sides.
    pub quote_uptime: f64,
}

/// How the orders fared.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ExecutionSummary {
    /// Orders sent.
    pub orders: u64,
    /// Of which cancelled.
    pub cancels: u64,
    /// Commands sent: new orders, amends, cancels.
    pub commands: u64,
    /// Fills.
    pub fills: u64,
    /// Share of the orders that were filled at all.
    pub fill_ratio: Option<f64>,
    /// Share of the fills in which we rested.
    pub maker_share: Option<f64>,
    /// Commands sent per fill.
    pub order_to_trade: Option<f64>,
    /// Share of the time with a quote on both sides; averaged over contracts.
    pub quote_uptime: f64,
    /// Median time from order to fill, seconds.
    pub time_to_fill_s: Option<f64>,
    /// Median of what stood before us when we were filled, contracts.
    pub queue_ahead_at_fill: Option<f64>,
    /// Commands refused by the gate or the venue, by reason.
    pub rejects: BTreeMap<String, u64>,
}

/// What fills were worth per contract some time later.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Markout {
    /// How much later, seconds.
    pub horizon_s: f64,
    /// Who was on the other side; absent for all.
    pub counterparty: Option<String>,
    /// Mean of sign (mid(t + h) - price), price units.
    pub mean: Option<f64>,
    /// Its standard error.
    pub standard_error: Option<f64>,
    /// Fills that it is the mean of.
    pub fills: u64,
    /// Fills that the run ended too early for.
    pub too_late: u64,
}

/// How long a stage took.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LatencySummary {
    /// `decision` (market data to command), `ack` (command to report), `fill` (order to fill), ..
    pub stage: String,
    /// How often.
    pub count: u64,
    /// Median, microseconds.
    pub p50_us: f64,
    /// 90th percentile.
    pub p90_us: f64,
    /// 99th percentile.
    pub p99_us: f64,
    /// The longest.
    pub max_us: f64,
}

impl Summary {
    /// As `summary.json` holds it.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a summary serialises") + "\n"
    }

    /// Reads the `summary.json` of a run folder.
    ///
    /// # Errors
    /// When it is not there, or none.
    pub fn of_folder(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("summary.json");
        let json = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&json).with_context(|| format!("{} is of no single run", folder.display()))
    }
}

impl RunSummary {
    /// When it ended, to the nearest nanosecond.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time of a run is not negative")]
    pub fn ended(&self) -> Timestamp {
        Timestamp::new((self.span_s * 1e9).round() as u64)
    }

    /// Messages delivered per second of wall time.
    #[allow(clippy::cast_precision_loss, reason = "a rate for people")]
    pub fn events_per_s(&self) -> Option<f64> {
        (self.wall_s > 0.0).then(|| self.events as f64 / self.wall_s)
    }
}
