//! Counting within a sliding window: storms of denials, repeated executions, orders that are alike.
//!
//! Invariant: what happened at `t` counts at `now` if and only if `now - t < window`. Memory holds what the window holds and
//! no more; it grows to its bound once and is then reused.

use super::limits::CountLimit;
use crate::models::{BookId, Nanos, OrderType, Qty, Side, Timestamp};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// The times of what happened to one strategy within a window.
#[derive(Clone, Debug, Default)]
pub(super) struct Occurrences {
    times: VecDeque<Timestamp>,
}

impl Occurrences {
    /// Counts one more at `now`; true when that reaches the limit.
    pub(super) fn reaches(&mut self, limit: CountLimit, now: Timestamp) -> bool {
        while self.times.front().is_some_and(|&time| is_past(time, now, limit.window())) {
            self.times.pop_front();
        }
        self.times.push_back(now);
        let reached = self.times.len() >= usize::try_from(limit.max).unwrap_or(usize::MAX);
        if reached {
            self.times.pop_front(); // the strategy is disabled: at most `max` are ever kept
        }
        reached
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.times.clear();
    }
}

/// In what two orders must agree to be alike.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Likeness {
    /// The book they go to.
    pub(super) book: BookId,
    /// Their side.
    pub(super) side: Side,
    /// Type and prices.
    pub(super) order_type: OrderType,
    /// Total size.
    pub(super) qty: Qty,
}

/// The orders that passed within the window, counted by likeness.
#[derive(Clone, Debug)]
pub(super) struct Duplicates {
    limit: CountLimit,
    recent: VecDeque<(Timestamp, Likeness)>,
    counts: FxHashMap<Likeness, u32>,
}

impl Duplicates {
    /// How many orders of one window are remembered. Where more have passed, the next is denied: nothing is forgotten
    /// early.
    pub(super) const REMEMBERED_MAX: usize = 1 << 16;

    /// Nothing has passed yet.
    pub(super) fn new(limit: CountLimit) -> Self {
        Self { limit, recent: VecDeque::new(), counts: FxHashMap::default() }
    }

    /// True when one more order of this kind may pass.
    pub(super) fn admits(&mut self, likeness: &Likeness, now: Timestamp) -> bool {
        while let Some(&(time, old)) = self.recent.front() {
            if !is_past(time, now, self.limit.window()) {
                break;
            }
            self.recent.pop_front();
            let count = self.counts.get_mut(&old).expect("every remembered order is counted");
            *count -= 1;
            if *count == 0 {
                self.counts.remove(&old);
            }
        }
        let alike = self.counts.get(likeness).copied().unwrap_or(0);
        alike < self.limit.max && self.recent.len() < Self::REMEMBERED_MAX
    }

    /// Remembers an order that passed all checks.
    pub(super) fn record(&mut self, likeness: Likeness, now: Timestamp) {
        self.recent.push_back((now, likeness));
        *self.counts.entry(likeness).or_insert(0) += 1;
    }
}

fn is_past(time: Timestamp, now: Timestamp, window: Nanos) -> bool {
    now.since(time) >= window
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{InstrumentId, Price, VenueId};

    const LIMIT: CountLimit = CountLimit { max: 3, window_ms: 10 };

    fn at(millis: u64) -> Timestamp {
        Timestamp::START + Nanos::from_millis(millis)
    }

    #[test]
    fn the_one_that_reaches_the_limit_within_the_window() {
        let mut denials = Occurrences::default();
        let reached: Vec<bool> = [0, 5, 10, 14, 15].map(|t| denials.reaches(LIMIT, at(t))).into();
        assert_eq!(reached, [false, false, false, true, true], "at 10 the one of 0 is past; at 14 three count");
        denials.clear();
        assert!(!denials.reaches(LIMIT, at(15)));
        assert!(Occurrences::default().reaches(CountLimit { max: 0, ..LIMIT }, at(0)), "none allowed");
    }

    #[test]
    fn alike_orders_pass_so_often_and_different_ones_do_not_count() {
        let order = |price| Likeness {
            book: BookId { venue: VenueId(0), instrument: InstrumentId(0) },
            side: Side::Buy,
            order_type: OrderType::Limit { price: Price::new(price) },
            qty: Qty::new(1),
        };
        let mut duplicates = Duplicates::new(CountLimit { max: 2, window_ms: 10 });
        for time in [0, 9] {
            assert!(duplicates.admits(&order(1), at(time)));
            duplicates.record(order(1), at(time));
        }
        assert!(!duplicates.admits(&order(1), at(9)));
        assert!(duplicates.admits(&order(2), at(9)));
        assert!(duplicates.admits(&order(1), at(10)), "the first has left the window");
        assert!(duplicates.admits(&order(1), at(1_000)));
        assert!(duplicates.recent.is_empty() && duplicates.counts.is_empty(), "nothing is kept beyond the window");
    }
}
