//! Recorded orders in the real book: our orders stand among them, and whoever hit them hits us where we are first.
//!
//! # What history does after we have traded
//!
//! History keeps to its record: its orders are what the record says, less what we took. In detail:
//!
//! - *An execution* sends a taker of the recorded size, limited at the price of the order that it hit. The book decides whom it meets:
//!   ours, where we have priority.
//! - *The order that the record says was hit* loses the recorded size, whoever was met: where we took its place it is cut without a trade
//!   (`displaced`), so no ghost of it stays behind.
//! - *Another recorded order that was met instead* of the recorded one, for no reason of ours, is put back at the end of its queue
//!   (`requeued`); sizes at prices stay right, its place does not.
//! - *What we took is gone.* Later cancels, changes and executions of an order find what is left of it (`clipped`); a taker that comes
//!   for an order which we have emptied meets the next in the queue, as it would have.
//! - *A hidden execution* hits us where we stand at a better price. At its own price we show and it does not, but those who showed there
//!   were not hit either.
//! - *An order that crosses others on arrival* trades, as it would (`met`): with ours, where they are first.
//! - Auctions and unprinted executions take their order's size and meet nobody. Before the record is uncrossed for the first time, orders
//!   are collected and nothing trades; then the book is entered as it stands, in order of arrival.

use super::errands::{Errands, Hit, Stranger, Strangers};
use super::tally::lots;
use crate::event::{Body, Event, Flags, OrderRef, Resting};
use crate::formats::lobster::seed_order;
use hft_core::models::{ExecutionReport, MarketUpdate, OrderId, Price, Qty, Side, Ticks, Timestamp};
use hft_core::trader::Desk;
use rustc_hash::FxHashMap;

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Exact {
    pub(super) errands: Errands,
    orders: FxHashMap<OrderRef, Known>,
    names: FxHashMap<OrderId, OrderRef>,
    strangers: Strangers,
    opens: Timestamp,
    is_open: bool,
    arrivals: u64,
    /// What the taker came for that is on its way.
    aim: Option<Aim>,
}

/// A recorded order.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// Its name in our book, once it is entered.
    id: Option<OrderId>,
    side: Side,
    price: Price,
    /// What the record says is open.
    open: Qty,
    arrival: u64,
}

#[derive(Clone, Copy, Debug)]
struct Aim {
    /// The order that the record says was hit; none of a hidden one.
    order: Option<OrderRef>,
    qty: Qty,
}

impl Exact {
    pub(super) fn new(errands: Errands, opens: Timestamp) -> Self {
        Self {
            errands,
            orders: FxHashMap::default(),
            names: FxHashMap::default(),
            strangers: Strangers::default(),
            opens,
            is_open: opens == Timestamp::START,
            arrivals: 0,
            aim: None,
        }
    }

    pub(super) fn apply(&mut self, event: &Event, desk: &mut Desk<'_>) {
        self.follow(event, desk);
        if !self.is_open && desk.now() > self.opens && event.flags.has(Flags::LAST) {
            self.open(desk);
        }
    }

    fn follow(&mut self, event: &Event, desk: &mut Desk<'_>) {
        let trades = self.is_open && !event.flags.has(Flags::CROSS) && !event.flags.has(Flags::UNPRINTED);
        match event.body {
            Body::Add { order, side, price, qty } => self.add(order, side, price, qty, desk),
            Body::Reduce { order, by, resting } => self.cut(order, by, resting, desk),
            Body::Delete { order, qty, resting } => {
                let qty = if self.orders.contains_key(&order) { Qty::MAX } else { qty };
                self.cut(order, qty, resting, desk);
            }
            Body::Replace { order, by, price, qty } => self.replace(order, by, price, qty, desk),
            Body::Modify { order, side, price, qty } => self.modify(order, side, price, qty, desk),
            Body::Execute { order, qty, resting } if trades => self.execute(order, qty, resting, desk),
            Body::Execute { order, qty, resting } => self.cut(order, qty, resting, desk),
            Body::ExecuteAt { order, qty, .. } if trades => self.execute(order, qty, None, desk),
            Body::ExecuteAt { order, qty, .. } => self.cut(order, qty, None, desk),
            Body::HiddenTrade { price, qty, aggressor: Some(side), .. } if trades => {
                self.hidden(side, price, qty, desk);
            }
            Body::Clear(_) => self.clear(desk),
            Body::HiddenTrade { .. }
            | Body::Trade { .. }
            | Body::Bust { .. }
            | Body::Level { .. }
            | Body::Quote { .. }
            | Body::Status(_)
            | Body::Notice(_) => {}
        }
    }

