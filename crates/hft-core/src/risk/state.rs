//! What the gate remembers of each book, instrument and trader.

use super::limits::InstrumentLimits;
use super::window::Occurrences;
use crate::account::Listing;
use crate::models::{Nanos, OrderId, Price, Qty, Side, Timestamp, Top};
use crate::world::TraderId;

/// One book: its reference prices, and where the account's own orders may stand in it.
#[derive(Clone, Debug)]
pub(super) struct BookState {
    pub(super) listing: Listing,
    /// Slot of its instrument in the gate.
    pub(super) instrument: u32,
    top: Top,
    updated: Option<Timestamp>,
    own: [OwnPrices; 2],
}

/// One instrument, over all its books.
#[derive(Clone, Debug)]
pub(super) struct InstrumentState {
    /// `None`: it may not be traded.
    pub(super) limits: Option<InstrumentLimits>,
    /// Lots that may still be bought and sold by open orders, by side. Wide: an unlimited account may sum beyond 64 bits.
    pub(super) open: [i128; 2],
    /// How many orders are open.
    pub(super) orders: u32,
}

/// One strategy.
#[derive(Clone, Debug)]
pub(super) struct TraderState {
    pub(super) trader: TraderId,
    /// The highest order id of its that was approved: none at or below it is new.
    pub(super) last: OrderId,
    pub(super) conduct: Conduct,
    pub(super) denials: Occurrences,
    pub(super) executions: Occurrences,
}

/// Whether a strategy may trade.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Conduct {
    /// It may.
    Enabled,
    /// It may not, until it is reset.
    Disabled,
}

impl BookState {
    /// A book of which nothing is known yet.
    pub(super) fn new(listing: Listing, instrument: u32) -> Self {
        Self { listing, instrument, top: Top::default(), updated: None, own: Default::default() }
    }

    /// News of its best prices.
    pub(super) fn update(&mut self, top: Top, now: Timestamp) {
        (self.top, self.updated) = (top, Some(now));
    }

    /// True where its prices were learnt so long ago, or never.
    pub(super) fn is_stale(&self, now: Timestamp, after: Nanos) -> bool {
        self.updated.is_none_or(|updated| now.since(updated) > after)
    }

    /// The touch that an order of this side meets.
    pub(super) fn opposite_touch(&self, side: Side) -> Option<Price> {
        self.top.side(side.opposite()).map(|quote| quote.price)
    }

    /// What a limit of this side is measured from: the touch that it would meet or, where that side is empty, the touch
    /// that it would join, which is the stricter.
    pub(super) fn reference(&self, side: Side) -> Option<Price> {
        self.opposite_touch(side).or_else(|| self.top.side(side).map(|quote| quote.price))
    }

    /// True where an order limited at `limit` (at any price, if none) could meet one of the account's own.
    pub(super) fn meets_own(&self, side: Side, limit: Option<Price>) -> bool {
        let Some(best) = self.own[side.opposite().index()].best(side.opposite()) else { return false };
        limit.is_none_or(|limit| side.accepts(limit, best))
    }

    /// An order's place among the account's own, before and after.
    pub(super) fn move_own(&mut self, side: Side, from: Option<Price>, to: Option<Price>) {
        if from == to {
            return;
        }
        let own = &mut self.own[side.index()];
        if let Some(price) = from {
            own.remove(price);
        }
        if let Some(price) = to {
            own.add(price);
        }
    }
}

impl InstrumentState {
    /// Nothing open.
    pub(super) fn new(limits: Option<InstrumentLimits>) -> Self {
        Self { limits, open: [0; 2], orders: 0 }
    }

    /// What one order may still trade, before and after.
    pub(super) fn move_open(&mut self, side: Side, from: Qty, to: Qty) {
        self.open[side.index()] += i128::from(to.lots()) - i128::from(from.lots());
    }
}

impl TraderState {
    /// One that has sent nothing yet.
    pub(super) fn new(trader: TraderId) -> Self {
        Self {
            trader,
            last: OrderId::first_of(trader.0),
            conduct: Conduct::Enabled,
            denials: Occurrences::default(),
            executions: Occurrences::default(),
        }
    }
}

/// The prices of the account's own orders on one side of a book, ascending, with how many stand at each. A sorted list:
/// an account has few distinct prices, and it reuses its memory.
#[derive(Clone, Debug, Default)]
struct OwnPrices {
    levels: Vec<(Price, u32)>,
}

impl OwnPrices {
    fn best(&self, side: Side) -> Option<Price> {
        match side {
            Side::Buy => self.levels.last(),
            Side::Sell => self.levels.first(),
        }
        .map(|&(price, _)| price)
    }

    fn add(&mut self, price: Price) {
        match self.levels.binary_search_by_key(&price, |&(price, _)| price) {
            Ok(found) => self.levels[found].1 += 1,
            Err(place) => self.levels.insert(place, (price, 1)),
        }
    }

    fn remove(&mut self, price: Price) {
        let found = self.levels.binary_search_by_key(&price, |&(price, _)| price);
        let found = found.expect("an order that stands was added");
        self.levels[found].1 -= 1;
        if self.levels[found].1 == 0 {
            self.levels.remove(found);
        }
    }
}
