//! What a delivery costs in lockstep: the queue, the digest, and a whole world of toys.
//!
//! `cargo bench -p hft-core --bench lockstep`. Prints the least and the median of several runs, in ns per delivery.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![allow(clippy::cast_precision_loss, reason = "statistics")]

#[path = "../tests/toys/mod.rs"]
mod toys;

use hft_core::models::{Nanos, Timestamp};
use hft_core::world::{JournalHeader, JournalWriter, Latency, Lockstep, Message, NodeDigest, NodeId, Queue};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::Instant;
use toys::{Latencies, Script, market};

const RUNS: usize = 9;

/// Runs `work` several times; it returns how many things it did.
fn measure(what: &str, mut work: impl FnMut() -> u64) {
    let mut costs: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            let count = work();
            start.elapsed().as_nanos() as f64 / count as f64
        })
        .collect();
    costs.sort_by(f64::total_cmp);
    println!("{what:<58} {:6.1} / {:6.1} ns", costs[0], costs[RUNS / 2]);
}

/// Pushes and pops with `depth` items in flight, over `lanes` constant latencies.
fn lanes(lanes: u64, depth: u64) -> u64 {
    let mut queue = Queue::new();
    let ids: Vec<_> = (1..=lanes)
        .map(|lane| (Nanos::new(lane * 1_000), queue.lane(Nanos::new(lane * 1_000)).expect("few")))
        .collect();
    let mut now = Timestamp::START;
    for item in 0..2_000_000 {
        let (latency, lane) = ids[(item % lanes) as usize];
        queue.push_lane(lane, now + latency, black_box(item));
        if item >= depth {
            let (due, parcel) = queue.pop().expect("some");
            now = due;
            black_box(parcel);
        }
    }
    2_000_000
}

/// The same through the heap.
fn heap(depth: u64) -> u64 {
    let mut queue = Queue::new();
    let mut now = Timestamp::START;
    for item in 0..2_000_000_u64 {
        let latency = Nanos::new(1 + (item.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54));
        queue.push(now + latency, black_box(item));
        if item >= depth {
            let (due, parcel) = queue.pop().expect("some");
            now = due;
            black_box(parcel);
        }
    }
    2_000_000
}

/// As large as a message with its address.
type Letter = [u64; 26]; // 208 bytes

/// The naive twin: whole messages in one heap.
fn naive(depth: u64) -> u64 {
    let mut queue = BinaryHeap::new();
    let mut now = 0;
    for item in 0..1_000_000_u64 {
        queue.push(Reverse((now + 1_000 * (1 + item % 4), item, black_box([item; 26]) as Letter)));
        if item >= depth {
            let Reverse((due, _, parcel)) = queue.pop().expect("some");
            now = due;
            black_box(&parcel);
        }
    }
    1_000_000
}

fn digests(message: &Message) -> u64 {
    let mut node = NodeDigest::new();
    for now in 0..5_000_000 {
        node.absorb(Timestamp::new(now), NodeId(1), black_box(message));
    }
    black_box(node.value());
    5_000_000
}

/// Whether the run keeps a journal, and forgets it.
#[derive(Clone, Copy)]
enum Journal {
    None,
    Sink,
}

fn world(latencies: &Latencies, traders: u32, journal: Journal) -> u64 {
    let (nodes, wiring) = market(1, &Script::default(), traders, latencies).expect("valid");
    let until = Timestamp::new(3_000_000_000);
    let mut lockstep = Lockstep::new(nodes, wiring);
    if let Journal::Sink = journal {
        let header = JournalHeader { seed: 1, until, nodes: Vec::new(), configuration: Vec::new() };
        lockstep = lockstep.journaled(JournalWriter::new(std::io::sink(), &header).expect("room"));
    }
    let ran = lockstep.run(until);
    ran.outcome.expect("nothing fails");
    black_box(ran.digests.len());
    ran.stats.deliveries
}

fn main() {
    println!("message {} bytes; least / median of {RUNS}", size_of::<Message>());
    for count in [1, 4, 15] {
        measure(&format!("queue, {count} lanes, 32 in flight"), || lanes(count, 32));
    }
    measure("queue, 4 lanes, 1,000 in flight", || lanes(4, 1_000));
    measure("queue, heap, 32 in flight", || heap(32));
    measure("queue, heap, 1,000 in flight", || heap(1_000));
    measure("naive heap, 4 latencies, 32 in flight", || naive(32));
    measure("naive heap, 4 latencies, 1,000 in flight", || naive(1_000));
    measure("digest, timer (4 words)", || digests(&Message::Wake(3)));
    measure("digest, market data (12 words)", || digests(&toys::sample_tick()));
    measure("digest, report (14 words)", || digests(&toys::sample_report()));
    measure("world, 1 trader, constant latencies", || world(&Latencies::constant(50_000), 1, Journal::None));
    measure("world, 4 traders, constant latencies", || world(&Latencies::constant(50_000), 4, Journal::None));
    measure("the same with a journal", || world(&Latencies::constant(50_000), 4, Journal::Sink));
    let samples_ns = vec![10_000, 30_000, 70_000];
    let jittered = Latencies { feed: Latency::Empirical { samples_ns }, ..Latencies::constant(50_000) };
    measure("world, 4 traders, jittered feed", || world(&jittered, 4, Journal::None));
}
