//! Published models as the market of a world: what their books do, seen from outside, against the solvers.
//!
//! Every book is run by one participant behind an account and a gate, on a venue, over links; the laws are exact, so each tolerance is one
//! of chance: four or five standard errors.

#![allow(clippy::cast_precision_loss, reason = "statistics")]

use hft_core::flow::laws::balanced_queues;
use hft_core::flow::{BalancedQueuesConfig, CstConfig, FlowModel, HawkesConfig, QueueReactiveConfig, SantaFeConfig};
use hft_core::prelude::*;
use hft_core::world::{Delivery, Message, NodeId, Observer};

/// A moment's book that lasted.
#[derive(Clone, Debug)]
struct Rest {
    seconds: f64,
    /// Best prices, ticks.
    best: [i64; 2],
    /// Lots there.
    size: [i64; 2],
    /// Lots at the prices that are asked for.
    at: Vec<i64>,
}

impl Rest {
    fn mid(&self) -> i64 {
        self.best[0] + self.best[1]
    }
}

/// Watches the only book of a world: states that last longer than the nanosecond in which a model comes to rest.
struct Watch<'a> {
    prices: &'a [(Side, i64)],
    since: Timestamp,
    state: Option<Rest>,
    seen: Vec<Rest>,
    /// Commands by kind: limit orders, market orders; when.
    sent: [Vec<Timestamp>; 2],
}

impl Observer<Node> for Watch<'_> {
    fn before(&mut self, delivery: &Delivery<'_>) {
        if let Message::Approved(approved) = delivery.message
            && let Command::New(order) = approved.get()
            && delivery.now > Timestamp::START
        {
            self.sent[usize::from(order.limit_price().is_none())].push(delivery.now);
        }
    }

    fn after(&mut self, now: Timestamp, node: NodeId, nodes: &[Node]) -> anyhow::Result<()> {
        let Some(venue) = nodes[node.0 as usize].as_venue() else { return Ok(()) };
        let (.., engine) = venue.books().next().expect("one book");
        let lasted = now.since(self.since).count();
        if let Some(state) = self.state.take().filter(|_| lasted > 1) {
            self.seen.push(Rest { seconds: lasted as f64 * 1e-9, ..state });
        }
        let top = engine.top();
        self.since = now;
        self.state = top.bid.zip(top.ask).map(|(bid, ask)| Rest {
            seconds: 0.0,
            best: [bid.price.ticks(), ask.price.ticks()],
            size: [bid.qty.lots(), ask.qty.lots()],
            at: self.prices.iter().map(|&(side, price)| engine.level(side, Price::new(price)).lots()).collect(),
        });
        Ok(())
    }
}

const FIRST: i64 = 10_000;

/// Runs a market alone in its world, and closes the books.
fn run<'a>(market: &CrowdConfig, seed: u64, seconds: u64, prices: &'a [(Side, i64)]) -> Watch<'a> {
    let mut world = World::<Simulated>::new(seed);
    let xsim = world.venue("XSIM", VenueConfig::default()).expect("a new name");
    let tick = "0.01".parse().expect("a decimal");
    let x = Instrument::new("X", "USD", tick, Decimal::ONE, Decimal::ONE, FeeSchedule::default()).expect("valid");
    let book = world.list(xsim, x, BookRules::default(), Price::new(FIRST)).expect("listed once");
    market.join(&mut world, book, Price::new(FIRST)).expect("an empty world");
    let mut watch = Watch { prices, since: Timestamp::START, state: None, seen: Vec::new(), sent: Default::default() };
    let until = Timestamp::START + Nanos::from_secs(seconds);
    let mut ran = world.lockstep().run_observed(until, &mut watch);
    ran.outcome.expect("nothing goes wrong");
    close_books(&mut ran.nodes, ran.ended).expect("conserved");
    watch
}

/// How far outcomes are from their odds, in standard errors: all alike, and weighted by how sure the odds are.
fn scores(forecasts: &[(f64, bool)]) -> [f64; 2] {
    let score = |weight: &dyn Fn(f64) -> f64| {
        let sum: f64 = forecasts.iter().map(|&(p, up)| weight(p) * (f64::from(u8::from(up)) - p)).sum();
        let variance: f64 = forecasts.iter().map(|&(p, _)| weight(p) * weight(p) * p * (1.0 - p)).sum();
        sum / variance.sqrt()
    };
    [score(&|_| 1.0), score(&|p| p - 0.5)]
}

