//! What the venues' own books say, as the drop copy tells it: no latency, nothing old. The truth that the desk's picture is held against.

use crate::scenario::{Contract, UNIT_TICK, Universe};
use hft_core::models::{Timestamp, Top};

/// A touch: midpoint and half spread, ticks.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Touch {
    pub(super) mid: f64,
    pub(super) half: f64,
}

/// The last two-sided touch of every leg, and the index that follows.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Prices {
    universe: Universe,
    touches: Vec<Touch>,
    /// How many constituents have been seen, and what they come to.
    seen: usize,
    index: Touch,
}

/// The three prices as one index, in its ticks: basket, fund, future.
pub(super) type Three = [Touch; 3];

impl Prices {
    pub(super) fn new(universe: &Universe) -> Self {
        let touches = vec![Touch::default(); universe.count() + 2];
        Self { universe: universe.clone(), touches, seen: 0, index: Touch::default() }
    }

    /// A leg's best prices; by how much the index moved, where it was known before.
    pub(super) fn hear(&mut self, leg: usize, top: Top) -> f64 {
        let (Some(bid), Some(ask)) = (top.bid, top.ask) else { return 0.0 };
        let (bid, ask) = (bid.price.ticks() as f64, ask.price.ticks() as f64);
        let new = Touch { mid: (bid + ask) / 2.0, half: (ask - bid) / 2.0 };
        let old = std::mem::replace(&mut self.touches[leg], new);
        if leg >= self.universe.count() {
            return 0.0;
        }
        let first = old.mid == 0.0;
        self.seen += usize::from(first);
        let weight = self.universe.index.per_unit(leg);
        let by = weight * (new.mid - old.mid);
        self.index.mid += by;
        self.index.half += weight * (new.half - old.half);
        if first { 0.0 } else { by }
    }

    /// A leg's touch; zero before there was one.
    pub(super) fn touch(&self, leg: usize) -> Touch {
        self.touches[leg]
    }

    /// Basket, fund and future as the index without its past dividends; none before all were seen.
    pub(super) fn three(&self, now: Timestamp) -> Option<Three> {
        let [.., etf, future] = self.touches[..] else { unreachable!("fund and future are legs") };
        let known = self.seen == self.universe.count() && etf.mid > 0.0 && future.mid > 0.0;
        let (years, carry) = (self.universe.years(now), &self.universe.carry);
        let etf = Touch { mid: etf.mid - carry.paid(years), ..etf };
        let future = Touch { mid: carry.spot(future.mid, years), ..future };
        known.then_some([self.index, etf, future])
    }
}

/// What one tick of one lot of a leg is worth, currency.
pub(super) const fn tick_value(contract: Contract) -> f64 {
    match contract {
        Contract::Constituent(_) => 0.01,
        Contract::Etf => 0.1,
        Contract::Future => UNIT_TICK,
    }
}
