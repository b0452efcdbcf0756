//! Guéant, Lehalle & Fernandez-Tapia (2013), "Dealing with the inventory risk", Mathematics and Financial Economics 7,
//! 477.
//!
//! The problem of [`avellaneda_stoikov`](super::avellaneda_stoikov) with the inventory held within `[-Q, Q]`, solved
//! exactly. A change of variables makes its Hamilton-Jacobi-Bellman equation linear (theorem 1):
//!
//! ```text
//! v' = M v,  v(T) = (1, .., 1),  M tridiagonal: alpha q^2 on the diagonal, -eta beside it
//! alpha = k gamma sigma^2 / 2      eta = A (1 + gamma/k)^-(1 + k/gamma)
//! delta^b(t, q) = (1/k) ln(v_q / v_{q+1}) + (1/gamma) ln(1 + gamma/k)      none at q =  Q
//! delta^a(t, q) = (1/k) ln(v_q / v_{q-1}) + (1/gamma) ln(1 + gamma/k)      none at q = -Q
//! ```
//!
//! The quotes are logarithms of *ratios* of components that may differ by hundreds of orders of magnitude, so what is
//! needed of `v(t) = exp(-M (T - t)) 1` is every component to a small *relative* error. An eigendecomposition and the
//! usual Padé exponential promise an error small against the largest component, which is not that. [`Glft::log_values`]
//! uses that `-M` has no negative entry off its diagonal: shifted by a constant, all its powers are sums of positive
//! terms, and nothing ever cancels.
//!
//! Left out: the drift, the market impact and the other extensions of the paper.

use serde::{Deserialize, Serialize};

/// The parameters of the problem.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Glft {
    /// Volatility of the mid, `sigma`; zero or more.
    pub sigma: f64,
    /// Fills a second at the mid, `A`, above zero.
    pub a: f64,
    /// How fast the fill rate decays with distance, `k`, above zero.
    pub k: f64,
    /// Risk aversion `gamma`, above zero.
    pub gamma: f64,
    /// The inventory limit `Q`, in units; at least 1, at most [`Glft::MAX_Q`].
    pub q_max: u16,
}

/// The quotes of one inventory, as distances from the mid.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct GlftQuotes {
    /// The inventory `q`.
    pub q: i32,
    /// Mid less bid; `None` at `Q`, where nothing more is bought.
    pub bid: Option<f64>,
    /// Ask less mid; `None` at `-Q`.
    pub ask: Option<f64>,
}

/// `ln(v_q / v_0)` for `q = 0..=Q`; `v` is even in `q`.
#[derive(Clone, PartialEq, Debug)]
pub struct LogValues(Vec<f64>);

/// How much of the generator's norm one stretch of time may cover: `e^64` is far from overflow.
const STRETCH: f64 = 64.0;
/// Terms of the exponential series that a stretch can need at most (it ends, when they no longer count, near 200).
const MAX_TERMS: u32 = 1_000;
/// The values are stationary when a stretch changes no logarithm by more than this, relative to its size.
const STATIONARY: f64 = 5e-14;

impl Glft {
    /// The largest inventory limit: the work grows with its third power.
    pub const MAX_Q: u16 = 300;

    /// `alpha = k gamma sigma^2 / 2`.
    pub fn alpha(&self) -> f64 {
        self.k / 2.0 * self.gamma * self.sigma * self.sigma
    }

    /// `eta = A (1 + gamma/k)^-(1 + k/gamma)`.
    pub fn eta(&self) -> f64 {
        self.a * libm::exp(-(1.0 + self.k / self.gamma) * libm::log1p(self.gamma / self.k))
    }

    /// The exact quotes with `time_left = T - t` to go, for every inventory from `-Q` to `Q`.
    ///
    /// ```
    /// use hft_passive_mm::model::glft::Glft;
    /// let glft = Glft { sigma: 0.3, a: 0.9, k: 0.3, gamma: 0.01, q_max: 30 };
    /// let quotes = glft.quotes(600.0);
    /// assert_eq!(quotes.len(), 61);
    /// assert!(quotes[60].bid.is_none() && quotes[0].ask.is_none());
    /// ```
    pub fn quotes(&self, time_left: f64) -> Vec<GlftQuotes> {
        let values = self.log_values(time_left);
        let limit = i32::from(self.q_max);
        (-limit..=limit).map(|q| self.quotes_at(&values, q)).collect()
    }

    /// The quotes of one inventory from values computed before.
    pub fn quotes_at(&self, values: &LogValues, q: i32) -> GlftQuotes {
        let distance = |to: i32| {
            let ratio = values.of(q)? - values.of(to)?;
            Some(ratio / self.k + libm::log1p(self.gamma / self.k) / self.gamma)
        };
        GlftQuotes { q, bid: distance(q + 1), ask: distance(q - 1) }
    }

    /// The closed-form approximation of the quotes far from the end, after theorem 2:
    /// `(1/gamma) ln(1 + gamma/k) + (2q +- 1)/2 sqrt(sigma^2 gamma / (2 k A) (1 + gamma/k)^(1 + k/gamma))`.
    pub fn closed_form_quotes(&self, q: i32) -> GlftQuotes {
        let margin = libm::log1p(self.gamma / self.k) / self.gamma;
        let slope = (self.sigma * self.sigma * self.gamma / (2.0 * self.k * self.eta())).sqrt();
        let limit = i32::from(self.q_max);
        let bid = margin + f64::from(2 * q + 1) / 2.0 * slope;
        let ask = margin - f64::from(2 * q - 1) / 2.0 * slope;
        GlftQuotes { q, bid: (q < limit).then_some(bid), ask: (q > -limit).then_some(ask) }
    }

