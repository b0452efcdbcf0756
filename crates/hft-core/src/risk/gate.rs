//! The pre-trade gate of one account: every command passes here or goes nowhere.
//!
//! Invariants:
//! - it is the only maker of [`Approved`], and approves a new order or an amend only if every limit would hold with all
//!   open orders of its side filled;
//! - a denied command changes nothing but the count of its sender's denials;
//! - cancels and mass cancels always pass;
//! - time never goes back: a clock that does is read as standing still.
//!
//! Order of the checks, first failure wins: `kill_switch`, `strategy_disabled`, `unknown_symbol` (`unknown_order` for an
//! amend), `duplicate_id`, `invalid_qty` and `invalid_px`, `stale_market_data`, `order_qty`, `order_notional`,
//! `price_collar` (`no_reference_price`), `duplicate_order`, `self_cross`, `max_open_orders`, `position_limit`,
//! `gross_notional`, `net_notional`, `rate_limit`.
//!
//! Reports, prices and kills come in through the other half of the gate, in `events`.
//!
//! **Ids.** Remembering every id ever used would take memory without bound. A trader's ids ascend from
//! [`OrderId::first_of`]; so the gate keeps the highest id that it approved for each trader, and an id at or below it is
//! `duplicate_id`: live, ended or skipped alike. An id out of another trader's range is `duplicate_id` too. Whoever
//! gets ids that do not ascend (a recording, the conformance program) renumbers them on approval; a denied order has used up
//! no id.
//!
//! Left out: what only a venue can know (ticks, lots, phases, bands), which it refuses itself.

use super::approved::Approved;
use super::checks::{self, Proposal, Step};
use super::kill::KillSwitch;
use super::limits::{Limits, SelfCross};
use super::orders::{Change, Exposure, OpenOrder, OpenOrders, Owner, Standing};
use super::rate::TokenBucket;
use super::reject::RiskReject;
use super::state::{BookState, Conduct, InstrumentState, TraderState};
use super::window::{Duplicates, Likeness};
use crate::account::{Ledger, Listing};
use crate::models::{AccountId, BookId, Cash, Command, InstrumentId, NewOrder, OrderId, Price, Qty, Side, Timestamp};
use crate::world::TraderId;
use rustc_hash::FxHashMap;

/// The pre-trade risk of one account, shared by all its strategies, instruments and venues.
///
/// ```
/// use hft_core::account::{Ledger, Listing};
/// use hft_core::models::*;
/// use hft_core::risk::{InstrumentLimits, Limits, RiskGate, RiskReject};
/// use hft_core::world::TraderId;
/// # let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
/// # let x = Instrument::new("X", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
/// # let listings = [Listing { book, instrument: x.into() }];
/// let small = InstrumentLimits { max_order_qty: Some(Qty::new(5)), ..InstrumentLimits::default() };
/// let limits = Limits { instrument: Some(small), ..Limits::default() };
/// let ledger = Ledger::new(AccountId(1), &listings);
/// let mut gate = RiskGate::new(AccountId(1), limits, &listings);
///
/// let (trader, id) = (TraderId(0), OrderId::first_of(0).next());
/// let mut buy = |qty| {
///     let order = NewOrder::limit(id, book, Side::Buy, Price::new(9_992), Qty::new(qty));
///     gate.check(Timestamp::START, trader, Command::New(order), &ledger)
/// };
/// assert_eq!(buy(6), Err(RiskReject::OrderQty));
/// assert_eq!(buy(5).expect("within every limit").account(), AccountId(1));
/// assert_eq!(buy(5), Err(RiskReject::DuplicateId));
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RiskGate {
    pub(super) account: AccountId,
    pub(super) limits: Limits,
    pub(super) clock: Timestamp,
    pub(super) kill: KillSwitch,
    pub(super) bucket: Option<TokenBucket>,
    pub(super) duplicates: Option<Duplicates>,
    pub(super) books: Vec<BookState>,
    pub(super) book_slots: FxHashMap<BookId, u32>,
    pub(super) instruments: Vec<InstrumentState>,
    pub(super) instrument_slots: FxHashMap<InstrumentId, u32>,
    pub(super) traders: Vec<TraderState>,
    pub(super) trader_slots: FxHashMap<u32, u32>,
    recent_trader: u32,
    recent_book: u32,
    regime: Regime,
    pub(super) orders: OpenOrders,
    /// Value of the open buys and of the open sells; counted only where a limit asks for it.
    pub(super) open_notional: [Cash; 2],
}

