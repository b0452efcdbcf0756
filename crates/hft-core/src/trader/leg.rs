//! How one leg of a portfolio gets from the position it has to the one it should have: rests at the touch first, and takes when its patience
//! is over.
//!
//! Invariant: there is one order a leg at a time, never larger than what is missing, so that no fill passes the target and the leg never
//! meets itself.

use super::{BookView, Desk};
use crate::models::{
    BookId, Lots, Nanos, NewOrder, OrderId, Phase, Price, Qty, Quote, Side, Ticks, TimeInForce, Timestamp,
};

/// One leg's order, and how long it has been about.
///
/// ```
/// use hft_core::prelude::*;
/// use hft_core::trader::{Leg, Urgency};
/// /// Wants to hold three lots of one book, and has all day.
/// struct Buyer(Leg);
/// impl Strategy for Buyer {
///     fn on_event(&mut self, _: &Event, desk: &mut Desk<'_>) {
///         if self.0.is_due(desk, 3) {
///             self.0.work(desk, 3, Urgency::Patient);
///         }
///     }
/// }
/// let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
/// let buyer = Buyer(Leg::new(book, Nanos::from_secs(3_600), Ticks::new(2)));
/// assert_eq!(buyer.0.book(), book);
/// ```
#[derive(Clone, Debug)]
pub struct Leg {
    book: BookId,
    patience: Nanos,
    reach: Ticks,
    /// Which way it has been trading, and since when.
    since: Option<(Side, Timestamp)>,
    /// The order that takes, as long as it is on its way: it ends by itself.
    taking: Option<OrderId>,
}

/// How badly a leg is wanted.
///
/// Example: [`Leg`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Urgency {
    /// It may rest for as long as its patience lasts.
    Patient,
    /// It takes at once.
    Urgent,
    /// It may not trade in its direction now.
    Held,
}

/// What a leg is doing.
///
/// Example: [`Leg`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Doing {
    /// It has what it should have, or may not get it.
    Nothing,
    /// An order rests at the touch.
    Resting,
    /// It takes.
    Taking,
}

impl Leg {
    /// A leg in this book that rests for so long before it takes, and then reaches so many ticks beyond the touch.
    pub const fn new(book: BookId, patience: Nanos, reach: Ticks) -> Self {
        Self { book, patience, reach, since: None, taking: None }
    }

    /// Where it trades.
    pub const fn book(&self) -> BookId {
        self.book
    }

    /// True where there is something to trade, or an order stands that should not.
    pub fn is_due(&self, desk: &Desk<'_>, target: i64) -> bool {
        target != desk.position(self.book.instrument).count()
            || desk.working().iter().any(|order| order.book == self.book)
    }

    /// Moves towards `target`, in lots.
    pub fn work(&mut self, desk: &mut Desk<'_>, target: i64, urgency: Urgency) -> Doing {
        if self.taking.is_some_and(|order| desk.order(order).is_some()) {
            return Doing::Nothing;
        }
        self.taking = None;
        let missing = Lots::new(target - desk.position(self.book.instrument).count());
        let side = Side::of(missing).filter(|_| urgency != Urgency::Held);
        let open = desk.view(self.book).filter(|view| view.phase() == Phase::Continuous);
        let (Some(side), Some(view)) = (side, open) else {
            self.since = None;
            self.rest(desk, None);
            return Doing::Nothing;
        };
        let began = match self.since {
            Some((before, began)) if before == side => began,
            _ => desk.now(),
        };
        self.since = Some((side, began));
        let qty = missing.size();
        if urgency == Urgency::Urgent || desk.now().since(began) >= self.patience {
            let touch = view.best(side.opposite());
            return self.take(desk, side, qty, touch);
        }
        let Some(price) = self.joining(desk, view, side) else {
            self.rest(desk, None);
            return Doing::Nothing;
        };
        self.rest(desk, Some((side, Quote { price, qty })));
        Doing::Resting
    }

    /// Keeps this order in the book, and none on the other side.
    fn rest(&self, desk: &mut Desk<'_>, wanted: Option<(Side, Quote)>) {
        for side in Side::BOTH {
            let quote = wanted.filter(|(wanted, _)| *wanted == side).map(|(_, quote)| quote);
            // The other side first leaves, then this one comes: a change of mind does not meet itself.
            let blocked = desk.working().iter().any(|order| order.book == self.book && order.side != side);
            if quote.is_none() || !blocked {
                desk.quote(self.book, side, quote);
            }
        }
    }

    /// Takes what rests out, and when nothing works any more, sends an order that trades now or not at all.
    fn take(&mut self, desk: &mut Desk<'_>, side: Side, qty: Qty, touch: Option<Quote>) -> Doing {
        self.rest(desk, None);
        let works = desk.working().iter().any(|order| order.book == self.book);
        if let (false, Some(limit)) = (works, touch.and_then(|quote| side.more_aggressive(quote.price, self.reach)))
            && limit > Price::ZERO
        {
            let order = NewOrder::limit(OrderId(0), self.book, side, limit, qty);
            self.taking = Some(desk.submit(NewOrder { tif: TimeInForce::Ioc, ..order }));
        }
        Doing::Taking
    }

    /// The best price that others show on this side; where nobody else shows one, the price at which its own order stands.
    fn joining(&self, desk: &Desk<'_>, view: &BookView, side: Side) -> Option<Price> {
        let theirs = view.levels(side).find(|level| !desk.shown_by_others(self.book, side, *level).is_zero());
        theirs.or_else(|| view.best(side)).map(|level| level.price)
    }
}

#[cfg(test)]
mod tests;
