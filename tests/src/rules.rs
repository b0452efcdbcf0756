//! What a book is told when it opens: steps, ranges, and the choices on which real venues differ.

use hft_core::models::{Price, Qty, Ticks};

/// The rules of one book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BookRules {
    /// Prices are multiples of this.
    pub tick: Ticks,
    /// Sizes are multiples of this.
    pub lot: Qty,
    /// Least total of an order.
    pub min_qty: Qty,
    /// Greatest total of an order.
    pub max_qty: Qty,
    /// Lowest limit price.
    pub min_px: Price,
    /// Highest limit price.
    pub max_px: Price,
    /// Limit prices further than this from `reference` are refused; nothing is where either is absent.
    pub band: Option<Ticks>,
    /// Centre of the band; where an auction has several equal prices, the nearest to it is taken.
    pub reference: Option<Price>,
    /// How far beyond the opposite touch a market order may trade.
    pub protection: Option<Ticks>,
    /// What happens to a post-only order that would trade.
    pub post_only_cross: PostOnlyCross,
    /// What happens to an amend to a total that is filled already.
    pub amend_below_filled: AmendBelowFilled,
    /// Whether the id of an ended order may name a new one.
    pub id_reuse: IdReuse,
    /// Whose orders a lost connection takes out.
    pub disconnect_scope: DisconnectScope,
    /// Whether a kill takes out what rests, or only refuses what is new.
    pub kill_cancels_resting: bool,
    /// What becomes of a market order's remainder.
    pub market_remainder: MarketRemainder,
    /// How a level shares an aggressor among its orders.
    pub allocation: Allocation,
    /// Most live orders, stops included.
    pub max_orders: usize,
    /// Most price levels on one side.
    pub max_levels: usize,
}

/// What happens to a post-only order that would trade.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PostOnlyCross {
    /// It is refused.
    Reject,
    /// It is moved to one tick behind the opposite touch.
    Slide,
}

/// What happens to an amend to a total that is filled already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AmendBelowFilled {
    /// The order ends.
    Cancel,
    /// The amend is refused.
    Reject,
}

/// Whether the id of an ended order may name a new one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IdReuse {
    /// It may not.
    Reject,
    /// It may.
    Allow,
}

/// Which orders a lost connection takes out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DisconnectScope {
    /// All of the account's.
    All,
    /// Those that stand for the day only.
    Day,
}

/// What becomes of a market order's remainder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MarketRemainder {
    /// It is cancelled.
    Cancel,
    /// It rests at the protection price.
    RestAtProtection,
}

/// How a level shares an aggressor among its orders.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Allocation {
    /// First come, first served.
    Fifo,
    /// In proportion to displayed size, rounded down to lots; what rounding leaves goes first come, first served.
    ProRata,
}

impl Default for BookRules {
    /// One tick, one lot, wide ranges, nothing optional.
    fn default() -> Self {
        const WIDE: i64 = 1_000_000_000_000_000;
        Self {
            tick: Ticks::new(1),
            lot: Qty::new(1),
            min_qty: Qty::new(1),
            max_qty: Qty::new(WIDE),
            min_px: Price::new(1),
            max_px: Price::new(WIDE),
            band: None,
            reference: None,
            protection: None,
            post_only_cross: PostOnlyCross::Reject,
            amend_below_filled: AmendBelowFilled::Cancel,
            id_reuse: IdReuse::Reject,
            disconnect_scope: DisconnectScope::All,
            kill_cancels_resting: true,
            market_remainder: MarketRemainder::Cancel,
            allocation: Allocation::Fifo,
            max_orders: 1_000_000,
            max_levels: 1_000_000,
        }
    }
}
