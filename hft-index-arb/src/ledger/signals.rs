//! Signals against the truth: whether the gap that the desk acted on was there.
//!
//! A signal is the first order in a while that adds to the position in the fund or the future. It was right where, at the venues' own prices of that
//! moment, one of the other two was far enough away to pay for trading both, there and back; else something in the desk's picture was old.

use super::prices::{Three, Touch};
use crate::scenario::{FIRST, FUTURE_FEES, STOCK_FEES};
use hft_core::models::{Nanos, Side, Timestamp};
use std::collections::BTreeMap;

/// What adds so soon after a signal belongs to it.
const SAME: Nanos = Nanos::from_millis(100);

/// Signals that opened one unit more.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct OfUnit {
    pub(super) count: f64,
    /// Sum of the true gaps, index ticks.
    pub(super) gaps: f64,
}

/// See the module's documentation.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Signals {
    /// When something last added, and which unit it was for.
    latest: Option<(Timestamp, i64)>,
    pub(super) count: f64,
    pub(super) wrong: f64,
    /// Sums of what the true gaps promised beyond the costs, index ticks: of all, and of those that were wrong.
    pub(super) promised: f64,
    pub(super) promised_wrong: f64,
    pub(super) by_unit: BTreeMap<i64, OfUnit>,
}

impl Signals {
    /// An order in the second (fund) or third (future) of the three that adds to a position, so that it has so many units; the unit of the signal
    /// that it belongs to.
    pub(super) fn added(&mut self, at: Timestamp, three: &Three, (asset, side): (usize, Side), unit: i64) -> i64 {
        if let Some((latest, unit)) = self.latest.filter(|(latest, _)| at.since(*latest) < SAME) {
            self.latest = Some((at.max(latest), unit));
            return unit;
        }
        self.latest = Some((at, unit));
        let (gap, promise) = truth(three, asset, side.sign() as f64);
        self.count += 1.0;
        self.promised += promise;
        if promise < 0.0 {
            self.wrong += 1.0;
            self.promised_wrong += promise;
        }
        let of_unit = self.by_unit.entry(unit).or_default();
        of_unit.count += 1.0;
        of_unit.gaps += gap;
        unit
    }
}

/// The gap to whichever of the others promises most, and what it promises beyond the costs of trading both, there and back.
fn truth(three: &Three, asset: usize, sign: f64) -> (f64, f64) {
    let own = three[asset];
    let others = (0..3).filter(|other| *other != asset).map(|other| {
        let Touch { mid, half } = three[other];
        let gap = (mid - own.mid) * sign;
        (gap, gap - 2.0 * (half + own.half) - 2.0 * (fee(other) + fee(asset)))
    });
    others.max_by(|a, b| a.1.total_cmp(&b.1)).expect("there are two others")
}

/// The fee for taking basket, fund or future, index ticks.
fn fee(asset: usize) -> f64 {
    let [_, ppb] = if asset == 2 { FUTURE_FEES } else { STOCK_FEES };
    ppb as f64 * 1e-9 * FIRST.ticks() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_wrong_where_no_other_price_pays_for_it() {
        let touch = |mid| Touch { mid, half: 1.0 };
        let at = |ms| Timestamp::START + Nanos::from_millis(ms);
        let mut signals = Signals::default();
        // The fund is sold at 10,010: the basket at 10,000 is ten away, and costs 4 and 1.2 of fees.
        signals.added(at(0), &[touch(10_000.0), touch(10_010.0), touch(10_009.0)], (1, Side::Sell), 1);
        signals.added(at(50), &[touch(10_000.0), touch(10_000.0), touch(10_000.0)], (1, Side::Sell), 1);
        assert_eq!((signals.count, signals.wrong), (1.0, 0.0), "the second belongs to the first");
        assert!((signals.promised - 4.8).abs() < 1e-9, "{signals:?}");
        signals.added(at(500), &[touch(10_000.0), touch(10_000.0), touch(10_003.0)], (2, Side::Sell), 2);
        assert_eq!((signals.count, signals.wrong), (2.0, 1.0));
        // Three away, and 4 and 0.8 of fees.
        assert!((signals.promised_wrong + 1.8).abs() < 1e-9, "{signals:?}");
        assert!((signals.by_unit[&2].gaps - 3.0).abs() < 1e-9);
    }
}
