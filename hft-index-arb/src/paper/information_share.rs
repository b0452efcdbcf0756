//! Information shares of any error correction model: the bounds that follow from it, and what a fit of its simulated prices finds.

use super::{ERRORS, SEED, told};
use crate::model::information_share::{PRICES_MAX, Share, Vecm};
use hft_app::paper::{PaperError, PaperReport, PaperRow, Sample, check};
use hft_core::world::{draws, stream};
use nalgebra::{DMatrix, DVector};

/// What to compute.
#[derive(Clone, PartialEq, Debug)]
pub struct ShareTable {
    /// Adjustment of each price to each difference: one row a price.
    pub alpha: Vec<Vec<f64>>,
    /// Standard deviation of each shock.
    pub sigma: Vec<f64>,
    /// Correlation of every two shocks.
    pub rho: f64,
    /// Simulated moments.
    pub observations: u64,
    /// Seed of all draws.
    pub seed: u64,
}

impl Default for ShareTable {
    /// Two prices, one of which follows the other four times as fast as it is followed.
    fn default() -> Self {
        let alpha = vec![vec![-0.05], vec![0.2]];
        Self { alpha, sigma: vec![1.0, 1.0], rho: 0.5, observations: 200_000, seed: SEED }
    }
}

/// Into how many parts the simulated prices are cut: each is fitted alone, so that it is known how far a fit may be off.
const PARTS: usize = 20;

/// The bounds of every price: of the model, and of a fit. Of two prices by Baillie, Booth, Tse & Zabotina (2002), too.
///
/// # Errors
/// When a parameter is out of range.
pub fn information_share(table: &ShareTable) -> Result<PaperReport, PaperError> {
    let ShareTable { alpha, sigma, rho, observations, seed } = table;
    let count = sigma.len();
    check("prices", count as f64, [2.0, PRICES_MAX as f64])?;
    check("rows of alpha", alpha.len() as f64, [count as f64; 2])?;
    for row in alpha {
        check("columns of alpha", row.len() as f64, [count as f64 - 1.0; 2])?;
        row.iter().try_for_each(|pull| check("alpha", *pull, [-1.0, 1.0]))?;
    }
    sigma.iter().try_for_each(|sigma| check("sigma", *sigma, [1e-6, 1e6]))?;
    check("rho", *rho, [-1.0 / (count as f64 - 1.0) + 1e-6, 1.0 - 1e-6])?;
    check("observations", *observations as f64, [20_000.0, 1e8])?;
    let covariance = DMatrix::from_fn(count, count, |i, j| if i == j { 1.0 } else { *rho } * sigma[i] * sigma[j]);
    let vecm = Vecm { alpha: DMatrix::from_fn(count, count - 1, |i, j| alpha[i][j]), lags: Vec::new(), covariance };
    // How fast the differences close: beyond the unit circle they do not.
    let largest = closing(&vecm);
    check("what is left of a difference a moment later", largest, [0.0, 1.0 - 1e-6])?;
    let Some(shares) = vecm.shares() else { return check("alpha's rank", 0.0, [1.0, 1.0]).map(|()| unreachable!("0")) };
    let prices = simulated(&vecm, *observations, *seed);
    let parts = prices.chunks(prices.len() / PARTS).take(PARTS);
    let fitted: Vec<Vec<Share>> = parts.filter_map(|part| Vecm::fit(part, 0)?.shares()).collect();
    let mut rows = Vec::new();
    for (i, Share { low, high }) in shares.iter().copied().enumerate() {
        let section = format!("price {}", i + 1);
        let [known_low, known_high] = known(table, i).map_or([None; 2], |bounds| bounds.map(Some));
        let of_model = |label: &str, ours: f64, known: Option<f64>| {
            let row = PaperRow::new(&section, label, ours);
            known.map_or(row.clone(), |known| row.exact(known).within(1e-9))
        };
        rows.push(of_model("lowest share", low, known_low));
        rows.push(of_model("highest share", high, known_high));
        let ends: [(&str, End, f64); 2] =
            [("lowest, of fits", |share| share.low, low), ("highest, of fits", |share| share.high, high)];
        for (label, end, exact) in ends {
            let Sample { mean, error } = Sample::of(&fitted.iter().map(|part| end(&part[i])).collect::<Vec<f64>>());
            let row = PaperRow::new(&section, label, mean).exact(exact).standard_error(error);
            // Where a share is nothing, or all, a fit can only be off to one side: by about the square of its error.
            rows.push(row.within(ERRORS * error + 1e-3));
        }
    }
    Ok(PaperReport {
        name: "information-share".to_owned(),
        citation: "Hasbrouck (1995), One security, many markets, J. Finance 50(4) 1175; two prices in closed form: Baillie, Booth, Tse & Zabotina (2002), J. Financial Markets 5(3) 309".to_owned(),
        rows,
        notes: vec![
            format!("alpha {alpha:?}, sigma {sigma:?}, correlation {rho}; {observations} moments, seed {}.", told(*seed)),
            format!("Fits are of {PARTS} parts; gate: {ERRORS} standard errors of their mean, and a thousandth."),
            "The bounds are those over all orders of the Cholesky factor; where shocks are uncorrelated they meet.".to_owned(),
        ],
    })
}

