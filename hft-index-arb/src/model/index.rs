//! An index: `I = sum s_i p_i / d`, shares and a divisor that makes its first level what it should be.

/// An index of so many shares of each constituent.
///
/// ```
/// use hft_index_arb::model::index::Index;
/// let index = Index::of(vec![2.0, 1.0], &[10.0, 30.0], 100.0);
/// assert_eq!(index.divisor(), 0.5);
/// assert_eq!(index.level([10.5, 30.0]), 102.0);
/// assert_eq!(index.per_unit(0), 4.0);
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Index {
    shares: Vec<f64>,
    divisor: f64,
}

impl Index {
    /// With these shares, and the divisor that makes it `level` at these prices.
    ///
    /// # Panics
    /// When there is not one price for each.
    pub fn of(shares: Vec<f64>, prices: &[f64], level: f64) -> Self {
        assert_eq!(shares.len(), prices.len(), "a price for each");
        let value: f64 = shares.iter().zip(prices).map(|(shares, price)| shares * price).sum();
        Self { shares, divisor: value / level }
    }

    /// What the value of the shares is divided by.
    pub const fn divisor(&self) -> f64 {
        self.divisor
    }

    /// Its level at these prices.
    pub fn level(&self, prices: impl IntoIterator<Item = f64>) -> f64 {
        self.shares.iter().zip(prices).map(|(shares, price)| shares * price).sum::<f64>() / self.divisor
    }

    /// By how much it rises when the price of a constituent rises by one.
    pub fn per_unit(&self, i: usize) -> f64 {
        self.shares[i] / self.divisor
    }

    /// The same of all, in their order.
    pub fn weights(&self) -> impl Iterator<Item = f64> + '_ {
        self.shares.iter().map(|shares| shares / self.divisor)
    }
}
