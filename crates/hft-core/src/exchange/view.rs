//! Invariant: looking changes nothing.
//!
//! What can be seen of a book from outside: its top, its levels, the queue at a price, an order. Left out: what was;
//! ended orders are known only by the events that ended them.

use super::engine::MatchingEngine;
use super::ladder::Rung;
use super::orders::NONE;
use crate::models::{AccountId, OrderId, Phase, Price, Qty, Quote, Side, Top};

/// How many orders [`MatchingEngine::warm`] looks at together: about as many loads as a processor waits for at a time.
pub const WARM: usize = 16;

/// One price of one side.
///
/// ```
/// use hft_core::exchange::{BookRules, EngineEvent, MatchingEngine, OrderState};
/// use hft_core::models::*;
/// # let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
/// let mut engine = MatchingEngine::new(BookRules::default());
/// let mut deaf = |_seq: u64, _event: EngineEvent| {};
/// let plain = NewOrder::limit(OrderId(1), book, Side::Buy, Price::new(100), Qty::new(50));
/// let iceberg = NewOrder { display: Some(Qty::new(10)), ..plain };
/// engine.submit(Timestamp::START, AccountId(1), &iceberg, &mut deaf);
/// let level = engine.levels(Side::Buy).next().expect("one stands");
/// assert_eq!((level.visible, level.total, level.count), (10, 50, 1));
/// let order = engine.order(OrderId(1)).expect("it lives");
/// assert_eq!((order.state, order.leaves, order.visible), (OrderState::Resting, Qty::new(50), Qty::new(10)));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LevelView {
    /// The price.
    pub price: Price,
    /// What shows there, in lots.
    pub visible: u128,
    /// What is there, hidden quantity included, in lots.
    pub total: u128,
    /// How many orders.
    pub count: usize,
}

/// Where a live order waits.
///
/// Example: [`LevelView`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OrderState {
    /// In the book.
    Resting,
    /// Outside, for its trigger.
    Stop,
}

/// A live order.
///
/// Example: [`LevelView`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OrderView {
    /// Its owner.
    pub account: AccountId,
    /// Its side.
    pub side: Side,
    /// Its limit, where it has one.
    pub price: Option<Price>,
    /// Filled so far.
    pub filled: Qty,
    /// Open, hidden quantity included.
    pub leaves: Qty,
    /// What shows of it.
    pub visible: Qty,
    /// Where it waits.
    pub state: OrderState,
}

impl MatchingEngine {
    /// The best bid and the best ask, with what shows there.
    pub fn top(&self) -> Top {
        let quote = |side: Side| {
            let level = self.book.levels.get(self.book.best(side)?);
            Some(Quote { price: level.price, qty: level.shown() })
        };
        Top { bid: quote(Side::Buy), ask: quote(Side::Sell) }
    }

    /// What shows at a price; saturates at [`Qty::MAX`].
    pub fn level(&self, side: Side, price: Price) -> Qty {
        self.book.ladder(side).find(price).map_or(Qty::ZERO, |level| self.book.levels.get(level).shown())
    }

    /// The levels of a side, best first.
    pub fn levels(&self, side: Side) -> impl Iterator<Item = LevelView> + '_ {
        self.book.rungs(side).map(|rung| self.level_view(rung))
    }

    /// The levels of a side at this price and worse, best first.
    pub fn levels_from(&self, side: Side, price: Price) -> impl Iterator<Item = LevelView> + '_ {
        self.book.rungs_from(side, price).map(|rung| self.level_view(rung))
    }

    #[inline]
    fn level_view(&self, rung: Rung) -> LevelView {
        let level = self.book.levels.get(rung.level);
        let visible = level.visible();
        let total = visible + self.book.levels.hidden(rung.level);
        LevelView { price: level.price, visible, total, count: level.count as usize }
    }

    /// The orders at a price in order of priority, each with its open quantity, hidden quantity included.
    pub fn queue(&self, side: Side, price: Price) -> impl Iterator<Item = (OrderId, Qty)> + '_ {
        let level = self.book.ladder(side).find(price);
        let slots = level.into_iter().flat_map(|level| self.book.queue(level));
        slots.map(|slot| (self.book.orders.id(slot), self.book.orders.leaves(slot)))
    }

    /// A live order, by id.
    pub fn order(&self, id: OrderId) -> Option<OrderView> {
        if let Some(slot) = self.book.find(id) {
            let order = self.book.orders.get(slot);
            let sizes = self.book.orders.sizes(order);
            return Some(OrderView {
                account: order.account,
                side: order.side(),
                price: Some(self.book.price(slot)),
                filled: sizes.filled,
                leaves: sizes.leaves(),
                visible: sizes.visible,
                state: OrderState::Resting,
            });
        }
        let parked = self.parked.get(id)?;
        Some(OrderView {
            account: parked.account,
            side: parked.order.side,
            price: parked.order.limit_price(),
            filled: Qty::ZERO,
            leaves: parked.order.qty,
            visible: Qty::ZERO,
            state: OrderState::Stop,
        })
    }

    /// Looks at the orders that the next commands name, at their neighbours and at their levels, so that they are near when
    /// those commands come. In a deep book most of what a command costs is waiting for memory, one thing after the other;
    /// here the waits of [`WARM`] commands overlap. Worth while where commands come in batches and a book is larger than the
    /// processor's caches; in a small book it costs more than it brings.
    pub fn warm(&self, ids: &[OrderId]) {
        for ids in ids.chunks(WARM) {
            // One kind of thing after another: each load of a loop needs nothing of the load before.
            let mut slots = [NONE; WARM];
            for (slot, &id) in slots.iter_mut().zip(ids) {
                *slot = self.book.presumed_slot(id);
            }
            let orders = slots.map(|slot| self.book.orders.peek(slot).copied());
            let seen = orders.iter().flatten().fold(0, |seen, order| {
                let neighbours = [order.previous, order.next].map(|slot| self.book.orders.peek(slot));
                let links = neighbours.into_iter().flatten().fold(0, |links, order| links ^ order.next);
                seen ^ links ^ self.book.levels.get(order.level()).count
            });
            std::hint::black_box(seen);
        }
    }

    /// How many orders are live, stops included.
    #[inline]
    pub fn live_orders(&self) -> usize {
        self.book.orders.len() + self.parked.len()
    }

    /// Checks everything that must hold after a command, against the orders themselves. For tests: it walks the book.
    ///
    /// # Panics
    /// When something does not hold.
    pub fn check_invariants(&self) {
        self.book.check();
        self.parked.check();
        let touches = Side::BOTH.map(|side| self.book.best_price(side));
        if let (Phase::Continuous, [Some(bid), Some(ask)]) = (self.phase, touches) {
            assert!(bid < ask, "the best bid {bid} is below the best ask {ask}");
        }
        assert!(self.live_orders() <= self.rules.max_orders, "no more orders than the limit");
        assert!(self.book.level_count() <= self.rules.max_levels, "no more levels than the limit");
        assert!(self.swept.is_empty() && self.listed.is_empty() && self.touched.is_empty(), "scratch is empty");
        assert_eq!(self.plain, self.plain_now(), "plain orders are let in exactly while they may");
        assert!(self.triggered.is_empty(), "every triggered stop has had its turn");
    }
}
