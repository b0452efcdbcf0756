//! Every knob moves what its documentation says it moves: means over the same eight seeds, with the knob and without.

use crate::command_line::run;
use hft_app::exit::Exit;
use serde_json::Value;

/// Means over seeds of one configuration.
struct Means(Value);

impl Means {
    fn of(setting: &str) -> Self {
        let out = tempfile::tempdir().expect("a temporary folder");
        let set: String = setting.split(' ').filter(|s| !s.is_empty()).map(|s| format!(" --set {s}")).collect();
        let line = format!("run --fast --seeds 8 --duration 30s --quiet --json{set} --out {}", out.path().display());
        let (exit, stdout, stderr) = run(&line);
        assert_eq!(exit, Exit::Ok, "{setting}: {stderr}");
        Self(serde_json::from_str(&stdout).expect("JSON"))
    }

    fn mean(&self, measure: &str) -> f64 {
        let mean = &self.0["points"][0]["estimates"][measure]["mean"];
        mean.as_f64().unwrap_or_else(|| panic!("no mean of {measure}: {mean}"))
    }

    /// A measure, or two with a slash between them: their ratio.
    fn figure(&self, name: &str) -> f64 {
        match name.split_once('/') {
            Some((part, whole)) => self.mean(part) / self.mean(whole),
            None => self.mean(name),
        }
    }
}

#[test]
fn every_knob_moves_what_its_documentation_says() {
    let plain = Means::of("");
    // knob, figure, by what factor at least it grows (above 1) or at most it shrinks to (below 1)
    for (setting, figure, factor) in [
        ("statarb.symbols=4", "fills", 0.6),
        ("statarb.entry=2.0", "fills", 0.7),
        ("statarb.exit_long=0.5 statarb.exit_short=0.5", "fills", 1.15),
        ("statarb.sizing.unit_risk=0.4", "inventory_max", 0.7),
        ("statarb.sizing.position_limit=2", "inventory_max", 0.9),
        ("statarb.sizing.gross_limit=1000.0", "fills", 0.8),
        ("statarb.execution.patience_ms=0", "spread/fills", 1.5),
        ("statarb.execution.patience_ms=0", "adverse/fills", 0.7),
        ("statarb.execution.patience_ms=2000", "spread/fills", 0.7),
        ("statarb.estimator.warm_up=100", "fills", 0.7),
        ("statarb.estimator.slowest=0.01", "fills", 0.5),
        ("statarb.universe.residual_sd=60.0", "spread/fills", 0.8),
        ("statarb.breaks.threshold=1.0", "fills", 0.9),
        ("statarb.universe.placebo=true", "inventory", 0.4),
    ] {
        let (without, with) = (plain.figure(figure), Means::of(setting).figure(figure));
        let ratio = with / without;
        println!("{setting}: {figure} {without:.4} -> {with:.4}, {ratio:.2} times");
        let moved = if factor > 1.0 { ratio >= factor } else { ratio <= factor };
        assert!(moved, "{setting} should move {figure} by {factor}: {without:.4} -> {with:.4}");
    }
}
