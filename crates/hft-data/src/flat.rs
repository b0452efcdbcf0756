//! An event's body as a row of a table: the same few columns for every kind. What our CSV and Parquet have in common.

use crate::event::{Body, ClearReason, OrderRef, Resting, Status};
use hft_core::models::{Price, Qty, Side};

/// The columns of a body; which are told depends on its kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Flat {
    /// An order, or the number of a trade.
    pub(crate) order: Option<u64>,
    /// The order that comes, a reason, a status or a code.
    pub(crate) other: Option<u64>,
    pub(crate) side: Option<Side>,
    /// Prices and sizes in the instrument's steps; the second pair is a quote's offer.
    pub(crate) levels: [(Option<i64>, Option<i64>); 2],
}

const REASONS: [ClearReason; 3] = [ClearReason::Snapshot, ClearReason::Gap, ClearReason::Session];

const STATUSES: [Status; 5] = [Status::PreOpen, Status::Trading, Status::QuoteOnly, Status::Halt, Status::Close];

/// The words for a reason, in the order of their codes.
const REASON_WORDS: &[&str] = &["snapshot", "gap", "session"];

/// The words for a status, in the order of their codes.
const STATUS_WORDS: &[&str] = &["pre_open", "trading", "quote_only", "halt", "close"];

/// The words that `other` has for a kind of body, where they are words.
pub(crate) fn words(kind: usize) -> Option<&'static [&'static str]> {
    match Body::KINDS[kind] {
        "clear" => Some(REASON_WORDS),
        "status" => Some(STATUS_WORDS),
        _ => None,
    }
}

fn code<T: PartialEq>(values: &[T], value: &T) -> Option<u64> {
    let at = values.iter().position(|known| known == value).expect("every value has its code");
    u64::try_from(at).ok()
}

impl Flat {
    /// A body's columns.
    pub(crate) fn of(body: &Body) -> Self {
        let level = |price: Price, qty: Qty| [(Some(price.ticks()), Some(qty.lots())), (None, None)];
        let resting = |order: OrderRef, qty: Qty, at: Option<Resting>| Self {
            order: Some(order.0),
            side: at.map(|at| at.side),
            levels: [(at.map(|at| at.price.ticks()), Some(qty.lots())), (None, None)],
            ..Self::default()
        };
        let named = |order: u64, levels| Self { order: Some(order), levels, ..Self::default() };
        match *body {
            Body::Add { order, side, price, qty } | Body::Modify { order, side, price, qty } => {
                Self { side: Some(side), ..named(order.0, level(price, qty)) }
            }
            Body::Reduce { order, by: qty, resting: at }
            | Body::Delete { order, qty, resting: at }
            | Body::Execute { order, qty, resting: at } => resting(order, qty, at),
            Body::ExecuteAt { order, qty, price } => named(order.0, level(price, qty)),
            Body::Replace { order, by, price, qty } => Self { other: Some(by.0), ..named(order.0, level(price, qty)) },
            Body::HiddenTrade { order: OrderRef(id), price, qty, aggressor }
            | Body::Trade { id, price, qty, aggressor } => Self { side: aggressor, ..named(id, level(price, qty)) },
            Body::Bust { id } => named(id, Default::default()),
            Body::Level { side, price, qty } => Self { side: Some(side), levels: level(price, qty), ..Self::default() },
            Body::Quote { bid, bid_qty, ask, ask_qty } => {
                let levels = [(bid, bid_qty), (ask, ask_qty)].map(|(at, qty)| (Some(at.ticks()), Some(qty.lots())));
                Self { levels, ..Self::default() }
            }
            Body::Clear(reason) => Self { other: code(&REASONS, &reason), ..Self::default() },
            Body::Status(status) => Self { other: code(&STATUSES, &status), ..Self::default() },
            Body::Notice(code) => Self { other: Some(u64::from(code)), ..Self::default() },
        }
    }

    /// The body of a kind with these columns.
    ///
    /// # Errors
    /// When a column that the kind needs is not told, with what is needed.
    pub(crate) fn body(&self, kind: usize) -> Result<Body, &'static str> {
        let order = || self.order.map(OrderRef).ok_or("an order");
        let side = || self.side.ok_or("a side of buy or sell");
        let (price, qty) = (|| self.price(0), || self.qty(0));
        let resting = || -> Result<Option<Resting>, &'static str> {
            let Some(side) = self.side else { return Ok(None) };
            Ok(Some(Resting { side, price: self.price(0)? }))
        };
        let other = |range: usize, expected| {
            self.other.and_then(|code| usize::try_from(code).ok()).filter(|&code| code < range).ok_or(expected)
        };
        Ok(match Body::KINDS[kind] {
            "add" => Body::Add { order: order()?, side: side()?, price: price()?, qty: qty()? },
            "modify" => Body::Modify { order: order()?, side: side()?, price: price()?, qty: qty()? },
            "reduce" => Body::Reduce { order: order()?, by: qty()?, resting: resting()? },
            "delete" => Body::Delete { order: order()?, qty: qty()?, resting: resting()? },
            "execute" => Body::Execute { order: order()?, qty: qty()?, resting: resting()? },
            "execute_at" => Body::ExecuteAt { order: order()?, qty: qty()?, price: price()? },
            "replace" => {
                let by = self.other.map(OrderRef).ok_or("the order that comes")?;
                Body::Replace { order: order()?, by, price: price()?, qty: qty()? }
            }
            "hidden_trade" => Body::HiddenTrade { order: order()?, price: price()?, qty: qty()?, aggressor: self.side },
            "trade" => Body::Trade { id: order()?.0, price: price()?, qty: qty()?, aggressor: self.side },
            "bust" => Body::Bust { id: order()?.0 },
            "level" => Body::Level { side: side()?, price: price()?, qty: qty()? },
            "quote" => {
                let (ask, ask_qty) = (self.price(1)?, self.qty(1)?);
                Body::Quote { bid: price()?, bid_qty: qty()?, ask, ask_qty }
            }
            "clear" => Body::Clear(REASONS[other(REASONS.len(), "snapshot, gap or session")?]),
            "status" => Body::Status(STATUSES[other(STATUSES.len(), "pre_open, trading, quote_only, halt or close")?]),
            _ => Body::Notice(self.other.and_then(|code| u8::try_from(code).ok()).ok_or("a code of 0 to 255")?),
        })
    }

    fn price(&self, level: usize) -> Result<Price, &'static str> {
        self.levels[level].0.map(Price::new).ok_or("a price")
    }

    fn qty(&self, level: usize) -> Result<Qty, &'static str> {
        match self.levels[level].1 {
            Some(qty) if qty < 0 => Err("a size that is not negative"),
            Some(qty) => Ok(Qty::new(qty)),
            None => Err("a size"),
        }
    }
}
