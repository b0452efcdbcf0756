//! The task `compare`: two run folders side by side. What differs in their configurations, and what came of it.
//!
//! Left out: whether a difference is luck. One run of each says nothing of that; `sweep` puts both on the same seeds.

use crate::config;
use crate::exit::Failure;
use crate::flags::Shared;
use crate::output::{MANIFEST, Manifest, Money, Summary};
use crate::run::CONFIGURATION;
use crate::terminal::Terminal;
use crate::verify;
use anyhow::anyhow;
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The two runs.
#[derive(Clone, PartialEq, Debug, Args)]
pub struct CompareFlags {
    /// The folder of one run.
    pub a: PathBuf,
    /// The folder of the other.
    pub b: PathBuf,
}

/// Two runs, side by side.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Comparison {
    /// Keys whose values differ: in the first run, in the second; absent where a run has no such key.
    pub configuration: BTreeMap<String, [Option<String>; 2]>,
    /// Figures, in the order of the summary.
    pub figures: Vec<Figure>,
}

/// One figure of both runs.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Figure {
    /// What it is, with its unit.
    pub name: String,
    /// In the first run; absent where it was too short to say.
    pub a: Option<f64>,
    /// In the second.
    pub b: Option<f64>,
    /// Second less first.
    pub difference: Option<f64>,
}

/// Compares, and prints.
///
/// # Errors
/// [`Failure::Data`] when a folder is no finished run, or the two are of different patterns.
pub fn compare(flags: &CompareFlags, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    shared.leaves_configuration("what is compared are runs that have been")?;
    let (a, b) = (Run::read(&flags.a)?, Run::read(&flags.b)?);
    let [first, second] = [&a, &b].map(|run| run.summary.run.pattern.as_str());
    if first != second {
        let (a, b) = (flags.a.display(), flags.b.display());
        return Err(Failure::Data(anyhow!(
            "{a} is a run of {first} and {b} of {second}: they have nothing to compare"
        )));
    }
    let comparison = Comparison { configuration: differences(&a.keys, &b.keys), figures: figures(&a, &b) };
    let text = if shared.json {
        format!("{:#}\n", serde_json::to_value(&comparison).map_err(anyhow::Error::from)?)
    } else {
        comparison.render(shared)
    };
    Ok(terminal.out.write_all(text.as_bytes())?)
}

/// What is read of a run folder.
struct Run {
    summary: Summary,
    keys: BTreeMap<String, String>,
}

impl Run {
    fn read(folder: &Path) -> Result<Self, Failure> {
        verify::one_run(folder)?;
        let manifest = Manifest::read(folder).map_err(Failure::Data)?;
        manifest.check(folder).map_err(Failure::Data)?;
        let mut keys = config::leaves(&folder.join(CONFIGURATION)).map_err(|error| Failure::Data(error.into()))?;
        // Where a run was written is not what it was.
        keys.remove("run.out");
        let summary = Summary::of_folder(folder).map_err(Failure::Data)?;
        let (run, told) = (&manifest.run, &summary.run);
        let said = (&run.pattern, &run.version, run.seed, &run.config_hash, run.digest.as_ref());
        if said != (&told.pattern, &told.version, told.seed, &told.config_hash, Some(&told.digest)) {
            let path = folder.join(MANIFEST);
            return Err(Failure::Data(anyhow!("{} names another run than summary.json beside it", path.display())));
        }
        Ok(Self { summary, keys })
    }
}

fn differences(a: &BTreeMap<String, String>, b: &BTreeMap<String, String>) -> BTreeMap<String, [Option<String>; 2]> {
    let all = a.keys().chain(b.keys());
    let pairs = all.map(|key| (key.clone(), [a.get(key).cloned(), b.get(key).cloned()]));
    pairs.filter(|(_, [a, b])| a != b).collect()
}

