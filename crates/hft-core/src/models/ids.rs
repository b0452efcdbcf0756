//! Who and what: small integers that name things within one run.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($repr:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $repr);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// An order, named by its sender and unique in the run (FIX ClOrdID). Traders number theirs densely from a base
    /// of their own, see [`OrderId::first_of`].
    ///
    /// Example: [`BookId`].
    OrderId(u64)
);
id!(
    /// One trade at one venue, counted from 1 in the order of execution.
    ///
    /// Example: [`BookId`].
    TradeId(u64)
);
id!(
    /// An owner of orders, positions and cash.
    ///
    /// Example: [`BookId`].
    AccountId(u32)
);
id!(
    /// An exchange.
    ///
    /// Example: [`BookId`].
    VenueId(u16)
);
id!(
    /// A contract; the same contract may be listed on several venues, and positions in it are fungible across them.
    ///
    /// Example: [`BookId`].
    InstrumentId(u16)
);

/// One order book: an instrument at a venue.
///
/// ```
/// use hft_core::models::{BookId, InstrumentId, OrderId, VenueId};
/// let here = BookId { venue: VenueId(0), instrument: InstrumentId(3) };
/// let there = BookId { venue: VenueId(1), ..here };
/// assert!(here < there, "by venue, then by instrument");
/// let order = OrderId::first_of(7).next();
/// assert_eq!((order.trader(), order.next().0 - order.0), (7, 1));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct BookId {
    /// Where.
    pub venue: VenueId,
    /// What.
    pub instrument: InstrumentId,
}

impl OrderId {
    /// How many low bits count a trader's orders; the bits above name the trader.
    pub const COUNTER_BITS: u32 = 44;

    /// The id before the first order of the trader with this number: ids of different traders never meet.
    pub const fn first_of(trader: u32) -> OrderId {
        OrderId((trader as u64) << Self::COUNTER_BITS)
    }

    /// The next order of the same trader.
    #[must_use]
    pub const fn next(self) -> OrderId {
        OrderId(self.0 + 1)
    }

    /// The number of the trader that made this id.
    #[allow(clippy::cast_possible_truncation, reason = "20 bits remain")]
    pub const fn trader(self) -> u32 {
        (self.0 >> Self::COUNTER_BITS) as u32
    }
}

impl fmt::Display for BookId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.instrument, self.venue)
    }
}
