//! A live order of the naive engine. `filled + leaves` is its total, `visible <= leaves`.

use hft_core::models::{AccountId, NewOrder, OrderId, OrderType, Price, Qty, SelfTrade, Side, TimeInForce};

#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) id: OrderId,
    pub(super) account: AccountId,
    pub(super) side: Side,
    /// What it is now: a triggered stop is a market or limit order, whatever rests is a limit order.
    pub(super) order_type: OrderType,
    /// Its limit, or where it rests; zero while it has neither.
    pub(super) price: Price,
    pub(super) tif: TimeInForce,
    pub(super) post_only: bool,
    pub(super) display: Option<Qty>,
    /// Must trade this much at once; zero after it first did.
    pub(super) min_fill: Qty,
    pub(super) self_trade: SelfTrade,
    pub(super) filled: Qty,
    pub(super) leaves: Qty,
    /// What shows; zero unless it rests.
    pub(super) visible: Qty,
    /// How many orders were accepted up to it.
    pub(super) age: u64,
}

impl Order {
    /// An accepted order; `price` is its limit after a post-only order was moved.
    pub(super) fn new(account: AccountId, new: &NewOrder, price: Price, age: u64) -> Self {
        Self {
            id: new.id,
            account,
            side: new.side,
            order_type: new.order_type,
            price,
            tif: new.tif,
            post_only: new.post_only,
            display: new.display,
            min_fill: new.min_fill,
            self_trade: new.self_trade,
            filled: Qty::ZERO,
            leaves: new.qty,
            visible: Qty::ZERO,
            age,
        }
    }

    /// The trigger of a stop that waits.
    pub(super) fn trigger(&self) -> Option<Price> {
        match self.order_type {
            OrderType::Stop { trigger } | OrderType::StopLimit { trigger, .. } => Some(trigger),
            OrderType::Limit { .. } | OrderType::Market => None,
        }
    }

    /// Shows a slice: all of it, or as much as an iceberg displays.
    pub(super) fn show(&mut self) {
        self.visible = self.display.unwrap_or(self.leaves).min(self.leaves);
    }

    /// Loses open quantity without a trade, hidden quantity first.
    pub(super) fn cut(&mut self, by: Qty) {
        self.leaves -= by;
        self.visible = self.visible.min(self.leaves);
    }

    /// True for an order that never rests, whatever else it is.
    pub(super) fn is_immediate(&self) -> bool {
        is_immediate(self.tif)
    }
}

/// True for the instructions under which nothing rests.
pub(super) fn is_immediate(tif: TimeInForce) -> bool {
    match tif {
        TimeInForce::Ioc | TimeInForce::Fok => true,
        TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Gtd { .. } => false,
    }
}
