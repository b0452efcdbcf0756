//! The account's open orders, as the gate counts them: the worst that may come of each.
//!
//! Invariant: an order is here from its approval to its end, and `counted` is the larger of what it is and what any
//! amend in flight would make of it. An amend is in flight from its approval until the venue says that it took effect
//! or refuses it; a venue answers the amends of one order in order. A cancel in flight frees nothing and needs no
//! record: the cancel of an order that stands is never refused, so a refusal of an order that stands is always that of
//! its oldest amend.
//!
//! Memory follows the open orders: slots are reused, last in first out.

use super::ids::IdTable;
use crate::models::{Cash, Instrument, OrderId, Price, Qty, Side};

/// No slot.
const NONE: u32 = u32::MAX;

/// What an order may still do, at worst.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Exposure {
    /// How much of it may still trade.
    pub(super) open: Qty,
    /// What that is worth.
    pub(super) notional: Cash,
    /// The highest price that it may have.
    pub(super) highest: Price,
    /// The price at which it may stand and meet others, where it may stand at all.
    pub(super) stands_at: Option<Price>,
}

/// One open order.
#[derive(Clone, Debug)]
pub(super) struct OpenOrder {
    pub(super) id: OrderId,
    /// Slot of its trader in the gate.
    pub(super) trader: u32,
    /// Slot of its book in the gate.
    pub(super) book: u32,
    pub(super) side: Side,
    /// What a lot of it is valued at: its limit, a stop's trigger, the touch that a market order met.
    pub(super) price: Price,
    pub(super) standing: Standing,
    pub(super) filled: Qty,
    pub(super) leaves: Qty,
    pub(super) counted: Exposure,
    in_flight: InFlight,
}

/// Whether an order can stand in a book, where another of the account could run into it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    /// At its price.
    Stands,
    /// It is a stop-limit that waits for its trigger; then it stands.
    Waits,
    /// It trades at once or is gone: market orders and what they become, immediate-or-cancel, fill-or-kill.
    Never,
}

/// A command on its way that will change an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Change {
    /// To this price and this total, where they are given.
    Amend { price: Option<Price>, qty: Option<Qty> },
    /// To less: it cannot make anything worse.
    Reduce,
}

/// The changes in flight of one order, oldest first: a list through the pool.
#[derive(Clone, Copy, Debug)]
struct InFlight {
    first: u32,
    last: u32,
    count: u32,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    change: Change,
    next: u32,
}

/// All open orders of an account.
#[derive(Clone, Debug, Default)]
pub(super) struct OpenOrders {
    slots: IdTable,
    orders: Vec<Option<OpenOrder>>,
    free: Vec<u32>,
    changes: Vec<Node>,
    free_changes: Vec<u32>,
}

impl OpenOrder {
    /// An order that has just been approved.
    #[inline]
    pub(super) fn new(id: OrderId, owner: Owner, side: Side, price: Price, terms: (Standing, Exposure)) -> Self {
        let (standing, counted) = terms;
        Self {
            id,
            trader: owner.trader,
            book: owner.book,
            side,
            price,
            standing,
            filled: Qty::ZERO,
            leaves: counted.open,
            counted,
            in_flight: InFlight { first: NONE, last: NONE, count: 0 },
        }
    }

    /// What it is with this price and this much open. The value saturates: whoever approves counts exactly first.
    fn exposure(&self, instrument: &Instrument, price: Price, open: Qty) -> Exposure {
        let stands_at = match self.standing {
            Standing::Stands => Some(price),
            Standing::Waits | Standing::Never => None,
        };
        let notional = instrument.checked_notional(price, open).unwrap_or(Cash::MAX);
        Exposure { open, notional, highest: price, stands_at }
    }

    /// What an amend would make of it, where it may be as bad as `so_far` by then: a price or a total that the amend
    /// leaves alone may be the worst of those.
    pub(super) fn amended(
        &self,
        so_far: Exposure,
        instrument: &Instrument,
        price: Option<Price>,
        qty: Option<Qty>,
    ) -> Exposure {
        let open = qty.map_or(so_far.open, |total| open_of(total, self.filled));
        self.exposure(instrument, price.unwrap_or(so_far.highest), open)
    }

    /// How many changes are in flight.
    pub(super) const fn changes_in_flight(&self) -> u32 {
        self.in_flight.count
    }
}

/// Where an order belongs: slots of the gate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Owner {
    pub(super) trader: u32,
    pub(super) book: u32,
}

