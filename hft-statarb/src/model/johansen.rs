//! Johansen & Juselius (1990), "Maximum likelihood estimation and inference on cointegration, with applications to the demand for
//! money", Oxford Bulletin of Economics and Statistics 52(2) 169.
//!
//! `p` series follow a vector autoregression of order `k`, written as an error correction:
//!
//! ```text
//! dX_t = Gamma_1 dX_{t-1} + .. + Gamma_{k-1} dX_{t-k+1} + Pi X_{t-1} + Phi D_t + e_t        Pi = alpha beta'
//! ```
//!
//! The rank of `Pi` is the number of combinations `beta' X` that come back. With `R_0`, `R_1` the residuals of `dX_t` and `X_{t-1}` (with
//! a one below it, where the constant is restricted to the relations) on everything else, `S_ij = R_i' R_j / T`, the eigenvalues of
//!
//! ```text
//! |lambda S_11 - S_10 S_00^-1 S_01| = 0
//! ```
//!
//! are squared canonical correlations; `trace(r) = -T sum_{i>r} ln(1 - lambda_i)` tests rank `r` against `p`, `max(r) = -T ln(1 -
//! lambda_{r+1})` against `r + 1`, and the eigenvectors are `beta`.

use super::osterwald_lenum::{Quantiles, RESTRICTED, UNRESTRICTED};
use nalgebra::{DMatrix, SymmetricEigen};

/// Where the constant is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Constant {
    /// Inside the relations alone: the series have no drift.
    Restricted,
    /// Anywhere: the series may drift.
    Unrestricted,
    /// There is none; no critical values are tabulated here.
    None,
}

/// The model.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Model {
    /// The order `k` of the autoregression in levels, at least one.
    pub lags: usize,
    /// Where the constant is.
    pub constant: Constant,
    /// Seasons of a year: so many less one centred dummies. Fewer than two are none.
    pub seasons: usize,
}

/// What the series say.
#[derive(Clone, PartialEq, Debug)]
pub struct Johansen {
    /// Observations that were used: the first `k` only start the lags.
    pub observations: usize,
    /// `lambda`, largest first.
    pub eigenvalues: Vec<f64>,
    /// For each rank from zero to `p - 1`.
    pub tests: Vec<RankTest>,
    /// The relations, one for each eigenvalue, scaled so that the first series has one. With a restricted constant it comes last.
    pub beta: Vec<Vec<f64>>,
}

/// The tests of one rank.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct RankTest {
    /// The rank of the hypothesis.
    pub rank: usize,
    /// Against any larger rank.
    pub trace: f64,
    /// Against one more.
    pub max_eigenvalue: f64,
    /// What the trace must exceed, at 10, 5 and 1 %; known for up to five common trends and a constant.
    pub trace_critical: Option<[f64; 3]>,
    /// The same for the other statistic.
    pub max_critical: Option<[f64; 3]>,
}

/// Tests the cointegration rank of some series, each with one value a row. `None` where there are too few rows for the model, or a series
/// follows from the others.
#[allow(clippy::cast_precision_loss, reason = "a count")]
pub fn johansen(series: &[&[f64]], model: Model) -> Option<Johansen> {
    let Model { lags, constant, seasons } = model;
    let (p, rows) = (series.len(), series.first()?.len());
    let t = rows.checked_sub(lags).filter(|_| lags >= 1)?;
    let difference = |i: usize, row: usize| series[i][row] - series[i][row - 1];
    let dummies = seasons.saturating_sub(1);
    let free = usize::from(constant == Constant::Unrestricted);
    let width = p * (lags - 1) + dummies + free;
    let z2 = DMatrix::from_fn(t, width, |n, column| {
        let row = n + lags;
        if column < p * (lags - 1) {
            difference(column % p, row - 1 - column / p)
        } else if column < p * (lags - 1) + dummies {
            let season = column - p * (lags - 1);
            f64::from(u8::from(row % seasons == season)) - 1.0 / seasons as f64
        } else {
            1.0
        }
    });
    let z0 = DMatrix::from_fn(t, p, |n, i| difference(i, n + lags));
    let below = usize::from(constant == Constant::Restricted);
    let z1 = DMatrix::from_fn(t, p + below, |n, i| if i < p { series[i][n + lags - 1] } else { 1.0 });
    if t <= width + p + below {
        return None;
    }
    let (r0, r1) = (residuals(&z0, &z2)?, residuals(&z1, &z2)?);
    let product = |a: &DMatrix<f64>, b: &DMatrix<f64>| a.tr_mul(b) / t as f64;
    let (s00, s11, s01) = (product(&r0, &r0), product(&r1, &r1), product(&r0, &r1));
    // With S_11 = L L' the problem is that of the symmetric matrix L^-1 S_10 S_00^-1 S_01 L^-T.
    let l = s11.cholesky()?.l();
    let inner = s01.tr_mul(&s00.cholesky()?.solve(&s01));
    let half = l.solve_lower_triangular(&inner)?;
    let symmetric = l.solve_lower_triangular(&half.transpose())?;
    let eigen = SymmetricEigen::new((&symmetric + symmetric.transpose()) * 0.5);
    let vectors = l.transpose().solve_upper_triangular(&eigen.eigenvectors)?;
    let mut order: Vec<usize> = (0..eigen.eigenvalues.len()).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    // With a restricted constant there is one eigenvalue more than there are series, and it is zero.
    order.truncate(p);
    let eigenvalues: Vec<f64> = order.iter().map(|&i| eigen.eigenvalues[i]).collect();
    let beta = order.iter().map(|&i| vectors.column(i).iter().map(|v| v / vectors[(0, i)]).collect()).collect();
    Some(Johansen { observations: t, tests: tests(&eigenvalues, t as f64, constant), eigenvalues, beta })
}

