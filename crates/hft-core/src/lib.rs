//! The market.
pub mod account;
pub mod exchange;
pub mod flow;
pub mod models;
pub mod risk;
pub mod trader;
pub mod world;