/// Whether a new order has anything to be checked against, beyond its own form: the crowd of a market has not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Regime {
    Unlimited,
    Limited,
}

/// The exposure of an order that is not there.
pub(super) const NOTHING: Exposure =
    Exposure { open: Qty::ZERO, notional: Cash::ZERO, highest: Price::ZERO, stands_at: None };

impl RiskGate {
    /// How many amends of one order may be in flight; one more is denied as [`RiskReject::RateLimit`].
    pub const AMENDS_IN_FLIGHT_MAX: u32 = 64;

    /// A gate that has seen nothing yet, for an account that may trade these books.
    pub fn new(account: AccountId, limits: Limits, listings: &[Listing]) -> Self {
        let mut gate = Self {
            account,
            clock: Timestamp::START,
            kill: KillSwitch::new(&limits.account),
            bucket: limits.rate.map(TokenBucket::new),
            duplicates: limits.duplicate.map(Duplicates::new),
            regime: if limits.ask_of_orders() { Regime::Limited } else { Regime::Unlimited },
            limits,
            books: Vec::new(),
            book_slots: FxHashMap::default(),
            instruments: Vec::new(),
            instrument_slots: FxHashMap::default(),
            traders: Vec::new(),
            trader_slots: FxHashMap::default(),
            recent_trader: 0,
            recent_book: 0,
            orders: OpenOrders::default(),
            open_notional: [Cash::ZERO; 2],
        };
        for listing in listings {
            gate.list(listing);
        }
        gate
    }

    /// Adds a book, if it is new. Books of one instrument share its limits.
    pub fn list(&mut self, listing: &Listing) {
        if self.book_slots.contains_key(&listing.book) {
            return;
        }
        let fresh = slot_of(self.instruments.len());
        let instrument = *self.instrument_slots.entry(listing.book.instrument).or_insert(fresh);
        if instrument == fresh {
            let limits = self.limits.of_symbol(listing.instrument.symbol());
            self.instruments.push(InstrumentState::new(limits));
        }
        self.book_slots.insert(listing.book, slot_of(self.books.len()));
        self.books.push(BookState::new(listing.clone(), instrument));
    }

    /// For whom it approves.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// What it checks against.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Asks for approval. `trader` is who sends; `ledger` is the account's, with everything booked so far.
    ///
    /// # Errors
    /// The first check that failed. The command then changed nothing, except that it counts in a storm of denials.
    pub fn check(
        &mut self,
        now: Timestamp,
        trader: TraderId,
        command: Command,
        ledger: &Ledger,
    ) -> Result<Approved<Command>, RiskReject> {
        self.clock = self.clock.max(now);
        let verdict = match &command {
            Command::New(order) => {
                let sender = self.trader_slot(trader);
                self.check_new(sender, order, ledger).map_err(|reason| (sender, reason))
            }
            Command::Amend { id, price, qty, .. } => {
                let sender = self.trader_slot(trader);
                self.check_amend(sender, *id, (*price, *qty), ledger).map_err(|reason| (sender, reason))
            }
            Command::Reduce { id, by, .. } => {
                self.check_reduce(*id, *by).map_err(|reason| (self.trader_slot(trader), reason))
            }
            Command::Cancel { .. } | Command::MassCancel { .. } => {
                self.count_cancel();
                Ok(())
            }
        };
        match verdict {
            Ok(()) => Ok(Approved::new(self.account, command)),
            Err((sender, reason)) => {
                self.count_denial(sender, reason);
                Err(reason)
            }
        }
    }

    fn may_trade(&self, sender: u32) -> Result<(), RiskReject> {
        if self.kill.held().is_some() {
            return Err(RiskReject::KillSwitch);
        }
        match self.traders[sender as usize].conduct {
            Conduct::Enabled => Ok(()),
            Conduct::Disabled => Err(RiskReject::StrategyDisabled),
        }
    }

