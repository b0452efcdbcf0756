//! The whole desk in its own market, where nothing comes back and where something does.
//!
//! What is gated is the gross profit at the *hidden* values, `sum s q (V_end - V(t))` over all fills: what was bought and sold is worth its
//! true value, and spread and fees are left out. In the placebo every value is a martingale, and a desk that does not see the future holds
//! positions that were decided before the moves to come; so the expected gross is zero, exactly, however it trades. At the
//! *midpoints* it would not be: a midpoint is noisy around its value, and noise does come back.

use super::{ERRORS, SEED, told};
use crate::config::StatarbConfig;
use crate::scenario::{Market, Parts, legs, scenario, value};
use anyhow::Context;
use hft_app::Scenario;
use hft_app::paper::{PaperError, PaperReport, PaperRow, Sample, check, in_parallel};
use hft_app::statistics::{DeflatedSharpe, Moments};
use hft_core::account::{FillLine, FillLog};
use hft_core::models::{InstrumentId, Nanos, News, Timestamp};
use hft_core::risk::Limits;
use hft_core::world::{FillRecord, Node, close_books};

/// What to run.
#[derive(Clone, PartialEq, Debug)]
pub struct PlaceboTable {
    /// The desk and its universe; `placebo` and `entry` are set here.
    pub config: StatarbConfig,
    /// Everybody else.
    pub market: Market,
    /// Entries to try on the placebo: the best of them has to be told from luck.
    pub entries: Vec<f64>,
    /// Runs of each.
    pub runs: u64,
    /// Market time of a run, s.
    pub duration_s: f64,
    /// Seed of the first run; the others follow it.
    pub seed: u64,
}

impl Default for PlaceboTable {
    fn default() -> Self {
        Self {
            config: StatarbConfig::default(),
            market: Market::default(),
            entries: vec![1.0, 1.25, 1.5, 2.0],
            runs: 16,
            duration_s: 40.0,
            seed: SEED,
        }
    }
}

/// What one run came to, currency.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Earned {
    /// At the hidden values, without spread and fees.
    gross: f64,
    /// At the midpoints, everything paid.
    net: f64,
}

/// Gross and net of the placebo and of the universe that reverts, over the same seeds; and what the best of several entries is worth on the
/// placebo, once it is counted how many were tried.
///
/// # Errors
/// When a parameter is out of range, or a run fails.
pub fn placebo(table: &PlaceboTable) -> anyhow::Result<PaperReport> {
    validate(table)?;
    let PlaceboTable { config, entries, runs, duration_s, seed, .. } = table;
    let run_all = |entry: f64, placebo: bool| {
        let mut config = StatarbConfig { entry, ..config.clone() };
        config.universe.placebo = placebo;
        let all = in_parallel(*runs, |run| earned(&config, &table.market, seed + run, *duration_s));
        all.into_iter().collect::<anyhow::Result<Vec<Earned>>>()
    };
    let mut rows = Vec::new();
    for (section, placebo) in [("nothing comes back (placebo)", true), ("residuals revert", false)] {
        let all = run_all(config.entry, placebo)?;
        rows.extend(told_of(section, &all, placebo));
    }
    let trials = entries.iter().map(|entry| {
        let all = run_all(*entry, true)?;
        Ok(all.iter().map(|earned| earned.gross).collect())
    });
    let trials: Vec<Vec<f64>> = trials.collect::<anyhow::Result<_>>()?;
    rows.extend(best_of(entries, &trials));
    Ok(PaperReport {
        name: "placebo".to_owned(),
        citation: "Avellaneda & Lee (2010), Quant. Finance 10(7) 761; Bailey & López de Prado (2014), J. Portfolio Management 40(5) 94".to_owned(),
        rows,
        notes: vec![
            format!("{} contracts, {runs} runs of {duration_s} s each, seeds from {}.", config.symbols, told(*seed)),
            format!("Gross: positions at the hidden values, without spread and fees; expected to be zero in the placebo. Gate: {ERRORS} standard errors."),
            format!("{} entries were tried on the placebo: {entries:?}.", entries.len()),
        ],
    })
}

fn told_of(section: &str, all: &[Earned], placebo: bool) -> Vec<PaperRow> {
    let gross: Vec<f64> = all.iter().map(|earned| earned.gross).collect();
    let net: Vec<f64> = all.iter().map(|earned| earned.net).collect();
    let Sample { mean, error } = Sample::of(&gross);
    let row = PaperRow::new(section, "gross of a run, USD", mean).standard_error(error);
    let mut rows = vec![if placebo { row.exact(0.0).within(ERRORS * error) } else { row }];
    if let Some(moments) = Moments::of(&gross) {
        rows.push(PaperRow::new(section, "gross Sharpe ratio of a run", moments.sharpe()));
        let above = moments.probability_above(0.0);
        rows.extend(above.map(|p| PaperRow::new(section, "probability that it is above zero", p)));
    }
    let Sample { mean, error } = Sample::of(&net);
    rows.push(PaperRow::new(section, "net of a run, USD", mean).standard_error(error));
    rows
}

