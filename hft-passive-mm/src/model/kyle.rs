//! Kyle (1985), "Continuous auctions and insider trading", Econometrica 53(6) 1315.
//!
//! One insider knows the value, normal with variance `Sigma_0`; noise traders bring orders of variance `sigma_u^2` per
//! unit of time; a maker who sees only their sum sets the price to its expectation. In the one linear equilibrium the
//! price moves by `lambda` per unit of order flow. In a single auction (theorem 1)
//!
//! ```text
//! lambda = sqrt(Sigma_0) / (2 sigma_u)      beta = sigma_u / sqrt(Sigma_0)      Sigma_1 = Sigma_0 / 2
//! ```
//!
//! in `N` auctions a recursion (theorem 2), and in continuous time `lambda = sqrt(Sigma_0) / sigma_u` (theorem 3). For
//! a market's own data [`estimate`] is the regression of price changes on signed volume.

use serde::{Deserialize, Serialize};

/// The single auction's equilibrium.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct SingleAuction {
    /// Price move per unit of order flow.
    pub lambda: f64,
    /// The insider's order per unit of mispricing.
    pub beta: f64,
    /// Variance of the value after the auction.
    pub posterior_variance: f64,
    /// The insider's expected profit, which is the noise traders' loss.
    pub insider_profit: f64,
}

/// Theorem 1, from the value's variance and the standard deviation of noise trading.
///
/// ```
/// let auction = hft_passive_mm::model::kyle::single_auction(4.0, 10.0);
/// assert!((auction.lambda - 0.1).abs() < 1e-15 && (auction.beta - 5.0).abs() < 1e-15);
/// ```
pub fn single_auction(value_variance: f64, noise_sd: f64) -> SingleAuction {
    let value_sd = value_variance.sqrt();
    SingleAuction {
        lambda: value_sd / (2.0 * noise_sd),
        beta: noise_sd / value_sd,
        posterior_variance: value_variance / 2.0,
        insider_profit: value_sd * noise_sd / 2.0,
    }
}

/// Theorem 3: the constant `lambda` of continuous trading over a unit of time.
pub fn continuous_lambda(value_variance: f64, noise_sd: f64) -> f64 {
    value_variance.sqrt() / noise_sd
}

/// Theorem 2: `lambda_1, .., lambda_N` of `auctions` auctions within a unit of time, with noise of variance
/// `noise_sd^2 / N` in each.
///
/// The recursion runs backwards from `alpha_N = 0` and a guess of the last variance; as it is linear in that variance,
/// one pass with the guess 1 and one rescaling solve it. Within a step, with `c = alpha lambda` the second-order
/// condition `0 < c < 1` picks the root of `lambda^2 sigma_u^2 dt / Sigma_n = (1 - 2c) / (2 (1 - c))`.
///
/// # Panics
/// When `auctions` is zero.
pub fn sequential_lambdas(value_variance: f64, noise_sd: f64, auctions: usize) -> Vec<f64> {
    assert!(auctions > 0, "at least one auction");
    let noise_variance = noise_sd * noise_sd / auctions as f64;
    let (mut variance, mut alpha) = (1.0, 0.0);
    let mut lambdas = vec![0.0; auctions];
    for n in (0..auctions).rev() {
        let lambda = lambda_of_step(alpha, variance, noise_variance);
        lambdas[n] = lambda;
        let c = alpha * lambda;
        // beta dt lambda = (1 - 2c) / (2 (1 - c)), and the variance before is the one after over 1 - beta dt lambda.
        variance /= 1.0 - (1.0 - 2.0 * c) / (2.0 * (1.0 - c));
        alpha = 1.0 / (4.0 * lambda * (1.0 - c));
    }
    // lambda scales with the root of the variance.
    let scale = (value_variance / variance).sqrt();
    lambdas.iter().map(|lambda| lambda * scale).collect()
}

