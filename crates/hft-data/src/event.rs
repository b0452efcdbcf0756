//! What every format ends in: one event, small enough to copy, exact enough to trade on.
//!
//! Prices are whole numbers of the instrument's price step and sizes of its size step (see
//! [`InstrumentInfo`](crate::InstrumentInfo)); no float is involved anywhere between a file and an event.
//!
//! # Two clocks
//!
//! `local_time` is when the recording's owner saw the event. It is always known, and the events of one file are ordered by
//! it. `exchange_time` is what the venue's clock said, or [`UnixNanos::UNKNOWN`] where the record does not tell. A format
//! that has only the venue's clock (LOBSTER, ITCH, LEAN) has the same moment in both: who replays it adds a latency. A format
//! that has only the recorder's clock leaves `exchange_time` unknown. The two clocks are not synchronised: see
//! [`ClockOffset`](crate::ClockOffset).

use crate::time::UnixNanos;
use hft_core::models::{Price, Qty, Side};
use serde::Serialize;

/// Which instrument of the recording: an index into its [`Instruments`](crate::Instruments).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct InstrumentIndex(pub u16);

/// The venue's name of an order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct OrderRef(pub u64);

/// One thing that happened, on one instrument.
///
/// ```
/// use hft_core::models::{Price, Qty, Side};
/// use hft_data::{Body, Event, Flags, InstrumentIndex, OrderRef, UnixNanos};
/// let body = Body::Add { order: OrderRef(7), side: Side::Buy, price: Price::new(5_853_300), qty: Qty::new(18) };
/// let event = Event::at(UnixNanos::new(1), InstrumentIndex(0), body);
/// assert!(event.flags.has(Flags::LAST), "alone, it is the end of its batch");
/// assert_eq!(size_of::<Event>(), 64, "one line of the processor's cache");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Event {
    /// When the venue says that it happened; may be unknown.
    pub exchange_time: UnixNanos,
    /// When the recorder saw it.
    pub local_time: UnixNanos,
    /// Whose book it concerns.
    pub instrument: InstrumentIndex,
    /// What else is known of it.
    pub flags: Flags,
    /// What happened.
    pub body: Body,
}

impl Event {
    /// An event that both clocks saw at once and that is a batch of its own.
    pub const fn at(time: UnixNanos, instrument: InstrumentIndex, body: Body) -> Self {
        Self { exchange_time: time, local_time: time, instrument, flags: Flags::LAST, body }
    }

    /// The same with these flags instead.
    #[must_use]
    pub const fn flagged(self, flags: Flags) -> Self {
        Self { flags, ..self }
    }
}

/// What else is known of an event: a set of bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Flags(u8);

impl Flags {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// The last of its batch: after it the book is consistent and may be looked at.
    pub const LAST: Self = Self(1);
    /// Part of an image of the book rather than a change that happened now.
    pub const SNAPSHOT: Self = Self(2);
    /// An execution that must not be counted as volume (ITCH calls it non-printable: an auction prints it once, in sum).
    pub const UNPRINTED: Self = Self(4);
    /// An execution in an auction.
    pub const CROSS: Self = Self(8);

    /// All that have a meaning.
    pub const ALL: Self = Self(15);

    /// From its bits; `None` where a bit has no meaning.
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits & !Self::ALL.0 == 0 { Some(Self(bits)) } else { None }
    }

    /// Its bits.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// True where all of `other` are set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Where a resting order stands, as far as the record says: formats that repeat it help to place orders that rested
/// before the recording began.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Resting {
    /// Its side.
    pub side: Side,
    /// Its price.
    pub price: Price,
}

