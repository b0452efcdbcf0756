//! What an account holds, owes and has earned: exact, to the last unit of [`Cash`].
//!
//! Invariant, after every fill and every mark:
//!
//! ```text
//! equity = cash + fees + sum over books of (bought less sold there) * mark
//!        = realised + unrealised + fees
//! ```
//!
//! **Marks.** What was traded at a book is worth that book's midpoint; before any midpoint was seen there, the price of the
//! last fill. Positions are fungible across venues: what counts for limits and for average cost is their sum, and where an
//! instrument has several books, their midpoints differ only as long as the market lets them. Marked so, the equity is the
//! one that the attribution, venue by venue, explains.
//!
//! **Average cost, exactly.** An open position carries its cost: what was paid for it, one sum of money. Closing `k` of
//! `n` lots releases `cost * k / n`, rounded towards zero to 10^-12 of the currency; what was not released stays with
//! the position. Nothing is lost to the rounding: realised is money received less cost released, unrealised is value
//! less cost remaining, and their sum never contains the quotient. When the position is flat the whole cost has been
//! released and realised equals the cash.
//!
//! Left out: funding, dividends and carry, which are transfers between accounts and not trades.

use super::average_cost::Position;
use crate::models::{
    AccountId, BookId, Cash, ExecKind, ExecutionReport, Fill, HalfTicks, Instrument, InstrumentId, Lots, Side, Top,
    VenueId,
};
use crate::world::Statement;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use thiserror::Error;

/// A book that an account may trade in, and what a tick and a lot are worth there.
///
/// Example: [`Ledger`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing {
    /// Which book.
    pub book: BookId,
    /// The contract as this venue lists it: ticks and fees may differ between venues, the lot may not.
    pub instrument: Arc<Instrument>,
}

/// Why the ledger refuses an entry; it is then as it was.
///
/// Example: [`Ledger`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum LedgerError {
    /// A fill or a mark in a book that the account does not trade.
    #[error("account {account} has no listing for book {book}")]
    Unlisted {
        /// Whose ledger.
        account: AccountId,
        /// Which book.
        book: BookId,
    },
    /// The money, or the position, left the range that can be counted.
    #[error("account {account}: an entry in book {book} is more than exact money can count")]
    Overflow {
        /// Whose ledger.
        account: AccountId,
        /// In which book.
        book: BookId,
    },
}

/// What was traded at one book: one line of the reconciliation with the venue's drop copy.
///
/// Example: [`Ledger`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Subtotal {
    /// Lots bought less lots sold.
    pub position: Lots,
    /// Cash flow of the trades, fees excluded.
    pub cash: Cash,
    /// Cash flow of the fees: negative is paid.
    pub fees: Cash,
}

/// Positions, cash, fees and profit of one account.
///
/// ```
/// use hft_core::account::{Ledger, Listing};
/// use hft_core::models::*;
/// # let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
/// # let x = Instrument::new("X", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
/// let mut ledger = Ledger::new(AccountId(1), &[Listing { book, instrument: x.into() }]);
/// # let fill = |side, price, qty| Fill { trade: TradeId(1), side, price: Price::new(price), qty: Qty::new(qty),
/// #     liquidity: Liquidity::Maker, fee: Cash::ZERO, ahead: Qty::ZERO, mid: HalfTicks::ZERO };
/// # let quote = |price| Some(Quote { price: Price::new(price), qty: Qty::new(1) });
/// ledger.book_fill(book, &fill(Side::Buy, 9_992, 2))?;
/// ledger.mark(book, Top { bid: quote(9_994), ask: quote(9_997) })?;
/// assert_eq!(ledger.unrealised().decimal(), "0.07"); // two lots, three and a half cents each
/// ledger.book_fill(book, &fill(Side::Sell, 9_996, 1))?;
/// assert_eq!(ledger.realised().decimal(), "0.04");
/// assert_eq!(ledger.equity().decimal(), "0.075");
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ledger {
    account: AccountId,
    books: Vec<BookLine>,
    slots: FxHashMap<BookId, usize>,
    holdings: Vec<Holding>,
    holding_slots: FxHashMap<InstrumentId, usize>,
    cash: Cash,
    fees: Cash,
    value: Cash,
    gross_value: Cash,
    equity: Cash,
    peak: Cash,
    max_drawdown: Cash,
}

#[derive(Clone, Debug)]
struct BookLine {
    listing: Listing,
    holding: usize,
    state: BookState,
}

/// What changes of a book: what was traded there, and what that is worth.
#[derive(Clone, Copy, Debug, Default)]
struct BookState {
    subtotal: Subtotal,
    mid: Option<HalfTicks>,
    last_fill: Option<HalfTicks>,
    value: Cash,
}