/// The state after each move of the mid, and whether the next move is upwards.
fn moves(seen: &[Rest]) -> impl Iterator<Item = (&Rest, bool)> {
    let firsts: Vec<&Rest> = std::iter::once(&seen[0])
        .chain(seen.windows(2).filter(|pair| pair[0].mid() != pair[1].mid()).map(|pair| &pair[1]))
        .collect();
    let pairs: Vec<_> = firsts.windows(2).map(|pair| (pair[0], pair[1].mid() > pair[0].mid())).collect();
    pairs.into_iter()
}

#[test]
fn which_way_the_mid_of_cst_goes_next_is_the_solvers() {
    let cst = CstConfig { pace: 10.0, ..CstConfig::default() };
    let market = CrowdConfig { model: FlowModel::Cst, spacing: 3, unit: 2, cst, ..CrowdConfig::default() };
    let watch = run(&market, 3, 1_500, &[]);
    let mut tables = Vec::new();
    for spread in 1..=3 {
        tables.push(market.cst.rates().best_queues(spread).up(12));
    }
    let forecast = |(rest, up): (&Rest, bool)| {
        let [b, a] = rest.size.map(|lots| usize::try_from(lots / 2).expect("units of two lots"));
        let spread = usize::try_from((rest.best[1] - rest.best[0]) / 3).expect("steps of three ticks");
        Some((*tables.get(spread - 1)?.get(b - 1)?.get(a - 1)?, up))
    };
    let forecasts: Vec<_> = moves(&watch.seen).filter_map(forecast).collect();
    let scores = scores(&forecasts);
    assert!(forecasts.len() > 10_000, "{}", forecasts.len());
    assert!(scores.iter().all(|score| score.abs() < 4.0), "{scores:?} standard errors");
}

#[test]
fn the_spread_of_santa_fe_depends_on_two_ratios_alone() {
    let spread = |config: SantaFeConfig, spacing: i64| {
        let market = CrowdConfig { model: FlowModel::SantaFe, spacing, santa_fe: config, ..CrowdConfig::default() };
        let seen = run(&market, 4, 2_000, &[]).seen;
        let weighted: f64 = seen.iter().map(|rest| (rest.best[1] - rest.best[0]) as f64 * rest.seconds).sum();
        weighted / seen.iter().map(|rest| rest.seconds).sum::<f64>() / spacing as f64 * config.alpha / config.mu
    };
    let one = SantaFeConfig { alpha: 0.2, mu: 1.0, delta: 0.1, levels: 24, pace: 20.0 };
    let faster = SantaFeConfig { alpha: 0.6, mu: 3.0, delta: 0.3, levels: 24, pace: 7.0 };
    let (first, second) = (spread(one, 1), spread(faster, 4));
    assert!((first / second - 1.0).abs() < 0.03, "{first} {second}");
    let other = spread(SantaFeConfig { delta: 0.4, ..one }, 1);
    assert!(other > 1.1 * first, "another delta / mu is another spread: {other} {first}");
}

#[test]
fn every_queue_of_the_queue_reactive_book_has_its_invariant_law() {
    let model = QueueReactiveConfig {
        limits: vec![vec![1.2, 1.0, 0.9, 0.8, 0.7], vec![2.0, 1.0]],
        cancels: vec![vec![0.3, 0.5, 0.7], vec![0.4, 0.9, 1.2]],
        markets: vec![vec![0.3, 0.25, 0.2]],
        queues: 3,
        follow: 0.0,
        pace: 20.0,
        ..QueueReactiveConfig::default()
    };
    let market =
        CrowdConfig { model: FlowModel::QueueReactive, unit: 3, queue_reactive: model, ..CrowdConfig::default() };
    let prices = [(Side::Buy, FIRST), (Side::Sell, FIRST + 1), (Side::Buy, FIRST - 1), (Side::Sell, FIRST + 3)];
    let watch = run(&market, 5, 4_000, &prices);
    let total: f64 = watch.seen.iter().map(|rest| rest.seconds).sum();
    for (place, distance) in [(0, 0), (1, 0), (2, 1), (3, 2)] {
        let law = market.queue_reactive.law(distance).invariant();
        let mut shares = vec![0.0; law.len() + 50];
        for rest in &watch.seen {
            shares[usize::try_from(rest.at[place] / 3).expect("units of three lots")] += rest.seconds / total;
        }
        let apart = |n: usize| (shares[n] - law.get(n).copied().unwrap_or(0.0)).abs();
        let variation = (0..shares.len()).map(apart).sum::<f64>() / 2.0;
        assert!(variation < 0.02, "queue {place}: total variation {variation}");
    }
    // The state in which one side of the whole book is empty is not among those seen: a side's three queues are rarely empty at once.
    assert!(total > 0.99 * 4_000.0, "{total}");
}

