//! Weighted words: `x_w = (1 + log n_w) log ((1 + N) / (1 + N_w))`, scaled to length one; words and pairs of words.

use super::features::Feature;
use super::text::Text;
use rustc_hash::FxHashMap;

/// In how many texts each word stands.
#[derive(Clone, Debug)]
pub struct TfIdf {
    texts: f64,
    words: FxHashMap<u32, f64>,
}

/// The terms of a text with their counts, in the order of their hashes.
fn terms(text: &Text) -> Vec<(u32, f64)> {
    let words = text.tokens().iter().map(|token| token.hash);
    let pairs = text.tokens().windows(2).map(|pair| pair[0].hash.rotate_left(9).wrapping_mul(31) ^ pair[1].hash);
    let mut all: Vec<u32> = words.chain(pairs).collect();
    all.sort_unstable();
    all.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as f64)).collect()
}

impl TfIdf {
    /// Counts in these texts.
    pub fn train<'a>(texts: impl Iterator<Item = &'a Text>) -> Self {
        let (mut count, mut words) = (0.0, FxHashMap::default());
        for text in texts {
            count += 1.0;
            terms(text).into_iter().for_each(|(term, _)| *words.entry(term).or_insert(0.0) += 1.0);
        }
        Self { texts: count, words }
    }

    /// The features of a text.
    pub fn features(&self, text: &Text) -> Vec<Feature> {
        let weigh = |(term, count): (u32, f64)| {
            let known = self.words.get(&term).copied().unwrap_or(0.0);
            (term, (1.0 + libm::log(count)) * libm::log((1.0 + self.texts) / (1.0 + known)))
        };
        let weighed: Vec<(u32, f64)> = terms(text).into_iter().map(weigh).collect();
        let length = weighed.iter().map(|(_, value)| value * value).sum::<f64>().sqrt().max(1e-12);
        #[allow(clippy::cast_possible_truncation, reason = "at most one")]
        let feature = |(hash, value): (u32, f64)| Feature { hash, value: (value / length) as f32 };
        weighed.into_iter().map(feature).collect()
    }
}
