//! Invariant: every order of the slab is found by its id, in its home entry or in the overflow.
//!
//! From an order's id to its slot. Ids are dense counters per trader, so the index is a table of slots with the id
//! folded straight into a position: consecutive ids are neighbours in memory, and meet nobody unless an order has
//! outlived as many successors as the table has entries. Whoever finds its home taken goes to a hash table; the home
//! remembers that with one bit, so that a lookup asks the hash table only where it can answer. The table keeps four
//! entries for each live order: it grows with what is live, never with history. Ids of any other shape are found as
//! well, only not as fast.
//!
//! [`UsedIds`] is the memory of ended orders for venues that refuse to see an id twice: one bit for each id of a dense
//! range.

use super::orders::{Order, Orders};
use crate::models::OrderId;
use hashbrown::HashTable;
use std::collections::BTreeMap;

/// Set in a home whose orders may be in the overflow.
const OVERFLOWS: u32 = 1 << 31;
/// The slot of an empty home.
const EMPTY: u32 = OVERFLOWS - 1;
/// Entries of the table for each live order.
const SPARSITY: usize = 4;
const SMALLEST: usize = 1 << 12;
/// Ids of one block of this size are neighbours; blocks (and so traders) are scattered.
const BLOCK_BITS: u32 = 22;

/// Where an id belongs in the table as it is now; [making room](IdIndex::make_room) may make it void.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Home(usize);

/// Slots by id.
#[derive(Debug)]
pub(super) struct IdIndex {
    homes: Vec<u32>,
    mask: u64,
    /// How many orders the table is large enough for.
    room: usize,
    overflow: HashTable<u32>,
    /// Homes marked [`OVERFLOWS`] since the last rebuild; the marks are only ever cleared there.
    marked: usize,
}

impl IdIndex {
    pub(super) fn new() -> Self {
        Self {
            homes: vec![EMPTY; SMALLEST],
            mask: SMALLEST as u64 - 1,
            room: SMALLEST / SPARSITY,
            overflow: HashTable::new(),
            marked: 0,
        }
    }

    #[inline]
    pub(super) fn home(&self, id: OrderId) -> Home {
        let scattered = (id.0 >> BLOCK_BITS).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        Home((id.0.wrapping_add(scattered) & self.mask) as usize)
    }

