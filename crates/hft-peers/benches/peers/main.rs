//! The matching engine, its naive twin, and order books from the registry, on one workload, in interleaved runs.
//!
//! ```text
//! cargo bench -p hft-peers --features peers               # the shallow book, 5 runs, about two minutes
//! cargo bench -p hft-peers --features peers -- deep 11    # the deep one, 11 runs
//! ```
//!
//! The workload is that of hft-core's own bench `matching`. Time is the thread's processor time, and every run
//! starts from a fresh book that is filled before the clock starts. A book is *right* if its trades, and their quantity,
//! are those of price-time priority.
//!
//! Some books cannot reduce an order in place. They are given the same work with each reduction written as a cancel and
//! a new order, which loses the place in the queue, so that the trades are others: see [`lists`]. The engine and the twin
//! run on both lists, and every ratio is to the twin on the same list.
//!
//! Left out: what only the engine does. It alone checks accounts, sizes and prices, and publishes every change of an order
//! and of a level; the others return their fills, and the twin nothing at all.
#![allow(missing_docs, unreachable_pub, clippy::cast_possible_truncation, clippy::cast_precision_loss)]

mod books;
#[path = "../../../hft-core/benches/workload/clock.rs"]
mod clock;
mod lists;
#[path = "../../../hft-core/benches/workload/mod.rs"]
mod workload;

use books::{Book, Engine, Lobster, Matchcore, RustOb, Twin};
use clock::processor_time;
use lists::List;
use workload::{DEEP, SHALLOW, Tally};

/// One book on one list, over all runs.
struct Entry<'a> {
    name: &'static str,
    list: &'a List,
    run: fn(&List) -> (f64, Tally),
    /// Nanoseconds per message.
    times: Vec<f64>,
    tally: Tally,
}

impl<'a> Entry<'a> {
    fn new<B: Book>(list: &'a List) -> Self {
        Self { name: B::NAME, list, run: time::<B>, times: Vec::new(), tally: Tally::default() }
    }

    fn run(&mut self) {
        let (time, tally) = (self.run)(self.list);
        self.times.push(time);
        self.tally = tally;
    }
}

fn time<B: Book>(list: &List) -> (f64, Tally) {
    let mut book = B::new();
    for &message in &list.prefill {
        book.give(message);
    }
    *book.tally() = Tally::default();
    let start = processor_time();
    for &message in &list.work {
        book.give(message);
    }
    let spent = processor_time() - start;
    (spent as f64 / list.work.len() as f64, *book.tally())
}

fn print_table(entries: &mut [Entry<'_>]) {
    for entry in &mut *entries {
        entry.times.sort_by(f64::total_cmp);
    }
    let twin = entries.iter().find(|entry| entry.name == Twin::NAME).map(|entry| entry.times[0]).expect("it ran");
    for Entry { name, list, times, tally, .. } in entries {
        let (min, median) = (times[0], times[times.len() / 2]);
        let verdict = if *tally == list.expected { "right" } else { "WRONG" };
        let Tally { trades, quantity } = *tally;
        println!("  {name:<14} {min:>8.1} {median:>8.1} {:>8.2}x {trades:>9} {quantity:>11}  {verdict}", twin / min);
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runs = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(5);
    let shape = if arguments.iter().any(|argument| argument == DEEP.name) { DEEP } else { SHALLOW };
    let in_place = lists::in_place(shape);
    let (by_place, re_entered) = (lists::by_place(&in_place), lists::re_entered(&in_place));
    let mut reducing =
        [Entry::new::<Engine>(&in_place), Entry::new::<Twin>(&in_place), Entry::new::<Matchcore>(&by_place)];
    let mut replacing = [
        Entry::new::<Engine>(&re_entered),
        Entry::new::<Twin>(&re_entered),
        Entry::new::<RustOb>(&re_entered),
        Entry::new::<Lobster>(&re_entered),
    ];
    for _ in 0..runs {
        reducing.iter_mut().chain(&mut replacing).for_each(Entry::run);
    }
    println!("{}, {runs} runs       min ns   median  to twin    trades    quantity", shape.name);
    println!("orders are reduced in place ({} messages)", in_place.work.len());
    print_table(&mut reducing);
    println!("orders are reduced by cancel and new order ({} messages)", re_entered.work.len());
    print_table(&mut replacing);
}
