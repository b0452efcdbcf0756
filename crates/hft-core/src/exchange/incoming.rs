//! Invariant: an order taken out of the book and put back is the same order.
//!
//! The forms in which an order reaches the book: [`Incoming`] is all that outlives its arrival; [`Entry`] is what the
//! slab of orders keeps of it, with its side and instructions packed into the bits above its level. Left out:
//! instructions that act on arrival only, such as a least fill.

use crate::models::{AccountId, OrderId, Price, Qty, SelfTrade, Side, Timestamp};

/// A moment that never comes: the expiry of an order that has none.
pub(super) const NEVER: Timestamp = Timestamp::MAX;

/// The largest size that fits in the common form of an order.
pub(super) const LARGEST_COMMON: Qty = Qty::new(u32::MAX as i64);

/// An order on its way into the book, or taken out of it: all that outlives its arrival.
#[derive(Clone, Copy, Debug)]
pub(super) struct Incoming {
    pub(super) id: OrderId,
    pub(super) account: AccountId,
    pub(super) side: Side,
    /// The worst price it trades at, and the price it rests at.
    pub(super) limit: Price,
    /// Open, what it hides included.
    pub(super) leaves: Qty,
    pub(super) filled: Qty,
    /// What shows at a time; [`Qty::MAX`]: all of it.
    pub(super) display: Qty,
    /// [`NEVER`]: it does not expire.
    pub(super) expires: Timestamp,
    /// Number of the event that accepted it; kept only for orders that expire.
    pub(super) arrival: u64,
    pub(super) traits: Traits,
}

impl Incoming {
    /// Whether it fits in 32 bytes. What is open becomes filled, so their sum must be small.
    #[inline]
    pub(super) fn is_common(&self) -> bool {
        let total = self.leaves.lots().cast_unsigned() + self.filled.lots().cast_unsigned();
        self.display == Qty::MAX && self.expires == NEVER && total <= u64::from(u32::MAX)
    }
}

/// The instructions of an order that outlive its arrival.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Traits {
    pub(super) self_trade: SelfTrade,
    pub(super) post_only: bool,
    pub(super) day: bool,
}

/// What the slab is to keep of a new order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) id: OrderId,
    pub(super) account: AccountId,
    pub(super) open: u32,
    pub(super) filled: u32,
    /// The upper bits of [`Order`](super::orders::Order)`::place`.
    pub(super) flags: u32,
}

impl Entry {
    /// A common order of which nothing is filled.
    #[inline]
    pub(super) const fn common(id: OrderId, account: AccountId, open: Qty, flags: u32) -> Self {
        Self { id, account, open: open.lots().cast_unsigned() as u32, filled: 0, flags }
    }
}

/// How an order's side and instructions are kept.
#[inline]
pub(super) fn flags(side: Side, traits: Traits) -> u32 {
    let Traits { self_trade, post_only, day } = traits;
    let side = u32::from(side == Side::Sell) * SELL;
    let (post_only, day) = (u32::from(post_only) * POST_ONLY, u32::from(day) * DAY);
    side | post_only | day | (code(self_trade) << TRADES_SHIFT)
}

pub(super) const LEVEL: u32 = (1 << 24) - 1;
pub(super) const SELL: u32 = 1 << 24;
pub(super) const RARE: u32 = 1 << 25;
pub(super) const POST_ONLY: u32 = 1 << 26;
pub(super) const DAY: u32 = 1 << 27;
pub(super) const TRADES_SHIFT: u32 = 28;

impl Traits {
    /// Unpacks what [`flags`] packed.
    pub(super) const fn of(flags: u32) -> Self {
        Traits {
            self_trade: match flags >> TRADES_SHIFT {
                0 => SelfTrade::Allow,
                1 => SelfTrade::CancelOldest,
                2 => SelfTrade::CancelNewest,
                3 => SelfTrade::CancelBoth,
                _ => SelfTrade::Decrement,
            },
            post_only: flags & POST_ONLY != 0,
            day: flags & DAY != 0,
        }
    }
}

const fn code(self_trade: SelfTrade) -> u32 {
    match self_trade {
        SelfTrade::Allow => 0,
        SelfTrade::CancelOldest => 1,
        SelfTrade::CancelNewest => 2,
        SelfTrade::CancelBoth => 3,
        SelfTrade::Decrement => 4,
    }
}
