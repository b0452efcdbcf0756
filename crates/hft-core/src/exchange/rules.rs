//! Invariant: a refused command has exactly one reason, the first of the table below that applies, and changes nothing.
//!
//! | # | asked | reason | new | amend | reduce |
//! |---|---|---|---|---|---|
//! | 1 | does the kill switch hold, for the account or for all? | `kill_switch` | x | x | x |
//! | 2 | is trading halted? | `halted` | x | x | x |
//! | 3 | must it trade at once while an auction collects? (below) | `phase` | x | | |
//! | 4 | does no live order of this sender have the id? | `unknown_order` | | x | x |
//! | 5 | is the size (the total; of a reduce, the cut) zero or negative? | `invalid_qty` | x | x | x |
//! | 6 | is it off the lot? | `lot_violation` | x | x | x |
//! | 7 | is the least fill negative, or off the lot? | `invalid_qty`, `lot_violation` | x | | |
//! | 8 | is the price zero, negative, or given to an order that has none? | `invalid_px` | x | x | |
//! | 9 | is it off the tick? | `tick_violation` | x | x | |
//! | 10 | is the trigger zero, negative, off the tick or out of range? | `invalid_stop_px` | x | | |
//! | 11 | is the display size zero, negative, off the lot or above the total? | `invalid_display` | x | | |
//! | 12 | do the instructions contradict each other? (below) | `invalid_combo` | x | | |
//! | 13 | is the total outside the venue's sizes? | `qty_out_of_range` | x | x | |
//! | 14 | is the price outside the venue's prices? | `px_out_of_range` | x | x | |
//! | 15 | is it further than the band from the reference? | `price_band` | x | x | |
//! | 16 | is the expiry not in the future? | `already_expired` | x | | |
//! | 17 | does a live order have the id (or, by policy, an ended one)? | `duplicate_id` | x | | |
//! | 18 | is the new total not above what is filled? (by policy it is cancelled instead) | `qty_below_filled` | | x | |
//! | 19 | would a post-only order trade? (by policy it slides instead) | `post_only_cross` | x | x | |
//! | 20 | is the book full? (orders, or levels of its side) | `capacity` | x | x | |
//! | 21 | would an amended order without self-trade prevention meet an own order? | `stp` | | x | |
//!
//! Who may speak comes before what is said; what is wrong by itself before what is out of bounds; the message before
//! the book. A cancel knows only row 4: it is answered in every phase and under every kill.
//!
//! *Contradictions*: post-only with immediate-or-cancel, with fill-or-kill, with a market order or a stop that becomes
//! one, or with a least fill; a least fill above the total.
//! *While an auction collects*, nothing trades at once: market orders, immediate-or-cancel and fill-or-kill limit
//! orders and least fills are refused. Stops of any kind wait.
//! *Left out*: least sizes for the display, and price limits for market orders other than protection points.

use crate::models::{NewOrder, OrderType, Price, Qty, RejectReason, Ticks, TimeInForce};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a post-only order meets that would trade.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostOnlyCross {
    /// It is refused.
    #[default]
    Reject,
    /// It rests one tick behind the best price of the other side.
    Slide,
}

/// What an amend to a total that is filled already does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmendBelowFilled {
    /// It cancels what is open.
    #[default]
    Cancel,
    /// It is refused.
    Reject,
}

/// Whether the id of an ended order may be used again. The id of a live one never may.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdReuse {
    /// No: the venue remembers every id, one bit each.
    Reject,
    /// Yes: the venue remembers nothing of ended orders.
    #[default]
    Allow,
}

/// Which orders are cancelled when their owner's connection is lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisconnectScope {
    /// All of them.
    #[default]
    All,
    /// Those that would end with the session anyway.
    Day,
}

/// What happens to what a market order leaves, where there are protection points.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarketRemainder {
    /// It is cancelled.
    #[default]
    Cancel,
    /// It rests at the protection price, unless it is immediate-or-cancel.
    RestAtProtection,
}

/// How an aggressor's size is shared among the orders at one price.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allocation {
    /// In order of arrival.
    #[default]
    Fifo,
    /// In proportion to what shows, rounded down to lots; what rounding leaves in order of arrival.
    ProRata,
}

