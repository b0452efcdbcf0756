//! The limits of a `config` line, and the contract in whose units it speaks.

use super::fields::{Fields, Malformed, mistyped};
use hft_core::models::{Cash, Decimal, FeeSchedule, Instrument, Qty};
use hft_core::risk::{AccountLimits, CountLimit, InstrumentLimits, Limits, RateLimit, SelfCross};
use std::collections::BTreeMap;

/// Raw units of cash in one tick of one lot: the smallest contract there is, so that no product of a price and a size
/// leaves 128 bits.
const TICK_LOT: i128 = 2;

/// A contract of which one tick of one lot is [`TICK_LOT`].
pub(super) fn unit_contract(symbol: &str) -> Instrument {
    let tick = Decimal::new(i64::try_from(TICK_LOT).expect("small"), Decimal::MAX_SCALE);
    Instrument::new(symbol, "", tick, Decimal::ONE, Decimal::ONE, FeeSchedule::default()).expect("a valid contract")
}

/// Reads a `config` line.
pub(super) fn read(fields: &Fields) -> Result<Limits, Malformed> {
    let symbols = fields.object("symbols")?.map(|symbols| by_symbol(&symbols)).transpose()?;
    Ok(Limits {
        instrument: None,
        symbols,
        account: fields.object("account")?.map_or(Ok(AccountLimits::default()), |account| of_account(&account))?,
        rate: fields.object("rate")?.map(|rate| of_rate(&rate)).transpose()?,
        duplicate: window(fields, "duplicate")?,
        repeat: window(fields, "repeat")?,
        reject_storm: window(fields, "reject_storm")?,
        stale_ms: fields.count("stale_ms")?,
        self_cross: match fields.text("self_cross")? {
            Some("deny") => SelfCross::Deny,
            Some("allow") | None => SelfCross::Allow,
            Some(_) => return Err(mistyped("self_cross", "deny or allow")),
        },
    })
}

fn by_symbol(symbols: &Fields) -> Result<BTreeMap<String, InstrumentLimits>, Malformed> {
    let limits = |symbol: &String| {
        let fields = symbols.object(symbol)?;
        Ok((symbol.clone(), fields.map_or(Ok(InstrumentLimits::default()), |fields| of_instrument(&fields))?))
    };
    symbols.keys().map(limits).collect()
}

fn of_instrument(fields: &Fields) -> Result<InstrumentLimits, Malformed> {
    Ok(InstrumentLimits {
        max_long: size(fields, "max_long")?,
        max_short: size(fields, "max_short")?,
        max_order_qty: size(fields, "max_order_qty")?,
        max_order_notional: money(fields, "max_order_notional")?,
        collar_bps: fields.count("collar_bps")?.map(narrow),
        max_open_orders: fields.count("max_open_orders")?.map(narrow),
    })
}

fn of_account(fields: &Fields) -> Result<AccountLimits, Malformed> {
    Ok(AccountLimits {
        max_gross_notional: money(fields, "max_gross_notional")?,
        max_net_notional: money(fields, "max_net_notional")?,
        max_open_orders: fields.count("max_open_orders")?.map(narrow),
        max_daily_loss: money(fields, "max_daily_loss")?,
        max_drawdown: money(fields, "max_drawdown")?,
    })
}

fn of_rate(fields: &Fields) -> Result<RateLimit, Malformed> {
    Ok(RateLimit {
        capacity: fields.require("capacity", fields.count("capacity")?)?,
        refill_per_s: fields.count("refill_per_s")?.unwrap_or(0),
        cancel_reserve: fields.count("cancel_reserve")?.unwrap_or(0),
    })
}

fn window(fields: &Fields, key: &str) -> Result<Option<CountLimit>, Malformed> {
    let read = |fields: Fields| {
        Ok(CountLimit {
            max: narrow(fields.require("max", fields.count("max")?)?),
            window_ms: fields.require("window_ms", fields.count("window_ms")?)?,
        })
    };
    fields.object(key)?.map(read).transpose()
}

fn size(fields: &Fields, key: &str) -> Result<Option<Qty>, Malformed> {
    fields.count(key)?;
    fields.qty(key)
}

fn money(fields: &Fields, key: &str) -> Result<Option<Cash>, Malformed> {
    fields.count(key)?;
    Ok(fields.integer(key)?.map(|value| Cash::new(value.saturating_mul(TICK_LOT))))
}

fn narrow(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
