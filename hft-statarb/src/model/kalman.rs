//! A hedge ratio that may drift: `y_t = x_t' b_t + e_t`, `b_t = b_{t-1} + w_t`, with `Var e = R` and `Var w = Q` (Kalman 1960).
//!
//! With `Q = 0` it does not drift, and the filter is recursive least squares: after `n` observations `b` minimises
//! `sum (y - x' b)^2 / R + (b - b_0)' P_0^-1 (b - b_0)`. That is how it is tested: [`ridge`] solves the sum itself.

use nalgebra::{DMatrix, DVector};

/// The filter.
#[derive(Clone, PartialEq, Debug)]
pub struct Kalman {
    b: DVector<f64>,
    p: DMatrix<f64>,
    q: DMatrix<f64>,
    r: f64,
}

/// What one observation taught.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Innovation {
    /// What was not foreseen of it.
    pub error: f64,
    /// The variance that was foreseen for that.
    pub variance: f64,
}

impl Kalman {
    /// Begins with `b_0 = 0` and `P_0` a multiple of the identity; `Q` is another, `R` the variance of the observations.
    pub fn new(size: usize, p0: f64, q: f64, r: f64) -> Self {
        let diagonal = |value: f64| DMatrix::from_diagonal_element(size, size, value);
        Self { b: DVector::zeros(size), p: diagonal(p0), q: diagonal(q), r }
    }

    /// Learns one observation. In Joseph's form: the covariance stays symmetric and positive whatever is rounded.
    ///
    /// # Panics
    /// When `x` has another size than the filter.
    pub fn observe(&mut self, x: &[f64], y: f64) -> Innovation {
        assert_eq!(x.len(), self.b.len(), "as many regressors as coefficients");
        let x = DVector::from_column_slice(x);
        self.p += &self.q;
        let error = y - x.dot(&self.b);
        let px = &self.p * &x;
        let variance = x.dot(&px) + self.r;
        let gain = px / variance;
        self.b += &gain * error;
        let keep = DMatrix::identity(x.len(), x.len()) - &gain * x.transpose();
        self.p = &keep * &self.p * keep.transpose() + &gain * gain.transpose() * self.r;
        Innovation { error, variance }
    }

    /// The coefficients as they are believed to be.
    pub fn coefficients(&self) -> &[f64] {
        self.b.as_slice()
    }
}

/// The coefficients that minimise `sum (y - x' b)^2 / r + |b|^2 / p0`, from the sums: what the filter with `Q = 0` must arrive at.
pub fn ridge(observations: &[(Vec<f64>, f64)], p0: f64, r: f64) -> Option<Vec<f64>> {
    let size = observations.first()?.0.len();
    let mut information = DMatrix::from_diagonal_element(size, size, 1.0 / p0);
    let mut weighted = DVector::zeros(size);
    for (x, y) in observations {
        let x = DVector::from_column_slice(x);
        information += &x * x.transpose() / r;
        weighted += &x * (*y / r);
    }
    Some(information.cholesky()?.solve(&weighted).iter().copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One coefficient by hand: P_0 = 4, R = 1, x = 1, y = 2: gain 4/5, b = 8/5, then with Q = 1: P = 4/5 + 1, gain 9/14.
    #[test]
    fn two_steps_on_paper() {
        let mut filter = Kalman::new(1, 4.0, 0.0, 1.0);
        let first = filter.observe(&[1.0], 2.0);
        assert!((first.error - 2.0).abs() < 1e-15 && (first.variance - 5.0).abs() < 1e-15);
        assert!((filter.coefficients()[0] - 1.6).abs() < 1e-15);
        filter.q[(0, 0)] = 1.0;
        filter.observe(&[1.0], 1.6 + 1.4);
        assert!((filter.coefficients()[0] - 2.5).abs() < 1e-14, "{filter:?}");
    }
}