/// The rules of one book. Prices in ticks, sizes in lots.
///
/// ```
/// use hft_core::exchange::{BookRules, PostOnlyCross};
/// use hft_core::models::{Price, Ticks};
/// let rules = BookRules {
///     post_only_cross: PostOnlyCross::Slide,
///     band: Some(Ticks::new(500)),
///     reference: Some(Price::new(10_000)),
///     ..BookRules::default()
/// };
/// assert!(rules.validate().is_ok());
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BookRules {
    /// The price step, in ticks: every price is a multiple of it.
    pub tick: Ticks,
    /// The size step, in lots: every size is a multiple of it.
    pub lot: Qty,
    /// The least total of an order.
    pub min_qty: Qty,
    /// The greatest total of an order.
    pub max_qty: Qty,
    /// The least price.
    pub min_px: Price,
    /// The greatest price.
    pub max_px: Price,
    /// A limit price further than this from the reference is refused. Without a reference there is no band.
    pub band: Option<Ticks>,
    /// What the band is measured from, and what an auction prefers (where it is not given, the last trade's price).
    pub reference: Option<Price>,
    /// How far from the touch that it meets a market order may trade.
    pub protection: Option<Ticks>,
    /// What a post-only order meets that would trade.
    pub post_only_cross: PostOnlyCross,
    /// What an amend to a total that is filled already does.
    pub amend_below_filled: AmendBelowFilled,
    /// Whether the id of an ended order may be used again.
    pub id_reuse: IdReuse,
    /// Which orders are cancelled when their owner's connection is lost.
    pub disconnect_scope: DisconnectScope,
    /// Whether the kill switch cancels what stands, beside refusing what comes.
    pub kill_cancels_resting: bool,
    /// What happens to what a market order leaves.
    pub market_remainder: MarketRemainder,
    /// How an aggressor's size is shared at one price.
    pub allocation: Allocation,
    /// How many orders may be live at a time, stops included.
    pub max_orders: usize,
    /// How many price levels may exist at a time on each side.
    pub max_levels: usize,
}

impl Default for BookRules {
    fn default() -> Self {
        Self {
            tick: Ticks::new(1),
            lot: Qty::new(1),
            min_qty: Qty::new(1),
            max_qty: Qty::new(1_000_000_000_000_000),
            min_px: Price::new(1),
            max_px: Price::new(1_000_000_000_000_000),
            band: None,
            reference: None,
            protection: None,
            post_only_cross: PostOnlyCross::default(),
            amend_below_filled: AmendBelowFilled::default(),
            id_reuse: IdReuse::default(),
            disconnect_scope: DisconnectScope::default(),
            kill_cancels_resting: true,
            market_remainder: MarketRemainder::default(),
            allocation: Allocation::default(),
            max_orders: 1 << 24,
            max_levels: 1 << 20,
        }
    }
}

/// Why rules are refused.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum RulesError {
    /// A value outside what it may be.
    #[error("{field} = {value} is not allowed: {allowed}")]
    OutOfRange {
        /// Which rule.
        field: &'static str,
        /// What was given.
        value: i128,
        /// What may be given.
        allowed: &'static str,
    },
}

impl BookRules {
    /// Checks the rules against each other.
    ///
    /// # Errors
    /// When a step, a size or a price is not positive, a least value exceeds its greatest, or a limit exceeds what the
    /// book can hold.
    pub fn validate(&self) -> Result<(), RulesError> {
        let wide = |n: usize| i128::try_from(n).unwrap_or(i128::MAX);
        let positive = "it must be above zero";
        let not_negative = |ticks: Option<Ticks>| ticks.map_or(0, |ticks| ticks.count().into());
        let rows: [(&'static str, i128, bool, &'static str); 9] = [
            ("tick", self.tick.count().into(), self.tick.count() > 0, positive),
            ("lot", self.lot.lots().into(), self.lot.is_positive(), positive),
            ("min_qty", self.min_qty.lots().into(), self.min_qty.is_positive(), positive),
            ("max_qty", self.max_qty.lots().into(), self.max_qty >= self.min_qty, "at least min_qty"),
            ("max_px", self.max_px.ticks().into(), self.max_px >= self.min_px, "at least min_px"),
            ("band", not_negative(self.band), not_negative(self.band) >= 0, "zero or more"),
            ("protection", not_negative(self.protection), not_negative(self.protection) >= 0, "zero or more"),
            ("max_orders", wide(self.max_orders), self.max_orders < super::orders::MAX_ORDERS, "below 2^31 - 1"),
            ("max_levels", wide(self.max_levels), self.max_levels <= super::levels::MAX_LEVELS, "below 2^24"),
        ];
        match rows.into_iter().find(|(_, _, holds, _)| !holds) {
            Some((field, value, _, allowed)) => Err(RulesError::OutOfRange { field, value, allowed }),
            None => Ok(()),
        }
    }

