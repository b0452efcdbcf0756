//! The value of the arbitrage option by dynamic programming, and what somebody earns who acts by it.

use super::{BLOCK, ERRORS, SEED, told};
use crate::model::option::{Held, Terms, Values};
use hft_app::paper::{PaperError, PaperReport, PaperRow, Sample, check, in_parallel};
use hft_core::world::{draws, stream};
use rand_chacha::ChaCha8Rng;

/// What to solve.
#[derive(Clone, PartialEq, Debug)]
pub struct OptionTable {
    /// The option.
    pub terms: Terms,
    /// Mispricings at the start, one row each.
    pub mispricings: Vec<f64>,
    /// Simulated paths of each.
    pub paths: u64,
    /// Seed of all draws.
    pub seed: u64,
}

impl Default for OptionTable {
    /// The costs and the volatility of the early unwind.
    fn default() -> Self {
        let terms = Terms { open: 0.5, close: 0.25, volatility: 1.0, expiry: 1.0, steps: 100, points: 400 };
        Self { terms, mispricings: vec![0.0, 0.5, 1.0], paths: 40_000, seed: SEED }
    }
}

/// The values: with everything allowed, without closing early, and what simulated paths earn.
///
/// # Errors
/// When a parameter is out of range.
pub fn arbitrage_option(table: &OptionTable) -> Result<PaperReport, PaperError> {
    let OptionTable { terms, mispricings, paths, seed } = table;
    check("c1", terms.open, [0.0, 1e6])?;
    check("c2", terms.close, [0.0, 1e6])?;
    // Who opens and closes for nothing does so at every moment, and is worth what the moments are.
    check("c1 + c2", terms.open + terms.close, [1e-6, 2e6])?;
    check("g", terms.volatility, [1e-6, 1e6])?;
    check("T", terms.expiry, [1e-9, 1e9])?;
    check("steps", terms.steps as f64, [1.0, 2_000.0])?;
    check("points", terms.points as f64, [10.0, 5_000.0])?;
    check("paths", *paths as f64, [100.0, 1e8])?;
    let values = Values::of(*terms);
    let kept = Values::of(Terms { close: 1e9, ..*terms });
    let mut rows = Vec::new();
    for &e in mispricings {
        let section = format!("mispricing at the start {e}");
        let earned = in_parallel(paths.div_ceil(BLOCK), |block| {
            let mut rng = stream(*seed, &format!("option/{e}/{block}"));
            let count = BLOCK.min(paths - block * BLOCK);
            (0..count).map(|_| path(&values, terms.steps, e, &mut rng)).collect::<Vec<[f64; 2]>>()
        });
        let all = earned.concat();
        let column = |which: usize| Sample::of(&all.iter().map(|path| path[which]).collect::<Vec<f64>>());
        let (money, trades) = (column(0), column(1));
        let value = values.flat(e);
        rows.push(PaperRow::new(&section, "value", value));
        // The grid between its points, and the quadrature, are off by less than a thousandth of the costs.
        let allowed = ERRORS * money.error + 1e-3 * (terms.open + terms.close);
        let row = PaperRow::new(&section, "earned by acting so, on simulated paths", money.mean);
        rows.push(row.exact(value).standard_error(money.error).within(allowed));
        rows.push(PaperRow::new(&section, "value where nothing may be closed early", kept.flat(e)));
        rows.push(PaperRow::new(&section, "opened now and kept", (e.abs() - terms.open).max(0.0)));
        rows.push(PaperRow::new(&section, "trades", trades.mean).standard_error(trades.error));
    }
    Ok(PaperReport {
        name: "arbitrage-option".to_owned(),
        citation: "Brennan & Schwartz (1990), Arbitrage in stock index futures, J. Business 63(1) S7".to_owned(),
        rows,
        notes: vec![
            format!(
                "Opening costs {}, closing early {}; the mispricing is a Brownian bridge of volatility {} to 0 at {}; no interest.",
                terms.open, terms.close, terms.volatility, terms.expiry
            ),
            format!(
                "Acted on at {} moments; {paths} paths, seed {}; gate: {ERRORS} standard errors and a thousandth of the costs.",
                terms.steps,
                told(*seed)
            ),
        ],
    })
}

/// What acting by the values earns on one path, and how many trades that takes.
fn path(values: &Values, steps: usize, e: f64, rng: &mut ChaCha8Rng) -> [f64; 2] {
    let (mut e, mut held, mut earned, mut trades) = (e, Held::Flat, 0.0, 0.0);
    for step in 0..steps {
        let (paid, then) = values.act(step, held, e);
        earned += paid;
        trades += if then == held { 0.0 } else { 1.0 };
        held = then;
        let (keep, sd) = values.step(step);
        e = e * keep + sd * draws::normal(rng);
    }
    [earned, trades]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_acts_by_the_values_earns_them() {
        let terms = Terms { steps: 25, points: 150, ..OptionTable::default().terms };
        let report =
            arbitrage_option(&OptionTable { terms, paths: 6_000, ..OptionTable::default() }).expect("in range");
        assert!(report.passes(), "{report}");
        for rows in report.rows.chunks(5) {
            assert!(rows[0].ours >= rows[2].ours && rows[2].ours >= rows[3].ours - 1e-9, "{report}");
        }
    }
}
