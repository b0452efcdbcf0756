//! Every knob of the desk and of its universe, as the table `[statarb]`.
//!
//! `knobs` lists them all with unit, allowed range, where the default comes from, and what moves when the knob is raised; the shell
//! validates, explains and documents a configuration by that list.
//!
//! Sizes are in contracts, times in seconds unless the name says `ms`. A contract is quoted in ticks of 0.01, so a *tick* is a cent.

mod knobs;

use hft_app::choices;
use serde::{Deserialize, Serialize};

/// The name of the table.
pub const TABLE: &str = "statarb";

/// How many contracts a universe has at most, the index not counted.
pub const SYMBOLS_MAX: u32 = 200;

/// How many regime breaks a run may have.
pub const BREAKS_MAX: usize = 64;

/// The table `[statarb]`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StatarbConfig {
    /// How many contracts the universe has, the index not counted.
    pub symbols: u32,
    /// What the contracts have in common, in the desk's eyes.
    pub factors: FactorKind,
    /// The deviation from which a position is opened, standard deviations.
    pub entry: f64,
    /// The deviation at which a long position is closed, standard deviations below the mean.
    pub exit_long: f64,
    /// The deviation at which a short position is closed, standard deviations above the mean.
    pub exit_short: f64,
    /// The venue's publication interval for this run, ms; zero publishes every change.
    pub tick_ms: u64,
    /// Latency of orders, reports and market data, each one way, us.
    pub latency_us: u64,
    /// `[statarb.universe]`: how the contracts' values move.
    pub universe: UniverseConfig,
    /// `[statarb.estimator]`: how the desk learns.
    pub estimator: EstimatorConfig,
    /// `[statarb.sizing]`: how much it holds.
    pub sizing: SizingConfig,
    /// `[statarb.execution]`: how it trades.
    pub execution: ExecutionConfig,
    /// `[statarb.breaks]`: when it stops.
    pub breaks: BreakConfig,
}

choices! {
    /// Where the factors come from that explain what the contracts have in common.
    pub enum FactorKind {
        /// The index's own price.
        #[default]
        Index = "index",
        /// The principal components of the universe.
        Pca = "pca",
    }
}

choices! {
    /// Whether a residual may drift.
    pub enum DriftKind {
        /// It does not: over minutes a drift is nothing.
        #[default]
        Zero = "zero",
        /// It does, and by how much is estimated, as in the paper.
        Estimated = "estimated",
    }
}

/// `[statarb.universe]`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UniverseConfig {
    /// Half-life of a contract's own part, s.
    pub half_life_s: f64,
    /// Its standard deviation in the long run, ticks.
    pub residual_sd: f64,
    /// The smallest loading on the common factor.
    pub beta_low: f64,
    /// The largest.
    pub beta_high: f64,
    /// Whether the own parts are random walks of the same volatility: nothing comes back.
    pub placebo: bool,
    /// When regimes break, s: each hits the next contract in turn.
    pub breaks_at_s: Vec<f64>,
    /// How far the own part jumps at a break, standard deviations of its old law.
    pub break_shift: f64,
}

/// `[statarb.estimator]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EstimatorConfig {
    /// Interval at which midpoints are sampled, ms.
    pub sample_ms: u64,
    /// Price changes that are remembered.
    pub window: u32,
    /// Price changes that must have been seen before anything is traded.
    pub warm_up: u32,
    /// Whether a residual may drift.
    pub drift: DriftKind,
    /// The slowest reversion that is traded: its time constant over the length of the window.
    pub slowest: f64,
    /// Principal components, where the factors are those.
    pub components: u32,
    /// How often the components are computed anew, s.
    pub refit_s: f64,
}

/// `[statarb.sizing]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SizingConfig {
    /// What one standard deviation of a position's residual is worth, currency.
    pub unit_risk: f64,
    /// The largest position in one contract, contracts.
    pub position_limit: u32,
    /// Value of all positions in contracts, whichever way, currency.
    pub gross_limit: f64,
    /// Value of the long less the short ones, currency.
    pub net_limit: f64,
    /// Exposure to the index that may stay unhedged, contracts of the index.
    pub beta_limit: u32,
}

/// `[statarb.execution]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExecutionConfig {
    /// How long an order rests at the touch before it takes, ms; zero takes at once.
    pub patience_ms: u64,
    /// How many ticks beyond the touch an order that takes may reach.
    pub reach_ticks: u32,
}

choices! {
    /// What a break does.
    pub enum BreakAction {
        /// The contract is sold off and left alone for a while.
        #[default]
        Stop = "stop",
        /// Nothing.
        Ignore = "ignore",
    }
}

/// `[statarb.breaks]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BreakConfig {
    /// What an alarm does.
    pub action: BreakAction,
    /// The evidence that raises it, natural logarithm of odds.
    pub threshold: f64,
    /// How long a contract is then left alone, s.
    pub rest_s: f64,
}

impl Default for StatarbConfig {
    fn default() -> Self {
        Self {
            symbols: 12,
            factors: FactorKind::default(),
            entry: 1.25,
            exit_long: -0.5,
            exit_short: -0.5,
            tick_ms: 50,
            latency_us: 500,
            universe: UniverseConfig::default(),
            estimator: EstimatorConfig::default(),
            sizing: SizingConfig::default(),
            execution: ExecutionConfig::default(),
            breaks: BreakConfig::default(),
        }
    }
}

impl Default for UniverseConfig {
    fn default() -> Self {
        Self {
            half_life_s: 2.5,
            residual_sd: 20.0,
            beta_low: 0.7,
            beta_high: 1.3,
            placebo: false,
            breaks_at_s: Vec::new(),
            break_shift: 8.0,
        }
    }
}

impl Default for EstimatorConfig {
    fn default() -> Self {
        Self {
            sample_ms: 200,
            window: 240,
            warm_up: 40,
            drift: DriftKind::default(),
            slowest: 0.5,
            components: 1,
            refit_s: 2.0,
        }
    }
}

impl Default for SizingConfig {
    fn default() -> Self {
        Self { unit_risk: 1.0, position_limit: 10, gross_limit: 12_000.0, net_limit: 3_000.0, beta_limit: 5 }
    }
}

impl Default for ExecutionConfig {
    fn default() -> Self {
        Self { patience_ms: 400, reach_ticks: 3 }
    }
}

impl Default for BreakConfig {
    fn default() -> Self {
        Self { action: BreakAction::default(), threshold: 12.0, rest_s: 20.0 }
    }
}