#[test]
fn the_reference_price_follows_through_an_empty_queue() {
    let market = CrowdConfig { model: FlowModel::QueueReactive, ..CrowdConfig::default() };
    let seen = run(&market, 6, 600, &[]).seen;
    let reach = seen.iter().map(|rest| (rest.mid() - 2 * FIRST).abs()).max().expect("seen");
    assert!(reach > 10, "the midpoint leaves the five prices on either side of the first: {reach} half ticks");
    let spread: f64 = seen.iter().map(|rest| (rest.best[1] - rest.best[0]) as f64 * rest.seconds).sum::<f64>() / 600.0;
    assert!((1.0..3.0).contains(&spread), "and it stays in the middle of its book: {spread}");
}

#[test]
fn orders_of_the_hawkes_market_come_at_the_process_rates_and_in_its_bursts() {
    let market = CrowdConfig { model: FlowModel::Hawkes, ..CrowdConfig::default() };
    const WINDOW: u64 = 20;
    let seconds = 40_000;
    let sent = run(&market, 7, seconds, &[]).sent;
    let process = market.hawkes.process();
    let rates = process.rates();
    for (kind, times) in sent.iter().enumerate() {
        let (rate, expected) = (times.len() as f64 / seconds as f64, rates[2 * kind] + rates[2 * kind + 1]);
        assert!((rate / expected - 1.0).abs() < 0.02, "kind {kind}: {rate} beside {expected}");
    }
    // Cancels come from impatience too, so the Fano factor is of those two kinds, bounded by what it is without and with all.
    let mut counts = vec![0.0; usize::try_from(seconds / WINDOW).expect("it fits")];
    for time in sent.iter().flatten() {
        // What is sent while the run settles is in no window.
        if let Some(count) = counts.get_mut(usize::try_from(time.nanos() / (WINDOW * 1_000_000_000)).expect("it fits"))
        {
            *count += 1.0;
        }
    }
    let mean = counts.iter().sum::<f64>() / counts.len() as f64;
    let variance = counts.iter().map(|count| (count - mean) * (count - mean)).sum::<f64>() / counts.len() as f64;
    let (fano, all) = (variance / mean, process.fano());
    assert!(fano > 3.0 && fano < all, "{fano}, of all kinds {all}");
}

#[test]
fn which_balanced_queue_empties_first_is_the_integrals() {
    let balanced_queues = BalancedQueuesConfig { rate: 200.0, cancels: 0.4, refill: 3.0 };
    let market =
        CrowdConfig { model: FlowModel::BalancedQueues, spacing: 2, balanced_queues, ..CrowdConfig::default() };
    let seen = run(&market, 8, 600, &[]).seen;
    assert!(seen.iter().all(|rest| rest.best[1] - rest.best[0] == 2), "the spread is one step");
    let table: Vec<Vec<f64>> = (1..=12).map(|n| (1..=12).map(|p| balanced_queues::up(n, p)).collect()).collect();
    let forecast = |(rest, up): (&Rest, bool)| {
        let [b, a] = rest.size.map(|lots| usize::try_from(lots).expect("lots"));
        Some((*table.get(b - 1)?.get(a - 1)?, up))
    };
    let forecasts: Vec<_> = moves(&seen).filter_map(forecast).collect();
    let scores = scores(&forecasts);
    assert!(forecasts.len() > 3_000, "{}", forecasts.len());
    assert!(scores.iter().all(|score| score.abs() < 4.0), "{scores:?} standard errors");
}

#[test]
fn contradicting_numbers_are_refused() {
    let refused = |market: CrowdConfig, key: &str| {
        let error = market.check().expect_err(key);
        assert_eq!(error.key, key, "{error}");
    };
    let plain = |model| CrowdConfig { model, ..CrowdConfig::default() };
    let hawkes = HawkesConfig { same_side: vec![vec![0.9; 3]; 3], ..HawkesConfig::default() };
    refused(CrowdConfig { hawkes, ..plain(FlowModel::Hawkes) }, "hawkes.same_side");
    let growing = QueueReactiveConfig { limits: vec![vec![5.0]], ..QueueReactiveConfig::default() };
    refused(CrowdConfig { queue_reactive: growing, ..plain(FlowModel::QueueReactive) }, "queue_reactive.limits");
    let patient = CstConfig { theta: vec![0.001], ..CstConfig::default() };
    refused(CrowdConfig { cst: patient.clone(), ..plain(FlowModel::Cst) }, "cst.theta");
    assert!(
        CrowdConfig { cst: patient, ..plain(FlowModel::Crowd) }.check().is_ok(),
        "what is not asked for does not matter"
    );
}
