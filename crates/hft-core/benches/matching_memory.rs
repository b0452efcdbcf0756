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

use hft_core::exchange::{BookRules, EngineEvent, MatchingEngine};
use hft_core::models::{AccountId, BookId, InstrumentId, NewOrder, OrderId, Price, Qty, Side, Timestamp, VenueId};
use std::hint::black_box;
use workload::{Action, DEEP, Message, SHALLOW, Shape};

const BOOK: BookId = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
const MEGABYTE: f64 = 1_000_000.0;

fn give(engine: &mut MatchingEngine, messages: &[Message]) {
    let mut events = 0u64;
    for message in messages {
        let (id, mut sink) = (OrderId(message.id), |_: u64, _: EngineEvent| events += 1);
        match message.action {
            Action::Limit { side, owner, price, qty } => {
                let side = match side {
                    workload::Side::Buy => Side::Buy,
                    workload::Side::Sell => Side::Sell,
                };
                let order = NewOrder::limit(id, BOOK, side, Price::new(i64::from(price)), Qty::new(i64::from(qty)));
                engine.submit(Timestamp::START, AccountId(u32::from(owner)), &order, &mut sink);
            }
            Action::Cancel => engine.cancel(None, id, &mut sink),
            Action::Reduce { by } => engine.reduce(None, id, Qty::new(i64::from(by)), &mut sink),
        }
    }
    black_box(events);
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
