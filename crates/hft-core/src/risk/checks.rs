//! The checks that depend on what an order would be, in their order. A new order and an amended one take the same path.

use super::limits::Limits;
use super::orders::{Exposure, OpenOrder, Standing};
use super::reject::RiskReject;
use super::state::{BookState, InstrumentState};
use crate::account::Ledger;
use crate::models::{Cash, Lots, NewOrder, OrderType, Price, Qty, Side, TimeInForce, Timestamp};

/// An order as it would be, if it were approved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Proposal {
    pub(super) side: Side,
    /// What a lot of it is worth, where that is known.
    pub(super) price: Option<Price>,
    /// What the collar compares with the book, and how.
    pub(super) collar: Collar,
    pub(super) standing: Standing,
    /// Whether it may trade at once, and up to which price: what self-cross asks.
    pub(super) reach: Reach,
    /// Total size.
    pub(super) total: Qty,
}

/// How far an order may reach against the account's own orders, on its arrival.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reach {
    /// It waits for a trigger.
    Nowhere,
    /// To its limit.
    To(Price),
    /// To any price.
    Anywhere,
}

/// What a price is measured from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Collar {
    /// A limit, from the book.
    Book(Price),
    /// A stop's limit, from its own trigger: the market will be there.
    Trigger(Price, Price),
    /// No limit: there must be a price to meet.
    Market,
    /// A plain stop: nothing to compare.
    Nothing,
}

/// What the account has open in place of the proposal now, and what it would count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// Counted now: nothing for a new order.
    pub(super) from: Exposure,
    /// Counted after approval.
    pub(super) to: Exposure,
}

impl Proposal {
    /// A new order, valued at its limit; a stop at its trigger; a market order at the touch that it meets.
    pub(super) fn of(order: &NewOrder, book: &BookState) -> Self {
        let at_once = matches!(order.tif, TimeInForce::Ioc | TimeInForce::Fok);
        let stands = if at_once { Standing::Never } else { Standing::Stands };
        let (price, collar, standing, reach) = match order.order_type {
            OrderType::Limit { price } => (Some(price), Collar::Book(price), stands, Reach::To(price)),
            OrderType::Market => (book.opposite_touch(order.side), Collar::Market, Standing::Never, Reach::Anywhere),
            OrderType::Stop { trigger } => (Some(trigger), Collar::Nothing, Standing::Never, Reach::Nowhere),
            OrderType::StopLimit { trigger, price } => {
                let waits = if at_once { Standing::Never } else { Standing::Waits };
                (Some(price), Collar::Trigger(price, trigger), waits, Reach::Nowhere)
            }
        };
        Self { side: order.side, price, collar, standing, reach, total: order.qty }
    }

    /// An order as an amend would leave it, were it the only one. A stop that waits has its limit and its trigger fixed by
    /// the venue, so the collar asks nothing of it.
    pub(super) fn amended(order: &OpenOrder, price: Option<Price>, qty: Option<Qty>) -> Self {
        let (price, total) = (price.unwrap_or(order.price), qty.unwrap_or(order.filled + order.leaves));
        let (collar, reach) = match order.standing {
            Standing::Stands | Standing::Never => (Collar::Book(price), Reach::To(price)),
            Standing::Waits => (Collar::Nothing, Reach::Nowhere),
        };
        Self { side: order.side, price: Some(price), collar, standing: order.standing, reach, total }
    }
}

/// Sizes and prices that no order may have.
pub(super) fn well_formed(order: &NewOrder) -> Result<(), RiskReject> {
    positive_qty(order.qty)?;
    match order.order_type {
        OrderType::Limit { price } => positive_price(price),
        OrderType::Market => Ok(()),
        OrderType::Stop { trigger } => positive_price(trigger),
        OrderType::StopLimit { trigger, price } => positive_price(trigger).and_then(|()| positive_price(price)),
    }
}

/// A size that can be traded.
pub(super) fn positive_qty(qty: Qty) -> Result<(), RiskReject> {
    if qty.is_positive() { Ok(()) } else { Err(RiskReject::InvalidQty) }
}

/// A price that can be paid.
pub(super) fn positive_price(price: Price) -> Result<(), RiskReject> {
    if price > Price::ZERO { Ok(()) } else { Err(RiskReject::InvalidPx) }
}

/// The checks from stale data to the price collar, and what the whole order is worth. An order without a price passes only
/// where its value is not limited.
pub(super) fn worth(
    proposal: &Proposal,
    book: &BookState,
    instrument: &InstrumentState,
    limits: &Limits,
    now: Timestamp,
) -> Result<Cash, RiskReject> {
    let rules = instrument.limits.as_ref().ok_or(RiskReject::UnknownSymbol)?;
    if limits.stale_after().is_some_and(|after| book.is_stale(now, after)) {
        return Err(RiskReject::StaleMarketData);
    }
    if rules.max_order_qty.is_some_and(|most| proposal.total > most) {
        return Err(RiskReject::OrderQty);
    }
    let is_valued = rules.max_order_notional.is_some() || limits.account.value_orders();
    if proposal.price.is_none() && is_valued {
        return Err(RiskReject::NoReferencePrice);
    }
    let value = value(proposal, book)?;
    if rules.max_order_notional.is_some_and(|most| value > most) {
        return Err(RiskReject::OrderNotional);
    }
    if let Some(bps) = rules.collar_bps {
        within_collar(proposal, book, bps)?;
    }
    Ok(value)
}

