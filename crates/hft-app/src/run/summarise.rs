//! The summary of a run, from what its recorder and its blotter know. The only place where figures are chosen.

use super::driver::RealtimeFigures;
use super::inventory::Inventory;
use super::recorder::Recorder;
use super::{Facts, Scene};
use crate::chapter::Chapter;
use crate::output::{
    Attribution, ExecutionSummary, LatencyBar, LatencyHistogram, LatencySummary, Markout, Money, MoneySummary,
    RiskSummary, RunSummary, Summary, SymbolSummary, seconds, seconds_at,
};
use hft_core::account::{BookSummary, MARKOUT_HORIZONS, PnlParts};
use hft_core::models::{Lots, Nanos, Timestamp};
use hft_core::world::{Digest, Histogram};

/// How many one-minute changes of equity a Sharpe ratio is made of at least: an hour.
const SHARPE_MINUTES_MIN: usize = 60;

/// Minutes in a year of 252 sessions of six and a half hours.
const MINUTES_A_YEAR: f64 = 252.0 * 390.0;

/// Everything that a summary is made of.
pub(super) struct Inputs<'a> {
    pub(super) facts: &'a Facts,
    pub(super) scene: Scene,
    pub(super) recorder: &'a Recorder,
    pub(super) books: &'a [BookSummary],
    pub(super) digest: Digest,
    pub(super) events: u64,
    pub(super) ended: Timestamp,
    pub(super) wall_s: f64,
    pub(super) ended_by: String,
    pub(super) realtime: Option<&'a RealtimeFigures>,
    pub(super) truth: Option<Chapter>,
    pub(super) chapter: Option<Chapter>,
}

pub(super) fn summarise(inputs: Inputs<'_>) -> Summary {
    let Inputs { facts, recorder, books, ended, .. } = inputs;
    let parts = books.iter().map(|book| book.parts).fold(PnlParts::default(), |sum, part| sum + part);
    let horizon_s = seconds(inputs.scene.horizon);
    let attribution = attribution(&parts, horizon_s);
    let currency = books.first().map_or("", |book| book.instrument.currency()).to_owned();
    let symbols: Vec<SymbolSummary> = books.iter().map(|book| symbol(book, &inputs)).collect();
    let mut names: Vec<String> = Vec::new();
    for SymbolSummary { symbol, .. } in &symbols {
        // One contract may trade at several exchanges.
        if !names.contains(symbol) {
            names.push(symbol.clone());
        }
    }
    Summary {
        verdict: attribution.verdict(recorder.fills.count(), &currency),
        run: RunSummary {
            pattern: facts.pattern.to_owned(),
            version: facts.version.to_owned(),
            driver: facts.driver.to_string(),
            symbols: names,
            seed: facts.seed,
            config_hash: facts.config_hash.clone(),
            span_s: seconds_at(ended),
            wall_s: inputs.wall_s,
            events: inputs.events,
            digest: inputs.digest.to_string(),
            ended_by: inputs.ended_by.clone(),
        },
        money: money(recorder, attribution.net, currency),
        risk: risk(recorder, &symbols, books),
        execution: execution(recorder, &symbols),
        markouts: markouts(recorder),
        latency: stages(recorder, inputs.realtime).iter().map(|(name, times)| latency(name, times)).collect(),
        attribution,
        symbols,
        truth: inputs.truth,
        chapter: inputs.chapter,
    }
}

fn attribution(parts: &PnlParts, horizon_s: f64) -> Attribution {
    Attribution {
        horizon_s,
        spread: Money(parts.spread),
        adverse_selection: Money(parts.adverse),
        inventory: Money(parts.inventory),
        fees: Money(parts.fees),
        net: Money(parts.total()),
    }
}

fn symbol(book: &BookSummary, inputs: &Inputs<'_>) -> SymbolSummary {
    let recorder = inputs.recorder;
    let inventory = recorder.curve.inventory(book.book.instrument);
    let tally = &book.markouts[0];
    SymbolSummary {
        symbol: book.instrument.symbol().to_owned(),
        venue: recorder.who().venue(book.book.venue).to_owned(),
        fills: tally.fills + tally.too_short,
        attribution: attribution(&book.parts, seconds(inputs.scene.horizon)),
        inventory_mean: inventory.mean() * lot(book),
        inventory_max: book.instrument.lots_f64(lots(inventory.largest())),
        inventory_half_life_s: inventory.half_life(recorder.curve.every()),
        time_at_limit: inventory.share_at_limit(),
        quote_uptime: share(seconds(recorder.orders.two_sided(book.book, inputs.ended)), inputs.ended),
    }
}

fn lot(book: &BookSummary) -> f64 {
    book.instrument.lots_f64(Lots::new(1))
}

fn lots(count: i128) -> Lots {
    Lots::new(i64::try_from(count).unwrap_or(i64::MAX))
}

fn share(seconds: f64, ended: Timestamp) -> f64 {
    let all = seconds_at(ended);
    if all > 0.0 { (seconds / all).min(1.0) } else { 0.0 }
}

#[allow(clippy::cast_precision_loss, reason = "ratios")]
fn money(recorder: &Recorder, net: Money, currency: String) -> MoneySummary {
    let sums = &recorder.money;
    let (fees, rebates, turnover) = (Money(sums.paid), Money(sums.rebates), Money(sums.turnover));
    let fills = recorder.fills.count();
    let sharpe = sharpe(recorder.curve.minutes());
    MoneySummary {
        currency,
        gross: net + -fees + -rebates,
        fees,
        rebates,
        net,
        turnover,
        per_fill: (fills > 0).then(|| net.to_f64() / fills as f64),
        bps_of_turnover: (turnover > Money::ZERO).then(|| 1e4 * net.to_f64() / turnover.to_f64()),
        sharpe: sharpe.map(|(ratio, _)| ratio),
        sharpe_standard_error: sharpe.map(|(_, error)| error),
    }
}

