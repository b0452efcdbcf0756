//! A recording as a market: what was recorded trades in the real matching engine, and so do we.
//!
//! ```text
//! files ─► Survey (first pass: tick, lot, clocks, span) ─┐
//!       └► Playback (second pass, on the run's clock) ───┴─► History, a strategy ─► account "history" ─► one venue a fill model
//!                                                                                                            ▲
//!                                                              our strategy, its account, one of each ───────┘
//! ```
//!
//! Where orders have names the recorded queue is the real one ([`FillModel::Exact`], rules in `exact`). Where they have none, or beside
//! that for comparison, sizes at prices stand in the book and a published model says how our place in the queue moves (rules in
//! `levels`). Every model has a venue, an account and a strategy of its own, all in one world and fed from one reading of the files,
//! because a fill changes the quotes after it.
//!
//! The venue acts when its own clock says it did, moved by the smallest difference to the recorder's; what its feed took over that is a
//! latency, to be drawn from [`Survey::latencies_ns`].
//!
//! Left out: how others would have answered our orders. History does not.

mod errands;
mod exact;
mod fill_model;
mod history;
mod levels;
mod playback;
mod probes;
mod queue;
mod reduction;
mod survey;
mod tally;

pub use fill_model::FillModel;
pub use history::History;
pub use probes::{FillModelError, ModelError, Probing};
pub use survey::{Detail, ReplayError, Survey};
pub use tally::{Tallies, Tally};
