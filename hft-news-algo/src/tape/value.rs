//! What a company is worth while news about it spreads: `V(t) = F(t) + sum_k z_k (1 - 2^(-(t - p_k) / h))`.
//!
//! `F` is the hidden value of the market, `z_k` the surprise of the k-th item that is news, `p_k` when it was published, and `h` how long it
//! takes until half of it is known to those who do not read. A reader's edge at `t` is what is left: `z 2^(-(t - p) / h)`.

use super::{Effect, Wire};
use hft_core::flow::Fundamental;
use hft_core::models::{HalfTicks, Nanos, News, Timestamp};
use std::collections::VecDeque;

/// After so many half-lives an item is wholly known: less than a thousandth of a tick is left of the largest.
const HALF_LIVES: u64 = 20;

/// The path of one company, as an endless sequence of timed values.
#[derive(Debug)]
pub struct NewsValue {
    inner: Fundamental,
    wire: Wire,
    next_item: u32,
    company: usize,
    half_life: Nanos,
    /// Surprises that are spreading: when published, and how many ticks.
    spreading: VecDeque<(Timestamp, f64)>,
    /// Those that have spread, ticks.
    spread: f64,
}

impl NewsValue {
    /// The value of a company that a wire writes about.
    pub fn new(inner: Fundamental, wire: Wire, company: usize, half_life: Nanos) -> Self {
        Self { inner, wire, next_item: 0, company, half_life, spreading: VecDeque::new(), spread: 0.0 }
    }

    fn hear_until(&mut self, now: Timestamp) {
        while let Some(item) = self.wire.item(self.next_item)
            && item.published <= now
        {
            let impacts = item.label.iter().flat_map(|label| label.impacts());
            let ours = |effect: &&Effect| effect.company == self.company && effect.ticks != 0;
            let found: Vec<f64> = impacts.filter(ours).map(|effect| effect.ticks as f64).collect();
            self.spreading.extend(found.into_iter().map(|ticks| (item.published, ticks)));
            self.next_item += 1;
        }
    }

    /// How far news has moved the value at a moment, ticks. Moments do not go back.
    fn moved(&mut self, now: Timestamp) -> f64 {
        self.hear_until(now);
        let whole = self.half_life.count() * HALF_LIVES;
        while let Some(&(published, ticks)) = self.spreading.front()
            && now.since(published).count() > whole
        {
            self.spread += ticks;
            self.spreading.pop_front();
        }
        let part = |&(published, ticks): &(Timestamp, f64)| ticks * (1.0 - left(now.since(published), self.half_life));
        self.spread + self.spreading.iter().map(part).sum::<f64>()
    }
}

/// The share of a surprise that is still to come: `2^(-age / h)`.
pub fn left(age: Nanos, half_life: Nanos) -> f64 {
    libm::exp2(-(age.count() as f64) / half_life.count().max(1) as f64)
}

impl Iterator for NewsValue {
    type Item = (Timestamp, News);

    fn next(&mut self) -> Option<Self::Item> {
        let (now, news) = self.inner.next()?;
        // What else the market publishes moves nothing here.
        let News::Value { instrument, value } = news else { return Some((now, news)) };
        #[allow(clippy::cast_possible_truncation, reason = "a few thousand ticks")]
        let moved = (self.moved(now) * 2.0).round() as i128;
        Some((now, News::Value { instrument, value: HalfTicks::new(value.count() + moved) }))
    }
}
