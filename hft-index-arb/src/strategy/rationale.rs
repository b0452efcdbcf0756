//! What `explain` is told: the numbers of the latest order, in the order in which they follow from one another.

use super::IndexArb;
use super::plan::{Gap, Pair};
use hft_core::models::Timestamp;
use hft_core::trader::{Doing, Reason};

/// A leg's step, as far as it was a matter of numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Latest {
    pair: Option<Pair>,
    estimates: [Option<f64>; 2],
    priced: [Option<f64>; 2],
    gap: Option<Gap>,
    target: i64,
    position: i64,
    want: i64,
    doing: Doing,
}

const TICKS: &str = "index ticks";
const LOTS: &str = "lots";

const fn reason(name: &'static str, value: f64, unit: &'static str) -> Reason {
    Reason { name, value, unit }
}

impl IndexArb {
    /// Remembers why a leg was traded.
    pub(super) fn told(&mut self, now: Timestamp, leg: usize, doing: Doing, position: i64) {
        let pair = self.plan.pair;
        let mid = |asset| self.picture.priced(now, asset).map(|priced| priced.mid);
        let priced = pair.map_or([None; 2], |pair| [mid(pair.long), mid(pair.short)]);
        let gap = self.decided;
        let (estimates, target, want) = (self.picture.estimates(), self.targets[leg], self.plan.want);
        self.latest = Some(Latest { pair, estimates, priced, gap, target, position, want, doing });
    }

    /// Its latest order in numbers; empty before the first.
    pub(super) fn reasons(&self) -> Vec<Reason> {
        let Some(Latest { pair, estimates, priced, gap, target, position, want, doing }) = self.latest else {
            return Vec::new();
        };
        let mut reasons = Vec::new();
        let [naive, aware] = estimates;
        reasons.extend(naive.map(|value| reason("index, from the last prices", value, TICKS)));
        reasons.extend(aware.map(|value| reason("index, the old prices moved with the rest", value, TICKS)));
        let [long, short] = priced;
        reasons.extend(long.map(|value| reason("what is bought, as an index", value, TICKS)));
        reasons.extend(short.map(|value| reason("what is sold, as an index", value, TICKS)));
        if let Some(Gap { gap, band }) = gap {
            reasons.push(reason("gap between the midpoints when it was decided", gap, TICKS));
            reasons.push(reason("gap from which it is opened", band.entry, TICKS));
            reasons.push(reason("gap at which it is closed", band.exit, TICKS));
        }
        reasons.push(reason("wanted of the pair", if pair.is_some() { want as f64 } else { 0.0 }, "quanta"));
        reasons.push(reason("target", target as f64, LOTS));
        reasons.push(reason("position", position as f64, LOTS));
        let taking = if doing == Doing::Taking { 1.0 } else { 0.0 };
        reasons.push(reason("takes (1) or rests (0)", taking, ""));
        reasons
    }
}