    #[inline]
    fn check_new(&mut self, sender: u32, order: &NewOrder, ledger: &Ledger) -> Result<(), RiskReject> {
        self.may_trade(sender)?;
        let slot = self.book_slot(order.book).ok_or(RiskReject::UnknownSymbol)?;
        let book = &self.books[slot as usize];
        let instrument = &self.instruments[book.instrument as usize];
        if instrument.limits.is_none() {
            return Err(RiskReject::UnknownSymbol);
        }
        let state = &self.traders[sender as usize];
        if order.id.trader() != state.trader.0 || order.id <= state.last {
            return Err(RiskReject::DuplicateId);
        }
        checks::well_formed(order)?;
        let proposal = Proposal::of(order, book);
        let price = proposal.price.unwrap_or(Price::ZERO);
        let stands_at = (proposal.standing == Standing::Stands).then_some(price);
        let notional = match self.regime {
            Regime::Unlimited => checks::value(&proposal, book)?,
            Regime::Limited => checks::worth(&proposal, book, instrument, &self.limits, self.clock)?,
        };
        let to = Exposure { open: order.qty, notional, highest: price, stands_at };
        if self.regime == Regime::Limited {
            self.within_limits(order, &proposal, slot, to, ledger)?;
        }
        let owner = Owner { trader: sender, book: slot };
        self.orders.insert(OpenOrder::new(order.id, owner, order.side, price, (proposal.standing, to)));
        self.traders[sender as usize].last = order.id;
        self.instruments[self.books[slot as usize].instrument as usize].orders += 1;
        self.count(slot, order.side, &NOTHING, &to);
        Ok(())
    }

    /// The checks of a new order beyond what it is worth.
    fn within_limits(
        &mut self,
        order: &NewOrder,
        proposal: &Proposal,
        slot: u32,
        to: Exposure,
        ledger: &Ledger,
    ) -> Result<(), RiskReject> {
        let book = &self.books[slot as usize];
        let instrument = &self.instruments[book.instrument as usize];
        if let Some(duplicates) = &mut self.duplicates
            && !duplicates.admits(&likeness(order), self.clock)
        {
            return Err(RiskReject::DuplicateOrder);
        }
        self.meets_no_own(proposal, book)?;
        let within = |most: Option<u32>, open: usize| most.is_none_or(|most| open < most as usize);
        let orders_of_symbol = instrument.limits.as_ref().and_then(|limits| limits.max_open_orders);
        if !within(orders_of_symbol, instrument.orders as usize)
            || !within(self.limits.account.max_open_orders, self.orders.len())
        {
            return Err(RiskReject::MaxOpenOrders);
        }
        self.within_account(proposal, slot, &Step { from: NOTHING, to }, ledger)?;
        if let Some(duplicates) = &mut self.duplicates {
            duplicates.record(likeness(order), self.clock);
        }
        Ok(())
    }

    fn check_amend(
        &mut self,
        sender: u32,
        id: OrderId,
        (price, qty): (Option<Price>, Option<Qty>),
        ledger: &Ledger,
    ) -> Result<(), RiskReject> {
        self.may_trade(sender)?;
        let slot = self.orders.find(id).ok_or(RiskReject::UnknownOrder)?;
        let order = self.orders.at(slot);
        if order.trader != sender {
            return Err(RiskReject::UnknownOrder);
        }
        qty.map_or(Ok(()), checks::positive_qty)?;
        price.map_or(Ok(()), checks::positive_price)?;
        let book = &self.books[order.book as usize];
        let instrument = &self.instruments[book.instrument as usize];
        let proposal = Proposal::amended(order, price, qty);
        checks::worth(&proposal, book, instrument, &self.limits, self.clock)?;
        self.meets_no_own(&proposal, book)?;
        let to = order.amended(order.counted, &book.listing.instrument, price, qty);
        let (book_slot, from) = (order.book, order.counted);
        if order.changes_in_flight() >= Self::AMENDS_IN_FLIGHT_MAX {
            return Err(RiskReject::RateLimit);
        }
        self.within_account(&proposal, book_slot, &Step { from, to }, ledger)?;

        self.orders.send(slot, Change::Amend { price, qty });
        self.recount(slot);
        Ok(())
    }

