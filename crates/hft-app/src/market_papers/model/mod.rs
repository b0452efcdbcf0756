//! The laws of the papers about the market, as pure functions in the papers' symbols, and their solvers.

pub mod balanced_queues;
pub mod birth_death;
pub mod hawkes;
pub mod queue_reactive;