#[allow(clippy::cast_precision_loss, reason = "counts beside other figures")]
fn figures(a: &Run, b: &Run) -> Vec<Figure> {
    type Pick = fn(&Summary) -> Option<f64>;
    fn of(money: Money) -> Option<f64> {
        Some(money.to_f64())
    }
    let picks: [(&str, Pick); 18] = [
        ("net", |s| of(s.money.net)),
        ("gross", |s| of(s.money.gross)),
        ("fees and rebates", |s| of(s.attribution.fees)),
        ("net per fill", |s| s.money.per_fill),
        ("bps of turnover", |s| s.money.bps_of_turnover),
        ("spread", |s| of(s.attribution.spread)),
        ("adverse selection", |s| of(s.attribution.adverse_selection)),
        ("inventory", |s| of(s.attribution.inventory)),
        ("max drawdown", |s| of(s.risk.max_drawdown)),
        ("max position, contracts", |s| Some(s.risk.inventory_max)),
        ("time at limit, %", |s| Some(100.0 * s.risk.time_at_limit)),
        ("fills", |s| Some(s.execution.fills as f64)),
        ("commands", |s| Some(s.execution.commands as f64)),
        ("maker share, %", |s| Some(100.0 * s.execution.maker_share?)),
        ("quote uptime, %", |s| Some(100.0 * s.execution.quote_uptime)),
        ("time to fill, s", |s| s.execution.time_to_fill_s),
        ("queue ahead at fill", |s| s.execution.queue_ahead_at_fill),
        ("market time, s", |s| Some(s.run.span_s)),
    ];
    let figure =
        |name: String, a: Option<f64>, b: Option<f64>| Figure { name, a, b, difference: a.zip(b).map(|(a, b)| b - a) };
    let mut figures: Vec<Figure> =
        picks.iter().map(|(name, pick)| figure((*name).to_owned(), pick(&a.summary), pick(&b.summary))).collect();
    for markout in &a.summary.markouts {
        let same = |other: &&crate::output::Markout| {
            other.counterparty == markout.counterparty && other.horizon_s.total_cmp(&markout.horizon_s).is_eq()
        };
        let other = b.summary.markouts.iter().find(same).and_then(|other| other.mean);
        figures.push(figure(format!("markout {}", markout.label()), markout.mean, other));
    }
    figures
}

impl Comparison {
    fn render(&self, shared: &Shared) -> String {
        let style = shared.style();
        let mut text = style.bold("Configuration") + "\n";
        for (key, [a, b]) in &self.configuration {
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            writeln!(text, "  {key:<34} {:>16} {:>16}", shown(a), shown(b)).expect("a String takes everything");
        }
        if self.configuration.is_empty() {
            text.push_str("  the same\n");
        }
        let head = format!("  {:<34} {:>16} {:>16} {:>16}", "", "first", "second", "difference");
        writeln!(text, "\n{}\n{}", style.bold("Results"), style.dim(&head)).expect("a String takes everything");
        for Figure { name, a, b, difference } in &self.figures {
            let shown = |value: &Option<f64>| value.map_or_else(|| "n/a".to_owned(), |value| format!("{value:.4}"));
            let change = difference.map_or_else(|| "n/a".to_owned(), |change| format!("{change:+.4}"));
            writeln!(text, "  {name:<34} {:>16} {:>16} {change:>16}", shown(a), shown(b)).expect("as above");
        }
        let net = self.figures.iter().find(|figure| figure.name == "net").and_then(|figure| figure.difference);
        let verdict = match net {
            Some(net) if net > 0.0 => format!("The second nets {net:.2} more."),
            Some(net) if net < 0.0 => format!("The second nets {:.2} less.", -net),
            _ => "Both net the same.".to_owned(),
        };
        let luck = "One run of each does not tell a difference from luck: sweep the keys on the same seeds.";
        writeln!(text, "\n{} {luck}", style.bold(&verdict)).expect("a String takes everything");
        text
    }
}
