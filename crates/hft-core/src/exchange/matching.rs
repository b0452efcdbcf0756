//! Invariant: the best price trades first, then the earliest arrival; every trade prints at the resting order's price,
//! inside the taker's limit.
//!
//! What happens when an order meets the other side of the book, self-trade prevention included. `ahead` of a trade is
//! what this taker has traded or prevention has removed at that price before it: what stood there when it arrived.
//! Left out: who may enter at all ([`engine`](super::engine)), proportional sharing ([`pro_rata`](super::pro_rata)),
//! and trading without an aggressor ([`auction`](super::auction)).

use super::book::AfterFill;
use super::engine::MatchingEngine;
use super::event::{EngineEvent, EventSink, Party};
use super::incoming::Incoming;
use super::orders::{Order, Sizes};
use super::rules::{Allocation, MANY_ROUNDS};
use crate::models::{CancelReason, Price, Qty, SelfTrade, Side, TradeId};

/// Why an aggressor stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum SweepEnd {
    /// Nothing is left of it, or nothing that it may trade with.
    Done,
    /// Self-trade prevention took what was left of it.
    Prevented,
}

/// A level in which something changed, and what it shows now.
#[derive(Clone, Copy, Debug)]
pub(super) struct LevelChange {
    pub(super) price: Price,
    pub(super) visible: Qty,
}

/// How far an order would get if it traded now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Reach {
    /// What it would trade, in lots; exact up to what was asked for.
    pub(super) fills: u128,
    /// Whether it would meet an order of its own account that ends it.
    pub(super) meets_own: bool,
}

impl MatchingEngine {
    /// Trades `taker` against the other side until its size, its limit or prevention ends it. The levels that change
    /// are left in `swept`.
    pub(super) fn sweep<S: EventSink>(&mut self, taker: &mut Incoming, sink: &mut S) -> SweepEnd {
        let side = taker.side.opposite();
        while taker.leaves.is_positive() {
            let Some(level) = self.book.best(side) else { break };
            if !self.book.ladder(side).reaches(taker.limit) {
                break;
            }
            let price = self.book.levels.get(level).price;
            let before = (self.book.levels.get(level).visible(), taker.filled);
            let end = match self.rules.allocation {
                Allocation::Fifo => self.take_level(level, taker, sink),
                Allocation::ProRata => self.share_level(level, taker, sink),
            };
            // An iceberg may show as much as before: its level has changed all the same.
            let still_there = self.book.best(side) == Some(level);
            let visible = if still_there { self.book.levels.get(level).shown() } else { Qty::ZERO };
            if !still_there || before != (self.book.levels.get(level).visible(), taker.filled) {
                self.swept.push(LevelChange { price, visible });
            }
            if end == SweepEnd::Prevented {
                return end;
            }
        }
        SweepEnd::Done
    }

    /// Trades through one level in order of arrival.
    #[inline]
    fn take_level<S: EventSink>(&mut self, level: u32, taker: &mut Incoming, sink: &mut S) -> SweepEnd {
        let mut ahead = Qty::ZERO;
        while taker.leaves.is_positive() && self.book.best(taker.side.opposite()) == Some(level) {
            let maker = self.book.head(level);
            let Sizes { visible, hidden, .. } = self.book.orders.sizes(self.book.orders.get(maker));
            if self.is_prevented(taker, maker) {
                if self.prevent(taker, maker, sink) == SweepEnd::Prevented {
                    return SweepEnd::Prevented;
                }
            } else if hidden.is_positive() && self.takes_rounds(level, taker) {
                self.take_rounds(level, taker, &mut ahead, sink);
                continue;
            } else {
                self.trade(taker, maker, Print { qty: visible.min(taker.leaves), ahead }, sink);
            }
            ahead = Qty::new(ahead.lots().saturating_add(visible.lots()));
        }
        SweepEnd::Done
    }

    /// True when [`MANY_ROUNDS`] whole rounds through this level's slices would trade, and nothing else.
    pub(super) fn takes_rounds(&self, level: u32, taker: &Incoming) -> bool {
        self.whole_rounds(level, u128::from(taker.leaves.lots().cast_unsigned())) >= MANY_ROUNDS
            && self.book.queue(level).all(|slot| !self.is_prevented(taker, slot))
    }

