//! Nanoseconds per message of the matching engine and of its naive twin, on the same messages, in interleaved runs.
//!
//! ```text
//! cargo bench -p hft-core --bench matching                 # shallow and deep, 5 runs each
//! cargo bench -p hft-core --bench matching -- shallow 11   # one of them, 11 runs
//! ```
//!
//! Time is the thread's own processor time; every run starts from a fresh book that is filled before the clock starts.
//! The engine applies all its rules and its events are consumed; the twin has neither. *In batches* is the engine whose
//! caller has several messages at hand and lets it look ahead ([`MatchingEngine::warm`]); the looking is timed too. p99 is
//! of single messages, one by one, less what reading the clock costs. Instructions per message, which do not depend on the machine's mood, are callgrind's:
//!
//! ```text
//! cargo bench -p hft-core --bench matching --no-run
//! valgrind --tool=callgrind --toggle-collect='*run_engine*' target/release/deps/matching-* instructions shallow
//! ```
//!
//! which runs the engine once on the first 500,000 messages and prints how many that were. Allocations and memory: see
//! the bench `matching_memory`.
#![allow(missing_docs, unreachable_pub, clippy::cast_possible_truncation, clippy::cast_precision_loss)]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

#[path = "workload/clock.rs"]
mod clock;
mod workload;

use clock::processor_time;
use hft_core::exchange::{BookRules, MatchingEngine, WARM};
use hft_core::models::OrderId;
use std::hint::black_box;
use std::time::Instant;
use workload::engine::{Listener, give};
use workload::naive::NaiveBook;
use workload::{DEEP, Message, SHALLOW, Shape, Tally, Workload};

/// How much of the work callgrind is given.
const SAMPLE: usize = 500_000;

fn filled_engine(load: &Workload) -> (MatchingEngine, Listener) {
    let (mut engine, mut listener) = (MatchingEngine::new(BookRules::default()), Listener::default());
    for &message in &load.prefill {
        give(&mut engine, message, &mut listener);
    }
    listener.tally = Tally::default();
    (engine, listener)
}

/// The work itself, alone in a function that a profiler can name.
#[inline(never)]
fn run_engine(engine: &mut MatchingEngine, work: &[Message], listener: &mut Listener) {
    for &message in work {
        give(engine, message, listener);
    }
}

/// The same, as a caller does it who has several messages at hand: it lets the engine look at a batch before the batch
/// is given.
#[inline(never)]
fn run_engine_in_batches(engine: &mut MatchingEngine, work: &[Message], listener: &mut Listener) {
    for batch in work.chunks(WARM) {
        let mut ids = [OrderId(0); WARM];
        for (id, message) in ids.iter_mut().zip(batch) {
            *id = OrderId(message.id);
        }
        engine.warm(&ids[..batch.len()]);
        for &message in batch {
            give(engine, message, listener);
        }
    }
}

/// How the work is given to the engine.
type Run = fn(&mut MatchingEngine, &[Message], &mut Listener);

fn time_engine(load: &Workload, run: Run) -> (f64, Tally) {
    let (mut engine, mut listener) = filled_engine(load);
    let start = processor_time();
    run(&mut engine, &load.work, &mut listener);
    let spent = processor_time() - start;
    black_box(listener.fold);
    (spent as f64 / load.work.len() as f64, listener.tally)
}

fn time_twin(load: &Workload) -> (f64, Tally) {
    let mut book = NaiveBook::default();
    for &message in &load.prefill {
        book.give(message);
    }
    book.tally = Tally::default();
    let start = processor_time();
    for &message in &load.work {
        book.give(message);
    }
    let spent = processor_time() - start;
    (spent as f64 / load.work.len() as f64, book.tally)
}

/// The 99th percentile of single messages, less what reading the clock costs, in nanoseconds.
fn p99(load: &Workload) -> u64 {
    let clock = percentile((0..100_000).map(|_| Instant::now().elapsed().as_nanos() as u64).collect(), 50);
    let (mut engine, mut listener) = filled_engine(load);
    let times = load.work.iter().map(|&message| {
        let start = Instant::now();
        give(&mut engine, message, &mut listener);
        start.elapsed().as_nanos() as u64
    });
    percentile(times.collect(), 99).saturating_sub(clock)
}

/// `percent` of the values are not above it.
fn percentile(mut values: Vec<u64>, percent: usize) -> u64 {
    let place = (values.len() - 1) * percent / 100;
    *values.select_nth_unstable(place).1
}

fn print_row(name: &str, mut times: Vec<f64>, rest: &str) -> f64 {
    times.sort_by(f64::total_cmp);
    println!("  {name:<16} {:>8.1} {:>8.1}   {rest}", times[0], times[times.len() / 2]);
    times[0]
}

fn compare(shape: Shape, runs: usize) {
    let load = shape.generate();
    let expected = Tally { trades: shape.trades, quantity: shape.quantity };
    let (mut engine, mut batches, mut twin) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        for (run, times) in [(run_engine as Run, &mut engine), (run_engine_in_batches, &mut batches)] {
            let (time, tally) = time_engine(&load, run);
            assert_eq!(tally, expected, "the engine is not price-time correct");
            times.push(time);
        }
        let (time, tally) = time_twin(&load);
        assert_eq!(tally, expected, "the twin is not price-time correct");
        twin.push(time);
    }
    println!("{}: ns/message over {runs} runs     min   median", shape.name);
    let fast = print_row("engine", engine, &format!("p99 {}", p99(&load)));
    let batched = print_row("in batches", batches, "the engine looks ahead");
    let slow = print_row("naive twin", twin, "no rules, no events");
    println!("  {:<16} {:>8.2}x; in batches {:.2}x", "ratio", slow / fast, slow / batched);
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let is_named = |name: &str| arguments.iter().any(|argument| argument == name);
    let shapes =
        [SHALLOW, DEEP].into_iter().filter(|shape| is_named(shape.name) || !is_named("shallow") && !is_named("deep"));
    if is_named("instructions") {
        for shape in shapes {
            let load = shape.generate();
            let (mut engine, mut listener) = filled_engine(&load);
            run_engine(&mut engine, &load.work[..SAMPLE], &mut listener);
            println!("{}: {SAMPLE} messages, fold {:x}", shape.name, listener.fold);
        }
        return;
    }
    let runs = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(5);
    shapes.for_each(|shape| compare(shape, runs));
}
