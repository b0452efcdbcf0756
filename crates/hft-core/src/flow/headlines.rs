//! Published items that move the hidden value: when, and by how much.
//!
//! Invariant: they are a function of their dice alone. So the value and the tape that tells the public of them are made from two equal
//! sequences, and a headline is out at the moment at which the value moves. What it says is not in its title: whoever reads knows that
//! something happened, and only the informed know what.

use super::{Dice, poisson_wait};
use crate::models::{Nanos, News, Timestamp};
use crate::world::draws::normal;

/// One item.
///
/// Example: [`Headlines`].
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Headline {
    /// When it is published.
    pub time: Timestamp,
    /// What it moves the value by, ticks.
    pub impact: f64,
}

/// All of them, as they come.
///
/// ```
/// use hft_core::flow::Headlines;
/// use hft_core::models::{News, Timestamp};
/// use hft_core::world::stream;
/// let all = || Headlines::new(2.0, 30.0, stream(7, "headlines"));
/// let minute = Timestamp::new(60_000_000_000);
/// let mut taken = all();
/// let impacts: Vec<f64> = std::iter::from_fn(|| taken.until(minute)).map(|headline| headline.impact).collect();
/// let published = all().tape().take_while(|(time, _)| *time <= minute).count();
/// assert_eq!(impacts.len(), published, "what moves the value is published");
/// assert!((80..160).contains(&published), "two a second");
/// ```
#[derive(Clone, Debug)]
pub struct Headlines {
    per_s: f64,
    impact_sd: f64,
    next: Option<Headline>,
    dice: Dice,
}

impl Headlines {
    /// So many a second on average, whose impacts are normal with this standard deviation, ticks.
    pub fn new(per_s: f64, impact_sd: f64, dice: impl Into<Dice>) -> Self {
        let mut all = Self { per_s, impact_sd, next: None, dice: dice.into() };
        all.next = all.after(Timestamp::START);
        all
    }

    fn after(&mut self, now: Timestamp) -> Option<Headline> {
        let rng = self.dice.at(now);
        let wait = poisson_wait(rng, self.per_s);
        let impact = self.impact_sd * normal(rng);
        wait.is_finite().then(|| Headline { time: now.after(Nanos::from_secs_f64(wait)), impact })
    }

    /// The next one, if it is published by then.
    pub fn until(&mut self, time: Timestamp) -> Option<Headline> {
        let headline = self.next.take_if(|next| next.time <= time)?;
        self.next = self.after(headline.time);
        Some(headline)
    }

    /// What the public is told: that there is an item, and its number.
    pub fn tape(mut self) -> impl Iterator<Item = (Timestamp, News)> + Send {
        let mut item = 0;
        std::iter::from_fn(move || {
            let Headline { time, .. } = self.until(Timestamp::MAX)?;
            item += 1;
            Some((time, News::Headline { item, published: time }))
        })
    }
}
