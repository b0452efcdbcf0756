//! A book kept from a stream of differences and an image: Binance's "How to manage a local order book correctly".
//!
//! The stream tells absolute quantities and numbers its updates; the image is fetched beside it and has the number of the last
//! update that it contains. The two are joined so:
//!
//! | | spot | futures |
//! |---|---|---|
//! | before an image | events are kept | events are kept |
//! | the image is too old | its number is below the first kept event's `U` | the first kept event that it does not contain begins after it |
//! | dropped | events with `u` <= the image's number | events with `u` < the image's number |
//! | the first event | `U` <= number + 1 | `U` <= number <= `u` |
//! | the next | `U` <= the book's number + 1, else start again | `pu` is the `u` before it, else start again |
//! | old | `u` < the book's number: ignored | `u` < the image's number: ignored |
//!
//! To start again is to forget the book and to keep the event that showed the hole, for the next image. A quantity of zero
//! removes a level, and to remove an unknown one is normal. A book that an update crosses is corrupt: it is forgotten too.
//! While there is no joined book there is none to be seen. An image that comes while the book is joined is ignored: it
//! could only roll the book back, or say what the stream will say.
//!
//! Invariant: a book that can be seen has best bid < best offer, and every update up to its number is in it, once.

use hft_core::models::{Price, Qty, Quote, Side};
use std::collections::{BTreeMap, VecDeque};

/// Whose numbering.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DepthMode {
    /// Each event's `U` follows the last one's `u`.
    Spot,
    /// Each event names the last one's `u` in its `pu`.
    Futures,
}

/// What one message came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DepthState {
    /// There is no image yet: the event is kept.
    Buffered,
    /// The image and what was kept are joined.
    Synced,
    /// The image does not reach what was kept: fetch another.
    SnapshotTooOld,
    /// The book is as of this event.
    Applied,
    /// The book knows it already.
    Ignored,
    /// Updates are missing: the book is forgotten.
    Resync,
    /// The book crossed: it is forgotten.
    ResyncCrossed,
    /// There is no book: everything begins anew.
    Buffering,
}

/// A price and all that rests there from now on.
pub type DepthLevel = (Side, Price, Qty);

/// One event of the stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DepthUpdate {
    /// The number of its first update: `U`.
    pub first: u64,
    /// The number of its last update: `u`.
    pub last: u64,
    /// The number before its first, which futures tell: `pu`.
    pub previous: Option<u64>,
    /// Its levels, of both sides.
    pub levels: Vec<DepthLevel>,
}

/// A book that is kept in step with its stream, or waits for an image to do so.
///
/// ```
/// use hft_core::models::{Price, Qty, Side};
/// use hft_data::{DepthMode, DepthState, DepthSync, DepthUpdate};
/// let level = |side, price, qty| (side, Price::new(price), Qty::new(qty));
/// let mut sync = DepthSync::new(DepthMode::Spot);
/// let kept = DepthUpdate { first: 101, last: 103, previous: None, levels: vec![level(Side::Buy, 10, 0)] };
/// assert_eq!(sync.on_update(kept), DepthState::Buffered);
/// let image = [level(Side::Buy, 10, 5), level(Side::Buy, 9, 1), level(Side::Sell, 12, 5)];
/// assert_eq!(sync.on_snapshot(101, &image), DepthState::Synced);
/// assert_eq!(sync.book().expect("joined").best(Side::Buy).map(|best| best.price), Some(Price::new(9)));
/// ```
#[derive(Clone, Debug)]
pub struct DepthSync {
    mode: DepthMode,
    kept: VecDeque<DepthUpdate>,
    kept_levels: usize,
    book: DepthBook,
    /// The number of the image that the book began with, while it is joined.
    image: Option<u64>,
    /// The number of the last update in the book.
    last: u64,
    /// Whether an event has been applied since the image.
    follows: bool,
}

impl DepthSync {
    /// How many events are kept while there is no image, and how many levels in them. The oldest go first: an image that is
    /// older than what is left is refused.
    pub const MAX_KEPT: (usize, usize) = (1 << 16, 1 << 22);

    /// Waits for an image.
    pub fn new(mode: DepthMode) -> Self {
        let (kept, book) = (VecDeque::new(), DepthBook::default());
        Self { mode, kept, kept_levels: 0, book, image: None, last: 0, follows: false }
    }

    /// Takes one event of the stream.
    pub fn on_update(&mut self, update: DepthUpdate) -> DepthState {
        let state = self.judge(&update);
        match state {
            DepthState::Applied => self.apply(update),
            DepthState::Buffered => self.keep(update),
            DepthState::Resync => self.start_again(update),
            DepthState::Ignored
            | DepthState::Synced
            | DepthState::SnapshotTooOld
            | DepthState::ResyncCrossed
            | DepthState::Buffering => {}
        }
        if state == DepthState::Applied && self.image.is_none() { DepthState::ResyncCrossed } else { state }
    }

