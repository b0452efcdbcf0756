//! What an account owns and what it was worth: the ledger, the attribution of its profit, and the two nodes around them.
//!
//! Reading order: [`Ledger`] (positions, cash, equity), [`Attribution`] (why the equity changed), [`Markouts`] (what each
//! fill was worth later), [`Account`] (gate and ledger behind one entry point), [`Blotter`] (the independent record).

mod average_cost;
mod ledger;
mod node;

pub use average_cost::Position;
pub use ledger::{Ledger, LedgerError, Listing, Subtotal};
pub use node::Account;
