//! Ordinary least squares by Householder's QR: `min |y - X b|`.

use nalgebra::{DMatrix, DVector};

/// A fitted regression.
#[derive(Clone, PartialEq, Debug)]
pub struct Regression {
    /// The coefficients, in the order of the columns.
    pub coefficients: Vec<f64>,
    /// Their standard errors, of errors taken as independent and of one variance.
    pub standard_errors: Vec<f64>,
    /// `y - X b`.
    pub residuals: Vec<f64>,
}

/// Regresses `y` on `columns`, as they are: a constant is a column of ones. `None` where there are fewer rows than coefficients and one
/// more, or a column follows from the others.
///
/// # Panics
/// When a column is not as long as `y`.
pub fn regress(y: &[f64], columns: &[&[f64]]) -> Option<Regression> {
    let (rows, count) = (y.len(), columns.len());
    assert!(columns.iter().all(|column| column.len() == rows), "every column has a row for each of y");
    if rows <= count {
        return None;
    }
    if count == 0 {
        let residuals = y.to_vec();
        return Some(Regression { coefficients: Vec::new(), standard_errors: Vec::new(), residuals });
    }
    let x = DMatrix::from_fn(rows, count, |row, column| columns[column][row]);
    let decomposed = x.clone().qr();
    let r = decomposed.r();
    // A column within rounding of the others' span leaves next to nothing of itself on the diagonal.
    let is_degenerate = |i: usize| r[(i, i)].abs() <= 1e-12 * x.column(i).norm();
    if (0..count).any(is_degenerate) {
        return None;
    }
    let mut projected = DVector::from_column_slice(y);
    decomposed.q_tr_mul(&mut projected);
    let top = projected.rows(0, count).into_owned();
    let b = r.solve_upper_triangular(&top)?;
    let residuals = DVector::from_column_slice(y) - &x * &b;
    #[allow(clippy::cast_precision_loss, reason = "a count")]
    let variance = residuals.norm_squared() / (rows - count) as f64;
    let inverse = r.solve_upper_triangular(&DMatrix::identity(count, count))?;
    let standard_errors = inverse.row_iter().map(|row| (variance * row.norm_squared()).sqrt()).collect();
    Some(Regression {
        coefficients: b.iter().copied().collect(),
        standard_errors,
        residuals: residuals.iter().copied().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: through (0, 1), (1, 2), (2, 4) goes 5/6 + 3/2 x, with residuals 1/6, -1/3, 1/6.
    #[test]
    fn a_line_through_three_points() {
        let fit = regress(&[1.0, 2.0, 4.0], &[&[1.0; 3], &[0.0, 1.0, 2.0]]).expect("two columns, three rows");
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} is not {b}");
        close(fit.coefficients[0], 5.0 / 6.0);
        close(fit.coefficients[1], 1.5);
        close(fit.residuals[1], -1.0 / 3.0);
        // Variance 1/6 with one degree of freedom; sum of squares about the mean 2.
        close(fit.standard_errors[1], (1.0f64 / 12.0).sqrt());
        assert_eq!(regress(&[1.0, 2.0], &[&[1.0; 2], &[0.0, 1.0]]), None, "no row is left over");
        assert_eq!(regress(&[1.0, 2.0, 3.0, 3.0], &[&[1.0; 4], &[2.0; 4]]), None, "the second follows from the first");
    }
}
