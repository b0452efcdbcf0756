//! The blotter as a node: the independent record of the accounts that are watched.
//!
//! It hears the venue (drop copies, best prices without latency) and the account (fill records, statements), keeps a ledger
//! from each, and compares them. From the venue's side come attribution and markouts; from the account's side come the
//! fill lines, in the order in which the account learned of its fills.
//!
//! Invariant: the account's figures equal the venue's to the last unit, or the run ends with a sentence that names
//! both. At `Stop` the midpoints are frozen: later fills are marked at them.

use super::attribution::{AttributedFill, Attribution, PnlParts};
use super::fill_line::{FillLine, FillLog, TopLine};
use super::ledger::{Ledger, Listing, Subtotal};
use super::markout::{MARKOUT_HORIZONS, MarkoutTally, Markouts, NamedFill};
use super::reconcile::{DropCopy, Reconciliation};
use crate::models::{
    AccountId, BookId, Cash, Fill, Instrument, Liquidity, MarketData, MarketUpdate, Nanos, Qty, Side, Timestamp,
};
use crate::world::{
    FillRecord, Machine, Mail, Message, NodeId, OrderRecord, RiskHalt, Statement, TradeParty, TradeRecord,
};
use anyhow::{Context, bail, ensure};
use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Watches accounts, writes down their fills, and explains their profit.
///
/// ```
/// use hft_core::account::NoLog;
/// use hft_core::prelude::*;
/// let mut world = World::<Simulated>::new(7);
/// # let x = Instrument::new("X", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
/// let xsim = world.venue("XSIM", VenueConfig::default())?;
/// let book = world.list(xsim, x, BookRules::default(), Price::new(10_000))?;
/// CrowdConfig::default().join(&mut world, book, Price::new(10_000))?;
/// let desk = world.account("desk", Limits::default())?;
/// let maker = world.trader("mm", desk, CompetingMaker::new(MakerConfig::default(), book))?;
/// world.connect(maker, book, Connection::symmetric(Nanos::from_micros(200), Feed::every_change(Depth::Top)))?;
/// world.blotter(NoLog, Nanos::from_secs(1))?;
/// world.watch(desk)?;
///
/// let mut ran = world.lockstep().run(Timestamp::START + Nanos::from_secs(60));
/// close_books(&mut ran.nodes, ran.ended)?; // drop copies and statements agree, and everything sums to zero
/// let blotter = ran.nodes.iter().find_map(Node::as_blotter).expect("it was added");
/// let summary = &blotter.summaries(desk)?[0];
/// assert_eq!(summary.parts.total(), summary.change, "spread, adverse selection, inventory and fees");
/// assert!(summary.markouts[0].fills > 0 && blotter.halt(desk).is_none());
/// # Ok::<(), anyhow::Error>(())
/// ```
pub struct Blotter {
    log: Box<dyn FillLog>,
    horizon: Nanos,
    watches: BTreeMap<AccountId, Watch>,
    end: Option<Timestamp>,
}

/// One watched account.
struct Watch {
    /// What the account says it booked.
    booked: Ledger,
    /// What the venues say it traded.
    reconciliation: Reconciliation,
    books: BTreeMap<BookId, BookWatch>,
    halt: Option<RiskHalt>,
}

struct BookWatch {
    instrument: Arc<Instrument>,
    attribution: Attribution,
    markouts: Markouts,
}

/// What one watched account did at one book.
///
/// Example: [`Blotter`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BookSummary {
    /// Which book.
    pub book: BookId,
    /// The contract, for decimals.
    pub instrument: Arc<Instrument>,
    /// Why the equity changed.
    pub parts: PnlParts,
    /// What it changed by.
    pub change: Cash,
    /// The table of markouts, one line for each of [`MARKOUT_HORIZONS`].
    pub markouts: [MarkoutTally; MARKOUT_HORIZONS.len()],
    /// What the reconciled drop copy says was traded.
    pub subtotal: Subtotal,
}

impl Blotter {
    /// A blotter that watches nobody yet. `horizon` is that of adverse selection ([`Attribution::HORIZON`] by default).
    pub fn new(log: Box<dyn FillLog>, horizon: Nanos) -> Self {
        Self { log, horizon, watches: BTreeMap::new(), end: None }
    }

