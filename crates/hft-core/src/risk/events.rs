//! What the gate learns after its approval: reports, prices, the time, and what people tell it.
//!
//! Each of these returns the kill that it tripped, if it did: data, on which the account acts in the same step with
//! [`RiskGate::cancel_all`].

use super::approved::Approved;
use super::gate::{NOTHING, RiskGate};
use super::kill::Kill;
use super::orders::{Change, Standing, open_of};
use super::state::Conduct;
use crate::account::Ledger;
use crate::models::{
    BookId, Command, ExecKind, ExecutionReport, InstrumentId, OrderId, Price, Qty, Side, Timestamp, Top,
};
use crate::world::TraderId;

/// One open order, as the gate counts it.
///
/// ```
/// use hft_core::account::{Ledger, Listing};
/// use hft_core::models::*;
/// use hft_core::risk::{Kill, Limits, RiskGate, RiskReject};
/// use hft_core::world::TraderId;
/// # let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
/// # let x = Instrument::new("X", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
/// # let listings = [Listing { book, instrument: x.into() }];
/// let ledger = Ledger::new(AccountId(1), &listings);
/// let mut gate = RiskGate::new(AccountId(1), Limits::default(), &listings);
/// let (now, trader, id) = (Timestamp::START, TraderId(0), OrderId::first_of(0).next());
/// let order = NewOrder::limit(id, book, Side::Buy, Price::new(9_992), Qty::new(5));
/// gate.check(now, trader, Command::New(order), &ledger).expect("nothing is limited");
/// let larger = Command::Amend { book, id, price: None, qty: Some(Qty::new(8)) };
/// gate.check(now, trader, larger, &ledger).expect("nothing is limited");
/// let open = gate.order(id).expect("it was approved");
/// assert_eq!((open.leaves, open.counted), (Qty::new(5), Qty::new(8)), "until the venue has answered, the larger");
///
/// assert_eq!(gate.kill(now), Some(Kill::Manual));
/// assert_eq!(gate.cancel_all().count(), 1, "a mass cancel for the book");
/// let next = NewOrder { id: id.next(), ..order };
/// assert_eq!(gate.check(now, trader, Command::New(next), &ledger), Err(RiskReject::KillSwitch));
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OpenOrderView {
    /// In which book.
    pub book: BookId,
    /// Buy or sell.
    pub side: Side,
    /// Its limit; for others what a lot of it is valued at.
    pub price: Price,
    /// Filled so far, as reported.
    pub filled: Qty,
    /// Open, as last reported.
    pub leaves: Qty,
    /// Open at worst: the larger of what is open and what an amend in flight may make of it.
    pub counted: Qty,
    /// What the oldest amend in flight will make of price and open size, if it takes effect.
    pub next: Option<(Price, Qty)>,
}

impl RiskGate {
    /// News of a book's best prices: the reference of collars and of market orders, and the end of stale data. The ledger
    /// has been marked with it.
    pub fn on_top(&mut self, now: Timestamp, book: BookId, top: Top, ledger: &Ledger) -> Option<Kill> {
        self.clock = self.clock.max(now);
        if let Some(slot) = self.book_slot(book) {
            self.books[slot as usize].update(top, self.clock);
        }
        self.kill.observe(ledger.equity())
    }

    /// A report on one of the account's orders. The ledger has booked it.
    pub fn on_report(&mut self, now: Timestamp, report: &ExecutionReport, ledger: &Ledger) -> Option<Kill> {
        self.clock = self.clock.max(now);
        if let Some(slot) = self.orders.find(report.order) {
            self.follow(slot, report);
        }
        match report.kind {
            ExecKind::Trade(_) => {
                self.count_execution(report.order);
                self.kill.observe(ledger.equity())
            }
            ExecKind::New
            | ExecKind::Rejected(_)
            | ExecKind::Canceled(_)
            | ExecKind::Replaced { .. }
            | ExecKind::CommandRejected(_)
            | ExecKind::Triggered
            | ExecKind::Prevented(_) => None,
        }
    }

    /// Time passed: the ledger is looked at again.
    pub fn on_time(&mut self, now: Timestamp, ledger: &Ledger) -> Option<Kill> {
        self.clock = self.clock.max(now);
        self.kill.observe(ledger.equity())
    }

