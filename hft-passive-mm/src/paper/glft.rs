//! The quotes of Guéant, Lehalle & Fernandez-Tapia (2013) for every inventory, three ways.

use crate::model::glft::{Glft, GlftQuotes};
use hft_app::paper::{PaperError, PaperReport, PaperRow, check};

/// What to print.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct GlftTable {
    /// The problem.
    pub problem: Glft,
    /// Time to go, `T` at the start.
    pub horizon: f64,
}

impl Default for GlftTable {
    fn default() -> Self {
        Self { problem: Glft { sigma: 0.3, a: 0.9, k: 0.3, gamma: 0.01, q_max: 30 }, horizon: 600.0 }
    }
}

/// The exact quotes at time 0, their limit far from the end, and the closed-form approximation of that limit, as
/// distances from the mid for every inventory from `-Q` to `Q`. A side that would pass the limit has no row. In the
/// sections of the approximation `exact` holds the value that it approximates.
///
/// # Errors
/// When a parameter is out of range.
pub fn glft(table: &GlftTable) -> Result<PaperReport, PaperError> {
    let GlftTable { problem, horizon } = *table;
    check("sigma", problem.sigma, [0.0, 1e6])?;
    check("A", problem.a, [1e-9, 1e9])?;
    check("k", problem.k, [1e-9, 1e9])?;
    check("gamma", problem.gamma, [1e-9, 1e6])?;
    check("T", horizon, [0.0, f64::MAX])?;
    check("Q", f64::from(problem.q_max), [1.0, f64::from(Glft::MAX_Q)])?;
    let exact = problem.quotes(horizon);
    let limit = problem.quotes(f64::INFINITY);
    let closed = |quotes: &GlftQuotes| problem.closed_form_quotes(quotes.q);
    let mut rows = section("exact quotes, t = 0", &exact, None);
    rows.extend(section("stationary quotes, T to infinity (theorem 2)", &limit, None));
    let approximations: Vec<GlftQuotes> = limit.iter().map(closed).collect();
    rows.extend(section("asymptotic quotes, closed form", &approximations, Some(&limit)));
    let Glft { sigma, a, k, gamma, q_max } = problem;
    Ok(PaperReport {
        name: "glft".to_owned(),
        citation:
            "Guéant, Lehalle & Fernandez-Tapia (2013), Dealing with the inventory risk, Math. Financ. Econ. 7, 477"
                .to_owned(),
        rows,
        notes: vec![
            format!("sigma = {sigma}, A = {a}, k = {k}, gamma = {gamma}, T = {horizon}, Q = {q_max}."),
            format!(
                "alpha = {:.6e}, eta = {:.6e}. Distances from the mid; negative is beyond it.",
                problem.alpha(),
                problem.eta()
            ),
        ],
    })
}

fn section(name: &str, quotes: &[GlftQuotes], approximated: Option<&[GlftQuotes]>) -> Vec<PaperRow> {
    let mut rows = Vec::new();
    for (i, quote) in quotes.iter().enumerate() {
        let target = approximated.map(|targets| targets[i]);
        for (side, ours, exact) in
            [("bid", quote.bid, target.and_then(|t| t.bid)), ("ask", quote.ask, target.and_then(|t| t.ask))]
        {
            let Some(ours) = ours else { continue };
            let row = PaperRow::new(name, format!("q = {:>4} {side}", quote.q), ours);
            rows.push(PaperRow { exact, ..row });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_inventory_has_its_quotes() {
        let report = glft(&GlftTable::default()).expect("the default");
        // Three sections of 61 inventories, less one side at either limit.
        assert_eq!(report.rows.len(), 3 * (2 * 61 - 2));
        assert!(report.passes() && report.rows.iter().all(|row| row.ours.is_finite()));
    }

    #[test]
    fn nonsense_is_refused_with_its_range() {
        let base = GlftTable::default();
        let with = |change: fn(&mut GlftTable)| {
            let mut table = base;
            change(&mut table);
            glft(&table).expect_err("out of range").parameter
        };
        assert_eq!(with(|t| t.problem.q_max = 0), "Q");
        assert_eq!(with(|t| t.problem.q_max = 301), "Q");
        assert_eq!(with(|t| t.problem.gamma = 0.0), "gamma");
        assert_eq!(with(|t| t.problem.sigma = -1.0), "sigma");
        assert_eq!(with(|t| t.horizon = f64::NAN), "T");
        assert_eq!(with(|t| t.problem.a = f64::INFINITY), "A");
    }
}
