//! The `config` command: a book's rules by name.

use super::fields::{Amount, Fields, Malformed};
use crate::rules::{BookRules, declared};
use crate::words::{ALLOCATION, AMEND_BELOW_FILLED, COD_SCOPE, ID_REUSE, MARKET_REMAINDER, POST_ONLY_CROSS};
use hft_core::models::{Price, Qty, Ticks};
use serde_json::{Value, json};

/// What the book does where venues differ, and what it knows.
pub(super) fn policies() -> Value {
    json!({
        "policies": {
            "post_only_cross": "reject",
            "amend_below_filled": "cancel",
            "id_reuse": "reject",
            "cod_scope": "all",
            "kill_cancels_resting": true,
            "market_remainder": "cancel",
            "gtd_boundary": "expires",
        },
        "features": [
            "limit", "market", "stop", "stop_limit", "iceberg", "stp", "auction", "min_fill", "gtd", "kill",
            "mass_cancel", "disconnect", "protection", "band",
        ],
    })
}

/// The rules that a `config` line asks for: the declared ones, with what it names in their place.
pub(super) fn rules(fields: &Fields<'_>) -> Result<BookRules, Malformed> {
    let base = declared();
    fields.word("gtd_boundary", &[("expires", ())])?;
    let rules = BookRules {
        tick: at_least(fields, "tick", 1)?.map_or(base.tick, Ticks::new),
        lot: at_least(fields, "lot", 1)?.map_or(base.lot, Qty::new),
        // Least values below one refuse nothing that is not refused anyway.
        min_qty: at_least(fields, "min_qty", i64::MIN)?.map_or(base.min_qty, |least| Qty::new(least.max(1))),
        max_qty: at_least(fields, "max_qty", 1)?.map_or(base.max_qty, Qty::new),
        min_px: at_least(fields, "min_px", i64::MIN)?.map_or(base.min_px, |least| Price::new(least.max(1))),
        max_px: at_least(fields, "max_px", 1)?.map_or(base.max_px, Price::new),
        band: at_least(fields, "band", 0)?.map(Ticks::new),
        reference: at_least(fields, "ref_px", i64::MIN)?.map(Price::new),
        protection: at_least(fields, "protection_points", 0)?.map(Ticks::new),
        post_only_cross: fields.word("post_only_cross", POST_ONLY_CROSS)?.unwrap_or(base.post_only_cross),
        amend_below_filled: fields.word("amend_below_filled", AMEND_BELOW_FILLED)?.unwrap_or(base.amend_below_filled),
        id_reuse: fields.word("id_reuse", ID_REUSE)?.unwrap_or(base.id_reuse),
        disconnect_scope: fields.word("cod_scope", COD_SCOPE)?.unwrap_or(base.disconnect_scope),
        kill_cancels_resting: fields.flag("kill_cancels_resting")?.unwrap_or(base.kill_cancels_resting),
        market_remainder: fields.word("market_remainder", MARKET_REMAINDER)?.unwrap_or(base.market_remainder),
        allocation: fields.word("allocation", ALLOCATION)?.unwrap_or(base.allocation),
        max_orders: count(fields, "max_orders")?.unwrap_or(base.max_orders),
        max_levels: count(fields, "max_levels")?.unwrap_or(base.max_levels),
    };
    rules.validate().map_err(|error| Malformed(error.to_string()))?;
    Ok(rules)
}

/// A parameter; one above the market's integers is as good as their greatest.
fn at_least(fields: &Fields<'_>, key: &str, least: i64) -> Result<Option<i64>, Malformed> {
    let value = fields.amount(key)?.map(|amount| match amount {
        Amount::Of(value) => value,
        Amount::Beyond => i64::MAX,
    });
    match value {
        Some(value) if value < least => Err(Malformed(format!("`{key}` must be at least {least}"))),
        value => Ok(value),
    }
}

fn count(fields: &Fields<'_>, key: &str) -> Result<Option<usize>, Malformed> {
    Ok(at_least(fields, key, 0)?.and_then(|value| usize::try_from(value).ok()))
}
