//! What is refused. Nothing here changes anything.

use super::order::is_immediate;
use super::{NaiveEngine, Order, wide};
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
        self.check_phase(new)?;
        self.check_shape(new)?;
        self.check_qty_range(new.qty)?;
        let price = new.limit_price();
        if let Some(price) = price {
            self.check_price_range(price)?;
        }
        if let TimeInForce::Gtd { expires } = new.tif {
            require(now < expires, RejectReason::AlreadyExpired)?;
        }
        self.check_id(new.id)?;
        match (new.order_type, new.post_only) {
            (OrderType::Limit { price }, true) => {
                let price = self.post_only_price(new.side, price)?;
                self.check_capacity(new, Some(price))?;
                Ok(price)
            }
            (OrderType::Limit { price }, false) => {
                self.check_capacity(new, Some(price))?;
                Ok(price)
            }
            (OrderType::Market | OrderType::Stop { .. } | OrderType::StopLimit { .. }, _) => {
                self.check_capacity(new, None)?;
                Ok(price.unwrap_or(Price::ZERO))
            }
        }
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
        match self.phase {
            Phase::Continuous => Ok(()),
            Phase::Auction => require(waits, RejectReason::Phase),
            Phase::Halt => Err(RejectReason::Halted),
        }
    }

    /// What is wrong with an order whatever the state of the book.
    fn check_shape(&self, new: &NewOrder) -> Checked<()> {
        self.check_qty(new.qty)?;
        require(new.min_fill >= Qty::ZERO, RejectReason::InvalidQty)?;
        require(self.is_on_lot(new.min_fill), RejectReason::LotViolation)?;
        if let Some(price) = new.limit_price() {
            self.check_price(price)?;
        }
        if let OrderType::Stop { trigger } | OrderType::StopLimit { trigger, .. } = new.order_type {
            let valid = trigger > Price::ZERO && self.is_on_tick(trigger) && self.is_in_range(trigger);
            require(valid, RejectReason::InvalidStopPx)?;
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

    /// A size that an order or a cut may have.
    pub(super) fn check_qty(&self, qty: Qty) -> Checked<()> {
        require(qty.is_positive(), RejectReason::InvalidQty)?;
        require(self.is_on_lot(qty), RejectReason::LotViolation)
    }

    /// A price that an order may have.
    pub(super) fn check_price(&self, price: Price) -> Checked<()> {
        require(price > Price::ZERO, RejectReason::InvalidPx)?;
        require(self.is_on_tick(price), RejectReason::TickViolation)
    }

    pub(super) fn check_qty_range(&self, qty: Qty) -> Checked<()> {
        require((self.rules.min_qty..=self.rules.max_qty).contains(&qty), RejectReason::QtyOutOfRange)
    }

    pub(super) fn check_price_range(&self, price: Price) -> Checked<()> {
        require(self.is_in_range(price), RejectReason::PxOutOfRange)?;
        require(self.is_in_band(price), RejectReason::PriceBand)
    }

    fn check_id(&self, id: OrderId) -> Checked<()> {
        require(self.order(id).is_none(), RejectReason::DuplicateId)?;
        match self.rules.id_reuse {
            IdReuse::Allow => Ok(()),
            IdReuse::Reject => require(!self.ended.contains(&id), RejectReason::DuplicateId),
        }
    }

    /// Whether there is room for an order that may rest at `price`, or wait as a stop.
    fn check_capacity(&self, new: &NewOrder, price: Option<Price>) -> Checked<()> {
        let may_stay = match new.order_type {
            OrderType::Limit { .. } => !is_immediate(new.tif),
            OrderType::Stop { .. } | OrderType::StopLimit { .. } => true,
            OrderType::Market => {
                self.rules.market_remainder == MarketRemainder::RestAtProtection
                    && self.rules.protection.is_some()
                    && !is_immediate(new.tif)
            }
        };
        if may_stay {
            require(self.live_orders() < self.rules.max_orders, RejectReason::Capacity)?;
            require(price.is_none_or(|price| self.has_room_at(new.side, price)), RejectReason::Capacity)?;
        }
        Ok(())
    }

    /// Whether an order may rest at `price` without one level too many.
    pub(super) fn has_room_at(&self, side: Side, price: Price) -> bool {
        let prices = self.prices(side);
        prices.contains(&price) || prices.len() < self.rules.max_levels
    }

    /// Where a post-only order limited at `price` rests, or that it may not.
    pub(super) fn post_only_price(&self, side: Side, price: Price) -> Checked<Price> {
        let touch = self.touch(side.opposite()).filter(|&touch| side.accepts(price, touch));
        let (Some(touch), Phase::Continuous) = (touch, self.phase) else { return Ok(price) };
        match self.rules.post_only_cross {
            PostOnlyCross::Reject => Err(RejectReason::PostOnlyCross),
            PostOnlyCross::Slide => side
                .more_passive(touch, self.rules.tick)
                .filter(|&slid| slid > Price::ZERO && self.is_in_range(slid) && self.is_in_band(slid))
                .ok_or(RejectReason::PostOnlyCross),
        }
    }

    /// True when an amended order that lets its own account's orders trade would reach one: a new order may, an amend
    /// never does.
    pub(super) fn amend_meets_own(&self, amended: &Order) -> bool {
        let stopping = Order { self_trade: SelfTrade::CancelNewest, ..amended.clone() };
        let within = self.within_reach(&stopping, amended.price);
        amended.self_trade == SelfTrade::Allow && within.ends_at_own && within.qty < wide(amended.leaves)
    }

    fn is_on_lot(&self, qty: Qty) -> bool {
        qty.lots() % self.rules.lot.lots() == 0
    }

    fn is_on_tick(&self, price: Price) -> bool {
        price.ticks() % self.rules.tick.count() == 0
    }

    fn is_in_range(&self, price: Price) -> bool {
        (self.rules.min_px..=self.rules.max_px).contains(&price)
    }

    fn is_in_band(&self, price: Price) -> bool {
        let (Some(band), Some(reference)) = (self.rules.band, self.rules.reference) else { return true };
        price.ticks().abs_diff(reference.ticks()) <= band.count().unsigned_abs()
    }
}
