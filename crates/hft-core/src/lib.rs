//! The market.
pub mod exchange;
pub mod models;
pub mod flow;
pub mod risk;
pub mod trader;
pub mod world;
