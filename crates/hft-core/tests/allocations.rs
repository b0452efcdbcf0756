//! The lockstep loop allocates nothing in steady state: a run ten times as long allocates exactly as much.
//!
//! A binary of its own, because the counting allocator is for the whole process.

mod toys;

use hft_core::models::Timestamp;
use hft_core::world::{Jitter, Latency, Lockstep};
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
