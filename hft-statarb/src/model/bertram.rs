//! Bertram (2010), "Analytic solutions for optimal statistical arbitrage trading", Physica A 389(11) 2234.
//!
//! A spread follows `dX = -alpha X dt + eta dW`. It is bought at `a < 0`, sold at `m > a`, and waited for again; a round trip costs `c`.
//! The expected length of such a cycle is
//!
//! ```text
//! E[T] = (pi / alpha) (erfi(m sqrt(alpha) / eta) - erfi(a sqrt(alpha) / eta))
//! ```
//!
//! and the return a unit of time, `(m - a - c) / E[T]`, is largest at `m = -a`. With `z = -a sqrt(alpha) / eta` the first-order condition
//! is `z - D(z) = c sqrt(alpha) / (2 eta)`, `D` Dawson's integral: the left side grows from zero without end, so there is one answer for
//! every cost.

use super::special::{dawson, erfi};

/// The spread and what a round trip in it costs.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Spread {
    /// Speed of reversion, 1/time.
    pub alpha: f64,
    /// Volatility on short times.
    pub eta: f64,
    /// Cost of a round trip, in units of the spread.
    pub c: f64,
}

/// The thresholds that earn most, and what they earn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Optimum {
    /// Where to buy; `-a` is where to sell.
    pub a: f64,
    /// Expected length of a cycle.
    pub cycle: f64,
    /// Expected return a unit of time.
    pub rate: f64,
}

impl Spread {
    /// Expected length of a cycle from `a` to `m` and back.
    pub fn cycle(&self, a: f64, m: f64) -> f64 {
        let scale = self.alpha.sqrt() / self.eta;
        std::f64::consts::PI / self.alpha * (erfi(m * scale) - erfi(a * scale))
    }

    /// The thresholds of the largest return a unit of time.
    ///
    /// ```
    /// use hft_statarb::model::bertram::Spread;
    /// let optimum = Spread { alpha: 180.9670, eta: 0.1538, c: 0.001 }.optimum();
    /// assert!((optimum.a + 0.004715).abs() < 1e-6 && (optimum.cycle - 0.017122).abs() < 1e-6);
    /// ```
    pub fn optimum(&self) -> Optimum {
        let Self { alpha, eta, c } = *self;
        let scale = alpha.sqrt() / eta;
        let target = c * scale / 2.0;
        // z - D(z) is below z, and above z - 0.55.
        let (mut low, mut high) = (target, target + 1.0);
        // Near zero it is 2 z^3 / 3, which the bracket above does not hold.
        while high - dawson(high) < target {
            high *= 2.0;
        }
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if middle - dawson(middle) < target { low = middle } else { high = middle }
        }
        let a = -0.5 * (low + high) / scale;
        let cycle = self.cycle(a, -a);
        Optimum { a, cycle, rate: (-2.0 * a - c) / cycle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No neighbour earns more, symmetric or not, over costs of every size.
    #[test]
    fn nothing_near_the_optimum_earns_more() {
        for (alpha, eta, c) in [(180.967, 0.1538, 0.001), (0.3, 10.0, 4.0), (2.0, 1.0, 1e-6), (1.0, 1.0, 5.0)] {
            let spread = Spread { alpha, eta, c };
            let Optimum { a, rate, .. } = spread.optimum();
            assert!(a < 0.0 && -2.0 * a > c && rate > 0.0, "{spread:?}");
            let earned = |a: f64, m: f64| (m - a - c) / spread.cycle(a, m);
            for (down, up) in [(0.99, 0.99), (1.01, 1.01), (0.99, 1.01), (1.0, 1.02), (1.05, 1.0)] {
                assert!(earned(a * down, -a * up) < rate, "{spread:?} {down} {up}");
            }
        }
    }
}
