//! The whole loop in lockstep: `cargo bench -p hft-core --bench world`.
//!
//! The reference world: one venue, a crowd that sends 10,000 commands a second of market time, 5-level book updates to one
//! maker that quotes both sides, its account with a gate and a ledger, constant latencies. Printed: deliveries and commands a
//! second of processor time over fresh runs, and how much faster than the market's own time that is. A number as the last
//! argument sets the market seconds of a run: `valgrind --tool=callgrind <the bench binary> 1` counts instructions.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use hft_core::prelude::*;
use std::time::Instant;

const RUNS: usize = 7;

fn reference_world() -> anyhow::Result<World<Simulated>> {
    let mut world = World::<Simulated>::new(7);
    let fees = FeeSchedule::flat(
        FeeRate { notional_ppb: -10_000, ..FeeRate::FREE },
        FeeRate { notional_ppb: 30_000, ..FeeRate::FREE },
    );
    let x = Instrument::new("X", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, fees)?;
    let xsim = world.venue("XSIM", VenueConfig::default())?;
    let book = world.list(xsim, x, BookRules::default(), Price::new(10_000))?;
    let crowd = CrowdConfig {
        noise: NoiseConfig { limits_per_s: 5_000.0, cancels_per_s: 5.0, ..NoiseConfig::default() },
        takers_per_s: 600.0,
        makers: 0,
        ..CrowdConfig::default()
    };
    crowd.join(&mut world, book, Price::new(10_000))?;
    let desk = world.account("desk", Limits::default())?;
    let maker = world.trader("maker", desk, CompetingMaker::new(MakerConfig::default(), book))?;
    world.connect(maker, book, Connection::symmetric(Nanos::from_micros(200), Feed::every_change(Depth::Levels(5))))?;
    Ok(world)
}

fn main() -> anyhow::Result<()> {
    let market_seconds = std::env::args().next_back().and_then(|last| last.parse().ok()).unwrap_or(20);
    let until = Timestamp::START + Nanos::from_secs(market_seconds);
    let mut seconds = Vec::new();
    let mut last = None;
    for _ in 0..=RUNS {
        let lockstep = reference_world()?.lockstep();
        let start = Instant::now();
        let ran = lockstep.run(until);
        seconds.push(start.elapsed().as_secs_f64());
        ran.outcome?;
        last = Some(ran.stats);
    }
    let stats = last.expect("at least one run");
    seconds.remove(0); // warm-up
    seconds.sort_by(f64::total_cmp);
    #[allow(clippy::cast_precision_loss, reason = "rates")]
    for (name, time) in [("best", seconds[0]), ("median", seconds[RUNS / 2])] {
        let (deliveries, orders) = (stats.deliveries as f64, stats.orders as f64);
        println!(
            "{name:>6}: {:6.2} M deliveries/s, {:5.2} M order messages/s, {:5.1} ns a delivery, {:4.0} x market time",
            deliveries / time / 1e6,
            orders / time / 1e6,
            time * 1e9 / deliveries,
            market_seconds as f64 / time,
        );
    }
    println!("one run: {stats:?}");
    Ok(())
}
