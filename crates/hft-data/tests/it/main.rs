//! The readers from outside: small files of our own for every rule, and real samples where they are at hand.

mod binance;
mod bitstamp;
mod bybit;
mod coinbase;
#[cfg(feature = "dbn")]
mod dbn;
mod detection;
mod events_csv;
mod itch;
mod lean;
mod lobster;
mod memory;
mod mutations;
mod polygon;
mod replay;
mod samples;
mod stylised;
mod tardis;
mod written;
