//! What `explain` is told: the numbers of the latest decision, in the order in which they follow from one another.

use super::PassiveMm;
use super::quoter::{Pair, Situation};
use hft_core::trader::Reason;

/// A decision, as far as it was a matter of numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Latest {
    /// Price units.
    pub(super) mid: f64,
    pub(super) at: Situation,
    /// What VPIN added to each distance, price units.
    pub(super) widened: f64,
    /// Distances of bid and ask from the mid, price units.
    pub(super) distances: Pair,
}

pub(super) const fn reason(name: &'static str, value: f64, unit: &'static str) -> Reason {
    Reason { name, value, unit }
}

pub(super) const PRICE: &str = "price units";

impl PassiveMm {
    /// Its latest decision in numbers; empty before the first.
    pub(super) fn reasons(&self) -> Vec<Reason> {
        let Some(Latest { mid, at, widened, distances }) = self.latest else { return Vec::new() };
        let mut reasons = vec![reason("midpoint", mid, PRICE), reason("inventory", at.inventory, "contracts")];
        self.quoter.reasons(at, &mut reasons);
        if self.meter.is_some() {
            reasons.push(reason("added by the toxicity of the flow", widened, PRICE));
        }
        let sides = ["bid below the midpoint", "ask above the midpoint"];
        let distances = sides.into_iter().zip(distances);
        reasons.extend(distances.filter_map(|(name, distance)| Some(reason(name, distance?, PRICE))));
        reasons
    }
}
