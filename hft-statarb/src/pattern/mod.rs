//! What the shell is told of this pattern: its name, its knobs, its papers.

mod papers;

use crate::config::{StatarbConfig, TABLE};
use crate::scenario::{Market, Parts, scenario};
use hft_app::paper::Paper;
use hft_app::{Pattern, Scenario};

/// The desk, as the shell knows it.
#[derive(Debug)]
pub enum StatarbPattern {}

impl Pattern for StatarbPattern {
    type Config = StatarbConfig;
    type Market = Market;

    const NAME: &'static str = "hft-statarb";
    const TABLE: &'static str = TABLE;
    const ABOUT: &'static str =
        "Statistical arbitrage: a universe around one factor; what is left over comes back, or does not.";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    fn scenario(parts: Parts<'_>) -> anyhow::Result<Scenario> {
        scenario(parts)
    }

    /// No patience, twice as much of it, and a universe in which nothing comes back.
    fn what_ifs(own: &StatarbConfig) -> Vec<(&'static str, String)> {
        let patience = own.execution.patience_ms;
        vec![
            ("execution.patience_ms", "0".to_owned()),
            ("execution.patience_ms", (patience * 2).to_string()),
            ("universe.placebo", (!own.universe.placebo).to_string()),
        ]
    }

    fn papers() -> Vec<Paper> {
        papers::papers()
    }
}
