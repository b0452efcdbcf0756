//! False alarms and delays of the break detector: its receiver operating characteristic.
//!
//! A residual reverts, is watched through a rolling window as the desk watches it, and at a known sample jumps and is a random walk thereafter.

use super::{SEED, told};
use crate::model::detector::Detector;
use crate::model::residual::{Drift, Fit};
use hft_app::paper::{PaperError, PaperReport, PaperRow, Sample, check, in_parallel};
use hft_core::world::{draws, stream};

/// What to simulate.
#[derive(Clone, PartialEq, Debug)]
pub struct BreakTable {
    /// Thresholds, one group of rows each.
    pub thresholds: Vec<f64>,
    /// Half-life of the residual, samples.
    pub half_life: f64,
    /// Samples in the window.
    pub window: u64,
    /// How far it jumps at the break, standard deviations.
    pub shift: f64,
    /// Samples that are watched before the break, and after it.
    pub watched: u64,
    /// Simulated residuals.
    pub paths: u64,
    /// The seed.
    pub seed: u64,
}

impl Default for BreakTable {
    /// The default universe in samples of 200 ms.
    fn default() -> Self {
        Self {
            thresholds: vec![4.0, 8.0, 12.0, 16.0],
            half_life: 12.5,
            window: 240,
            shift: 8.0,
            watched: 300,
            paths: 400,
            seed: SEED,
        }
    }
}

/// What one residual did to one threshold.
#[derive(Clone, Copy, Debug)]
struct Watched {
    false_alarms: u32,
    /// Samples from the break to the first alarm after it.
    delay: Option<u32>,
}

/// False alarms a thousand samples, the share of breaks that were found, and how long that took.
///
/// # Errors
/// When a parameter is out of range.
pub fn breaks(table: &BreakTable) -> Result<PaperReport, PaperError> {
    let BreakTable { thresholds, half_life, window, shift, watched, paths, seed } = table;
    check("half-life", *half_life, [0.1, 1e5])?;
    check("window", *window as f64, [20.0, 10_000.0])?;
    check("shift", *shift, [-1e3, 1e3])?;
    check("watched", *watched as f64, [10.0, 1e5])?;
    check("paths", *paths as f64, [10.0, 1e6])?;
    for &threshold in thresholds {
        check("thresholds", threshold, [1e-3, 1e6])?;
    }
    let all = in_parallel(*paths, |path| watch(table, path));
    let mut rows = Vec::new();
    for (i, threshold) in thresholds.iter().enumerate() {
        let section = format!("threshold {threshold}");
        let alarms: Vec<f64> = all.iter().map(|path| f64::from(path[i].false_alarms) * 1e3 / *watched as f64).collect();
        let delays: Vec<f64> = all.iter().filter_map(|path| path[i].delay).map(f64::from).collect();
        let Sample { mean, error } = Sample::of(&alarms);
        rows.push(PaperRow::new(&section, "false alarms in 1,000 samples", mean).standard_error(error));
        rows.push(PaperRow::new(&section, "share of breaks found", delays.len() as f64 / all.len() as f64));
        if delays.len() >= 2 {
            let Sample { mean, error } = Sample::of(&delays);
            rows.push(PaperRow::new(&section, "mean delay of those, samples", mean).standard_error(error));
        }
    }
    Ok(PaperReport {
        name: "breaks".to_owned(),
        citation: "Page (1954), Continuous inspection schemes, Biometrika 41, 100; Lorden (1971), Ann. Math. Statist. 42, 1897".to_owned(),
        rows,
        notes: vec![
            format!("Half-life {half_life} samples, window {window}, jump {shift} standard deviations, then a random walk."),
            format!("{paths} residuals, {watched} samples before the break and after it, seed {}.", told(*seed)),
        ],
    })
}

fn watch(table: &BreakTable, path: u64) -> Vec<Watched> {
    let mut rng = stream(table.seed, &format!("breaks/{path}"));
    let b = libm::exp(-std::f64::consts::LN_2 / table.half_life);
    let sd = 1.0 / (1.0 - b * b).sqrt();
    let before = table.window + table.watched;
    let mut x = sd * draws::normal(&mut rng);
    let mut levels = vec![x];
    for n in 0..before + table.watched {
        let (keep, jump) = if n < before { (b, 0.0) } else { (1.0, if n == before { table.shift * sd } else { 0.0 }) };
        x = keep * x + jump + draws::normal(&mut rng);
        levels.push(x);
    }
    let changes: Vec<f64> = levels.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let window = table.window as usize;
    let fits: Vec<Option<Fit>> =
        (window..changes.len()).map(|n| Fit::of(&changes[n - window..n], &[], Drift::Zero, 1.0)).collect();
    let judge = |threshold: &f64| {
        let mut detector = Detector::new(*threshold);
        let mut watched = Watched { false_alarms: 0, delay: None };
        for ((change, fit), n) in changes[window..].iter().zip(&fits).zip(0u32..) {
            if let Some(fit) = fit {
                detector.renew(fit, Drift::Zero, window);
            }
            let alarm = detector.observe(*change, &[]);
            match u64::from(n).checked_sub(table.watched) {
                None => watched.false_alarms += u32::from(alarm),
                Some(_) if alarm && watched.delay.is_none() => {
                    watched.delay = Some(n - u32::try_from(table.watched).expect("it is small"));
                }
                Some(_) => {}
            }
        }
        watched
    };
    table.thresholds.iter().map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_threshold_is_later_and_errs_less_and_breaks_are_found() {
        let report = breaks(&BreakTable { paths: 60, ..BreakTable::default() }).expect("in range");
        let of = |label: &str| {
            let rows = report.rows.iter().filter(|row| row.label.starts_with(label));
            rows.map(|row| row.ours).collect::<Vec<f64>>()
        };
        let (alarms, found, delays) = (of("false"), of("share"), of("mean"));
        assert!(alarms.is_sorted_by(|a, b| a >= b) && delays.is_sorted(), "{report}");
        assert!(alarms[2] < 2.0 && found[2] > 0.9 && delays[2] < 50.0, "the default threshold: {report}");
        let still = breaks(&BreakTable { shift: 0.0, paths: 60, ..BreakTable::default() }).expect("in range");
        let later = |row: &&PaperRow| row.label.starts_with("mean");
        assert!(still.rows.iter().filter(later).nth(2).is_none_or(|row| row.ours > delays[2]), "{still}");
    }
}
