//! A book of unit orders that arrive by independent Poisson clocks: its rates by distance from the opposite best price.
//!
//! Cont, Stoikov & Talreja (2010) estimate a rate for each distance; Smith, Farmer, Gillemot & Krishnamurthy (2003) have the same
//! rate everywhere.

use super::BestQueues;

/// Limit orders a minute at the distances 1 to 5 (Cont, Stoikov & Talreja 2010, table 2).
pub const CST_LAMBDA: [f64; 5] = [1.85, 1.51, 1.09, 0.88, 0.77];

/// Cancels a minute of each order at the distances 1 to 5, the same table.
pub const CST_THETA: [f64; 5] = [0.71, 0.81, 0.68, 0.56, 0.47];

/// Rates per unit of time; index 0 is one step of price from the opposite best. Orders further away than the last are not in the model.
///
/// ```
/// use hft_core::flow::laws::PoissonRates;
/// let paper = PoissonRates::cont_stoikov_talreja();
/// assert_eq!((paper.lambda[0], paper.theta[19], paper.mu), (1.85, 0.47, 0.94));
/// assert!((paper.best_queues(1).up(2)[0][1] - 0.33517).abs() < 1e-5, "true value of the paper's table 3");
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct PoissonRates {
    /// Limit orders at each distance, each side.
    pub lambda: Vec<f64>,
    /// Cancels of each order at each distance.
    pub theta: Vec<f64>,
    /// Market orders, each side.
    pub mu: f64,
}

impl PoissonRates {
    /// The paper's estimates, per minute, over 20 distances: beyond the fifth, `1.92 / i^0.52` limit orders and the fifth's cancels.
    pub fn cont_stoikov_talreja() -> Self {
        Self::by_distance(&CST_LAMBDA, &CST_THETA, 0.94, 20, |i| 1.92 / libm::pow(i as f64, 0.52))
    }

    /// Rates at so many distances: those listed, then `far(i)` limit orders and the last listed cancels.
    pub fn by_distance(lambda: &[f64], theta: &[f64], mu: f64, levels: usize, far: impl Fn(usize) -> f64) -> Self {
        let last = theta.last().copied().unwrap_or_default();
        Self {
            lambda: (1..=levels).map(|i| lambda.get(i - 1).copied().unwrap_or_else(|| far(i))).collect(),
            theta: (1..=levels).map(|i| theta.get(i - 1).copied().unwrap_or(last)).collect(),
            mu,
        }
    }

    /// The best queues of a book whose spread is so many steps, at least one and at most as many as there are distances.
    pub fn best_queues(&self, spread: usize) -> BestQueues {
        BestQueues {
            lambda: self.lambda[spread - 1],
            theta: self.theta[spread - 1],
            mu: self.mu,
            inside: self.lambda[..spread - 1].iter().sum(),
        }
    }
}
