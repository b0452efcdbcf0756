//! Text and statistics as pure functions: no orders, no market time, no files.
//!
//! | module | what | of whom |
//! |---|---|---|
//! | [`text`] | one headline as tokens: words, numbers, percentages | |
//! | [`lexicon`] | words with a direction, and the rule that counts them | after Loughran & McDonald (2011), with words of our own |
//! | [`features`] | what a linear model sees: hashed n-grams, and comparisons such as "A from B" | Weinberger et al. (2009) |
//! | [`linear`] | softmax regression on hashed features, calibrated | Duchi et al. (2011), Guo et al. (2017) |
//! | [`naive_bayes`] | the multinomial baseline | McCallum & Nigam (1998) |
//! | [`tf_idf`] | weighted words, for the other baseline | Salton & Buckley (1988) |
//! | [`scores`] | confusion, macro-F1, calibration error | |
//! | [`min_hash`] | near-duplicates by bands of minima | Broder (1997) |
//! | [`event_study`] | abnormal returns around news, and the power to see them | Brown & Warner (1985) |

pub mod event_study;
pub mod features;
pub mod lexicon;
pub mod linear;
pub mod min_hash;
pub mod naive_bayes;
pub mod scores;
pub mod text;
pub mod tf_idf;

/// FNV-1a, 32 bits, going on from `hash`.
pub(crate) const fn fnv1a(mut hash: u32, bytes: &[u8]) -> u32 {
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

/// Where an FNV-1a hash begins.
pub(crate) const FNV_START: u32 = 0x811c_9dc5;
