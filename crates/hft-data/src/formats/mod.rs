//! One file a format. Each says on top what the format is, what its reader does with every field, and what is left out.

pub mod binance;
pub mod bitstamp;
pub mod itch;
pub mod lobster;
