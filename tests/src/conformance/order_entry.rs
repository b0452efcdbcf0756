//! The `new` command: from fields to an order of the market's own type. What the type cannot say, because it is
//! contradictory, becomes an order that the book refuses for that very reason.

use super::fields::{Amount, Fields, Malformed};
use crate::engine::BOOK;
use crate::words::SIDES;
use hft_core::models::{NewOrder, OrderId, OrderType, Price, Qty, RejectReason, SelfTrade, TimeInForce, Timestamp};

/// Why a command does not reach the book.
pub(super) enum Fault {
    Malformed(Malformed),
    /// A number that is too large for any order.
    Refused(RejectReason),
}

impl From<Malformed> for Fault {
    fn from(malformed: Malformed) -> Self {
        Fault::Malformed(malformed)
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Limit,
    Market,
    Stop,
    StopLimit,
}

#[derive(Clone, Copy, PartialEq)]
enum Tif {
    Gtc,
    Day,
    Ioc,
    Fok,
    Gtd,
}

/// Reads a new order; `id` is what the session calls it.
pub(super) fn new_order(fields: &Fields<'_>, id: OrderId) -> Result<NewOrder, Fault> {
    let side = fields.require("side", fields.word("side", SIDES)?)?;
    let qty = fields.require("qty", fields.amount("qty")?)?;
    let px = fields.amount("px")?;
    let stop_px = fields.amount("stop_px")?;
    let display = fields.amount("display")?;
    let min_fill = fields.amount("min_fill")?;
    let post_only = fields.flag("post_only")?.unwrap_or(false);
    let self_trade = self_trade(fields)?;
    let kind = kind(fields)?;
    let tif = time_in_force(fields)?;
    let order_type = order_type(kind, px, stop_px)?;
    let order = NewOrder {
        id,
        book: BOOK,
        side,
        order_type,
        qty: Qty::new(bounded(qty, RejectReason::QtyOutOfRange)?),
        tif: tif.unwrap_or(TimeInForce::Gtc),
        post_only,
        display: display.map(|display| bounded(display, RejectReason::InvalidDisplay)).transpose()?.map(Qty::new),
        min_fill: min_fill
            .map(|min_fill| bounded(min_fill, RejectReason::InvalidCombo))
            .transpose()?
            .map_or(Qty::ZERO, Qty::new),
        self_trade,
    };
    match tif {
        Some(_) => Ok(order),
        // Good till a date that is not given, or a date for an order that knows none: contradictory, like this one.
        None => Ok(NewOrder { tif: TimeInForce::Ioc, post_only: true, ..order }),
    }
}

/// An integer in range, or the reason for which one above the range is refused.
pub(super) fn bounded(amount: Amount, reason: RejectReason) -> Result<i64, Fault> {
    match amount {
        Amount::Of(value) => Ok(value),
        Amount::Beyond => Err(Fault::Refused(reason)),
    }
}

/// The type with its prices. A price that is missing, or given where none is allowed, is entered as zero.
fn order_type(kind: Kind, px: Option<Amount>, stop_px: Option<Amount>) -> Result<OrderType, Fault> {
    let price = match px {
        Some(px) => Some(Price::new(bounded(px, RejectReason::PxOutOfRange)?)),
        None => None,
    };
    let trigger = match stop_px {
        Some(stop_px) => Some(Price::new(bounded(stop_px, RejectReason::InvalidStopPx)?)),
        None => None,
    };
    let given_or_zero = |price: Option<Price>| price.unwrap_or(Price::ZERO);
    Ok(match (kind, price, trigger) {
        (Kind::Limit, price, None) => OrderType::Limit { price: given_or_zero(price) },
        (Kind::Market, None, None) => OrderType::Market,
        (Kind::Market, Some(_), None) => OrderType::Limit { price: Price::ZERO },
        (Kind::Limit | Kind::Market, price, Some(_)) => {
            OrderType::StopLimit { trigger: Price::ZERO, price: price.unwrap_or(Price::new(1)) }
        }
        (Kind::Stop, None, trigger) => OrderType::Stop { trigger: given_or_zero(trigger) },
        (Kind::Stop, Some(_), trigger) => OrderType::StopLimit { trigger: given_or_zero(trigger), price: Price::ZERO },
        (Kind::StopLimit, price, trigger) => {
            OrderType::StopLimit { trigger: given_or_zero(trigger), price: given_or_zero(price) }
        }
    })
}

fn kind(fields: &Fields<'_>) -> Result<Kind, Malformed> {
    let kinds =
        [("limit", Kind::Limit), ("market", Kind::Market), ("stop", Kind::Stop), ("stop_limit", Kind::StopLimit)];
    Ok(fields.word("type", &kinds)?.unwrap_or(Kind::Limit))
}

/// The time in force, or `None` where expiry and time in force contradict each other. An expiry alone means GTD.
fn time_in_force(fields: &Fields<'_>) -> Result<Option<TimeInForce>, Malformed> {
    let words = [("gtc", Tif::Gtc), ("day", Tif::Day), ("ioc", Tif::Ioc), ("fok", Tif::Fok), ("gtd", Tif::Gtd)];
    let tif = fields.word("tif", &words)?;
    let expires = fields.integer("expire_at")?.map(moment);
    let tif = tif.unwrap_or(if expires.is_some() { Tif::Gtd } else { Tif::Gtc });
    Ok(match (tif, expires) {
        (Tif::Gtd, Some(expires)) => Some(TimeInForce::Gtd { expires }),
        (Tif::Gtd, None) | (_, Some(_)) => None,
        (Tif::Gtc, None) => Some(TimeInForce::Gtc),
        (Tif::Day, None) => Some(TimeInForce::Day),
        (Tif::Ioc, None) => Some(TimeInForce::Ioc),
        (Tif::Fok, None) => Some(TimeInForce::Fok),
    })
}

fn self_trade(fields: &Fields<'_>) -> Result<SelfTrade, Malformed> {
    let words = [
        ("none", SelfTrade::Allow),
        ("cancel_oldest", SelfTrade::CancelOldest),
        ("cancel_newest", SelfTrade::CancelNewest),
        ("cancel_both", SelfTrade::CancelBoth),
        ("decrement", SelfTrade::Decrement),
    ];
    Ok(fields.word("stp", &words)?.unwrap_or_default())
}

/// A moment of virtual time, clamped to what the clock can show.
pub(super) fn moment(value: i128) -> Timestamp {
    Timestamp::new(u64::try_from(value.max(0)).unwrap_or(u64::MAX))
}
