//! What a sender asks of a venue.

use super::{BookId, OrderId, Price, Qty, Side, Timestamp};
use serde::{Deserialize, Serialize};

/// When an order may trade, and where its price comes from.
///
/// Example: [`NewOrder`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum OrderType {
    /// Trades at `price` or better.
    Limit {
        /// The worst acceptable price.
        price: Price,
    },
    /// Trades at any price, or within the venue's protection points.
    Market,
    /// Becomes a market order when the last trade reaches `trigger`; invisible until then.
    Stop {
        /// Inclusive trigger: a buy from below, a sell from above.
        trigger: Price,
    },
    /// Becomes a limit order at `price` when the last trade reaches `trigger`.
    StopLimit {
        /// Inclusive trigger.
        trigger: Price,
        /// The worst acceptable price thereafter.
        price: Price,
    },
}

/// How long an order stands.
///
/// Example: [`NewOrder`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum TimeInForce {
    /// Good till cancelled.
    Gtc,
    /// Until the session ends.
    Day,
    /// Immediate or cancel: what does not trade at once is cancelled.
    Ioc,
    /// Fill or kill: all at once or nothing.
    Fok,
    /// Good till a moment; at that moment it has expired.
    Gtd {
        /// The first moment at which the order no longer stands. [`Timestamp::MAX`] never comes.
        expires: Timestamp,
    },
}

/// Self-trade prevention: what happens when the taker meets an order of its own account. The taker's choice governs.
///
/// Example: [`NewOrder`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub enum SelfTrade {
    /// Own orders trade with each other.
    #[default]
    Allow,
    /// The resting order is cancelled; the taker goes on.
    CancelOldest,
    /// The taker's remainder is cancelled.
    CancelNewest,
    /// Both are cancelled.
    CancelBoth,
    /// Both lose the smaller open quantity; who reaches zero is cancelled.
    Decrement,
}

/// A new order, as its sender wrote it: nothing is valid until the gate and the venue say so.
///
/// ```
/// use hft_core::models::*;
/// # let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
/// let plain = NewOrder::limit(OrderId(1), book, Side::Sell, Price::new(101), Qty::new(50));
/// let iceberg = NewOrder { display: Some(Qty::new(10)), self_trade: SelfTrade::CancelOldest, ..plain };
/// let sweep = NewOrder { tif: TimeInForce::Ioc, min_fill: Qty::new(20), ..plain };
/// let stop = NewOrder { order_type: OrderType::Stop { trigger: Price::new(95) }, ..plain };
/// assert_eq!((iceberg.limit_price(), sweep.limit_price()), (Some(Price::new(101)), Some(Price::new(101))));
/// assert_eq!(stop.limit_price(), None, "it sells at any price, once it is triggered");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct NewOrder {
    /// The sender's name for it.
    pub id: OrderId,
    /// Where it goes.
    pub book: BookId,
    /// Buy or sell.
    pub side: Side,
    /// Limit, market, or a stop of either kind.
    pub order_type: OrderType,
    /// Total size.
    pub qty: Qty,
    /// How long it stands.
    pub tif: TimeInForce,
    /// Must rest: refused (or moved behind the touch, by the venue's policy) where it would trade.
    pub post_only: bool,
    /// Iceberg: how much of it shows at a time.
    pub display: Option<Qty>,
    /// Trades at least this much at once, or not at all. Zero asks nothing.
    pub min_fill: Qty,
    /// What to do about own orders in its way.
    pub self_trade: SelfTrade,
}

/// Anything a sender may ask.
///
/// ```
/// use hft_core::models::*;
/// # let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
/// let id = OrderId(1);
/// let cheaper = Command::Amend { book, id, price: Some(Price::new(100)), qty: None };
/// let everything = Command::MassCancel { book, side: None };
/// assert_eq!((cheaper.book(), cheaper.order_id()), (book, Some(id)));
/// assert_eq!(everything.order_id(), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Command {
    /// Enter an order.
    New(NewOrder),
    /// Change price, total size, or both. A smaller size at the same price keeps priority.
    Amend {
        /// The book it stands in.
        book: BookId,
        /// Which order.
        id: OrderId,
        /// The new price, if it changes.
        price: Option<Price>,
        /// The new total, what has been filled included, if it changes.
        qty: Option<Qty>,
    },
    /// Cut the open quantity; priority is kept. Cutting all of it or more cancels.
    Reduce {
        /// The book it stands in.
        book: BookId,
        /// Which order.
        id: OrderId,
        /// By how much.
        by: Qty,
    },
    /// Take an order out.
    Cancel {
        /// The book it stands in.
        book: BookId,
        /// Which order.
        id: OrderId,
    },
    /// Take out all the sender's orders in a book, or those of one side.
    MassCancel {
        /// The book.
        book: BookId,
        /// One side only.
        side: Option<Side>,
    },
}

impl NewOrder {
    /// A good-till-cancelled limit order; the other fields are set with struct update syntax.
    ///
    /// ```
    /// use hft_core::models::*;
    /// let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
    /// let quote = NewOrder {
    ///     post_only: true,
    ///     ..NewOrder::limit(OrderId(1), book, Side::Buy, Price::new(9_992), Qty::new(1))
    /// };
    /// assert_eq!(quote.limit_price(), Some(Price::new(9_992)));
    /// ```
    pub const fn limit(id: OrderId, book: BookId, side: Side, price: Price, qty: Qty) -> Self {
        Self {
            id,
            book,
            side,
            order_type: OrderType::Limit { price },
            qty,
            tif: TimeInForce::Gtc,
            post_only: false,
            display: None,
            min_fill: Qty::ZERO,
            self_trade: SelfTrade::Allow,
        }
    }

    /// A market order: what finds no counterparty at once is cancelled.
    pub const fn market(id: OrderId, book: BookId, side: Side, qty: Qty) -> Self {
        Self { order_type: OrderType::Market, tif: TimeInForce::Ioc, ..Self::limit(id, book, side, Price::ZERO, qty) }
    }

    /// The worst price that its sender accepts, where there is one.
    pub const fn limit_price(&self) -> Option<Price> {
        match self.order_type {
            OrderType::Limit { price } | OrderType::StopLimit { price, .. } => Some(price),
            OrderType::Market | OrderType::Stop { .. } => None,
        }
    }
}

impl Command {
    /// The book it goes to.
    pub const fn book(&self) -> BookId {
        match self {
            Command::New(order) => order.book,
            Command::Amend { book, .. }
            | Command::Reduce { book, .. }
            | Command::Cancel { book, .. }
            | Command::MassCancel { book, .. } => *book,
        }
    }

    /// The order it names, where it names one.
    pub const fn order_id(&self) -> Option<OrderId> {
        match self {
            Command::New(order) => Some(order.id),
            Command::Amend { id, .. } | Command::Reduce { id, .. } | Command::Cancel { id, .. } => Some(*id),
            Command::MassCancel { .. } => None,
        }
    }
}
