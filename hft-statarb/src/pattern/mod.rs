//! What the shell is told of this pattern: its name, its knobs, its papers.

mod papers;

use crate::config::{StatarbConfig, TABLE};
use crate::scenario::{Market, Parts, scenario};
use hft_app::config::{Resolved, RunConfig, Setting, Table, market_table, risk_table};
use hft_app::paper::Paper;
use hft_app::{Pattern, Scenario};
use hft_core::risk::Limits;

/// The desk, as the shell knows it.
#[derive(Debug)]
pub enum StatarbPattern {}

impl Pattern for StatarbPattern {
    type Config = StatarbConfig;

    const NAME: &'static str = "hft-statarb";
    const TABLE: &'static str = TABLE;
    const ABOUT: &'static str =
        "Statistical arbitrage: a universe around one factor; what is left over comes back, or does not.";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    fn shared_tables() -> Vec<Table> {
        // The knobs' ranges already say all that `Limits::validate` would.
        vec![risk_table::<Limits>(|_| Vec::new()), market_table::<Market>()]
    }

    fn scenario(config: &Resolved) -> anyhow::Result<Scenario> {
        let run: RunConfig = config.table("run");
        scenario(Parts {
            seed: run.seed,
            config: &config.table(Self::TABLE),
            market: &config.table("market"),
            limits: config.table("risk"),
        })
    }

    /// No patience, twice as much of it, and a universe in which nothing comes back.
    fn what_ifs(config: &Resolved) -> Vec<Setting> {
        let own: StatarbConfig = config.table(Self::TABLE);
        let set = |key: &str, value: String| Setting { key: format!("{}.{key}", Self::TABLE), value };
        let patience = own.execution.patience_ms;
        vec![
            set("execution.patience_ms", "0".to_owned()),
            set("execution.patience_ms", (patience * 2).to_string()),
            set("universe.placebo", (!own.universe.placebo).to_string()),
        ]
    }

    fn papers() -> Vec<Paper> {
        papers::papers()
    }
}
