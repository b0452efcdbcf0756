//! An alert: who, what, how sure, why, and on what evidence. A detector that cannot say why is of no use to whoever has to decide.
//!
//! Every typology is scored alike: each reason has a strength between zero and one, a weight in log-odds, and the sum of both, with a
//! typology's own bias, is squashed to a score between zero and one. A score of one half is where the reasons for and against balance.

use hft_core::models::{OrderId, Price, Qty, Side, Timestamp};
use serde::Serialize;

/// How many pieces of evidence an alert carries; the rest is counted.
pub const EVIDENCE_MAX: usize = 24;

/// What it looks like.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Typology {
    /// One large order on one side, an execution on the other, and the large one gone.
    Spoofing,
    /// The same with orders at several prices.
    Layering,
    /// So many messages that everybody else waits.
    Stuffing,
    /// A burst of taking that moves the price, and the way out at the price it made.
    Ignition,
}

impl Typology {
    /// All of them, in the order of the tables.
    pub const ALL: [Typology; 4] = [Self::Spoofing, Self::Layering, Self::Stuffing, Self::Ignition];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spoofing => "spoofing",
            Self::Layering => "layering",
            Self::Stuffing => "quote stuffing",
            Self::Ignition => "momentum ignition",
        }
    }
}

/// One reason for, or against.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Reason {
    /// What was measured, in words, with its unit.
    pub what: &'static str,
    /// The measurement.
    pub value: f64,
    /// How much of the reason that is, from zero to one.
    pub strength: f64,
    /// What the whole of it is worth, in log-odds.
    pub weight: f64,
}

/// What happened to an order that an alert names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Evidence {
    /// When, ns.
    pub time_ns: u64,
    /// Which order.
    pub order: u64,
    /// What was done.
    pub deed: &'static str,
    /// Side of the order.
    pub side: Side,
    /// Price, ticks.
    pub price: i64,
    /// How much, lots.
    pub qty: i64,
}

/// Something that looked like a typology, whether or not it is enough for an alert.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Alert {
    /// When it began, ns.
    pub began_ns: u64,
    /// When the detector was sure, ns.
    pub raised_ns: u64,
    /// What it looks like.
    pub typology: Typology,
    /// The account, where it is known.
    pub who: Option<u32>,
    /// From zero to one.
    pub score: f64,
    /// Why.
    pub reasons: Vec<Reason>,
    /// On what evidence, oldest first.
    pub evidence: Vec<Evidence>,
    /// How much evidence did not fit.
    pub evidence_left_out: u64,
}

impl Alert {
    /// The reasons that count most, as one line.
    pub fn why(&self) -> String {
        let mut reasons: Vec<&Reason> = self.reasons.iter().filter(|reason| reason.strength > 0.0).collect();
        reasons.sort_by(|a, b| (b.strength * b.weight).total_cmp(&(a.strength * a.weight)));
        let told: Vec<String> =
            reasons.iter().take(4).map(|reason| format!("{} {:.3}", reason.what, reason.value)).collect();
        told.join("; ")
    }
}

/// Reasons being added up.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    bias: f64,
    reasons: Vec<Reason>,
}

impl Scale {
    /// Nothing said yet: how much it takes to be believed, in log-odds.
    pub(super) const fn new(bias: f64) -> Self {
        Self { bias, reasons: Vec::new() }
    }

    /// A reason: its measurement, and how far that is from nothing (`from`) to all (`to`).
    pub(super) fn weigh(mut self, what: &'static str, value: f64, [from, to]: [f64; 2], weight: f64) -> Self {
        let strength = ((value - from) / (to - from)).clamp(0.0, 1.0);
        self.reasons.push(Reason { what, value, strength, weight });
        self
    }

    /// The score, and what it is made of.
    pub(super) fn sum(self) -> (f64, Vec<Reason>) {
        let odds = self.bias + self.reasons.iter().map(|reason| reason.strength * reason.weight).sum::<f64>();
        (1.0 / (1.0 + libm::exp(-odds)), self.reasons)
    }
}

/// Evidence being collected.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct File {
    kept: Vec<Evidence>,
    left_out: u64,
}

impl File {
    pub(super) fn add(&mut self, time: Timestamp, order: OrderId, deed: &'static str, at: (Side, Price, Qty)) {
        if self.kept.len() == EVIDENCE_MAX {
            self.left_out += 1;
            return;
        }
        let (side, price, qty) = at;
        let (time_ns, order) = (time.nanos(), order.0);
        self.kept.push(Evidence { time_ns, order, deed, side, price: price.ticks(), qty: qty.lots() });
    }

    pub(super) fn close(self) -> (Vec<Evidence>, u64) {
        (self.kept, self.left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_balance_at_one_half_and_never_count_twice() {
        let (score, _) = Scale::new(-2.0).weigh("x", 5.0, [0.0, 5.0], 2.0).sum();
        assert!((score - 0.5).abs() < 1e-12);
        let (more, reasons) = Scale::new(-2.0).weigh("x", 50.0, [0.0, 5.0], 2.0).sum();
        assert!((more - score).abs() < 1e-12 && reasons[0].strength <= 1.0, "a strength ends at one");
        let (less, _) = Scale::new(-2.0).weigh("x", -50.0, [0.0, 5.0], 2.0).sum();
        assert!(less < 0.2);
    }

    #[test]
    fn a_file_is_bounded_and_says_so() {
        let mut file = File::default();
        for n in 0..EVIDENCE_MAX as u64 + 3 {
            file.add(Timestamp::new(n), OrderId(n), "placed", (Side::Buy, Price::new(1), Qty::new(1)));
        }
        let (kept, left_out) = file.close();
        assert_eq!((kept.len(), left_out), (EVIDENCE_MAX, 3));
    }
}
