//! The market.
pub mod account;
pub mod exchange;
pub mod models;
pub mod risk;
pub mod world;
