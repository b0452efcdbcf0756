//! What the shell is told of this pattern: its name, its knobs, its papers.

mod papers;

use crate::config::{EstimatorKind, IndexArbConfig, Policy, TABLE};
use crate::scenario::{Market, Parts, scenario};
use hft_app::paper::Paper;
use hft_app::{Pattern, Scenario};

/// The desk, as the shell knows it.
#[derive(Debug)]
pub enum IndexArbPattern {}

impl Pattern for IndexArbPattern {
    type Config = IndexArbConfig;
    type Market = Market;

    const NAME: &'static str = "hft-index-arb";
    const TABLE: &'static str = TABLE;
    const ABOUT: &'static str =
        "Index arbitrage: a future, its fund and the basket that both stand for; whichever two are apart.";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    fn scenario(parts: Parts<'_>) -> anyhow::Result<Scenario> {
        scenario(parts)
    }

    /// The other estimate of the index, another order of the legs, and a market in which nothing is mispriced.
    fn what_ifs(own: &IndexArbConfig) -> Vec<(&'static str, String)> {
        let naive = own.estimator == EstimatorKind::Naive;
        let first = own.policy == Policy::FutureFirst;
        vec![
            ("estimator", if naive { "kalman" } else { "naive" }.to_owned()),
            ("policy", if first { "all-take" } else { "future-first" }.to_owned()),
            ("universe.placebo", (!own.universe.placebo).to_string()),
        ]
    }

    fn papers() -> Vec<Paper> {
        papers::papers()
    }
}
