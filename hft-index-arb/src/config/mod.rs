//! Every knob of the desk and of its market, as the table `[index_arb]`.
//!
//! `knobs` lists them all with unit, allowed range, where the default comes from, and what moves when the knob is raised; the shell
//! validates, explains and documents a configuration by that list.
//!
//! Distances between the three prices are in *index ticks*: a ten-thousandth of the index's first level, which is one tick of the future and
//! one of the fund, so that a tick is a basis point at the start. Sizes are in *units*: one future, five lots of the fund, one basket.

mod defaults;
mod knobs;

use hft_app::choices;
use serde::{Deserialize, Serialize};

/// The name of the table.
pub const TABLE: &str = "index_arb";

/// How many constituents an index has at most.
pub const SYMBOLS_MAX: u32 = 500;

/// How many dividends a run may have.
pub const DIVIDENDS_MAX: usize = 64;

/// The table `[index_arb]`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IndexArbConfig {
    /// How many constituents the index has.
    pub symbols: u32,
    /// Which two of the three prices are traded against each other.
    pub pairs: Pairs,
    /// In which order the legs are traded.
    pub policy: Policy,
    /// How the index is computed from prices that may be old.
    pub estimator: EstimatorKind,
    /// What a trade must promise beyond all its costs, index ticks.
    pub entry: f64,
    /// The gap at which a position is closed, index ticks; a negative one is beyond parity.
    pub exit: f64,
    /// How many units are traded at a time.
    pub units: u32,
    /// How many units may be held.
    pub units_max: u32,
    /// The venues' publication interval for this run, ms; zero publishes every change.
    pub tick_ms: u64,
    /// `[index_arb.latency]`: how far the venues are.
    pub latency: LatencyConfig,
    /// `[index_arb.universe]`: how values move, and which prices are old.
    pub universe: UniverseConfig,
    /// `[index_arb.carry]`: what it costs to hold.
    pub carry: CarryConfig,
    /// `[index_arb.primary]`: creation and redemption.
    pub primary: PrimaryConfig,
    /// `[index_arb.execution]`: how legs are traded.
    pub execution: ExecutionConfig,
}

choices! {
    /// Which two of the three prices are traded against each other.
    pub enum Pairs {
        /// Whichever two are furthest apart.
        #[default]
        All = "all",
        /// The future and the basket.
        FutureBasket = "future-basket",
        /// The fund and the basket.
        EtfBasket = "etf-basket",
        /// The future and the fund.
        FutureEtf = "future-etf",
    }
}

choices! {
    /// In which order the legs are traded.
    pub enum Policy {
        /// All at once, taking.
        #[default]
        AllTake = "all-take",
        /// The leg that is one order rests; what is filled is hedged at once.
        PassiveThenHedge = "passive-then-hedge",
        /// The future takes, then the rest.
        FutureFirst = "future-first",
        /// The fund takes, then the rest.
        EtfFirst = "etf-first",
    }
}

choices! {
    /// How the index is computed from prices that may be old.
    pub enum EstimatorKind {
        /// What has moved since is inferred from the constituents that were heard of.
        #[default]
        Kalman = "kalman",
        /// The last price of each.
        Naive = "naive",
    }
}

/// `[index_arb.latency]`: one way, us.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LatencyConfig {
    /// To the exchange of the constituents.
    pub stocks_us: u64,
    /// To that of the fund.
    pub etf_us: u64,
    /// To that of the future.
    pub future_us: u64,
    /// To the issuer's window.
    pub primary_us: u64,
}

/// `[index_arb.universe]`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UniverseConfig {
    /// The lowest first price of a constituent, price units; the others are spread up to `price_high`.
    pub price_low: f64,
    /// The highest.
    pub price_high: f64,
    /// How many ranks the weights need to fall to half of the largest.
    pub half_rank: f64,
    /// The smallest beta.
    pub beta_low: f64,
    /// The largest.
    pub beta_high: f64,
    /// How many times as active as those of a constituent the crowds of the fund and of the future are.
    pub activity: f64,
    /// Volatility of a constituent's own part, ticks per square root of a second of a contract of 100.
    pub own_volatility: f64,
    /// Standard deviation of the mispricing of the future and of the fund in the long run, index ticks.
    pub mispricing_sd: f64,
    /// Half-life of a mispricing, s.
    pub half_life_s: f64,
    /// Whether there is no mispricing at all.
    pub placebo: bool,
    /// Which share of the constituents is published slowly.
    pub slow_share: f64,
    /// How slowly, ms.
    pub slow_ms: u64,
}

/// `[index_arb.carry]`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CarryConfig {
    /// Interest, a year, continuously compounded.
    pub rate: f64,
    /// What borrowing a contract costs, a year, of its value.
    pub borrow: f64,
    /// Market time that counts as a day, s: a year of carry has 365 of them.
    pub day_s: f64,
    /// Days from the start to the future's expiry.
    pub days: f64,
    /// Ex-dates, s of market time: each is that of the next constituent in turn.
    pub dividends_at_s: Vec<f64>,
    /// A dividend, price units.
    pub dividend: f64,
    /// For how long after an ex-date nothing is opened, ms.
    pub settle_ms: u64,
}

/// `[index_arb.primary]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PrimaryConfig {
    /// Whether the desk may create and redeem.
    pub enabled: bool,
    /// Units of the desk in one of the issuer's.
    pub unit: u32,
    /// The issuer's fee for one of its units, currency.
    pub fee: f64,
    /// When the window closes, s of market time.
    pub cutoff_s: f64,
    /// How often the issuer's prices are set, ms.
    pub refresh_ms: u64,
}

/// `[index_arb.execution]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExecutionConfig {
    /// How many ticks beyond the touch an order that takes may reach.
    pub reach_ticks: u32,
    /// After how long without its other legs a position is unwound, ms.
    pub hung_ms: u64,
    /// How long a leg that rests may wait, ms.
    pub patience_ms: u64,
    /// What unhedged seconds are expected to cost, index ticks.
    pub legging: f64,
    /// Value of the long less the short legs, all orders of one side filled, that the gate lets pass, currency.
    pub unhedged_limit: f64,
}
