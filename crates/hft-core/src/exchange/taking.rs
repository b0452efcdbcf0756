//! Invariant: what a plain order says and does here is what [`matching`](super::matching) would let it say and do.
//!
//! The way of most takers: a [plain](super::plain) order that meets the other side of a book in which priority is time,
//! no order is rare, and no stop waits. Then a level is a queue of 32-byte orders, and what the taker still wants fits in
//! a register. Left out: every other taker.

use super::engine::MatchingEngine;
use super::event::{EngineEvent, EventSink, Party};
use super::incoming::Entry;
use super::matching::LevelChange;
use super::rules::Allocation;
use crate::models::{Price, Qty, Side};

impl MatchingEngine {
    /// Whether plain orders may be taken this way, and the next order surely finds room.
    #[inline]
    pub(super) fn takes_plainly(&self) -> bool {
        self.rules.allocation == Allocation::Fifo
            && !self.book.orders.has_rare()
            && self.book.orders.len() < self.rules.max_orders
            && self.book.level_count() < self.rules.max_levels
    }

    /// Follows a new plain order, which no self-trade prevention touches, to its end.
    #[inline(never)]
    pub(super) fn take_plainly<S: EventSink>(&mut self, taker: Entry, side: Side, limit: Price, sink: &mut S) {
        let Entry { id: order, account, .. } = taker;
        // A copy of its own, which stays in registers.
        let mut taker = Entry { ..taker };
        self.tape.say(sink, EngineEvent::Accepted { order, account, side, qty: lots(taker.open) });
        while taker.open > 0
            && self.crosses(side, limit)
            && let Some(level) = self.book.best(side.opposite())
        {
            let price = self.book.levels.get(level).price;
            self.last = Some(price);
            let visible = self.take_queue(level, &mut taker, side, sink);
            self.swept.push(LevelChange { price, visible });
        }
        if taker.open == 0 {
            return self.say_swept(side.opposite(), sink);
        }
        let shown = lots(taker.open);
        let (_, visible) = self.book.enter(taker, side, limit, shown);
        self.tape.say(sink, EngineEvent::Rested { order, side, price: limit, visible: shown });
        self.say_swept(side.opposite(), sink);
        self.tape.say_level(sink, side, limit, visible);
    }

    /// Trades through one level in order of arrival; what it shows then.
    #[inline(always)]
    fn take_queue<S: EventSink>(&mut self, level: u32, taker: &mut Entry, side: Side, sink: &mut S) -> Qty {
        let price = self.book.levels.get(level).price;
        let mut ahead = 0;
        loop {
            let slot = self.book.head(level);
            let maker = *self.book.orders.get(slot);
            let traded = maker.open.min(taker.open);
            let left = maker.open - traded;
            taker.open -= traded;
            taker.filled += traded;
            let trade = EngineEvent::Trade {
                trade: self.tape.next_trade(),
                price,
                qty: lots(traded),
                maker: Party {
                    order: maker.id,
                    account: maker.account,
                    filled: lots(maker.filled + traded),
                    leaves: lots(left),
                },
                taker: Party {
                    order: taker.id,
                    account: taker.account,
                    filled: lots(taker.filled),
                    leaves: lots(taker.open),
                },
                aggressor: Some(side),
                ahead: lots(ahead),
            };
            self.tape.say(sink, trade);
            if left > 0 {
                let visible = self.book.fill_part(slot, level, traded);
                self.tape.say(sink, EngineEvent::Resized { order: maker.id, visible: lots(left) });
                return visible;
            }
            let visible = self.book.drop(slot, self.book.home(maker.id), &maker, lots(traded));
            self.tape.say(sink, EngineEvent::Removed { order: maker.id });
            ahead += traded;
            if visible.is_zero() || taker.open == 0 {
                return visible;
            }
        }
    }
}

#[inline]
fn lots(count: u32) -> Qty {
    Qty::new(i64::from(count))
}
