//! Invariant: every level of the side is in the window or in the far map, never in both, and `best` is the best of all.
//!
//! One side of a book: which level stands at a price. Prices near the touch index a flat window directly; prices
//! anywhere else in the 64-bit range are kept in a sparse map, so that an absurd order costs a map entry and no memory.
//! Inside, a price is a *rank*: the price itself for bids and its complement for asks, so that higher is better on both
//! sides and nothing is written twice.
//!
//! The window follows the touch. Moving it costs a map operation for each level in it, so it moves only when it is
//! empty, or when as many insertions have missed it as there are levels to move: amortised, a miss costs a few map
//! operations and a hit costs nothing. Left out: what stands at a level, which is [`Levels`](super::levels::Levels)'.

use super::bitmap::{Bitmap, SIZE};
use super::orders::NONE;
use crate::models::{Price, Side};
use std::collections::BTreeMap;

/// The part of the window below the touch: new levels appear there far more often than above it.
const BEHIND: i64 = SPAN / 4 * 3;
const SPAN: i64 = SIZE.cast_signed() as i64;
/// How far the touch may wander before moving the window is worth while.
const SLACK: u64 = SIZE as u64 / 8;

/// The levels of one side, by price.
#[derive(Debug)]
pub(super) struct Ladder {
    /// `rank = price ^ flip`.
    flip: i64,
    /// Rank of the window's first entry.
    low: i64,
    window: Box<[u32; SIZE]>,
    occupied: Bitmap,
    near: usize,
    len: usize,
    far: BTreeMap<i64, u32>,
    /// Insertions that missed the window since it last moved.
    misses: usize,
    best: Option<Rung>,
}

/// A level and its rank, ordered by rank: no two levels of a side have the same.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Rung {
    rank: i64,
    pub(super) level: u32,
}

impl Ladder {
    pub(super) fn new(side: Side) -> Self {
        let window = vec![NONE; SIZE].into_boxed_slice().try_into().expect("the window has its size");
        let flip = match side {
            Side::Buy => 0,
            Side::Sell => -1,
        };
        Self {
            flip,
            low: 0,
            window,
            occupied: Bitmap::new(),
            near: 0,
            len: 0,
            far: BTreeMap::new(),
            misses: 0,
            best: None,
        }
    }

    /// The level at this price.
    #[inline]
    pub(super) fn find(&self, price: Price) -> Option<u32> {
        let rank = price.ticks() ^ self.flip;
        let offset = self.offset(rank);
        if offset < SIZE as u64 {
            let level = self.window[offset as usize % SIZE];
            return (level != NONE).then_some(level);
        }
        self.far.get(&rank).copied()
    }

    /// The best level.
    #[inline]
    pub(super) fn best(&self) -> Option<Rung> {
        self.best
    }

    /// Whether an order of the other side limited at `limit` would trade with the best level. In ranks this is one
    /// comparison for both sides; a branch on the side would be guessed wrong half of the time.
    #[inline]
    pub(super) fn reaches(&self, limit: Price) -> bool {
        self.best.is_some_and(|best| best.rank >= limit.ticks() ^ self.flip)
    }

    /// The best level at this price or worse.
    pub(super) fn from(&self, price: Price) -> Option<Rung> {
        let (best, rank) = (self.best?, price.ticks() ^ self.flip);
        // Where it is not the best, a better rank exists, and so the next one up.
        if best.rank <= rank { Some(best) } else { self.below(rank + 1) }
    }

