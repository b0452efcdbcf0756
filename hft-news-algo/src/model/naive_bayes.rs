//! Multinomial naive Bayes on words: `log P(k | x) = log P(k) + sum over words of log ((n_kw + 1) / (n_k + V))`, up to a constant.

use super::linear::likeliest;
use super::text::{Text, Token};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A trained model of three classes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NaiveBayes {
    /// The logarithm of each class's share.
    prior: [f64; 3],
    /// By the word's hash, in its order: the logarithms of its share of each class.
    words: Vec<(u32, [f32; 3])>,
}

impl NaiveBayes {
    /// Counts the words of these texts, each with its class.
    pub fn train<'a>(texts: impl Iterator<Item = (&'a Text, usize)>) -> Self {
        let (mut classes, mut totals) = ([1.0f64; 3], [0.0f64; 3]);
        let mut counts: BTreeMap<u32, [f64; 3]> = BTreeMap::new();
        for (text, class) in texts {
            classes[class] += 1.0;
            for token in text.tokens() {
                counts.entry(token.hash).or_default()[class] += 1.0;
                totals[class] += 1.0;
            }
        }
        let vocabulary = counts.len() as f64;
        let all: f64 = classes.iter().sum();
        #[allow(clippy::cast_possible_truncation, reason = "a logarithm")]
        let log = |count: f64, total: f64| libm::log((count + 1.0) / (total + vocabulary)) as f32;
        let words = counts.into_iter().map(|(word, count)| (word, std::array::from_fn(|k| log(count[k], totals[k]))));
        let prior = classes.map(|class| libm::log(class / all));
        Self { prior, words: words.collect() }
    }

    /// The classes' probabilities; words that were never seen say nothing.
    pub fn probabilities(&self, tokens: &[Token]) -> [f32; 3] {
        let mut scores = self.prior;
        for token in tokens {
            let Ok(at) = self.words.binary_search_by_key(&token.hash, |(word, _)| *word) else { continue };
            scores.iter_mut().zip(self.words[at].1).for_each(|(score, log)| *score += f64::from(log));
        }
        let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let parts = scores.map(|score| libm::exp(score - most));
        let sum: f64 = parts.iter().sum();
        #[allow(clippy::cast_possible_truncation, reason = "a probability")]
        parts.map(|part| (part / sum) as f32)
    }

    /// The likeliest class.
    pub fn class(&self, text: &Text) -> usize {
        likeliest(&self.probabilities(text.tokens()))
    }
}
