//! Engle & Granger (1987), "Co-integration and error correction", Econometrica 55(2) 251: is there a combination of these series that
//! comes back?
//!
//! One series is regressed on the others; if they are cointegrated, the residual has no unit root. That is asked by the augmented
//! Dickey-Fuller regression `du_t = rho u_{t-1} + sum_j gamma_j du_{t-j} + e_t`, whose t-statistic has a law of its own, because the
//! residual was chosen to look stationary: MacKinnon's (2010) tables.

use super::least_squares::regress;
use super::mackinnon;

/// What the first regression has beside the series.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deterministic {
    /// A constant.
    Constant,
    /// A constant and a linear trend.
    Trend,
}

/// The outcome of a test.
#[derive(Clone, PartialEq, Debug)]
pub struct EngleGranger {
    /// What the first series is made of: one coefficient for each of the others.
    pub hedge: Vec<f64>,
    /// What is left of it.
    pub residuals: Vec<f64>,
    /// The t-statistic: the smaller, the more cointegrated.
    pub statistic: f64,
    /// What it must be below, at 1, 5 and 10 %.
    pub critical: [f64; 3],
}

/// The critical values at 1, 5 and 10 % for `series` series (one to twelve) and `observations` of each.
///
/// ```
/// use hft_statarb::model::engle_granger::{Deterministic, critical_values};
/// let [_, five, _] = critical_values(Deterministic::Constant, 2, 1e12).expect("tabulated");
/// assert!((five + 3.33613).abs() < 1e-9);
/// ```
pub fn critical_values(deterministic: Deterministic, series: usize, observations: f64) -> Option<[f64; 3]> {
    let table = match deterministic {
        Deterministic::Constant => &mackinnon::CONSTANT,
        Deterministic::Trend => &mackinnon::TREND,
    };
    let surface = table.get(series.checked_sub(1)?)?;
    let u = 1.0 / observations;
    Some(surface.map(|[b0, b1, b2, b3]| b0 + u * (b1 + u * (b2 + u * b3))))
}

/// Tests whether `y` and `others` are cointegrated, with `lags` lagged differences. `None` where the regressions cannot be made, or
/// more than twelve series are given.
#[allow(clippy::cast_precision_loss, reason = "a count")]
pub fn engle_granger(y: &[f64], others: &[&[f64]], deterministic: Deterministic, lags: usize) -> Option<EngleGranger> {
    let ones = vec![1.0; y.len()];
    let trend: Vec<f64> = (1..=y.len()).map(|t| t as f64).collect();
    let mut columns = others.to_vec();
    columns.push(&ones);
    if deterministic == Deterministic::Trend {
        columns.push(&trend);
    }
    let first = regress(y, &columns)?;
    let statistic = dickey_fuller(&first.residuals, lags)?;
    // As in MacKinnon's experiments, T counts the transitions.
    let critical = critical_values(deterministic, others.len() + 1, y.len() as f64 - 1.0)?;
    let hedge = first.coefficients[..others.len()].to_vec();
    Some(EngleGranger { hedge, residuals: first.residuals, statistic, critical })
}

/// The t-statistic of `rho` in `du_t = rho u_{t-1} + sum_j gamma_j du_{t-j} + e_t`, without a constant.
pub fn dickey_fuller(u: &[f64], lags: usize) -> Option<f64> {
    let differences: Vec<f64> = u.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let rows = differences.len().checked_sub(lags)?;
    let target = &differences[lags..];
    let mut columns: Vec<&[f64]> = vec![&u[lags..lags + rows]];
    columns.extend((1..=lags).map(|lag| &differences[lags - lag..lags - lag + rows]));
    let fit = regress(target, &columns)?;
    Some(fit.coefficients[0] / fit.standard_errors[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both statistics as statsmodels' `coint` and `adfuller` give them for the same numbers, with one lag and with none.
    #[test]
    fn statistics_are_those_of_another_program() {
        let x: Vec<f64> = (0..60).map(|t| f64::from(t * t * 7 % 101) / 10.0 + f64::from(t) * 0.3).collect();
        let y: Vec<f64> = (0..60).zip(&x).map(|(t, x)| 1.5 * x + f64::from(t * t * t * 3 % 37) / 20.0).collect();
        let plain = engle_granger(&y, &[&x], Deterministic::Constant, 0).expect("it can be fitted");
        let lagged = engle_granger(&y, &[&x], Deterministic::Trend, 1).expect("it can be fitted");
        assert!(
            (plain.statistic - (-8.076_236_347_891_523)).abs() < 1e-8
                && (lagged.statistic - (-7.381_571_853_390_682)).abs() < 1e-8
        );
        assert!((plain.critical[1] - (-3.441_651_09)).abs() < 1e-8);
    }
}