    /// Watches an account that may trade these books.
    pub fn watch(&mut self, account: AccountId, listings: &[Listing]) {
        let book_watch = |listing: &Listing| BookWatch {
            instrument: Arc::clone(&listing.instrument),
            attribution: Attribution::new(self.horizon),
            markouts: Markouts::default(),
        };
        let watch = Watch {
            booked: Ledger::new(account, listings),
            reconciliation: Reconciliation::new(account, listings),
            books: listings.iter().map(|listing| (listing.book, book_watch(listing))).collect(),
            halt: None,
        };
        self.watches.insert(account, watch);
    }

    /// The log, if it is an `L`: what it learned, when the run is over.
    pub fn into_log<L: FillLog>(self) -> Option<L> {
        let log: Box<dyn Any> = self.log;
        log.downcast::<L>().ok().map(|log| *log)
    }

    /// The accounts that are watched.
    pub fn accounts(&self) -> impl Iterator<Item = AccountId> {
        self.watches.keys().copied()
    }

    /// The ledger of an account as its own fill records tell it.
    pub fn booked(&self, account: AccountId) -> Option<&Ledger> {
        self.watches.get(&account).map(|watch| &watch.booked)
    }

    /// The account's kill, if its switch was tripped: the first.
    pub fn halt(&self, account: AccountId) -> Option<RiskHalt> {
        self.watches.get(&account).and_then(|watch| watch.halt)
    }

    /// What an account did at each of its books, in the order of the books.
    ///
    /// # Errors
    /// When a part of the attribution is missing or too much: the program's honesty failed.
    pub fn summaries(&self, account: AccountId) -> anyhow::Result<Vec<BookSummary>> {
        let watch = self.watches.get(&account).with_context(|| format!("account {account} is not watched"))?;
        watch.books.iter().map(|(&book, state)| watch.summary(account, book, state)).collect()
    }

    /// The end of the record: every statement reconciled, every attribution adding up, and the same money on both sides.
    ///
    /// # Errors
    /// When a check or the log fails.
    pub fn finish(&mut self, now: Timestamp) -> anyhow::Result<()> {
        self.freeze(now)?;
        for (&account, watch) in &mut self.watches {
            watch.reconciliation.finish()?;
            for (&book, state) in &watch.books {
                let summary = watch.summary(account, book, state)?;
                let mid = state.attribution.mid();
                let value = mid.map_or(Cash::ZERO, |mid| state.instrument.value_at(summary.subtotal.position, mid));
                let equity = summary.subtotal.cash + summary.subtotal.fees + value;
                ensure!(
                    equity == summary.change,
                    "account {account}: the attribution of {} explains {}, but the reconciled drop copy is worth {}",
                    state.instrument.symbol(),
                    summary.change.decimal(),
                    equity.decimal()
                );
            }
        }
        Ok(())
    }

    /// No midpoint counts after the first freeze; what is due by then is settled.
    fn freeze(&mut self, now: Timestamp) -> anyhow::Result<()> {
        let end = *self.end.get_or_insert(now);
        let Self { log, watches, .. } = self;
        for state in watches.values_mut().flat_map(|watch| watch.books.values_mut()) {
            state.markouts.end(end, |markout| log.markout(markout))?;
        }
        Ok(())
    }

    fn on_market(&mut self, data: &MarketData) -> anyhow::Result<()> {
        let MarketUpdate::Top(top) = data.update else { return Ok(()) };
        let (Some(mid), None) = (top.mid(), self.end) else { return Ok(()) };
        let Self { log, watches, .. } = self;
        for (&account, watch) in watches.iter_mut() {
            let Some(state) = watch.books.get_mut(&data.book) else { continue };
            watch.booked.mark(data.book, top)?;
            state.attribution.on_mid(data.time, mid);
            state.markouts.on_mid(data.time, mid, |markout| log.markout(markout))?;
            let (time, book, equity) = (data.time, data.book, watch.booked.equity());
            log.top(&TopLine { account, time, book, top, equity })?;
        }
        Ok(())
    }

    fn on_trade(&mut self, trade: &TradeRecord) -> anyhow::Result<()> {
        // In an auction the maker of the record is the buyer.
        let maker_side = trade.aggressor.map_or(Side::Buy, Side::opposite);
        let [maker, taker] = match trade.aggressor {
            Some(_) => [Liquidity::Maker, Liquidity::Taker],
            None => [Liquidity::Auction, Liquidity::Auction],
        };
        self.on_party(trade, trade.maker, maker_side, maker)?;
        self.on_party(trade, trade.taker, maker_side.opposite(), taker)?;
        let mut is_watched = false;
        for account in [trade.maker.account, trade.taker.account] {
            if let Some(watch) = self.watches.get_mut(&account) {
                watch.reconciliation.settle(trade.book.venue)?;
                is_watched = true;
            }
        }
        if is_watched { self.log.trade(trade).context("the fill log failed") } else { Ok(()) }
    }

