//! The kill switch: by hand, by the day's loss, by the fall from the peak. It holds until it is reset.

use super::limits::AccountLimits;
use crate::models::Cash;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why the kill switch holds. The names are the wire names of the conformance program.
///
/// Example: [`OpenOrderView`](super::OpenOrderView).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kill {
    /// Equity fell to the baseline less the loss limit, or below.
    DailyLoss,
    /// Equity fell to its peak less the drawdown limit, or below.
    Drawdown,
    /// Somebody said so.
    Manual,
}

impl fmt::Display for Kill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// The latch, and the equities that it compares with. Baseline and peak start at zero, where every ledger starts.
#[derive(Clone, Debug, Default)]
pub(super) struct KillSwitch {
    held: Option<Kill>,
    max_loss: Option<Cash>,
    max_drawdown: Option<Cash>,
    baseline: Cash,
    peak: Cash,
}

impl KillSwitch {
    /// Open, with the account's limits.
    pub(super) fn new(limits: &AccountLimits) -> Self {
        Self { max_loss: limits.max_daily_loss, max_drawdown: limits.max_drawdown, ..Self::default() }
    }

    /// Why it holds, if it does.
    pub(super) const fn held(&self) -> Option<Kill> {
        self.held
    }

    /// Compares an equity with the limits; what it returns is news.
    pub(super) fn observe(&mut self, equity: Cash) -> Option<Kill> {
        self.peak = self.peak.max(equity);
        let fell = |from: Cash, limit: Option<Cash>| {
            limit.is_some_and(|limit| from.raw().saturating_sub(equity.raw()) >= limit.raw())
        };
        if fell(self.baseline, self.max_loss) {
            self.trip(Kill::DailyLoss)
        } else if fell(self.peak, self.max_drawdown) {
            self.trip(Kill::Drawdown)
        } else {
            None
        }
    }

    /// Holds from now on; `None` where it held already: the first reason stays.
    pub(super) fn trip(&mut self, kill: Kill) -> Option<Kill> {
        if self.held.is_some() {
            return None;
        }
        self.held = Some(kill);
        self.held
    }

    /// Opens it again; losses count from this equity.
    pub(super) fn reset(&mut self, equity: Cash) {
        (self.held, self.baseline, self.peak) = (None, equity, equity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn switch(max_loss: Option<i128>, max_drawdown: Option<i128>) -> KillSwitch {
        KillSwitch {
            max_loss: max_loss.map(Cash::new),
            max_drawdown: max_drawdown.map(Cash::new),
            ..KillSwitch::default()
        }
    }

    #[test]
    fn both_limits_are_inclusive_and_the_first_reason_stays() {
        let mut loss = switch(Some(100), None);
        assert_eq!(loss.observe(Cash::new(-99)), None);
        assert_eq!(loss.observe(Cash::new(-100)), Some(Kill::DailyLoss));
        assert_eq!(loss.observe(Cash::new(-200)), None, "tripped once");
        assert_eq!(loss.trip(Kill::Manual), None);
        assert_eq!(loss.observe(Cash::new(1_000)), None);
        assert_eq!(loss.held(), Some(Kill::DailyLoss), "a recovery does not open it");

        let mut drawdown = switch(None, Some(50));
        assert_eq!([80, 31, 30].map(|equity| drawdown.observe(Cash::new(equity))), [None, None, Some(Kill::Drawdown)]);
    }

    #[test]
    fn a_reset_counts_from_the_equity_of_its_moment() {
        let mut both = switch(Some(100), Some(50));
        assert_eq!(both.observe(Cash::new(-50)), Some(Kill::Drawdown), "the peak starts at zero");
        both.reset(Cash::new(-50));
        assert_eq!(both.observe(Cash::new(-99)), None);
        assert_eq!(both.observe(Cash::new(-100)), Some(Kill::Drawdown));
        both.reset(Cash::new(-100));
        assert_eq!(both.observe(Cash::new(-60)), None);
        assert_eq!(both.observe(Cash::new(-110)), Some(Kill::Drawdown), "fifty below the new peak");
    }
}