/// The `lambda` of one auction given what the next one is worth (`alpha`) and the variance after it, by bisection: the
/// left side below grows in `lambda` and the right side falls.
fn lambda_of_step(alpha: f64, variance: f64, noise_variance: f64) -> f64 {
    let (mut low, mut high) = (0.0, (variance / (2.0 * noise_variance)).sqrt());
    for _ in 0..200 {
        let lambda = (low + high) / 2.0;
        let c = alpha * lambda;
        let too_high = c >= 0.5 || lambda * lambda * noise_variance / variance > (1.0 - 2.0 * c) / (2.0 * (1.0 - c));
        if too_high {
            high = lambda;
        } else {
            low = lambda;
        }
    }
    (low + high) / 2.0
}

/// A regression through the origin with its standard error.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct LambdaEstimate {
    /// Price units per unit of signed volume.
    pub lambda: f64,
    /// Its standard error, robust to unequal variances (White 1980).
    pub standard_error: f64,
    /// How many observations.
    pub observations: usize,
}

/// Kyle's lambda of a market, from pairs of (signed volume, price change) per interval. `None` without any volume or
/// with fewer than two observations.
pub fn estimate(flow_and_change: &[(f64, f64)]) -> Option<LambdaEstimate> {
    let flow_sq: f64 = flow_and_change.iter().map(|(x, _)| x * x).sum();
    if flow_and_change.len() < 2 || flow_sq <= 0.0 {
        return None;
    }
    let lambda = flow_and_change.iter().map(|(x, y)| x * y).sum::<f64>() / flow_sq;
    let residual = |x: f64, y: f64| y - lambda * x;
    let meat: f64 = flow_and_change.iter().map(|&(x, y)| (x * residual(x, y)) * (x * residual(x, y))).sum();
    Some(LambdaEstimate { lambda, standard_error: meat.sqrt() / flow_sq, observations: flow_and_change.len() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;
    use rand_distr::{Distribution, StandardNormal};

    /// Theorem 1's conditions: the maker's regression slope is `beta Sigma / (beta^2 Sigma + sigma_u^2)` and the
    /// insider's best reply is `1 / (2 lambda)`.
    #[test]
    fn the_single_auction_is_an_equilibrium() {
        for (variance, noise) in [(1.0, 1.0), (4.0, 10.0), (0.09, 250.0)] {
            let SingleAuction { lambda, beta, posterior_variance, insider_profit } = single_auction(variance, noise);
            let slope = beta * variance / (beta * beta * variance + noise * noise);
            assert!((lambda - slope).abs() < 1e-15 * slope.max(1.0) && (beta - 0.5 / lambda).abs() < 1e-9);
            assert!((posterior_variance - (1.0 - slope * beta) * variance).abs() < 1e-12);
            assert!((insider_profit - variance / (4.0 * lambda)).abs() < 1e-9);
        }
    }

    /// Theorem 2 with one auction is theorem 1; with many it tends to theorem 3.
    #[test]
    fn many_auctions_lie_between_one_and_continuous_trading() {
        let (variance, noise) = (2.25, 3.0);
        let one = sequential_lambdas(variance, noise, 1);
        assert!((one[0] - single_auction(variance, noise).lambda).abs() < 1e-12);
        let continuous = continuous_lambda(variance, noise);
        let first = |n: usize| sequential_lambdas(variance, noise, n)[0];
        let gaps = [4, 40, 400, 4_000].map(|n| (first(n) - continuous).abs());
        assert!(gaps.windows(2).all(|pair| pair[1] < pair[0]) && gaps[3] < 2e-3 * continuous, "{gaps:?}");
    }

    #[test]
    fn the_regression_finds_the_lambda_that_made_the_data() {
        let mut rng = ChaCha8Rng::seed_from_u64(2008);
        let mut normal = || -> f64 { StandardNormal.sample(&mut rng) };
        let data: Vec<(f64, f64)> = (0..20_000)
            .map(|_| {
                let flow = 5.0 * normal();
                (flow, 0.03 * flow + 0.2 * normal())
            })
            .collect();
        let found = estimate(&data).expect("there is volume");
        assert!((found.lambda - 0.03).abs() < 4.0 * found.standard_error);
        assert!((found.standard_error - 0.2 / 5.0 / 20_000_f64.sqrt()).abs() < 3e-5, "{found:?}");
        assert_eq!(estimate(&[(0.0, 1.0), (0.0, 2.0)]), None);
    }
}