    /// How many times over `wanted` lots take everything that a level of nothing but icebergs displays, every slice in
    /// full. What is below [`MANY_ROUNDS`] may be told too high.
    pub(super) fn whole_rounds(&self, level: u32, wanted: u128) -> u128 {
        let wide = |qty: Qty| u128::from(qty.lots().cast_unsigned());
        let orders = &self.book.orders;
        let taken = wanted / self.book.levels.get(level).visible();
        if taken < MANY_ROUNDS {
            return taken;
        }
        let mut rounds = taken;
        for slot in self.book.queue(level) {
            let display = orders.display(slot);
            let slices = if display == orders.visible(slot) { wide(orders.leaves(slot)) / wide(display) } else { 1 };
            rounds = rounds.min(slices);
            if rounds < MANY_ROUNDS {
                break;
            }
        }
        rounds
    }

    /// Takes all whole rounds in one trade an order. The book is left as slice after slice would have left it.
    #[cold]
    pub(super) fn take_rounds<S: EventSink>(
        &mut self,
        level: u32,
        taker: &mut Incoming,
        ahead: &mut Qty,
        sink: &mut S,
    ) {
        let rounds = self.whole_rounds(level, u128::from(taker.leaves.lots().cast_unsigned()));
        for _ in 0..self.book.levels.get(level).count {
            let maker = self.book.head(level);
            let shown = self.book.orders.visible(maker);
            let lots = rounds * u128::from(shown.lots().cast_unsigned());
            let qty = Qty::new(i64::try_from(lots).expect("no more than the order has open"));
            self.book.reveal(maker, qty - shown);
            self.trade(taker, maker, Print { qty, ahead: *ahead }, sink);
            *ahead = Qty::new(ahead.lots().saturating_add(qty.lots()));
        }
    }

    #[inline]
    pub(super) fn is_prevented(&self, taker: &Incoming, maker: u32) -> bool {
        taker.traits.self_trade != SelfTrade::Allow && self.book.orders.get(maker).account == taker.account
    }

    /// One trade, and what it did to the resting order.
    #[inline]
    pub(super) fn trade<S: EventSink>(&mut self, taker: &mut Incoming, maker: u32, print: Print, sink: &mut S) {
        let Print { qty, ahead } = print;
        let order = *self.book.orders.get(maker);
        let price = self.book.levels.get(order.level()).price;
        let maker_after = self.book.orders.sizes(&order).party(&order, qty);
        taker.leaves -= qty;
        taker.filled += qty;
        let taker_after = Party { order: taker.id, account: taker.account, filled: taker.filled, leaves: taker.leaves };
        let event = EngineEvent::Trade {
            trade: self.next_trade(price),
            price,
            qty,
            maker: maker_after,
            taker: taker_after,
            aggressor: Some(taker.side),
            ahead,
        };
        self.tape.say(sink, event);
        self.fill(maker, &order, qty, sink);
    }

    /// Books a trade on a resting order and says what became of it.
    #[inline]
    pub(super) fn fill<S: EventSink>(&mut self, maker: u32, resting: &Order, qty: Qty, sink: &mut S) {
        let (order, side) = (resting.id, resting.side());
        let price = self.book.levels.get(resting.level()).price;
        match self.book.fill(maker, resting, qty) {
            AfterFill::Smaller(visible) => self.tape.say(sink, EngineEvent::Resized { order, visible }),
            AfterFill::Gone => self.tape.say(sink, EngineEvent::Removed { order }),
            AfterFill::Refreshed(visible) => {
                self.tape.say(sink, EngineEvent::Removed { order });
                self.tape.say(sink, EngineEvent::Rested { order, side, price, visible });
            }
        }
    }

    /// Numbers a trade and lets stops see it.
    #[inline]
    pub(super) fn next_trade(&mut self, price: Price) -> TradeId {
        self.last = Some(price);
        self.trigger_stops();
        self.tape.next_trade()
    }

    /// An order meets one of its own account, and the taker's instruction governs.
    pub(super) fn prevent<S: EventSink>(&mut self, taker: &mut Incoming, maker: u32, sink: &mut S) -> SweepEnd {
        match taker.traits.self_trade {
            SelfTrade::Allow => SweepEnd::Done,
            SelfTrade::CancelNewest => SweepEnd::Prevented,
            SelfTrade::CancelOldest => {
                self.end_slot(maker, CancelReason::Stp, sink);
                SweepEnd::Done
            }
            SelfTrade::CancelBoth => {
                self.end_slot(maker, CancelReason::Stp, sink);
                SweepEnd::Prevented
            }
            SelfTrade::Decrement => self.decrement(taker, maker, sink),
        }
    }

