//! Risk and accounting from outside: nodes in conversation, and twins that recompute everything from the history.
//! And markets: what a published model's book does in a world is held against its solver.

mod account;
mod blotter;
mod ecology;
mod feeds;
mod floor;
mod gate;
mod gate_twin;
mod ledger;
mod market_models;
mod truth;
mod venue;
