//! What a book is told when it opens: the market's own rules, and those of them that the conformance program declares.

pub use hft_core::exchange::rules::MANY_ROUNDS;
pub use hft_core::exchange::{
    Allocation, AmendBelowFilled, BookRules, DisconnectScope, IdReuse, MarketRemainder, PostOnlyCross,
};

/// The rules of a book of which nothing is said: the market's, and an id names one order for ever.
pub fn declared() -> BookRules {
    BookRules { id_reuse: IdReuse::Reject, ..BookRules::default() }
}