    /// Both lose the smaller open quantity; who reaches zero is cancelled, the taker by whoever called the sweep.
    fn decrement<S: EventSink>(&mut self, taker: &mut Incoming, maker: u32, sink: &mut S) -> SweepEnd {
        let resting = *self.book.orders.get(maker);
        let sizes = self.book.orders.sizes(&resting);
        let (order, side, filled, leaves) = (resting.id, resting.side(), sizes.filled, sizes.leaves());
        let qty = leaves.min(taker.leaves);
        taker.leaves -= qty;
        let account = taker.account;
        self.tape.say(sink, EngineEvent::Prevented { order, account, side, qty, filled, leaves: leaves - qty });
        self.tape.say(
            sink,
            EngineEvent::Prevented {
                order: taker.id,
                account,
                side: taker.side,
                qty,
                filled: taker.filled,
                leaves: taker.leaves,
            },
        );
        if qty == leaves {
            self.book.remove(maker, &resting, self.book.home(order));
            let (leaves, reason) = (Qty::ZERO, CancelReason::Stp);
            self.tape.say(sink, EngineEvent::Canceled { order, account, side, filled, leaves, reason });
            self.tape.say(sink, EngineEvent::Removed { order });
        } else if self.book.cut(maker, qty).is_positive() {
            let visible = self.book.orders.visible(maker);
            self.tape.say(sink, EngineEvent::Resized { order, visible });
        }
        if taker.leaves.is_zero() { SweepEnd::Prevented } else { SweepEnd::Done }
    }

    /// How much `taker` would trade now, counted as far as `enough`: hidden quantity included, without own orders that
    /// prevention would remove, and not beyond the one that would end it.
    pub(super) fn reach(&self, taker: &Incoming, enough: Qty) -> Reach {
        let wide = |qty: Qty| u128::from(qty.lots().cast_unsigned());
        let mut reach = Reach { fills: 0, meets_own: false };
        let mut left = wide(taker.leaves);
        for rung in self.book.rungs(taker.side.opposite()) {
            let level = self.book.levels.get(rung.level);
            let is_enough = reach.fills >= wide(enough) || left == 0 || reach.meets_own;
            if is_enough || !taker.side.accepts(taker.limit, level.price) {
                break;
            }
            if taker.traits.self_trade == SelfTrade::Allow {
                let fills = left.min(level.visible() + self.book.levels.hidden(rung.level));
                reach.fills += fills;
                left -= fills;
            } else {
                self.reach_through(rung.level, taker, &mut left, &mut reach);
            }
        }
        reach
    }

    /// One level of [`MatchingEngine::reach`] for an order that must not meet its own.
    fn reach_through(&self, level: u32, taker: &Incoming, left: &mut u128, reach: &mut Reach) {
        let wide = |qty: Qty| u128::from(qty.lots().cast_unsigned());
        let own_first = self.rules.allocation == Allocation::ProRata;
        let orders = &self.book.orders;
        let mut later = 0;
        let is_own = |slot: u32| orders.get(slot).account == taker.account;
        let own = self.book.queue(level).filter(|&slot| own_first && is_own(slot));
        let rest = self.book.queue(level).filter(|&slot| !own_first || !is_own(slot));
        for slot in own.chain(rest) {
            if *left == 0 {
                return;
            }
            if is_own(slot) {
                match taker.traits.self_trade {
                    SelfTrade::Allow | SelfTrade::CancelOldest => {}
                    SelfTrade::Decrement => *left -= wide(orders.leaves(slot)).min(*left),
                    SelfTrade::CancelNewest | SelfTrade::CancelBoth => {
                        reach.meets_own = true;
                        return;
                    }
                }
                continue;
            }
            let fills = wide(orders.visible(slot)).min(*left);
            reach.fills += fills;
            *left -= fills;
            later += wide(orders.hidden(slot));
        }
        let fills = later.min(*left);
        reach.fills += fills;
        *left -= fills;
    }

    /// True when an order of this side limited at `limit` would trade now.
    #[inline]
    pub(super) fn crosses(&self, side: Side, limit: Price) -> bool {
        self.book.ladder(side.opposite()).reaches(limit)
    }
}

impl Sizes {
    /// The maker's side of a trade of `qty`, after it.
    #[inline]
    pub(super) fn party(self, order: &Order, qty: Qty) -> Party {
        let (filled, leaves) = (self.filled + qty, self.leaves() - qty);
        Party { order: order.id, account: order.account, filled, leaves }
    }
}

/// The size of a trade and what stood before its maker.
#[derive(Clone, Copy, Debug)]
pub(super) struct Print {
    pub(super) qty: Qty,
    pub(super) ahead: Qty,
}
