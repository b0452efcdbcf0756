//! What the shell is told of this pattern: its name, its knobs, its papers.

mod papers;

use crate::config::{NewsAlgoConfig, TABLE};
use crate::scenario::{Market, Parts, scenario};
use hft_app::paper::Paper;
use hft_app::{Pattern, Scenario};

/// The reader, as the shell knows it.
#[derive(Debug)]
pub enum NewsAlgoPattern {}

impl Pattern for NewsAlgoPattern {
    type Config = NewsAlgoConfig;
    type Market = Market;

    const NAME: &'static str = "hft-news-algo";
    const TABLE: &'static str = TABLE;
    const ABOUT: &'static str =
        "News trading: read a headline and trade on it before the price has; right or early, and the price of each.";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    fn scenario(parts: Parts<'_>) -> anyhow::Result<Scenario> {
        scenario(parts)
    }

    /// A dictionary instead of a model, a hundred milliseconds more to read, and no memory of what was said.
    fn what_ifs(own: &NewsAlgoConfig) -> Vec<(&'static str, String)> {
        vec![
            ("model", "lexicon".to_owned()),
            ("read_us", (own.read_us + 100_000).to_string()),
            ("novelty.window_s", "0.0".to_owned()),
        ]
    }

    fn papers() -> Vec<Paper> {
        papers::papers()
    }
}
