//! The results in a terminal.

use super::{Measure, Plan, PointResult, Results};
use crate::output::Style;
use crate::statistics::Estimate;
use std::fmt::Write as _;

/// How many points a terminal shows at most; all of them are in `points.csv`.
const LINES_MAX: usize = 60;

/// What stands where there is no number.
const NOTHING: &str = "n/a";

/// The table, and the verdict under it.
pub(super) fn render(plan: &Plan, results: &Results, style: Style) -> String {
    format!("{}\n{}\n", rows(plan, results, style), style.bold(&results.verdict))
}

/// The table.
pub(super) fn rows(plan: &Plan, results: &Results, style: Style) -> String {
    let mut text = String::new();
    let seeds = if plan.seeds == 1 { "seed" } else { "seeds" };
    let last = plan.first_seed + (plan.seeds - 1);
    let span = match plan.seeds {
        1 => format!("{seeds} {}", plan.first_seed),
        count => format!("{count} {seeds}, {} to {last}", plan.first_seed),
    };
    let heading = format!("{} {}: {} points on {span}", plan.pattern, plan.version, results.trials);
    let heading = if plan.keys.is_empty() { heading.replacen("1 points on ", "", 1) } else { heading };
    writeln!(text, "{}", style.bold(&heading)).expect("a String takes everything");
    text.push_str(&if plan.keys.is_empty() { figures(results, style) } else { points(plan, results, style) });
    text
}

/// One point: a line for every measure.
fn figures(results: &Results, style: Style) -> String {
    let best = results.best();
    let mut text = style.dim(&format!("  {:<20} {:>12} {:>26}", "", "mean", "95 % interval")) + "\n";
    for measure in Measure::ALL {
        let estimate = best.estimates.of(measure);
        let interval = interval(estimate, |value| measure.shown(value));
        writeln!(text, "  {:<20} {:>12} {interval:>26}", measure.title(), measure.shown(estimate.mean))
            .expect("a String takes everything");
    }
    let sharpe = number(best.sharpe);
    writeln!(text, "  {:<20} {sharpe:>12} {:>26}", "Sharpe over seeds", "mean / deviation of net").expect("as above");
    if best.halted > 0 {
        writeln!(text, "  {:<20} {:>12}", "halted by risk", best.halted).expect("as above");
    }
    text
}

/// Many points: a line for each.
fn points(plan: &Plan, results: &Results, style: Style) -> String {
    let width = |i: usize| {
        let values = results.points.iter().map(|point| point.values[i].chars().count());
        values.chain([short(&plan.keys[i]).chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..plan.keys.len()).map(width).collect();
    let cells = |values: &mut dyn Iterator<Item = &str>| -> String {
        values.zip(&widths).map(|(value, width)| format!("  {value:>width$}")).collect()
    };
    let head = format!(
        "{} {:>10} {:>22} {:>22} {:>10} {:>10} {:>10} {:>8} {:>7}",
        cells(&mut plan.keys.iter().map(|key| short(key))),
        format!("net {}", plan.currency),
        "95 % interval",
        "net - first, paired",
        "spread",
        "adverse",
        "inventory",
        "fills",
        "Sharpe"
    );
    let mut text = style.dim(&head) + "\n";
    for point in results.points.iter().take(LINES_MAX) {
        let line = cells(&mut point.values.iter().map(String::as_str)) + &line(point);
        let line = if point.point == results.best { style.bold(&line) } else { line };
        let mark = if point.point == results.best { "  best" } else { "" };
        let halted = if point.halted > 0 { format!("  {} halted", point.halted) } else { String::new() };
        writeln!(text, "{line}{mark}{halted}").expect("a String takes everything");
    }
    if results.points.len() > LINES_MAX {
        let more = results.points.len() - LINES_MAX;
        writeln!(text, "  .. and {more} more points in points.csv").expect("a String takes everything");
    }
    text
}

fn line(point: &PointResult) -> String {
    let mean = |measure: Measure| measure.shown(point.estimates.of(measure).mean);
    let money = |value: f64| format!("{value:+.2}");
    let against = point.against_first.as_ref().map(|against| against.of(Measure::Net));
    format!(
        " {:>10} {:>22} {:>22} {:>10} {:>10} {:>10} {:>8} {:>7}",
        mean(Measure::Net),
        interval(point.estimates.of(Measure::Net), money),
        against.map_or_else(|| "first".to_owned(), |against| interval(against, money)),
        mean(Measure::Spread),
        mean(Measure::Adverse),
        mean(Measure::Inventory),
        mean(Measure::Fills),
        number(point.sharpe)
    )
}

fn interval(estimate: &Estimate, shown: impl Fn(f64) -> String) -> String {
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => format!("{} to {}", shown(low), shown(high)),
        _ => NOTHING.to_owned(),
    }
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| NOTHING.to_owned(), |value| format!("{value:.2}"))
}

/// The key without its table.
pub(super) fn short(key: &str) -> &str {
    key.split_once('.').map_or(key, |(_, rest)| rest)
}