/// One instrument, over all its books.
#[derive(Clone, Copy, Debug, Default)]
struct Holding {
    position: Position,
    value: Cash,
}

/// Money received and fees paid, over all books.
#[derive(Clone, Copy, Debug)]
struct Flows {
    cash: Cash,
    fees: Cash,
}

impl Ledger {
    /// A flat ledger of an account that may trade these books.
    pub fn new(account: AccountId, listings: &[Listing]) -> Self {
        let mut ledger = Self {
            account,
            books: Vec::new(),
            slots: FxHashMap::default(),
            holdings: Vec::new(),
            holding_slots: FxHashMap::default(),
            cash: Cash::ZERO,
            fees: Cash::ZERO,
            value: Cash::ZERO,
            gross_value: Cash::ZERO,
            equity: Cash::ZERO,
            peak: Cash::ZERO,
            max_drawdown: Cash::ZERO,
        };
        for listing in listings {
            ledger.list(listing);
        }
        ledger
    }

    /// Adds a book, if it is new. Books of one instrument share its position.
    pub fn list(&mut self, listing: &Listing) {
        if self.slots.contains_key(&listing.book) {
            return;
        }
        let holding = *self.holding_slots.entry(listing.book.instrument).or_insert(self.holdings.len());
        if holding == self.holdings.len() {
            self.holdings.push(Holding::default());
        }
        self.slots.insert(listing.book, self.books.len());
        self.books.push(BookLine { listing: listing.clone(), holding, state: BookState::default() });
    }

    /// Whose ledger this is.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// The books that it keeps, in the order in which they were listed.
    pub fn listings(&self) -> impl Iterator<Item = &Listing> {
        self.books.iter().map(|line| &line.listing)
    }

    /// Books what a report says, and returns the fill where it was a trade.
    ///
    /// # Errors
    /// When the book is not listed or the sums leave the range of exact money; the ledger is then unchanged.
    pub fn book(&mut self, report: &ExecutionReport) -> Result<Option<Fill>, LedgerError> {
        match report.kind {
            ExecKind::Trade(fill) => self.book_fill(report.book, &fill).map(|()| Some(fill)),
            ExecKind::New
            | ExecKind::Rejected(_)
            | ExecKind::Canceled(_)
            | ExecKind::Replaced { .. }
            | ExecKind::CommandRejected(_)
            | ExecKind::Triggered
            | ExecKind::Prevented(_) => Ok(None),
        }
    }

    /// Books one fill: money against lots, and the fee.
    ///
    /// # Errors
    /// When the book is not listed or the sums leave the range of exact money; the ledger is then unchanged.
    pub fn book_fill(&mut self, book: BookId, fill: &Fill) -> Result<(), LedgerError> {
        let slot = self.slot(book)?;
        self.try_fill(slot, fill.side, fill).ok_or(LedgerError::Overflow { account: self.account, book })
    }

    /// Takes a book's best bid and ask as news of its instrument's mark. A one-sided top keeps the last mark.
    ///
    /// # Errors
    /// When the book is not listed or the position's value leaves the range of exact money.
    pub fn mark(&mut self, book: BookId, top: Top) -> Result<(), LedgerError> {
        let slot = self.slot(book)?;
        let Some(half_ticks) = top.mid() else { return Ok(()) };
        let BookLine { holding, state, .. } = self.books[slot];
        let marked = BookState { mid: Some(half_ticks), ..state };
        let flows = Flows { cash: self.cash, fees: self.fees };
        let overflow = LedgerError::Overflow { account: self.account, book };
        self.store(slot, marked, self.holdings[holding].position, flows).ok_or(overflow)
    }

    fn slot(&self, book: BookId) -> Result<usize, LedgerError> {
        self.slots.get(&book).copied().ok_or(LedgerError::Unlisted { account: self.account, book })
    }

    /// Computes everything first and stores it last, so that a refused fill changes nothing.
    fn try_fill(&mut self, slot: usize, side: Side, fill: &Fill) -> Option<()> {
        let line = &self.books[slot];
        let notional = line.listing.instrument.checked_notional(fill.price, fill.qty)?;
        let paid = Cash::new(notional.raw() * i128::from(side.sign()));
        let lots = side.signed(fill.qty);
        let before = line.state.subtotal;
        let subtotal = Subtotal {
            position: Lots::new(before.position.count().checked_add(lots.count())?),
            cash: minus(before.cash, paid)?,
            fees: plus(before.fees, fill.fee)?,
        };
        let filled = BookState { subtotal, last_fill: Some(fill.price.half_ticks()), ..line.state };
        let position = self.holdings[line.holding].position.after(lots, paid)?;
        self.store(slot, filled, position, Flows { cash: minus(self.cash, paid)?, fees: plus(self.fees, fill.fee)? })
    }

