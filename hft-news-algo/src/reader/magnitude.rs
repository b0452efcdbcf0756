//! How far the price should move: what the numbers say or, where there are none, what such events do.

use crate::model::features::{Comparison, Extractor};
use crate::model::lexicon::Sense;
use crate::model::text::{Text, TokenKind};
use crate::tape::EventKind;
use serde::{Deserialize, Serialize};

/// What events are worth, learned from examples.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Magnitude {
    /// Ticks for a percent of surprise.
    pub ticks_a_percent: f64,
    /// Mean of each kind, ticks, where the text has no number to go by.
    pub means: [f64; EventKind::ALL.len()],
}

/// A text that says "slightly", or "sharply", beside what its kind is worth on average.
const LITTLE: f64 = 0.5;
const MUCH: f64 = 1.7;

/// A change of more is one of sign, or of units: the number says nothing.
const PERCENT_MOST: f64 = 80.0;

impl Magnitude {
    /// The surprise of the extractor's latest text, ticks, without its sign.
    pub fn of(&self, kind: EventKind, text: &Text, extractor: &Extractor) -> f64 {
        if let Some(percent) = percent(text, extractor) {
            return percent * self.ticks_a_percent;
        }
        let says = |sense| extractor.senses().contains(&Some(sense));
        let scale = match (says(Sense::Little), says(Sense::Much)) {
            (true, _) => LITTLE,
            (false, true) => MUCH,
            (false, false) => 1.0,
        };
        self.means[kind.index()] * scale
    }
}

/// How large the surprise is by the text's own numbers, percent: a comparison's change, or the percentage it names.
pub(super) fn percent(text: &Text, extractor: &Extractor) -> Option<f64> {
    let named = text.tokens().iter().find_map(|token| match token.kind {
        TokenKind::Percent(value) => Some(value.abs()),
        TokenKind::Word | TokenKind::Number(_) | TokenKind::Sign => None,
    });
    let compared = extractor.comparison().map(|Comparison { change, .. }| change.abs() * 100.0);
    compared.or(named).filter(|percent| *percent > 0.0 && *percent < PERCENT_MOST)
}
