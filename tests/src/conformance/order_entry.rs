//! The `new` command: from fields to an order of the market's own type. What the type cannot say, because it is
//! contradictory, becomes an order that the book refuses for that very reason.

use super::fields::{Amount, Fields, Malformed};
use crate::engine::BOOK;
use crate::words::SIDES;
use hft_core::models::{NewOrder, OrderId, OrderType, Price, Qty, RejectReason, SelfTrade, TimeInForce, Timestamp};

/// Which numbers of a command are above the market's integers. The command reaches the book with zero in their place:
/// zero is refused just where such a number is, so that whatever is asked before keeps its turn.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Beyond {
    pub(super) qty: bool,
    pub(super) px: bool,
}

impl Beyond {
    /// An amount for the book: zero, noted, where it is above the market's integers.
    pub(super) fn bounded(amount: Amount, is_beyond: &mut bool) -> i64 {
        match amount {
            Amount::Of(value) => value,
            Amount::Beyond => {
                *is_beyond = true;
                0
            }
        }
    }

    /// The reason for what was really asked.
    pub(super) fn reason(self, reason: RejectReason) -> RejectReason {
        if self.qty && reason == RejectReason::InvalidQty {
            RejectReason::QtyOutOfRange
        } else if self.px && reason == RejectReason::InvalidPx {
            RejectReason::PxOutOfRange
        } else {
            reason
        }
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
pub(super) fn new_order(fields: &Fields<'_>, id: OrderId) -> Result<(NewOrder, Beyond), Malformed> {
    let mut beyond = Beyond::default();
    let side = fields.require("side", fields.word("side", SIDES)?)?;
    let qty = Beyond::bounded(fields.require("qty", fields.amount("qty")?)?, &mut beyond.qty);
    let px = fields.amount("px")?;
    // A trigger or a display size of zero has the very reason of one that is far too large.
    let or_zero = |amount: Amount| Beyond::bounded(amount, &mut false);
    let stop_px = fields.amount("stop_px")?.map(or_zero).map(Price::new);
    let display = fields.amount("display")?.map(or_zero).map(Qty::new);
    let min_fill = fields.amount("min_fill")?;
    let post_only = fields.flag("post_only")?.unwrap_or(false);
    let self_trade = self_trade(fields)?;
    let kind = kind(fields)?;
    let tif = time_in_force(fields)?;
    let px = match kind {
        Kind::Limit | Kind::StopLimit => px.map(|px| Price::new(Beyond::bounded(px, &mut beyond.px))),
        // A market order has no price to be wrong: what senders fill in there is not read.
        Kind::Market | Kind::Stop => None,
    };
    let order = NewOrder {
        id,
        book: BOOK,
        side,
        order_type: order_type(kind, px, stop_px),
        qty: Qty::new(qty),
        tif: tif.unwrap_or(TimeInForce::Gtc),
        post_only,
        display,
        min_fill: min_fill.map_or(Qty::ZERO, |min_fill| Qty::new(or_zero(min_fill))),
        self_trade,
    };
    match (tif, min_fill) {
        (Some(_), None | Some(Amount::Of(_))) => Ok((order, beyond)),
        // Good till a date that is not given, a date for an order that knows none, more at once than there is of any
        // order: contradictory, like this one.
        (None, _) | (_, Some(Amount::Beyond)) => {
            Ok((NewOrder { tif: TimeInForce::Ioc, post_only: true, ..order }, beyond))
        }
    }
}

/// The type with its prices. A price that is missing is entered as zero, as is a trigger where none is allowed.
fn order_type(kind: Kind, price: Option<Price>, trigger: Option<Price>) -> OrderType {
    let given_or_zero = |price: Option<Price>| price.unwrap_or(Price::ZERO);
    match (kind, trigger) {
        (Kind::Limit, None) => OrderType::Limit { price: given_or_zero(price) },
        (Kind::Limit, Some(_)) => OrderType::StopLimit { trigger: Price::ZERO, price: given_or_zero(price) },
        (Kind::Market, None) => OrderType::Market,
        (Kind::Market, Some(_)) => OrderType::Stop { trigger: Price::ZERO },
        (Kind::Stop, trigger) => OrderType::Stop { trigger: given_or_zero(trigger) },
        (Kind::StopLimit, trigger) => {
            OrderType::StopLimit { trigger: given_or_zero(trigger), price: given_or_zero(price) }
        }
    }
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

/// A moment of virtual time, clamped to what the clock can show: its last moment is the one before that which never
/// comes.
pub(super) fn moment(value: i128) -> Timestamp {
    const LAST: u64 = u64::MAX - 1;
    Timestamp::new(u64::try_from(value.max(0)).map_or(LAST, |moment| moment.min(LAST)))
}