/// What happened.
///
/// Example: [`Event`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// An order rests, at the end of the queue of its price.
    Add {
        /// The order.
        order: OrderRef,
        /// Its side.
        side: Side,
        /// Its price.
        price: Price,
        /// Its open quantity.
        qty: Qty,
    },
    /// An order is cancelled in part and keeps its place.
    Reduce {
        /// The order.
        order: OrderRef,
        /// By how much.
        by: Qty,
        /// Where it stands.
        resting: Option<Resting>,
    },
    /// An order is gone, unexecuted.
    Delete {
        /// The order.
        order: OrderRef,
        /// What was open of it; zero where the record does not say.
        qty: Qty,
        /// Where it stood.
        resting: Option<Resting>,
    },
    /// An order is replaced by another, which goes to the end of its queue on the same side.
    Replace {
        /// The order that goes.
        order: OrderRef,
        /// The order that comes.
        by: OrderRef,
        /// Its price.
        price: Price,
        /// Its open quantity.
        qty: Qty,
    },
    /// An order now stands so. It keeps its place where the price is the same and the quantity no larger.
    Modify {
        /// The order.
        order: OrderRef,
        /// Its side.
        side: Side,
        /// Its price from now on.
        price: Price,
        /// Its open quantity from now on.
        qty: Qty,
    },
    /// A resting order is executed at its own price; what is left of it keeps its place.
    Execute {
        /// The order.
        order: OrderRef,
        /// How much of it.
        qty: Qty,
        /// Where it stood.
        resting: Option<Resting>,
    },
    /// A resting order is executed at another price than its own.
    ExecuteAt {
        /// The order.
        order: OrderRef,
        /// How much of it.
        qty: Qty,
        /// The price of the trade.
        price: Price,
    },
    /// A trade with an order that the book did not show. The book does not change.
    HiddenTrade {
        /// The hidden order; zero where the record does not say.
        order: OrderRef,
        /// The price.
        price: Price,
        /// The size.
        qty: Qty,
        /// Who came, where the record says.
        aggressor: Option<Side>,
    },
    /// A trade as the tape tells it. The book does not change by it: the feed tells that apart.
    Trade {
        /// The venue's number of it; zero where it has none.
        id: u64,
        /// The price.
        price: Price,
        /// The size.
        qty: Qty,
        /// Who came, where the record says.
        aggressor: Option<Side>,
    },
    /// A trade is declared void.
    Bust {
        /// The venue's number of it.
        id: u64,
    },
    /// So much rests at a price from now on; zero removes it.
    Level {
        /// The side.
        side: Side,
        /// The price.
        price: Price,
        /// All that rests there, in absolute terms.
        qty: Qty,
    },
    /// The best bid and offer from now on. A size of zero means that the side is empty.
    Quote {
        /// Best bid.
        bid: Price,
        /// How much of it.
        bid_qty: Qty,
        /// Best offer.
        ask: Price,
        /// How much of it.
        ask_qty: Qty,
    },
    /// The book is empty from now on; where an image of it follows, it is flagged [`Flags::SNAPSHOT`].
    Clear(ClearReason),
    /// The venue's state.
    Status(Status),
    /// A record that changes neither book nor tape; the code is the format's own.
    Notice(u8),
}

/// Why a book is forgotten.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClearReason {
    /// An image of the book follows.
    Snapshot,
    /// Updates are missing: what was known is wrong. Until the next image there is no book.
    Gap,
    /// The venue says so: the book is reset.
    Session,
}

/// What the venue lets people do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Orders are taken, nothing trades yet.
    PreOpen,
    /// Orders trade as they arrive.
    Trading,
    /// Quotes are shown, nothing trades.
    QuoteOnly,
    /// Nothing trades.
    Halt,
    /// The session is over.
    Close,
}

impl Body {
    /// The kinds, in the order of [`Body::kind`].
    pub const KINDS: [&str; 15] = [
        "add",
        "reduce",
        "delete",
        "replace",
        "modify",
        "execute",
        "execute_at",
        "hidden_trade",
        "trade",
        "bust",
        "level",
        "quote",
        "clear",
        "status",
        "notice",
    ];

    /// Which of [`Body::KINDS`] it is.
    pub const fn kind(&self) -> usize {
        match self {
            Self::Add { .. } => 0,
            Self::Reduce { .. } => 1,
            Self::Delete { .. } => 2,
            Self::Replace { .. } => 3,
            Self::Modify { .. } => 4,
            Self::Execute { .. } => 5,
            Self::ExecuteAt { .. } => 6,
            Self::HiddenTrade { .. } => 7,
            Self::Trade { .. } => 8,
            Self::Bust { .. } => 9,
            Self::Level { .. } => 10,
            Self::Quote { .. } => 11,
            Self::Clear(_) => 12,
            Self::Status(_) => 13,
            Self::Notice(_) => 14,
        }
    }
}
