//! What a venue publishes: the touch (L1), the best levels (L2), every order (L3), and trades.
//!
//! Invariant: a subscriber that applies every message of its feed in order holds, after each one marked `last`, exactly
//! what the book showed then. Quantities are absolute, so skipping intermediate states (an interval feed, a slow
//! consumer) never corrupts; what was lost is found by a gap in the numbers and mended by sending the book again.
//!
//! Left out: implied prices, and statistics other than trades.

use super::super::MatchingEngine;
use crate::models::{BookId, MarketData, MarketUpdate, Nanos, OrderId, Price, Qty, Quote, Side, Timestamp, Top};
use crate::world::{LinkId, Mail, Message};
use serde::{Deserialize, Serialize};

/// The deepest level feed there is, in levels a side.
pub const MAX_DEPTH: usize = 64;

/// How much of a book is published.
///
/// Example: [`Feed`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Depth {
    /// Best bid and ask, no trades: what a risk gate wants.
    Top,
    /// The best so many levels a side (at most [`MAX_DEPTH`]), and trades.
    Levels(usize),
    /// Every visible order, and trades.
    Orders,
    /// Every visible order but those of the trader with this number, and no trades: what a recorded history wants, which
    /// knows its own.
    Others(u32),
}

impl Depth {
    /// True where single orders are told, and this one among them.
    fn shows(self, id: OrderId) -> bool {
        match self {
            Depth::Orders => true,
            Depth::Others(trader) => id.trader() != trader,
            Depth::Top | Depth::Levels(_) => false,
        }
    }
}

/// A subscription: how much, how often.
///
/// ```
/// use hft_core::exchange::{Depth, Feed};
/// use hft_core::models::Nanos;
/// let direct = Feed::every_change(Depth::Levels(5));
/// let conflated = Feed { every: Nanos::from_millis(50), ..direct };
/// assert_ne!(direct, conflated);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Feed {
    /// How much of the book.
    pub depth: Depth,
    /// The publication interval; zero: every change. Trades and single orders are never held back.
    pub every: Nanos,
}

impl Feed {
    /// A feed that publishes every change as it happens.
    pub const fn every_change(depth: Depth) -> Self {
        Self { depth, every: Nanos::ZERO }
    }

    fn levels(self) -> usize {
        match self.depth {
            Depth::Top | Depth::Orders | Depth::Others(_) => 0,
            Depth::Levels(depth) => depth.clamp(1, MAX_DEPTH),
        }
    }
}

/// All feeds of one book.
#[derive(Debug)]
pub(super) struct Publisher {
    book: BookId,
    groups: Vec<Group>,
}

/// The subscribers of one kind of feed: what changed is worked out once for all of them.
#[derive(Debug)]
struct Group {
    feed: Feed,
    subscribers: Vec<Subscriber>,
    /// What they have been told, best first.
    top: Top,
    sides: [Vec<Quote>; 2],
    /// The best price touched since, by side.
    touched: [Option<Price>; 2],
    /// Working memory, kept so that publishing allocates nothing.
    shown: Vec<Quote>,
    changes: Vec<(Side, Quote)>,
}

#[derive(Debug)]
struct Subscriber {
    link: LinkId,
    seq: u64,
}

impl Publisher {
    pub(super) const fn new(book: BookId) -> Self {
        Self { book, groups: Vec::new() }
    }

    pub(super) fn subscribe(&mut self, link: LinkId, feed: Feed) {
        let at = self.groups.iter().position(|group| group.feed == feed).unwrap_or_else(|| {
            self.groups.push(Group::new(feed));
            self.groups.len() - 1
        });
        self.groups[at].subscribers.push(Subscriber { link, seq: 0 });
    }

    /// The groups that publish at intervals.
    pub(super) fn intervals(&self) -> impl Iterator<Item = (usize, Nanos)> + '_ {
        self.groups.iter().enumerate().map(|(i, group)| (i, group.feed.every)).filter(|(_, every)| *every > Nanos::ZERO)
    }

    /// A level changed.
    pub(super) fn touch(&mut self, side: Side, price: Price) {
        for group in &mut self.groups {
            let best = &mut group.touched[side.index()];
            if best.is_none_or(|known| side.is_better(price, known)) {
                *best = Some(price);
            }
        }
    }

    /// A trade, or a change of phase: told at once to all but the feeds of the touch.
    pub(super) fn print(&mut self, now: Timestamp, update: MarketUpdate, mail: &mut Mail) {
        let hears = |depth| !matches!(depth, Depth::Top | Depth::Others(_));
        for group in self.groups.iter_mut().filter(|group| hears(group.feed.depth)) {
            group.tell(self.book, now, update, mail);
        }
    }

    /// A change of one visible order.
    pub(super) fn order(&mut self, now: Timestamp, id: OrderId, update: MarketUpdate, mail: &mut Mail) {
        for group in self.groups.iter_mut().filter(|group| group.feed.depth.shows(id)) {
            group.tell(self.book, now, update, mail);
        }
    }

    /// After a command: publishes to everybody who wants every change.
    pub(super) fn flush(&mut self, now: Timestamp, engine: &MatchingEngine, mail: &mut Mail) {
        for group in self.groups.iter_mut().filter(|group| group.feed.every == Nanos::ZERO) {
            group.publish(self.book, now, engine, mail);
        }
    }

    /// At an interval: publishes to one group, and says when its next interval ends.
    pub(super) fn publish_group(
        &mut self,
        now: Timestamp,
        group: usize,
        engine: &MatchingEngine,
        mail: &mut Mail,
    ) -> Nanos {
        let group = &mut self.groups[group];
        group.publish(self.book, now, engine, mail);
        group.feed.every
    }

    /// Sends one subscriber all that its feed shows.
    pub(super) fn resend(&mut self, now: Timestamp, link: LinkId, engine: &MatchingEngine, mail: &mut Mail) {
        let book = self.book;
        for Group { feed, subscribers, top, sides, .. } in &mut self.groups {
            let Some(subscriber) = subscribers.iter_mut().find(|subscriber| subscriber.link == link) else { continue };
            subscriber.tell(book, now, MarketUpdate::Clear, mail);
            match feed.depth {
                Depth::Top => subscriber.tell(book, now, MarketUpdate::Top(*top), mail),
                Depth::Levels(_) => {
                    let quotes =
                        || Side::BOTH.into_iter().flat_map(|side| sides[side.index()].iter().map(move |q| (side, q)));
                    let count = quotes().count();
                    for (i, (side, quote)) in quotes().enumerate() {
                        subscriber.tell(book, now, level_update(side, *quote, i + 1 == count), mail);
                    }
                }
                Depth::Orders | Depth::Others(_) => resend_orders(book, now, feed.depth, subscriber, engine, mail),
            }
        }
    }
}

