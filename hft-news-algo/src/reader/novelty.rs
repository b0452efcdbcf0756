//! Whether it was said before: near-duplicates among what was read lately.
//!
//! Candidates come from MinHash bands; each is then compared word by word, so a chance meeting makes no duplicate. What is older than the
//! window, or more than the ring holds, is forgotten. What a story said in quite other words is not seen here: that a company's news of
//! one kind and direction comes twice is, by the pipeline.

use crate::model::min_hash::{Bands, MinHash, shingles, similarity};
use crate::model::text::Text;
use hft_core::models::{Nanos, Timestamp};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// What counts as said before.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct NoveltyConfig {
    /// How long something is remembered.
    pub window: Nanos,
    /// Bands and rows.
    pub bands: Bands,
    /// From this part of shared word pairs on, it is the same again.
    pub similarity: f64,
}

/// How many texts are remembered at most.
const RING: usize = 8_192;

/// What is known of a text that was read before.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Seen {
    /// When.
    pub received: Timestamp,
    /// How much of both together they share.
    pub similarity: f64,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Novelty {
    config: NoveltyConfig,
    family: MinHash,
    /// For each band's key the latest text that had it.
    bands: FxHashMap<u64, u64>,
    kept: VecDeque<Kept>,
    /// The number of the first that is kept.
    first: u64,
    set: Vec<u64>,
    keys: Vec<u64>,
}

#[derive(Debug)]
struct Kept {
    received: Timestamp,
    set: Vec<u64>,
    keys: Vec<u64>,
}

impl Novelty {
    /// Nothing was read yet.
    pub fn new(config: NoveltyConfig) -> Self {
        Self {
            config,
            family: MinHash::new(config.bands, 0),
            bands: FxHashMap::default(),
            kept: VecDeque::new(),
            first: 0,
            set: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// Looks for a text among those before it, and remembers it: the likest that is like enough.
    pub fn look(&mut self, received: Timestamp, text: &Text) -> Option<Seen> {
        while self.kept.len() >= RING || self.is_old(received) {
            self.forget();
        }
        shingles(text, &mut self.set);
        self.keys.clear();
        self.keys.extend((0u64..).zip(self.family.bands(&self.set)).map(|(band, key)| key.rotate_left(1) ^ band));
        let mut best: Option<Seen> = None;
        for key in &self.keys {
            let Some(&number) = self.bands.get(key) else { continue };
            let place = usize::try_from(number - self.first).expect("a ring fits memory");
            let known = &self.kept[place];
            let similarity = similarity(&self.set, &known.set);
            if similarity >= self.config.similarity && best.is_none_or(|best| similarity > best.similarity) {
                best = Some(Seen { received: known.received, similarity });
            }
        }
        let number = self.first + self.kept.len() as u64;
        self.keys.iter().for_each(|key| {
            self.bands.insert(*key, number);
        });
        // The memory of a text that was forgotten would be free here; a ring in use keeps its own.
        self.kept.push_back(Kept { received, set: self.set.clone(), keys: self.keys.clone() });
        best
    }

    fn is_old(&self, now: Timestamp) -> bool {
        self.kept.front().is_some_and(|kept| now.since(kept.received) > self.config.window)
    }

    fn forget(&mut self) {
        let Some(Kept { keys, .. }) = self.kept.pop_front() else { return };
        for key in keys {
            // A later text may have taken the key over.
            if self.bands.get(&key) == Some(&self.first) {
                self.bands.remove(&key);
            }
        }
        self.first += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn novelty() -> Novelty {
        let bands = Bands { bands: 12, rows: 3 };
        Novelty::new(NoveltyConfig { window: Nanos::from_secs(60), bands, similarity: 0.5 })
    }

    #[test]
    fn the_same_in_the_window_is_seen_and_after_it_is_new() {
        let at = |s| Timestamp::START + Nanos::from_secs(s);
        let mut novelty = novelty();
        let text = Text::of("Helix Q3 profit rises 12.5% to 45 million from 40 million");
        assert_eq!(novelty.look(at(1), &text), None);
        let seen = novelty.look(at(2), &Text::of("UPDATE 2-Helix Q3 profit rises 12.5% to 45 million from 40 million"));
        assert!(seen.is_some_and(|seen| seen.received == at(1) && seen.similarity > 0.7), "{seen:?}");
        assert_eq!(novelty.look(at(3), &Text::of("Orion recalls 300 estate cars over safety defect")), None);
        assert_eq!(novelty.look(at(90), &text), None, "the window is over");
    }

    #[test]
    fn the_ring_forgets_the_oldest_and_nothing_else() {
        let mut novelty = novelty();
        let text = |i: u64| Text::of(&format!("item {i} says {} about number {}", i * 7_919, i * 104_729));
        let at = Timestamp::START + Nanos::from_secs(1);
        for i in 0..RING as u64 + 10 {
            assert_eq!(novelty.look(at, &text(i)), None, "{i}");
        }
        assert_eq!(novelty.look(at, &text(3)), None, "forgotten");
        assert!(novelty.look(at, &text(500)).is_some(), "kept");
        assert!(novelty.bands.len() <= RING * 12);
    }
}
