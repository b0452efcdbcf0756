//! The account's statements against the venue's drop copy: no difference, to the last unit.
//!
//! Invariant: a statement covers a venue's reports up to a number, and is compared with the drop copies up to the same
//! number and no others. What comes early waits: drop copies for the statement that covers them, a statement for the
//! drop copies that are still under way. A statement that differs when a later drop copy has been heard differs for ever.

use super::ledger::{Ledger, LedgerError, Listing, Subtotal};
use crate::models::{AccountId, BookId, Fill, VenueId};
use crate::world::Statement;
use std::collections::VecDeque;
use thiserror::Error;

/// One of an account's fills, from the venue's drop copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct DropCopy {
    /// Number of the execution report that told the account.
    pub(super) report_seq: u64,
    /// In which book.
    pub(super) book: BookId,
    /// The fill.
    pub(super) fill: Fill,
}

/// A statement and the drop copies that it covers, which do not say the same.
///
/// Example: [`Blotter`](super::Blotter).
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error(
    "account {account}: its statement of {symbol} at venue {venue}, through report {through_seq}, says \
     position {} cash {} fees {}, but the venue's drop copy says position {} cash {} fees {}",
    stated.position, stated.cash.decimal(), stated.fees.decimal(),
    found.position, found.cash.decimal(), found.fees.decimal()
)]
pub struct Difference {
    /// Whose.
    pub account: AccountId,
    /// At which venue.
    pub venue: VenueId,
    /// Of which contract.
    pub symbol: String,
    /// The last report that the statement covers.
    pub through_seq: u64,
    /// The account's figures.
    pub stated: Subtotal,
    /// The venue's.
    pub found: Subtotal,
}

/// Why an account's own record is not the venue's.
///
/// Example: [`Blotter`](super::Blotter).
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum ReconcileError {
    /// Different figures.
    #[error(transparent)]
    Differs(Box<Difference>),
    /// A statement of a book that the account does not trade.
    #[error("account {account} stated book {book}, which it does not trade")]
    Unlisted {
        /// Whose.
        account: AccountId,
        /// Which.
        book: BookId,
    },
    /// Too much waits for its counterpart.
    #[error("account {account}: more than {limit} drop copies or statements of venue {venue} wait to be reconciled")]
    Backlog {
        /// Whose.
        account: AccountId,
        /// Of which venue.
        venue: VenueId,
        /// The limit that was reached.
        limit: usize,
    },
    /// The run ended and fills had not been stated.
    #[error("account {account} never stated {fills} fills that venue {venue} reported")]
    Unstated {
        /// Whose.
        account: AccountId,
        /// Of which venue.
        venue: VenueId,
        /// How many.
        fills: usize,
    },
    /// The drop copy cannot be added up.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// One account's reconciliation with all its venues.
#[derive(Clone, Debug)]
pub(super) struct Reconciliation {
    ledger: Ledger,
    venues: Vec<VenueQueue>,
}

#[derive(Clone, Debug)]
struct VenueQueue {
    venue: VenueId,
    copies: VecDeque<DropCopy>,
    statements: VecDeque<Statement>,
    /// The highest report number among the drop copies so far.
    heard: u64,
}

impl Reconciliation {
    /// How many drop copies, and how many statements, of one venue may wait.
    pub(super) const WAITING_MAX: usize = 1 << 20;

    /// Nothing has been traded yet.
    pub(super) fn new(account: AccountId, listings: &[Listing]) -> Self {
        Self { ledger: Ledger::new(account, listings), venues: Vec::new() }
    }

    /// What the drop copy says was traded at a book, as far as it has been stated.
    pub(super) fn subtotal(&self, book: BookId) -> Subtotal {
        self.ledger.subtotal(book).unwrap_or_default()
    }

    /// One party's copy of a trade; [`Reconciliation::settle`] follows when both are in.
    pub(super) fn copy(&mut self, copy: DropCopy) -> Result<(), ReconcileError> {
        let (account, venue) = (self.ledger.account(), copy.book.venue);
        let queue = self.queue(venue);
        if queue.copies.len() >= Self::WAITING_MAX {
            return Err(ReconcileError::Backlog { account, venue, limit: Self::WAITING_MAX });
        }
        queue.heard = queue.heard.max(copy.report_seq);
        let later = queue.copies.iter().rev().take_while(|other| other.report_seq > copy.report_seq).count();
        queue.copies.insert(queue.copies.len() - later, copy);
        Ok(())
    }

    /// A statement of the account.
    pub(super) fn statement(&mut self, statement: Statement) -> Result<(), ReconcileError> {
        let (account, venue) = (self.ledger.account(), statement.venue);
        let queue = self.queue(venue);
        if queue.statements.len() >= Self::WAITING_MAX {
            return Err(ReconcileError::Backlog { account, venue, limit: Self::WAITING_MAX });
        }
        queue.statements.push_back(statement);
        self.settle(venue)
    }

    /// Compares what can be compared.
    pub(super) fn settle(&mut self, venue: VenueId) -> Result<(), ReconcileError> {
        let place = self.place(venue);
        while let Some(statement) = self.venues[place].statements.front().copied() {
            let heard = self.venues[place].heard;
            while let Some(copy) = self.venues[place].copies.front().copied() {
                if copy.report_seq > statement.through_seq {
                    break;
                }
                self.venues[place].copies.pop_front();
                self.ledger.book_fill(copy.book, &copy.fill)?;
            }
            match self.difference(&statement)? {
                None => self.venues[place].statements.pop_front(),
                Some(difference) if heard >= statement.through_seq => return Err(difference),
                Some(_) => return Ok(()),
            };
        }
        Ok(())
    }

    /// The end of the run: nothing may be left over.
    pub(super) fn finish(&mut self) -> Result<(), ReconcileError> {
        let account = self.ledger.account();
        for queue in &self.venues {
            if let Some(difference) = queue.statements.front().map(|statement| self.difference(statement)) {
                difference?.map_or(Ok(()), Err)?;
            }
            if !queue.copies.is_empty() {
                let (venue, fills) = (queue.venue, queue.copies.len());
                return Err(ReconcileError::Unstated { account, venue, fills });
            }
        }
        Ok(())
    }

    fn difference(&self, statement: &Statement) -> Result<Option<ReconcileError>, ReconcileError> {
        let Statement { account, venue, instrument, through_seq, position, cash, fees } = *statement;
        let book = BookId { venue, instrument };
        let found = self.ledger.subtotal(book).ok_or(ReconcileError::Unlisted { account, book })?;
        let stated = Subtotal { position, cash, fees };
        if stated == found {
            return Ok(None);
        }
        let listing = self.ledger.listings().find(|listing| listing.book == book);
        let symbol = listing.map_or_else(String::new, |listing| listing.instrument.symbol().to_owned());
        let difference = Difference { account, venue, symbol, through_seq, stated, found };
        Ok(Some(ReconcileError::Differs(Box::new(difference))))
    }

    fn queue(&mut self, venue: VenueId) -> &mut VenueQueue {
        let place = self.place(venue);
        &mut self.venues[place]
    }

    fn place(&mut self, venue: VenueId) -> usize {
        self.venues.iter().position(|queue| queue.venue == venue).unwrap_or_else(|| {
            self.venues.push(VenueQueue { venue, copies: VecDeque::new(), statements: VecDeque::new(), heard: 0 });
            self.venues.len() - 1
        })
    }
}
