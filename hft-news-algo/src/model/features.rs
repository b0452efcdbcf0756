//! What a linear model sees of a text: hashed words, pairs of words, pieces of words, and what finance reads between them.
//!
//! A feature is a hash and a weight; the model takes as many bits of the hash as it has. Groups of features are scaled by the root of
//! their number, so that a long text shouts no louder than a short one.
//!
//! Of finance: moves with their subject and negation ("profit up", "loss up"), what the lexicon's rule says, and *comparisons*: of two
//! numbers with "from", "versus" or "estimate" between them the first is what is and the second what was, or what was expected.

use super::lexicon::{self, Count, Lexicon, Sense};
use super::text::{Text, Token, TokenKind};
use super::{FNV_START, fnv1a};

/// A hashed feature.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Feature {
    /// Which; a model takes the lowest bits.
    pub hash: u32,
    /// How much of it.
    pub value: f32,
}

/// Two numbers that a text holds against each other.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Comparison {
    /// What is, relative to what was: 0.1 is ten percent more.
    pub change: f64,
    /// -1 where less is better.
    pub subject: i32,
}

/// Takes features out of texts; its memory is used again.
#[derive(Clone, Debug, Default)]
pub struct Extractor {
    lexicon: Lexicon,
    senses: Vec<Option<Sense>>,
    features: Vec<Feature>,
    count: Count,
    comparison: Option<Comparison>,
}

/// Weights of the groups, found on folds of sentences that are not part of this project.
const WORDS: f32 = 1.0;
const PAIRS: f32 = 1.0;
const APART: f32 = 0.5;
const PIECES: f32 = 1.0;
const FINANCE: f32 = 0.6;

/// Lengths of pieces of words.
const PIECE: std::ops::RangeInclusive<usize> = 3..=5;

/// How far apart the two numbers of a comparison stand at most, tokens.
const REACH: usize = 12;

impl Extractor {
    /// The features of a text.
    pub fn features(&mut self, text: &Text) -> &[Feature] {
        self.lexicon.senses(text, &mut self.senses);
        self.features.clear();
        self.words(text);
        self.pieces(text);
        self.finance(text);
        &self.features
    }

    /// What the lexicon's rule said of the latest text.
    pub const fn count(&self) -> Count {
        self.count
    }

    /// The comparison in the latest text, if there is one.
    pub const fn comparison(&self) -> Option<Comparison> {
        self.comparison
    }

    /// The senses of the latest text's tokens.
    pub fn senses(&self) -> &[Option<Sense>] {
        &self.senses
    }

    fn words(&mut self, text: &Text) {
        let tokens = text.tokens();
        let scale = 1.0 / (tokens.len().max(1) as f32).sqrt();
        let word = |hash| Feature { hash: mixed(hash, 1), value: WORDS * scale };
        self.features.extend(tokens.iter().map(|token| word(token.hash)));
        let pair = |pair: &[Token]| Feature {
            hash: mixed(pair[0].hash.rotate_left(7) ^ pair[1].hash, 2),
            value: PAIRS * scale,
        };
        self.features.extend(tokens.windows(2).map(pair));
        // Two words with any one between them: "raises ... target", "below ... estimate".
        let apart = |three: &[Token]| Feature {
            hash: mixed(three[0].hash.rotate_left(11) ^ three[2].hash, 5),
            value: APART * scale,
        };
        self.features.extend(tokens.windows(3).map(apart));
    }

    fn pieces(&mut self, text: &Text) {
        let first = self.features.len();
        for token in text.tokens().iter().filter(|token| token.kind == TokenKind::Word) {
            let word = text.word(token).as_bytes();
            // The word's ends are marked by a byte that no text has.
            let byte = |at: usize| if at == 0 || at > word.len() { 0xff } else { word[at - 1] };
            for length in PIECE {
                for start in 0..(word.len() + 3).saturating_sub(length) {
                    let hash = (start..start + length).fold(FNV_START, |hash, at| fnv1a(hash, &[byte(at)]));
                    self.features.push(Feature { hash: mixed(hash, 3), value: PIECES });
                }
            }
        }
        let pieces = &mut self.features[first..];
        let scale = 1.0 / (pieces.len().max(1) as f32).sqrt();
        pieces.iter_mut().for_each(|piece| piece.value *= scale);
    }

