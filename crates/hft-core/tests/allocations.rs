//! The lockstep loop allocates nothing in steady state: a run ten times as long allocates exactly as much.
//!
//! A binary of its own, because the counting allocator is for the whole process.

mod toys;

use hft_core::account::NoLog;
use hft_core::prelude::*;
use hft_core::world::Lockstep;
use toys::{Latencies, Script, market};

fn allocations(millis: u64, latencies: &Latencies) -> (u64, u64) {
    let (nodes, wiring) = market(7, &Script::default(), 4, latencies).expect("valid");
    let mut deliveries = 0;
    let counted = allocation_counter::measure(|| {
        let ran = Lockstep::new(nodes, wiring).run(Timestamp::new(millis * 1_000_000));
        ran.outcome.expect("nothing fails");
        deliveries = ran.stats.deliveries;
    });
    (counted.count_total, deliveries)
}

#[test]
fn a_longer_run_allocates_no_more() {
    // Bounded draws, so that the longest queue is reached early; the heap, its payloads and the lanes all take part.
    let samples_ns = vec![10_000, 20_000, 50_000];
    let jittered = Latencies { feed: Latency::Empirical { samples_ns }, ..Latencies::constant(30_000) };
    let exponential = Latency::Jittered { base_ns: 0, extra: Jitter::Exponential { mean_ns: 0.0 } };
    for latencies in [Latencies::constant(30_000), jittered, Latencies { feed: exponential, ..Latencies::constant(5) }]
    {
        let (short, few) = allocations(100, &latencies);
        let (long, many) = allocations(1_000, &latencies);
        assert!(many > 9 * few, "{many} deliveries against {few}");
        assert_eq!(long, short, "allocations of {many} deliveries against those of {few}, {latencies:?}");
    }
}

/// The whole loop: crowd, venue, accounts, a watched maker, the blotter.
fn whole_loop(seconds: u64) -> (u64, u64) {
    let start = Price::new(10_000);
    let mut world = World::<Simulated>::new(7);
    let venue = world.venue("XSIM", VenueConfig::default()).expect("a new name");
    let cent = "0.01".parse().expect("a decimal");
    let x = Instrument::new("X", "USD", cent, Decimal::ONE, Decimal::ONE, FeeSchedule::default()).expect("valid");
    let book = world.list(venue, x, BookRules::default(), start).expect("a new symbol");
    CrowdConfig::default().join(&mut world, book, start).expect("new names");
    let desk = world.account("desk", Limits::default()).expect("a new name");
    let maker = world.trader("maker", desk, CompetingMaker::new(MakerConfig::default(), book)).expect("a new name");
    let connection = Connection::symmetric(Nanos::from_micros(200), Feed::every_change(Depth::Levels(5)));
    world.connect(maker, book, connection).expect("valid");
    world.blotter(NoLog, Nanos::from_secs(1)).expect("the first");
    world.watch(desk).expect("there is a blotter");
    let lockstep = world.lockstep();
    let mut deliveries = 0;
    let counted = allocation_counter::measure(|| {
        let ran = lockstep.run(Timestamp::START + Nanos::from_secs(seconds));
        ran.outcome.expect("nothing fails");
        deliveries = ran.stats.deliveries;
    });
    (counted.count_total, deliveries)
}

#[test]
fn the_whole_loop_allocates_only_to_reach_new_heights() {
    let (warm, before) = whole_loop(300);
    let (long, after) = whole_loop(600);
    println!("{} allocations in {} deliveries", long - warm, after - before);
    // A book deeper, or a queue longer, than ever before may grow its table; nothing is allocated per event.
    assert!((long - warm) * 20_000 < after - before, "{} for {} deliveries", long - warm, after - before);
}
