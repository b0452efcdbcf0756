//! The papers, as pure functions of numbers in the papers' own symbols: no orders, no clocks, no input or output.
//!
//! | module | paper | gives |
//! |---|---|---|
//! | [`avellaneda_stoikov`] | Avellaneda & Stoikov (2008) | reservation price and spread, finite and infinite horizon |
//! | [`dynamic_programme`] | the same, section 3.3 | the exact law of its numerical experiment |
//! | [`glft`] | Guéant, Lehalle & Fernandez-Tapia (2013) | exact, stationary and closed-form quotes under an inventory limit |
//! | [`microprice`] | Stoikov (2018) | the mid's expected final destination, given imbalance and spread |
//! | [`vpin`] | Easley, López de Prado & O'Hara (2012) | how one-sided the volume is |
//! | [`glosten_milgrom`] | Glosten & Milgrom (1985) | quotes that break even against the informed |
//! | [`kyle`] | Kyle (1985) | what a unit of order flow does to the price |
//! | [`calibration`] | Lehalle & Laruelle (2013), Fernandez-Tapia (2015) | `(A, k, sigma)` from a market's own trades, with confidence intervals |
//!
//! Units, wherever a module does not say otherwise: prices and distances in price units, time in seconds, `sigma` in
//! price units per square root of a second, `A` in fills a second, `k` in 1/price unit, `gamma` in 1/(price unit x unit
//! of inventory).
//!
//! `exp`, `ln` and their kin come from `libm`, so that a figure is the same on every machine.

pub mod avellaneda_stoikov;
pub mod calibration;
pub mod dynamic_programme;
pub mod glft;
pub mod glosten_milgrom;
pub mod kyle;
pub mod microprice;
pub mod vpin;
