//! Factors from a universe's own correlations: Avellaneda & Lee (2010), section 2.
//!
//! The correlation matrix of price changes has eigenvectors `v_k`; the k-th eigenportfolio holds `v_ki / sigma_i` of contract `i`, and
//! its changes are the k-th factor. The first is the market: all of one sign.

use nalgebra::{DMatrix, SymmetricEigen};

/// Eigenportfolios, the one that explains most first.
#[derive(Clone, PartialEq, Debug)]
pub struct Components {
    /// One portfolio each: what it holds of every contract.
    pub weights: Vec<Vec<f64>>,
    /// Which share of all variance each explains, of changes scaled to one variance.
    pub explained: Vec<f64>,
}

impl Components {
    /// The first `count` eigenportfolios of these contracts' price changes. A contract that did not move is held by none.
    #[allow(clippy::cast_precision_loss, reason = "counts")]
    pub fn of(changes: &[&[f64]], count: usize) -> Self {
        let contracts = changes.len();
        let samples = changes.first().map_or(0, |series| series.len()) as f64;
        let scaled: Vec<(f64, Vec<f64>)> = changes.iter().map(|series| standardised(series)).collect();
        let correlation = DMatrix::from_fn(contracts, contracts, |i, j| {
            scaled[i].1.iter().zip(&scaled[j].1).map(|(a, b)| a * b).sum::<f64>() / samples
        });
        let eigen = SymmetricEigen::new(correlation);
        let mut order: Vec<usize> = (0..contracts).collect();
        order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
        order.truncate(count);
        let weights = order.iter().map(|&k| {
            let vector = eigen.eigenvectors.column(k);
            // An eigenvector has no sign of its own: long more than short.
            let sign = if vector.sum() < 0.0 { -1.0 } else { 1.0 };
            vector.iter().zip(&scaled).map(|(v, (sd, _))| if *sd > 0.0 { sign * v / sd } else { 0.0 }).collect()
        });
        Self {
            weights: weights.collect(),
            explained: order.iter().map(|&k| eigen.eigenvalues[k] / contracts as f64).collect(),
        }
    }

    /// What each factor did when the contracts did this.
    pub fn changes<'a>(&'a self, of_contracts: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.weights.iter().map(move |portfolio| portfolio.iter().zip(of_contracts).map(|(w, change)| w * change).sum())
    }

    /// What each factor did over these series of the contracts' changes.
    pub fn over(&self, contracts: &[&[f64]]) -> Vec<Vec<f64>> {
        let rows = contracts.first().map_or(0, |series| series.len());
        let change =
            |portfolio: &[f64], n: usize| portfolio.iter().zip(contracts).map(|(w, series)| w * series[n]).sum();
        self.weights.iter().map(|portfolio| (0..rows).map(|n| change(portfolio, n)).collect()).collect()
    }
}

/// The standard deviation of a series, and the series less its mean in units of it.
#[allow(clippy::cast_precision_loss, reason = "a count")]
fn standardised(series: &[f64]) -> (f64, Vec<f64>) {
    let count = series.len().max(1) as f64;
    let mean = series.iter().sum::<f64>() / count;
    let sd = (series.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count).sqrt();
    let scale = if sd > 0.0 { 1.0 / sd } else { 0.0 };
    (sd, series.iter().map(|x| (x - mean) * scale).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hft_core::world::{draws, stream};

    /// Two contracts of correlation r have eigenvalues 1 + r and 1 - r and the vectors (1, 1) and (1, -1) over the root of two.
    #[test]
    fn two_contracts_on_paper() {
        let (one, two) = ([1.0, -1.0, 1.0, -1.0], [2.0, -2.0, -2.0, 2.0]);
        let three = [3.0, -3.0, 1.0, -1.0]; // correlation with the first: 4 / (2 sqrt(5))
        let components = Components::of(&[&one, &three], 2);
        let r = 2.0 / 5.0f64.sqrt();
        assert!((components.explained[0] - (1.0 + r) / 2.0).abs() < 1e-12, "{components:?}");
        assert!((components.weights[0][0] - 0.5f64.sqrt()).abs() < 1e-12);
        assert!((components.weights[0][1] - 0.5f64.sqrt() / 5.0f64.sqrt()).abs() < 1e-12);
        let still = Components::of(&[&one, &two, &[7.0; 4]], 1);
        assert!(still.weights[0][2].abs() < 1e-12, "what does not move is not held");
    }

    #[test]
    fn the_first_factor_of_a_universe_with_one_is_it() {
        let mut rng = stream(2, "components");
        let factor: Vec<f64> = (0..2_000).map(|_| draws::normal(&mut rng)).collect();
        let universe: Vec<Vec<f64>> = (0..20)
            .map(|i| factor.iter().map(|f| (0.7 + 0.03 * f64::from(i)) * f + 0.5 * draws::normal(&mut rng)).collect())
            .collect();
        let columns: Vec<&[f64]> = universe.iter().map(Vec::as_slice).collect();
        let components = Components::of(&columns, 1);
        let found = &components.over(&columns)[0];
        let now: Vec<f64> = universe.iter().map(|series| series[7]).collect();
        assert_eq!(components.changes(&now).collect::<Vec<f64>>(), [found[7]]);
        let product: f64 = found.iter().zip(&factor).map(|(a, b)| a * b).sum();
        let norm = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>().sqrt();
        assert!(product / norm(found) / norm(&factor) > 0.98);
    }
}
