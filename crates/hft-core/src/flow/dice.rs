//! A participant's random numbers, which from a moment on may be others: one past, two futures.
//!
//! Invariant: what is drawn at or before the fork is the same whether there is one or not. So two runs that differ in their fork alone
//! agree until then, and whoever decides otherwise before it has seen the future.

use crate::models::Timestamp;
use rand_chacha::ChaCha8Rng;

/// A stream of random numbers, and the one that takes its place later.
///
/// ```
/// use hft_core::flow::Dice;
/// use hft_core::models::Timestamp;
/// use hft_core::world::stream;
/// use rand::Rng;
/// let plain = || Dice::from(stream(7, "noise"));
/// let fork = Timestamp::new(1_000);
/// let mut forked = plain().forked(fork, stream(7, "noise/other"));
/// let mut plain = plain();
/// assert_eq!(plain.at(fork).next_u64(), forked.at(fork).next_u64());
/// let later = Timestamp::new(1_001);
/// assert_ne!(plain.at(later).next_u64(), forked.at(later).next_u64());
/// ```
#[derive(Clone, Debug)]
pub struct Dice {
    rng: ChaCha8Rng,
    other: Option<(Timestamp, ChaCha8Rng)>,
}

impl Dice {
    /// After this moment, the draws of another stream.
    #[must_use]
    pub fn forked(self, after: Timestamp, other: ChaCha8Rng) -> Self {
        Self { rng: self.rng, other: Some((after, other)) }
    }

    /// The stream to draw from now. Time does not go back.
    pub fn at(&mut self, now: Timestamp) -> &mut ChaCha8Rng {
        if let Some((_, other)) = self.other.take_if(|(after, _)| now > *after) {
            self.rng = other;
        }
        &mut self.rng
    }
}

impl From<ChaCha8Rng> for Dice {
    fn from(rng: ChaCha8Rng) -> Self {
        Self { rng, other: None }
    }
}
