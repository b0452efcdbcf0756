//! Invariant: a level's visible total is the sum of what its orders show, its hidden total of what they do not.
//!
//! The levels of both sides in one last-in-first-out slab: 32 bytes each, so that two share a cache line. Totals of
//! sizes up to [`Qty::MAX`] do not fit in 64 bits; the high part has its own word and is almost never written. Left
//! out: prices without orders, and which level is best (the [`Ladder`](super::ladder::Ladder)'s).

use super::orders::NONE;
use crate::models::{Price, Qty};

/// How many levels there can be: an order names its level in 24 bits.
pub(super) const MAX_LEVELS: usize = (1 << 24) - 1;

/// One price of one side.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub(super) struct Level {
    pub(super) price: Price,
    /// Below 2^63, so that it is what shows wherever `visible_high` is zero.
    visible_low: i64,
    /// In units of 2^63 lots.
    visible_high: u32,
    pub(super) count: u32,
    /// First in time; of a free entry, the next free one.
    pub(super) head: u32,
    pub(super) tail: u32,
}

impl Level {
    /// What shows here, in lots.
    #[inline]
    pub(super) const fn visible(&self) -> u128 {
        (self.visible_high as u128) << 63 | self.visible_low.cast_unsigned() as u128
    }

    /// What shows here, saturating.
    #[inline]
    pub(super) const fn shown(&self) -> Qty {
        if self.visible_high == 0 { Qty::new(self.visible_low) } else { Qty::MAX }
    }

    #[inline]
    pub(super) const fn add(&mut self, visible: Qty) {
        self.visible_low = self.visible_low.wrapping_add(visible.lots());
        if self.visible_low < 0 {
            self.carry(1);
        }
    }

    #[inline]
    pub(super) const fn subtract(&mut self, visible: Qty) {
        self.visible_low = self.visible_low.wrapping_sub(visible.lots());
        if self.visible_low < 0 {
            self.carry(-1);
        }
    }

    /// Takes 2^63 lots from the low part to the high one, or back.
    #[cold]
    const fn carry(&mut self, by: i32) {
        self.visible_low = self.visible_low.wrapping_sub(i64::MIN);
        self.visible_high = self.visible_high.checked_add_signed(by).expect("no more leaves a level than came");
    }
}

/// The slab of levels.
#[derive(Debug)]
pub(super) struct Levels {
    slab: Vec<Level>,
    /// Hidden totals, beside the slab because few orders hide anything.
    hidden: Vec<u128>,
    free: u32,
}

impl Levels {
    pub(super) const fn new() -> Self {
        Self { slab: Vec::new(), hidden: Vec::new(), free: NONE }
    }

    #[inline]
    pub(super) fn get(&self, level: u32) -> &Level {
        &self.slab[level as usize]
    }

    #[inline]
    pub(super) fn get_mut(&mut self, level: u32) -> &mut Level {
        &mut self.slab[level as usize]
    }

    /// Hidden quantity at a level, in lots.
    pub(super) fn hidden(&self, level: u32) -> u128 {
        self.hidden[level as usize]
    }

    pub(super) fn hide(&mut self, level: u32, qty: Qty) {
        self.hidden[level as usize] += u128::from(qty.lots().cast_unsigned());
    }

    pub(super) fn unhide(&mut self, level: u32, qty: Qty) {
        self.hidden[level as usize] -= u128::from(qty.lots().cast_unsigned());
    }

    /// A new, empty level.
    #[inline]
    pub(super) fn insert(&mut self, price: Price) -> u32 {
        let empty = Level { price, visible_low: 0, visible_high: 0, count: 0, head: NONE, tail: NONE };
        if self.free == NONE {
            let level = u32::try_from(self.slab.len()).expect("levels are limited");
            self.slab.push(empty);
            self.hidden.push(0);
            return level;
        }
        let level = self.free;
        self.free = self.slab[level as usize].head;
        self.slab[level as usize] = empty;
        level
    }

    /// Frees an empty level.
    #[inline]
    pub(super) fn remove(&mut self, level: u32) {
        self.slab[level as usize].head = self.free;
        self.free = level;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_beyond_64_bits_are_exact() {
        assert_eq!(size_of::<Level>(), 32);
        let mut levels = Levels::new();
        let level = levels.insert(Price::new(1));
        for _ in 0..5 {
            levels.get_mut(level).add(Qty::MAX);
        }
        assert_eq!(levels.get(level).visible(), 5 * i64::MAX as u128);
        for _ in 0..5 {
            levels.get_mut(level).subtract(Qty::MAX);
        }
        assert_eq!(levels.get(level).visible(), 0);
    }
}