    /// An order follows its report. One that is filled while an amend to more is in flight is kept until the venue
    /// answers the amend.
    fn follow(&mut self, slot: u32, report: &ExecutionReport) {
        let order = self.orders.at_mut(slot);
        match report.kind {
            ExecKind::Rejected(_) | ExecKind::Canceled(_) => return self.end(slot),
            ExecKind::New | ExecKind::Prevented(_) | ExecKind::Trade(_) => {
                let is_news = (order.filled, order.leaves) != (report.filled, report.leaves);
                if !is_news {
                    return;
                }
                (order.filled, order.leaves) = (report.filled, report.leaves);
                if order.leaves.is_zero() && order.changes_in_flight() == 0 {
                    return self.end(slot);
                }
            }
            ExecKind::Triggered => {
                if order.standing == Standing::Waits {
                    order.standing = Standing::Stands;
                }
            }
            ExecKind::Replaced { price } => {
                (order.filled, order.leaves, order.price) = (report.filled, report.leaves, price);
                self.orders.settle(slot);
            }
            ExecKind::CommandRejected(_) => {
                self.orders.settle(slot);
            }
        }
        self.recount(slot);
        if self.orders.at(slot).counted.open.is_zero() {
            self.end(slot);
        }
    }

    fn end(&mut self, slot: u32) {
        let order = self.orders.at(slot);
        let (book, side, from) = (order.book, order.side, order.counted);
        self.count(book, side, &from, &NOTHING);
        let instrument = self.books[book as usize].instrument;
        self.instruments[instrument as usize].orders -= 1;
        self.orders.remove(slot);
    }

    fn count_execution(&mut self, order: OrderId) {
        let Some(limit) = self.limits.repeat else { return };
        let Some(&slot) = self.trader_slots.get(&order.trader()) else { return };
        let state = &mut self.traders[slot as usize];
        if state.executions.reaches(limit, self.clock) {
            state.conduct = Conduct::Disabled;
        }
    }

    /// Trips the kill switch by hand; `None` where it held already.
    pub fn kill(&mut self, now: Timestamp) -> Option<Kill> {
        self.clock = self.clock.max(now);
        self.kill.trip(Kill::Manual)
    }

    /// Why the kill switch holds, if it does.
    pub const fn killed(&self) -> Option<Kill> {
        self.kill.held()
    }

    /// Opens the kill switch again: loss and drawdown count from the ledger's equity of this moment. Strategies that are
    /// disabled stay so until [`RiskGate::reset_trader`].
    pub fn reset(&mut self, ledger: &Ledger) {
        self.kill.reset(ledger.equity());
    }

    /// Lets a strategy trade again; its storms are forgotten.
    pub fn reset_trader(&mut self, trader: TraderId) {
        let slot = self.trader_slot(trader);
        let state = &mut self.traders[slot as usize];
        state.conduct = Conduct::Enabled;
        state.denials.clear();
        state.executions.clear();
    }

    /// Disables one strategy until it is reset; the others go on.
    pub fn disable_trader(&mut self, trader: TraderId) {
        let slot = self.trader_slot(trader);
        self.traders[slot as usize].conduct = Conduct::Disabled;
    }

    /// True while a strategy is disabled.
    pub fn is_disabled(&self, trader: TraderId) -> bool {
        let slot = self.trader_slots.get(&trader.0);
        slot.is_some_and(|&slot| self.traders[slot as usize].conduct == Conduct::Disabled)
    }

    /// One mass cancel for every book of the account, in the order in which they were listed.
    pub fn cancel_all(&self) -> impl Iterator<Item = Approved<Command>> {
        let account = self.account;
        let books = self.books.iter().map(|state| state.listing.book);
        books.map(move |book| Approved::new(account, Command::MassCancel { book, side: None }))
    }

    /// A cancel for each open order of one strategy, in the order of their ids.
    pub fn cancel_trader(&self, trader: TraderId) -> Vec<Approved<Command>> {
        let Some(&slot) = self.trader_slots.get(&trader.0) else { return Vec::new() };
        let cancel = |id| {
            let order = self.orders.find(id).expect("the ids of open orders");
            let book = self.books[self.orders.at(order).book as usize].listing.book;
            Approved::new(self.account, Command::Cancel { book, id })
        };
        self.orders.of_trader(slot).into_iter().map(cancel).collect()
    }

    /// How many orders are open, from approval to the last report.
    pub fn open_orders(&self) -> usize {
        self.orders.len()
    }

    /// What may still trade on one side of an instrument, over all venues, in lots.
    pub fn open_lots(&self, instrument: InstrumentId, side: Side) -> i128 {
        let slot = self.instrument_slots.get(&instrument);
        slot.map_or(0, |&slot| self.instruments[slot as usize].open[side.index()])
    }

    /// One open order.
    pub fn order(&self, id: OrderId) -> Option<OpenOrderView> {
        let slot = self.orders.find(id)?;
        let order = self.orders.at(slot);
        let next = self.orders.oldest_change(slot).map(|change| match change {
            Change::Amend { price, qty } => {
                let open = qty.map_or(order.leaves, |total| open_of(total, order.filled));
                (price.unwrap_or(order.price), open)
            }
            Change::Reduce => (order.price, order.leaves),
        });
        Some(OpenOrderView {
            book: self.books[order.book as usize].listing.book,
            side: order.side,
            price: order.price,
            filled: order.filled,
            leaves: order.leaves,
            counted: order.counted.open,
            next,
        })
    }
}
