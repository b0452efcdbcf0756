//! What a surveillance sees: one thing that happened to one order, at the moment the venue says.
//!
//! From an exchange's drop copies the owner of every order is known; from a public feed it is not, and `who` is `None` for all of it: the
//! whole market then looks like one participant, and what a detector says of it says so.

use hft_core::models::{AccountId, OrderId, Price, Qty, Side, Timestamp};

/// One thing that happened in a book.
///
/// ```
/// use hft_core::models::{AccountId, OrderId, Price, Qty, Side, Timestamp};
/// use hft_manipulative_edu::surveillance::{Deed, Observed};
/// let (side, price, qty) = (Side::Buy, Price::new(99), Qty::new(5));
/// let placed = Deed::Placed { side, price, shown: qty };
/// let seen = Observed { time: Timestamp::START, who: Some(AccountId(3)), order: OrderId(1), deed: placed };
/// assert!(seen.is_message());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Observed {
    /// When, on the venue's clock.
    pub time: Timestamp,
    /// Whose order, where that is known.
    pub who: Option<AccountId>,
    /// Which order.
    pub order: OrderId,
    /// What became of it.
    pub deed: Deed,
}

/// What became of an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// It stood there before anybody looked: part of the image that a recording begins with.
    Stood {
        /// Its side.
        side: Side,
        /// Its price.
        price: Price,
        /// What of it everybody sees.
        shown: Qty,
    },
    /// It came, and shows this much at this price. What trades at once is told apart, as fills.
    Placed {
        /// Its side.
        side: Side,
        /// Its price.
        price: Price,
        /// What of it everybody sees.
        shown: Qty,
    },
    /// It came, and was not to rest: a market order, or immediate-or-cancel.
    Came {
        /// Its side.
        side: Side,
    },
    /// Its owner moved it, or changed its size.
    Changed {
        /// Its price now.
        price: Price,
        /// What of it everybody sees now.
        shown: Qty,
    },
    /// Its owner took it out.
    Cancelled,
    /// It left by itself: expired, the remainder of an order that was not to rest, or prevented from trading with its owner.
    Ended,
    /// It traded.
    Filled {
        /// The order's side.
        side: Side,
        /// At what price.
        price: Price,
        /// How much.
        qty: Qty,
        /// What of it everybody still sees; zero where it is gone.
        shown: Qty,
        /// Whether it arrived, rather than rested.
        is_taker: bool,
    },
    /// A command that changed nothing: refused, or too late.
    InVain,
}

impl Observed {
    /// Whether somebody sent something for it: what a gateway had to work for.
    pub const fn is_message(&self) -> bool {
        match self.deed {
            Deed::Placed { .. } | Deed::Came { .. } | Deed::Changed { .. } | Deed::Cancelled | Deed::InVain => true,
            Deed::Stood { .. } | Deed::Ended | Deed::Filled { .. } => false,
        }
    }
}