    /// The live order with this id, whose home this is, and its slot.
    #[inline(always)]
    pub(super) fn find<'a>(&self, home: Home, id: OrderId, orders: &'a Orders) -> Option<(u32, &'a Order)> {
        let entry = self.homes[home.0];
        let slot = entry & !OVERFLOWS;
        // There is no slot EMPTY.
        if let Some(order) = orders.peek(slot)
            && order.id == id
        {
            return Some((slot, order));
        }
        if entry & OVERFLOWS == 0 {
            return None;
        }
        self.find_overflow(id, orders)
    }

    #[inline(never)]
    fn find_overflow<'a>(&self, id: OrderId, orders: &'a Orders) -> Option<(u32, &'a Order)> {
        let slot = *self.overflow.find(hash(id), |&slot| orders.id(slot) == id)?;
        Some((slot, orders.get(slot)))
    }

    /// The slot in a home, whoever it is of; no slot at all, where the home is empty.
    #[inline]
    pub(super) fn presumed(&self, home: Home) -> u32 {
        self.homes[home.0] & !OVERFLOWS
    }

    /// Whether nobody has ever met anybody at this home, and nobody is there: no order has an id that belongs here.
    #[inline]
    pub(super) fn is_unused(&self, home: Home) -> bool {
        self.homes[home.0] == EMPTY
    }

    /// Puts a slot into a home that is unused; false, where it is not.
    #[inline(always)]
    pub(super) fn claim(&mut self, home: Home, slot: u32) -> bool {
        let entry = &mut self.homes[home.0];
        let is_unused = *entry == EMPTY;
        if is_unused {
            *entry = slot;
        }
        is_unused
    }

    /// Grows the table, if it is too small for so many orders. Those of the slab are placed afresh.
    pub(super) fn make_room(&mut self, count: usize, orders: &Orders) {
        if count > self.room {
            self.rebuild(self.homes.len() * 2, orders);
        }
    }

    /// Adds an order that is in the slab already.
    #[inline]
    pub(super) fn insert(&mut self, home: Home, id: OrderId, slot: u32, orders: &Orders) {
        let entry = &mut self.homes[home.0];
        if *entry & !OVERFLOWS == EMPTY {
            *entry = slot | *entry & OVERFLOWS;
        } else {
            self.insert_overflow(home, id, slot, orders);
        }
    }

    #[inline(never)]
    fn insert_overflow(&mut self, Home(home): Home, id: OrderId, slot: u32, orders: &Orders) {
        // At most an eighth is marked by the orders themselves, so each rebuild is paid for by another eighth.
        if self.marked * 4 > self.homes.len() {
            self.rebuild(self.homes.len(), orders);
            return;
        }
        self.marked += usize::from(self.homes[home] & OVERFLOWS == 0);
        self.homes[home] |= OVERFLOWS;
        self.overflow.insert_unique(hash(id), slot, |&slot| hash(orders.id(slot)));
    }

    /// Forgets an order that is in the slab still.
    #[inline(always)]
    pub(super) fn remove(&mut self, home: Home, id: OrderId, slot: u32) {
        let entry = &mut self.homes[home.0];
        if *entry & !OVERFLOWS == slot {
            *entry |= EMPTY;
        } else {
            self.remove_overflow(id, slot);
        }
    }

    #[inline(never)]
    fn remove_overflow(&mut self, id: OrderId, slot: u32) {
        let found = self.overflow.find_entry(hash(id), |&other| other == slot);
        found.expect("an order is in its home or in the overflow").remove();
    }

    /// Places every order afresh in a table of this size. Paid for by the orders, or the marks, that made it necessary.
    #[cold]
    fn rebuild(&mut self, size: usize, orders: &Orders) {
        self.homes.clear();
        self.homes.resize(size, EMPTY);
        (self.mask, self.room) = (size as u64 - 1, size / SPARSITY);
        self.overflow.clear();
        self.marked = 0;
        for slot in orders.slots() {
            let Home(home) = self.home(orders.id(slot));
            if self.homes[home] & !OVERFLOWS == EMPTY {
                self.homes[home] = slot;
            } else {
                self.marked += usize::from(self.homes[home] & OVERFLOWS == 0);
                self.homes[home] |= OVERFLOWS;
                self.overflow.insert_unique(hash(orders.id(slot)), slot, |&slot| hash(orders.id(slot)));
            }
        }
    }
}

