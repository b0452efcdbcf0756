//! Orders as levels: what a recording of orders would have told if it had told sizes alone.
//!
//! This is what lets every fill model be held against the truth: the same recording, with names and without.

use crate::book::ObservedBook;
use crate::event::{Body, Event, Flags, OrderRef, Resting};
use hft_core::models::{Price, Qty, Side, Top};

/// A recorded trade, as a feed of levels tells it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Print {
    pub(super) price: Price,
    pub(super) qty: Qty,
    pub(super) aggressor: Side,
}

/// What one event tells.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) print: Option<Print>,
    /// All that rests at these prices from now on.
    pub(super) levels: Vec<(Side, Price, Qty)>,
    /// The book is void.
    pub(super) clear: bool,
    /// The best prices from now on, nothing better: zero where a side is empty.
    pub(super) touch: Option<[(Price, Qty); 2]>,
    /// The book may be looked at.
    pub(super) last: bool,
}

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Reduction {
    book: ObservedBook,
    /// Whether quotes are the book: only where nothing else is.
    by_quotes: bool,
}

impl Reduction {
    pub(super) fn new(by_quotes: bool) -> Self {
        Self { book: ObservedBook::default(), by_quotes }
    }

    /// Reads an event; what it tells is put into `told`.
    pub(super) fn read(&mut self, event: &Event, told: &mut Told) {
        (told.print, told.clear, told.touch) = (None, false, None);
        told.levels.clear();
        told.last = event.flags.has(Flags::LAST);
        let trades = !event.flags.has(Flags::CROSS) && !event.flags.has(Flags::UNPRINTED);
        match event.body {
            Body::Level { side, price, qty } => told.levels.push((side, price, qty)),
            Body::Quote { bid, bid_qty, ask, ask_qty } if self.by_quotes => {
                told.touch = Some([(bid, bid_qty), (ask, ask_qty)]);
            }
            Body::Trade { price, qty, aggressor: Some(aggressor), .. } if !self.has_orders() => {
                told.print = Some(Print { price, qty, aggressor });
            }
            Body::HiddenTrade { price, qty, aggressor: Some(aggressor), .. } if trades => {
                told.print = Some(Print { price, qty, aggressor });
            }
            Body::Clear(_) => {
                let _ = self.book.apply(event);
                told.clear = true;
            }
            Body::Add { .. }
            | Body::Reduce { .. }
            | Body::Delete { .. }
            | Body::Replace { .. }
            | Body::Modify { .. }
            | Body::Execute { .. }
            | Body::ExecuteAt { .. } => self.follow(event, trades, told),
            Body::Trade { .. }
            | Body::HiddenTrade { .. }
            | Body::Bust { .. }
            | Body::Quote { .. }
            | Body::Status(_)
            | Body::Notice(_) => {}
        }
    }

    /// True where single orders tell the book: then executions tell the trades.
    fn has_orders(&self) -> bool {
        self.book.orders() > 0
    }

    fn follow(&mut self, event: &Event, trades: bool, told: &mut Told) {
        let (before, after) = match event.body {
            Body::Add { side, price, .. } => (None, Some(Resting { side, price })),
            Body::Modify { order, side, price, .. } => (self.at(order), Some(Resting { side, price })),
            Body::Replace { order, price, .. } => {
                let before = self.at(order);
                (before, before.map(|at| Resting { side: at.side, price }))
            }
            Body::Reduce { order, resting, .. }
            | Body::Delete { order, resting, .. }
            | Body::Execute { order, resting, .. } => (self.at(order).or(resting), None),
            Body::ExecuteAt { order, .. } => (self.at(order), None),
            Body::HiddenTrade { .. }
            | Body::Trade { .. }
            | Body::Bust { .. }
            | Body::Level { .. }
            | Body::Quote { .. }
            | Body::Clear(_)
            | Body::Status(_)
            | Body::Notice(_) => (None, None),
        };
        if let (Body::Execute { qty, .. } | Body::ExecuteAt { qty, .. }, Some(at), true) = (event.body, before, trades)
        {
            told.print = Some(Print { price: at.price, qty, aggressor: at.side.opposite() });
        }
        let _ = self.book.apply(event); // oddities were counted on the first pass
        let mut tell = |at: Resting| told.levels.push((at.side, at.price, self.book.qty_at(at.side, at.price)));
        before.into_iter().for_each(&mut tell);
        after.into_iter().filter(|at| Some(*at) != before).for_each(tell);
    }

    /// Where an order stands.
    pub(super) fn at(&self, order: OrderRef) -> Option<Resting> {
        self.order(order).map(|(at, _)| at)
    }

    /// The same, and how much of it is open.
    pub(super) fn order(&self, order: OrderRef) -> Option<(Resting, Qty)> {
        self.book.order(order)
    }

    /// All that rests at a price.
    pub(super) fn qty_at(&self, at: Resting) -> Qty {
        self.book.qty_at(at.side, at.price)
    }

    /// The best prices.
    pub(super) fn top(&self) -> Top {
        self.book.top()
    }
}
