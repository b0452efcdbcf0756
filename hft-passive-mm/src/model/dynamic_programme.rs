//! The exact law of the numerical experiment of Avellaneda & Stoikov (2008), section 3.3, by dynamic programming over
//! `(t, q)`.
//!
//! A step of the experiment is: quote; each side is filled or not, independently, with probability `min(1, A e^{-k d}
//! dt)`; then the mid moves by `+-sigma sqrt(dt)` with equal odds. Quotes depend on `(t, q)` alone, so the profit still
//! to come has moments `U_n(q) = E[X | q]` and `V_n(q) = E[X^2 | q]` that obey
//!
//! ```text
//! U_n(q) = sum_f P(f) ( g + U_{n+1}(q') )
//! V_n(q) = sum_f P(f) ( g^2 + 2 g U_{n+1}(q') + V_{n+1}(q') + q'^2 sigma^2 dt )
//! ```
//!
//! over the four outcomes `f` of the fills, where `g` is what they earn against the mid and `q'` the inventory after
//! them. No path is drawn and nothing is truncated: after `n` steps `q` is within `n` of where it began.

use super::avellaneda_stoikov::{Dealer, Distances, fill_rate};
use serde::{Deserialize, Serialize};

/// How a fill rate becomes a probability over one step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FillLaw {
    /// `min(1, lambda dt)`, literally as in the paper.
    #[default]
    Bernoulli,
    /// `1 - exp(-lambda dt)`: at least one arrival of a Poisson process.
    Exact,
}

impl FillLaw {
    /// The probability that a quote filled at rate `lambda` is filled within `dt`.
    pub fn probability(self, lambda: f64, dt: f64) -> f64 {
        match self {
            FillLaw::Bernoulli => (lambda * dt).min(1.0),
            FillLaw::Exact => -libm::expm1(-lambda * dt),
        }
    }
}

/// The two dealers whom the paper compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Maker {
    /// Quotes around the reservation price.
    Inventory,
    /// Quotes the average spread of the other around the mid.
    Symmetric,
}

impl Maker {
    /// Both, in the order of the paper's tables.
    pub const BOTH: [Maker; 2] = [Maker::Inventory, Maker::Symmetric];

    /// The name in the paper's tables.
    pub const fn name(self) -> &'static str {
        match self {
            Maker::Inventory => "inventory",
            Maker::Symmetric => "symmetric",
        }
    }
}

/// The experiment of section 3.3.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Experiment {
    /// The dealer: `gamma`, `sigma`, `k`.
    pub dealer: Dealer,
    /// Fills a second at the mid, `A`.
    pub a: f64,
    /// The mid at the start, `s0`.
    pub s0: f64,
    /// How long it lasts, `T`.
    pub horizon: f64,
    /// The step asked for; the step taken is [`Experiment::step`].
    pub dt: f64,
    /// Inventory at the start, `q0`.
    pub q0: i32,
    /// How rates become fills.
    pub fill: FillLaw,
}

/// Mean and standard deviations of the experiment.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Mean of the profit: final cash and inventory at the mid, less the inventory's worth at the start.
    pub profit: f64,
    /// Standard deviation of the profit.
    pub profit_sd: f64,
    /// Mean of the final inventory.
    pub final_q: f64,
    /// Standard deviation of the final inventory.
    pub final_q_sd: f64,
}

impl Experiment {
    /// The most steps that an experiment may have: the programme's work grows with their square.
    pub const MAX_STEPS: usize = 10_000;

    /// The paper's parameters, with this `gamma`.
    pub const fn of_the_paper(gamma: f64) -> Self {
        Self {
            dealer: Dealer { gamma, sigma: 2.0, k: 1.5 },
            a: 140.0,
            s0: 100.0,
            horizon: 1.0,
            dt: 0.005,
            q0: 0,
            fill: FillLaw::Bernoulli,
        }
    }

    /// How many steps it has: the whole number nearest to `T / dt`, at least one.
    #[allow(clippy::cast_sign_loss, reason = "a horizon and a step are above zero, and `as` saturates")]
    pub fn steps(&self) -> usize {
        ((self.horizon / self.dt).round() as usize).max(1)
    }

    /// The step taken: `T` divided into [`Experiment::steps`] equal parts.
    pub fn step(&self) -> f64 {
        self.horizon / self.steps() as f64
    }

    /// The quotes of a dealer at the beginning of step `n` with inventory `q`.
    pub fn distances(&self, maker: Maker, n: usize, q: f64) -> Distances {
        match maker {
            Maker::Inventory => self.dealer.quotes(q, self.horizon - n as f64 * self.step()),
            Maker::Symmetric => self.dealer.symmetric_quotes(self.horizon),
        }
    }

    /// The probability that a quote at `distance` is filled in one step.
    pub fn fill_probability(&self, distance: f64) -> f64 {
        self.fill.probability(fill_rate(self.a, self.dealer.k, distance), self.step())
    }

