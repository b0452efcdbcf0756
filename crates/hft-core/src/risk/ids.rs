//! Where the order of an id is kept: a small table, open addressing, no tombstones.
//!
//! Invariant: an id stands at its home or in the unbroken run of entries after it, and at most half of the places are
//! taken. Ids of a trader are dense, so multiplying by the golden ratio spreads them almost evenly; a removed entry is
//! closed over by moving the run behind it up, so that the table never has to be rebuilt for being used.

use crate::models::OrderId;

/// 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// A place that is free holds this slot.
const FREE: u32 = u32::MAX;

/// From order id to slot.
#[derive(Clone, Debug)]
pub(super) struct IdTable {
    places: Vec<Place>,
    /// 64 less the number of bits of an index.
    shift: u32,
    len: usize,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    id: u64,
    slot: u32,
}

const EMPTY: Place = Place { id: 0, slot: FREE };

impl Default for IdTable {
    fn default() -> Self {
        Self { places: vec![EMPTY; 16], shift: 60, len: 0 }
    }
}

impl IdTable {
    /// How many ids there are.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// The slot of an id.
    pub(super) fn find(&self, id: OrderId) -> Option<u32> {
        let place = &self.places[self.place_of(id.0)];
        (place.slot != FREE).then_some(place.slot)
    }

    /// Adds an id that is not there.
    pub(super) fn insert(&mut self, id: OrderId, slot: u32) {
        if (self.len + 1) * 2 > self.places.len() {
            self.grow();
        }
        let place = self.place_of(id.0);
        self.places[place] = Place { id: id.0, slot };
        self.len += 1;
    }

    /// Takes an id out, if it is there.
    pub(super) fn remove(&mut self, id: OrderId) {
        let mut hole = self.place_of(id.0);
        if self.places[hole].slot == FREE {
            return;
        }
        self.len -= 1;
        let mask = self.mask();
        let mut next = (hole + 1) & mask;
        while self.places[next].slot != FREE {
            let home = self.home(self.places[next].id);
            // The entry may move up where its home is not behind the hole.
            if next.wrapping_sub(home) & mask >= next.wrapping_sub(hole) & mask {
                self.places[hole] = self.places[next];
                hole = next;
            }
            next = (next + 1) & mask;
        }
        self.places[hole] = EMPTY;
    }

    /// Where the id stands, or the free place where it would.
    fn place_of(&self, id: u64) -> usize {
        let mut place = self.home(id);
        while self.places[place].slot != FREE && self.places[place].id != id {
            place = (place + 1) & self.mask();
        }
        place
    }

    #[allow(clippy::cast_possible_truncation, reason = "the shift leaves fewer bits than an index has")]
    fn home(&self, id: u64) -> usize {
        (id.wrapping_mul(GOLDEN) >> self.shift) as usize
    }

    fn mask(&self) -> usize {
        self.places.len() - 1
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.places);
        self.places = vec![EMPTY; old.len() * 2];
        self.shift -= 1;
        for place in old.into_iter().filter(|place| place.slot != FREE) {
            let free = self.place_of(place.id);
            self.places[free] = place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_answers_as_a_map_does(steps in prop::collection::vec((0u64..60, prop::bool::ANY), 1..400)) {
            let (mut table, mut twin) = (IdTable::default(), BTreeMap::new());
            for (slot, (number, adds)) in (0u32..).zip(steps) {
                let id = OrderId(((number % 3) << OrderId::COUNTER_BITS) | number); // three traders with dense ids
                if adds && !twin.contains_key(&id) {
                    table.insert(id, slot);
                    twin.insert(id, slot);
                } else if !adds {
                    table.remove(id);
                    twin.remove(&id);
                }
                prop_assert_eq!(table.len(), twin.len());
                prop_assert!(table.len() * 2 <= table.places.len(), "at most half of the places are taken");
                for number in 0..60 {
                    let id = OrderId(((number % 3) << OrderId::COUNTER_BITS) | number);
                    prop_assert_eq!(table.find(id), twin.get(&id).copied());
                }
            }
        }
    }

    #[test]
    fn it_grows_when_more_than_half_is_taken_and_no_sooner() {
        let mut table = IdTable::default();
        let mut places = |id: u32| {
            table.insert(OrderId(u64::from(id)), id);
            table.places.len()
        };
        assert_eq!((1..=9).map(&mut places).collect::<Vec<_>>(), [16, 16, 16, 16, 16, 16, 16, 16, 32]);
    }

    #[test]
    fn a_long_run_of_dense_ids_does_not_grow_it() {
        let mut table = IdTable::default();
        for number in 0..100_000u32 {
            table.insert(OrderId(u64::from(number)), number);
            if number >= 6 {
                table.remove(OrderId(u64::from(number - 6)));
            }
        }
        assert_eq!((table.len(), table.places.len()), (6, 16));
    }
}
