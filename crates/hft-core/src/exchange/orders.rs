//! Invariant: an order in the slab stands in exactly one level, and shows at least one lot there.
//!
//! Resting orders in a last-in-first-out slab, so that the working set follows what is live and not what has been. The
//! common order (a limit order that shows all of itself, stands until cancelled, and whose sizes fit in 32 bits) is 32
//! bytes. What is rarer (icebergs, good-till-a-moment orders, enormous sizes) keeps its sizes in a second slab, and
//! the first one says where. Left out: stops and unpriced orders, which stand in no level (see
//! [`parked`](super::parked)).

use super::incoming::{Entry, Incoming, LEVEL, NEVER, RARE, SELL, Traits, flags};
use crate::models::{AccountId, OrderId, Price, Qty, Side, Timestamp};

/// No slot.
pub(super) const NONE: u32 = u32::MAX;

/// How many orders there can be: the index of ids keeps one bit of a slot for itself.
pub(super) const MAX_ORDERS: usize = (1 << 31) - 1;

/// A resting order. `place` is its level in the low 24 bits, and its [`flags`] above.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub(super) struct Order {
    pub(super) id: OrderId,
    /// Open; of a rare order, its entry in the second slab.
    pub(super) open: u32,
    pub(super) filled: u32,
    /// Later in time; of a free entry, the next free one.
    pub(super) next: u32,
    pub(super) previous: u32,
    place: u32,
    pub(super) account: AccountId,
}

/// The sizes of a resting order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sizes {
    pub(super) visible: Qty,
    pub(super) hidden: Qty,
    pub(super) filled: Qty,
}

impl Sizes {
    /// Open, what is hidden included.
    #[inline]
    pub(super) fn leaves(self) -> Qty {
        self.visible + self.hidden
    }
}

impl Order {
    #[inline]
    pub(super) const fn level(&self) -> u32 {
        self.place & LEVEL
    }

    #[inline]
    pub(super) const fn side(&self) -> Side {
        if self.place & SELL == 0 { Side::Buy } else { Side::Sell }
    }

    /// Whether its sizes are in the second slab.
    #[inline]
    pub(super) const fn is_rare(&self) -> bool {
        self.place & RARE != 0
    }
}

/// The place of a free entry: no live order stands in the last level.
const FREE: u32 = u32::MAX;

/// The sizes of an order that does not fit in the common form.
#[derive(Clone, Copy, Debug)]
struct Rare {
    visible: Qty,
    hidden: Qty,
    filled: Qty,
    display: Qty,
    expires: Timestamp,
    arrival: u64,
}

/// The slab of resting orders.
#[derive(Debug)]
pub(super) struct Orders {
    slab: Vec<Order>,
    free: u32,
    live: usize,
    rare: Vec<Rare>,
    rare_free: Vec<u32>,
}

impl Orders {
    pub(super) const fn new() -> Self {
        Self { slab: Vec::new(), free: NONE, live: 0, rare: Vec::new(), rare_free: Vec::new() }
    }

    pub(super) const fn len(&self) -> usize {
        self.live
    }

    #[inline]
    pub(super) fn get(&self, slot: u32) -> &Order {
        &self.slab[slot as usize]
    }

    /// The entry in this slot, where there is such a slot.
    #[inline]
    pub(super) fn peek(&self, slot: u32) -> Option<&Order> {
        self.slab.get(slot as usize)
    }

    #[inline]
    pub(super) fn get_mut(&mut self, slot: u32) -> &mut Order {
        &mut self.slab[slot as usize]
    }

    /// The sizes of an order of this slab.
    #[inline]
    pub(super) fn sizes(&self, order: &Order) -> Sizes {
        if order.is_rare() {
            return self.rare_sizes(order.open);
        }
        let [visible, filled] = [order.open, order.filled].map(|lots| Qty::new(i64::from(lots)));
        Sizes { visible, hidden: Qty::ZERO, filled }
    }

    #[cold]
    fn rare_sizes(&self, entry: u32) -> Sizes {
        let Rare { visible, hidden, filled, .. } = self.rare[entry as usize];
        Sizes { visible, hidden, filled }
    }

    /// Whether there is any rare order.
    #[inline]
    pub(super) const fn has_rare(&self) -> bool {
        self.rare.len() > self.rare_free.len()
    }

    #[inline]
    fn rare_of(&self, slot: u32) -> Option<&Rare> {
        let order = self.get(slot);
        order.is_rare().then(|| &self.rare[order.open as usize])
    }

