//! Invariant: the slab, the index of ids, the levels and the ladders tell the same story after every method.
//!
//! The price-time book of one instrument: resting orders, in levels, in ladders. It knows sizes, places and expiries
//! and nothing of accounts, rules or phases: the [engine](super::engine) decides, the book keeps. Every method is
//! O(1) but for a far price's map; those that [walk] change nothing. Left out: crossing, which is a matter of
//! [`matching`](super::matching).

mod walk;

use super::expiries::Expiries;
use super::id_index::{Home, IdIndex};
use super::incoming::{Entry, Incoming};
use super::ladder::Ladder;
use super::levels::Levels;
use super::orders::{NONE, Order, Orders};
use super::rules::BookRules;
use crate::models::{OrderId, Price, Qty, Side};

/// Resting orders by price, then by arrival.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) orders: Orders,
    pub(super) levels: Levels,
    ids: IdIndex,
    ladders: [Ladder; 2],
    /// Of all orders that expire, parked ones included.
    pub(super) expiries: Expiries,
}

/// What a new order shows, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    pub(super) side: Side,
    pub(super) price: Price,
    pub(super) qty: Qty,
}

/// What a trade did to a resting order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum AfterFill {
    /// It shows this much less and keeps its place.
    Smaller(Qty),
    /// It is an iceberg and shows its next slice, at the back of its level.
    Refreshed(Qty),
    /// It is gone.
    Gone,
}

impl Book {
    pub(super) fn new() -> Self {
        Self {
            orders: Orders::new(),
            levels: Levels::new(),
            ids: IdIndex::new(),
            ladders: Side::BOTH.map(Ladder::new),
            expiries: Expiries::new(),
        }
    }

    #[inline]
    pub(super) fn find(&self, id: OrderId) -> Option<u32> {
        self.find_at(self.ids.home(id), id).map(|(slot, _)| slot)
    }

    #[inline]
    pub(super) fn home(&self, id: OrderId) -> Home {
        self.ids.home(id)
    }

    /// Whether this home says at once that no order has an id that belongs there.
    #[inline]
    pub(super) fn is_unused(&self, home: Home) -> bool {
        self.ids.is_unused(home)
    }

    /// The order with this id, whose home this is, and its slot.
    #[inline]
    pub(super) fn find_at(&self, home: Home, id: OrderId) -> Option<(u32, &Order)> {
        self.ids.find(home, id, &self.orders)
    }

    /// The slot of an order, unless its id has met another's; of an id that is unknown, anything.
    #[inline]
    pub(super) fn presumed_slot(&self, id: OrderId) -> u32 {
        self.ids.presumed(self.ids.home(id))
    }

    #[inline]
    pub(super) fn ladder(&self, side: Side) -> &Ladder {
        &self.ladders[side.index()]
    }

    /// The best level of a side.
    #[inline]
    pub(super) fn best(&self, side: Side) -> Option<u32> {
        self.ladder(side).best().map(|rung| rung.level)
    }

    #[inline]
    pub(super) fn best_price(&self, side: Side) -> Option<Price> {
        self.best(side).map(|level| self.levels.get(level).price)
    }

    /// First in time at a level.
    #[inline]
    pub(super) fn head(&self, level: u32) -> u32 {
        self.levels.get(level).head
    }

    #[inline]
    pub(super) fn price(&self, slot: u32) -> Price {
        self.levels.get(self.orders.get(slot).level()).price
    }

    /// How many levels there are on both sides.
    #[inline]
    pub(super) fn level_count(&self) -> usize {
        self.ladders.iter().map(Ladder::len).sum()
    }

    /// Puts an order at the back of the level of its limit; what that level shows then.
    #[inline]
    pub(super) fn rest(&mut self, order: &Incoming) -> Qty {
        let visible = order.leaves.min(order.display);
        let entry = self.orders.entry(order);
        let (level, shown) = self.enter(entry, order.side, order.limit, visible);
        if !order.is_common() {
            self.levels.hide(level, order.leaves - visible);
            self.expiries.insert((order.expires, order.arrival), order.id);
        }
        shown
    }