/// The annualised Sharpe ratio of one-minute changes and its standard error (Lo 2002, eq. 9: independent changes).
#[allow(clippy::cast_precision_loss, reason = "statistics")]
fn sharpe(minutes: &[f64]) -> Option<(f64, f64)> {
    if minutes.len() < SHARPE_MINUTES_MIN {
        return None;
    }
    let n = minutes.len() as f64;
    let mean = minutes.iter().sum::<f64>() / n;
    let variance = minutes.iter().map(|change| (change - mean) * (change - mean)).sum::<f64>() / (n - 1.0);
    let ratio = mean / variance.sqrt();
    let year = MINUTES_A_YEAR.sqrt();
    ratio.is_finite().then(|| (ratio * year, ((1.0 + 0.5 * ratio * ratio) / n).sqrt() * year))
}

fn risk(recorder: &Recorder, symbols: &[SymbolSummary], books: &[BookSummary]) -> RiskSummary {
    let most = |value: fn(&SymbolSummary) -> f64| symbols.iter().map(value).fold(0.0, f64::max);
    let inventories = || books.iter().map(|book| recorder.curve.inventory(book.book.instrument));
    let half_lives: Vec<f64> =
        inventories().filter_map(|inventory: &Inventory| inventory.half_life(recorder.curve.every())).collect();
    RiskSummary {
        max_drawdown: Money(recorder.curve.max_drawdown()),
        inventory_mean: symbols.iter().map(|symbol| symbol.inventory_mean).sum(),
        inventory_max: most(|symbol| symbol.inventory_max),
        inventory_half_life_s: half_lives.iter().copied().reduce(f64::max),
        time_at_limit: most(|symbol| symbol.time_at_limit),
    }
}

#[allow(clippy::cast_precision_loss, reason = "ratios")]
fn execution(recorder: &Recorder, symbols: &[SymbolSummary]) -> ExecutionSummary {
    let (orders, fills) = (&recorder.orders, recorder.fills.count());
    let ratio = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
    let known = |times: &Histogram| times.count() > 0;
    ExecutionSummary {
        orders: orders.sent,
        cancels: orders.canceled,
        commands: orders.commands,
        fills,
        fill_ratio: ratio(orders.filled, orders.sent),
        maker_share: ratio(recorder.money.maker_fills, fills),
        order_to_trade: ratio(orders.commands, fills),
        quote_uptime: symbols.iter().map(|symbol| symbol.quote_uptime).sum::<f64>() / symbols.len().max(1) as f64,
        time_to_fill_s: known(&orders.first_fill).then(|| seconds(orders.first_fill.quantile(0.5))),
        queue_ahead_at_fill: known(&orders.ahead).then(|| orders.ahead.quantile(0.5).count() as f64),
        rejects: orders.rejects.clone(),
    }
}

fn markouts(recorder: &Recorder) -> Vec<Markout> {
    let lines = recorder.fills.tallies().iter().flat_map(|(class, tallies)| {
        tallies.iter().zip(MARKOUT_HORIZONS).map(move |(tally, horizon)| Markout {
            horizon_s: seconds(horizon),
            counterparty: class.clone(),
            mean: tally.mean(),
            standard_error: tally.standard_error(),
            fills: tally.fills,
            too_late: tally.too_late,
        })
    });
    lines.collect()
}

/// The stages whose times were taken, by name.
fn stages<'a>(recorder: &'a Recorder, realtime: Option<&'a RealtimeFigures>) -> Vec<(&'static str, &'a Histogram)> {
    let orders = &recorder.orders;
    let mut stages = vec![("decision", &orders.decision), ("ack", &orders.acknowledged), ("fill", &orders.first_fill)];
    if let Some(figures) = realtime {
        stages.push(("wire to order", &figures.wire_to_order));
        stages.push(("timer lateness", &figures.timer_lateness));
    }
    stages.retain(|(_, times)| times.count() > 0);
    stages
}

#[allow(clippy::cast_precision_loss, reason = "for people")]
fn latency(stage: &str, times: &Histogram) -> LatencySummary {
    let micros = |q: f64| times.quantile(q).count() as f64 / 1e3;
    LatencySummary {
        stage: stage.to_owned(),
        count: times.count(),
        p50_us: micros(0.5),
        p90_us: micros(0.9),
        p99_us: micros(0.99),
        max_us: times.max().count() as f64 / 1e3,
    }
}

/// The same stages as bars for the report.
#[allow(clippy::cast_precision_loss, reason = "for people")]
pub(super) fn histograms(recorder: &Recorder, realtime: Option<&RealtimeFigures>) -> Vec<LatencyHistogram> {
    let bars = |times: &Histogram| {
        let bar = |(low, high, count): (Nanos, Nanos, u64)| LatencyBar {
            low_us: low.count() as f64 / 1e3,
            high_us: high.count() as f64 / 1e3,
            count,
        };
        times.buckets().map(bar).collect()
    };
    let stages = stages(recorder, realtime).into_iter();
    stages.map(|(stage, times)| LatencyHistogram { stage: stage.to_owned(), bars: bars(times) }).collect()
}
