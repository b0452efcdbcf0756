//! Every knob of the maker, as the table `[passive_mm]`.
//!
//! `knobs` lists them all with unit, allowed range, where the default comes from, and what moves when the knob is raised; the shell
//! validates, explains and documents a configuration by that list.
//!
//! Prices and distances are in price units, sizes in contracts, times in seconds unless the name says `ms`.

mod knobs;

use hft_app::choices;
use serde::{Deserialize, Serialize};

/// The name of the table.
pub const TABLE: &str = "passive_mm";

/// The table `[passive_mm]`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PassiveMmConfig {
    /// Distance of each quote from the mid when flat, price units.
    pub half_spread: f64,
    /// Size of each quote, contracts.
    pub size: f64,
    /// The position that no fill may pass, contracts, either way.
    pub inv_limit: f64,
    /// How many half spreads the side that would add to a full position stands further out.
    pub inv_spread_mult: f64,
    /// The venue's publication interval for this run, ms; zero publishes every change.
    pub tick_ms: u64,
    /// Latency of orders, reports and market data, each one way, us.
    pub latency_us: u64,
    /// Who sets the quotes.
    pub strategy: StrategyKind,
    /// The contracts to make markets in, one maker each, under one account.
    pub symbols: Vec<String>,
    /// `[passive_mm.model]`: the parameters of `avellaneda-stoikov` and `glft`.
    pub model: ModelConfig,
    /// `[passive_mm.estimator]`: how they are learned from the market.
    pub estimator: EstimatorConfig,
    /// `[passive_mm.microprice]`: the centre of the quotes of `microprice`.
    pub microprice: MicropriceConfig,
    /// `[passive_mm.toxicity]`: what to do about one-sided flow.
    pub toxicity: ToxicityConfig,
}

choices! {
    /// The four strategies.
    pub enum StrategyKind {
        /// Plain inventory skew: no model.
        #[default]
        Skew = "skew",
        /// Avellaneda & Stoikov (2008).
        AvellanedaStoikov = "avellaneda-stoikov",
        /// Guéant, Lehalle & Fernandez-Tapia (2013).
        Glft = "glft",
        /// The skew's quotes around Stoikov's (2018) micro-price.
        Microprice = "microprice",
    }
}

choices! {
    /// How much time the models believe is left.
    pub enum HorizonKind {
        /// Always `horizon_s`: the end recedes as time passes.
        #[default]
        Rolling = "rolling",
        /// Sessions of `horizon_s` end one after another, each flat in the maker's eyes.
        Session = "session",
        /// No end: the infinite-horizon quotes of Avellaneda & Stoikov, the stationary ones of GLFT.
        Infinite = "infinite",
    }
}

choices! {
    /// Where the parameters come from.
    pub enum ParameterSource {
        /// From this file.
        #[default]
        Fixed = "fixed",
        /// From the market's own trades and mids as soon as they suffice; from this file until then.
        Estimated = "estimated",
    }
}

choices! {
    /// Which of the GLFT quotes.
    pub enum GlftKind {
        /// From the solved equation.
        #[default]
        Exact = "exact",
        /// The closed-form approximation.
        ClosedForm = "closed-form",
    }
}

/// `[passive_mm.model]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModelConfig {
    /// Risk aversion `gamma`, 1/(price unit x contract).
    pub gamma: f64,
    /// Volatility of the mid, price units per square root of a second.
    pub sigma: f64,
    /// Fills a second and side at the mid, `A`.
    pub a: f64,
    /// Decay of the fill rate with distance, `k`, 1/price unit.
    pub k: f64,
    /// The horizon `T`, s.
    pub horizon_s: f64,
    /// What happens to it as time passes.
    pub horizon: HorizonKind,
    /// Exact or closed-form GLFT quotes.
    pub glft: GlftKind,
    /// Whether `sigma`, `a` and `k` are learned.
    pub parameters: ParameterSource,
}

/// `[passive_mm.estimator]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EstimatorConfig {
    /// How many virtual distances are watched.
    pub distances: u32,
    /// Their spacing, the first included, price units.
    pub distance_step: f64,
    /// Length of a window of counts, s.
    pub window_s: f64,
    /// How many windows are remembered.
    pub windows: u32,
    /// Interval at which the mid is sampled for `sigma`, s.
    pub sample_s: f64,
    /// How often the parameters are fitted anew, s.
    pub refit_s: f64,
}

/// `[passive_mm.microprice]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MicropriceConfig {
    /// Buckets of imbalance.
    pub imbalances: u32,
    /// Spreads told apart, ticks from one.
    pub spreads: u32,
    /// Book states that must have been seen before the micro-price is trusted.
    pub min_states: u32,
    /// How often it is solved anew, s.
    pub refit_s: f64,
}

choices! {
    /// What VPIN does to the quotes.
    pub enum VpinAction {
        /// Nothing.
        #[default]
        Off = "off",
        /// Widens both sides above the threshold.
        Widen = "widen",
        /// Takes both sides out above the threshold.
        Pull = "pull",
    }
}

choices! {
    /// How VPIN tells bought from sold volume.
    pub enum Classification {
        /// By the aggressor that the venue names.
        #[default]
        Aggressor = "aggressor",
        /// By bulk volume classification, one bar per published book state.
        Bulk = "bulk",
    }
}

/// `[passive_mm.toxicity]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ToxicityConfig {
    /// What VPIN does.
    pub vpin: VpinAction,
    /// Volume of a bucket, contracts.
    pub bucket: f64,
    /// Buckets in the window.
    pub buckets: u32,
    /// The VPIN above which it acts.
    pub threshold: f64,
    /// Half spreads added to each side at a VPIN of one, in proportion between the threshold and there.
    pub widen_mult: f64,
    /// Who bought.
    pub classification: Classification,
    /// How long a side stays out after a fill on it, ms.
    pub fade_ms: u64,
}

impl Default for PassiveMmConfig {
    fn default() -> Self {
        Self {
            half_spread: 0.25,
            size: 1.0,
            inv_limit: 10.0,
            inv_spread_mult: 2.0,
            tick_ms: 50,
            latency_us: 500,
            strategy: StrategyKind::default(),
            symbols: vec!["SIM".to_owned()],
            model: ModelConfig::default(),
            estimator: EstimatorConfig::default(),
            microprice: MicropriceConfig::default(),
            toxicity: ToxicityConfig::default(),
        }
    }
}

impl Default for ModelConfig {
    fn default() -> Self {
        Self {
            gamma: 0.1,
            sigma: 0.03,
            a: 4.0,
            k: 30.0,
            horizon_s: 60.0,
            horizon: HorizonKind::default(),
            glft: GlftKind::default(),
            parameters: ParameterSource::default(),
        }
    }
}

impl Default for EstimatorConfig {
    fn default() -> Self {
        Self { distances: 8, distance_step: 0.02, window_s: 10.0, windows: 60, sample_s: 1.0, refit_s: 10.0 }
    }
}

impl Default for MicropriceConfig {
    fn default() -> Self {
        Self { imbalances: 5, spreads: 4, min_states: 1_000, refit_s: 10.0 }
    }
}

impl Default for ToxicityConfig {
    fn default() -> Self {
        Self {
            vpin: VpinAction::default(),
            bucket: 20.0,
            buckets: 50,
            threshold: 0.5,
            widen_mult: 2.0,
            classification: Classification::default(),
            fade_ms: 0,
        }
    }
}