    /// Enters what was collected.
    fn open(&mut self, desk: &mut Desk<'_>) {
        self.is_open = true;
        let mut collected: Vec<(u64, OrderRef)> =
            self.orders.iter().map(|(name, order)| (order.arrival, *name)).collect();
        collected.sort_unstable();
        for (_, name) in collected {
            let Known { side, price, open, .. } = self.orders[&name];
            self.enter(name, side, price, open, desk);
        }
    }

    fn enter(&mut self, name: OrderRef, side: Side, price: Price, qty: Qty, desk: &mut Desk<'_>) {
        let id = self.errands.rest(desk, side, price, qty);
        self.names.insert(id, name);
        self.orders.get_mut(&name).expect("only known orders are entered").id = Some(id);
    }

    fn add(&mut self, name: OrderRef, side: Side, price: Price, qty: Qty, desk: &mut Desk<'_>) {
        if self.orders.contains_key(&name) {
            self.errands.tally.unknown += 1;
            self.forget(name, desk);
        }
        if !qty.is_positive() {
            return;
        }
        self.arrivals += 1;
        self.orders.insert(name, Known { id: None, side, price, open: qty, arrival: self.arrivals });
        if self.is_open {
            self.enter(name, side, price, qty, desk);
        }
    }

    /// Which order a record means: what a seed put at its price stands for those that were there before.
    fn meant(&self, name: OrderRef, resting: Option<Resting>) -> Option<OrderRef> {
        let stand_in = || resting.map(|at| seed_order(at.side, at.price));
        [Some(name), stand_in()].into_iter().flatten().find(|name| self.orders.contains_key(name))
    }

    /// What stands of an order in our book.
    fn stands(order: &Known, desk: &Desk<'_>) -> Qty {
        order.id.and_then(|id| desk.order(id)).map_or(Qty::ZERO, |order| order.leaves)
    }

    fn cut(&mut self, name: OrderRef, by: Qty, resting: Option<Resting>, desk: &mut Desk<'_>) {
        let Some(name) = self.meant(name, resting) else {
            self.errands.tally.unknown += 1;
            return;
        };
        let order = self.orders.get_mut(&name).expect("it is meant");
        let short = order.id.is_some() && Self::stands(order, desk) < order.open;
        order.open -= order.open.min(by);
        self.errands.tally.clipped += u64::from(short);
        self.restore(name, desk);
    }

    /// Brings what stands of an order down to what the record says, and forgets it where that is nothing.
    fn restore(&mut self, name: OrderRef, desk: &mut Desk<'_>) {
        let order = self.orders[&name];
        if order.open.is_zero() {
            return self.forget(name, desk);
        }
        if let Some(id) = order.id
            && Self::stands(&order, desk) > order.open
        {
            self.errands.amend(desk, id, None, order.open);
        }
    }

    fn forget(&mut self, name: OrderRef, desk: &mut Desk<'_>) {
        let Some(order) = self.orders.remove(&name) else { return };
        if let Some(id) = order.id {
            self.names.remove(&id);
            self.errands.cancel(desk, id);
        }
    }

    fn replace(&mut self, name: OrderRef, by: OrderRef, price: Price, qty: Qty, desk: &mut Desk<'_>) {
        let Some(&order) = self.orders.get(&name) else {
            self.errands.tally.unknown += 1;
            return;
        };
        let missing = self.missing(&order, desk);
        self.forget(name, desk);
        self.add(by, order.side, price, qty - missing.min(qty), desk);
    }

    /// What we took of an order.
    fn missing(&mut self, order: &Known, desk: &Desk<'_>) -> Qty {
        let missing =
            if order.id.is_some() { order.open - Self::stands(order, desk).min(order.open) } else { Qty::ZERO };
        self.errands.tally.clipped += u64::from(missing.is_positive());
        missing
    }

