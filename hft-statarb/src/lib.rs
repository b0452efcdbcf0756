//! Statistical arbitrage: many contracts move together, and what each does beside that comes back.
//!
//! **What it is.** A desk watches a universe of contracts, takes out of every price what the common factor explains, and looks at what is
//! left over. Where that has gone unusually far, it buys the contract that is too cheap or sells the one that is too dear, hedges the
//! common part with the index, and waits.
//!
//! **Who earns.** The desk, if the residuals really revert: those who move a contract away from its kin (large orders in one name) pay for
//! being served at once, and the desk lends them its patience.
//!
//! **Who pays.** The desk pays the spread, or the wait for it, on every leg and every hedge; it pays those who know that *this* residual will
//! not come back; and it pays for believing its own estimates, which find reversion in any short window, there or not.
//!
//! **When it fails.** When a residual stops reverting (news, a merger, an index change) and the position grows worse the better it looks;
//! when everybody holds the same positions and somebody has to leave (August 2007); when costs exceed what a deviation is worth; and
//! when the history that suggested it all was searched until something was found.
//!
//! Reading order: [`model`] (the papers as pure functions), [`strategy`] (event -> model -> desk), [`config`] (every
//! knob), [`paper`] (the published results, reproduced), [`scenario`] (the market), [`pattern`] (what the shell is told).

pub mod config;
pub mod model;
pub mod paper;
pub mod pattern;
pub mod scenario;
pub mod strategy;

pub use config::StatarbConfig;
pub use pattern::StatarbPattern;
pub use strategy::StatArb;

/// The answers in the README are run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
