//! Latency arbitrage: taking quotes that the price has left behind before their owners can.
//!
//! **What it is.** The same thing trades at several exchanges. Where its price moves first, everybody sees it; where it follows, quotes
//! stand for a moment at the old price. Whoever comes first takes them, or takes them away.
//!
//! **Who earns.** The fastest. Being second is worth nothing, so speed is bought until it costs what it earns.
//!
//! **Who pays.** The makers whose quotes are taken, and, since they quote wider for it, every investor who trades with them: in Budish,
//! Cramton & Shim (2015) the half-spread is just what the race costs.
//!
//! **When it fails.** When the makers are faster; when fees and the way out cost more than the move; when the follower sometimes leads;
//! and when the market does not let it happen: an asymmetric speed bump, or frequent batch auctions, in which the first has to outbid the
//! second.
//!
//! Reading order: [`model`] (the papers as pure functions), [`strategy`] (who acts), [`scenario`] (the market), [`ledger`] (who won),
//! [`config`] (every knob), [`paper`] (the published result, reproduced), [`pattern`] (what the shell is told).

pub mod config;
pub mod ledger;
pub mod model;
pub mod paper;
pub mod pattern;
pub mod scenario;
pub mod strategy;

pub use config::LatencyArbConfig;
pub use pattern::LatencyArbPattern;

/// The answers in the README are run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