    fn modify(&mut self, name: OrderRef, side: Side, price: Price, qty: Qty, desk: &mut Desk<'_>) {
        let Some(&order) = self.orders.get(&name) else {
            self.errands.tally.unknown += 1;
            return self.add(name, side, price, qty, desk);
        };
        if order.side == side && order.price == price && qty <= order.open {
            self.orders.get_mut(&name).expect("it is known").open = qty;
            return self.restore(name, desk);
        }
        let missing = self.missing(&order, desk);
        self.forget(name, desk);
        self.add(name, side, price, qty - missing.min(qty), desk);
    }

    fn execute(&mut self, name: OrderRef, qty: Qty, resting: Option<Resting>, desk: &mut Desk<'_>) {
        let Some(name) = self.meant(name, resting) else {
            self.errands.tally.unknown += 1;
            return;
        };
        let order = self.orders.get_mut(&name).expect("it is meant");
        order.open -= order.open.min(qty);
        self.aim = Some(Aim { order: Some(name), qty });
        let (side, price) = (order.side.opposite(), order.price);
        self.errands.take(desk, side, price, qty);
    }

    fn hidden(&mut self, side: Side, price: Price, qty: Qty, desk: &mut Desk<'_>) {
        let Some(better) = side.opposite().more_aggressive(price, Ticks::new(1)) else { return };
        if self.strangers.within(side.opposite(), better).next().is_some() {
            self.aim = Some(Aim { order: None, qty });
            self.errands.take(desk, side, better, qty);
        }
    }

    fn clear(&mut self, desk: &mut Desk<'_>) {
        let mut all: Vec<(u64, OrderRef)> = self.orders.iter().map(|(name, order)| (order.arrival, *name)).collect();
        all.sort_unstable();
        all.into_iter().for_each(|(_, name)| self.forget(name, desk));
    }

    /// Everything was answered: sets right what the taker has met.
    pub(super) fn settle(&mut self, desk: &mut Desk<'_>) {
        self.errands.strangers().for_each(drop);
        let hits = self.errands.own_hits();
        let Some(Aim { order: aimed, qty }) = self.aim.take() else { return };
        let met: u64 = hits.iter().map(|hit| lots(hit.qty)).sum();
        let (mut spare, mut aimed_id) = (Qty::new(i64::try_from(met).unwrap_or(i64::MAX)), None);
        if let Some(name) = aimed {
            let order = self.orders[&name];
            let excess = Self::stands(&order, desk) - order.open.min(Self::stands(&order, desk));
            (spare, aimed_id) = (spare.min(excess), order.id);
            self.errands.tally.clipped += u64::from(excess.is_zero() && met < lots(qty));
            self.restore(name, desk);
        }
        for Hit { order, qty, .. } in hits.into_iter().filter(|hit| Some(hit.order) != aimed_id) {
            let back = qty.min(spare);
            spare -= back;
            if back.is_positive() {
                self.put_back(order, back, desk);
            }
        }
    }

    /// Gives a recorded order back what it lost for no reason of ours.
    fn put_back(&mut self, id: OrderId, qty: Qty, desk: &mut Desk<'_>) {
        let Some(&name) = self.names.get(&id) else { return };
        let order = self.orders[&name];
        self.errands.tally.requeued += 1;
        match desk.order(id).map(|order| order.leaves) {
            Some(left) => self.errands.amend(desk, id, None, left + qty),
            None => {
                self.names.remove(&id);
                self.enter(name, order.side, order.price, qty, desk);
            }
        }
    }

    pub(super) fn on_report(&mut self, report: &ExecutionReport) {
        self.errands.on_report(report);
    }

    pub(super) fn on_market(&mut self, update: MarketUpdate) {
        match update {
            MarketUpdate::OrderAdded { id, side, price, .. } => self.strangers.came(Stranger { id, side, price }),
            MarketUpdate::OrderReduced { id, qty } if qty.is_zero() => {
                self.strangers.left(id);
            }
            MarketUpdate::Top(_)
            | MarketUpdate::Level { .. }
            | MarketUpdate::Clear
            | MarketUpdate::OrderReduced { .. }
            | MarketUpdate::Trade { .. }
            | MarketUpdate::Phase(_) => {}
        }
    }
}