    /// `ln(v_q(t) / v_0(t))` with `time_left = T - t` to go, every one to a small error of its own. An infinite
    /// `time_left` gives the limit: the positive eigenvector of `M` that the paper calls `f^0` (theorem 2).
    ///
    /// A stretch of time `h` starts from `v = e^l`. With `D = diag(e^l)`, `v(t - h) = D e^{-D^-1 M D h} 1`; the matrix
    /// in the exponent has entries of moderate size whatever the range of `v`, and shifted by `alpha Q^2` none is
    /// negative. Summing its exponential series against the vector of ones therefore keeps all digits; taking
    /// logarithms starts the next stretch.
    ///
    /// # Panics
    /// When `Q` is zero or above [`Glft::MAX_Q`], or another parameter is out of the range stated at its field.
    pub fn log_values(&self, time_left: f64) -> LogValues {
        assert!((1..=Self::MAX_Q).contains(&self.q_max), "Q is 1 to {}, not {}", Self::MAX_Q, self.q_max);
        let positive = [self.a, self.k, self.gamma].iter().all(|&x| x > 0.0 && x.is_finite());
        assert!(positive && self.sigma >= 0.0 && time_left >= 0.0, "parameters in their ranges: {self:?}, {time_left}");
        let top = usize::from(self.q_max);
        let mut logs = vec![0.0; top + 1];
        let mut left = time_left;
        // A stretch covers at least 64/Q^2 of the slowest mode's lifetime, and rounding is reached after 32 lifetimes: half
        // of Q^2 stretches. The limit is eight times that.
        for _ in 0..1_000 + 4 * top * top {
            if left <= 0.0 {
                break;
            }
            let generator = self.generator(&logs);
            let h = (STRETCH / generator.norm()).min(left);
            let growth = generator.exponential(h);
            left -= h;
            let shift = libm::log(growth[0]);
            let mut moving = false;
            for (log, growth) in logs.iter_mut().zip(&growth) {
                let step = libm::log(*growth) - shift;
                *log += step;
                moving |= step.abs() > STATIONARY * log.abs().max(1.0);
            }
            if !moving {
                break;
            }
        }
        LogValues(logs)
    }

    /// `D^-1 (alpha Q^2 - M) D` for `D = diag(e^l)`, folded at `q = 0`.
    fn generator(&self, logs: &[f64]) -> Generator {
        let (alpha, eta, top) = (self.alpha(), self.eta(), logs.len() - 1);
        let q_sq = |q: usize| (q * q) as f64;
        let stay = (0..=top).map(|q| alpha * (q_sq(top) - q_sq(q))).collect();
        let rate = |from: usize, to: usize| eta * libm::exp(logs[to] - logs[from]);
        let up = (0..=top).map(|q| if q == top { 0.0 } else { rate(q, q + 1) }).collect();
        // Both neighbours of zero are one step away.
        let down = (0..=top).map(|q| if q == 0 { rate(0, 1) } else { rate(q, q - 1) }).collect();
        Generator { stay, up, down }
    }
}

impl LogValues {
    /// `ln(v_q / v_0)`, or `None` beyond the limit.
    pub fn of(&self, q: i32) -> Option<f64> {
        self.0.get(usize::try_from(q.unsigned_abs()).ok()?).copied()
    }
}

/// A tridiagonal matrix without a negative entry, in coordinates `0..=Q`.
struct Generator {
    stay: Vec<f64>,
    up: Vec<f64>,
    down: Vec<f64>,
}

impl Generator {
    /// The largest row sum.
    fn norm(&self) -> f64 {
        let sums = self.stay.iter().zip(&self.up).zip(&self.down).map(|((stay, up), down)| stay + up + down);
        sums.fold(f64::MIN_POSITIVE, f64::max)
    }

    /// `exp(h G) 1`, by its power series: all terms are positive.
    fn exponential(&self, h: f64) -> Vec<f64> {
        let top = self.stay.len() - 1;
        let mut term = vec![1.0; top + 1];
        let mut next = term.clone();
        let mut sum = term.clone();
        for j in 1..=MAX_TERMS {
            let factor = h / f64::from(j);
            next[0] = factor * (self.stay[0] * term[0] + (self.up[0] + self.down[0]) * term[1]);
            next[top] = factor * (self.stay[top] * term[top] + self.down[top] * term[top - 1]);
            let rates = self.stay.iter().zip(&self.up).zip(&self.down).skip(1);
            for ((next, around), ((stay, up), down)) in next[1..top].iter_mut().zip(term.windows(3)).zip(rates) {
                *next = factor * (stay * around[1] + up * around[2] + down * around[0]);
            }
            std::mem::swap(&mut term, &mut next);
            sum.iter_mut().zip(&term).for_each(|(sum, term)| *sum += term);
            // Past the norm the terms fall, and faster and faster.
            if f64::from(j) > STRETCH && sum.iter().zip(&term).all(|(sum, term)| *term < 1e-18 * sum) {
                return sum;
            }
        }
        unreachable!("a stretch of norm {STRETCH} converges within {MAX_TERMS} terms")
    }
}

#[cfg(test)]
#[path = "glft_tests.rs"]
mod tests;
