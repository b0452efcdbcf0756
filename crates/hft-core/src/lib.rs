//! The market.
pub mod exchange;
pub mod models;
pub mod risk;
pub mod world;
