//! What a contract did beside its factors, and how far that has gone: Avellaneda & Lee (2010), "Statistical arbitrage in the US equities
//! market", Quantitative Finance 10(7) 761, appendix.
//!
//! ```text
//! R_n = alpha dt + sum_k beta_k F_nk + e_n            over a window of N price changes
//! X_n = e_1 + .. + e_n                                an Ornstein-Uhlenbeck process, fitted as an autoregression
//! s   = (X_N - m) / sigma_eq                          how far it is from its mean
//! ```
//!
//! The first trap: with `alpha` estimated, as in the paper, the residuals sum to zero, so `X_N = X_0 = 0`: a straight line has been taken out
//! of the residual's path. Of a deviation `z_0` at the window's beginning and `z_N` at its end the score then shows the mean `(z_0 + z_N) / 2`,
//! half of which is history. Over minutes a drift is nothing, and with `alpha = 0` the score is `z_N`.
//!
//! Here `R` and `F` are changes of prices in ticks: over a minute a price of 100 hardly moves, and a hedge in contracts is exact.
//!
//! The second trap: over 60 changes nearly every series passes the filter "reverts within half the window", a random walk too, because the
//! fit of a short window always finds reversion. The paper command `ou-bias` prints how often.

use super::least_squares::regress;
use super::ou::{Ar1, Ou, bias_of_b, bias_of_b_detrended};

/// Whether the residual may drift.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Drift {
    /// It does not.
    Zero,
    /// It does, and by how much is estimated, as in the paper.
    Estimated,
}

/// What one window says of one contract.
#[derive(Clone, PartialEq, Debug)]
pub struct Fit {
    /// Drift of the residual a sample.
    pub alpha: f64,
    /// Loadings on the factors.
    pub betas: Vec<f64>,
    /// The cumulated residual as an autoregression.
    pub ar1: Ar1,
    /// Where that stands at the end of the window.
    pub x: f64,
    /// And as a process that reverts, where it does; times in samples times `dt`.
    pub ou: Option<Ou>,
}

impl Fit {
    /// Fits a window of price changes, sampled every `dt`. `None` where the regression or the autoregression cannot be made.
    pub fn of(changes: &[f64], factors: &[&[f64]], drift: Drift, dt: f64) -> Option<Self> {
        let ones = vec![1.0; changes.len()];
        let mut columns = factors.to_vec();
        if drift == Drift::Estimated {
            columns.push(&ones);
        }
        let regression = regress(changes, &columns)?;
        let cumulated: Vec<f64> = regression
            .residuals
            .iter()
            .scan(0.0, |sum, residual| {
                *sum += residual;
                Some(*sum)
            })
            .collect();
        let ar1 = Ar1::fit(&cumulated)?;
        let (betas, alpha) = regression.coefficients.split_at(factors.len());
        let alpha = alpha.first().copied().unwrap_or_default();
        let x = cumulated.last().copied().unwrap_or_default();
        Some(Self { alpha, betas: betas.to_vec(), ar1, x, ou: ar1.ou(dt) })
    }

    /// How much its `b` falls short on average, over a window of so many changes.
    #[allow(clippy::cast_precision_loss, reason = "a count")]
    pub fn bias_of_b(&self, drift: Drift, changes: usize) -> f64 {
        match drift {
            Drift::Zero => bias_of_b(self.ar1.b, changes as f64),
            Drift::Estimated => bias_of_b_detrended(self.ar1.b, changes as f64),
        }
    }

    /// The s-score at the end of the window; positive is dear. `None` where nothing reverts.
    pub fn s_score(&self) -> Option<f64> {
        self.ou.map(|ou| (self.x - ou.m) / ou.sigma_eq)
    }

    /// The score less what the drift would do to it in one time of reversion: `s - alpha / (kappa sigma_eq)`, `alpha` a unit of time
    /// (section 4.1).
    pub fn s_score_with_drift(&self, dt: f64) -> Option<f64> {
        self.ou.map(|ou| (self.x - ou.m) / ou.sigma_eq - self.alpha / dt / (ou.kappa * ou.sigma_eq))
    }

    /// The part of the next change that the factors and the drift do not explain.
    pub fn innovation(&self, change: f64, factors: &[f64]) -> f64 {
        change - self.alpha - self.betas.iter().zip(factors).map(|(beta, factor)| beta * factor).sum::<f64>()
    }

    /// True where it reverts fast enough to be traded: `1 / kappa` at most `slowest` of a window of `length` (section 4: half).
    pub fn reverts_within(&self, slowest: f64, length: f64) -> bool {
        self.ou.is_some_and(|ou| ou.kappa * slowest * length >= 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hft_core::world::{draws, stream};

    /// A contract of twice the factor, whose own part is a long autoregression of 0.98: what was put in is found. Not better than that: the
    /// error of beta leaves some of the factor's walk in the residual, as much on a long window as on a short one.
    #[test]
    fn what_was_put_in_is_found() {
        let mut rng = stream(1, "residual");
        let factor: Vec<f64> = (0..20_000).map(|_| draws::normal(&mut rng)).collect();
        let mut own = vec![0.0];
        for _ in 0..20_000 {
            let last = own[own.len() - 1];
            own.push(0.98 * last + draws::normal(&mut rng));
        }
        let changes: Vec<f64> = factor.iter().zip(own.windows(2)).map(|(f, x)| 2.0 * f + x[1] - x[0]).collect();
        let sd = 1.0 / (1.0f64 - 0.98 * 0.98).sqrt();
        let close = |a: f64, b: f64, within: f64| assert!((a - b).abs() < within, "{a} is not {b}");
        for drift in [Drift::Zero, Drift::Estimated] {
            let fit = Fit::of(&changes, &[&factor], drift, 0.5).expect("it can be fitted");
            let ou = fit.ou.expect("it reverts");
            close(fit.betas[0], 2.0, 0.03);
            close(ou.kappa, -libm::log(0.98) / 0.5, 0.01);
            close(ou.sigma_eq, sd, 0.5);
            // The own part began at its mean. What a drift explains of the way from there is half of it.
            let truth = own[20_000] / sd;
            assert!(truth.abs() > 1.0, "far enough to see the difference: {truth}");
            let share = if drift == Drift::Zero { 1.0 } else { 0.5 };
            close(fit.s_score().expect("it reverts"), share * truth, 0.35);
            close(fit.s_score_with_drift(0.5).expect("it reverts"), share * truth, 0.35);
        }
        let fit = Fit::of(&changes, &[&factor], Drift::Zero, 0.5).expect("it can be fitted");
        assert!(fit.reverts_within(0.5, 10_000.0) && !fit.reverts_within(0.001, 100.0));
        assert!((fit.innovation(5.0, &[1.0]) - 3.0).abs() < 0.04);
    }
}
