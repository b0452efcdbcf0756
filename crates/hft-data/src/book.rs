//! A plain book that follows the events of one instrument, order by order or level by level: for what is observed of a
//! recording, not for trading in it.
//!
//! Invariant: a level's size is the sum of what the events said of it; nothing is matched. So a recording that is wrong
//! shows: sizes are overdrawn, orders unknown, sides crossed.

use crate::event::{Body, Event, OrderRef, Resting};
use crate::formats::lobster::seed_order;
use hft_core::models::{Price, Qty, Quote, Side, Top};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// What is odd about an event, given the book that it came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Oddity {
    /// The order is not known to rest.
    UnknownOrder,
    /// There is less than what goes.
    Overdrawn,
    /// An order of that name rests already.
    Duplicate,
    /// The book holds as many orders or levels as it may; this one was left out.
    Full,
}

#[derive(Clone, Copy, Debug)]
struct Order {
    side: Side,
    price: Price,
    qty: Qty,
}

/// The book of one instrument.
///
/// ```
/// use hft_core::models::{Price, Qty, Side};
/// use hft_data::{Body, Event, InstrumentIndex, ObservedBook, OrderRef, UnixNanos};
/// let mut book = ObservedBook::default();
/// let mut see = |body| book.apply(&Event::at(UnixNanos::new(1), InstrumentIndex(0), body));
/// see(Body::Add { order: OrderRef(1), side: Side::Buy, price: Price::new(99), qty: Qty::new(5) }).expect("plain");
/// see(Body::Execute { order: OrderRef(1), qty: Qty::new(2), resting: None }).expect("plain");
/// assert_eq!(book.best(Side::Buy).map(|quote| (quote.price.ticks(), quote.qty.lots())), Some((99, 3)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct ObservedBook {
    orders: FxHashMap<OrderRef, Order>,
    levels: [BTreeMap<Price, Qty>; 2],
}

impl ObservedBook {
    /// How many orders a book may hold, and how many levels a side.
    pub const MAX: usize = 1 << 21;

    /// Follows one event.
    ///
    /// # Errors
    /// When the event does not fit the book; as much of it as makes sense is done all the same.
    pub fn apply(&mut self, event: &Event) -> Result<(), Oddity> {
        match event.body {
            Body::Add { order, side, price, qty } => self.add(order, Order { side, price, qty }),
            Body::Reduce { order, by, resting } => self.take(order, by, resting),
            Body::Execute { order, qty, resting } => self.take(order, qty, resting),
            Body::ExecuteAt { order, qty, .. } => self.take(order, qty, None),
            Body::Delete { order, qty, resting } => match self.remove(order) {
                Some(_) => Ok(()),
                None => self.take(order, qty, resting),
            },
            Body::Replace { order, by, price, qty } => {
                let side = self.remove(order).ok_or(Oddity::UnknownOrder)?.side;
                self.add(by, Order { side, price, qty })
            }
            Body::Modify { order, side, price, qty } => {
                let known = self.remove(order);
                self.add(order, Order { side, price, qty })?;
                known.map(|_| ()).ok_or(Oddity::UnknownOrder)
            }
            Body::Level { side, price, qty } => self.set_level(side, price, qty),
            Body::Clear(_) => {
                self.orders.clear();
                self.levels = Default::default();
                Ok(())
            }
            Body::HiddenTrade { .. }
            | Body::Trade { .. }
            | Body::Bust { .. }
            | Body::Quote { .. }
            | Body::Status(_)
            | Body::Notice(_) => Ok(()),
        }
    }

    /// The best price of a side and all that rests there.
    pub fn best(&self, side: Side) -> Option<Quote> {
        let levels = &self.levels[side.index()];
        let best = match side {
            Side::Buy => levels.last_key_value(),
            Side::Sell => levels.first_key_value(),
        };
        best.map(|(&price, &qty)| Quote { price, qty })
    }

    /// Both.
    pub fn top(&self) -> Top {
        Top { bid: self.best(Side::Buy), ask: self.best(Side::Sell) }
    }

    /// True where the best bid is not below the best offer.
    pub fn is_crossed(&self) -> bool {
        matches!(self.top(), Top { bid: Some(bid), ask: Some(ask) } if bid.price >= ask.price)
    }

    /// The levels of a side, best first.
    pub fn levels(&self, side: Side) -> Box<dyn Iterator<Item = Quote> + '_> {
        let levels = self.levels[side.index()].iter().map(|(&price, &qty)| Quote { price, qty });
        match side {
            Side::Buy => Box::new(levels.rev()),
            Side::Sell => Box::new(levels),
        }
    }

    /// How many levels a side has.
    pub fn depth(&self, side: Side) -> usize {
        self.levels[side.index()].len()
    }

    /// Where an order stands, and how much of it is open.
    pub fn order(&self, id: OrderRef) -> Option<(Resting, Qty)> {
        self.orders.get(&id).map(|order| (Resting { side: order.side, price: order.price }, order.qty))
    }

    /// How many orders rest, as far as they have names.
    pub fn orders(&self) -> usize {
        self.orders.len()
    }

    /// All that rests at a price.
    pub fn qty_at(&self, side: Side, price: Price) -> Qty {
        self.levels[side.index()].get(&price).copied().unwrap_or_default()
    }

    fn add(&mut self, id: OrderRef, order: Order) -> Result<(), Oddity> {
        if self.orders.len() >= Self::MAX {
            return Err(Oddity::Full);
        }
        if self.orders.contains_key(&id) {
            return Err(Oddity::Duplicate);
        }
        let level = self.levels[order.side.index()].entry(order.price).or_default();
        let Some(sum) = level.lots().checked_add(order.qty.lots()) else { return Err(Oddity::Full) };
        *level = Qty::new(sum);
        self.orders.insert(id, order);
        Ok(())
    }

    /// Takes from an order; where it is not known, from what a seed put at its price.
    fn take(&mut self, id: OrderRef, qty: Qty, resting: Option<Resting>) -> Result<(), Oddity> {
        let known = |id: &OrderRef| self.orders.contains_key(id);
        let stand_in = || resting.map(|at| seed_order(at.side, at.price)).filter(known);
        let Some(id) = Some(id).filter(known).or_else(stand_in) else { return Err(Oddity::UnknownOrder) };
        let order = self.orders.get_mut(&id).expect("just found");
        let taken = order.qty.min(qty);
        order.qty -= taken;
        let Order { side, price, qty: left } = *order;
        if !left.is_positive() {
            self.orders.remove(&id);
        }
        self.lower(side, price, taken);
        if taken == qty { Ok(()) } else { Err(Oddity::Overdrawn) }
    }

    fn remove(&mut self, id: OrderRef) -> Option<Order> {
        let order = self.orders.remove(&id)?;
        self.lower(order.side, order.price, order.qty);
        Some(order)
    }

    fn lower(&mut self, side: Side, price: Price, by: Qty) {
        let levels = &mut self.levels[side.index()];
        if let Some(level) = levels.get_mut(&price) {
            *level -= by;
            if !level.is_positive() {
                levels.remove(&price);
            }
        }
    }

    fn set_level(&mut self, side: Side, price: Price, qty: Qty) -> Result<(), Oddity> {
        let levels = &mut self.levels[side.index()];
        if !qty.is_positive() {
            levels.remove(&price);
        } else if levels.len() < Self::MAX {
            levels.insert(price, qty);
        } else {
            return Err(Oddity::Full);
        }
        Ok(())
    }
}
