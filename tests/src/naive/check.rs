//! What is refused. Nothing here changes anything.

use super::matching::Swept;
use super::order::is_immediate;
use super::{NaiveEngine, Order};
use crate::rules::{IdReuse, MarketRemainder, PostOnlyCross};
use hft_core::models::{
    AccountId, NewOrder, OrderId, OrderType, Phase, Price, Qty, RejectReason, SelfTrade, Side, TimeInForce, Timestamp,
};

type Checked<T> = Result<T, RejectReason>;

/// Refuses with `reason` unless `holds`.
fn require(holds: bool, reason: RejectReason) -> Checked<()> {
    if holds { Ok(()) } else { Err(reason) }
}

impl NaiveEngine {
    /// The price at which a new order enters (a post-only order may be moved), or why it is refused.
    pub(super) fn check_new(&self, now: Timestamp, account: AccountId, new: &NewOrder) -> Checked<Price> {
        require(!self.is_killed(account), RejectReason::KillSwitch)?;
        require(self.phase != Phase::Halt, RejectReason::Halted)?;
        self.check_message(new)?;
        self.check_id(new.id)?;
        if let TimeInForce::Gtd { expires } = new.tif {
            require(now < expires, RejectReason::AlreadyExpired)?;
        }
        self.check_phase(new)?;
        require(!self.may_stay(new) || self.live_orders() < self.rules.max_orders, RejectReason::Capacity)?;
        match new.order_type {
            OrderType::Limit { price } => self.check_entry(new.side, price, new.post_only, new.tif),
            OrderType::StopLimit { price, .. } => Ok(price),
            OrderType::Market | OrderType::Stop { .. } => Ok(Price::ZERO),
        }
    }

    /// Where a limit order enters, or that it may not: there must be room for it, and a post-only order must not trade.
    pub(super) fn check_entry(&self, side: Side, price: Price, post_only: bool, tif: TimeInForce) -> Checked<Price> {
        let entry = if post_only { self.post_only_price(side, price) } else { Ok(price) };
        let has_room = is_immediate(tif) || self.has_room_at(side, entry.unwrap_or(price));
        require(has_room, RejectReason::Capacity)?;
        entry
    }

    pub(super) fn is_killed(&self, account: AccountId) -> bool {
        self.all_killed || self.killed.contains(&account)
    }

    fn check_phase(&self, new: &NewOrder) -> Checked<()> {
        let waits = match new.order_type {
            OrderType::Stop { .. } | OrderType::StopLimit { .. } => true,
            OrderType::Limit { .. } => !is_immediate(new.tif) && new.min_fill.is_zero(),
            OrderType::Market => false,
        };
        require(waits || self.phase != Phase::Auction, RejectReason::Phase)
    }

    /// What is wrong with an order by itself.
    fn check_message(&self, new: &NewOrder) -> Checked<()> {
        self.check_total(new.qty)?;
        require(new.min_fill >= Qty::ZERO, RejectReason::InvalidQty)?;
        require(self.is_on_lot(new.min_fill), RejectReason::LotViolation)?;
        if let Some(price) = new.limit_price() {
            self.check_price(price)?;
        }
        if let OrderType::Stop { trigger } | OrderType::StopLimit { trigger, .. } = new.order_type {
            require(self.check_price(trigger).is_ok(), RejectReason::InvalidStopPx)?;
        }
        if let Some(price) = new.limit_price() {
            self.check_band(price)?;
        }
        if let Some(display) = new.display {
            let valid = display.is_positive() && self.is_on_lot(display) && display <= new.qty;
            require(valid, RejectReason::InvalidDisplay)?;
        }
        let rests_first = match new.order_type {
            OrderType::Limit { .. } | OrderType::StopLimit { .. } => !is_immediate(new.tif) && new.min_fill.is_zero(),
            OrderType::Market | OrderType::Stop { .. } => false,
        };
        require(!new.post_only || rests_first, RejectReason::InvalidCombo)?;
        require(new.min_fill <= new.qty, RejectReason::InvalidCombo)
    }