impl OpenOrders {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// The slot of an order.
    #[inline]
    pub(super) fn find(&self, id: OrderId) -> Option<u32> {
        self.slots.find(id)
    }

    /// The order of a slot that [`OpenOrders::find`] gave.
    #[inline]
    pub(super) fn at(&self, slot: u32) -> &OpenOrder {
        self.orders[slot as usize].as_ref().expect("a slot that is named holds an order")
    }

    /// The same, to change.
    #[inline]
    pub(super) fn at_mut(&mut self, slot: u32) -> &mut OpenOrder {
        self.orders[slot as usize].as_mut().expect("a slot that is named holds an order")
    }

    /// Adds an order whose id is not there yet.
    #[inline]
    pub(super) fn insert(&mut self, order: OpenOrder) {
        let id = order.id;
        let slot = match self.free.pop() {
            Some(slot) => {
                self.orders[slot as usize] = Some(order);
                slot
            }
            None => {
                self.orders.push(Some(order));
                u32::try_from(self.orders.len() - 1).expect("fewer than 2^32 open orders")
            }
        };
        self.slots.insert(id, slot);
    }

    /// Takes an order out, with what was in flight for it.
    #[inline]
    pub(super) fn remove(&mut self, slot: u32) {
        if self.at(slot).changes_in_flight() > 0 {
            while self.settle(slot).is_some() {}
        }
        let order = self.orders[slot as usize].take().expect("a slot that is named holds an order");
        self.slots.remove(order.id);
        self.free.push(slot);
    }

    /// The ids of a trader's orders, ascending.
    pub(super) fn of_trader(&self, trader: u32) -> Vec<OrderId> {
        let orders = self.orders.iter().flatten().filter(|order| order.trader == trader);
        let mut ids: Vec<OrderId> = orders.map(|order| order.id).collect();
        ids.sort_unstable();
        ids
    }

    /// Remembers a change that was approved.
    pub(super) fn send(&mut self, slot: u32, change: Change) {
        let node = Node { change, next: NONE };
        let index = match self.free_changes.pop() {
            Some(index) => {
                self.changes[index as usize] = node;
                index
            }
            None => {
                self.changes.push(node);
                u32::try_from(self.changes.len() - 1).expect("fewer than 2^32 amends in flight")
            }
        };
        let line = &mut self.at_mut(slot).in_flight;
        let last = std::mem::replace(&mut line.last, index);
        line.count += 1;
        match last {
            NONE => line.first = index,
            last => self.changes[last as usize].next = index,
        }
    }

    /// Forgets the oldest change in flight, because the venue has answered it.
    pub(super) fn settle(&mut self, slot: u32) -> Option<Change> {
        let first = self.at(slot).in_flight.first;
        if first == NONE {
            return None;
        }
        let Node { change, next } = self.changes[first as usize];
        self.free_changes.push(first);
        let line = &mut self.at_mut(slot).in_flight;
        line.first = next;
        line.count -= 1;
        if next == NONE {
            line.last = NONE;
        }
        Some(change)
    }

    /// The oldest change in flight.
    pub(super) fn oldest_change(&self, slot: u32) -> Option<Change> {
        match self.at(slot).in_flight.first {
            NONE => None,
            first => Some(self.changes[first as usize].change),
        }
    }

    /// Counts an order anew: the larger of what it is and what each change in flight would make of it.
    pub(super) fn recount(&mut self, slot: u32, instrument: &Instrument) -> Exposure {
        let order = self.at(slot);
        let mut worst = order.exposure(instrument, order.price, order.leaves);
        let mut next = order.in_flight.first;
        while next != NONE {
            let node = self.changes[next as usize];
            next = node.next;
            if let Change::Amend { price, qty } = node.change {
                worst = worst.or(order.side, order.amended(worst, instrument, price, qty));
            }
        }
        self.at_mut(slot).counted = worst;
        worst
    }
}

impl Exposure {
    /// The worse of two in every respect.
    pub(super) fn or(self, side: Side, other: Self) -> Self {
        Self {
            open: self.open.max(other.open),
            notional: self.notional.max(other.notional),
            highest: self.highest.max(other.highest),
            stands_at: match (self.stands_at, other.stands_at) {
                (Some(a), Some(b)) => Some(if side.is_better(a, b) { a } else { b }),
                (a, b) => a.or(b),
            },
        }
    }
}

/// What is open of a total; nothing, where more has been filled.
pub(super) fn open_of(total: Qty, filled: Qty) -> Qty {
    Qty::new(total.lots().saturating_sub(filled.lots()).max(0))
}
