//! What was fitted, in a terminal.

use super::fitted::branching_ratio;
use super::{CalibrateFlags, FitModel, Fitted};
use crate::market::score::Score;
use crate::output::Style;
use std::fmt::Write as _;

/// The section, what else was found, and the card.
pub(super) fn render(fitted: &Fitted, section: &str, flags: &CalibrateFlags, score: &Score, style: Style) -> String {
    let mut text = String::new();
    let mut put = |line: &str| writeln!(text, "{line}").expect("a String takes everything");
    put(&style.bold(&format!("{}: written to {}", flags.file.display(), flags.out.display())));
    section.lines().for_each(|line| put(&format!("  {line}")));
    put("");
    put(&style.bold("What else was found"));
    put(&format!("  {:<44} {} ticks, {} lots", "a step and a unit of the models", fitted.spacing, fitted.unit));
    if flags.model != FitModel::Cst {
        let cst = &fitted.cst;
        let near = |rates: &[f64]| rates.iter().take(5).map(|rate| format!("{rate:.3}")).collect::<Vec<_>>().join(" ");
        put(&format!("  {:<44} {}", "cst: limit orders a second, distances 1 to 5", near(&cst.lambda)));
        put(&format!("  {:<44} {}", "cst: cancels of each order a second", near(&cst.theta)));
        put(&format!("  {:<44} {:.3}", "cst: market orders a second, each side", cst.mu));
    }
    if let Some(hawkes) = &fitted.hawkes {
        let ratio = branching_ratio(hawkes);
        put(&format!("  {:<44} {ratio:.3}, forgotten at {:.3}/s", "hawkes: children an event has in all", hawkes.beta));
    }
    put("");
    put(&style.bold("The fitted market, held against the recording"));
    put(&score.render(style));
    put(&format!("again: market score --config {} --against {}", flags.out.display(), flags.file.display()));
    text
}
