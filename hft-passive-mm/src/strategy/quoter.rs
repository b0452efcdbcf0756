//! The four makers, each as one question: how far from the mid, on either side?

use super::flow::Fitted;
use super::rationale::{PRICE, reason};
use crate::config::{GlftKind, HorizonKind, ModelConfig, PassiveMmConfig, StrategyKind};
use crate::model::avellaneda_stoikov::Dealer;
use crate::model::glft::{Glft, GlftQuotes, LogValues};
use hft_core::models::Side;
use hft_core::trader::Reason;

/// Distances of bid and ask from the mid, price units; `None` where the model does not quote.
pub(super) type Pair = [Option<f64>; 2];

/// What a maker's model is asked with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Situation {
    /// Inventory, contracts.
    pub(super) inventory: f64,
    /// Seconds since the start of the run.
    pub(super) time: f64,
    /// The micro-price less the mid, price units; zero while unknown.
    pub(super) micro_shift: f64,
}

/// A maker's model with its parameters.
#[derive(Debug)]
pub(super) struct Quoter {
    kind: StrategyKind,
    half_spread: f64,
    inv_spread_mult: f64,
    inv_limit: f64,
    size: f64,
    model: ModelConfig,
    /// The GLFT values solved last, and for what.
    solved: Option<(Glft, f64, LogValues)>,
}

/// A session's remaining time is told apart in so many steps: each needs the equation solved once.
const SESSION_STEPS: f64 = 100.0;

impl Quoter {
    pub(super) fn new(config: &PassiveMmConfig) -> Self {
        let PassiveMmConfig { half_spread, inv_spread_mult, inv_limit, size, strategy, model, .. } = *config;
        Self { kind: strategy, half_spread, inv_spread_mult, inv_limit, size, model, solved: None }
    }

    /// Parameters learned from the market replace the configured ones.
    pub(super) fn learn(&mut self, fitted: Fitted) {
        self.model.sigma = fitted.sigma.unwrap_or(self.model.sigma);
        if let Some((a, k)) = fitted.intensity {
            (self.model.a, self.model.k) = (a, k);
        }
    }

    /// Where the model would quote.
    pub(super) fn distances(&mut self, at: Situation) -> Pair {
        match self.kind {
            StrategyKind::Skew => self.skew(at.inventory),
            StrategyKind::Microprice => {
                let [bid, ask] = self.skew(at.inventory);
                [bid.map(|d| d - at.micro_shift), ask.map(|d| d + at.micro_shift)]
            }
            StrategyKind::AvellanedaStoikov => self.avellaneda_stoikov(at),
            StrategyKind::Glft => self.glft(at),
        }
    }

    /// `h (1 + m max(s q, 0) / L)` for the side of sign `s`: the side that would add to the position stands further
    /// out.
    fn skew(&self, inventory: f64) -> Pair {
        Side::BOTH.map(|side| {
            let adding = (inventory * side.sign() as f64).max(0.0);
            Some(self.half_spread * (1.0 + self.inv_spread_mult * adding / self.inv_limit))
        })
    }

    /// The papers' unit of inventory is one fill. With fills of `size` contracts, `q` counts those, and `gamma` per
    /// contract is `gamma size` per unit.
    fn dealer(&self) -> Dealer {
        Dealer { gamma: self.model.gamma * self.size, sigma: self.model.sigma, k: self.model.k }
    }

    fn time_left(&self, time: f64) -> f64 {
        let horizon = self.model.horizon_s;
        match self.model.horizon {
            HorizonKind::Rolling => horizon,
            HorizonKind::Session => horizon - time % horizon,
            HorizonKind::Infinite => f64::INFINITY,
        }
    }

    fn avellaneda_stoikov(&self, at: Situation) -> Pair {
        let units = at.inventory / self.size;
        if self.model.horizon == HorizonKind::Infinite {
            let (bid, ask) = self.dealer().infinite_horizon_quotes(units, self.inv_limit / self.size);
            return [bid, ask];
        }
        let quotes = self.dealer().quotes(units, self.time_left(at.time));
        [Some(quotes.bid), Some(quotes.ask)]
    }

