//! Risk and accounting from outside: nodes in conversation, and twins that recompute everything from the history.

mod account;
mod blotter;
mod feeds;
mod floor;
mod gate;
mod gate_twin;
mod ledger;
mod venue;
