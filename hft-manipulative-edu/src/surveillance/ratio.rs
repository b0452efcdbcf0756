//! Order-to-trade: messages per fill of an account in a minute, the rule that rulebooks name first, and here the control.
//!
//! It cannot tell a maker that follows the market from somebody who shows what he does not mean: both send many messages for few fills. What
//! it costs to catch the one with it is how often it accuses the other.

use super::observed::{Deed, Observed};
use hft_core::models::{AccountId, Timestamp};
use std::collections::BTreeMap;

/// Length of a period.
const PERIOD_NS: u64 = 60_000_000_000;

/// One account in one period.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ratio {
    /// When the period began.
    pub began: Timestamp,
    /// When it was over.
    pub ended: Timestamp,
    /// Whose.
    pub who: AccountId,
    /// Messages for each fill; all of them where there was none.
    pub messages_per_fill: f64,
}

/// The ratios of all accounts, period by period.
#[derive(Debug, Default)]
pub struct OrderToTrade {
    period: u64,
    counts: BTreeMap<AccountId, (u64, u64)>,
    told: Vec<Ratio>,
}

impl OrderToTrade {
    /// Nothing has been seen.
    pub fn new() -> Self {
        Self::default()
    }

    /// One observation.
    pub fn observe(&mut self, seen: &Observed) {
        let period = seen.time.nanos() / PERIOD_NS;
        if period != self.period {
            self.close();
            self.period = period;
        }
        let Some(who) = seen.who else { return };
        let (messages, fills) = self.counts.entry(who).or_default();
        *messages += u64::from(seen.is_message());
        *fills += u64::from(matches!(seen.deed, Deed::Filled { .. }));
    }

    /// All ratios.
    pub fn finish(mut self) -> Vec<Ratio> {
        self.close();
        self.told
    }

    fn close(&mut self) {
        let began = Timestamp::new(self.period * PERIOD_NS);
        let ended = Timestamp::new((self.period + 1) * PERIOD_NS);
        for (who, (messages, fills)) in std::mem::take(&mut self.counts) {
            let messages_per_fill = messages as f64 / fills.max(1) as f64;
            self.told.push(Ratio { began, ended, who, messages_per_fill });
        }
    }
}
