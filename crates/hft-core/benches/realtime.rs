//! Wire to order under the real clock: from taking a tick out of the queue to having put the command that answers it into
//! the next one, at 100,000 ticks a second, every tick answered by a command.
//!
//! `cargo bench -p hft-core --bench realtime`. A tick's time begins when its batch is taken out of the queue, so waiting
//! for the ticks before it in the batch counts. Twice: with ticks one by one, from a node that spins until the next is
//! due; and in bursts of a hundred, as the operating system's timers let a venue send them.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

#[path = "../tests/toys/mod.rs"]
mod toys;

use hft_core::models::{Nanos, Timestamp};
use hft_core::world::{
    Background, Channel, JournalHeader, JournalWriter, Latency, LinkId, Machine, Mail, Message, NodeId, QueueLimits,
    Realtime, RealtimeRan,
};
use std::fs::File;
use std::future::pending;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use toys::{Latencies, Script, Toy, market, sample_tick};

const SECONDS: u64 = 3;

/// Ticks a second.
const RATE: u32 = 100_000;

/// Whether the run keeps a journal.
#[derive(Clone, Copy, Debug)]
enum Journal {
    None,
    File,
}

/// Who sends the ticks.
#[derive(Clone, Copy, Debug)]
enum Ticks {
    OneByOne,
    Bursts,
}

/// A toy, or the wire: it spins until the next tick is due and sends it.
enum Node {
    Toy(Toy),
    Wire { next: Instant, open: bool },
}

impl Machine for Node {
    fn handle(&mut self, now: Timestamp, from: NodeId, message: Message, mail: &mut Mail) {
        match self {
            Node::Toy(toy) => toy.handle(now, from, message, mail),
            Node::Wire { next, open } => {
                *open &= message != Message::Stop;
                if message == Message::Start {
                    *next = Instant::now();
                }
                if *open {
                    *next += Duration::from_secs(1) / RATE;
                    while Instant::now() < *next {
                        std::hint::spin_loop();
                    }
                    mail.send(LinkId(0), sample_tick());
                    mail.wake_at(now, 0);
                }
            }
        }
    }
}

fn run(runtime: &Runtime, ticks: Ticks, journal: Journal, batch: usize) -> RealtimeRan<Node> {
    let period = match ticks {
        Ticks::OneByOne => Nanos::from_secs(3_600),
        Ticks::Bursts => Nanos::new(1_000_000_000 / u64::from(RATE)),
    };
    let script = Script { period: period.count(), ticks_per_command: 1, ..Script::default() };
    let (toys, mut wiring) = market(1, &script, 1, &Latencies::constant(0)).expect("valid");
    let mut nodes: Vec<_> = toys.into_iter().map(Node::Toy).collect();
    if let Ticks::OneByOne = ticks {
        let wire = wiring.node("wire").expect("new");
        wiring.link(wire, NodeId(3), Channel::Data, Latency::Constant { ns: 0 }).expect("valid");
        nodes.push(Node::Wire { next: Instant::now(), open: true });
    }
    let until = Timestamp::new(SECONDS * 1_000_000_000);
    let names = wiring.names().map(str::to_owned).collect();
    let header = JournalHeader { seed: 1, until, nodes: names, configuration: Vec::new() };
    let mut realtime =
        Realtime::new(nodes, wiring, QueueLimits { batch, ..QueueLimits::default() }).expect("no circle");
    let path = std::env::temp_dir().join(format!("hft-bench-{}.journal", std::process::id()));
    if let Journal::File = journal {
        let file = Background::new(File::create(&path).expect("a file")).expect("a thread");
        realtime = realtime.journaled(JournalWriter::new(file, &header).expect("room"));
    }
    let ran = runtime.block_on(realtime.run(until, pending)).expect("all come back");
    if let Journal::File = journal {
        std::fs::remove_file(path).expect("it was there");
    }
    ran
}

fn main() {
    let one = Builder::new_current_thread().enable_time().build().expect("a runtime");
    let two = Builder::new_multi_thread().worker_threads(2).enable_time().build().expect("a runtime");
    // The wire needs a thread of its own to spin on.
    for (threads, runtime, ticks) in [
        ("one thread", &one, Ticks::Bursts),
        ("two threads", &two, Ticks::Bursts),
        ("two threads", &two, Ticks::OneByOne),
    ] {
        for (journal, batch) in [(Journal::None, 8), (Journal::File, 4), (Journal::File, 8), (Journal::File, 32)] {
            let ran = run(runtime, ticks, journal, batch);
            ran.ran.outcome.as_ref().expect("nothing fails");
            let stats = &ran.ran.stats;
            let (rate, dropped) = (stats.deliveries / SECONDS, stats.data_dropped);
            println!("{threads}, {ticks:?}, journal {journal:?}, batches of {batch}: {rate} deliveries/s");
            println!("  wire to order  {}", ran.wire_to_order);
            println!("  timer lateness {}, ticks dropped {dropped}", ran.timer_lateness);
        }
    }
}