fn tests(eigenvalues: &[f64], t: f64, constant: Constant) -> Vec<RankTest> {
    let quantiles: Option<Quantiles> = match constant {
        Constant::Restricted => Some(RESTRICTED),
        Constant::Unrestricted => Some(UNRESTRICTED),
        Constant::None => None,
    };
    let statistics: Vec<f64> = eigenvalues.iter().map(|lambda| -t * libm::log1p(-lambda)).collect();
    let p = statistics.len();
    let test = |rank: usize| {
        let trends = p - rank - 1;
        RankTest {
            rank,
            trace: statistics[rank..].iter().sum(),
            max_eigenvalue: statistics[rank],
            trace_critical: quantiles.as_ref().and_then(|q| q.trace.get(trends).copied()),
            max_critical: quantiles.as_ref().and_then(|q| q.max_eigenvalue.get(trends).copied()),
        }
    };
    (0..p).map(test).collect()
}

/// What is left of each column of `z` after a regression on the columns of `on`. `None` where those depend on each other.
fn residuals(z: &DMatrix<f64>, on: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    if on.ncols() == 0 {
        return Some(z.clone());
    }
    let decomposed = on.clone().qr();
    let (q, r) = (decomposed.q(), decomposed.r());
    let degenerate = (0..on.ncols()).any(|i| r[(i, i)].abs() <= 1e-12 * on.column(i).norm());
    (!degenerate).then(|| z - &q * q.tr_mul(z))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hft_core::world::{draws, stream};

    /// Three series: two random walks, and their sum but for noise. One relation, (1, -1, -1) on the first.
    #[test]
    fn one_relation_is_found_and_is_the_one_that_was_put_in() {
        let mut rng = stream(6, "walks");
        let mut walks = [0.0, 0.0];
        let mut series: [Vec<f64>; 3] = Default::default();
        for _ in 0..1_000 {
            walks.iter_mut().for_each(|walk| *walk += draws::normal(&mut rng));
            series[0].push(walks[0] + walks[1] + draws::normal(&mut rng));
            series[1].push(walks[0]);
            series[2].push(walks[1]);
        }
        let columns: Vec<&[f64]> = series.iter().map(Vec::as_slice).collect();
        for (constant, lags) in [(Constant::Restricted, 2), (Constant::Unrestricted, 1), (Constant::None, 3)] {
            let found = johansen(&columns, Model { lags, constant, seasons: 0 }).expect("a thousand rows");
            assert_eq!(found.observations, 1_000 - lags);
            let above = |test: &RankTest| test.trace_critical.map(|[_, five, _]| test.trace > five);
            let told: Vec<Option<bool>> = found.tests.iter().map(above).collect();
            match constant {
                Constant::None => assert_eq!(told, [None; 3]),
                Constant::Restricted | Constant::Unrestricted => {
                    assert_eq!(told[..2], [Some(true), Some(false)], "{found:?}");
                }
            }
            assert!(found.tests[0].trace > 100.0);
            for (i, coefficient) in [1.0, -1.0, -1.0].into_iter().enumerate() {
                assert!((found.beta[0][i] - coefficient).abs() < 0.03, "{:?}", found.beta[0]);
            }
        }
    }

    #[test]
    fn what_cannot_be_fitted_is_told() {
        let (one, two) = ([1.0, 2.0, 4.0, 3.0, 5.0, 7.0], [2.0, 4.0, 8.0, 6.0, 10.0, 14.0]);
        let model = Model { lags: 1, constant: Constant::Restricted, seasons: 0 };
        assert_eq!(johansen(&[&one, &two], model), None, "the second follows from the first");
        assert_eq!(johansen(&[&one[..3]], Model { lags: 3, ..model }), None);
        assert_eq!(johansen(&[&one], Model { lags: 0, ..model }), None);
    }
}
