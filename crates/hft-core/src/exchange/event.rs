//! What the matching engine says, in order, to whoever called it.
//!
//! Every state change of an order or a level is one [`EngineEvent`], handed to the caller's [`EventSink`] as it
//! happens: no list is built, nothing is allocated, and a sink that ignores an event costs nothing. The venue turns
//! events into execution reports and market data; the tests compare them, one by one, with those of a naive engine.
//!
//! Order of events within one command, cause before effect:
//!
//! 1. `Accepted`, `Replaced` or `Triggered`; of an amend that loses its place, `Removed` after it.
//! 2. For each meeting, in order of priority: `Trade`, or with prevention by decrement both orders' `Prevented`, the
//!    resting order's first; then what became of the resting order: `Resized`, or `Removed` (after its `Canceled`, if
//!    prevention ended it), and `Rested` after that for an iceberg's next slice. In an auction, the buyer's, then the
//!    seller's. A decrement that takes only what is hidden resizes nothing.
//! 3. What became of the remainder: `Rested`, or `Canceled`. Prevention that ends a taker says `Canceled` with
//!    [`CancelReason::Stp`], also where decrement left nothing open. A fill to the end says no more.
//! 4. One `Level` for each level in which something was added, resized or removed: the other side first (in an auction,
//!    and where many orders end: bids first), within a side in the order of their first change. So a sweep says its
//!    levels best first, and an amend its old level before its new one. An iceberg that shows its next slice has
//!    changed its level, whatever the total is.
//! 5. `Phase`, if the command changed it.
//! 6. Stops that the command triggered, each as a command of its own with this same order, first triggered first
//!    served; what these trigger in turn queues up behind. Stops that one trade triggers go in the order in which a
//!    moving market reaches them (buys from the lowest trigger, sells from the highest), then by arrival, buys before
//!    sells.
//!
//! A cancel is `Canceled`, `Removed`, `Level`; of a stop, `Canceled` alone. Where many orders end (mass cancel, kill,
//! disconnect, end of session): bids in order of priority, then asks, then stops in the order above; expiries by
//! moment, then by arrival. A refusal is one event and nothing else. What expires at the `now` of a command ends
//! before it.
//!
//! From [`MANY_ROUNDS`](super::rules::MANY_ROUNDS) whole rounds through a level of nothing but icebergs on, all rounds are
//! one trade an order: what one message prints is bounded. In an auction such a piece may meet several orders; then what
//! it did to its own order is told at its end.

use crate::models::{AccountId, CancelReason, OrderId, Phase, Price, Qty, RejectReason, Side, TradeId};

/// Takes the engine's events as they happen.
///
/// Example: [`MatchingEngine`](super::MatchingEngine).
pub trait EventSink {
    /// One event; `seq` counts the events of this engine from 1.
    fn on_event(&mut self, seq: u64, event: EngineEvent);
}

/// Any closure of this shape listens.
impl<F: FnMut(u64, EngineEvent)> EventSink for F {
    #[inline]
    fn on_event(&mut self, seq: u64, event: EngineEvent) {
        self(seq, event);
    }
}

/// One of the two orders of a trade, after it.
///
/// Example: [`MatchingEngine`](super::MatchingEngine).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Party {
    /// The order.
    pub order: OrderId,
    /// Its owner.
    pub account: AccountId,
    /// Filled so far, this trade included.
    pub filled: Qty,
    /// Open after this trade, hidden quantity included.
    pub leaves: Qty,
}

/// One thing that happened in a book.
///
/// Example: [`MatchingEngine`](super::MatchingEngine).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum EngineEvent {
    /// A new order passed the rules. Its trades follow.
    Accepted {
        /// The order.
        order: OrderId,
        /// Its owner.
        account: AccountId,
        /// Its side.
        side: Side,
        /// Its total size.
        qty: Qty,
    },
    /// A new order was refused and never existed.
    Rejected {
        /// The order.
        order: OrderId,
        /// Its sender.
        account: AccountId,
        /// Its side.
        side: Side,
        /// Why.
        reason: RejectReason,
    },
    /// A cancel, reduce or amend was refused and changed nothing.
    CommandRejected {
        /// The order it named.
        order: OrderId,
        /// Why.
        reason: RejectReason,
    },
    /// Two orders traded.
    Trade {
        /// Counted from 1.
        trade: TradeId,
        /// The resting order's price, or the auction's.
        price: Price,
        /// How much.
        qty: Qty,
        /// Who rested; in an auction, the buyer.
        maker: Party,
        /// Who arrived; in an auction, the seller.
        taker: Party,
        /// Side of the taker; `None` in an auction.
        aggressor: Option<Side>,
        /// How much had stood before the maker at its price when the taker arrived: all that this taker has traded, or
        /// prevention removed, at that price before; with proportional sharing, all that showed before it in the queue.
        /// For an iceberg's later slice, which was not there yet, what went before it as well. Saturates; zero in an
        /// auction.
        ahead: Qty,
    },
    /// Self-trade prevention took `qty` from an order without a trade.
    Prevented {
        /// The order.
        order: OrderId,
        /// Its owner.
        account: AccountId,
        /// Its side.
        side: Side,
        /// How much it lost.
        qty: Qty,
        /// Filled so far.
        filled: Qty,
        /// Open after it.
        leaves: Qty,
    },
    /// An amend or a reduce took effect.
    Replaced {
        /// The order.
        order: OrderId,
        /// Its owner.
        account: AccountId,
        /// Its side.
        side: Side,
        /// The price it has now; zero for a stop that has none.
        price: Price,
        /// Filled so far.
        filled: Qty,
        /// Open now.
        leaves: Qty,
    },
    /// A stop reached its trigger and is now an order like any other. Its trades follow.
    Triggered {
        /// The order.
        order: OrderId,
        /// Its owner.
        account: AccountId,
        /// Its side.
        side: Side,
        /// Its open size: nothing of it is filled yet.
        leaves: Qty,
    },
    /// An accepted order ended unfilled or partly filled.
    Canceled {
        /// The order.
        order: OrderId,
        /// Its owner.
        account: AccountId,
        /// Its side.
        side: Side,
        /// Filled in its life.
        filled: Qty,
        /// What was open and is gone.
        leaves: Qty,
        /// Why.
        reason: CancelReason,
    },
    /// An order, or the next slice of an iceberg, now stands at the back of a level.
    Rested {
        /// The order.
        order: OrderId,
        /// Its side.
        side: Side,
        /// Its level.
        price: Price,
        /// What shows.
        visible: Qty,
    },
    /// An order in the book shows a smaller size and keeps its place.
    Resized {
        /// The order.
        order: OrderId,
        /// What shows now.
        visible: Qty,
    },
    /// An order, or a slice of an iceberg, stands in the book no more.
    Removed {
        /// The order.
        order: OrderId,
    },
    /// A level's visible total is now this (saturating at [`Qty::MAX`]); zero: it is gone.
    Level {
        /// Which half of the book.
        side: Side,
        /// Which level.
        price: Price,
        /// Its visible total.
        qty: Qty,
    },
    /// The book changed its phase.
    Phase(Phase),
}
