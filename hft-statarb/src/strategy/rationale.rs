//! What `explain` is told: the numbers of the latest order, in the order in which they follow from one another.

use super::StatArb;
use hft_core::trader::{Doing, Reason};

/// A leg's step, as far as it was a matter of numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Latest {
    pub(super) leg: usize,
    /// Lots wanted and held.
    pub(super) target: i64,
    pub(super) position: i64,
    /// To the index, contracts.
    pub(super) exposure: f64,
    pub(super) beta: f64,
    /// At the last sample, ticks.
    pub(super) mid: Option<f64>,
    pub(super) doing: Doing,
}

const CONTRACTS: &str = "contracts";

const fn reason(name: &'static str, value: f64, unit: &'static str) -> Reason {
    Reason { name, value, unit }
}

impl StatArb {
    /// Its latest order in numbers; empty before the first.
    pub(super) fn reasons(&self) -> Vec<Reason> {
        let Some(Latest { leg, target, position, exposure, beta, mid, doing }) = self.latest else { return Vec::new() };
        let mut reasons = Vec::new();
        reasons.extend(mid.map(|mid| reason("midpoint at the last sample", mid, "ticks")));
        if let Some((learned, fit)) =
            self.estimator.learned().get(leg).and_then(|learned| Some((learned, learned.fit.as_ref()?)))
        {
            reasons.push(reason("loading on the index", beta, ""));
            if let Some(ou) = fit.ou {
                reasons.push(reason("estimated half-life", ou.half_life(), "s"));
                reasons.push(reason("standard deviation of the residual", ou.sigma_eq, "ticks"));
                let score = (fit.x - ou.m) / ou.sigma_eq;
                reasons.push(reason("s-score, positive is dear", score, "standard deviations"));
            }
            reasons.push(reason("evidence of a break", learned.detector.evidence(), "log odds"));
        }
        reasons.push(reason("exposure to the index", exposure, CONTRACTS));
        reasons.push(reason("target", target as f64, CONTRACTS));
        reasons.push(reason("position", position as f64, CONTRACTS));
        let taking = if doing == Doing::Taking { 1.0 } else { 0.0 };
        reasons.push(reason("patience is over (1) or not (0)", taking, ""));
        reasons
    }
}