#[inline]
const fn hash(id: OrderId) -> u64 {
    let mixed = (id.0 ^ id.0 >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ mixed >> 29
}

/// Which ids have ever been accepted: a bitmap in blocks of 512 consecutive ids.
#[derive(Debug, Default)]
pub(super) struct UsedIds(BTreeMap<u64, [u64; 8]>);

impl UsedIds {
    pub(super) fn contains(&self, id: OrderId) -> bool {
        self.0.get(&(id.0 >> 9)).is_some_and(|block| block[(id.0 >> 6 & 7) as usize] >> (id.0 & 63) & 1 == 1)
    }

    pub(super) fn insert(&mut self, id: OrderId) {
        self.0.entry(id.0 >> 9).or_default()[(id.0 >> 6 & 7) as usize] |= 1 << (id.0 & 63);
    }
}

#[cfg(test)]
mod tests {
    use super::super::incoming::Entry;
    use super::super::orders::NONE;
    use super::*;
    use crate::models::{AccountId, Qty};
    use rand::{RngExt, SeedableRng};

    fn order(id: u64) -> Entry {
        Entry::common(OrderId(id), AccountId(0), Qty::new(1), 0)
    }

    /// Adds an order to both.
    fn add(index: &mut IdIndex, id: OrderId, orders: &mut Orders) -> u32 {
        if orders.free() == NONE {
            orders.grow();
            index.make_room(orders.len() + 1, orders);
        }
        let slot = orders.insert(order(id.0), 0, NONE);
        index.insert(index.home(id), id, slot, orders);
        slot
    }

    fn slot_of(index: &IdIndex, id: OrderId, orders: &Orders) -> Option<u32> {
        index.find(index.home(id), id, orders).map(|(slot, _)| slot)
    }

    #[test]
    fn finds_ids_of_every_shape() {
        let dense = |n: u64| n;
        let traders = |n: u64| OrderId::first_of(u32::try_from(n % 50).expect("small")).0 + n / 50;
        let strided = |n: u64| n << 22;
        let scattered = |n: u64| n.wrapping_mul(0xD129_0291_39FB_3C25);
        for shape in [dense as fn(u64) -> u64, traders, strided, scattered] {
            let (mut orders, mut index, mut live) = (Orders::new(), IdIndex::new(), Vec::new());
            let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(9);
            for n in 0..60_000u64 {
                let id = OrderId(shape(n));
                assert_eq!(slot_of(&index, id, &orders), None);
                let slot = add(&mut index, id, &mut orders);
                live.push((id, slot));
                if live.len() > 5_000 {
                    let (id, slot) = live.swap_remove(random.random_range(0..live.len()));
                    assert_eq!(slot_of(&index, id, &orders), Some(slot));
                    index.remove(index.home(id), id, slot);
                    orders.remove(slot);
                    assert_eq!(slot_of(&index, id, &orders), None);
                }
            }
            assert!(live.iter().all(|&(id, slot)| slot_of(&index, id, &orders) == Some(slot)));
            let marked = index.homes.iter().filter(|&&home| home & OVERFLOWS != 0).count();
            assert_eq!(index.marked, marked, "or it would be rebuilt too late, or too often");
            assert!(marked * 4 <= index.homes.len() + 4);
        }
    }

    #[test]
    fn dense_ids_never_overflow_while_few_have_passed() {
        let (mut orders, mut index) = (Orders::new(), IdIndex::new());
        for id in 1..=100_000u64 {
            add(&mut index, OrderId(id), &mut orders);
        }
        assert!(index.overflow.is_empty());
    }

    /// Marks are cleared when the table is placed afresh, and that has to be paid for: not before a quarter is marked.
    #[test]
    fn a_home_stays_marked_until_a_quarter_is() {
        let (mut orders, mut index) = (Orders::new(), IdIndex::new());
        let most = SMALLEST / 4 + 1;
        for home in 0..most as u64 {
            let pair = [OrderId(home), OrderId(home + SMALLEST as u64)];
            let slots = pair.map(|id| add(&mut index, id, &mut orders));
            for (id, slot) in pair.into_iter().zip(slots) {
                index.remove(index.home(id), id, slot);
                orders.remove(slot);
            }
            assert_eq!(index.marked as u64, home + 1, "the marks of those that met before are still there");
        }
        let pair = [OrderId(SMALLEST as u64 - 1), OrderId(2 * SMALLEST as u64 - 1)];
        for id in pair {
            add(&mut index, id, &mut orders);
        }
        assert_eq!((index.marked, index.homes.len()), (1, SMALLEST), "placed afresh, in the same room");
    }

    /// Those that meet in the table meet nobody in the overflow: its first bits choose a place, its last seven tell apart.
    #[test]
    fn ids_that_share_a_home_are_scattered_in_the_overflow() {
        const COUNT: u64 = 4_096;
        for shift in [0, 12, 22, 40] {
            let distinct = |bits: fn(u64) -> u64| {
                let found: std::collections::BTreeSet<u64> =
                    (0..COUNT).map(|n| bits(hash(OrderId(n << shift)))).collect();
                found.len()
            };
            let (places, tags) = (distinct(|hash| hash % COUNT), distinct(|hash| hash >> 57));
            assert!(places > 2_000 && tags == 128, "ids {} apart: {places} places, {tags} tags", 1u64 << shift);
        }
    }

    #[test]
    fn used_ids_are_remembered_bit_by_bit() {
        let mut used = UsedIds::default();
        for id in [0, 1, 511, 512, u64::MAX] {
            assert!(!used.contains(OrderId(id)));
            used.insert(OrderId(id));
            assert!(used.contains(OrderId(id)));
        }
        assert!(!used.contains(OrderId(2)) && !used.contains(OrderId(u64::MAX - 1)));
    }
}
