//! What a venue publishes, and what the outside world says.

use super::{BookId, HalfTicks, InstrumentId, OrderId, Price, Qty, Side, Timestamp, TradeId};
use serde::{Deserialize, Serialize};

/// A price and the size shown there.
///
/// Example: [`MarketData`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Quote {
    /// The level.
    pub price: Price,
    /// The visible size; saturates at [`Qty::MAX`].
    pub qty: Qty,
}

/// The best bid and the best ask (L1). Either may be missing.
///
/// Example: [`MarketData`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Top {
    /// Highest bid.
    pub bid: Option<Quote>,
    /// Lowest ask.
    pub ask: Option<Quote>,
}

/// What an order book allows at the moment.
///
/// Example: [`MarketData`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Orders trade as they arrive.
    #[default]
    Continuous,
    /// Orders are collected for an auction.
    Auction,
    /// Nothing but cancels.
    Halt,
}

/// One public change of a book.
///
/// Example: [`MarketData`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum MarketUpdate {
    /// The best bid and ask are now these (L1).
    Top(Top),
    /// A level's visible size is now this; zero removes it (L2, absolute, so that updates conflate).
    Level {
        /// Which half of the book.
        side: Side,
        /// Which level.
        price: Price,
        /// Its visible size now.
        qty: Qty,
        /// True for the last change of one command or interval: only then is the view a state the venue was in.
        last: bool,
    },
    /// All levels are void; the full book follows as levels (L2 recovery).
    Clear,
    /// A visible order appeared at the back of its level (L3).
    OrderAdded {
        /// The order.
        id: OrderId,
        /// Its side.
        side: Side,
        /// Its level.
        price: Price,
        /// Its visible size.
        qty: Qty,
    },
    /// A visible order lost size where it stands, by a trade, a cut or prevention; zero removes it (L3).
    OrderReduced {
        /// The order.
        id: OrderId,
        /// Its visible size now.
        qty: Qty,
    },
    /// A trade happened.
    Trade {
        /// The trade.
        trade: TradeId,
        /// Its price.
        price: Price,
        /// Its size.
        qty: Qty,
        /// Who took; `None` in an auction.
        aggressor: Option<Side>,
    },
    /// The book changed its phase.
    Phase(Phase),
}

/// A numbered public message about one book.
///
/// ```
/// use hft_core::models::*;
/// # let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
/// let quote = |price, qty| Some(Quote { price: Price::new(price), qty: Qty::new(qty) });
/// let top = Top { bid: quote(99, 5), ask: quote(102, 3) };
/// assert_eq!(top.mid(), Some(HalfTicks::new(201)), "one hundred and a half, exactly");
/// let level = MarketUpdate::Level { side: Side::Buy, price: Price::new(99), qty: Qty::new(4), last: true };
/// let first = MarketData { book, seq: 1, time: Timestamp::START, update: MarketUpdate::Top(top) };
/// let second = MarketData { seq: 2, update: level, ..first };
/// assert_eq!(second.seq, first.seq + 1, "nothing was lost between them");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct MarketData {
    /// Which book.
    pub book: BookId,
    /// Number of this message in the subscriber's feed of this book, from 1: a gap is a loss.
    pub seq: u64,
    /// When the venue sent it, on the venue's clock.
    pub time: Timestamp,
    /// What changed.
    pub update: MarketUpdate,
}

/// A message from the world outside the venues.
///
/// Example: [`Tape`](crate::flow::Tape).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum News {
    /// The hidden fundamental value, told only to those informed of it.
    Value {
        /// Of which contract.
        instrument: InstrumentId,
        /// Its value now.
        value: HalfTicks,
    },
    /// A published item; the text stands in the tape that sent it.
    Headline {
        /// Number of the item on the tape.
        item: u32,
        /// When it was published.
        published: Timestamp,
    },
}

impl Top {
    /// The exact midpoint, where both sides exist.
    pub fn mid(&self) -> Option<HalfTicks> {
        Some(self.bid?.price.mid(self.ask?.price))
    }

    /// The quote of one side.
    pub const fn side(&self, side: Side) -> Option<Quote> {
        match side {
            Side::Buy => self.bid,
            Side::Sell => self.ask,
        }
    }
}
