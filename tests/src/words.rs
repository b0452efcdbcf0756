//! The words by which sides, phases and policies are known outside, shared by scripts and the conformance program.

use crate::rules::{Allocation, AmendBelowFilled, DisconnectScope, IdReuse, MarketRemainder, PostOnlyCross};
use hft_core::models::{Phase, Side};

/// Sides.
pub const SIDES: &[(&str, Side)] = &[("buy", Side::Buy), ("sell", Side::Sell)];
/// Phases.
pub const PHASES: &[(&str, Phase)] =
    &[("continuous", Phase::Continuous), ("auction", Phase::Auction), ("halt", Phase::Halt)];
/// `post_only_cross`.
pub const POST_ONLY_CROSS: &[(&str, PostOnlyCross)] =
    &[("reject", PostOnlyCross::Reject), ("slide", PostOnlyCross::Slide)];
/// `amend_below_filled`.
pub const AMEND_BELOW_FILLED: &[(&str, AmendBelowFilled)] =
    &[("cancel", AmendBelowFilled::Cancel), ("reject", AmendBelowFilled::Reject)];
/// `id_reuse`.
pub const ID_REUSE: &[(&str, IdReuse)] = &[("reject", IdReuse::Reject), ("allow", IdReuse::Allow)];
/// `cod_scope`.
pub const COD_SCOPE: &[(&str, DisconnectScope)] = &[("all", DisconnectScope::All), ("day", DisconnectScope::Day)];
/// `market_remainder`.
pub const MARKET_REMAINDER: &[(&str, MarketRemainder)] =
    &[("cancel", MarketRemainder::Cancel), ("rest_at_protection", MarketRemainder::RestAtProtection)];
/// `allocation`.
pub const ALLOCATION: &[(&str, Allocation)] = &[("fifo", Allocation::Fifo), ("pro_rata", Allocation::ProRata)];

/// The value that a word stands for.
pub fn value_of<T: Copy>(word: &str, words: &[(&str, T)]) -> Option<T> {
    words.iter().find(|(known, _)| *known == word).map(|&(_, value)| value)
}

/// The word that stands for a value.
pub fn word_for<T: PartialEq>(value: &T, words: &[(&'static str, T)]) -> &'static str {
    words.iter().find(|(_, known)| known == value).map(|&(word, _)| word).expect("every value has its word")
}
