//! Ledoit & Wolf (2004), "A well-conditioned estimator for large-dimensional covariance matrices", Journal of Multivariate Analysis 88(2)
//! 365.
//!
//! With as many contracts as observations the sample covariance `S` is nearly singular, and its inverse says that some portfolio has no
//! risk. Shrunk towards its mean variance, `rho m I + (1 - rho) S`, it can be inverted; with `<A, B> = tr(A B') / p` the best `rho` is
//! estimated by `min(b^2, d^2) / d^2` where `d^2 = |S - m I|^2` and `b^2 = sum_t |x_t x_t' - S|^2 / n^2`.

use nalgebra::{DMatrix, DVector};

/// The estimate.
#[derive(Clone, PartialEq, Debug)]
pub struct Shrunk {
    /// The covariance matrix.
    pub covariance: DMatrix<f64>,
    /// How far it was shrunk, 0 to 1.
    pub rho: f64,
}

/// Shrinks the covariance of these series, each with one value a row, as far as they demand. `None` for fewer than two rows.
#[allow(clippy::cast_precision_loss, reason = "counts")]
pub fn shrink(series: &[&[f64]]) -> Option<Shrunk> {
    let (p, n) = (series.len(), series.first()?.len());
    if n < 2 {
        return None;
    }
    let means: Vec<f64> = series.iter().map(|column| column.iter().sum::<f64>() / n as f64).collect();
    let x = DMatrix::from_fn(n, p, |t, i| series[i][t] - means[i]);
    let s = x.tr_mul(&x) / n as f64;
    let m = s.trace() / p as f64;
    let target = DMatrix::from_diagonal_element(p, p, m);
    let d2 = (&s - &target).norm_squared() / p as f64;
    let spread = |t: usize| {
        let row: DVector<f64> = x.row(t).transpose();
        // |x x' - S|^2 = |x|^4 - 2 x' S x + |S|^2, without making the matrix.
        row.norm_squared().powi(2) - 2.0 * row.dot(&(&s * &row)) + s.norm_squared()
    };
    let b2 = (0..n).map(spread).sum::<f64>() / p as f64 / (n as f64 * n as f64);
    let rho = if d2 > 0.0 { (b2 / d2).clamp(0.0, 1.0) } else { 1.0 };
    Some(Shrunk { covariance: target * rho + s * (1.0 - rho), rho })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hft_core::world::{draws, stream};

    /// By hand: of (1, 1), (-1, -1), (1, -1), (-1, 1) the covariance is the identity, and shrunk to itself.
    #[test]
    fn the_identity_stays() {
        let shrunk = shrink(&[&[1.0, -1.0, 1.0, -1.0], &[1.0, -1.0, -1.0, 1.0]]).expect("four rows");
        assert!((shrunk.covariance - DMatrix::identity(2, 2)).norm() < 1e-12);
    }

    /// scikit-learn's `LedoitWolf` on the same numbers.
    #[test]
    fn shrinkage_is_that_of_another_program() {
        let column = |k: i32| (0..12).map(|t| f64::from((t * t + k * t * 5 + k) % 17)).collect::<Vec<f64>>();
        let (a, b, c) = (column(1), column(2), column(3));
        let shrunk = shrink(&[&a, &b, &c]).expect("twelve rows");
        assert!((shrunk.rho - 0.512_467_349_176_848_9).abs() < 1e-10, "{}", shrunk.rho);
    }

    /// Forty independent contracts seen thirty times: the sample cannot be inverted, the shrunk one can, and is nearer the truth.
    #[test]
    fn more_contracts_than_observations() {
        let mut rng = stream(5, "wide");
        let universe: Vec<Vec<f64>> = (0..40).map(|_| (0..30).map(|_| draws::normal(&mut rng)).collect()).collect();
        let columns: Vec<&[f64]> = universe.iter().map(Vec::as_slice).collect();
        let Shrunk { covariance, rho } = shrink(&columns).expect("thirty rows");
        assert!(rho > 0.8, "{rho}");
        assert!((covariance.clone() - DMatrix::identity(40, 40)).norm() < 2.0);
        assert!(covariance.cholesky().is_some());
    }
}