    fn on_party(
        &mut self,
        trade: &TradeRecord,
        party: TradeParty,
        side: Side,
        liquidity: Liquidity,
    ) -> anyhow::Result<()> {
        let Some(watch) = self.watches.get_mut(&party.account) else { return Ok(()) };
        let TradeRecord { time, book, trade, price, qty, mid, .. } = *trade;
        let Some(state) = watch.books.get_mut(&book) else {
            bail!("account {} traded in book {book}, which it may not", party.account);
        };
        let fill = AttributedFill { time, side, price, qty, mid, fee: party.fee };
        state.attribution.on_fill(&fill);
        state.markouts.on_fill(NamedFill { book, trade, order: party.order, fill })?;
        let fill = Fill { trade, side, price, qty, liquidity, fee: party.fee, ahead: Qty::ZERO, mid };
        watch.reconciliation.copy(DropCopy { report_seq: party.report_seq, book, fill })?;
        Ok(())
    }

    /// A fill as the account booked it: added up once more, and written down.
    fn on_record(&mut self, record: FillRecord) -> anyhow::Result<()> {
        let FillRecord { account, book, fill, position, cash, .. } = record;
        let Some(watch) = self.watches.get_mut(&account) else { return Ok(()) };
        let booked = &mut watch.booked;
        booked.book_fill(book, &fill)?;
        let (own_position, own_cash) = (booked.position(book.instrument), booked.cash() + booked.fees());
        let state = watch.books.get(&book).context("the ledger has the book")?;
        ensure!(
            (own_position, own_cash) == (position, cash),
            "account {account}: after trade {} in {} it says position {position} cash {}, but its fills add up to \
             position {own_position} cash {}",
            fill.trade,
            state.instrument.symbol(),
            cash.decimal(),
            own_cash.decimal()
        );
        let (instrument, pnl) = (Arc::clone(&state.instrument), booked.equity());
        self.log.fill(&FillLine { record, instrument, pnl }).context("the fill log failed")
    }

    fn on_order(&mut self, record: &OrderRecord) -> anyhow::Result<()> {
        self.log.order(record).context("the fill log failed")
    }

    fn on_statement(&mut self, statement: Statement) -> anyhow::Result<()> {
        match self.watches.get_mut(&statement.account) {
            Some(watch) => Ok(watch.reconciliation.statement(statement)?),
            None => Ok(()),
        }
    }

    fn on_halt(&mut self, halt: RiskHalt) -> anyhow::Result<()> {
        let Some(watch) = self.watches.get_mut(&halt.account) else { return Ok(()) };
        watch.halt.get_or_insert(halt);
        self.log.halt(&halt).context("the fill log failed")
    }
}

impl Watch {
    fn summary(&self, account: AccountId, book: BookId, state: &BookWatch) -> anyhow::Result<BookSummary> {
        let instrument = &state.instrument;
        let verified = state.attribution.verified(instrument);
        let parts = verified.with_context(|| format!("account {account}, {}", instrument.symbol()))?;
        Ok(BookSummary {
            book,
            instrument: Arc::clone(instrument),
            parts,
            change: parts.total(),
            markouts: *state.markouts.tallies(),
            subtotal: self.reconciliation.subtotal(book),
        })
    }
}

impl fmt::Debug for Blotter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let watched: Vec<_> = self.watches.keys().collect();
        f.debug_struct("Blotter").field("watched", &watched).field("end", &self.end).finish_non_exhaustive()
    }
}

impl Machine for Blotter {
    fn handle(&mut self, now: Timestamp, _from: NodeId, message: Message, mail: &mut Mail) {
        let outcome = match message {
            Message::Trade(trade) => self.on_trade(&trade),
            Message::Market(data) => self.on_market(&data),
            Message::Fill(record) => self.on_record(record),
            Message::Order(record) => self.on_order(&record),
            Message::Statement(statement) => self.on_statement(statement),
            Message::Halted(halt) => self.on_halt(halt),
            Message::Stop => self.freeze(now),
            Message::Start
            | Message::Wake(_)
            | Message::Command(_)
            | Message::Approved(_)
            | Message::Report(_)
            | Message::Refused(_)
            | Message::News(_)
            | Message::Resend { .. }
            | Message::Disconnected(_)
            | Message::Panicked => Ok(()),
        };
        if let Err(error) = outcome {
            mail.fail(error);
        }
    }
}
