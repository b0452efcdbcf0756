//! One company's book, and what the reader has going on there.

use crate::strategy::trader::Rules;
use hft_core::models::{BookId, NewOrder, OrderId, Phase, Price, Qty, SelfTrade, Side, TimeInForce, Timestamp};
use hft_core::trader::{BookView, Desk};

/// Why a position is held, and until when.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Plan {
    /// Where the price should come to rest, ticks.
    pub(super) fair: f64,
    /// Which way it was entered.
    pub(super) side: Side,
    /// When what is left of the surprise is not worth waiting for.
    pub(super) leave_at: Timestamp,
}

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) book: BookId,
    pub(super) company: usize,
    pub(super) plan: Option<Plan>,
    /// The order that works, and until when it may rest.
    pub(super) order: Option<(OrderId, Timestamp)>,
    /// The exchange said that trading is halted.
    pub(super) is_halted: bool,
}

impl Place {
    pub(super) const fn new(book: BookId, company: usize) -> Self {
        Self { book, company, plan: None, order: None, is_halted: false }
    }

    pub(super) fn position(&self, desk: &Desk<'_>) -> i64 {
        desk.position(self.book.instrument).count()
    }

    /// The midpoint as we see it, ticks.
    pub(super) fn mid(&self, desk: &Desk<'_>) -> Option<f64> {
        Some(desk.view(self.book)?.mid()?.count() as f64 / 2.0)
    }

    /// The book, while it trades.
    pub(super) fn open<'a>(&self, desk: &'a Desk<'_>) -> Option<&'a BookView> {
        desk.view(self.book).filter(|view| view.phase() == Phase::Continuous && !self.is_halted)
    }

    /// What is shown on the other side up to a limit, lots.
    pub(super) fn depth(&self, desk: &Desk<'_>, side: Side, limit: Price) -> i64 {
        let Some(view) = desk.view(self.book) else { return 0 };
        let levels = view.levels(side.opposite()).take_while(|level| side.accepts(limit, level.price));
        levels.map(|level| level.qty.lots()).sum()
    }

    /// Takes what stands up to a limit.
    pub(super) fn take(&mut self, desk: &mut Desk<'_>, side: Side, limit: Price, lots: i64) {
        let order = NewOrder::limit(OrderId(0), self.book, side, limit, Qty::new(lots));
        let order = NewOrder { tif: TimeInForce::Ioc, self_trade: SelfTrade::CancelOldest, ..order };
        self.order = Some((desk.submit(order), Timestamp::MAX));
    }

    /// Rests at a price until a moment.
    pub(super) fn rest(&mut self, desk: &mut Desk<'_>, side: Side, price: Price, lots: i64, until: Timestamp) {
        let order = NewOrder::limit(OrderId(0), self.book, side, price, Qty::new(lots));
        self.order = Some((desk.submit(NewOrder { post_only: true, ..order }), until));
    }

    /// Takes a resting order away.
    pub(super) fn withdraw(&mut self, desk: &mut Desk<'_>) {
        if let Some((id, _)) = self.order {
            // It may have traded in the meantime, which its report will tell.
            let _ = desk.cancel(id);
        }
    }

    /// Gives the position back when its time has come or its aim is reached.
    pub(super) fn leave(&mut self, desk: &mut Desk<'_>, rules: &Rules) {
        let position = self.position(desk);
        if position == 0 || self.order.is_some() {
            return;
        }
        let out = if position > 0 { Side::Sell } else { Side::Buy };
        let Some(best) = self.open(desk).and_then(|view| view.best(out.opposite())) else { return };
        let is_there = |plan: &Plan| {
            plan.side == out.opposite() && (best.price.ticks() as f64 - plan.fair) * plan.side.sign() as f64 >= 0.0
        };
        // Whatever is held without a plan is left over from one.
        let is_over = self.plan.is_none_or(|plan| desk.now() >= plan.leave_at || is_there(&plan));
        if is_over {
            let lots = position.abs().min(best.qty.lots()).min(rules.size);
            self.take(desk, out, best.price, lots);
        }
    }
}