    fn finance(&mut self, text: &Text) {
        self.count = lexicon::count(&self.senses);
        self.comparison = comparison(text, &self.lexicon, &self.senses);
        let Count { good, bad } = self.count;
        let mut add = |name: &str| {
            self.features.push(Feature { hash: mixed(fnv1a(FNV_START, name.as_bytes()), 4), value: FINANCE });
        };
        match good.cmp(&bad) {
            std::cmp::Ordering::Greater => add("more good"),
            std::cmp::Ordering::Less => add("more bad"),
            std::cmp::Ordering::Equal if good > 0 => add("balanced"),
            std::cmp::Ordering::Equal => add("nothing said"),
        }
        if let Some(Comparison { change, subject }) = self.comparison {
            let better = change * f64::from(subject);
            add(if better > 0.0 {
                "compared: better"
            } else if better < 0.0 {
                "compared: worse"
            } else {
                "compared: equal"
            });
        }
        for (at, sense) in self.senses.iter().enumerate() {
            let Some(up @ (Sense::Up | Sense::Down)) = sense else { continue };
            let sign = lexicon::subject(&self.senses, at) * if *up == Sense::Up { 1 } else { -1 };
            let sign = if lexicon::is_negated(&self.senses, at) { -sign } else { sign };
            add(if sign > 0 { "moves well" } else { "moves badly" });
        }
    }
}

/// The first number before a word of comparison and the next number of its kind behind it.
fn comparison(text: &Text, lexicon: &Lexicon, senses: &[Option<Sense>]) -> Option<Comparison> {
    let tokens = text.tokens();
    for (at, first) in tokens.iter().enumerate() {
        let Some((is, is_share)) = number(first) else { continue };
        let mut compares = false;
        for token in tokens[at + 1..].iter().take(REACH) {
            compares |= lexicon.is_beside(token);
            if let Some((was, share)) = number(token)
                && compares
                && share == is_share
                && !is_year(was)
                && was > 0.0
            {
                return Some(Comparison { change: is / was - 1.0, subject: lexicon::subject(senses, at) });
            }
        }
    }
    None
}

fn number(token: &Token) -> Option<(f64, bool)> {
    match token.kind {
        TokenKind::Number(value) if !is_year(value) => Some((value, false)),
        TokenKind::Percent(value) => Some((value, true)),
        TokenKind::Number(_) | TokenKind::Word | TokenKind::Sign => None,
    }
}

fn is_year(value: f64) -> bool {
    (1_990.0..2_031.0).contains(&value) && value.fract() == 0.0
}

/// Groups share a table and not their hashes.
const fn mixed(hash: u32, group: u32) -> u32 {
    let mut x = hash ^ group.wrapping_mul(0x9e37_79b9);
    x ^= x >> 16;
    x = x.wrapping_mul(0x7feb_352d);
    x ^= x >> 15;
    x = x.wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stands_before_what_was() {
        let of = |raw: &str| {
            let mut extractor = Extractor::default();
            extractor.features(&Text::of(raw));
            extractor.comparison().map(|Comparison { change, subject }| (change.signum() as i32) * subject)
        };
        assert_eq!(of("EPS $1.05 beats estimate of $1.00"), Some(1));
        assert_eq!(of("operating profit fell to EUR 35.4 mn from EUR 68.8 mn"), Some(-1));
        assert_eq!(of("the loss widened to 12 million from 10 million"), Some(-1));
        assert_eq!(of("net sales rose to 40 million in 2007 from 30 million in 2006"), Some(1));
        assert_eq!(of("3 new shops in 2 towns"), None);
    }
}