fn best_of(entries: &[f64], trials: &[Vec<f64>]) -> Vec<PaperRow> {
    let ratio = |trial: &Vec<f64>| Moments::of(trial).map_or(f64::NEG_INFINITY, |moments| moments.sharpe());
    let best = (0..trials.len()).max_by(|&a, &b| ratio(&trials[a]).total_cmp(&ratio(&trials[b])));
    let deflated = best.and_then(|best| Some((best, DeflatedSharpe::of(trials, best)?)));
    let Some((best, deflated)) = deflated else { return Vec::new() };
    let section = "the best of several entries on the placebo";
    vec![
        PaperRow::new(section, "entry", entries[best]),
        PaperRow::new(section, "gross Sharpe ratio of a run", deflated.sharpe),
        PaperRow::new(section, "what luck gives the best of so many", deflated.expected_of_luck),
        PaperRow::new(section, "probability that it is above that", deflated.probability),
    ]
}

fn validate(table: &PlaceboTable) -> Result<(), PaperError> {
    check("runs", table.runs as f64, [2.0, 10_000.0])?;
    check("duration", table.duration_s, [1.0, 86_400.0])?;
    check("entries", table.entries.len() as f64, [1.0, 64.0])?;
    check("seed", table.seed as f64, [0.0, 1e18])
}

/// Keeps every fill.
#[derive(Default)]
struct Fills(Vec<FillRecord>);

impl FillLog for Fills {
    fn fill(&mut self, line: &FillLine) -> anyhow::Result<()> {
        self.0.push(line.record);
        Ok(())
    }
}

/// One run in lockstep, judged by the values that the desk did not see.
///
/// # Errors
/// When the configuration cannot be traded, or the run fails.
fn earned(config: &StatarbConfig, market: &Market, seed: u64, duration_s: f64) -> anyhow::Result<Earned> {
    let parts = Parts { seed, config, market, limits: Limits::default() };
    let Scenario { mut world, desk, horizon, .. } = scenario(parts)?;
    world.blotter(Fills::default(), horizon)?;
    world.watch(desk)?;
    let books: Vec<InstrumentId> = world.books_of(desk).iter().map(|listing| listing.book.instrument).collect();
    let end = Timestamp::START + Nanos::from_secs_f64(duration_s);
    let mut ran = world.lockstep().run(end);
    ran.outcome.with_context(|| format!("seed {seed}"))?;
    close_books(&mut ran.nodes, ran.ended)?;
    let blotter = ran.nodes.into_iter().find_map(Node::into_blotter).context("the world has a blotter")?;
    let books_closed = blotter.summaries(desk)?;
    let net = books_closed.iter().map(|book| {
        let parts = book.parts;
        (parts.spread + parts.adverse + parts.inventory + parts.fees).to_f64()
    });
    let net = net.sum();
    let fills: Fills = blotter.into_log().context("the blotter keeps the fills")?;
    let step = Nanos::from_millis(market.0.fundamental.step_ms.max(1));
    let mut half_ticks = 0.0;
    for (leg, instrument) in legs(config).zip(books) {
        let own: Vec<&FillRecord> = fills.0.iter().filter(|fill| fill.book.instrument == instrument).collect();
        let path = path(value(seed, config, market, leg, instrument), end);
        let last = *path.last().expect("it has a beginning");
        for record in own {
            let at = usize::try_from(record.time.nanos() / step.count()).unwrap_or(usize::MAX).min(path.len() - 1);
            half_ticks += record.fill.side.signed(record.fill.qty).count() as f64 * (last - path[at]);
        }
    }
    // Half a cent a contract.
    Ok(Earned { gross: half_ticks * 0.005, net })
}

/// The value at the start and at every step until `end`, half ticks.
fn path(value: impl Iterator<Item = (Timestamp, News)>, end: Timestamp) -> Vec<f64> {
    let told = |(_, news): (Timestamp, News)| match news {
        News::Value { value, .. } => Some(value.count() as f64),
        News::Headline { .. } => None,
    };
    let start = 2.0 * crate::scenario::FIRST.ticks() as f64;
    std::iter::once(start).chain(value.take_while(|(time, _)| *time <= end).filter_map(told)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_earned_where_nothing_comes_back_and_something_where_it_does() {
        let table = PlaceboTable {
            config: StatarbConfig { symbols: 6, ..StatarbConfig::default() },
            entries: vec![1.25, 1.75],
            runs: 8,
            duration_s: 30.0,
            ..PlaceboTable::default()
        };
        let report = placebo(&table).expect("it runs");
        assert!(report.passes(), "{report}");
        let gross: Vec<&PaperRow> = report.rows.iter().filter(|row| row.label.starts_with("gross of a run")).collect();
        let [nothing, something] = gross[..] else { panic!("two universes: {report}") };
        assert!(
            nothing.pass == Some(true) && something.ours > 3.0 * something.standard_error.expect("a mean"),
            "{report}"
        );
        assert!(report.rows.iter().any(|row| row.label.starts_with("what luck gives")), "{report}");
    }
}