    /// Whether every size and every price within the bounds will do, and no id is remembered.
    pub(super) fn are_plain(&self) -> bool {
        let is_unit = self.tick.count() == 1 && self.lot.lots() == 1;
        is_unit && self.band.is_none() && self.id_reuse == IdReuse::Allow
    }

    /// Rows 5 and 6: a total, or a part of one.
    #[inline]
    pub(super) fn check_size(&self, qty: Qty) -> Result<(), RejectReason> {
        if !qty.is_positive() {
            return Err(RejectReason::InvalidQty);
        }
        // A division costs as much as the other checks together, and most books count in single lots.
        if self.lot.lots() != 1 && qty.lots() % self.lot.lots() != 0 {
            return Err(RejectReason::LotViolation);
        }
        Ok(())
    }

    /// Rows 8 and 9.
    #[inline]
    pub(super) fn check_price(&self, price: Price) -> Result<(), RejectReason> {
        if price <= Price::ZERO {
            return Err(RejectReason::InvalidPx);
        }
        if self.is_off_tick(price) {
            return Err(RejectReason::TickViolation);
        }
        Ok(())
    }

    #[inline]
    fn is_off_tick(&self, price: Price) -> bool {
        self.tick.count() != 1 && price.ticks() % self.tick.count() != 0
    }

    /// Rows 5 to 12 for a new order: all that the message alone decides.
    #[inline]
    pub(super) fn check_shape(&self, order: &NewOrder) -> Result<(), RejectReason> {
        self.check_size(order.qty)?;
        if !order.min_fill.is_zero() {
            self.check_size(order.min_fill)?;
        }
        if let Some(price) = order.limit_price() {
            self.check_price(price)?;
        }
        if let OrderType::Stop { trigger } | OrderType::StopLimit { trigger, .. } = order.order_type {
            let in_range = trigger >= self.min_px && trigger <= self.max_px;
            if !in_range || self.check_price(trigger).is_err() {
                return Err(RejectReason::InvalidStopPx);
            }
        }
        if let Some(display) = order.display
            && (self.check_size(display).is_err() || display > order.qty)
        {
            return Err(RejectReason::InvalidDisplay);
        }
        if contradicts_itself(order) {
            return Err(RejectReason::InvalidCombo);
        }
        Ok(())
    }

    /// Row 13.
    #[inline]
    pub(super) fn check_total(&self, qty: Qty) -> Result<(), RejectReason> {
        if qty < self.min_qty || qty > self.max_qty {
            return Err(RejectReason::QtyOutOfRange);
        }
        Ok(())
    }

    /// Rows 14 and 15.
    #[inline]
    pub(super) fn check_limit(&self, price: Price) -> Result<(), RejectReason> {
        if price < self.min_px || price > self.max_px {
            return Err(RejectReason::PxOutOfRange);
        }
        if let (Some(band), Some(reference)) = (self.band, self.reference)
            && price.ticks().abs_diff(reference.ticks()) > band.count().cast_unsigned()
        {
            return Err(RejectReason::PriceBand);
        }
        Ok(())
    }
}

/// Row 12.
#[inline]
fn contradicts_itself(order: &NewOrder) -> bool {
    let at_once = matches!(order.tif, TimeInForce::Ioc | TimeInForce::Fok);
    let unpriced = order.limit_price().is_none();
    order.min_fill > order.qty || order.post_only && (at_once || unpriced || !order.min_fill.is_zero())
}
