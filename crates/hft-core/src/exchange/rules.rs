//! Invariant: a refused command has exactly one reason, the first of the table below that applies, and changes nothing.
//!
//! | # | asked | reason | new | amend | reduce | cancel |
//! |---|---|---|---|---|---|---|
//! | 1 | does no live order of this sender have the id? | `unknown_order` | | x | x | x |
//! | 2 | does the kill switch hold, for the account or for all? | `kill_switch` | x | x | | |
//! | 3 | is trading halted? | `halted` | x | x | | |
//! | 4 | is the size (the total; of a reduce, the cut) zero or negative? | `invalid_qty` | x | x | x | |
//! | 5 | is the total outside the venue's sizes? | `qty_out_of_range` | x | x | | |
//! | 6 | is the size off the lot? | `lot_violation` | x | x | x | |
//! | 7 | is the least fill negative, or off the lot? | `invalid_qty`, `lot_violation` | x | | | |
//! | 8 | is the price zero or negative? | `invalid_px` | x | x | | |
//! | 9 | is it outside the venue's prices? | `px_out_of_range` | x | x | | |
//! | 10 | is it off the tick? | `tick_violation` | x | x | | |
//! | 11 | is the trigger zero, negative, out of range or off the tick? | `invalid_stop_px` | x | | | |
//! | 12 | is the price further than the band from the reference? | `price_band` | x | x | | |
//! | 13 | is the display size zero, negative, off the lot or above the total? | `invalid_display` | x | | | |
//! | 14 | do the instructions contradict each other? (below) | `invalid_combo` | x | | | |
//! | 15 | does a live order have the id (or, by policy, an ended one)? | `duplicate_id` | x | | | |
//! | 16 | is the expiry not in the future? | `already_expired` | x | | | |
//! | 17 | must it trade at once while an auction collects? (below) | `phase` | x | | | |
//! | 18 | is the new total not above what is filled? (by policy it is cancelled instead) | `qty_below_filled` | | x | | |
//! | 19 | is the book full? (orders, or levels) | `capacity` | x | x | | |
//! | 20 | would a post-only order trade? (by policy it slides instead) | `post_only_cross` | x | x | | |
//! | 21 | would an amended order without self-trade prevention meet an own order? | `stp` | | x | | |
//!
//! What needs only the message comes before what needs the book; who may speak comes before what is said.
//!
//! *Contradictions*: post-only with immediate-or-cancel, with fill-or-kill, with a market order or a stop that becomes
//! one, or with a least fill; a least fill above the total.
//! *While an auction collects*, nothing trades at once and nothing rests without a price: market orders,
//! immediate-or-cancel and fill-or-kill limit orders and least fills are refused. Stops of any kind wait.
//! *A reduce is a partial cancel*: halts and the kill switch do not stop it.
//! *The book is full* for orders that may stay, and for no others. An order that would free its own level has room.
//! *The reference price* is the configured one, else the last trade's; without one there is no band. A stop's limit is
//! measured when it arrives, and again when it is triggered.
//! *Left out*: least sizes for the display, and price limits for market orders other than protection points.

use crate::models::{NewOrder, OrderType, Price, Qty, RejectReason, Ticks, TimeInForce};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// From this many whole rounds through a level's icebergs on, they are taken in one trade an order: a vast order
/// against a thin slice must not print for ever.
pub const MANY_ROUNDS: u128 = 1_000;

