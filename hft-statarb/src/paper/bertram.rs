//! The optimal thresholds of Bertram (2010) for any spread and any cost.

use crate::model::bertram::{Optimum, Spread};
use hft_app::paper::{PaperError, PaperReport, PaperRow, check};

/// What to solve.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BertramTable {
    /// The spread and its cost.
    pub spread: Spread,
}

impl Default for BertramTable {
    /// The paper's example: a pair of Australian stocks, time in years, cost in logarithms of the price.
    fn default() -> Self {
        Self { spread: Spread { alpha: 180.9670, eta: 0.1538, c: 0.001 } }
    }
}

/// The paper's own figures for its example.
const PRINTED: [f64; 2] = [-0.004_715, 0.017_122];
const TOLERANCE: f64 = 1e-6;

/// The thresholds, the expected cycle and the return a unit of time; and what neighbours of the thresholds would earn.
///
/// # Errors
/// When a parameter is out of range.
pub fn bertram(table: &BertramTable) -> Result<PaperReport, PaperError> {
    let Spread { alpha, eta, c } = table.spread;
    check("alpha", alpha, [1e-9, 1e9])?;
    check("eta", eta, [1e-9, 1e9])?;
    check("c", c, [1e-12, 1e9])?;
    // Beyond this a cycle takes longer than a number can hold.
    let deviations = c * alpha.sqrt() / eta;
    check("c sqrt(alpha) / eta", deviations, [0.0, 50.0])?;
    let Optimum { a, cycle, rate } = table.spread.optimum();
    let section = "optimal thresholds";
    let is_printed = *table == BertramTable::default();
    let row = |label: &str, ours: f64, printed: Option<f64>| {
        let row = PaperRow::new(section, label, ours);
        match printed.filter(|_| is_printed) {
            Some(value) => row.published(value).within(TOLERANCE),
            None => row,
        }
    };
    let sd = eta / (2.0 * alpha).sqrt();
    let mut rows = vec![
        row("buy at a", a, Some(PRINTED[0])),
        row("sell at m = -a", -a, Some(-PRINTED[0])),
        row("expected cycle", cycle, Some(PRINTED[1])),
        row("return a unit of time", rate, None),
        row("a in standard deviations", a / sd, None),
    ];
    for factor in [0.5, 0.75, 1.25, 1.5] {
        let earned = (-2.0 * a * factor - c) / table.spread.cycle(factor * a, -factor * a);
        rows.push(PaperRow::new(
            "return a unit of time, as a share of the best",
            format!("at {factor} a"),
            earned / rate,
        ));
    }
    Ok(PaperReport {
        name: "bertram".to_owned(),
        citation:
            "Bertram (2010), Analytic solutions for optimal statistical arbitrage trading, Physica A 389(11) 2234"
                .to_owned(),
        rows,
        notes: vec![
            format!("dX = -alpha X dt + eta dW; alpha = {alpha}, eta = {eta}, cost of a round trip c = {c}."),
            format!("Standard deviation in the long run {sd:.6}."),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_print_is_reproduced_and_other_spreads_are_solved() {
        let report = bertram(&BertramTable::default()).expect("the paper's example");
        assert!(report.passes(), "{report}");
        assert_eq!(report.rows.iter().filter(|row| row.pass.is_some()).count(), 3);
        let other = bertram(&BertramTable { spread: Spread { alpha: 0.5, eta: 2.0, c: 1.0 } }).expect("in range");
        assert!(other.rows.iter().all(|row| row.published.is_none() && row.ours.is_finite()));
        assert!(other.rows[5..].iter().all(|row| row.ours < 1.0), "{other}");
    }

    #[test]
    fn nonsense_is_refused_with_its_range() {
        for (alpha, eta, c, parameter) in [
            (0.0, 1.0, 1.0, "alpha"),
            (1.0, f64::NAN, 1.0, "eta"),
            (1.0, 1.0, 0.0, "c"),
            (1e6, 1.0, 1.0, "c sqrt(alpha) / eta"),
        ] {
            let spread = Spread { alpha, eta, c };
            assert_eq!(bertram(&BertramTable { spread }).expect_err("out of range").parameter, parameter);
        }
    }
}
