//! One file a format. Each says on top what the format is, what its reader does with every field, and what is left out.

pub mod binance;
pub mod bitstamp;
pub mod bybit;
pub mod coinbase;
#[cfg(feature = "dbn")]
pub mod dbn;
pub mod events_csv;
#[cfg(feature = "parquet")]
pub mod events_parquet;
pub mod itch;
pub mod lean;
pub mod lobster;
pub mod polygon;
pub mod tardis;