/// What the whole order is worth, zero without a price; more than can be counted is denied.
pub(super) fn value(proposal: &Proposal, book: &BookState) -> Result<Cash, RiskReject> {
    let Some(price) = proposal.price else { return Ok(Cash::ZERO) };
    book.listing.instrument.checked_notional(price, proposal.total).ok_or(RiskReject::OrderNotional)
}

fn within_collar(proposal: &Proposal, book: &BookState, bps: u32) -> Result<(), RiskReject> {
    let side = proposal.side;
    let (price, reference) = match proposal.collar {
        Collar::Book(price) => (price, book.reference(side).ok_or(RiskReject::NoReferencePrice)?),
        Collar::Trigger(price, trigger) => (price, trigger),
        Collar::Market => return book.opposite_touch(side).map(|_| ()).ok_or(RiskReject::NoReferencePrice),
        Collar::Nothing => return book.reference(side).map(|_| ()).ok_or(RiskReject::NoReferencePrice),
    };
    // A buy may reach (1 + bps/10^4) times the reference, a sell (1 - bps/10^4) times: multiplied, never divided.
    let factor = 10_000 + i128::from(bps) * i128::from(side.sign());
    let (scaled, bound) = (i128::from(price.ticks()) * 10_000, i128::from(reference.ticks()) * factor);
    let through = match side {
        Side::Buy => scaled > bound,
        Side::Sell => scaled < bound,
    };
    if through { Err(RiskReject::PriceCollar) } else { Ok(()) }
}

/// Own orders in the way of what the proposal may do at once.
pub(super) fn meets_no_own(proposal: &Proposal, book: &BookState) -> Result<(), RiskReject> {
    let meets = match proposal.reach {
        Reach::Nowhere => false,
        Reach::To(price) => book.meets_own(proposal.side, Some(price)),
        Reach::Anywhere => book.meets_own(proposal.side, None),
    };
    if meets { Err(RiskReject::SelfCross) } else { Ok(()) }
}

/// Position limit: the position with all open orders of this side filled, this one included.
pub(super) fn within_position(
    proposal: &Proposal,
    instrument: &InstrumentState,
    step: &Step,
    position: impl FnOnce() -> Lots,
) -> Result<(), RiskReject> {
    let rules = instrument.limits.as_ref().ok_or(RiskReject::UnknownSymbol)?;
    let limit = match proposal.side {
        Side::Buy => rules.max_long,
        Side::Sell => rules.max_short,
    };
    let (Some(limit), true) = (limit, step.to.open > step.from.open) else { return Ok(()) };
    let added = i128::from(step.to.open.lots()) - i128::from(step.from.open.lots());
    let all_filled = i128::from(position().count()) * i128::from(proposal.side.sign())
        + instrument.open[proposal.side.index()]
        + added;
    if all_filled > i128::from(limit.lots()) { Err(RiskReject::PositionLimit) } else { Ok(()) }
}

/// Gross notional: all positions at their marks and all open orders at their prices, nothing netted. A sum that cannot be
/// counted is above every limit.
pub(super) fn within_gross(
    limit: Option<Cash>,
    step: &Step,
    open_orders: Cash,
    ledger: &Ledger,
) -> Result<(), RiskReject> {
    let (Some(limit), true) = (limit, step.to.notional > step.from.notional) else { return Ok(()) };
    let added = step.to.notional.raw() - step.from.notional.raw();
    let orders = open_orders.raw().checked_add(added);
    let gross = orders.and_then(|orders| orders.checked_add(ledger.gross_value().raw()));
    match gross {
        Some(gross) if gross <= limit.raw() => Ok(()),
        _ => Err(RiskReject::GrossNotional),
    }
}

/// Whether the value of the longs less the shorts stays within the limit, with all open orders of the order's side filled. Where the limit is passed already,
/// as it may be when prices move, what leads back is let through.
#[inline]
pub(super) fn within_net(
    limit: Option<Cash>,
    side: Side,
    step: &Step,
    open_orders: Cash,
    ledger: &Ledger,
) -> Result<(), RiskReject> {
    let (Some(limit), true) = (limit, step.to.notional > step.from.notional) else { return Ok(()) };
    let added = step.to.notional.raw() - step.from.notional.raw();
    let held = ledger.net_value().raw().checked_mul(i128::from(side.sign()));
    let net = open_orders.raw().checked_add(added).and_then(|orders| orders.checked_add(held?));
    match net {
        Some(net) if net <= limit.raw() => Ok(()),
        _ => Err(RiskReject::NetNotional),
    }
}