    /// Puts an entry, which shows this much, at the back of the level of a price; the level, and what it shows then.
    #[inline]
    pub(super) fn enter(&mut self, entry: Entry, side: Side, price: Price, visible: Qty) -> (u32, Qty) {
        if self.orders.free() == NONE {
            self.grow();
        }
        let level = match self.ladder(side).find(price) {
            Some(level) => level,
            None => self.open_level(side, price),
        };
        let (slot, shown) = self.stand(entry, level, visible);
        self.ids.insert(self.home(entry.id), entry.id, slot, &self.orders);
        (level, shown)
    }

    /// Puts a new entry, whose id has this home, at the back of its level; what that level shows then. `None`, and
    /// nothing has happened, where something is unusual: an id that may be taken, or no room.
    #[inline(always)]
    pub(super) fn place(&mut self, entry: Entry, home: Home, shown: Shown, rules: &BookRules) -> Option<Qty> {
        match self.ladder(shown.side).find(shown.price) {
            Some(level) if self.claims(home) => Some(self.stand(entry, level, shown.qty).1),
            Some(_) => None,
            None => self.place_alone(&{ entry }, home, shown, rules),
        }
    }

    /// The same where the level does not exist yet.
    #[inline(never)]
    fn place_alone(&mut self, entry: &Entry, home: Home, shown: Shown, rules: &BookRules) -> Option<Qty> {
        if self.level_count() >= rules.max_levels || !self.claims(home) {
            return None;
        }
        let level = self.open_level(shown.side, shown.price);
        Some(self.stand(*entry, level, shown.qty).1)
    }

    /// Gives the free entry's slot this home, if there are both.
    #[inline(always)]
    fn claims(&mut self, home: Home) -> bool {
        let free = self.orders.free();
        free != NONE && self.ids.claim(home, free)
    }

    /// Adds a new entry, which shows this much, to the back of a level; its slot, and what the level shows then.
    #[inline(always)]
    fn stand(&mut self, entry: Entry, index: u32, visible: Qty) -> (u32, Qty) {
        let level = self.levels.get_mut(index);
        let last = level.tail;
        let slot = self.orders.free();
        level.tail = slot;
        level.count += 1;
        level.add(visible);
        if last == NONE {
            level.head = slot;
        }
        let shown = level.shown();
        self.orders.insert(entry, index, last);
        if last != NONE {
            self.orders.get_mut(last).next = slot;
        }
        (slot, shown)
    }

    /// Makes room for one more order.
    #[cold]
    fn grow(&mut self) {
        self.ids.make_room(self.orders.len() + 1, &self.orders);
        self.orders.grow();
    }

    fn open_level(&mut self, side: Side, price: Price) -> u32 {
        let level = self.levels.insert(price);
        self.ladders[side.index()].insert(price, level);
        level
    }

    #[inline(never)]
    fn close_level(&mut self, side: Side, index: u32) {
        self.ladders[side.index()].remove(self.levels.get(index).price);
        self.levels.remove(index);
    }

    /// Trades `qty` of what an order, which is in this slot, shows.
    #[inline]
    pub(super) fn fill(&mut self, slot: u32, order: &Order, qty: Qty) -> AfterFill {
        if order.is_rare() {
            return self.fill_rare(slot, qty);
        }
        let left = self.orders.sizes(order).visible - qty;
        if left.is_positive() {
            self.orders.fill(slot, qty);
            self.levels.get_mut(order.level()).subtract(qty);
            return AfterFill::Smaller(left);
        }
        self.drop(slot, self.home(order.id), order, qty);
        AfterFill::Gone
    }

    /// Trades so many lots, and not the last, of what a common order shows; what its level shows then.
    #[inline]
    pub(super) fn fill_part(&mut self, slot: u32, level: u32, lots: u32) -> Qty {
        self.orders.fill_common(slot, lots);
        let level = self.levels.get_mut(level);
        level.subtract(Qty::new(i64::from(lots)));
        level.shown()
    }

