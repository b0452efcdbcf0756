//! Changes of a live order. A refused one is a complete no-op.

use super::{NaiveEngine, Order};
use crate::rules::AmendBelowFilled;
use hft_core::exchange::{EngineEvent, EventSink};
use hft_core::models::{AccountId, CancelReason, OrderId, OrderType, Phase, Price, Qty, RejectReason, Side, Timestamp};

/// What an amend asks for.
struct Wish {
    price: Option<Price>,
    qty: Option<Qty>,
}

impl NaiveEngine {
    /// Changes price, total size (what has been filled included), or both. Less at the same price keeps priority,
    /// more or another price loses it and may trade.
    pub fn amend(
        &mut self,
        _now: Timestamp,
        account: Option<AccountId>,
        id: OrderId,
        price: Option<Price>,
        qty: Option<Qty>,
        sink: &mut impl EventSink,
    ) {
        let side = self.find(account, id).map_or(Side::Sell, |order| order.side);
        if let Err(reason) = self.try_amend(account, id, &Wish { price, qty }) {
            self.refuse(id, reason);
        }
        self.settle(side, sink);
    }

    /// Cuts the open quantity, hidden quantity first. Priority is kept; cutting all of it or more ends the order.
    pub fn reduce(&mut self, account: Option<AccountId>, id: OrderId, by: Qty, sink: &mut impl EventSink) {
        if let Err(reason) = self.try_reduce(account, id, by) {
            self.refuse(id, reason);
        }
        self.settle(Side::Sell, sink);
    }

    fn try_amend(&mut self, account: Option<AccountId>, id: OrderId, wish: &Wish) -> Result<(), RejectReason> {
        let order = self.changeable(account, id)?;
        if let Some(qty) = wish.qty {
            self.check_qty(qty)?;
        }
        if let Some(price) = wish.price {
            let has_limit = !matches!(order.order_type, OrderType::Stop { .. });
            if !has_limit {
                return Err(RejectReason::InvalidPx);
            }
            self.check_price(price)?;
        }
        if let Some(qty) = wish.qty {
            self.check_qty_range(qty)?;
        }
        if let Some(price) = wish.price {
            self.check_price_range(price)?;
        }
        let total = wish.qty.unwrap_or(order.filled + order.leaves);
        if total <= order.filled {
            return match self.rules.amend_below_filled {
                AmendBelowFilled::Reject => Err(RejectReason::QtyBelowFilled),
                AmendBelowFilled::Cancel => {
                    self.cancel_live(id, CancelReason::Reduced);
                    Ok(())
                }
            };
        }
        let leaves = total - order.filled;
        let price = wish.price.unwrap_or(order.price);
        if order.trigger().is_some() {
            self.amend_stop(id, price, leaves);
            return Ok(());
        }
        let price =
            if order.post_only && price != order.price { self.post_only_price(order.side, price)? } else { price };
        if price == order.price && leaves <= order.leaves {
            self.shrink(&order, order.leaves - leaves);
            return Ok(());
        }
        self.requeue(Order { price, leaves, order_type: OrderType::Limit { price }, ..order })
    }

    fn try_reduce(&mut self, account: Option<AccountId>, id: OrderId, by: Qty) -> Result<(), RejectReason> {
        let order = self.changeable(account, id)?;
        self.check_qty(by)?;
        if by >= order.leaves {
            self.cancel_live(id, CancelReason::Reduced);
        } else if order.trigger().is_some() {
            self.amend_stop(id, order.price, order.leaves - by);
        } else {
            self.shrink(&order, by);
        }
        Ok(())
    }

    /// The named order, unless a kill, a halt or its absence forbids to change it.
    fn changeable(&self, account: Option<AccountId>, id: OrderId) -> Result<Order, RejectReason> {
        let order = self.find(account, id);
        let owner = account.or(order.map(|order| order.account));
        if self.all_killed || owner.is_some_and(|owner| self.is_killed(owner)) {
            return Err(RejectReason::KillSwitch);
        }
        if self.phase == Phase::Halt {
            return Err(RejectReason::Halted);
        }
        order.cloned().ok_or(RejectReason::UnknownOrder)
    }

    /// A stop has no place in a queue to lose: it changes where it waits.
    fn amend_stop(&mut self, id: OrderId, price: Price, leaves: Qty) {
        let at = self.stops.iter().position(|stop| stop.id == id).expect("the stop waits");
        let stop = &mut self.stops[at];
        (stop.price, stop.leaves) = (price, leaves);
        if let OrderType::StopLimit { trigger, .. } = stop.order_type {
            stop.order_type = OrderType::StopLimit { trigger, price };
        }
        let stop = stop.clone();
        self.say_replaced(&stop);
    }

    /// A resting order loses `by` and keeps its place. Nothing is a valid loss.
    fn shrink(&mut self, order: &Order, by: Qty) {
        let at = self.position(order.side, order.id);
        self.book[order.side.index()][at].cut(by);
        let cut = self.book[order.side.index()][at].clone();
        self.say_replaced(&cut);
        if cut.visible != order.visible {
            self.touched(cut.side, cut.price);
            self.say(EngineEvent::Resized { order: cut.id, visible: cut.visible });
        }
    }

    /// A resting order leaves its place and enters again as `amended`.
    fn requeue(&mut self, amended: Order) -> Result<(), RejectReason> {
        let at = self.position(amended.side, amended.id);
        let old = &self.book[amended.side.index()][at];
        let frees_its_level = self.at(old.side, old.price).count() == 1;
        if !frees_its_level && !self.has_room_at(amended.side, amended.price) {
            return Err(RejectReason::Capacity);
        }
        if self.phase == Phase::Continuous && self.amend_meets_own(&amended) {
            return Err(RejectReason::Stp);
        }
        self.say_replaced(&amended);
        self.take_out(amended.side, at);
        self.enter(amended);
        Ok(())
    }

    fn say_replaced(&mut self, order: &Order) {
        self.say(EngineEvent::Replaced {
            order: order.id,
            account: order.account,
            side: order.side,
            price: order.price,
            filled: order.filled,
            leaves: order.leaves,
        });
    }
}
