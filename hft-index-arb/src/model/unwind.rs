//! The early unwind: a mispricing that will be nothing at expiry may pass through zero before (in the spirit of Brennan & Schwartz 1990).
//!
//! The mispricing is a Brownian bridge from `c1`, at which it was opened, to 0 at `T`. To close early pays where it has reached `-c2`, the cost of closing; the
//! reflection principle says how often it does:
//!
//! ```text
//! P = exp(-2 (c1 + c2) c2 / (g^2 T))
//! ```

/// A mispricing and what it costs to trade it, in one unit of price; time in any unit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bridge {
    /// Where it stands when it is opened.
    pub opened: f64,
    /// How far beyond parity it must go for closing early to pay.
    pub beyond: f64,
    /// Volatility, a square root of a unit of time.
    pub volatility: f64,
    /// Time to expiry.
    pub expiry: f64,
}

impl Bridge {
    /// The probability that it can be closed early.
    ///
    /// ```
    /// use hft_index_arb::model::unwind::Bridge;
    /// let of = |opened, beyond| Bridge { opened, beyond, volatility: 1.0, expiry: 1.0 }.probability();
    /// assert!((of(0.5, 0.5) - 0.3679).abs() < 5e-5);
    /// assert!((of(1.0, 0.5) - 0.2231).abs() < 5e-5);
    /// assert!((of(0.5, 0.25) - 0.6873).abs() < 5e-5);
    /// assert_eq!(of(0.5, 0.0), 1.0, "parity itself is always reached");
    /// ```
    pub fn probability(&self) -> f64 {
        let Self { opened, beyond, volatility, expiry } = *self;
        libm::exp(-2.0 * (opened + beyond) * beyond / (volatility * volatility * expiry))
    }

    /// The probability that it passes `-beyond` between two points of its path, `dt` apart, neither of which is beyond.
    pub fn crossing(&self, from: f64, to: f64, dt: f64) -> f64 {
        let (from, to) = (from + self.beyond, to + self.beyond);
        if from <= 0.0 || to <= 0.0 {
            return 1.0;
        }
        libm::exp(-2.0 * from * to / (self.volatility * self.volatility * dt))
    }

    /// One step of the bridge: the mean and the standard deviation of where it is `dt` later, with `left` to go.
    pub fn step(&self, at: f64, left: f64, dt: f64) -> (f64, f64) {
        let after = (left - dt).max(0.0) / left;
        (at * after, self.volatility * (dt * after).sqrt())
    }
}
