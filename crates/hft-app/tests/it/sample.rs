//! A made-up run: a price that wanders, a maker around it, and some fills.

use hft_app::chapter::{Chapter, ChapterTable};
use hft_app::output::{
    Attribution, ContractSeries, EquityPoint, EquityRow, ExecutionSummary, FillMark, FillRow, LatencyBar,
    LatencyHistogram, LatencySummary, MarketPoint, Markout, Money, MoneySummary, Report, RiskSummary, RunFacts,
    RunFolder, RunSummary, Series, Summary,
};
use hft_core::models::{Cash, Liquidity, Side, Timestamp};
use std::path::{Path, PathBuf};

/// What a run hands over when it ends.
pub(crate) struct Sample {
    pub(crate) summary: Summary,
    pub(crate) series: Series,
    pub(crate) fills: Vec<FillRow>,
    pub(crate) config: String,
}

/// A small generator of our own: the picture is the same everywhere.
struct Dice(u64);

impl Dice {
    /// Between -1 and 1.
    #[allow(clippy::cast_precision_loss, reason = "53 bits")]
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

fn ten_to(power: f64) -> f64 {
    libm::exp2(power * std::f64::consts::LOG2_10)
}

fn cents(amount: f64) -> Cash {
    #[allow(clippy::cast_possible_truncation, reason = "small amounts")]
    Cash::new((amount * 100.0).round() as i128 * (Cash::PER_UNIT / 100))
}

impl Sample {
    /// A run of so many samples of 100 ms.
    pub(crate) fn new(samples: u32) -> Self {
        let mut dice = Dice(7);
        let (mut series, mut fills) = (Series::default(), Vec::new());
        let mut contract = ContractSeries { name: "SIM".to_owned(), ..ContractSeries::default() };
        let (mut mid, mut inventory, mut cash, mut peak) = (100.0, 0.0, 0.0, 0.0f64);
        for i in 0..samples {
            let time_s = f64::from(i) * 0.1;
            mid += dice.roll() * 0.02 + if i % 997 == 400 { dice.roll() * 0.3 } else { 0.0 } - (mid - 100.0) * 0.0005;
            let tick = |price: f64| (price * 100.0).round() / 100.0;
            let half = 0.02 + dice.roll().abs() * 0.02;
            let skew = 0.01 * inventory;
            let (bid, ask) = (tick(mid - half), tick(mid + half));
            let (ours, pulled) = ((tick(mid - 0.05 - skew), tick(mid + 0.05 - skew)), i % 3000 > 2900);
            let side = if dice.roll() - 0.06 * inventory > 0.0 { Side::Buy } else { Side::Sell };
            if !pulled && dice.roll() > 0.93 && f64::abs(inventory) < 10.0 {
                let price = if side == Side::Buy { ours.0 } else { ours.1 };
                let sign = if side == Side::Buy { 1.0 } else { -1.0 };
                inventory += sign;
                cash -= sign * price + 0.005;
                mid -= sign * 0.035;
                let pnl = cents(cash + inventory * mid);
                let fill = fill(fills.len(), time_s, side, price, (inventory, pnl, mid));
                let line = fill.line().replacen("FILL ", "", 1);
                contract.fills.push(FillMark { time_s, side, price, line });
                fills.push(fill);
            }
            let equity = cash + inventory * mid;
            peak = peak.max(equity);
            let quote = |price: f64| (!pulled).then_some(price);
            contract.market.push(MarketPoint {
                time_s,
                bid: Some(bid),
                ask: Some(ask),
                our_bid: quote(ours.0),
                our_ask: quote(ours.1),
                bid_qty: Some((8.0 + dice.roll() * 6.0).round()),
                ask_qty: Some((8.0 + dice.roll() * 6.0).round()),
                inventory,
            });
            series.equity.push(EquityPoint { time_s, equity, drawdown: peak - equity });
        }
        series.contracts.push(contract);
        series.latency = vec![histogram(&mut dice, "decision", 12.0), histogram(&mut dice, "ack", 220.0)];
        let summary = summary(&fills, f64::from(samples) * 0.1, &series);
        let config =
            "[run]\nduration_s = 1800.0\nseed = 11\n\n[passive_mm]\nhalf_spread = 0.05\ninv_limit = 10.0\nsize = 1.0\n";
        Self { summary, series, fills, config: config.to_owned() }
    }

