//! Closing the books: what must hold of every world when it has come to rest.
//!
//! Invariant: no money and no contract is made or lost. Positions in an instrument sum to zero over all accounts; their cash,
//! fees and the venues' income sum to zero; the blotter's independent record equals the accounts' own.

use super::node::Node;
use crate::models::{Cash, InstrumentId, Timestamp};
use std::collections::BTreeMap;

/// What does not add up. Each is a failure of the program's own honesty, not of the market.
///
/// Example: [`Blotter`](crate::account::Blotter).
#[derive(Debug, thiserror::Error)]
pub enum ClosingError {
    /// Contracts were made or lost.
    #[error("positions in instrument {instrument} sum to {sum} over all accounts, not to zero")]
    Positions {
        /// Which contract.
        instrument: InstrumentId,
        /// Their sum.
        sum: i128,
    },
    /// Money was made or lost.
    #[error("cash, fees and the venues' income sum to {} over all accounts, not to zero", .0.decimal())]
    Cash(Cash),
    /// The account and the venue disagree, or an attribution does not add up.
    #[error("{0:#}")]
    Blotter(anyhow::Error),
}

/// Closes the books of a world whose run ended at `ended`. Call it when everything that was in flight has been delivered.
///
/// # Errors
/// When something does not add up.
pub fn close_books(nodes: &mut [Node], ended: Timestamp) -> Result<(), ClosingError> {
    let mut cash = Cash::ZERO;
    let mut positions = BTreeMap::<InstrumentId, i128>::new();
    for node in nodes {
        match node {
            Node::Account(account) => {
                let ledger = account.ledger();
                cash += ledger.cash() + ledger.fees();
                for listing in ledger.listings() {
                    positions.entry(listing.book.instrument).or_default();
                }
                for (&instrument, sum) in &mut positions {
                    *sum += i128::from(ledger.position(instrument).count());
                }
            }
            Node::Venue(venue) => cash += venue.fee_income(),
            Node::Blotter(blotter) => blotter.finish(ended).map_err(ClosingError::Blotter)?,
            Node::Trader(_) | Node::Tape(_) => {}
        }
    }
    if let Some((&instrument, &sum)) = positions.iter().find(|(_, sum)| **sum != 0) {
        return Err(ClosingError::Positions { instrument, sum });
    }
    if cash == Cash::ZERO { Ok(()) } else { Err(ClosingError::Cash(cash)) }
}
