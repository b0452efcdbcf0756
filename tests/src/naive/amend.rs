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
        now: Timestamp,
        account: Option<AccountId>,
        id: OrderId,
        price: Option<Price>,
        qty: Option<Qty>,
        sink: &mut impl EventSink,
    ) {
        self.advance_time(now, sink);
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
        let order = self.named(account, id)?;
        if self.is_killed(order.account) {
            return Err(RejectReason::KillSwitch);
        }
        if self.phase == Phase::Halt {
            return Err(RejectReason::Halted);
        }
        if let Some(qty) = wish.qty {
            self.check_total(qty)?;
        }
        if let Some(price) = wish.price {
            if matches!(order.order_type, OrderType::Stop { .. }) {
                return Err(RejectReason::InvalidPx);
            }
            self.check_price(price)?;
            self.check_band(price)?;
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
        let price = self.amended_price(&order, price)?;
        if price == order.price && leaves <= order.leaves {
            self.shrink(&order, order.leaves - leaves);
            return Ok(());
        }
        self.requeue(Order { price, leaves, order_type: OrderType::Limit { price }, ..order })
    }

    fn try_reduce(&mut self, account: Option<AccountId>, id: OrderId, by: Qty) -> Result<(), RejectReason> {
        let order = self.named(account, id)?;
        self.check_cut(by)?;
        if by >= order.leaves {
            self.cancel_live(id, CancelReason::Reduced);
        } else if order.trigger().is_some() {
            self.amend_stop(id, order.price, order.leaves - by);
        } else {
            self.shrink(&order, by);
        }
        Ok(())
    }

    /// The live order that a change names.
    fn named(&self, account: Option<AccountId>, id: OrderId) -> Result<Order, RejectReason> {
        self.find(account, id).cloned().ok_or(RejectReason::UnknownOrder)
    }

    /// Where a resting order goes that is to stand at `price`. The level that it frees is room enough.
    fn amended_price(&self, order: &Order, price: Price) -> Result<Price, RejectReason> {
        let mut without_it = self.copy();
        without_it.book[order.side.index()].retain(|other| other.id != order.id);
        without_it.check_entry(order.side, price, order.post_only, order.tif)
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
