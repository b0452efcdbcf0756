//! Every knob moves what its documentation says it moves: means over the same eight seeds, with the knob and without.

use crate::command_line::run;
use hft_app::exit::Exit;
use serde_json::Value;

/// Means over seeds of one configuration.
struct Means(Value);

impl Means {
    fn of(setting: &str) -> Self {
        let out = tempfile::tempdir().expect("a temporary folder");
        let set = if setting.is_empty() { String::new() } else { format!("--set {setting}") };
        let line = format!("run --fast --seeds 8 --duration 40s --quiet --json {set} --out {}", out.path().display());
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
        ("passive_mm.half_spread=0.1", "fills", 1.5),
        ("passive_mm.half_spread=0.1", "spread/fills", 0.6),
        ("passive_mm.half_spread=0.1", "adverse/fills", 1.5),
        ("passive_mm.size=2.0", "inventory_max", 1.2),
        ("passive_mm.inv_limit=2.0", "inventory_max", 0.7),
        ("passive_mm.inv_spread_mult=0.0", "inventory_max", 1.2),
        ("passive_mm.tick_ms=1000", "net/fills", 0.5),
        ("passive_mm.tick_ms=1000", "inventory/fills", 3.0),
        ("passive_mm.latency_us=100000", "net/fills", 0.6),
        ("passive_mm.toxicity.fade_ms=2000", "fills", 0.9),
        ("passive_mm.toxicity.fade_ms=2000", "quote_uptime", 0.9),
        ("market.takers_per_s=24.0", "fills", 1.3),
        ("market.informed_fraction=0.95", "adverse/fills", 1.3),
        ("market.informed_fraction=0.0", "adverse/fills", 0.9),
        ("market.fundamental.jumps_per_s=2.0", "adverse/fills", 1.2),
        ("market.maker.half_spread=20", "fills", 0.7),
    ] {
        let (without, with) = (plain.figure(figure), Means::of(setting).figure(figure));
        let ratio = with / without;
        println!("{setting}: {figure} {without:.4} -> {with:.4}, {ratio:.2} times");
        let moved = if factor > 1.0 { ratio >= factor } else { ratio <= factor };
        assert!(moved, "{setting} should move {figure} by {factor}: {without:.4} -> {with:.4}");
    }
}
