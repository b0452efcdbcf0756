//! Invariant: no order gets more than it shows, and what is shared is exactly what the aggressor brings.
//!
//! Proportional sharing at one price: each order gets `aggressor * shown / shown in all`, rounded down to lots; what
//! rounding leaves goes to the orders in order of arrival, as much as each still shows. An aggressor that takes
//! everything that shows takes it in order of arrival, and meets the icebergs' next slices in a further round. Own
//! orders are settled first, in order of arrival, so that they weigh nothing: the oldest-goes instruction cancels them,
//! the newest-goes instruction ends the aggressor before the level, both-go takes the first of them along, decrement
//! uses the aggressor up against them.
//! Left out: priority for the first order of a level, and least allocations.

use super::engine::MatchingEngine;
use super::event::EventSink;
use super::incoming::Incoming;
use super::matching::{Print, SweepEnd};
use super::orders::NONE;
use crate::models::Qty;

impl MatchingEngine {
    /// Trades through one level in proportion to what its orders show.
    pub(super) fn share_level<S: EventSink>(&mut self, level: u32, taker: &mut Incoming, sink: &mut S) -> SweepEnd {
        let mut ahead = Qty::ZERO;
        if self.settle_own(level, taker, &mut ahead, sink) == SweepEnd::Prevented {
            return SweepEnd::Prevented;
        }
        while taker.leaves.is_positive() && self.book.best(taker.side.opposite()) == Some(level) {
            if self.takes_rounds(level, taker) {
                self.take_rounds(level, taker, &mut ahead, sink);
                continue;
            }
            let visible = self.book.levels.get(level).visible();
            if u128::from(taker.leaves.lots().cast_unsigned()) < visible {
                self.share_out(level, taker, ahead, sink);
                break;
            }
            for _ in 0..self.book.levels.get(level).count {
                let maker = self.book.head(level);
                let qty = self.book.orders.visible(maker);
                self.trade(taker, maker, Print { qty, ahead }, sink);
                ahead = Qty::new(ahead.lots().saturating_add(qty.lots()));
            }
        }
        SweepEnd::Done
    }

    /// Prevention acts on every own order of the level before anything is shared.
    fn settle_own<S: EventSink>(
        &mut self,
        level: u32,
        taker: &mut Incoming,
        ahead: &mut Qty,
        sink: &mut S,
    ) -> SweepEnd {
        let mut slot = self.book.head(level);
        while slot != NONE && taker.leaves.is_positive() {
            let (next, shown) = (self.book.orders.get(slot).next, self.book.orders.visible(slot));
            if self.is_prevented(taker, slot) {
                if self.prevent(taker, slot, sink) == SweepEnd::Prevented {
                    return SweepEnd::Prevented;
                }
                *ahead = Qty::new(ahead.lots().saturating_add(shown.lots()));
            }
            slot = next;
        }
        SweepEnd::Done
    }

    /// Shares what is left of the aggressor, which is less than what shows.
    fn share_out<S: EventSink>(&mut self, level: u32, taker: &mut Incoming, mut ahead: Qty, sink: &mut S) {
        let whole = taker.leaves;
        let visible = self.book.levels.get(level).visible();
        let lot = i128::from(self.rules.lot.lots());
        let share = |shown: Qty| {
            let exact = i128::from(whole.lots()) * i128::from(shown.lots());
            let share = exact / visible.cast_signed() / lot * lot;
            Qty::new(i64::try_from(share).expect("a share is at most what shows"))
        };
        let shared: i64 = self.book.queue(level).map(|slot| share(self.book.orders.visible(slot)).lots()).sum();
        let mut left_over = whole - Qty::new(shared);
        let mut slot = self.book.head(level);
        for _ in 0..self.book.levels.get(level).count {
            let (shown, next) = (self.book.orders.visible(slot), self.book.orders.get(slot).next);
            let mut qty = share(shown);
            let more = left_over.min(shown - qty);
            left_over -= more;
            qty += more;
            if qty.is_positive() {
                self.trade(taker, slot, Print { qty, ahead }, sink);
            }
            ahead = Qty::new(ahead.lots().saturating_add(shown.lots()));
            slot = next;
        }
    }
}
