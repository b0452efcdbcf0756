//! How often the test of Engle and Granger errs: on random walks it should find a relation as often as it says, and no more.

use super::{ERRORS, SEED, told};
use crate::model::engle_granger::{Deterministic, critical_values, engle_granger as test};
use hft_app::paper::{PaperError, PaperReport, PaperRow, check, in_parallel};
use hft_core::world::{draws, stream};

/// What to simulate.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct EngleGrangerTable {
    /// How many series.
    pub series: u64,
    /// Observations of each.
    pub observations: u64,
    /// Lagged differences.
    pub lags: u64,
    /// What the first regression has beside the series.
    pub deterministic: Deterministic,
    /// Coefficient of the relation where there is one: the nearer to one, the harder to find.
    pub rho: f64,
    /// Simulated worlds.
    pub paths: u64,
    /// The seed.
    pub seed: u64,
}

impl Default for EngleGrangerTable {
    fn default() -> Self {
        Self {
            series: 2,
            observations: 100,
            lags: 0,
            deterministic: Deterministic::Constant,
            rho: 0.9,
            paths: 20_000,
            seed: SEED,
        }
    }
}

const LEVELS: [(f64, &str); 3] = [(0.01, "1 %"), (0.05, "5 %"), (0.10, "10 %")];
/// The response surfaces are fits: they miss the level by up to about a tenth of a percent.
const SURFACE: f64 = 0.001;
/// Worlds that one stream draws.
const BLOCK: u64 = 250;

/// The critical values, the share of worlds of independent random walks in which each is passed, and of worlds with a relation.
///
/// # Errors
/// When a parameter is out of range.
pub fn engle_granger(table: &EngleGrangerTable) -> Result<PaperReport, PaperError> {
    let EngleGrangerTable { series, observations, lags, deterministic, rho, paths, seed } = *table;
    check("series", series as f64, [2.0, 12.0])?;
    check("observations", observations as f64, [20.0, 1e5])?;
    check("lags", lags as f64, [0.0, observations as f64 / 4.0])?;
    check("rho", rho, [0.0, 1.0])?;
    check("paths", paths as f64, [100.0, 1e7])?;
    let critical = critical_values(deterministic, series as usize, observations as f64 - 1.0).expect("up to twelve");
    let mut rows: Vec<PaperRow> = LEVELS
        .iter()
        .zip(critical)
        .map(|((_, name), value)| PaperRow::new("critical values", format!("at {name}"), value))
        .collect();
    for (section, rho) in [("random walks: share that passes", None), ("a relation: share that passes", Some(rho))] {
        let passed = shares(table, rho, critical);
        for ((level, name), share) in LEVELS.into_iter().zip(passed) {
            let error = (level * (1.0 - level) / paths as f64).sqrt();
            let row = PaperRow::new(section, format!("at {name}"), share);
            // With lags the surfaces hold for long series alone.
            let is_gated = rho.is_none() && lags == 0;
            let row = if rho.is_none() { row.exact(level).standard_error(error) } else { row };
            rows.push(if is_gated { row.within(ERRORS * error + SURFACE) } else { row });
        }
    }
    Ok(PaperReport {
        name: "engle-granger".to_owned(),
        citation:
            "Engle & Granger (1987), Econometrica 55(2) 251; MacKinnon (2010), Critical values for cointegration tests"
                .to_owned(),
        rows,
        notes: vec![
            format!("{series} series, {observations} observations, {lags} lags, {paths} worlds, seed {}.", told(seed)),
            format!("The relation: the first series is the sum of the others and an autoregression of {rho}."),
        ],
    })
}

/// In which share of the worlds the statistic is below each critical value.
fn shares(table: &EngleGrangerTable, rho: Option<f64>, critical: [f64; 3]) -> [f64; 3] {
    let blocks = in_parallel(table.paths.div_ceil(BLOCK), |block| {
        let mut rng = stream(table.seed, &format!("engle-granger/{}/{block}", rho.is_some()));
        let mut passed = [0.0; 3];
        for _ in 0..BLOCK.min(table.paths - block * BLOCK) {
            let walk = |rng: &mut _| {
                let step = |level: &mut f64, _| {
                    *level += draws::normal(rng);
                    Some(*level)
                };
                (0..table.observations).scan(0.0, step).collect::<Vec<f64>>()
            };
            let others: Vec<Vec<f64>> = (1..table.series).map(|_| walk(&mut rng)).collect();
            let first = match rho {
                None => walk(&mut rng),
                Some(rho) => {
                    let mut own = 0.0;
                    let sum = |t: usize| others.iter().map(|other| other[t]).sum::<f64>();
                    (0..table.observations as usize)
                        .map(|t| {
                            own = rho * own + draws::normal(&mut rng);
                            sum(t) + own
                        })
                        .collect()
                }
            };
            let columns: Vec<&[f64]> = others.iter().map(Vec::as_slice).collect();
            let outcome = test(&first, &columns, table.deterministic, table.lags as usize);
            if let Some(outcome) = outcome {
                for (count, value) in passed.iter_mut().zip(critical) {
                    *count += f64::from(u8::from(outcome.statistic < value));
                }
            }
        }
        passed
    });
    std::array::from_fn(|level| blocks.iter().map(|block| block[level]).sum::<f64>() / table.paths as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_errs_as_often_as_it_says() {
        for (series, deterministic) in [(2, Deterministic::Constant), (4, Deterministic::Trend)] {
            let table = EngleGrangerTable { series, deterministic, paths: 4_000, ..EngleGrangerTable::default() };
            let report = engle_granger(&table).expect("in range");
            assert!(report.passes(), "{report}");
            assert!(report.rows[7].ours > 2.0 * report.rows[4].ours, "a relation is found more often: {report}");
        }
    }
}
