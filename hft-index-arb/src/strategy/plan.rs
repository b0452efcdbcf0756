//! Which pair is held, how much of it is wanted, and what stage its trading is at.
//!
//! Invariants: one pair at a time; nothing new is decided before all legs have what they should have; a step that hangs is taken back.

use super::picture::Asset;
use crate::config::{Pairs, Policy};
use crate::model::band::Band;
use hft_core::models::Timestamp;

/// What is bought and what is sold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Pair {
    pub(super) long: Asset,
    pub(super) short: Asset,
}

/// A gap between the midpoints of a pair, and where it would be opened and closed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Gap {
    pub(super) gap: f64,
    pub(super) band: Band,
}

/// A step from one size to another that is not over.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Step {
    /// Quanta before it.
    pub(super) before: i64,
    /// When it was decided.
    pub(super) decided: Timestamp,
    /// Since when legs have been unlike one another.
    pub(super) unlike: Option<Timestamp>,
    /// Whether it is being taken back.
    pub(super) unwinds: bool,
    /// Where it is traded.
    pub(super) way: Way,
}

/// Where a step is traded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Way {
    /// At the contracts' exchanges.
    Market,
    /// At the issuer's window: all legs at once.
    Window,
}

/// See the module's documentation.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) pair: Option<Pair>,
    /// Quanta wanted of the pair.
    pub(super) want: i64,
    pub(super) step: Option<Step>,
}

impl Gap {
    /// What it earns beyond its costs.
    pub(super) fn promise(&self) -> f64 {
        self.gap - self.band.entry
    }
}

impl Pair {
    /// Every pair that may be traded, both ways round.
    pub(super) fn all(pairs: Pairs) -> impl Iterator<Item = Pair> {
        let [basket, etf, future] = [Asset::Basket, Asset::Etf, Asset::Future];
        let both = |a, b| [Pair { long: a, short: b }, Pair { long: b, short: a }];
        let all =
            [(Pairs::FutureBasket, future, basket), (Pairs::EtfBasket, etf, basket), (Pairs::FutureEtf, future, etf)];
        let allowed = all.into_iter().filter(move |(kind, ..)| pairs == Pairs::All || pairs == *kind);
        allowed.flat_map(move |(_, a, b)| both(a, b))
    }

    /// Which leg goes first under a policy; none where all go at once.
    pub(super) fn lead(self, policy: Policy) -> Option<Asset> {
        let has = |asset| (self.long == asset || self.short == asset).then_some(asset);
        match policy {
            Policy::AllTake => None,
            Policy::FutureFirst => has(Asset::Future),
            Policy::EtfFirst => has(Asset::Etf),
            // What is one order can rest: the fund where it is traded, else the future.
            Policy::PassiveThenHedge => has(Asset::Etf).or(has(Asset::Future)),
        }
    }

    /// 1 for what is bought, -1 for what is sold, 0 for the third.
    pub(super) fn sign(self, asset: Asset) -> i64 {
        i64::from(self.long == asset) - i64::from(self.short == asset)
    }
}

impl Plan {
    /// Begins a step to `want`.
    pub(super) fn go(&mut self, now: Timestamp, pair: Pair, want: i64, way: Way) {
        self.step = Some(Step { before: self.want, decided: now, unlike: None, unwinds: false, way });
        self.pair = Some(pair);
        self.want = want;
    }

    /// Where the legs are traded.
    pub(super) fn way(&self) -> Way {
        self.step.map_or(Way::Market, |step| step.way)
    }

    /// Which leg goes first; none where all go at once, as they do when a step is taken back and at the window.
    pub(super) fn lead(&self, policy: Policy) -> Option<Asset> {
        let all = self.step.is_some_and(|step| step.unwinds || step.way == Way::Window);
        self.pair.filter(|_| !all)?.lead(policy)
    }

    /// All legs have what they should have.
    pub(super) fn settled(&mut self) {
        self.step = None;
        if self.want == 0 {
            self.pair = None;
        }
    }

    /// Takes a step back that would have added, and one at the window to the market: true where there was one.
    pub(super) fn unwind(&mut self) -> bool {
        match &mut self.step {
            Some(step) if step.way == Way::Window => {
                step.way = Way::Market;
                true
            }
            Some(step) if !step.unwinds && self.want > step.before => {
                step.unwinds = true;
                self.want = step.before;
                true
            }
            Some(_) | None => false,
        }
    }
}
