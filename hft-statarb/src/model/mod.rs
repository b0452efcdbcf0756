//! The papers, as pure functions of numbers in the papers' own symbols: no orders, no clocks, no input or output.
//!
//! | module | paper | gives |
//! |---|---|---|
//! | [`ou`] | Kendall (1954), Tang & Chen (2009) | an Ornstein-Uhlenbeck process from its samples, and how wrong that is on average |
//! | [`residual`] | Avellaneda & Lee (2010) | what a contract did beside its factors, and its s-score |
//! | [`components`] | the same, section 2 | factors from the universe's own correlations |
//! | [`bertram`] | Bertram (2010) | where to enter and leave when trading costs something |
//! | [`engle_granger`] | Engle & Granger (1987), MacKinnon (2010) | whether two series have a stationary combination |
//! | [`johansen`] | Johansen & Juselius (1990), Osterwald-Lenum (1992) | how many combinations of several are stationary, and which |
//! | [`kalman`] | Kalman (1960) | a hedge ratio that may drift, beside one that may not |
//! | [`distance`] | Gatev, Goetzmann & Rouwenhorst (2006) | pairs by how closely their prices went together |
//! | [`hayashi_yoshida`] | Hayashi & Yoshida (2005) | covariance of prices that were not seen at the same times |
//! | [`ledoit_wolf`] | Ledoit & Wolf (2004) | a covariance matrix that can be inverted |
//! | [`cusum`] | Page (1954), Lorden (1971) | an alarm when residuals stop coming back |
//! | [`detector`] | | that alarm, on a residual whose law is being learned |
//! | [`least_squares`] | | the regression that most of these rest on |
//! | [`special`] | | Dawson's integral and the imaginary error function |
//!
//! `exp`, `ln` and their kin come from `libm`, and the linear algebra multiplies in one order on every processor, so that a figure is
//! the same on every machine.

pub mod bertram;
pub mod components;
pub mod cusum;
pub mod detector;
pub mod distance;
pub mod engle_granger;
pub use hft_app::statistics::hayashi_yoshida;
pub mod johansen;
pub mod kalman;
pub mod least_squares;
pub mod ledoit_wolf;
mod mackinnon;
mod osterwald_lenum;
pub mod ou;
pub mod residual;
pub mod special;
