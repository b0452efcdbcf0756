//! Allocations per message once the book is warm, and memory at a million live orders.
//!
//! ```text
//! cargo bench -p hft-core --bench matching_memory
//! ```
//!
//! A binary of its own, because its allocator counts. Both promises are asserted: no allocation at all in the work that
//! follows the first half of it, and no more than 64 MB for a million orders, everything included.
#![allow(missing_docs, unreachable_pub, clippy::cast_possible_truncation, clippy::cast_precision_loss)]

mod workload;

use hft_core::exchange::{BookRules, MatchingEngine};
use std::hint::black_box;
use workload::engine::{self, Listener};
use workload::{DEEP, Message, SHALLOW, Shape};

const MEGABYTE: f64 = 1_000_000.0;

fn give(engine: &mut MatchingEngine, messages: &[Message]) {
    let mut listener = Listener::default();
    for &message in messages {
        engine::give(engine, message, &mut listener);
    }
    black_box((listener.tally, listener.fold));
}

fn measure(shape: Shape) {
    let load = shape.generate();
    let mut engine = None;
    let filling = allocation_counter::measure(|| {
        let mut filled = MatchingEngine::new(BookRules::default());
        give(&mut filled, &load.prefill);
        engine = Some(filled);
    });
    let mut engine = engine.expect("it was just filled");
    let live = engine.live_orders();
    let (warm, work) = load.work.split_at(load.work.len() / 2);
    let warming = allocation_counter::measure(|| give(&mut engine, warm));
    let working = allocation_counter::measure(|| give(&mut engine, work));
    println!(
        "{}: {live} orders in {:.1} MB ({:.1} MB while growing, where the allocator copies); {} allocations in {} \
         messages of warm-up, {} in {} after",
        shape.name,
        filling.bytes_current as f64 / MEGABYTE,
        filling.bytes_max as f64 / MEGABYTE,
        warming.count_total,
        warm.len(),
        working.count_total,
        work.len(),
    );
    assert_eq!(working.count_total, 0, "a warm book allocates nothing");
    assert!(filling.bytes_current as f64 <= 64.0 * MEGABYTE, "a million orders fit in 64 MB");
}

fn main() {
    measure(SHALLOW);
    measure(DEEP);
}
