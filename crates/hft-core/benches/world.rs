//! The whole loop in lockstep: `cargo bench -p hft-core --bench world`.
//!
//! Printed, for each world: deliveries and commands a second of processor time over fresh runs, and how much faster than the market's own time
//! that is. A word as an argument chooses the worlds whose names contain it; a number as the last argument sets the market seconds of a run:
//! `valgrind --tool=callgrind <the bench binary> reference 1` counts instructions.
//!
//! | world | is |
//! |---|---|
//! | reference | one venue, a crowd that sends 10,000 commands a second of market time, 5-level book updates to one maker that quotes both sides, its account with a gate and a ledger, constant latencies |
//! | cst, hawkes | the same around a published model at about 10,000 events a second |
//! | agents | an ecology of about 3,500 agents, each with its account, in one book |
//! | symbols | 64 books whose values follow one factor, a crowd of five in each, one desk that sees all of them |
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use hft_core::flow::{CstConfig, EcologyConfig, FactorValue, FlowModel, Fundamental, FundamentalConfig, HawkesConfig};
use hft_core::prelude::*;
use std::time::Instant;

const RUNS: usize = 7;
const FIRST: Price = Price::new(10_000);

/// A world by name, and the market seconds of a run.
type Scene = (&'static str, fn() -> anyhow::Result<World<Simulated>>, u64);

const SCENES: [Scene; 5] = [
    ("reference", reference, 20),
    ("cst", cst, 20),
    ("hawkes", hawkes, 20),
    ("agents", agents, 4),
    ("symbols", symbols, 10),
];

fn list(world: &mut World<Simulated>, symbols: &[String]) -> anyhow::Result<Vec<BookId>> {
    let rate = |notional_ppb| FeeRate { notional_ppb, ..FeeRate::FREE };
    let xsim = world.venue("XSIM", VenueConfig::default())?;
    let listed = symbols.iter().map(|symbol| {
        let fees = FeeSchedule::flat(rate(-10_000), rate(30_000));
        let contract = Instrument::new(symbol, "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, fees)?;
        Ok(world.list(xsim, contract, BookRules::default(), FIRST)?)
    });
    listed.collect()
}

/// A maker of our own in each of these books, all at one desk.
fn seat_makers(world: &mut World<Simulated>, books: &[BookId]) -> anyhow::Result<()> {
    let desk = world.account("desk", Limits::default())?;
    for &book in books {
        let maker = world.trader(&format!("ours/{book}"), desk, CompetingMaker::new(MakerConfig::default(), book))?;
        let feed = Feed::every_change(Depth::Levels(5));
        world.connect(maker, book, Connection::symmetric(Nanos::from_micros(200), feed))?;
    }
    Ok(())
}

/// One book with a market and a maker of ours in it.
fn one_book(market: &CrowdConfig) -> anyhow::Result<World<Simulated>> {
    let mut world = World::<Simulated>::new(7);
    let books = list(&mut world, &["X".to_owned()])?;
    market.join(&mut world, books[0], FIRST)?;
    seat_makers(&mut world, &books)?;
    Ok(world)
}

fn reference() -> anyhow::Result<World<Simulated>> {
    one_book(&CrowdConfig {
        noise: NoiseConfig { limits_per_s: 5_000.0, cancels_per_s: 5.0, ..NoiseConfig::default() },
        takers_per_s: 600.0,
        makers: 0,
        ..CrowdConfig::default()
    })
}

fn cst() -> anyhow::Result<World<Simulated>> {
    let cst = CstConfig { pace: 180.0, ..CstConfig::default() };
    one_book(&CrowdConfig { model: FlowModel::Cst, cst, ..CrowdConfig::default() })
}

fn hawkes() -> anyhow::Result<World<Simulated>> {
    let hawkes = HawkesConfig { pace: 250.0, ..HawkesConfig::default() };
    one_book(&CrowdConfig { model: FlowModel::Hawkes, hawkes, ..CrowdConfig::default() })
}

fn agents() -> anyhow::Result<World<Simulated>> {
    let ecology = EcologyConfig { population: 217, ..EcologyConfig::default() };
    one_book(&CrowdConfig { model: FlowModel::Ecology, ecology, ..CrowdConfig::default() })
}

fn symbols() -> anyhow::Result<World<Simulated>> {
    let market = CrowdConfig::default();
    let mut world = World::<Simulated>::new(7);
    let names: Vec<String> = (0..64).map(|number| format!("S{number:02}")).collect();
    let books = list(&mut world, &names)?;
    let walk = FundamentalConfig { reversion_per_s: 0.0, ..FundamentalConfig::default() };
    for (place, &book) in (0_u32..).zip(&books) {
        let path = |name: &str| Fundamental::new(walk, book.instrument, FIRST, world.stream(name));
        let loading = 0.5 + f64::from(place) / 64.0;
        let value = FactorValue::new(path(&format!("own/{book}")), vec![(loading, path("factor"))], Vec::new());
        market.join_around(&mut world, book, FIRST, value)?;
    }
    seat_makers(&mut world, &books)?;
    Ok(world)
}

fn measure((name, world, market_seconds): Scene) -> anyhow::Result<()> {
    let until = Timestamp::START + Nanos::from_secs(market_seconds);
    let mut seconds = Vec::new();
    let mut last = None;
    for _ in 0..=RUNS {
        let lockstep = world()?.lockstep();
        let start = Instant::now();
        let ran = lockstep.run(until);
        seconds.push(start.elapsed().as_secs_f64());
        ran.outcome?;
        last = Some((ran.stats, ran.nodes.len()));
    }
    let (stats, nodes) = last.expect("at least one run");
    seconds.remove(0); // warm-up
    seconds.sort_by(f64::total_cmp);
    println!("{name}: {nodes} nodes, {market_seconds} s of market time");
    #[allow(clippy::cast_precision_loss, reason = "rates")]
    for (which, time) in [("best", seconds[0]), ("median", seconds[RUNS / 2])] {
        let (deliveries, orders) = (stats.deliveries as f64, stats.orders as f64);
        println!(
            "{which:>8}: {:6.2} M deliveries/s, {:5.2} M order messages/s, {:5.1} ns a delivery, {:4.0} x market time",
            deliveries / time / 1e6,
            orders / time / 1e6,
            time * 1e9 / deliveries,
            market_seconds as f64 / time,
        );
    }
    println!("  one run: {stats:?}");
    Ok(())
}

fn main() -> anyhow::Result<()> {
    // `cargo bench` adds a flag of its own.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let seconds: Option<u64> = words.last().and_then(|last| last.parse().ok());
    let wanted = words.first().filter(|first| first.parse::<u64>().is_err());
    for (name, world, usual) in
        SCENES.into_iter().filter(|(name, ..)| wanted.is_none_or(|word| name.contains(word.as_str())))
    {
        measure((name, world, seconds.unwrap_or(usual)))?;
    }
    Ok(())
}