    /// Values what was traded at a book and stores it with the sums that follow from it; nothing, where one overflows.
    fn store(&mut self, slot: usize, mut state: BookState, position: Position, flows: Flows) -> Option<()> {
        let BookLine { holding, state: book_before, listing } = &self.books[slot];
        let slot_of_holding = *holding;
        state.value = match state.mid.or(state.last_fill) {
            Some(mark) => listing.instrument.checked_value_at(state.subtotal.position, mark)?,
            None => Cash::ZERO,
        };
        let before = self.holdings[slot_of_holding].value;
        let held = plus(before, minus(state.value, book_before.value)?)?;
        let value = plus(self.value, minus(held, before)?)?;
        let gross_value = plus(self.gross_value, minus(magnitude(held)?, magnitude(before)?)?)?;
        let Flows { cash, fees } = flows;
        let equity = plus(plus(cash, fees)?, value)?;
        let peak = self.peak.max(equity);
        let drawdown = minus(peak, equity)?;
        (self.cash, self.fees, self.value, self.gross_value) = (cash, fees, value, gross_value);
        (self.equity, self.peak, self.max_drawdown) = (equity, peak, self.max_drawdown.max(drawdown));
        self.holdings[slot_of_holding] = Holding { position, value: held };
        self.books[slot].state = state;
        Some(())
    }

    /// The signed size held of an instrument, over all venues. Zero for one that is not listed.
    pub fn position(&self, instrument: InstrumentId) -> Lots {
        self.holding_slots.get(&instrument).map_or(Lots::ZERO, |&slot| self.holdings[slot].position.lots)
    }

    /// Cash flow of all trades, fees excluded.
    pub const fn cash(&self) -> Cash {
        self.cash
    }

    /// Cash flow of all fees: negative is paid.
    pub const fn fees(&self) -> Cash {
        self.fees
    }

    /// Earned by closing positions, fees excluded.
    pub fn realised(&self) -> Cash {
        self.holdings.iter().fold(Cash::ZERO, |sum, holding| sum + holding.position.realised)
    }

    /// What the open positions are worth at their marks, less what they cost.
    pub fn unrealised(&self) -> Cash {
        self.holdings.iter().fold(Cash::ZERO, |sum, holding| sum + (holding.value - holding.position.cost))
    }

    /// Everything: cash, fees and the marked value of the positions. An account starts at zero.
    pub const fn equity(&self) -> Cash {
        self.equity
    }

    /// The highest equity so far, zero at the start.
    pub const fn peak_equity(&self) -> Cash {
        self.peak
    }

    /// How far the equity stands below its peak: zero or more.
    pub fn drawdown(&self) -> Cash {
        self.peak - self.equity
    }

    /// The largest drawdown so far.
    pub const fn max_drawdown(&self) -> Cash {
        self.max_drawdown
    }

    /// The marked value of all positions, long and short alike, added without netting.
    pub const fn gross_value(&self) -> Cash {
        self.gross_value
    }

    /// The marked value of what is long less what is short.
    pub const fn net_value(&self) -> Cash {
        self.value
    }

    /// What was traded at one book.
    pub fn subtotal(&self, book: BookId) -> Option<Subtotal> {
        self.slots.get(&book).map(|&slot| self.books[slot].state.subtotal)
    }

    /// One statement for every book of a venue, for the reconciliation with its drop copy.
    pub fn statements(&self, venue: VenueId, through_seq: u64) -> impl Iterator<Item = Statement> {
        let of_venue = move |line: &&BookLine| line.listing.book.venue == venue;
        self.books.iter().filter(of_venue).map(move |line| Statement {
            account: self.account,
            venue,
            instrument: line.listing.book.instrument,
            through_seq,
            position: line.state.subtotal.position,
            cash: line.state.subtotal.cash,
            fees: line.state.subtotal.fees,
        })
    }
}

fn plus(a: Cash, b: Cash) -> Option<Cash> {
    a.raw().checked_add(b.raw()).map(Cash::new)
}

fn minus(a: Cash, b: Cash) -> Option<Cash> {
    a.raw().checked_sub(b.raw()).map(Cash::new)
}

fn magnitude(a: Cash) -> Option<Cash> {
    a.raw().checked_abs().map(Cash::new)
}