    /// A cut frees risk and adds none, so it passes as a cancel does; but it may not be negative.
    fn check_reduce(&mut self, id: OrderId, by: Qty) -> Result<(), RiskReject> {
        checks::positive_qty(by)?;
        if let Some(slot) = self.orders.find(id) {
            if self.orders.at(slot).changes_in_flight() >= Self::AMENDS_IN_FLIGHT_MAX {
                return Err(RiskReject::RateLimit);
            }
            self.orders.send(slot, Change::Reduce);
        }
        self.count_cancel();
        Ok(())
    }

    fn meets_no_own(&self, proposal: &Proposal, book: &BookState) -> Result<(), RiskReject> {
        match self.limits.self_cross {
            SelfCross::Allow => Ok(()),
            SelfCross::Deny => checks::meets_no_own(proposal, book),
        }
    }

    /// The checks over the whole account, the rate last: it alone is paid for, and only by what passes.
    #[inline]
    fn within_account(
        &mut self,
        proposal: &Proposal,
        book: u32,
        step: &Step,
        ledger: &Ledger,
    ) -> Result<(), RiskReject> {
        let book = &self.books[book as usize];
        let instrument = &self.instruments[book.instrument as usize];
        checks::within_position(proposal, instrument, step, || ledger.position(book.listing.book.instrument))?;
        let (limits, [buys, sells]) = (&self.limits.account, self.open_notional);
        checks::within_gross(limits.max_gross_notional, step, buys + sells, ledger)?;
        let side = proposal.side;
        checks::within_net(limits.max_net_notional, side, step, self.open_notional[side.index()], ledger)?;
        let taken = self.bucket.as_mut().is_none_or(|bucket| bucket.take(self.clock));
        if taken { Ok(()) } else { Err(RiskReject::RateLimit) }
    }

    fn count_cancel(&mut self) {
        if let Some(bucket) = &mut self.bucket {
            bucket.take_for_cancel(self.clock);
        }
    }

    /// Denials that a halt explains are nobody's fault and make no storm.
    fn count_denial(&mut self, sender: u32, reason: RiskReject) {
        let halted = matches!(reason, RiskReject::KillSwitch | RiskReject::StrategyDisabled);
        let (Some(limit), false) = (self.limits.reject_storm, halted) else { return };
        let state = &mut self.traders[sender as usize];
        if state.denials.reaches(limit, self.clock) {
            state.conduct = Conduct::Disabled;
        }
    }

    /// Moves one order's exposure in every sum that contains it.
    #[inline]
    pub(super) fn count(&mut self, book: u32, side: Side, from: &Exposure, to: &Exposure) {
        let book = &mut self.books[book as usize];
        self.instruments[book.instrument as usize].move_open(side, from.open, to.open);
        if self.limits.self_cross == SelfCross::Deny {
            book.move_own(side, from.stands_at, to.stands_at);
        }
        if self.limits.account.value_orders() {
            self.open_notional[side.index()] += to.notional - from.notional;
        }
    }

    pub(super) fn recount(&mut self, slot: u32) {
        let order = self.orders.at(slot);
        let (book, side, from) = (order.book, order.side, order.counted);
        let instrument = &self.books[book as usize].listing.instrument;
        let to = self.orders.recount(slot, instrument);
        self.count(book, side, &from, &to);
    }

    /// Most commands of an account come from the trader, and go to the book, of the command before: those are asked first.
    pub(super) fn trader_slot(&mut self, trader: TraderId) -> u32 {
        if self.traders.get(self.recent_trader as usize).is_some_and(|state| state.trader == trader) {
            return self.recent_trader;
        }
        let fresh = slot_of(self.traders.len());
        let slot = *self.trader_slots.entry(trader.0).or_insert(fresh);
        if slot == fresh {
            self.traders.push(TraderState::new(trader));
        }
        self.recent_trader = slot;
        slot
    }

    #[inline]
    pub(super) fn book_slot(&mut self, book: BookId) -> Option<u32> {
        if self.books.get(self.recent_book as usize).is_none_or(|state| state.listing.book != book) {
            self.recent_book = *self.book_slots.get(&book)?;
        }
        Some(self.recent_book)
    }
}

fn slot_of(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 books, instruments and traders")
}

fn likeness(order: &NewOrder) -> Likeness {
    Likeness { book: order.book, side: order.side, order_type: order.order_type, qty: order.qty }
}
