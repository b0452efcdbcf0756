//! A trader's own picture of one book, built from the market data that has reached it.
//!
//! Invariant: while synchronised, the view after an update marked `last` equals a state that the venue was in. After a
//! gap in the feed it shows nothing until the venue has sent the whole book again.

use crate::models::{HalfTicks, MarketData, MarketUpdate, Phase, Price, Qty, Quote, Side, Timestamp, Top};

/// One book as a trader sees it: late by the latency of its feed, and as deep as its feed.
///
/// Example: [`Desk`](super::Desk).
#[derive(Clone, Debug, Default)]
pub struct BookView {
    /// Worst first, so that the busy end of the list is its cheap end.
    sides: [Vec<Quote>; 2],
    depth: usize,
    last_seq: u64,
    lost: bool,
    time: Timestamp,
    book_time: Timestamp,
    last_trade: Option<Quote>,
    phase: Phase,
}

impl BookView {
    /// A view that keeps the best `depth` levels a side.
    pub fn new(depth: usize) -> Self {
        let side = || Vec::with_capacity(depth + 1);
        Self { sides: [side(), side()], depth, ..Self::default() }
    }

    /// The best price and visible size of one side; `None` when it is empty or the feed is being recovered.
    pub fn best(&self, side: Side) -> Option<Quote> {
        if self.lost { None } else { self.sides[side.index()].last().copied() }
    }

    /// The levels of one side, best first; nothing while the feed is being recovered.
    pub fn levels(&self, side: Side) -> impl Iterator<Item = Quote> + '_ {
        let shown = if self.lost { &[] } else { self.sides[side.index()].as_slice() };
        shown.iter().rev().copied()
    }

    /// Best bid and ask.
    pub fn top(&self) -> Top {
        Top { bid: self.best(Side::Buy), ask: self.best(Side::Sell) }
    }

    /// The exact midpoint, where both sides exist.
    pub fn mid(&self) -> Option<HalfTicks> {
        self.top().mid()
    }

    /// The venue's clock when it sent the last update.
    pub const fn time(&self) -> Timestamp {
        self.time
    }

    /// The venue's clock when it sent the last update of the levels: how old what [`top`](Self::top) shows is. A trade print does not
    /// change them.
    pub const fn book_time(&self) -> Timestamp {
        self.book_time
    }

    /// Price and size of the last trade print.
    pub const fn last_trade(&self) -> Option<Quote> {
        self.last_trade
    }

    /// The phase that the venue last announced.
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// True while the feed has a gap that the venue has not yet filled.
    pub const fn is_lost(&self) -> bool {
        self.lost
    }

    /// Applies one message. `true` when the strategy should hear of it: the view is a state that the venue was in.
    pub(super) fn apply(&mut self, data: &MarketData) -> bool {
        let gap = data.seq != self.last_seq + 1;
        self.last_seq = data.seq;
        self.time = data.time;
        if matches!(data.update, MarketUpdate::Clear | MarketUpdate::Top(_) | MarketUpdate::Level { .. }) {
            self.book_time = data.time;
        }
        match data.update {
            MarketUpdate::Clear => {
                self.sides.iter_mut().for_each(Vec::clear);
                self.lost = false;
                return false;
            }
            // The touch is told whole: whatever was lost does not matter any more.
            MarketUpdate::Top(top) => {
                self.lost = false;
                for side in Side::BOTH {
                    let levels = &mut self.sides[side.index()];
                    levels.clear();
                    levels.extend(top.side(side));
                }
            }
            _ if gap => self.lost = true,
            MarketUpdate::Level { side, price, qty, last } => {
                self.set_level(side, price, qty);
                return last && !self.lost;
            }
            MarketUpdate::Trade { price, qty, .. } => self.last_trade = Some(Quote { price, qty }),
            MarketUpdate::Phase(phase) => self.phase = phase,
            MarketUpdate::OrderAdded { .. } | MarketUpdate::OrderReduced { .. } => {}
        }
        !self.lost
    }

    fn set_level(&mut self, side: Side, price: Price, qty: Qty) {
        let levels = &mut self.sides[side.index()];
        // The touch changes most, and it is at the end.
        let at = levels.iter().rposition(|level| !side.is_better(level.price, price));
        match at {
            Some(i) if levels[i].price == price => {
                if qty.is_zero() {
                    levels.remove(i);
                } else {
                    levels[i].qty = qty;
                }
            }
            _ if qty.is_zero() => {}
            _ => {
                levels.insert(at.map_or(0, |i| i + 1), Quote { price, qty });
                if levels.len() > self.depth {
                    levels.remove(0);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{BookId, InstrumentId, TradeId, VenueId};

    fn level(seq: u64, side: Side, price: i64, qty: i64) -> MarketData {
        let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
        let update = MarketUpdate::Level { side, price: Price::new(price), qty: Qty::new(qty), last: true };
        MarketData { book, seq, time: Timestamp::new(seq), update }
    }

    #[test]
    fn levels_stay_sorted_and_within_depth() {
        let mut view = BookView::new(3);
        for (seq, price) in [(1, 100), (2, 98), (3, 101), (4, 99), (5, 97)] {
            view.apply(&level(seq, Side::Buy, price, 1));
        }
        let prices = |view: &BookView| view.levels(Side::Buy).map(|q| q.price.ticks()).collect::<Vec<_>>();
        assert_eq!(prices(&view), [101, 100, 99]);
        view.apply(&level(6, Side::Buy, 100, 0));
        assert_eq!(prices(&view), [101, 99]);
    }

    #[test]
    fn a_trade_print_makes_the_levels_no_younger() {
        let mut view = BookView::new(3);
        view.apply(&level(1, Side::Sell, 100, 1));
        let update = MarketUpdate::Trade {
            trade: TradeId(1),
            price: Price::new(100),
            qty: Qty::new(1),
            aggressor: Some(Side::Buy),
        };
        view.apply(&MarketData { update, ..level(2, Side::Sell, 100, 1) });
        assert_eq!((view.time(), view.book_time()), (Timestamp::new(2), Timestamp::new(1)));
        view.apply(&level(3, Side::Sell, 100, 0));
        assert_eq!(view.book_time(), Timestamp::new(3));
    }

    #[test]
    fn a_gap_hides_the_book_until_it_is_sent_again() {
        let mut view = BookView::new(3);
        assert!(view.apply(&level(1, Side::Sell, 100, 1)));
        assert!(!view.apply(&level(3, Side::Sell, 101, 1)), "number 2 is missing");
        assert!(view.is_lost() && view.best(Side::Sell).is_none());
        let clear = MarketData { update: MarketUpdate::Clear, ..level(7, Side::Sell, 1, 1) };
        view.apply(&clear);
        assert!(view.apply(&level(8, Side::Sell, 102, 1)));
        assert_eq!(view.best(Side::Sell).map(|q| q.price), Some(Price::new(102)));
    }
}