    /// The exact law of the experiment, for one of the dealers.
    ///
    /// # Panics
    /// When it has more than [`Experiment::MAX_STEPS`] steps.
    pub fn solve(&self, maker: Maker) -> Outcome {
        let steps = self.steps();
        assert!(steps <= Self::MAX_STEPS, "an experiment has at most {} steps, not {steps}", Self::MAX_STEPS);
        let q0 = f64::from(self.q0);
        // Index i stands for an inventory of q0 + i - steps - 1; one cell more either side than can be reached.
        let inventory = |i: usize| q0 + (i as f64 - steps as f64 - 1.0);
        let terminal = |i: usize| Moments { profit: 0.0, profit_sq: 0.0, q: inventory(i), q_sq: square(inventory(i)) };
        let mut later: Vec<Moments> = (0..2 * steps + 3).map(terminal).collect();
        let mut now = later.clone();
        let move_variance = square(self.dealer.sigma) * self.step();
        for n in (0..steps).rev() {
            for i in steps + 1 - n..=steps + 1 + n {
                now[i] = self.one_step(maker, n, inventory(i), move_variance, [later[i - 1], later[i], later[i + 1]]);
            }
            std::mem::swap(&mut now, &mut later);
        }
        let Moments { profit, profit_sq, q, q_sq } = later[steps + 1];
        let sd = |mean: f64, sq: f64| (sq - mean * mean).max(0.0).sqrt();
        Outcome { profit, profit_sd: sd(profit, profit_sq), final_q: q, final_q_sd: sd(q, q_sq) }
    }

    /// `later` holds the moments after a step that leaves the inventory one lower, as it is, or one higher.
    fn one_step(&self, maker: Maker, n: usize, q: f64, move_variance: f64, later: [Moments; 3]) -> Moments {
        let Distances { bid, ask } = self.distances(maker, n, q);
        let (p_bid, p_ask) = (self.fill_probability(bid), self.fill_probability(ask));
        let outcomes = [
            ((1.0 - p_bid) * (1.0 - p_ask), 0.0, 1),
            (p_bid * (1.0 - p_ask), bid, 2),
            ((1.0 - p_bid) * p_ask, ask, 0),
            (p_bid * p_ask, bid + ask, 1),
        ];
        let mut sum = Moments::default();
        for (p, gain, to) in outcomes {
            let next = later[to];
            let q_after = q + to as f64 - 1.0;
            sum.profit += p * (gain + next.profit);
            sum.profit_sq +=
                p * (gain * gain + 2.0 * gain * next.profit + next.profit_sq + square(q_after) * move_variance);
            sum.q += p * next.q;
            sum.q_sq += p * next.q_sq;
        }
        sum
    }
}

/// First and second moments of the profit still to come and of the final inventory.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    profit: f64,
    profit_sq: f64,
    q: f64,
    q_sq: f64,
}

fn square(x: f64) -> f64 {
    x * x
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables 1 to 3 of the paper are one draw of 1,000 paths each; these are the values that the draws estimate.
    #[test]
    fn the_exact_values_of_tables_1_to_3() {
        for (gamma, maker, profit, profit_sd, final_q_sd) in [
            (0.1, Maker::Inventory, 64.8925, 6.5432, 2.9268),
            (0.1, Maker::Symmetric, 68.228, 13.457, 8.402),
            (0.01, Maker::Inventory, 68.3996, 8.9606, 5.2125),
            (0.01, Maker::Symmetric, 68.666, 13.678, 8.712),
            (1.0, Maker::Inventory, 31.4545, 4.8379, 1.6414),
            (1.0, Maker::Symmetric, 43.869, 10.751, 5.189),
        ] {
            let exact = Experiment::of_the_paper(gamma).solve(maker);
            println!("{gamma} {maker:?} {exact:?}");
            assert!((exact.profit - profit).abs() < 1e-3, "gamma {gamma} {maker:?}: {exact:?}");
            assert!((exact.profit_sd - profit_sd).abs() < 1e-3, "gamma {gamma} {maker:?}: {exact:?}");
            assert!((exact.final_q_sd - final_q_sd).abs() < 1e-3, "gamma {gamma} {maker:?}: {exact:?}");
            assert!(exact.final_q.abs() < 1e-9, "symmetric in buying and selling");
        }
    }

    /// One step by hand: four outcomes, each with its gain and the variance of the move that follows.
    #[test]
    fn one_step_by_hand() {
        let experiment = Experiment { horizon: 0.005, q0: 1, ..Experiment::of_the_paper(0.1) };
        let Distances { bid, ask } = experiment.distances(Maker::Inventory, 0, 1.0);
        let (b, a) = (experiment.fill_probability(bid), experiment.fill_probability(ask));
        let exact = experiment.solve(Maker::Inventory);
        assert!((exact.profit - (b * bid + a * ask)).abs() < 1e-12);
        assert!((exact.final_q - (1.0 + b - a)).abs() < 1e-12);
        let (none, up, down, both) = ((1.0 - b) * (1.0 - a), b * (1.0 - a), a * (1.0 - b), a * b);
        let risk = 4.0 * 0.005 * (none + 4.0 * up + both);
        let gains = up * bid * bid + down * ask * ask + both * (bid + ask) * (bid + ask);
        assert!((exact.profit_sd - (gains + risk - exact.profit * exact.profit).sqrt()).abs() < 1e-12);
    }

    /// The two fill laws agree as the step shrinks, and differ at the paper's.
    #[test]
    fn the_fill_laws_meet_at_small_steps() {
        let solve = |fill, dt| Experiment { fill, dt, ..Experiment::of_the_paper(0.1) }.solve(Maker::Inventory).profit;
        let coarse = (solve(FillLaw::Bernoulli, 0.005) - solve(FillLaw::Exact, 0.005)).abs();
        let fine = (solve(FillLaw::Bernoulli, 0.0005) - solve(FillLaw::Exact, 0.0005)).abs();
        assert!(coarse > 1.0 && fine < 0.2 * coarse, "{coarse} {fine}");
    }

    #[test]
    fn a_step_that_does_not_divide_the_horizon_is_adjusted() {
        let experiment = Experiment { dt: 0.3, ..Experiment::of_the_paper(0.1) };
        assert_eq!(experiment.steps(), 3);
        assert!((experiment.step() - 1.0 / 3.0).abs() < 1e-15);
    }
}