/// One end of a share.
type End = fn(&Share) -> f64;

/// The exact bounds of one of two prices.
fn known(table: &ShareTable, i: usize) -> Option<[f64; 2]> {
    let ([a1, a2], [s1, s2]) = (&table.alpha.concat()[..], &table.sigma[..]) else { return None };
    let (rho, m1, m2) = (table.rho, a2 * s1, -a1 * s2);
    let total = m1 * m1 + 2.0 * rho * m1 * m2 + m2 * m2;
    let free = 1.0 - rho * rho;
    let bounds = |own: f64, other: f64| [own * own * free / total, (own + rho * other).powi(2) / total];
    let mut bounds = if i == 0 { bounds(m1, m2) } else { bounds(m2, m1) };
    bounds.sort_by(f64::total_cmp);
    Some(bounds)
}

/// The largest size of what is left of the differences a moment later, by powers.
fn closing(vecm: &Vecm) -> f64 {
    let count = vecm.covariance.nrows();
    // z_j = p_1 - p_{j+1}: z' = (I + d alpha) z with d the differences.
    let differences = DMatrix::from_fn(count - 1, count, |i, j| match j {
        0 => 1.0,
        j if j == i + 1 => -1.0,
        _ => 0.0,
    });
    let step = DMatrix::identity(count - 1, count - 1) + differences * &vecm.alpha;
    let mut power = step;
    let mut log_norm = 0.0;
    for _ in 0..10 {
        let norm = power.norm();
        if norm <= 0.0 {
            return 0.0;
        }
        power /= norm;
        power = &power * &power;
        log_norm = 2.0 * (log_norm + libm::log(norm));
    }
    libm::exp((log_norm + libm::log(power.norm().max(1e-300))) / 1_024.0)
}

fn simulated(vecm: &Vecm, observations: u64, seed: u64) -> Vec<Vec<f64>> {
    let count = vecm.covariance.nrows();
    let factor = vecm.covariance.clone().cholesky().expect("a correlation in range").l();
    let mut rng = stream(seed, "vecm");
    let mut prices = DVector::zeros(count);
    (0..observations)
        .map(|_| {
            let differences = DVector::from_fn(count - 1, |j, _| prices[0] - prices[j + 1]);
            let shocks = DVector::from_fn(count, |_, _| draws::normal(&mut rng));
            prices += &vecm.alpha * differences + &factor * shocks;
            prices.iter().copied().collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fit_finds_the_bounds_of_two_and_of_three_prices() {
        let small = ShareTable { observations: 100_000, ..ShareTable::default() };
        let report = information_share(&small).expect("in range");
        assert!(report.passes() && report.rows.len() == 8, "{report}");
        let three = ShareTable {
            alpha: vec![vec![-0.02, -0.02], vec![0.2, 0.0], vec![0.0, 0.1]],
            sigma: vec![1.0, 0.5, 0.7],
            rho: 0.2,
            ..small
        };
        let report = information_share(&three).expect("in range");
        assert!(report.passes() && report.rows.len() == 12, "{report}");
        let apart = ShareTable { alpha: vec![vec![0.1], vec![-0.1]], ..ShareTable::default() };
        let told = information_share(&apart).expect_err("they run apart").to_string();
        assert!(told.contains("what is left of a difference"), "{told}");
    }
}
