//! The configuration: layers in, one checked set of tables out.
//!
//! Invariant: nothing runs on a value that was not checked against its [`Knob`], and every value still knows which layer it
//! came from. Layers, later ones win:
//!
//! ```text
//! defaults < Config.toml < --config FILE.. < HFT_PASSIVE_MM__HALF_SPREAD=.. < --set passive_mm.half_spread=.. < --seed ..
//! ```
//!
//! Reading order: [`knob`](Knob) (what a key may be), [`table`](Table) (knobs, defaults and rules of one TOML table),
//! [`layers`](Sources) (the only place that knows how layers are merged), [`check`](self) (all violations at once),
//! [`resolved`](Resolved) (what the program works with), [`schema`](schema()).
//!
//! Left out: profiles, includes, interpolation, and any key for a credential. There is nothing to log in to.

mod check;
mod choices;
mod credential;
mod knob;
mod layers;
mod market;
mod market_models;
mod replay;
mod resolved;
mod risk;
mod run;
mod schema;
mod table;
mod value;
mod violation;

pub use knob::{Bounds, Kind, Knob, Presence, SYMBOL_MAX, SYMBOLS_MAX};
pub(crate) use layers::is_variable;
pub use layers::{FlagValue, Setting, Sources, default_file, leaves};
pub use market::{MARKET, market_table};
pub use replay::{FillChoice, REPLAY, ReplayConfig};
pub use resolved::Resolved;
pub use risk::{RISK, risk_table};
pub use run::{Journal, RunConfig};
pub use schema::schema;
pub use table::{Breach, Described, Table, check_knobs};
pub use value::{Given, Origin, Value};
pub use violation::{Violation, Violations};

/// The tables of the seven patterns. A binary validates its own and lets the other six be.
pub const PATTERN_TABLES: [&str; 7] =
    ["passive_mm", "latency_arb", "index_arb", "statarb", "news_algo", "lob_dl", "manipulative_edu"];

/// Merges the layers, checks every table, and types the result.
///
/// # Errors
/// Everything that is wrong with the configuration, one violation a line.
pub fn load(tables: Vec<Table>, sources: &Sources) -> Result<Resolved, Violations> {
    let merged = layers::merge(&tables, sources)?;
    let merged = check::check(&tables, merged)?;
    Ok(Resolved::new(tables, merged))
}
