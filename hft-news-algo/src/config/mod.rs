//! Every knob of the reader, as the table `[news_algo]`.
//!
//! `knobs` lists them all with unit, allowed range, where the default comes from, and what moves when the knob is raised.
//!
//! Prices are in price units, sizes in contracts; times in the unit that the name ends with.

mod knobs;

use crate::model::min_hash::Bands;
use crate::reader::{ModelKind, NoveltyConfig, ReaderConfig};
use crate::tape::GeneratorConfig;
use hft_core::models::Nanos;
use serde::{Deserialize, Serialize};

/// The name of the table.
pub const TABLE: &str = "news_algo";

/// The table `[news_algo]`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewsAlgoConfig {
    /// How many companies have a book.
    pub companies: u32,
    /// What reads.
    pub model: ModelKind,
    /// With `truth`: how often it is told, 0 to 1.
    pub accuracy: f64,
    /// How long we take to read a headline, us.
    pub read_us: u64,
    /// Latency of our orders, reports, market data and news, each one way, us.
    pub latency_us: u64,
    /// The largest order, contracts.
    pub size: f64,
    /// The position that no fill may pass, contracts, either way, in each company.
    pub inv_limit: f64,
    /// How much of the depth that is shown up to our limit we take at most, 0 to 1.
    pub depth_share: f64,
    /// How sure a reading must be.
    pub min_confidence: f64,
    /// What a trade must promise after fees, price units.
    pub min_edge: f64,
    /// How long we believe it takes until half of a surprise is in the price, ms.
    pub half_life_ms: u64,
    /// After how many half-lives a position is closed.
    pub hold_half_lives: f64,
    /// How long an entry may rest, ms; zero takes or leaves.
    pub passive_ms: u64,
    /// `[news_algo.novelty]`: what counts as said before.
    pub novelty: NoveltyTable,
    /// `[news_algo.wire]`: what is published.
    pub wire: WireTable,
    /// `[news_algo.makers]`: who quotes, and pulls.
    pub makers: MakersTable,
    /// `[news_algo.rivals]`: who else reads.
    pub rivals: RivalsTable,
}

/// `[news_algo.novelty]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NoveltyTable {
    /// How long something is remembered, s; zero takes everything for new.
    pub window_s: f64,
    /// From this share of common word pairs on, two texts are one.
    pub similarity: f64,
    /// Bands of the search for candidates.
    pub bands: u32,
    /// Hashes in each.
    pub rows: u32,
}

/// `[news_algo.wire]`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WireTable {
    /// A recorded file of headlines instead of made ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Until half of a surprise is known to those who do not read, ms.
    pub half_life_ms: u64,
    /// The law of what is made.
    pub made: GeneratorConfig,
}

/// `[news_algo.makers]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MakersTable {
    /// How many in each book.
    pub count: u32,
    /// Latency of their orders, reports, market data and news, each one way, us.
    pub latency_us: u64,
    /// How long they take to see whom a headline names, us.
    pub read_us: u64,
    /// How long they stay away then, ms; zero: they do not read.
    pub pull_ms: u64,
}

/// `[news_algo.rivals]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RivalsTable {
    /// How many count words and believe everything.
    pub fast: u32,
    /// How long these take to read, us.
    pub fast_read_us: u64,
    /// How many read as we do, at leisure.
    pub slow: u32,
    /// How long these take to read, us.
    pub slow_read_us: u64,
    /// Latency of both, us.
    pub latency_us: u64,
}

impl Default for NewsAlgoConfig {
    fn default() -> Self {
        Self {
            companies: 6,
            model: ModelKind::default(),
            accuracy: 1.0,
            read_us: 20,
            latency_us: 200,
            size: 10.0,
            inv_limit: 20.0,
            depth_share: 0.7,
            min_confidence: 0.6,
            min_edge: 0.02,
            half_life_ms: 2_000,
            hold_half_lives: 3.0,
            passive_ms: 500,
            novelty: NoveltyTable::default(),
            wire: WireTable::default(),
            makers: MakersTable::default(),
            rivals: RivalsTable::default(),
        }
    }
}

impl Default for NoveltyTable {
    fn default() -> Self {
        Self { window_s: 60.0, similarity: 0.5, bands: 12, rows: 3 }
    }
}

impl Default for WireTable {
    fn default() -> Self {
        Self { file: None, half_life_ms: 2_000, made: GeneratorConfig::default() }
    }
}

impl Default for MakersTable {
    fn default() -> Self {
        Self { count: 2, latency_us: 300, read_us: 50, pull_ms: 500 }
    }
}

impl Default for RivalsTable {
    fn default() -> Self {
        Self { fast: 1, fast_read_us: 2, slow: 1, slow_read_us: 200_000, latency_us: 200 }
    }
}

impl NoveltyTable {
    /// As the pipeline takes it.
    pub fn config(&self) -> Option<NoveltyConfig> {
        let Self { window_s, similarity, bands, rows } = *self;
        let config = NoveltyConfig { window: Nanos::from_secs_f64(window_s), bands: Bands { bands, rows }, similarity };
        (window_s > 0.0).then_some(config)
    }
}

impl NewsAlgoConfig {
    /// How we read.
    pub fn reader(&self, seed: u64) -> ReaderConfig {
        ReaderConfig { model: self.model, accuracy: self.accuracy, novelty: self.novelty.config(), seed }
    }
}
