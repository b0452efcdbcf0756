//! The papers as pure functions of numbers: no orders, no clock, no file.
//!
//! | module | what | from |
//! |---|---|---|
//! | [`index`] | level of an index from weights and a divisor | |
//! | [`carry`] | fair value of a future, dividends at known dates | Cornell & French (1983) |
//! | [`inav`] | the index from prices of which some are old | Kalman (1960) |
//! | [`band`] | what a gap must exceed | Modest & Sundaresan (1983) |
//! | [`basket`] | whole lots that track the index best | |

pub mod band;
pub mod basket;
pub mod carry;
pub mod inav;
pub mod index;