    /// Writes the run folder, as the shell does at the end of a run.
    pub(crate) fn write(&self, out: &Path) -> anyhow::Result<PathBuf> {
        let folder = RunFolder::create(out, "hft-passive-mm", self.summary.run.seed)?;
        let mut fills = folder.csv::<FillRow>("fills.csv")?;
        for fill in &self.fills {
            fills.write(fill)?;
        }
        fills.finish()?;
        folder.csv::<EquityRow>("equity.csv")?.finish()?;
        let command = "hft-passive-mm run --fast --duration 30m --seed 11";
        let report = Report { summary: &self.summary, config: &self.config, command, series: &self.series };
        folder.write("report.html", &report.html())?;
        folder.write("summary.json", &self.summary.to_json())?;
        folder.write("config.resolved.toml", &self.config)?;
        let path = folder.path().to_owned();
        let run = &self.summary.run;
        folder.finish(RunFacts {
            pattern: run.pattern.clone(),
            version: run.version.clone(),
            seed: run.seed,
            config_hash: run.config_hash.clone(),
            digest: Some(run.digest.clone()),
            stopped_after: None,
            command_line: command.split(' ').map(str::to_owned).collect(),
        })?;
        Ok(path)
    }
}

fn fill(number: usize, time_s: f64, side: Side, price: f64, (inventory, pnl, mid): (f64, Cash, f64)) -> FillRow {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small numbers")]
    let time_ns = Timestamp::new((time_s * 1e9).round() as u64);
    let number = u64::try_from(number).expect("few fills") + 1;
    let sign = if side == Side::Buy { -1.0 } else { 1.0 };
    FillRow {
        fill: number,
        time_ns,
        symbol: "SIM".to_owned(),
        venue: "XSIM".to_owned(),
        trader: "maker".to_owned(),
        order: 10 + number,
        trade: number,
        side,
        qty: "1".to_owned(),
        price: format!("{price:.2}"),
        liquidity: Liquidity::Maker,
        cash: cents(sign * price),
        fee: cents(-0.01),
        inventory: format!("{inventory}"),
        pnl,
        mid,
        ahead: (number % 7).to_string(),
        counterparty: Some(["noise", "informed", "maker"][usize::try_from(number % 3).expect("small")].to_owned()),
        markout_10ms: Some(0.02),
        markout_100ms: Some(0.015),
        markout_1s: Some(0.005),
        markout_10s: Some(-0.004),
        markout_60s: None,
    }
}

fn histogram(dice: &mut Dice, stage: &str, typical_us: f64) -> LatencyHistogram {
    let mut bars: Vec<LatencyBar> = (0..60)
        .map(|i| typical_us * ten_to(f64::from(i) / 30.0 - 0.6))
        .map(|low_us| LatencyBar { low_us, high_us: low_us * ten_to(1.0 / 30.0), count: 0 })
        .collect();
    for _ in 0..20_000 {
        let spread = dice.roll() + dice.roll() + dice.roll() + dice.roll().abs().powi(6) * 3.0;
        let time_us = typical_us * ten_to(spread * 0.18);
        if let Some(bar) = bars.iter_mut().find(|bar| (bar.low_us..bar.high_us).contains(&time_us)) {
            bar.count += 1;
        }
    }
    LatencyHistogram { stage: stage.to_owned(), bars }
}

#[allow(clippy::cast_precision_loss, reason = "counts become ratios")]
fn summary(fills: &[FillRow], span_s: f64, series: &Series) -> Summary {
    let count = fills.len() as f64;
    let net = Money(fills.last().map_or(Cash::ZERO, |fill| fill.pnl));
    let (fees, spread, adverse) =
        (Money(cents(-0.005 * count)), Money(cents(0.05 * count)), Money(cents(-0.035 * count)));
    let inventory = net + -fees + -spread + -adverse;
    let attribution = Attribution { horizon_s: 1.0, spread, adverse_selection: adverse, inventory, fees, net };
    let drawdown = series.equity.iter().fold(0.0f64, |most, point| most.max(point.drawdown));
    Summary {
        verdict: attribution.verdict(fills.len() as u64, "USD"),
        run: RunSummary {
            pattern: "hft-passive-mm".to_owned(),
            version: "0.1.0".to_owned(),
            driver: "lockstep".to_owned(),
            symbols: vec!["SIM".to_owned()],
            seed: 11,
            config_hash: "5f0cbd60a5f7f0a1b55ae4f44a5bd5c9".to_owned(),
            span_s,
            wall_s: 0.412,
            events: 1_934_201,
            digest: "9d0f2a64c1be77e3".to_owned(),
            ended_by: "duration".to_owned(),
        },
        money: MoneySummary {
            currency: "USD".to_owned(),
            gross: net + -fees,
            fees,
            rebates: Money::ZERO,
            net,
            turnover: Money(cents(100.0 * count)),
            per_fill: (count > 0.0).then(|| net.to_f64() / count),
            bps_of_turnover: (count > 0.0).then(|| net.to_f64() / count),
            sharpe: None,
            sharpe_standard_error: None,
        },
        symbols: Vec::new(),
        truth: None,
        chapter: Some(chapter()),
        attribution,
        risk: RiskSummary {
            max_drawdown: Money(cents(drawdown)),
            inventory_mean: 0.31,
            inventory_max: 10.0,
            inventory_half_life_s: Some(14.2),
            time_at_limit: 0.021,
        },
        execution: ExecutionSummary {
            orders: 24_210,
            cancels: 23_300,
            commands: 49_120,
            fills: fills.len() as u64,
            fill_ratio: Some(0.034),
            maker_share: Some(1.0),
            order_to_trade: Some(29.5),
            quote_uptime: 0.967,
            time_to_fill_s: Some(2.8),
            queue_ahead_at_fill: Some(3.0),
            rejects: [("post_only_cross".to_owned(), 12)].into(),
        },
        markouts: markouts(fills.len() as u64),
        latency: vec![
            LatencySummary {
                stage: "decision".to_owned(),
                count: 20_000,
                p50_us: 12.1,
                p90_us: 21.0,
                p99_us: 43.0,
                max_us: 180.5,
            },
            LatencySummary {
                stage: "ack".to_owned(),
                count: 24_210,
                p50_us: 221.0,
                p90_us: 390.0,
                p99_us: 801.0,
                max_us: 2_100.0,
            },
        ],
    }
}

fn markouts(fills: u64) -> Vec<Markout> {
    let mut markouts = Vec::new();
    for (who, share, drift) in [(None, 1, 0.010), (Some("informed"), 3, 0.030), (Some("noise"), 3, 0.002)] {
        for (horizon_s, age) in [(0.01, 0.3), (0.1, 1.0), (1.0, 2.6), (10.0, 3.2), (60.0, 3.4)] {
            let mean = Some(0.048 - drift * age);
            let standard_error = Some(0.0012 * (1.0 + age) * if share == 1 { 1.0 } else { 1.7 });
            let too_late = if horizon_s > 50.0 { 9 } else { 0 };
            let counterparty = who.map(str::to_owned);
            let fills = (fills / share).saturating_sub(too_late);
            markouts.push(Markout { horizon_s, counterparty, mean, standard_error, fills, too_late });
        }
    }
    markouts
}

/// What a pattern might add.
fn chapter() -> Chapter {
    let mut table = ChapterTable::new("who came first", &["races won", "share"]);
    table.row("we", vec![Some(12.0), Some(0.25)]);
    table.row("<others>", vec![Some(36.0), None]);
    table.drawn = Some(0);
    Chapter {
        title: "Races".to_owned(),
        tables: vec![table],
        notes: vec!["Two came at once.".to_owned()],
        files: Vec::new(),
    }
}
