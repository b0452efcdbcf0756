//! Everybody who acts on the news: event -> reading -> desk.
//!
//! | who | does |
//! |---|---|
//! | [`NewsTrader`] | reads, and trades what it read in every company's book; we, and our rivals |
//! | [`NewsMaker`] | quotes like any maker, and takes its quotes away when a headline names its company |
//!
//! Left out: writing headlines.

mod maker;
mod place;
mod trader;

pub use maker::NewsMaker;
pub use trader::{NewsTrader, Rules, TraderParts};
