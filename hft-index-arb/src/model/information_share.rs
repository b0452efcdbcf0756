//! Where prices are made: the information shares of Hasbrouck (1995).
//!
//! `n` prices of one thing share one random walk. They follow a vector error correction model,
//!
//! ```text
//! dp_t = alpha z_{t-1} + sum_k G_k dp_{t-k} + e_t          z = (p_1 - p_2, .., p_1 - p_n)          Var e = W
//! ```
//!
//! and a shock `e` moves all of them, in the end, by `psi e` with `psi` proportional to the row that is orthogonal to `alpha`, `a (I - sum G_k)` scaled so that the
//! rows of the long-run impact are equal. The share of a price in `psi W psi'` is clear where `W` is diagonal; else a Cholesky factor gives the
//! covariance to whoever comes first, so over all orders there is a lowest and a highest share.

use nalgebra::{DMatrix, DVector};

/// How many prices at most: all their orders are tried.
pub const PRICES_MAX: usize = 6;

/// An error correction model of prices of one thing.
#[derive(Clone, PartialEq, Debug)]
pub struct Vecm {
    /// Adjustment to `p_1 - p_2`, .., one row a price.
    pub alpha: DMatrix<f64>,
    /// Coefficients of lagged changes.
    pub lags: Vec<DMatrix<f64>>,
    /// Covariance of the shocks.
    pub covariance: DMatrix<f64>,
}

/// The lowest and the highest share of one price.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Share {
    /// Where everybody else comes first.
    pub low: f64,
    /// Where it does.
    pub high: f64,
}

impl Vecm {
    /// What a shock to each price moves all of them by in the end; none where nothing pulls them together.
    pub fn impact(&self) -> Option<Vec<f64>> {
        let count = self.covariance.nrows();
        let orthogonal = orthogonal(&self.alpha)?;
        let mut lagged = DMatrix::identity(count, count);
        for lag in &self.lags {
            lagged -= lag;
        }
        // C = 1 (a' (I - G) 1)^-1 a': all rows are this one.
        let scale = (orthogonal.transpose() * lagged * DVector::from_element(count, 1.0))[(0, 0)];
        let psi = orthogonal / scale;
        psi.iter().all(|part| part.is_finite()).then(|| psi.iter().copied().collect())
    }

    /// The share of each price; none where nothing pulls them together, or the covariance is none.
    pub fn shares(&self) -> Option<Vec<Share>> {
        let psi = self.impact()?;
        let count = psi.len();
        let mut shares = vec![Share { low: f64::INFINITY, high: f64::NEG_INFINITY }; count];
        for order in orders(count) {
            let permuted = DMatrix::from_fn(count, count, |i, j| self.covariance[(order[i], order[j])]);
            let factor = permuted.cholesky()?.l();
            let row = DVector::from_iterator(count, order.iter().map(|&i| psi[i])).transpose() * factor;
            let total = row.norm_squared();
            for (place, &i) in order.iter().enumerate() {
                let share = row[place] * row[place] / total;
                shares[i] = Share { low: shares[i].low.min(share), high: shares[i].high.max(share) };
            }
        }
        Some(shares)
    }

