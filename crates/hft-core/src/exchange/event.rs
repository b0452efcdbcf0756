//! What the matching engine says, in order, to whoever called it.
//!
//! Every state change of an order or a level is one [`EngineEvent`], handed to the caller's [`EventSink`] as it happens:
//! no list is built, nothing is allocated, and a sink that ignores an event costs nothing. The venue turns events into
//! execution reports and market data; the tests compare them, one by one, with those of a naive engine.
//!
//! The order of events within one command, of which nothing is left open:
//!
//! - Orders that had expired by then come first, as in an `advance_time` of their own.
//! - `Accepted` or `Replaced` comes before everything that the order does.
//! - The cause comes first, then what it does to the book: a `Trade` or a `Canceled`, then `Resized` or `Removed` (and
//!   `Rested` for an iceberg's next slice); a `Replaced`, then `Resized`, or `Removed` for an order that leaves its place.
//!   Of an auction's trade, what it did to the buyer comes before what it did to the seller.
//! - Prevention by decrement says both `Prevented`, the resting order's first, then what became of the resting order.
//! - What becomes of the remainder (`Rested` or `Canceled`) comes after all trades.
//! - Then one `Level` for each level in which something was added, resized or removed: the other side's in the order in
//!   which they were swept, then the order's own, the level that it left before the level that it reached. After an
//!   auction or the end of many orders: bids before asks, in the order of their first change.
//! - Then the `Phase`, where it changed; then triggered stops, one by one, as commands of their own that begin with
//!   `Triggered`: buys from the lowest trigger, then sells from the highest, then by age, for each trade that triggers.
//! - Many orders that end together do so in the order of the book: bids by priority, asks by priority, stops in the order
//!   in which a moving price would reach them. Expiries go by their moment, then by age.
//!
//! A stop stands in no level: it is never `Rested`, `Resized` or `Removed` before it is triggered. Slices of icebergs that
//! are taken by the thousand ([`MANY_ROUNDS`](super::rules::MANY_ROUNDS)) are one `Trade` an order; in an auction such a
//! piece may meet several orders, and then what it did to its order is told at its end.

use crate::models::{AccountId, CancelReason, OrderId, Phase, Price, Qty, RejectReason, Side, TradeId};

/// Takes the engine's events as they happen.
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
        /// How much had stood before the maker at its price when the taker arrived. Zero in an auction.
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
        /// The price it has now.
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
