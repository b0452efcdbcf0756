//! A hedge ratio by filter: without drift it is least squares, with drift it follows.

use super::{ERRORS, SEED, told};
use crate::model::kalman::{Kalman, ridge};
use hft_app::paper::{PaperError, PaperReport, PaperRow, Sample, check};
use hft_core::world::{draws, stream};

/// What to simulate.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct KalmanTable {
    /// Observations.
    pub observations: u64,
    /// Regressors; the first is a constant.
    pub regressors: u64,
    /// Variance of the prior of every coefficient.
    pub p0: f64,
    /// Variance that every coefficient of the drifting example gains an observation.
    pub q: f64,
    /// Variance of the noise of an observation.
    pub r: f64,
    /// The seed.
    pub seed: u64,
}

impl Default for KalmanTable {
    fn default() -> Self {
        Self { observations: 2_000, regressors: 3, p0: 10.0, q: 1e-3, r: 0.25, seed: SEED }
    }
}

/// The filter with `Q = 0` must equal the sums to this.
const TOLERANCE: f64 = 1e-10;

/// The largest difference between the filter without drift and least squares at any observation; then a drifting truth, followed with its own
/// `Q` and with none.
///
/// # Errors
/// When a parameter is out of range.
pub fn kalman(table: &KalmanTable) -> Result<PaperReport, PaperError> {
    let KalmanTable { observations, regressors, p0, q, r, seed } = *table;
    check("observations", observations as f64, [10.0, 1e5])?;
    check("regressors", regressors as f64, [1.0, 20.0])?;
    check("p0", p0, [1e-6, 1e3])?;
    check("q", q, [1e-12, 1e3])?;
    check("r", r, [1e-6, 1e6])?;
    let fixed = simulate(table, 0.0);
    let mut filter = Kalman::new(regressors as usize, p0, 0.0, r);
    let mut worst = 0.0_f64;
    for (n, (x, y)) in fixed.observations.iter().enumerate() {
        filter.observe(x, *y);
        // Every tenth is enough: an error of the recursion stays.
        if n % 10 == 9 || n + 1 == fixed.observations.len() {
            let exact = ridge(&fixed.observations[..=n], p0, r).expect("a prior makes it solvable");
            let apart = filter.coefficients().iter().zip(&exact).map(|(ours, exact)| (ours - exact).abs());
            worst = apart.fold(worst, f64::max);
        }
    }
    let drifting = simulate(table, q);
    let (own, none) = (follow(&drifting, p0, q, r), follow(&drifting, p0, 0.0, r));
    let surprise = Sample::of(&own.surprises);
    let section = "a truth that drifts";
    let rows = vec![
        PaperRow::new("Q = 0", "largest difference from least squares", worst).exact(0.0).within(TOLERANCE),
        PaperRow::new(section, "error of the filter with its Q, root mean square", own.rms),
        PaperRow::new(section, "error of least squares, root mean square", none.rms),
        PaperRow::new(section, "squared surprise over its foreseen variance", surprise.mean)
            .exact(1.0)
            .standard_error(surprise.error)
            .within(ERRORS * surprise.error),
    ];
    Ok(PaperReport {
        name: "kalman".to_owned(),
        citation: "Kalman (1960), A new approach to linear filtering and prediction problems, J. Basic Eng. 82(1) 35"
            .to_owned(),
        rows,
        notes: vec![
            format!(
                "{observations} observations, {regressors} regressors, P0 = {p0}, Q = {q}, R = {r}, seed {}.",
                told(seed)
            ),
            "Least squares with the same prior, solved from its sums at every tenth observation.".to_owned(),
        ],
    })
}

struct Simulated {
    observations: Vec<(Vec<f64>, f64)>,
    truth: Vec<Vec<f64>>,
}

fn simulate(table: &KalmanTable, q: f64) -> Simulated {
    let mut rng = stream(table.seed, "kalman");
    let size = table.regressors as usize;
    let mut b: Vec<f64> = (0..size).map(|_| draws::normal(&mut rng) * table.p0.sqrt()).collect();
    let mut simulated = Simulated { observations: Vec::new(), truth: Vec::new() };
    for _ in 0..table.observations {
        b.iter_mut().for_each(|b| *b += q.sqrt() * draws::normal(&mut rng));
        let x: Vec<f64> = (0..size).map(|i| if i == 0 { 1.0 } else { draws::normal(&mut rng) }).collect();
        let y = x.iter().zip(&b).map(|(x, b)| x * b).sum::<f64>() + table.r.sqrt() * draws::normal(&mut rng);
        simulated.observations.push((x, y));
        simulated.truth.push(b.clone());
    }
    simulated
}

struct Followed {
    rms: f64,
    surprises: Vec<f64>,
}

fn follow(simulated: &Simulated, p0: f64, q: f64, r: f64) -> Followed {
    let mut filter = Kalman::new(simulated.truth[0].len(), p0, q, r);
    let (mut squares, mut surprises) = (0.0, Vec::new());
    for ((x, y), truth) in simulated.observations.iter().zip(&simulated.truth) {
        let innovation = filter.observe(x, *y);
        surprises.push(innovation.error * innovation.error / innovation.variance);
        squares += filter.coefficients().iter().zip(truth).map(|(ours, b)| (ours - b) * (ours - b)).sum::<f64>();
    }
    Followed { rms: (squares / surprises.len() as f64).sqrt(), surprises }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_drift_it_is_least_squares_and_with_drift_it_is_better() {
        for table in [
            KalmanTable::default(),
            KalmanTable { regressors: 1, p0: 1000.0, seed: 3, ..KalmanTable::default() },
            KalmanTable { regressors: 8, observations: 300, q: 0.1, r: 4.0, ..KalmanTable::default() },
        ] {
            let report = kalman(&table).expect("in range");
            assert!(report.passes(), "{report}");
            assert!(report.rows[1].ours < 0.7 * report.rows[2].ours, "{report}");
        }
    }
}