    /// Fits it by least squares, equation by equation, to prices of which there is one row a moment; none where there are too few, or they do not move.
    pub fn fit(prices: &[Vec<f64>], lags: usize) -> Option<Self> {
        let count = prices.first()?.len();
        let regressors = count - 1 + lags * count;
        let rows = prices.len().checked_sub(lags + 1)?;
        if rows <= 2 * regressors {
            return None;
        }
        // The normal equations, summed row by row: there may be many rows.
        let (mut xx, mut xy) = (DMatrix::zeros(regressors, regressors), DMatrix::zeros(regressors, count));
        let mut yy = DMatrix::zeros(count, count);
        let mut x = DVector::zeros(regressors);
        let mut y = DVector::zeros(count);
        for t in lags + 1..prices.len() {
            let change = |back: usize, i: usize| prices[t - back][i] - prices[t - back - 1][i];
            for i in 1..count {
                x[i - 1] = prices[t - 1][0] - prices[t - 1][i];
            }
            for lag in 0..lags {
                for i in 0..count {
                    x[count - 1 + lag * count + i] = change(lag + 1, i);
                }
            }
            for i in 0..count {
                y[i] = change(0, i);
            }
            xx.ger(1.0, &x, &x, 1.0);
            xy.ger(1.0, &x, &y, 1.0);
            yy.ger(1.0, &y, &y, 1.0);
        }
        let coefficients = xx.cholesky()?.solve(&xy);
        let covariance = (&yy - xy.transpose() * &coefficients) / (rows - regressors) as f64;
        let alpha = coefficients.rows(0, count - 1).transpose();
        let lags = (0..lags).map(|lag| coefficients.rows(count - 1 + lag * count, count).transpose());
        Some(Self { alpha, lags: lags.collect(), covariance })
    }
}

/// The row that is orthogonal to all columns, of any length: signed minors. None where the columns do not span all but one direction.
fn orthogonal(alpha: &DMatrix<f64>) -> Option<DVector<f64>> {
    let count = alpha.nrows();
    let minor = |i: usize| {
        let sign = if i.is_multiple_of(2) { 1.0 } else { -1.0 };
        sign * alpha.clone().remove_row(i).determinant()
    };
    let row = DVector::from_iterator(count, (0..count).map(minor));
    (row.norm() > 1e-12 * alpha.norm().powi(i32::try_from(count).ok()? - 1).max(1e-300)).then_some(row)
}

/// All orders of so many.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for _ in 0..count {
        all = all
            .into_iter()
            .flat_map(|order| {
                let left: Vec<usize> = (0..count).filter(|i| !order.contains(i)).collect();
                left.into_iter().map(move |i| [order.clone(), vec![i]].concat())
            })
            .collect();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(alpha: [f64; 2], [s1, s2, rho]: [f64; 3]) -> Vecm {
        Vecm {
            alpha: DMatrix::from_column_slice(2, 1, &alpha),
            lags: Vec::new(),
            covariance: DMatrix::from_row_slice(2, 2, &[s1 * s1, rho * s1 * s2, rho * s1 * s2, s2 * s2]),
        }
    }

    #[test]
    fn a_price_that_only_follows_has_no_share() {
        let follower = two([0.0, 0.2], [1.0, 1.0, 0.0]).shares().expect("it is pulled");
        assert!((follower[0].low - 1.0).abs() < 1e-12 && follower[1].high.abs() < 1e-12, "{follower:?}");
        assert_eq!(two([0.0, 0.0], [1.0, 1.0, 0.0]).shares(), None, "nothing pulls them together");
    }

    #[test]
    fn three_prices_alike_share_alike_and_lags_scale_the_impact() {
        // Each is pulled to the mean of all: dp_i = -0.1 (p_i - mean).
        let pull = 0.1;
        let alpha = |i: usize, j: usize| match (i, j) {
            (0, _) => -pull / 3.0,
            (i, j) if i == j + 1 => pull * 2.0 / 3.0,
            _ => -pull / 3.0,
        };
        let mut vecm =
            Vecm { alpha: DMatrix::from_fn(3, 2, alpha), lags: Vec::new(), covariance: DMatrix::identity(3, 3) };
        let shares = vecm.shares().expect("they are pulled");
        assert!(shares.iter().all(|share| (share.low - 1.0 / 3.0).abs() < 1e-9), "{shares:?}");
        let impact = vecm.impact().expect("they are pulled");
        assert!((impact.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{impact:?}");
        // Changes that repeat by half go twice as far.
        vecm.lags = vec![DMatrix::identity(3, 3) * 0.5];
        let farther = vecm.impact().expect("they are pulled");
        assert!((farther[0] - 2.0 * impact[0]).abs() < 1e-12, "{farther:?}");
    }
}
