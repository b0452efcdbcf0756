//! `(A, k, sigma)` from a market's own trades and mids, with confidence intervals.
//!
//! Avellaneda & Stoikov assume that a quote at distance `d` from the mid is filled at rate `A exp(-k d)`.
//! Fernandez-Tapia (2015, thesis, Université Pierre et Marie Curie) and Lehalle & Laruelle (2013, "Market
//! microstructure in practice") estimate that law by following virtual quotes: at each of several distances, count the
//! arrivals that reach it and the time it was exposed, and fit the logarithm of the rate by a line. Here the line is
//! fitted by maximum likelihood for Poisson counts,
//!
//! ```text
//! max over (ln A, k) of   sum_j  n_j (ln A - k d_j) - T_j exp(ln A - k d_j)
//! ```
//!
//! One arrival reaches every distance up to its depth, so the counts of a window are dependent and the textbook
//! information matrix would promise too much. The intervals use the sandwich estimator clustered by window instead
//! (Liang & Zeger 1986), which asks only that windows be nearly independent.
//!
//! Left out: queue position (a virtual quote is filled by whatever reaches its price), and a fill law that is not
//! exponential: look at [`IntensityFit::rates`] beside the fitted line before trusting it.

use serde::{Deserialize, Serialize};

/// A number and its 95 % confidence interval.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Estimate {
    /// The most likely value.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// What virtual quotes at several distances met during one window of time.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Window {
    /// Arrivals that reached each distance, both sides together.
    pub fills: Vec<f64>,
    /// Seconds for which a quote stood at each distance, both sides together.
    pub exposure: f64,
}

/// The fitted law of fills.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct IntensityFit {
    /// Fills a second at the mid, `A`.
    pub a: Estimate,
    /// Decay with distance, `k`.
    pub k: Estimate,
    /// The raw rate at each distance, to hold beside the line.
    pub rates: Vec<f64>,
}

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_985;
/// Newton's method on this concave problem needs fewer than ten steps from where it starts.
const MAX_STEPS: u32 = 100;

/// Fits `A` and `k` to windows of counts at `distances`. `None` with fewer than two windows, or unless fills happened
/// at two distances and became rarer with distance: without those the likelihood has no maximum at a positive `k`.
///
/// # Panics
/// When a window has not one count per distance.
pub fn fit_intensity(distances: &[f64], windows: &[Window]) -> Option<IntensityFit> {
    let exposure: f64 = windows.iter().map(|window| window.exposure).sum();
    let mut fills = vec![0.0; distances.len()];
    for window in windows {
        assert_eq!(window.fills.len(), distances.len(), "one count per distance");
        fills.iter_mut().zip(&window.fills).for_each(|(sum, n)| *sum += n);
    }
    if windows.len() < 2 || exposure <= 0.0 || fills.iter().filter(|&&n| n > 0.0).count() < 2 {
        return None;
    }
    let [ln_a, k] = maximise(distances, &fills, exposure)?;
    if k <= 0.0 {
        return None;
    }
    let model = |d: &f64| libm::exp(ln_a - k * d);
    let information = distances.iter().fold(Symmetric::default(), |sum, d| sum.plus(exposure * model(d), [1.0, -d]));
    let meat = windows.iter().fold(Symmetric::default(), |sum, window| {
        let mut score = [0.0; 2];
        for (d, n) in distances.iter().zip(&window.fills) {
            let surprise = n - window.exposure * model(d);
            score = [score[0] + surprise, score[1] - surprise * d];
        }
        sum.plus(1.0, score)
    });
    let bread = information.inverse()?;
    let small_sample = windows.len() as f64 / (windows.len() as f64 - 1.0);
    let [var_ln_a, var_k] = bread.sandwich(meat).map(|v| v * small_sample);
    let (ln_a_reach, k_reach) = (Z * var_ln_a.sqrt(), Z * var_k.sqrt());
    Some(IntensityFit {
        a: Estimate { value: libm::exp(ln_a), low: libm::exp(ln_a - ln_a_reach), high: libm::exp(ln_a + ln_a_reach) },
        k: Estimate { value: k, low: k - k_reach, high: k + k_reach },
        rates: fills.iter().map(|n| n / exposure).collect(),
    })
}

