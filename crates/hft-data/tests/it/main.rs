//! The readers from outside: small files of our own for every rule, and real samples where they are at hand.

mod binance;
mod bitstamp;
mod itch;
mod lobster;
mod samples;
mod written;