impl Group {
    fn new(feed: Feed) -> Self {
        let side = || Vec::with_capacity(feed.levels() + 1);
        Self {
            feed,
            subscribers: Vec::new(),
            top: Top::default(),
            sides: [side(), side()],
            touched: [None; 2],
            shown: side(),
            changes: Vec::new(),
        }
    }

    fn tell(&mut self, book: BookId, now: Timestamp, update: MarketUpdate, mail: &mut Mail) {
        for subscriber in &mut self.subscribers {
            subscriber.tell(book, now, update, mail);
        }
    }

    fn publish(&mut self, book: BookId, now: Timestamp, engine: &MatchingEngine, mail: &mut Mail) {
        if self.touched == [None; 2] {
            return;
        }
        match self.feed.depth {
            Depth::Top => {
                let top = engine.top();
                if top != self.top {
                    self.top = top;
                    self.tell(book, now, MarketUpdate::Top(top), mail);
                }
            }
            Depth::Levels(_) => self.publish_levels(book, now, engine, mail),
            Depth::Orders | Depth::Others(_) => {}
        }
        self.touched = [None; 2];
    }

    fn publish_levels(&mut self, book: BookId, now: Timestamp, engine: &MatchingEngine, mail: &mut Mail) {
        let mut changes = std::mem::take(&mut self.changes);
        for side in Side::BOTH {
            if let Some(touched) = self.touched[side.index()] {
                self.diff(side, touched, engine, &mut changes);
            }
        }
        let count = changes.len();
        for (i, (side, quote)) in changes.drain(..).enumerate() {
            self.tell(book, now, level_update(side, quote, i + 1 == count), mail);
        }
        self.changes = changes;
    }

    /// Collects what changed among the published levels of one side: levels that are gone first, so that a subscriber
    /// that keeps no more than the feed's depth never drops a level that stays.
    fn diff(&mut self, side: Side, touched: Price, engine: &MatchingEngine, changes: &mut Vec<(Side, Quote)>) {
        let depth = self.feed.levels();
        let told = &mut self.sides[side.index()];
        // Better than the best that was touched, nothing has changed.
        let same = told.iter().take_while(|quote| side.is_better(quote.price, touched)).count();
        if same == depth {
            return; // below what is published
        }
        self.shown.clear();
        self.shown.extend(engine.levels_from(side, touched).take(depth - same).map(|level| Quote {
            price: level.price,
            qty: Qty::new(i64::try_from(level.visible).unwrap_or(i64::MAX)),
        }));
        let (old, new) = (&told[same..], &self.shown[..]);
        let same_prices = old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.price == new.price);
        if same_prices {
            // Most changes: sizes, level by level.
            let changed = old.iter().zip(new).filter(|(old, new)| old != new);
            changes.extend(changed.map(|(_, new)| (side, *new)));
        } else {
            let pushed_out_below = if same + new.len() == depth { new.last().copied() } else { None };
            for old in old {
                let pushed_out = pushed_out_below.is_some_and(|worst| side.is_better(worst.price, old.price));
                if !pushed_out && !new.iter().any(|quote| quote.price == old.price) {
                    changes.push((side, Quote { qty: Qty::ZERO, ..*old }));
                }
            }
            changes.extend(new.iter().filter(|quote| !old.contains(quote)).map(|quote| (side, *quote)));
        }
        told.truncate(same);
        told.append(&mut self.shown);
    }
}

impl Subscriber {
    fn tell(&mut self, book: BookId, now: Timestamp, update: MarketUpdate, mail: &mut Mail) {
        self.seq += 1;
        mail.send(self.link, Message::Market(MarketData { book, seq: self.seq, time: now, update }));
    }
}

fn level_update(side: Side, Quote { price, qty }: Quote, last: bool) -> MarketUpdate {
    MarketUpdate::Level { side, price, qty, last }
}

fn resend_orders(
    book: BookId,
    now: Timestamp,
    depth: Depth,
    to: &mut Subscriber,
    engine: &MatchingEngine,
    mail: &mut Mail,
) {
    for side in Side::BOTH {
        for level in engine.levels(side) {
            for (id, _) in engine.queue(side, level.price).filter(|(id, _)| depth.shows(*id)) {
                let qty = engine.order(id).expect("a queued order is live").visible;
                to.tell(book, now, MarketUpdate::OrderAdded { id, side, price: level.price, qty }, mail);
            }
        }
    }
}
