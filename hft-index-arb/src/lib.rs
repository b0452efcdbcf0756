//! Index arbitrage: a future, an exchange-traded fund and a basket of contracts are one thing at three prices.
//!
//! **What it is.** A desk watches an index future, the fund on the same index and every constituent. Where one of the three is dearer than
//! another by more than it costs to trade both, it sells the dear one and buys the cheap one, and waits until they meet; or exchanges the
//! fund for its basket with the issuer, and does not have to wait.
//!
//! **Who earns.** The desk, where it is fast and its costs are low: those who need the future, or the fund, at once and in size push its
//! price away from the others, and the desk brings it back.
//!
//! **Who pays.** The desk pays two spreads and two fees a side; it pays for the time between its legs, in which it holds what it did not
//! want; and it pays for every price that it took for current and was not.
//!
//! **When it fails.** When a leg does not fill and the others do (a hung leg); when the basket looked cheap because its prices were old;
//! when carry, a dividend or the cost of borrowing was left out of the fair value; and, most days, when others are there first and the gap
//! never exceeds the costs.
//!
//! Reading order: [`model`] (the papers as pure functions), [`strategy`] (event -> model -> desk), [`config`] (every knob), [`paper`] (the published
//! results, reproduced), [`ledger`]
//! (what the run is asked beyond its profit), [`scenario`] (the market), [`pattern`] (what the shell is told).

pub mod config;
pub mod ledger;
pub mod model;
pub mod paper;
pub mod pattern;
pub mod scenario;
pub mod strategy;

pub use config::IndexArbConfig;
pub use pattern::IndexArbPattern;
pub use strategy::IndexArb;
