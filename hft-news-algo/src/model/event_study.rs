//! Abnormal returns around news: the market model, the test of their mean, and the power of that test (Brown & Warner 1985).
//!
//! `R = alpha + beta R_m + e` is fitted before the event; what a contract does beside it afterwards, summed, is its cumulated abnormal
//! return. Over `N` events `t = mean sqrt(N) / sd` is Student's with `N - 1` degrees of freedom where there is no effect, and
//! noncentral, `delta = sqrt(N) effect / sd`, where there is one.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The market model of one contract.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MarketModel {
    /// What it earns by itself.
    pub alpha: f64,
    /// How much of the market it does.
    pub beta: f64,
}

impl MarketModel {
    /// Least squares of returns on the market's; a market that stands still explains nothing.
    pub fn fit(market: &[f64], returns: &[f64]) -> Self {
        let count = market.len().max(1) as f64;
        let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / count;
        let (mean_market, mean_return) = (mean(market), mean(returns));
        let pairs = market.iter().zip(returns);
        let (mut cross, mut squares) = (0.0, 0.0);
        for (x, y) in pairs {
            cross += (x - mean_market) * (y - mean_return);
            squares += (x - mean_market) * (x - mean_market);
        }
        let beta = if squares > 0.0 { cross / squares } else { 0.0 };
        Self { alpha: mean_return - beta * mean_market, beta }
    }

    /// What is left of a return.
    pub fn abnormal(self, market: f64, own: f64) -> f64 {
        own - self.alpha - self.beta * market
    }
}

/// Mean, standard error and t of some numbers; nothing of fewer than two.
pub fn t_test(numbers: &[f64]) -> Option<(f64, f64, f64)> {
    let count = numbers.len() as f64;
    if numbers.len() < 2 {
        return None;
    }
    let mean = numbers.iter().sum::<f64>() / count;
    let squares: f64 = numbers.iter().map(|number| (number - mean) * (number - mean)).sum();
    let error = (squares / (count - 1.0) / count).sqrt();
    Some((mean, error, mean / error))
}

/// What |t| is exceeded with probability `level` where there is no effect.
pub fn critical(events: u64, level: f64) -> f64 {
    let student = StudentsT::new(0.0, 1.0, events as f64 - 1.0).expect("at least two events");
    student.inverse_cdf(1.0 - level / 2.0)
}

/// The probability that the two-sided test of this level rejects, with an effect of `shift` standard deviations of one event.
///
/// `P(|T| > c) = E[Phi(delta - c S) + Phi(-delta - c S)]`, `S^2` a chi-squared over its degrees of freedom.
pub fn power(events: u64, shift: f64, level: f64) -> f64 {
    let nu = events as f64 - 1.0;
    let (c, delta) = (critical(events, level), (events as f64).sqrt() * shift);
    // The density of S: s^(nu - 1) e^(-nu s^2 / 2), scaled by its own integral below.
    let log_density = |s: f64| (nu - 1.0) * libm::log(s) - nu * s * s / 2.0;
    let mode = if nu > 1.0 { ((nu - 1.0) / nu).sqrt() } else { 1e-6 };
    let (peak, width) = (log_density(mode), 10.0 / (2.0 * nu).sqrt());
    let (low, high) = ((mode - width).max(1e-9), mode + width);
    let (mut inside, mut whole) = (0.0, 0.0);
    for i in 0..STEPS {
        let s = low + (high - low) * (f64::from(i) + 0.5) / f64::from(STEPS);
        let density = libm::exp(log_density(s) - peak);
        whole += density;
        inside += density * (normal_cdf(delta - c * s) + normal_cdf(-delta - c * s));
    }
    inside / whole
}

/// Midpoints of the integral over the deviation's estimate.
const STEPS: u32 = 4_000;

fn normal_cdf(x: f64) -> f64 {
    libm::erfc(-x / std::f64::consts::SQRT_2) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without an effect the test errs as often as it says; with one the figures are those of the noncentral t (Cohen 1988, table 2.3.5
    /// for one sample: d = .5, n = 34 has power .80 within a hundredth).
    #[test]
    fn size_and_power_are_those_of_the_tables() {
        for events in [2, 5, 30, 1_000] {
            assert!((power(events, 0.0, 0.05) - 0.05).abs() < 2e-4, "{events}: {}", power(events, 0.0, 0.05));
        }
        assert!((power(34, 0.5, 0.05) - 0.808).abs() < 0.003, "{}", power(34, 0.5, 0.05));
        assert!((power(20, 1.0, 0.05) - 0.9886).abs() < 0.002, "{}", power(20, 1.0, 0.05));
        assert!((critical(11, 0.05) - 2.228_139).abs() < 1e-5);
    }

    #[test]
    fn the_market_model_finds_what_it_was_made_of() {
        let market: Vec<f64> = (0..50).map(|i| f64::from(i % 7) - 3.0).collect();
        let returns: Vec<f64> = market.iter().map(|x| 0.5 + 1.5 * x).collect();
        let model = MarketModel::fit(&market, &returns);
        assert!((model.alpha - 0.5).abs() < 1e-12 && (model.beta - 1.5).abs() < 1e-12);
        assert!((model.abnormal(2.0, 4.5) - 1.0).abs() < 1e-12);
    }
}
