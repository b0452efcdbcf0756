//! The truth: when the account under test was at it.
//!
//! It does nothing but what it is there for, and rests between episodes for longer than within one; so an episode is what it did without
//! such a rest.

use super::evaluation::Episode;
use hft_core::account::FillLine;
use hft_core::models::{AccountId, Command, ExecKind, Nanos, OrderId, Timestamp};
use hft_core::world::OrderRecord;
use std::collections::BTreeSet;

/// The shortest rest between two episodes; within one, and while nothing of it stands in the book, it never pauses as long.
pub(crate) const REST: Nanos = Nanos::from_secs(4);

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Truth {
    accused: Option<AccountId>,
    open: BTreeSet<OrderId>,
    latest: Option<Timestamp>,
    episodes: Vec<Episode>,
    messages: u64,
    fills: u64,
}

/// When, and whose.
pub(super) fn of_whom(record: &OrderRecord) -> Option<(Timestamp, AccountId)> {
    match *record {
        OrderRecord::Sent { at, account, .. } => Some((at, account)),
        OrderRecord::Reported { at, report, .. } => Some((at, report.account)),
        OrderRecord::Refused { .. } => None,
    }
}

impl Truth {
    pub(super) const fn new(accused: Option<AccountId>) -> Self {
        Self { accused, open: BTreeSet::new(), latest: None, episodes: Vec::new(), messages: 0, fills: 0 }
    }

    pub(super) fn is_accused(&self, account: AccountId) -> bool {
        self.accused == Some(account)
    }

    pub(super) fn order(&mut self, record: &OrderRecord) {
        match *record {
            OrderRecord::Sent { at, account, instruction, .. } if self.is_accused(account) => {
                self.messages += 1;
                if let Command::New(order) = instruction.command {
                    self.open.insert(order.id);
                }
                self.act(at);
            }
            OrderRecord::Reported { report, .. } if self.is_accused(report.account) => {
                if matches!(report.kind, ExecKind::Canceled(_) | ExecKind::Rejected(_)) {
                    self.open.remove(&report.order);
                }
            }
            OrderRecord::Sent { .. } | OrderRecord::Reported { .. } | OrderRecord::Refused { .. } => {}
        }
    }

    pub(super) fn fill(&mut self, line: &FillLine) {
        if self.is_accused(line.record.account) {
            self.fills += 1;
            if line.record.leaves.is_zero() {
                self.open.remove(&line.record.order);
            }
        }
    }

    fn act(&mut self, at: Timestamp) {
        let is_new = self.latest.is_none_or(|latest| latest.after(REST) < at) && self.open.len() <= 1;
        self.latest = Some(at);
        match self.episodes.last_mut() {
            Some(episode) if !is_new => episode.ended = at,
            _ => self.episodes.push(Episode { began: at, ended: at }),
        }
    }

    /// From when on the end of the run cuts an episode short, if it does: nothing is held for or against an alert from then on.
    pub(super) fn cut(&self, ended: Timestamp) -> Option<Timestamp> {
        self.episodes.get(self.episodes(ended).len()).map(|episode| episode.began)
    }

    /// Whether an episode was going on, or its effect was: what is shown has an effect until it is gone, and for a little longer.
    pub(super) fn is_within(&self, now: Timestamp) -> bool {
        !self.open.is_empty() || self.latest.is_some_and(|latest| now <= latest.after(REST))
    }

    /// All that were over when the run was: what the end cut short cannot be judged.
    pub(super) fn episodes(&self, ended: Timestamp) -> &[Episode] {
        let is_cut = self.episodes.last().is_some_and(|last| last.ended.after(REST) >= ended);
        &self.episodes[..self.episodes.len() - usize::from(is_cut)]
    }

    /// Messages sent and fills received.
    pub(super) const fn counts(&self) -> (u64, u64) {
        (self.messages, self.fills)
    }
}
