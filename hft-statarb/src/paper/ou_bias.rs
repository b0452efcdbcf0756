//! How wrong the estimates of a short window are, and what the filter of Avellaneda & Lee lets pass.

use super::{ERRORS, SEED, told};
use crate::model::ou::{Ar1, bias_of_b, bias_of_kappa};
use crate::model::residual::{Drift, Fit};
use hft_app::paper::{PaperError, PaperReport, PaperRow, Sample, check, in_parallel};
use hft_core::world::{draws, stream};
use rand_chacha::ChaCha8Rng;

/// What to simulate.
#[derive(Clone, PartialEq, Debug)]
pub struct BiasTable {
    /// Speed of reversion, 1/time.
    pub kappa: f64,
    /// Time between two samples.
    pub dt: f64,
    /// Transitions in a window, one group of rows each.
    pub samples: Vec<u64>,
    /// Simulated windows of each length.
    pub paths: u64,
    /// The slowest reversion that the filter lets pass: time constant over length of the window.
    pub slowest: f64,
    /// The seed.
    pub seed: u64,
}

impl Default for BiasTable {
    /// Days and years: a time constant of ten days, and the paper's window of sixty.
    fn default() -> Self {
        Self { kappa: 25.2, dt: 1.0 / 252.0, samples: vec![60, 250, 1_000], paths: 20_000, slowest: 0.5, seed: SEED }
    }
}

/// Windows that one stream draws.
const BLOCK: u64 = 250;

/// The formulas are the first term of a series in the number of times that the process reverts within the window, `n (1 - b)`: they are gated
/// from this many on, to so many standard errors and a share of the bias of [`NEXT_TERM`] over it.
const REVERSIONS_MIN: f64 = 20.0;
const NEXT_TERM: f64 = 4.0;

/// Mean estimates against the truth and the asymptotic bias; and the share of windows that pass the filter, of reverting processes and of
/// random walks.
///
/// # Errors
/// When a parameter is out of range.
pub fn ou_bias(table: &BiasTable) -> Result<PaperReport, PaperError> {
    let BiasTable { kappa, dt, samples, paths, slowest, seed } = table;
    let (kappa, dt) = (*kappa, *dt);
    check("kappa", kappa, [1e-9, 1e9])?;
    check("dt", dt, [1e-12, 1e9])?;
    check("kappa dt", kappa * dt, [1e-6, 3.0])?;
    check("paths", *paths as f64, [100.0, 1e7])?;
    check("slowest", *slowest, [1e-6, 1e6])?;
    let b = libm::exp(-kappa * dt);
    let mut rows = Vec::new();
    for &n in samples {
        check("samples", n as f64, [10.0, 1e5])?;
        let fits = fits(table, n, b);
        let count = n as f64;
        let reversions = count * (1.0 - b);
        let section = format!("{n} samples, {:.1} half-lives", count * kappa * dt / std::f64::consts::LN_2);
        let gated = |label: &str, estimates: &[f64], truth: f64, bias: f64| {
            let Sample { mean, error } = Sample::of(estimates);
            let row = PaperRow::new(&section, label, mean).exact(truth + bias).standard_error(error);
            let next = bias.abs() * NEXT_TERM / reversions;
            if reversions >= REVERSIONS_MIN { row.within(ERRORS * error + next) } else { row }
        };
        let (bs, kappas): (Vec<f64>, Vec<f64>) = fits.iter().filter_map(|fit| Some((fit.b, fit.ou(dt)?.kappa))).unzip();
        let all: Vec<f64> = fits.iter().map(|fit| fit.b).collect();
        rows.push(PaperRow::new(&section, "true b", b));
        rows.push(gated("mean of b", &all, b, bias_of_b(b, count)));
        rows.push(PaperRow::new(&section, "true kappa", kappa));
        rows.push(gated("mean of kappa, of those that revert", &kappas, kappa, bias_of_kappa(kappa, dt, count)));
        let reverting = bs.len() as f64 / fits.len() as f64;
        rows.push(PaperRow::new(&section, "share with 0 < b < 1", reverting));
        for (label, truth) in [("of reverting processes", Some(b)), ("of random walks", None)] {
            let share = passing(table, n, truth);
            let row = PaperRow::new(&section, format!("share that passes the filter, {label}"), share);
            rows.push(row.standard_error((share * (1.0 - share) / *paths as f64).sqrt()));
        }
    }
    Ok(PaperReport {
        name: "ou-bias".to_owned(),
        citation: "Kendall (1954), Biometrika 41, 403; Tang & Chen (2009), J. Econometrics 149(1) 65; Avellaneda & Lee (2010), Quant. Finance 10(7) 761"
            .to_owned(),
        rows,
        notes: vec![
            format!("kappa = {kappa}, dt = {dt:.6}, {paths} windows each, seed {}.", told(*seed)),
            format!("exact: the truth and the first term of its bias. Gated where n (1 - b) is {REVERSIONS_MIN} or more, to {ERRORS} standard errors and {NEXT_TERM} / (n (1 - b)) of the bias."),
            format!("The filter: a fit of cumulated residuals with a time constant of at most {slowest} windows. It has no power where random walks pass too."),
        ],
    })
}

