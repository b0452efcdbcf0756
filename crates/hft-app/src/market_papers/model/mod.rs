//! The laws of the papers about the market, as pure functions in the papers' symbols, and their solvers.

pub mod birth_death;