    #[cold]
    fn fill_rare(&mut self, slot: u32, qty: Qty) -> AfterFill {
        self.orders.fill(slot, qty);
        let order = *self.orders.get(slot);
        let left = self.orders.sizes(&order);
        if left.visible.is_positive() {
            self.levels.get_mut(order.level()).subtract(qty);
            return AfterFill::Smaller(left.visible);
        }
        if left.hidden.is_zero() {
            self.drop_rare(slot, self.home(order.id), &order, qty);
            return AfterFill::Gone;
        }
        let slice = self.orders.refresh(slot);
        self.levels.unhide(order.level(), slice);
        self.unlink(&order, qty);
        self.link(slot, order.level(), slice);
        AfterFill::Refreshed(slice)
    }

    /// Lets an iceberg show this much more, until it is next refreshed.
    pub(super) fn reveal(&mut self, slot: u32, qty: Qty) {
        let level = self.orders.get(slot).level();
        self.orders.reveal(slot, qty);
        self.levels.get_mut(level).add(qty);
        self.levels.unhide(level, qty);
    }

    /// Takes less than all that is open off an order without a trade, what is hidden first; what it shows less for
    /// that.
    #[inline]
    pub(super) fn cut(&mut self, slot: u32, qty: Qty) -> Qty {
        let level = self.orders.get(slot).level();
        let shown = self.orders.cut(slot, qty);
        self.levels.get_mut(level).subtract(shown);
        if shown < qty {
            self.levels.unhide(level, qty - shown);
        }
        shown
    }

    /// Takes out an order, which is in this slot and whose id has this home; what its level shows then.
    #[inline(always)]
    pub(super) fn remove(&mut self, slot: u32, order: &Order, home: Home) -> Qty {
        if order.is_rare() {
            return self.remove_rare(slot, home);
        }
        self.drop(slot, home, order, self.orders.sizes(order).visible)
    }

    #[cold]
    fn remove_rare(&mut self, slot: u32, home: Home) -> Qty {
        let order = *self.orders.get(slot);
        let sizes = self.orders.sizes(&order);
        self.levels.unhide(order.level(), sizes.hidden);
        self.drop_rare(slot, home, &order, sizes.visible)
    }

    fn drop_rare(&mut self, slot: u32, home: Home, order: &Order, visible: Qty) -> Qty {
        self.expiries.remove(self.orders.expiry(slot), order.id);
        self.orders.remove_rare(slot);
        self.drop(slot, home, order, visible)
    }

    /// Unlinks an order that showed this much and forgets it, and its level with it when that is empty; what the level
    /// shows then.
    #[inline(always)]
    pub(super) fn drop(&mut self, slot: u32, home: Home, order: &Order, visible: Qty) -> Qty {
        let (count, left) = self.unlink(order, visible);
        self.ids.remove(home, order.id, slot);
        self.orders.remove(slot);
        if count == 0 {
            self.close_level(order.side(), order.level());
        }
        left
    }

    #[inline]
    fn link(&mut self, slot: u32, level: u32, visible: Qty) {
        let level = self.levels.get_mut(level);
        let last = level.tail;
        level.tail = slot;
        level.count += 1;
        level.add(visible);
        if last == NONE {
            level.head = slot;
        } else {
            self.orders.get_mut(last).next = slot;
        }
        let order = self.orders.get_mut(slot);
        (order.previous, order.next) = (last, NONE);
    }

    /// Takes an order out of its level's queue; how many orders stay there, and what they show.
    #[inline(always)]
    fn unlink(&mut self, order: &Order, visible: Qty) -> (u32, Qty) {
        let level = self.levels.get_mut(order.level());
        let count = level.count - 1;
        level.count = count;
        level.subtract(visible);
        let shown = level.shown();
        if order.previous == NONE {
            level.head = order.next;
        } else {
            self.orders.get_mut(order.previous).next = order.next;
        }
        if order.next == NONE {
            level.tail = order.previous;
        } else {
            self.orders.get_mut(order.next).previous = order.previous;
        }
        (count, shown)
    }
}