    /// The next worse level.
    pub(super) fn after(&self, rung: Rung) -> Option<Rung> {
        self.below(rung.rank)
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Adds the level of a price that has none.
    pub(super) fn insert(&mut self, price: Price, level: u32) {
        let rung = Rung { rank: price.ticks() ^ self.flip, level };
        self.len += 1;
        if self.best.is_none_or(|best| rung.rank > best.rank) {
            self.best = Some(rung);
        }
        if self.near == 0 && self.offset(rung.rank) >= SIZE as u64 {
            self.move_window();
        }
        if self.offset(rung.rank) < SIZE as u64 {
            self.place(rung);
            return;
        }
        self.far.insert(rung.rank, level);
        self.misses += 1;
        if self.misses > self.near && self.low.abs_diff(self.wanted_low()) > SLACK {
            self.move_window();
        }
    }

    /// Takes out the level of a price that has one.
    #[inline]
    pub(super) fn remove(&mut self, price: Price) {
        let rank = price.ticks() ^ self.flip;
        let offset = self.offset(rank);
        self.len -= 1;
        if offset < SIZE as u64 {
            let offset = offset as usize % SIZE;
            self.window[offset] = NONE;
            self.occupied.remove(offset);
            self.near -= 1;
        } else {
            self.far.remove(&rank);
        }
        if self.best.is_some_and(|best| best.rank == rank) {
            self.best = self.below(rank);
            if self.near == 0 && self.best.is_some() {
                self.move_window();
            }
        }
    }

    /// The best level worse than this rank.
    #[inline]
    fn below(&self, rank: i64) -> Option<Rung> {
        let near = match self.near {
            0 => None,
            _ if rank < self.low => None,
            _ => self.occupied.below(usize::try_from(self.offset(rank)).unwrap_or(SIZE)),
        };
        let near = near.map(|offset| Rung { rank: self.rank(offset), level: self.window[offset % SIZE] });
        if self.far.is_empty() {
            return near;
        }
        let far = self.far.range(..rank).next_back().map(|(&rank, &level)| Rung { rank, level });
        near.max(far)
    }

    /// Distance above the window's first entry; beyond the window for ranks below it, too.
    #[inline]
    fn offset(&self, rank: i64) -> u64 {
        rank.wrapping_sub(self.low).cast_unsigned()
    }

    #[inline]
    fn rank(&self, offset: usize) -> i64 {
        self.low + offset.cast_signed() as i64
    }

    #[inline]
    fn place(&mut self, rung: Rung) {
        let offset = self.offset(rung.rank) as usize % SIZE;
        self.window[offset] = rung.level;
        self.occupied.insert(offset);
        self.near += 1;
    }

    /// Where the window would begin if it moved now. Never so high that ranks wrap around into it.
    fn wanted_low(&self) -> i64 {
        let touch = self.best.map_or(0, |best| best.rank);
        touch.saturating_sub(BEHIND).min(i64::MAX - SPAN)
    }

    fn move_window(&mut self) {
        let mut from = SIZE;
        while let Some(offset) = self.occupied.below(from) {
            self.far.insert(self.rank(offset), self.window[offset]);
            self.window[offset] = NONE;
            self.occupied.remove(offset);
            from = offset;
        }
        (self.low, self.near, self.misses) = (self.wanted_low(), 0, 0);
        let high = self.low + (SPAN - 1);
        while let Some((&rank, &level)) = self.far.range(self.low..=high).next() {
            self.far.remove(&rank);
            self.place(Rung { rank, level });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};

    /// Walks the ladder best first.
    fn walk(ladder: &Ladder) -> Vec<(i64, u32)> {
        let mut rungs = Vec::new();
        let mut next = ladder.best();
        while let Some(rung) = next {
            rungs.push((rung.rank ^ ladder.flip, rung.level));
            next = ladder.after(rung);
        }
        rungs
    }

    #[test]
    fn equals_a_plain_map_wherever_prices_are() {
        for (side, seed) in [(Side::Buy, 1), (Side::Sell, 2)] {
            let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
            let (mut ladder, mut plain) = (Ladder::new(side), BTreeMap::new());
            let mut centre: i64 = 100_000;
            for step in 0..20_000u32 {
                centre += random.random_range(-400..=400);
                let price = match random.random_range(0..100) {
                    0 => random.random_range(i64::MIN..=i64::MAX),
                    1 => i64::MAX - random.random_range(0..3),
                    2 => i64::MIN + random.random_range(0..3),
                    _ => centre + random.random_range(-300..=300),
                };
                match plain.remove(&price) {
                    Some(_) => ladder.remove(Price::new(price)),
                    None => {
                        plain.insert(price, step);
                        ladder.insert(Price::new(price), step);
                    }
                }
                assert_eq!(ladder.find(Price::new(price)), plain.get(&price).copied(), "seed {seed} step {step}");
                assert_eq!(ladder.len(), plain.len());
                let best = match side {
                    Side::Buy => plain.last_key_value(),
                    Side::Sell => plain.first_key_value(),
                };
                assert_eq!(ladder.best().map(|rung| rung.level), best.map(|(_, &level)| level), "step {step}");
                if plain.len() > 500 {
                    // Empty the better half: the window must follow.
                    let median = *plain.keys().nth(plain.len() / 2).expect("more than 500");
                    let gone: Vec<i64> =
                        plain.keys().copied().filter(|&p| side.is_better(Price::new(p), Price::new(median))).collect();
                    for price in gone {
                        plain.remove(&price);
                        ladder.remove(Price::new(price));
                    }
                }
                if step % 500 == 0 {
                    let mut expected: Vec<(i64, u32)> = plain.iter().map(|(&price, &level)| (price, level)).collect();
                    if side == Side::Buy {
                        expected.reverse();
                    }
                    assert_eq!(walk(&ladder), expected, "seed {seed} step {step}");
                    let from = Price::new(price);
                    let there = expected.iter().find(|&&(at, _)| !side.is_better(Price::new(at), from));
                    assert_eq!(ladder.from(from).map(|rung| rung.level), there.map(|&(_, level)| level), "{price}");
                }
            }
        }
    }

    const TOUCH: i64 = 1_000_000;

    /// Three quarters of it behind the touch, one before it.
    #[test]
    fn the_window_lies_where_new_levels_appear() {
        let mut ladder = Ladder::new(Side::Buy);
        for (level, (price, far)) in
            (0..).zip([(TOUCH, 0), (TOUCH - 12_288, 0), (TOUCH - 12_289, 1), (TOUCH + 4_095, 1), (TOUCH + 4_096, 2)])
        {
            ladder.insert(Price::new(price), level);
            assert_eq!(ladder.far.len(), far, "{price}");
        }
    }

    /// However many deep orders had missed it before: they were no reason to move it, and are none to let it stay.
    #[test]
    fn the_window_follows_a_touch_that_left_it() {
        let mut ladder = Ladder::new(Side::Buy);
        ladder.insert(Price::new(TOUCH), 0);
        let low = ladder.low;
        for price in 1..=10 {
            ladder.insert(Price::new(i64::from(price)), price);
        }
        assert_eq!((ladder.low, ladder.far.len()), (low, 10), "deep orders do not move it");
        ladder.insert(Price::new(TOUCH + 4_096), 11);
        assert_eq!((ladder.low, ladder.far.len(), ladder.near), (low + 4_096, 10, 2));
    }

    #[test]
    fn a_far_order_costs_a_map_entry_and_the_window_stays() {
        let mut ladder = Ladder::new(Side::Sell);
        for price in 100..200 {
            ladder.insert(Price::new(price), u32::try_from(price).expect("small"));
        }
        let low = ladder.low;
        ladder.insert(Price::new(i64::MAX), 7);
        ladder.insert(Price::new(1), 8);
        assert_eq!((ladder.low, ladder.far.len()), (low, 1), "1 is within reach of 100, the maximum is not");
        assert_eq!(ladder.best().map(|rung| rung.level), Some(8));
    }
}