    /// Takes an image of the book as of update `number`.
    pub fn on_snapshot(&mut self, number: u64, levels: &[DepthLevel]) -> DepthState {
        if self.image.is_some() {
            return DepthState::Ignored;
        }
        if self.is_too_old(number) {
            return DepthState::SnapshotTooOld;
        }
        self.book = DepthBook::default();
        for &level in levels {
            self.book.set(level);
        }
        (self.image, self.last, self.follows) = (Some(number), number, false);
        if self.book.is_crossed() {
            self.forget();
            return DepthState::ResyncCrossed;
        }
        let mut kept = std::mem::take(&mut self.kept);
        self.kept_levels = 0;
        while let Some(update) = kept.pop_front() {
            if self.is_inside(&update, number) {
                continue;
            }
            let state = self.on_update(update);
            if matches!(state, DepthState::Resync | DepthState::ResyncCrossed) {
                for update in kept {
                    self.keep(update);
                }
                return state;
            }
        }
        DepthState::Synced
    }

    /// The stream broke: nothing that is known can be relied on.
    pub fn on_disconnect(&mut self) -> DepthState {
        self.forget();
        self.kept.clear();
        self.kept_levels = 0;
        DepthState::Buffering
    }

    /// The book, while it is joined.
    pub fn book(&self) -> Option<&DepthBook> {
        self.image.map(|_| &self.book)
    }

    /// The number of the last update in the book, while it is joined.
    pub fn number(&self) -> Option<u64> {
        self.image.map(|_| self.last)
    }

    /// What an event is to the book as it stands.
    fn judge(&self, update: &DepthUpdate) -> DepthState {
        let Some(image) = self.image else { return DepthState::Buffered };
        let is_old = match self.mode {
            DepthMode::Spot => update.last < self.last || update.last <= image,
            DepthMode::Futures => update.last < image,
        };
        if is_old {
            return DepthState::Ignored;
        }
        let is_next = match self.mode {
            DepthMode::Spot => update.first <= self.last.saturating_add(1),
            DepthMode::Futures if self.follows => update.previous == Some(self.last),
            DepthMode::Futures => update.first <= image,
        };
        if is_next { DepthState::Applied } else { DepthState::Resync }
    }

    /// Whether an image of that number already contains an event.
    fn is_inside(&self, update: &DepthUpdate, number: u64) -> bool {
        match self.mode {
            DepthMode::Spot => update.last <= number,
            DepthMode::Futures => update.last < number,
        }
    }

    fn is_too_old(&self, number: u64) -> bool {
        match self.mode {
            DepthMode::Spot => self.kept.front().is_some_and(|update| number < update.first),
            DepthMode::Futures => {
                let first = self.kept.iter().find(|update| !self.is_inside(update, number));
                first.is_some_and(|update| number < update.first)
            }
        }
    }

    /// Applies; where that crosses the book, forgets it and keeps the event.
    fn apply(&mut self, update: DepthUpdate) {
        for &level in &update.levels {
            self.book.set(level);
        }
        (self.last, self.follows) = (update.last, true);
        if self.book.is_crossed() {
            self.start_again(update);
        }
    }

    fn start_again(&mut self, update: DepthUpdate) {
        self.forget();
        self.keep(update);
    }

    fn keep(&mut self, update: DepthUpdate) {
        self.kept_levels += update.levels.len();
        self.kept.push_back(update);
        while self.kept.len() > Self::MAX_KEPT.0 || (self.kept_levels > Self::MAX_KEPT.1 && self.kept.len() > 1) {
            let oldest = self.kept.pop_front().expect("more than one is kept");
            self.kept_levels -= oldest.levels.len();
        }
    }

    fn forget(&mut self) {
        self.book = DepthBook::default();
        self.image = None;
    }
}

/// Prices and what rests there.
#[derive(Clone, Debug, Default)]
pub struct DepthBook {
    sides: [BTreeMap<Price, Qty>; 2],
}

impl DepthBook {
    /// How many levels a side may have. What would come on top of them is left out.
    pub const MAX_LEVELS: usize = 1 << 20;

    /// The best level of a side.
    pub fn best(&self, side: Side) -> Option<Quote> {
        let levels = &self.sides[side.index()];
        let best = match side {
            Side::Buy => levels.last_key_value(),
            Side::Sell => levels.first_key_value(),
        };
        best.map(|(&price, &qty)| Quote { price, qty })
    }

    /// The levels of a side, best first.
    pub fn levels(&self, side: Side) -> Vec<Quote> {
        let levels = self.sides[side.index()].iter().map(|(&price, &qty)| Quote { price, qty });
        match side {
            Side::Buy => levels.rev().collect(),
            Side::Sell => levels.collect(),
        }
    }

    fn set(&mut self, (side, price, qty): DepthLevel) {
        let levels = &mut self.sides[side.index()];
        if !qty.is_positive() {
            levels.remove(&price);
        } else if levels.len() < Self::MAX_LEVELS || levels.contains_key(&price) {
            levels.insert(price, qty);
        }
    }

    fn is_crossed(&self) -> bool {
        let best = Side::BOTH.map(|side| self.best(side));
        matches!(best, [Some(bid), Some(ask)] if bid.price >= ask.price)
    }
}
