//! The market.
pub mod exchange;
pub mod models;