    #[inline]
    pub(super) fn id(&self, slot: u32) -> OrderId {
        self.get(slot).id
    }

    #[inline]
    pub(super) fn visible(&self, slot: u32) -> Qty {
        self.sizes(self.get(slot)).visible
    }

    pub(super) fn hidden(&self, slot: u32) -> Qty {
        self.sizes(self.get(slot)).hidden
    }

    /// Open, what it hides included.
    pub(super) fn leaves(&self, slot: u32) -> Qty {
        self.sizes(self.get(slot)).leaves()
    }

    /// When it expires ([`NEVER`], if it does not), and its arrival.
    #[inline]
    pub(super) fn expiry(&self, slot: u32) -> (Timestamp, u64) {
        self.rare_of(slot).map_or((NEVER, 0), |rare| (rare.expires, rare.arrival))
    }

    /// What shows at a time; [`Qty::MAX`]: all of it.
    pub(super) fn display(&self, slot: u32) -> Qty {
        self.rare_of(slot).map_or(Qty::MAX, |rare| rare.display)
    }

    pub(super) fn traits(&self, slot: u32) -> Traits {
        Traits::of(self.get(slot).place)
    }

    /// The slots in use, in no meaningful order.
    pub(super) fn slots(&self) -> impl Iterator<Item = u32> + '_ {
        (0u32..).zip(&self.slab).filter(|(_, order)| order.place != FREE).map(|(slot, _)| slot)
    }

    /// Everything about an order but its place.
    pub(super) fn describe(&self, slot: u32, limit: Price) -> Incoming {
        let order = self.get(slot);
        let sizes = self.sizes(order);
        let (expires, arrival) = self.expiry(slot);
        Incoming {
            id: order.id,
            account: order.account,
            side: order.side(),
            limit,
            leaves: sizes.leaves(),
            filled: sizes.filled,
            display: self.display(slot),
            expires,
            arrival,
            traits: self.traits(slot),
        }
    }

    /// What the slab is to keep of an order; a rare one's sizes go into the second slab.
    #[inline]
    pub(super) fn entry(&mut self, order: &Incoming) -> Entry {
        let flags = flags(order.side, order.traits);
        let (mut entry, lots) = (Entry::common(order.id, order.account, order.leaves, flags), order.filled.lots());
        entry.filled = lots.cast_unsigned() as u32;
        if !order.is_common() {
            (entry.open, entry.filled) = (self.insert_rare(order), 0);
            entry.flags |= RARE;
        }
        entry
    }

    /// The free entry that the next order gets; [`NONE`], when there is none.
    #[inline]
    pub(super) const fn free(&self) -> u32 {
        self.free
    }

    /// Puts an order into the [free entry](Self::free), at this level, behind this order.
    #[inline(always)]
    pub(super) fn insert(&mut self, entry: Entry, level: u32, previous: u32) -> u32 {
        let slot = self.free;
        // Field by field: a copy of the whole would wait for its parts to reach memory.
        let order = self.get_mut(slot);
        let free = order.next;
        order.id = entry.id;
        order.open = entry.open;
        order.filled = entry.filled;
        order.next = NONE;
        order.previous = previous;
        order.place = level | entry.flags;
        order.account = entry.account;
        self.free = free;
        // No more than there are entries, so it never wraps; and this is on every order's way.
        self.live = self.live.wrapping_add(1);
        slot
    }

    /// Adds a free entry. Grows by a quarter: doubling would hold twice the memory that a million orders need.
    pub(super) fn grow(&mut self) {
        if self.slab.len() == self.slab.capacity() {
            self.slab.reserve_exact((self.slab.len() / 4).max(1024));
        }
        let (id, account) = (OrderId(0), AccountId(0));
        let order = Order { id, open: 0, filled: 0, next: NONE, previous: NONE, place: FREE, account };
        self.free = u32::try_from(self.slab.len()).expect("orders are limited");
        self.slab.push(order);
    }

    #[cold]
    fn insert_rare(&mut self, order: &Incoming) -> u32 {
        let visible = order.leaves.min(order.display);
        let rare = Rare {
            visible,
            hidden: order.leaves - visible,
            filled: order.filled,
            display: order.display,
            expires: order.expires,
            arrival: order.arrival,
        };
        if let Some(entry) = self.rare_free.pop() {
            self.rare[entry as usize] = rare;
            return entry;
        }
        self.rare.push(rare);
        u32::try_from(self.rare.len() - 1).expect("orders are limited")
    }

    /// Frees an entry that is linked to nothing.
    #[inline(always)]
    pub(super) fn remove(&mut self, slot: u32) {
        let free = self.free;
        let order = self.get_mut(slot);
        (order.place, order.next) = (FREE, free);
        self.free = slot;
        self.live = self.live.wrapping_sub(1);
    }

    /// Frees the sizes of a rare order, which is about to be removed.
    pub(super) fn remove_rare(&mut self, slot: u32) {
        let entry = self.get(slot).open;
        self.rare_free.push(entry);
    }

    /// Trades `qty` of what shows.
    #[inline]
    pub(super) fn fill(&mut self, slot: u32, qty: Qty) {
        let order = &mut self.slab[slot as usize];
        if order.is_rare() {
            let rare = &mut self.rare[order.open as usize];
            rare.visible -= qty;
            rare.filled += qty;
            return;
        }
        // No more trades than shows, which is small.
        self.fill_common(slot, qty.lots().cast_unsigned() as u32);
    }

    /// The same for an order that is common.
    #[inline]
    pub(super) fn fill_common(&mut self, slot: u32, lots: u32) {
        let order = self.get_mut(slot);
        order.open -= lots;
        order.filled += lots;
    }

    /// Takes `qty` off without a trade, what is hidden first; what it shows less for that.
    #[inline]
    pub(super) fn cut(&mut self, slot: u32, qty: Qty) -> Qty {
        let order = &mut self.slab[slot as usize];
        if order.is_rare() {
            let rare = &mut self.rare[order.open as usize];
            let from_hidden = qty.min(rare.hidden);
            rare.hidden -= from_hidden;
            rare.visible -= qty - from_hidden;
            return qty - from_hidden;
        }
        order.open -= qty.lots().cast_unsigned() as u32;
        qty
    }

    /// Shows this much of what is hidden, whatever its display size.
    pub(super) fn reveal(&mut self, slot: u32, qty: Qty) {
        let entry = self.get(slot).open as usize;
        let rare = &mut self.rare[entry];
        rare.hidden -= qty;
        rare.visible += qty;
    }

    /// Shows the next slice of an iceberg whose slice is exhausted; how much that is.
    pub(super) fn refresh(&mut self, slot: u32) -> Qty {
        let entry = self.get(slot).open as usize;
        let rare = &mut self.rare[entry];
        let slice = rare.hidden.min(rare.display);
        rare.hidden -= slice;
        rare.visible = slice;
        slice
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::SelfTrade;

    #[test]
    fn common_and_rare_orders_read_alike() {
        assert_eq!(size_of::<Order>(), 32);
        let plain = Incoming {
            id: OrderId(7),
            account: AccountId(u32::MAX),
            side: Side::Sell,
            limit: Price::new(1),
            leaves: Qty::new(100),
            filled: Qty::new(3),
            display: Qty::MAX,
            expires: NEVER,
            arrival: 0,
            traits: Traits { self_trade: SelfTrade::Decrement, post_only: true, day: true },
        };
        let huge = Incoming { leaves: Qty::MAX, filled: Qty::ZERO, ..plain };
        let iceberg = Incoming { display: Qty::new(30), ..plain };
        let dated = Incoming { expires: Timestamp::new(5), arrival: 3, ..plain };
        let mut orders = Orders::new();
        for (order, visible) in [(plain, 100), (huge, i64::MAX), (iceberg, 30), (dated, 100)] {
            let entry = orders.entry(&order);
            if orders.free() == NONE {
                orders.grow();
            }
            let slot = orders.insert(entry, 12, NONE);
            let told = orders.describe(slot, Price::new(1));
            assert_eq!(format!("{told:?}"), format!("{order:?}"));
            assert_eq!((orders.visible(slot).lots(), orders.get(slot).level()), (visible, 12));
            assert_eq!(orders.visible(slot) + orders.hidden(slot), order.leaves);
            orders.fill(slot, Qty::new(20));
            assert_eq!(
                (orders.sizes(orders.get(slot)).filled, orders.leaves(slot)),
                (order.filled + Qty::new(20), order.leaves - Qty::new(20))
            );
            if orders.get(slot).is_rare() {
                orders.remove_rare(slot);
            }
            orders.remove(slot);
        }
        assert_eq!((orders.len(), orders.slots().count(), orders.slab.len()), (0, 0, 1), "the entry was reused");
    }
}
