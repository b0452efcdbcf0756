//! An Ornstein-Uhlenbeck process `dX = kappa (m - X) dt + sigma dW` from samples at equal distances, and how wrong that is.
//!
//! Sampled, it is an autoregression `X_{n+1} = a + b X_n + zeta` with `b = e^(-kappa dt)`, `m = a / (1 - b)` and the standard deviation
//! in the long run `sigma_eq = sd(zeta) / sqrt(1 - b^2)` (Avellaneda & Lee 2010, appendix).
//!
//! The estimates are biased, badly so on short windows: `b` towards zero by `(1 + 3 b) / n` (Kendall 1954), and so `kappa` upwards by
//! about `4 / T` whatever it is (Tang & Chen 2009). On a window of four half-lives the reversion seems twice as fast as it is.

/// A fitted autoregression of order one.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ar1 {
    /// The constant.
    pub a: f64,
    /// The coefficient.
    pub b: f64,
    /// Standard deviation of the innovations, with `n - 2`.
    pub noise_sd: f64,
}

/// An Ornstein-Uhlenbeck process that reverts.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ou {
    /// Speed of reversion, 1/time.
    pub kappa: f64,
    /// What it reverts to.
    pub m: f64,
    /// Its standard deviation in the long run.
    pub sigma_eq: f64,
}

impl Ar1 {
    /// Least squares of each sample on the one before; `None` for fewer than four samples or where they do not vary.
    #[allow(clippy::cast_precision_loss, reason = "a count")]
    pub fn fit(x: &[f64]) -> Option<Self> {
        let n = x.len().checked_sub(1).filter(|n| *n >= 3)?;
        let count = n as f64;
        let (before, after) = (&x[..n], &x[1..]);
        let mean = |part: &[f64]| part.iter().sum::<f64>() / count;
        let (mean_before, mean_after) = (mean(before), mean(after));
        let (mut square, mut product) = (0.0, 0.0);
        for (from, to) in before.iter().zip(after) {
            square += (from - mean_before) * (from - mean_before);
            product += (from - mean_before) * (to - mean_after);
        }
        let b = product / square;
        let a = mean_after - b * mean_before;
        let left: f64 = before.iter().zip(after).map(|(from, to)| to - a - b * from).map(|zeta| zeta * zeta).sum();
        let noise_sd = (left / (count - 2.0)).sqrt();
        (b.is_finite() && noise_sd > 0.0).then_some(Self { a, b, noise_sd })
    }

    /// The same with as much less reversion as a fit over so many transitions finds too much, where `bias` is that of `b`. `None` where
    /// nothing is left of it.
    #[must_use]
    pub fn without_bias(&self, bias: f64) -> Option<Self> {
        let b = self.b - bias;
        let reverts = |b: f64| b > 0.0 && b < 1.0;
        (reverts(self.b) && reverts(b)).then(|| Self { a: self.a * (1.0 - b) / (1.0 - self.b), b, ..*self })
    }

    /// The process behind it, sampled every `dt`; `None` where `b` is not between 0 and 1: it does not revert, or it alternates.
    pub fn ou(&self, dt: f64) -> Option<Ou> {
        let Self { a, b, noise_sd } = *self;
        (b > 0.0 && b < 1.0).then(|| Ou {
            kappa: -libm::log(b) / dt,
            m: a / (1.0 - b),
            sigma_eq: noise_sd / (1.0 - b * b).sqrt(),
        })
    }
}

impl Ou {
    /// In what time it halves its distance to its mean.
    pub fn half_life(&self) -> f64 {
        std::f64::consts::LN_2 / self.kappa
    }

    /// `sigma`, its volatility on short times.
    pub fn volatility(&self) -> f64 {
        self.sigma_eq * (2.0 * self.kappa).sqrt()
    }
}

/// How much the fitted `b` falls short of the true one on average, over `n` transitions, mean unknown (Kendall 1954).
pub fn bias_of_b(b: f64, n: f64) -> f64 {
    -(1.0 + 3.0 * b) / n
}

/// The same where a straight line was taken out beforehand, `-(2 + 4 b) / n` (Kendall 1954, Tanaka 1984): cumulated residuals of a
/// regression with a constant begin and end at zero.
pub fn bias_of_b_detrended(b: f64, n: f64) -> f64 {
    -(2.0 + 4.0 * b) / n
}

/// How much the fitted `kappa` exceeds the true one on average, over `n` transitions of `dt`, mean unknown:
/// `(5 + 2 e^(kappa dt) + e^(2 kappa dt)) / (2 n dt)` (Tang & Chen 2009, theorem 3.1.2).
///
/// ```
/// // On fine samples it is 4 / T.
/// assert!((hft_statarb::model::ou::bias_of_kappa(0.2, 1e-6, 1e7) - 0.4).abs() < 1e-6);
/// ```
pub fn bias_of_kappa(kappa: f64, dt: f64, n: f64) -> f64 {
    let growth = libm::exp(kappa * dt);
    (5.0 + 2.0 * growth + growth * growth) / (2.0 * n * dt)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: of 0, 1, 1, 2, 1 the pairs are (0,1) (1,1) (1,2) (2,1): b = 0, a = 5/4.
    #[test]
    fn an_autoregression_on_paper() {
        let fit = Ar1::fit(&[0.0, 1.0, 1.0, 2.0, 1.0]).expect("four pairs");
        assert!(fit.b.abs() < 1e-12 && (fit.a - 1.25).abs() < 1e-12);
        assert!((fit.noise_sd - (0.75f64 / 2.0).sqrt()).abs() < 1e-12);
        assert_eq!(fit.ou(1.0), None, "it alternates");
        assert_eq!(Ar1::fit(&[1.0; 10]), None);
        assert_eq!(Ar1::fit(&[1.0, 2.0, 3.0]), None);
    }

    #[test]
    fn the_process_behind_an_autoregression() {
        let ou = Ar1 { a: 1.0, b: 0.5, noise_sd: 3.0 }.ou(2.0).expect("it reverts");
        assert!((ou.m - 2.0).abs() < 1e-12 && (ou.half_life() - 2.0).abs() < 1e-12);
        assert!((ou.sigma_eq - 12.0f64.sqrt()).abs() < 1e-12);
        assert!((ou.volatility() - (12.0 * std::f64::consts::LN_2).sqrt()).abs() < 1e-12);
        let honest = Ar1 { a: 1.0, b: 0.5, noise_sd: 3.0 }.without_bias(bias_of_b(0.5, 10.0)).expect("it reverts less");
        assert!((honest.b - 0.75).abs() < 1e-12 && (honest.a / (1.0 - honest.b) - 2.0).abs() < 1e-12, "the mean stays");
        assert_eq!(Ar1 { a: 1.0, b: 0.9, noise_sd: 3.0 }.without_bias(-0.1), None);
        assert_eq!(Ar1 { a: 0.0, b: 1.0, noise_sd: 1.0 }.ou(1.0), None, "a random walk");
    }
}
