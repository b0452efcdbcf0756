//! A pattern's table, the core's crowd, and a table with the keys of the core's limits, as a binary would hand them in.

use hft_app::config::{Bounds, Breach, Described, Kind, Knob, RunConfig, Table, market_table, risk_table};
use hft_core::flow::CrowdConfig;
use serde::{Deserialize, Serialize};

/// The knobs of a maker.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Maker {
    pub(crate) strategy: String,
    pub(crate) half_spread: f64,
    pub(crate) size: f64,
    pub(crate) inv_limit: f64,
    pub(crate) inv_spread_mult: f64,
    pub(crate) tick_ms: u64,
    pub(crate) fade: bool,
    pub(crate) symbols: Vec<String>,
}

impl Default for Maker {
    fn default() -> Self {
        Self {
            strategy: "skew".to_owned(),
            half_spread: 0.25,
            size: 1.0,
            inv_limit: 10.0,
            inv_spread_mult: 2.0,
            tick_ms: 50,
            fade: false,
            symbols: vec!["SIM".to_owned()],
        }
    }
}

impl Described for Maker {
    fn knobs() -> Vec<Knob> {
        vec![
            Knob::choice("strategy", &["skew", "avellaneda-stoikov", "glft", "microprice"]),
            Knob::real("half_spread", Bounds::above(0.0).up_to(1e6))
                .unit("price units")
                .about("Distance of each quote from the midpoint when flat.")
                .raising("fewer fills, each earning more"),
            Knob::real("size", Bounds::above(0.0).up_to(1e6)).unit("contracts"),
            Knob::real("inv_limit", Bounds::above(0.0).up_to(1e9)).unit("contracts"),
            Knob::real("inv_spread_mult", Bounds::between(0.0, 1e3)),
            Knob::integer("tick_ms", 1, 60_000).unit("ms"),
            Knob::new("fade", Kind::Flag),
            Knob::new("symbols", Kind::List(Box::new(Kind::Text(16)), 4)),
        ]
    }

    fn breaches(&self) -> Vec<Breach> {
        let mut breaches = Vec::new();
        if self.size > self.inv_limit {
            breaches.push(Breach::new("size", format!("must not exceed passive_mm.inv_limit = {}", self.inv_limit)));
        }
        breaches
    }
}

/// The keys of the core's limits.
#[derive(Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Limits {
    instrument: Option<serde_json::Value>,
    symbols: Option<serde_json::Value>,
    account: Account,
    rate: Option<serde_json::Value>,
    duplicate: Option<serde_json::Value>,
    repeat: Option<serde_json::Value>,
    reject_storm: Option<serde_json::Value>,
    stale_ms: Option<u64>,
    self_cross: SelfCross,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Account {
    max_gross_notional: Option<serde_json::Value>,
    max_net_notional: Option<serde_json::Value>,
    max_open_orders: Option<u32>,
    max_daily_loss: Option<serde_json::Value>,
    max_drawdown: Option<serde_json::Value>,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum SelfCross {
    #[default]
    Allow,
    Deny,
}

/// The tables of a binary.
pub(crate) fn tables() -> Vec<Table> {
    vec![
        RunConfig::table(),
        market_table::<CrowdConfig>(),
        risk_table::<Limits>(|_| Vec::new()),
        Table::described::<Maker>("passive_mm", "Quotes around the midpoint, skewed against the inventory."),
    ]
}
