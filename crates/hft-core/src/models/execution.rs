//! What a venue answers.

use super::{AccountId, BookId, Cash, HalfTicks, OrderId, Price, Qty, Side, Timestamp, TradeId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which part an order played in a trade.
///
/// Example: [`ExecutionReport`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Liquidity {
    /// It rested.
    Maker,
    /// It arrived.
    Taker,
    /// Both were matched in an auction.
    Auction,
}

/// One execution, seen from one of its two orders.
///
/// Example: [`ExecutionReport`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Fill {
    /// The trade, shared by both parties.
    pub trade: TradeId,
    /// The side of the order that this report is about.
    pub side: Side,
    /// The resting order's price, or the auction's.
    pub price: Price,
    /// How much.
    pub qty: Qty,
    /// Maker or taker.
    pub liquidity: Liquidity,
    /// Cash flow of the fee: negative is paid, positive is a rebate.
    pub fee: Cash,
    /// For a maker: how much had stood before it at its price when the aggressor arrived. Zero for a taker.
    pub ahead: Qty,
    /// The venue's midpoint just before the aggressor arrived; the last one known where a side was empty.
    pub mid: HalfTicks,
}

/// Why a venue refuses a command. The names are the wire names of the conformance program.
///
/// Example: [`ExecutionReport`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// Zero or negative.
    InvalidQty,
    /// Outside the instrument's least and greatest order size.
    QtyOutOfRange,
    /// Not a multiple of the lot.
    LotViolation,
    /// Zero or negative, or missing where one is needed.
    InvalidPx,
    /// Outside the least and greatest price.
    PxOutOfRange,
    /// Not a multiple of the tick.
    TickViolation,
    /// Too far from the reference price.
    PriceBand,
    /// A display size that is zero, negative, off-lot or above the total.
    InvalidDisplay,
    /// Instructions that contradict each other.
    InvalidCombo,
    /// The id names a live order (or, by policy, an ended one).
    DuplicateId,
    /// No live order of this sender has the id.
    UnknownOrder,
    /// A post-only order would have traded.
    PostOnlyCross,
    /// The expiry is not in the future.
    AlreadyExpired,
    /// The account's kill switch holds.
    KillSwitch,
    /// Trading is halted.
    Halted,
    /// Not in this phase.
    Phase,
    /// The new total is not above what has been filled.
    QtyBelowFilled,
    /// Prevented from trading with the sender's own order.
    Stp,
    /// A trigger price that is zero, negative or off-tick.
    InvalidStopPx,
    /// A named limit of the venue (orders, levels, stops) is reached.
    Capacity,
    /// The venue does not list the instrument.
    UnknownInstrument,
}

/// Why an accepted order left the book without being filled.
///
/// Example: [`ExecutionReport`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    /// Its owner asked.
    Requested,
    /// Reduced or amended to nothing.
    Reduced,
    /// Immediate-or-cancel, or a market order's remainder.
    Ioc,
    /// Fill-or-kill, or a minimum quantity, that could not be met.
    Fok,
    /// Its time came, or its session ended.
    Expired,
    /// Self-trade prevention.
    Stp,
    /// Part of a mass cancel.
    MassCancel,
    /// The account's kill switch.
    KillSwitch,
    /// Its owner's connection was lost.
    Disconnect,
    /// A triggered stop that the book then refused (its price no longer allowed, or the venue full).
    Refused,
}

/// What happened to the order.
///
/// Example: [`ExecutionReport`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum ExecKind {
    /// Accepted; what it then did follows in further reports.
    New,
    /// Refused; it never existed.
    Rejected(RejectReason),
    /// Traded.
    Trade(Fill),
    /// Ended, `leaves` is what was taken away (and zero is open).
    Canceled(CancelReason),
    /// An amend or reduce took effect; `leaves` is the new open quantity.
    Replaced {
        /// The price it has now.
        price: Price,
    },
    /// An amend, reduce or cancel was refused; the order, if there is one, is as it was.
    CommandRejected(RejectReason),
    /// A stop was triggered and is now an order like any other.
    Triggered,
    /// Self-trade prevention took this much of its open quantity without a trade.
    Prevented(Qty),
}

/// One report from a venue to the account that asked.
///
/// ```
/// use hft_core::models::*;
/// # let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
/// # let (seq, time, account, order) = (1, Timestamp::START, AccountId(1), OrderId(1));
/// # let (side, price, fee, mid) = (Side::Buy, Price::new(100), Cash::ZERO, HalfTicks::ZERO);
/// let fill = Fill { trade: TradeId(1), side, price, qty: Qty::new(3), liquidity: Liquidity::Maker, fee, ahead: Qty::ZERO, mid };
/// let traded = |leaves| {
///     ExecutionReport { seq, time, account, book, order, filled: fill.qty, leaves, kind: ExecKind::Trade(fill) }
/// };
/// assert!(!traded(Qty::new(2)).is_terminal(), "two are open");
/// assert!(traded(Qty::ZERO).is_terminal());
/// let refused = ExecKind::Rejected(RejectReason::TickViolation);
/// assert!(ExecutionReport { kind: refused, ..traded(Qty::new(5)) }.is_terminal());
/// let expired = ExecKind::Canceled(CancelReason::Expired);
/// assert!(ExecutionReport { kind: expired, ..traded(Qty::new(2)) }.is_terminal());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ExecutionReport {
    /// Number of this report among all that this venue sent to this account, from 1: a gap is a loss.
    pub seq: u64,
    /// When it happened, on the venue's clock.
    pub time: Timestamp,
    /// Whose order.
    pub account: AccountId,
    /// In which book.
    pub book: BookId,
    /// Which order.
    pub order: OrderId,
    /// Filled so far, this report included.
    pub filled: Qty,
    /// Open after this report; for [`ExecKind::Canceled`], what was open before it.
    pub leaves: Qty,
    /// What happened.
    pub kind: ExecKind,
}

impl ExecutionReport {
    /// True for the last report of an order's life: exactly one of these is sent per order.
    pub fn is_terminal(&self) -> bool {
        match self.kind {
            ExecKind::Rejected(_) | ExecKind::Canceled(_) => true,
            ExecKind::Trade(_) => self.leaves.is_zero(),
            ExecKind::New
            | ExecKind::Replaced { .. }
            | ExecKind::CommandRejected(_)
            | ExecKind::Triggered
            | ExecKind::Prevented(_) => false,
        }
    }
}

impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl fmt::Display for CancelReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl fmt::Display for Liquidity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Liquidity::Maker => "maker",
            Liquidity::Taker => "taker",
            Liquidity::Auction => "auction",
        })
    }
}
