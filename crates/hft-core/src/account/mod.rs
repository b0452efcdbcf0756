//! What an account owns and what it was worth: the ledger, the attribution of its profit, and the two nodes around them.
//!
//! Reading order: [`Ledger`] (positions, cash, equity), [`Attribution`] (why the equity changed), [`Markouts`] (what each
//! fill was worth later), [`Truth`] (who took money from whom), [`Account`] (gate and ledger behind one entry point), [`Blotter`] (the independent record).

mod attribution;
mod average_cost;
mod blotter;
mod fill_line;
mod ledger;
mod markout;
mod node;
mod reconcile;
mod truth;

pub use attribution::{AttributedFill, Attribution, AttributionError, PnlParts};
pub use average_cost::Position;
pub use blotter::{Blotter, BookSummary};
pub use fill_line::{FillLine, FillLog, NoLog, PrintFills, TopLine};
pub use ledger::{Ledger, LedgerError, Listing, Subtotal};
pub use markout::{MARKOUT_HORIZONS, Markout, MarkoutTally, Markouts, MarkoutsFull, NamedFill};
pub use node::Account;
pub use reconcile::{Difference, ReconcileError};
pub use truth::{Dealing, Later, Truth};