    /// Between whole units the distances are interpolated: a partial fill moves the quotes by its part.
    fn glft(&mut self, at: Situation) -> Pair {
        let limit = (self.inv_limit / self.size + 1e-9).floor();
        let units = (at.inventory / self.size).clamp(-limit, limit);
        let below = self.glft_at(units.floor(), at.time);
        let above = self.glft_at(units.ceil(), at.time);
        let part = units - units.floor();
        let between = |low: Option<f64>, high: Option<f64>| match (low, high) {
            (Some(low), Some(high)) => Some(low + part * (high - low)),
            // At the limit one side is gone; a partial fill short of it quotes as the unit before does.
            (one, other) => one.or(other).filter(|_| part > 0.0),
        };
        [between(below.bid, above.bid), between(below.ask, above.ask)]
    }

    fn glft_at(&mut self, units: f64, time: f64) -> GlftQuotes {
        let dealer = self.dealer();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "`as` saturates, and validation bounds the ratio"
        )]
        let q_max = ((self.inv_limit / self.size + 1e-9) as u16).clamp(1, Glft::MAX_Q);
        let problem = Glft { sigma: dealer.sigma, a: self.model.a, k: dealer.k, gamma: dealer.gamma, q_max };
        #[allow(clippy::cast_possible_truncation, reason = "clamped to the limit")]
        let q = units as i32;
        if self.model.glft == GlftKind::ClosedForm {
            return problem.closed_form_quotes(q);
        }
        let time_left = self.session_step(self.time_left(time));
        let fresh =
            |(known, left, _): &&(Glft, f64, LogValues)| *known == problem && left.total_cmp(&time_left).is_eq();
        if self.solved.as_ref().filter(fresh).is_none() {
            self.solved = Some((problem, time_left, problem.log_values(time_left)));
        }
        let (_, _, values) = self.solved.as_ref().expect("solved above");
        problem.quotes_at(values, q)
    }

    fn session_step(&self, time_left: f64) -> f64 {
        match self.model.horizon {
            HorizonKind::Session => {
                let step = self.model.horizon_s / SESSION_STEPS;
                (time_left / step).ceil() * step
            }
            HorizonKind::Rolling | HorizonKind::Infinite => time_left,
        }
    }
}

impl Quoter {
    /// What the model's distances are made of.
    pub(super) fn reasons(&self, at: Situation, reasons: &mut Vec<Reason>) {
        match self.kind {
            StrategyKind::Skew => self.skew_reasons(reasons),
            StrategyKind::Microprice => {
                reasons.push(reason("micro-price above the midpoint", at.micro_shift, PRICE));
                self.skew_reasons(reasons);
            }
            StrategyKind::AvellanedaStoikov | StrategyKind::Glft => self.model_reasons(at, reasons),
        }
    }

    fn skew_reasons(&self, reasons: &mut Vec<Reason>) {
        reasons.push(reason("half spread when flat", self.half_spread, PRICE));
        let widest = self.half_spread * self.inv_spread_mult / self.inv_limit;
        reasons.push(reason("more of it for each contract held", widest, PRICE));
    }

    fn model_reasons(&self, at: Situation, reasons: &mut Vec<Reason>) {
        let dealer = self.dealer();
        reasons.push(reason("risk aversion gamma", self.model.gamma, "1/(price unit x contract)"));
        reasons.push(reason("volatility sigma", dealer.sigma, "price units per square root of a second"));
        reasons.push(reason("decay k of fills with distance", dealer.k, "1/price unit"));
        if self.kind == StrategyKind::Glft {
            reasons.push(reason("fills A at the midpoint", self.model.a, "fills a second and side"));
        } else if self.model.horizon != HorizonKind::Infinite {
            let left = self.time_left(at.time);
            reasons.push(reason("time left", left, "s"));
            let shift = dealer.reservation_shift(at.inventory / self.size, left);
            reasons.push(reason("reservation price above the midpoint", shift, PRICE));
            reasons.push(reason("half of the optimal spread", dealer.spread(left) / 2.0, PRICE));
        }
    }
}

#[cfg(test)]
#[path = "quoter_tests.rs"]
mod tests;
