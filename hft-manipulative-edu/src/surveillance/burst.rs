//! Quote stuffing: a bin of time with more messages than the mean of its past by twenty standard deviations, the threshold of Egginton,
//! Van Ness & Van Ness (2016), and hardly a fill to show for them.
//!
//! The past forgets, so that a market may wake up; a bin that stood out does not teach it. A standard deviation is never believed to be
//! below that of a Poisson law, or a quiet market would be a market of bursts.

use super::alert::{Alert, File, Scale, Typology};
use super::observed::{Deed, Observed};
use hft_core::models::{AccountId, Nanos, Timestamp};
use std::collections::BTreeMap;

/// Length of a bin.
pub const BIN: Nanos = Nanos::from_millis(100);
/// So many bins teach before the first is judged.
const WARM_UP: u64 = 100;
/// Weight of a bin in what is remembered: a memory of a minute.
const NEWEST: f64 = 1.0 / 600.0;
/// From so many standard deviations on something is looked at, whether or not it is enough.
const LOOKED_AT: f64 = 5.0;

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct BurstWatch {
    /// How many standard deviations are too many.
    deviations: f64,
    bin: u64,
    bins: u64,
    mean: f64,
    variance: f64,
    messages: u64,
    by: BTreeMap<Option<AccountId>, Tally>,
    file: File,
    /// Bins in a row are one burst.
    open: Option<Burst>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    messages: u64,
    fills: u64,
}

#[derive(Debug)]
struct Burst {
    began: Timestamp,
    last_bin: u64,
    deviations: f64,
    messages: u64,
    loudest: Option<AccountId>,
    share: f64,
    fills: u64,
    file: File,
}

impl BurstWatch {
    pub(super) fn new(deviations: f64) -> Self {
        Self {
            deviations,
            bin: 0,
            bins: 0,
            mean: 0.0,
            variance: 0.0,
            messages: 0,
            by: BTreeMap::new(),
            file: File::default(),
            open: None,
        }
    }

    pub(super) fn observe(&mut self, seen: &Observed, found: &mut Vec<Alert>) {
        let bin = seen.time.nanos() / BIN.count();
        while self.bin < bin {
            self.close_bin(found);
            // Nothing came for long: what is left of the past hardly matters, and need not be gone through bin by bin.
            if self.messages == 0 && bin - self.bin > 10 * WARM_UP {
                self.bin = bin - 1;
            }
        }
        let tally = self.by.entry(seen.who).or_default();
        if seen.is_message() {
            tally.messages += 1;
            self.messages += 1;
            if let Deed::Placed { side, price, shown } = seen.deed {
                self.file.add(seen.time, seen.order, "placed", (side, price, shown));
            }
        } else if matches!(seen.deed, Deed::Filled { .. }) {
            tally.fills += 1;
        }
    }

    pub(super) fn finish(&mut self, found: &mut Vec<Alert>) {
        self.close_bin(found);
        self.close_burst(found);
    }

    fn close_bin(&mut self, found: &mut Vec<Alert>) {
        let count = self.messages as f64;
        let deviation = libm::sqrt(self.variance.max(self.mean).max(1.0));
        let z = (count - self.mean) / deviation;
        if self.bins >= WARM_UP && z >= LOOKED_AT {
            self.stands_out(z);
        } else {
            if self.open.as_ref().is_some_and(|burst| burst.last_bin + 1 < self.bin) {
                self.close_burst(found);
            }
            let weight = NEWEST.max(1.0 / (self.bins + 1) as f64);
            let off = count - self.mean;
            self.mean += weight * off;
            self.variance = (1.0 - weight) * (self.variance + weight * off * off);
        }
        self.bins += 1;
        self.bin += 1;
        self.messages = 0;
        self.by.clear();
        self.file = File::default();
    }

    fn stands_out(&mut self, z: f64) {
        let loudest = self.by.iter().max_by_key(|(_, tally)| tally.messages).map(|(&who, &tally)| (who, tally));
        let (loudest, tally) = loudest.unwrap_or_default();
        let share = tally.messages as f64 / self.messages.max(1) as f64;
        let burst = self.open.get_or_insert_with(|| Burst {
            began: Timestamp::new(self.bin * BIN.count()),
            last_bin: self.bin,
            deviations: z,
            messages: 0,
            loudest,
            share,
            fills: 0,
            file: std::mem::take(&mut self.file),
        });
        burst.last_bin = self.bin;
        burst.messages += self.messages;
        burst.fills += tally.fills;
        if z > burst.deviations {
            (burst.deviations, burst.loudest, burst.share) = (z, loudest, share);
        }
    }

    fn close_burst(&mut self, found: &mut Vec<Alert>) {
        let Some(burst) = self.open.take() else { return };
        let per_message = burst.fills as f64 / burst.messages.max(1) as f64;
        let limit = self.deviations;
        // At the threshold, with one sender and without a fill, it is even.
        let mut scale = Scale::new(if burst.loudest.is_some() { -9.5 } else { -6.5 })
            .weigh("standard deviations above the mean", burst.deviations, [0.0, limit], 5.0)
            .weigh("beyond the threshold, times it", burst.deviations / limit, [1.0, 2.0], 0.5)
            .weigh("fills per message", per_message, [0.1, 0.0], 1.5);
        if burst.loudest.is_some() {
            scale = scale.weigh("share of the messages that one account sent", burst.share, [0.5, 0.9], 3.0);
        }
        let (score, reasons) = scale.sum();
        let (evidence, left_out) = burst.file.close();
        let over = (burst.last_bin + 1) * BIN.count();
        found.push(Alert {
            began_ns: burst.began.nanos(),
            raised_ns: over,
            typology: Typology::Stuffing,
            who: burst.loudest.map(|account| account.0),
            score,
            reasons,
            evidence,
            evidence_left_out: left_out + burst.messages.saturating_sub(super::alert::EVIDENCE_MAX as u64),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hft_core::models::{OrderId, Price, Qty, Side};

    fn placed(time_ns: u64, order: u64, who: u32) -> Observed {
        let deed = Deed::Placed { side: Side::Buy, price: Price::new(1), shown: Qty::new(1) };
        Observed { time: Timestamp::new(time_ns), who: Some(AccountId(who)), order: OrderId(order), deed }
    }

    /// Ten messages a bin for a minute, with a spike of so many in the middle.
    fn scores(spike: u64) -> Vec<Alert> {
        let (mut watch, mut found) = (BurstWatch::new(20.0), Vec::new());
        for bin in 0..600u64 {
            for n in 0..10 {
                watch.observe(&placed(bin * BIN.count() + n * 1_000_000, bin * 10_000 + n, 1), &mut found);
            }
            for n in 0..if bin == 400 { spike } else { 0 } {
                watch.observe(&placed(bin * BIN.count() + 50_000_000 + n, bin * 10_000 + 100 + n, 7), &mut found);
            }
        }
        watch.finish(&mut found);
        found
    }

    #[test]
    fn twenty_standard_deviations_are_too_many_and_ten_are_not() {
        // The floor is the Poisson law's: sqrt(10).
        let caught = scores(100);
        assert_eq!(caught.len(), 1, "{caught:?}");
        assert!(caught[0].score > 0.5 && caught[0].who == Some(7), "{caught:?}");
        assert_eq!(caught[0].began_ns, 400 * BIN.count());
        let looked_at = scores(30);
        assert!(looked_at.len() == 1 && looked_at[0].score < 0.5, "{looked_at:?}");
        assert!(scores(5).is_empty());
    }
}