    /// A total that an order may have.
    pub(super) fn check_total(&self, qty: Qty) -> Checked<()> {
        require(qty.is_positive(), RejectReason::InvalidQty)?;
        require((self.rules.min_qty..=self.rules.max_qty).contains(&qty), RejectReason::QtyOutOfRange)?;
        require(self.is_on_lot(qty), RejectReason::LotViolation)
    }

    /// A size by which an order may be cut.
    pub(super) fn check_cut(&self, qty: Qty) -> Checked<()> {
        require(qty.is_positive(), RejectReason::InvalidQty)?;
        require(self.is_on_lot(qty), RejectReason::LotViolation)
    }

    /// A price that an order may have.
    pub(super) fn check_price(&self, price: Price) -> Checked<()> {
        require(price > Price::ZERO, RejectReason::InvalidPx)?;
        require((self.rules.min_px..=self.rules.max_px).contains(&price), RejectReason::PxOutOfRange)?;
        require(price.ticks() % self.rules.tick.count() == 0, RejectReason::TickViolation)
    }

    /// The band is around the configured reference, or else around the last trade.
    pub(super) fn check_band(&self, price: Price) -> Checked<()> {
        let (Some(band), Some(reference)) = (self.rules.band, self.rules.reference.or(self.last)) else {
            return Ok(());
        };
        require(price.ticks().abs_diff(reference.ticks()) <= band.count().unsigned_abs(), RejectReason::PriceBand)
    }

    fn check_id(&self, id: OrderId) -> Checked<()> {
        require(self.order(id).is_none(), RejectReason::DuplicateId)?;
        match self.rules.id_reuse {
            IdReuse::Allow => Ok(()),
            IdReuse::Reject => require(!self.ended.contains(&id), RejectReason::DuplicateId),
        }
    }

    /// Whether an order may be live after its own command.
    fn may_stay(&self, new: &NewOrder) -> bool {
        match new.order_type {
            OrderType::Limit { .. } => !is_immediate(new.tif),
            OrderType::Stop { .. } | OrderType::StopLimit { .. } => true,
            OrderType::Market => {
                self.rules.market_remainder == MarketRemainder::RestAtProtection
                    && self.rules.protection.is_some()
                    && !is_immediate(new.tif)
            }
        }
    }

    /// Whether an order may rest at `price` without one level too many on both sides together.
    pub(super) fn has_room_at(&self, side: Side, price: Price) -> bool {
        let levels: usize = Side::BOTH.iter().map(|&side| self.prices(side).len()).sum();
        self.prices(side).contains(&price) || levels < self.rules.max_levels
    }

    /// Where a post-only order limited at `price` rests, or that it may not.
    pub(super) fn post_only_price(&self, side: Side, price: Price) -> Checked<Price> {
        let touch = self.touch(side.opposite()).filter(|&touch| side.accepts(price, touch));
        let (Some(touch), Phase::Continuous) = (touch, self.phase) else { return Ok(price) };
        let is_allowed = |&price: &Price| self.check_price(price).is_ok() && self.check_band(price).is_ok();
        match self.rules.post_only_cross {
            PostOnlyCross::Reject => Err(RejectReason::PostOnlyCross),
            PostOnlyCross::Slide => {
                let slid = side.more_passive(touch, self.rules.tick);
                slid.filter(is_allowed).ok_or(RejectReason::PostOnlyCross)
            }
        }
    }

    /// True when an amended order that lets its own account's orders trade would reach one: a new order may, an amend
    /// never does.
    pub(super) fn amend_meets_own(&self, amended: &Order) -> bool {
        let mut stopping = Order { self_trade: SelfTrade::CancelNewest, ..amended.clone() };
        amended.self_trade == SelfTrade::Allow && self.copy().sweep(&mut stopping, amended.price) == Swept::Prevented
    }

    fn is_on_lot(&self, qty: Qty) -> bool {
        qty.lots() % self.rules.lot.lots() == 0
    }
}