/// Newton's method from the constant rate, halving steps that overshoot.
fn maximise(distances: &[f64], fills: &[f64], exposure: f64) -> Option<[f64; 2]> {
    let likelihood = |[ln_a, k]: [f64; 2]| -> f64 {
        let term = |(d, n): (&f64, &f64)| n * (ln_a - k * d) - exposure * libm::exp(ln_a - k * d);
        distances.iter().zip(fills).map(term).sum()
    };
    let total: f64 = fills.iter().sum();
    let mut at = [libm::log(total / (exposure * distances.len() as f64)), 0.0];
    for _ in 0..MAX_STEPS {
        let (mut gradient, mut information) = ([0.0; 2], Symmetric::default());
        for (d, n) in distances.iter().zip(fills) {
            let mean = exposure * libm::exp(at[0] - at[1] * d);
            gradient = [gradient[0] + n - mean, gradient[1] - (n - mean) * d];
            information = information.plus(mean, [1.0, -d]);
        }
        let step = information.inverse()?.times(gradient);
        let before = likelihood(at);
        let tried = (0..60).map(|i| 0.5_f64.powi(i)).map(|s| [at[0] + s * step[0], at[1] + s * step[1]]);
        let next = tried.into_iter().find(|&next| likelihood(next) >= before - 1e-12 * before.abs())?;
        let small = (next[0] - at[0]).abs() <= 1e-12 * at[0].abs().max(1.0)
            && (next[1] - at[1]).abs() <= 1e-12 * at[1].abs().max(f64::MIN_POSITIVE);
        at = next;
        if small {
            break;
        }
    }
    Some(at)
}

/// `sigma`, from changes of the mid over intervals of `interval` seconds. The interval of confidence is built on the
/// logarithm, from the changes' own fourth moment, so that jumps widen it. `None` with fewer than two changes or none
/// that is not zero.
pub fn fit_sigma(changes: &[f64], interval: f64) -> Option<Estimate> {
    let n = changes.len() as f64;
    let second = changes.iter().map(|x| x * x).sum::<f64>() / n;
    let fourth = changes.iter().map(|x| x * x * x * x).sum::<f64>() / n;
    if changes.len() < 2 || second <= 0.0 || interval <= 0.0 {
        return None;
    }
    let value = (second / interval).sqrt();
    let reach = Z * ((fourth / (second * second) - 1.0).max(0.0) / n).sqrt() / 2.0;
    Some(Estimate { value, low: value * libm::exp(-reach), high: value * libm::exp(reach) })
}

/// A symmetric two by two matrix.
#[derive(Clone, Copy, Debug, Default)]
struct Symmetric {
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Symmetric {
    /// Adds `weight * v v'`.
    fn plus(self, weight: f64, [x, y]: [f64; 2]) -> Self {
        Self { xx: self.xx + weight * x * x, xy: self.xy + weight * x * y, yy: self.yy + weight * y * y }
    }

    fn inverse(self) -> Option<Self> {
        let det = self.xx * self.yy - self.xy * self.xy;
        (det > 0.0 && det.is_finite()).then(|| Self { xx: self.yy / det, xy: -self.xy / det, yy: self.xx / det })
    }

    fn times(self, [x, y]: [f64; 2]) -> [f64; 2] {
        [self.xx * x + self.xy * y, self.xy * x + self.yy * y]
    }

    /// The diagonal of `self meat self`.
    fn sandwich(self, meat: Self) -> [f64; 2] {
        let rows = [[self.xx, self.xy], [self.xy, self.yy]];
        rows.map(|row| {
            let [x, y] = meat.times(row);
            row[0] * x + row[1] * y
        })
    }
}

#[cfg(test)]
#[path = "calibration_tests.rs"]
mod tests;