/// What a post-only order meets that would trade.
///
/// Example: [`BookRules`].
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
///
/// Example: [`BookRules`].
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
///
/// Example: [`BookRules`].
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
///
/// Example: [`BookRules`].
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
///
/// Example: [`BookRules`].
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
///
/// Example: [`BookRules`].
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
/// use hft_core::exchange::{
///     Allocation, AmendBelowFilled, BookRules, DisconnectScope, IdReuse, MarketRemainder, PostOnlyCross,
/// };
/// use hft_core::models::{Price, Ticks};
/// let rules = BookRules {
///     allocation: Allocation::ProRata,
///     amend_below_filled: AmendBelowFilled::Reject,
///     disconnect_scope: DisconnectScope::Day,
///     id_reuse: IdReuse::Reject,
///     market_remainder: MarketRemainder::RestAtProtection,
///     protection: Some(Ticks::new(20)),
///     post_only_cross: PostOnlyCross::Slide,
///     band: Some(Ticks::new(500)),
///     reference: Some(Price::new(10_000)),
///     ..BookRules::default()
/// };
/// assert!(rules.validate().is_ok());
/// let error = BookRules { tick: Ticks::ZERO, ..rules }.validate().expect_err("a price has a step");
/// assert!(error.to_string().starts_with("tick"));
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
    /// A limit price further than this from the reference is refused.
    pub band: Option<Ticks>,
    /// What the band is measured from, and what an auction prefers; the last trade's price where it is not given.
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
    /// How many price levels may exist at a time, both sides together.
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
///
/// Example: [`BookRules`].
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
        let rows: [(&'static str, i128, bool, &'static str); 10] = [
            ("tick", self.tick.count().into(), self.tick.count() > 0, positive),
            ("lot", self.lot.lots().into(), self.lot.is_positive(), positive),
            ("min_qty", self.min_qty.lots().into(), self.min_qty.is_positive(), positive),
            ("max_qty", self.max_qty.lots().into(), self.max_qty >= self.min_qty, "at least min_qty"),
            ("min_px", self.min_px.ticks().into(), self.min_px > Price::ZERO, positive),
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

    /// Rows 4 to 6 of the table, for a total.
    #[inline]
    pub(super) fn check_total(&self, qty: Qty) -> Result<(), RejectReason> {
        if !qty.is_positive() {
            return Err(RejectReason::InvalidQty);
        }
        if qty < self.min_qty || qty > self.max_qty {
            return Err(RejectReason::QtyOutOfRange);
        }
        self.check_lot(qty)
    }

    /// Rows 4 and 6: a part of an order.
    pub(super) fn check_part(&self, qty: Qty) -> Result<(), RejectReason> {
        if !qty.is_positive() {
            return Err(RejectReason::InvalidQty);
        }
        self.check_lot(qty)
    }

    #[inline]
    fn check_lot(&self, qty: Qty) -> Result<(), RejectReason> {
        // A division costs as much as the rest of the checks together, and most books count in single lots.
        if self.lot.lots() != 1 && qty.lots() % self.lot.lots() != 0 {
            return Err(RejectReason::LotViolation);
        }
        Ok(())
    }

    /// Rows 8 to 10 and 12, for a limit price.
    #[inline]
    pub(super) fn check_limit(&self, price: Price, last: Option<Price>) -> Result<(), RejectReason> {
        self.check_price(price)?;
        self.check_band(price, last)
    }

    /// Rows 8 to 10.
    #[inline]
    fn check_price(&self, price: Price) -> Result<(), RejectReason> {
        if price <= Price::ZERO {
            return Err(RejectReason::InvalidPx);
        }
        if price < self.min_px || price > self.max_px {
            return Err(RejectReason::PxOutOfRange);
        }
        if self.is_off_tick(price) {
            return Err(RejectReason::TickViolation);
        }
        Ok(())
    }

    /// Row 12.
    #[inline]
    fn check_band(&self, price: Price, last: Option<Price>) -> Result<(), RejectReason> {
        let (Some(band), Some(reference)) = (self.band, self.reference_price(last)) else {
            return Ok(());
        };
        if price.ticks().abs_diff(reference.ticks()) > band.count().cast_unsigned() {
            return Err(RejectReason::PriceBand);
        }
        Ok(())
    }

    /// The configured reference price, else the last trade's.
    #[inline]
    pub(super) fn reference_price(&self, last: Option<Price>) -> Option<Price> {
        self.reference.or(last)
    }

    #[inline]
    fn is_off_tick(&self, price: Price) -> bool {
        self.tick.count() != 1 && price.ticks() % self.tick.count() != 0
    }

    fn check_trigger(&self, trigger: Price) -> Result<(), RejectReason> {
        let in_range = trigger > Price::ZERO && trigger >= self.min_px && trigger <= self.max_px;
        if !in_range || self.is_off_tick(trigger) {
            return Err(RejectReason::InvalidStopPx);
        }
        Ok(())
    }

    /// Rows 4 to 14 for a new order: all that the message alone decides, and the band.
    #[inline]
    pub(super) fn check_message(&self, order: &NewOrder, last: Option<Price>) -> Result<(), RejectReason> {
        self.check_total(order.qty)?;
        if !order.min_fill.is_zero() {
            self.check_part(order.min_fill)?;
        }
        match order.order_type {
            OrderType::Limit { price } => self.check_limit(price, last)?,
            OrderType::Market => {}
            OrderType::Stop { trigger } => self.check_trigger(trigger)?,
            OrderType::StopLimit { trigger, price } => {
                self.check_price(price)?;
                self.check_trigger(trigger)?;
                self.check_band(price, last)?;
            }
        }
        if let Some(display) = order.display
            && (self.check_part(display).is_err() || display > order.qty)
        {
            return Err(RejectReason::InvalidDisplay);
        }
        if contradicts_itself(order) {
            return Err(RejectReason::InvalidCombo);
        }
        Ok(())
    }
}

/// Row 14.
#[inline]
fn contradicts_itself(order: &NewOrder) -> bool {
    let at_once = matches!(order.tif, TimeInForce::Ioc | TimeInForce::Fok);
    let unpriced = order.limit_price().is_none();
    order.min_fill > order.qty || order.post_only && (at_once || unpriced || !order.min_fill.is_zero())
}
