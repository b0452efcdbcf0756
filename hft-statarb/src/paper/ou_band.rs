//! Bertram's rule on true Ornstein-Uhlenbeck processes, path by path.
//!
//! A path is drawn on a grid with the exact transition. Between two grid points that are both short of a threshold it may still have
//! touched it, with probability `exp(-2 d0 d1 / (eta^2 dt))`, which is drawn too; a touch counts from the middle of its step.

use super::{ERRORS, SEED, told};
use crate::model::bertram::Spread;
use hft_app::paper::{PaperError, PaperReport, PaperRow, Sample, check, in_parallel};
use hft_core::world::{draws, stream};
use rand_chacha::ChaCha8Rng;

/// What to simulate.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BandTable {
    /// The spread and its cost.
    pub spread: Spread,
    /// Cycles a threshold.
    pub cycles: u64,
    /// The seed.
    pub seed: u64,
}

impl Default for BandTable {
    fn default() -> Self {
        Self { spread: super::BertramTable::default().spread, cycles: 20_000, seed: SEED }
    }
}

/// Steps in the time in which a deviation falls to `1/e`.
const STEPS: f64 = 400.0;
/// Cycles that one stream draws.
const BLOCK: u64 = 500;
/// Longer cycles are not simulated.
const CYCLE_MAX: f64 = 100.0;

/// The mean cycle at the optimal thresholds and around them, against the formula; and what the rule earned.
///
/// # Errors
/// When a parameter is out of range.
pub fn ou_band(table: &BandTable) -> Result<PaperReport, PaperError> {
    let BandTable { spread, cycles, seed } = *table;
    let Spread { alpha, eta, c } = spread;
    check("alpha", alpha, [1e-9, 1e9])?;
    check("eta", eta, [1e-9, 1e9])?;
    check("c", c, [1e-12, 1e9])?;
    check("cycles", cycles as f64, [100.0, 1e7])?;
    check("c sqrt(alpha) / eta", c * alpha.sqrt() / eta, [0.0, 50.0])?;
    let optimum = spread.optimum();
    check("cycle times alpha", spread.cycle(1.5 * optimum.a, -1.5 * optimum.a) * alpha, [0.0, CYCLE_MAX])?;
    let mut rows = Vec::new();
    for factor in [0.5, 1.0, 1.5] {
        let a = factor * optimum.a;
        let lengths = in_parallel(cycles.div_ceil(BLOCK), |block| {
            let count = BLOCK.min(cycles - block * BLOCK);
            let mut rng = stream(seed, &format!("band/{factor}/{block}"));
            (0..count).map(|_| cycle(&spread, a, &mut rng)).collect::<Vec<f64>>()
        });
        let Sample { mean, error } = Sample::of(&lengths.concat());
        let section = format!("thresholds -+{:.6}, {factor} of the best", -a);
        let exact = spread.cycle(a, -a);
        rows.push(
            PaperRow::new(&section, "mean cycle", mean).exact(exact).standard_error(error).within(ERRORS * error),
        );
        let gain = -2.0 * a - c;
        let rate = PaperRow::new(&section, "return a unit of time", gain / mean).exact(gain / exact);
        let rate_error = (gain * error / mean / mean).abs();
        rows.push(rate.standard_error(rate_error).within(ERRORS * rate_error));
    }
    Ok(PaperReport {
        name: "ou-band".to_owned(),
        citation:
            "Bertram (2010), Analytic solutions for optimal statistical arbitrage trading, Physica A 389(11) 2234"
                .to_owned(),
        rows,
        notes: vec![
            format!("alpha = {alpha}, eta = {eta}, c = {c}; {cycles} cycles each, seed {}.", told(seed)),
            format!("{STEPS} steps in 1/alpha, touches between them drawn; gate: {ERRORS} standard errors."),
        ],
    })
}

/// From `a` to `-a` and back: its length.
fn cycle(spread: &Spread, a: f64, rng: &mut ChaCha8Rng) -> f64 {
    passage(spread, a, rng) + passage(spread, a, rng)
}

/// From `a` below zero to `-a`; the way back is its mirror image.
fn passage(spread: &Spread, a: f64, rng: &mut ChaCha8Rng) -> f64 {
    let dt = 1.0 / (STEPS * spread.alpha);
    let decay = libm::exp(-spread.alpha * dt);
    let sd = spread.eta * (-libm::expm1(-2.0 * spread.alpha * dt) / (2.0 * spread.alpha)).sqrt();
    let (mut x, mut steps) = (a, 0.0);
    loop {
        let before = x;
        x = before * decay + sd * draws::normal(rng);
        // -ln U is exponential: touched with probability exp(-2 d0 d1 / sd^2).
        let touched = x >= -a || draws::exponential(rng) > 2.0 * (-a - before) * (-a - x) / (sd * sd);
        steps += 1.0;
        if touched {
            return (steps - 0.5) * dt;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_take_as_long_as_the_formula_says() {
        for spread in [super::super::BertramTable::default().spread, Spread { alpha: 0.3, eta: 2.0, c: 1.0 }] {
            let report = ou_band(&BandTable { spread, cycles: 3_000, seed: SEED }).expect("in range");
            assert!(report.passes(), "{report}");
            assert!(report.rows[3].ours > report.rows[1].ours && report.rows[3].ours > report.rows[5].ours, "{report}");
        }
    }
}