fn in_blocks<T: Send>(table: &BiasTable, name: &str, draw: impl Fn(&mut ChaCha8Rng) -> T + Sync) -> Vec<T> {
    let blocks = in_parallel(table.paths.div_ceil(BLOCK), |block| {
        let mut rng = stream(table.seed, &format!("ou-bias/{name}/{block}"));
        (0..BLOCK.min(table.paths - block * BLOCK)).map(|_| draw(&mut rng)).collect::<Vec<T>>()
    });
    blocks.into_iter().flatten().collect()
}

/// A path of `n` transitions that starts in its long run; a random walk where it has none.
fn path(rng: &mut ChaCha8Rng, n: u64, b: Option<f64>) -> Vec<f64> {
    let (keep, start) = b.map_or((1.0, 0.0), |b| (b, 1.0 / (1.0 - b * b).sqrt()));
    let mut x = start * draws::normal(rng);
    let mut path = vec![x];
    for _ in 0..n {
        x = keep * x + draws::normal(rng);
        path.push(x);
    }
    path
}

fn fits(table: &BiasTable, n: u64, b: f64) -> Vec<Ar1> {
    in_blocks(table, &format!("fit/{n}"), |rng| Ar1::fit(&path(rng, n, Some(b))).expect("it varies"))
}

/// The share of windows of changes whose fit, as in the paper, passes.
fn passing(table: &BiasTable, n: u64, b: Option<f64>) -> f64 {
    let name = format!("filter/{n}/{}", b.is_some());
    let passes = in_blocks(table, &name, |rng| {
        let changes: Vec<f64> = path(rng, n, b).windows(2).map(|pair| pair[1] - pair[0]).collect();
        let fit = Fit::of(&changes, &[], Drift::Estimated, table.dt);
        fit.is_some_and(|fit| fit.reverts_within(table.slowest, n as f64 * table.dt))
    });
    passes.iter().filter(|passes| **passes).count() as f64 / passes.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bias_is_the_asymptotic_one_and_the_filter_has_no_power() {
        let report = ou_bias(&BiasTable { paths: 5_000, ..BiasTable::default() }).expect("in range");
        assert!(report.passes(), "{report}");
        assert_eq!(report.rows.iter().filter(|row| row.pass.is_some()).count(), 4, "two windows of three are long");
        let share = |label: &str| report.rows.iter().find(|row| row.label.ends_with(label)).expect(label).ours;
        assert!(share("of random walks") > 0.9, "sixty changes of a random walk pass as well: {report}");
        let other =
            BiasTable { kappa: 0.3, dt: 0.5, samples: vec![400], paths: 5_000, seed: 4, ..BiasTable::default() };
        assert!(ou_bias(&other).expect("in range").passes());
    }
}
