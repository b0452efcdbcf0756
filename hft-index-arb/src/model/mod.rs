//! The papers as pure functions of numbers: no orders, no clock, no file.
//!
//! | module | what | from |
//! |---|---|---|
//! | [`index`] | level of an index from weights and a divisor | |
//! | [`carry`] | fair value of a future, dividends at known dates | Cornell & French (1983) |
//! | [`inav`] | the index from prices of which some are old | Kalman (1960) |
//! | [`band`] | what a gap must exceed | Modest & Sundaresan (1983) |
//! | [`basket`] | whole lots that track the index best | |
//! | [`slippage`] | what a later leg costs | |
//! | [`unwind`] | how often an arbitrage can be closed early | Brennan & Schwartz (1990) |
//! | [`option`] | what it is worth to open and to close early | the same |
//! | [`epps`] | correlation of prices that trade at different times | Epps (1979), Hayashi & Yoshida (2005) |
//! | [`information_share`] | where prices are made | Hasbrouck (1995) |

pub mod band;
pub mod basket;
pub mod carry;
pub mod epps;
pub mod inav;
pub mod index;
pub mod information_share;
pub mod option;
pub mod slippage;
pub mod unwind;
