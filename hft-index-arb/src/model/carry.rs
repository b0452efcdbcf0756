//! Cost of carry: what a future is worth when the index may be bought and held instead (Cornell & French 1983).
//!
//! ```text
//! F(t) = (I(t) - sum over ex-dates t < t_k <= T of D_k e^{-r (t_k - t)}) e^{r (T - t)}
//! ```
//!
//! Time is in years, dividends in points of the index. After expiry nothing is carried: the future is the index.

/// A dividend of a constituent, as the index feels it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Dividend {
    /// Ex-date, years from the start.
    pub at: f64,
    /// By how much the index falls, points.
    pub points: f64,
}

/// The terms on which an index is carried to a date.
///
/// ```
/// use hft_index_arb::model::carry::{Carry, Dividend};
/// let flat = Carry { rate: 0.05, expiry: 0.5, dividends: vec![] };
/// assert!((flat.fair(1_000.0, 0.0) - 1_000.0 * 0.025_f64.exp()).abs() < 1e-9);
/// let paying = Carry { dividends: vec![Dividend { at: 0.25, points: 10.0 }], ..flat };
/// // It is worth the growth of what is left, and the dividend in advance: the same on both sides of the ex-date.
/// let (before, after) = (paying.fair(1_000.0, 0.25 - 1e-12), paying.fair(990.0, 0.25));
/// assert!((before - after).abs() < 1e-6);
/// assert!((paying.spot(before, 0.25 - 1e-12) - 1_000.0).abs() < 1e-9, "and back");
/// assert_eq!(paying.fair(990.0, 0.6), 990.0, "expired");
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Carry {
    /// Interest a year, continuously compounded.
    pub rate: f64,
    /// Expiry, years from the start.
    pub expiry: f64,
    /// In the order of their times.
    pub dividends: Vec<Dividend>,
}

impl Carry {
    /// What the future is worth when the index stands there.
    pub fn fair(&self, index: f64, now: f64) -> f64 {
        let left = (self.expiry - now).max(0.0);
        (index - self.owed(now)) * libm::exp(self.rate * left)
    }

    /// Where the index stands when the future is worth that.
    pub fn spot(&self, future: f64, now: f64) -> f64 {
        let left = (self.expiry - now).max(0.0);
        future * libm::exp(-self.rate * left) + self.owed(now)
    }

    /// The present value of the dividends that are still to come before expiry.
    pub fn owed(&self, now: f64) -> f64 {
        let ahead = self.dividends.iter().filter(|paid| paid.at > now && paid.at <= self.expiry);
        ahead.map(|paid| paid.points * libm::exp(-self.rate * (paid.at - now))).sum()
    }

    /// What has left the index until now.
    pub fn paid(&self, now: f64) -> f64 {
        self.dividends.iter().filter(|paid| paid.at <= now).map(|paid| paid.points).sum()
    }
}
