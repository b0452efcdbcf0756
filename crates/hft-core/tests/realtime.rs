//! The realtime driver, run on toys: mostly under a clock that the tests hold, a little under the real one.

#![allow(clippy::wildcard_enum_match_arm, reason = "tests name what they look for")]

mod toys;

use hft_core::models::Timestamp;
use hft_core::world::{
    Background, Channel, DRAIN, Drained, EARLY, Ending, Jitter, JournalHeader, JournalReader, JournalWriter, Latency,
    LinkId, Machine, Mail, Message, NodeId, QueueLimits, Ran, Realtime, RealtimeRan, ReplayError, StoppedBy, Wiring,
    WiringError, replay, stream,
};
use rand::RngExt;
use std::future::pending;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use toys::{Latencies, Script, Shelf, Toy, Venue, assert_conserved, heard, market};

const MILLI: u64 = 1_000_000;

/// A toy whose time is watched.
#[derive(Debug, PartialEq, Eq, Clone)]
struct Watched {
    toy: Toy,
    now: Timestamp,
}

impl Machine for Watched {
    fn handle(&mut self, now: Timestamp, from: NodeId, message: Message, mail: &mut Mail) {
        assert!(now >= self.now, "time went back from {} to {now}", self.now);
        self.now = now;
        if let Message::Market(data) = &message {
            assert!(data.time <= now, "a tick of {} arrived at {now}", data.time);
        }
        self.toy.handle(now, from, message, mail);
    }
}

/// A world to run, and to run again.
struct World {
    nodes: Vec<Watched>,
    wiring: Wiring,
    until: Timestamp,
}

impl World {
    fn new(seed: u64, script: &Script, traders: u32, latencies: &Latencies, millis: u64) -> Self {
        let (toys, wiring) = market(seed, script, traders, latencies).expect("valid");
        let nodes = toys.into_iter().map(|toy| Watched { toy, now: Timestamp::START }).collect();
        Self { nodes, wiring, until: Timestamp::new(millis * MILLI) }
    }

    fn header(&self) -> JournalHeader {
        let nodes = self.wiring.names().map(str::to_owned).collect();
        JournalHeader { seed: self.wiring.seed(), until: self.until, nodes, configuration: Vec::new() }
    }

    fn realtime(&self, limits: QueueLimits, shelf: &Shelf) -> Realtime<Watched> {
        let journal = JournalWriter::new(shelf.clone(), &self.header()).expect("room");
        Realtime::new(self.nodes.clone(), self.wiring.clone(), limits).expect("no circle").journaled(journal)
    }

    /// Runs until its time is over.
    fn run(&self, runtime: &Runtime, limits: QueueLimits) -> (RealtimeRan<Watched>, Vec<u8>) {
        let shelf = Shelf::default();
        let ran = runtime.block_on(self.realtime(limits, &shelf).run(self.until, pending)).expect("all come back");
        (ran, shelf.bytes())
    }

    fn replay(&self, journal: &[u8]) -> Result<(Ran<Watched>, Ending), ReplayError> {
        let mut reader = JournalReader::new(journal)?;
        reader.check(&self.header())?;
        replay(&mut reader, self.nodes.clone(), &self.wiring)
    }

    /// Replays, and compares everything with what ran.
    fn assert_replays(&self, ran: &Ran<Watched>, journal: &[u8]) {
        let (again, ending) = self.replay(journal).expect("every message is equal");
        assert_eq!(ending, Ending::Whole);
        assert_eq!((again.digest(), &again.nodes), (ran.digest(), &ran.nodes));
        assert_eq!(again.stats.deliveries, ran.stats.deliveries);
        assert_eq!(again.stats.data_dropped, ran.stats.data_dropped);
        assert_eq!(again.stats.undelivered, ran.stats.undelivered);
    }
}

fn toys_of(ran: &Ran<Watched>) -> Vec<Toy> {
    ran.nodes.iter().map(|node| node.toy.clone()).collect()
}

fn venue(ran: &Ran<Watched>) -> &Venue {
    match &ran.nodes[0].toy {
        Toy::Venue(venue) => venue,
        other => panic!("not a venue: {other:?}"),
    }
}

/// One thread, and a clock that moves only when all tasks wait.
fn held_clock() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime")
}

/// A world and limits of every kind, from narrow to wide, by the seed.
fn schedule(seed: u64) -> (World, QueueLimits) {
    let mut dice = stream(seed, "schedule");
    let mut latency = || match dice.random_range(0..4_u32) {
        0 => Latency::Constant { ns: 0 },
        1 => Latency::Constant { ns: dice.random_range(0..3 * MILLI) },
        2 => Latency::Jittered { base_ns: 0, extra: Jitter::Exponential { mean_ns: 1e6 } },
        _ => Latency::Empirical { samples_ns: vec![0, 100_000, 5 * MILLI] },
    };
    let latencies = Latencies { feed: latency(), orders: latency(), reports: latency() };
    let script = Script {
        period: dice.random_range(20_000..2 * MILLI),
        ticks: dice.random_range(1..30),
        ticks_per_command: dice.random_range(1..4),
        reports: dice.random_range(1..4),
        chase: [0, 4, 5][dice.random_range(0..3_usize)],
    };
    let limits = QueueLimits {
        orders: dice.random_range(1..=8),
        data: dice.random_range(1..=8),
        batch: dice.random_range(1..=32),
        ..QueueLimits::default()
    };
    let traders = dice.random_range(1..=4);
    (World::new(seed, &script, traders, &latencies, 12), limits)
}

#[test]
fn thousands_of_schedules_through_narrow_queues_settle_conserve_and_replay() {
    let (mut dropped, mut resends) = (0, 0);
    for seed in 0..3_000 {
        let (world, limits) = schedule(seed);
        let (ran, journal) = world.run(&held_clock(), limits.clone());
        let told = format!("seed {seed} {limits:?} {:?}", ran.ran.stats);
        assert!(ran.ran.outcome.is_ok(), "{:?} {told}", ran.ran.outcome);
        assert_eq!((ran.stopped_by, ran.drained), (StoppedBy::Until, Drained::Settled), "{told}");
        assert_eq!(ran.ran.stats.undelivered, 0, "{told}");
        assert_conserved(&toys_of(&ran.ran));
        world.assert_replays(&ran.ran, &journal);
        dropped += ran.ran.stats.data_dropped;
        resends += venue(&ran.ran).resends;
    }
    assert!(dropped > 100_000 && resends > 1_000, "{dropped} dropped, {resends} resends: too easy a test");
}

#[test]
fn a_slow_strategy_loses_ticks_and_no_reports() {
    let script = Script { period: MILLI, ticks: 100, ticks_per_command: 1, reports: 3, chase: 0 };
    let world = World::new(5, &script, 1, &Latencies::constant(0), 500);
    let limits = QueueLimits { data: 16, ..QueueLimits::default() };
    let (ran, journal) = world.run(&held_clock(), limits);
    ran.ran.outcome.as_ref().expect("losing ticks is no error");
    let (commands, reports, ticks, gaps) = heard(&toys_of(&ran.ran));
    assert_conserved(&toys_of(&ran.ran));
    assert_eq!(reports, 3 * commands);
    let (dropped, resends) = (ran.ran.stats.data_dropped, venue(&ran.ran).resends);
    assert!(dropped > 10_000 && gaps > 100, "{dropped} dropped, {gaps} gaps");
    assert_eq!(ticks + dropped, venue(&ran.ran).seqs[0], "every tick was heard or counted");
    assert!((1..=100).contains(&resends), "asked to send again {resends} times, less and less often");
    world.assert_replays(&ran.ran, &journal);
}

#[test]
fn a_slow_blotter_ends_the_run_with_a_sentence() {
    let script = Script { ticks: 20, ticks_per_command: 1, reports: 0, ..Script::default() };
    let world = World::new(5, &script, 1, &Latencies::constant(0), 100);
    let (ran, journal) = world.run(&held_clock(), QueueLimits { reports: 4, batch: 16, ..QueueLimits::default() });
    let sentence = ran.ran.outcome.as_ref().expect_err("too slow").to_string();
    assert_eq!(sentence, "blotter is a slow consumer: its queue of 4 reports is full");
    assert_eq!((ran.stopped_by, ran.drained), (StoppedBy::Error, Drained::Settled));
    assert!(venue(&ran.ran).stopped && ran.ran.stats.undelivered > 0, "all were stopped, some trades were lost");
    world.assert_replays(&ran.ran, &journal);
}

#[test]
fn a_panic_or_a_failure_ends_the_run_and_stops_the_others() {
    for (toy, sentence) in
        [(Toy::Bomb(50), "blotter panicked: the toy bomb goes off"), (Toy::Broken(50), "blotter: the disk is full")]
    {
        let mut world = World::new(5, &Script::default(), 2, &Latencies::constant(2 * MILLI), 100);
        world.nodes[2].toy = toy;
        let (ran, journal) = world.run(&held_clock(), QueueLimits::default());
        assert_eq!(ran.ran.outcome.as_ref().expect_err("it ends").to_string(), sentence);
        assert_eq!((ran.stopped_by, ran.drained), (StoppedBy::Error, Drained::Settled));
        let (commands, reports, _, _) = heard(&toys_of(&ran.ran));
        assert_eq!((venue(&ran.ran).commands, reports), (commands, 2 * commands), "the others settled");
        assert!(venue(&ran.ran).stopped && ran.ran.stats.driver >= 9, "{:?}", ran.ran.stats);
        world.assert_replays(&ran.ran, &journal);
    }
}

#[test]
fn too_many_commands_for_a_slow_receiver_end_the_run() {
    let mut wiring = Wiring::new(0);
    let (a, b) = (wiring.node("a").expect("new"), wiring.node("b").expect("new"));
    wiring.link(a, b, Channel::Orders, Latency::Constant { ns: 50 * MILLI }).expect("valid");
    let limits = QueueLimits { orders: 2, outbox: 5, ..QueueLimits::default() };
    let realtime = Realtime::new(vec![Burst(10), Burst(0)], wiring, limits).expect("no circle");
    let ran = held_clock().block_on(realtime.run(Timestamp::new(MILLI), pending)).expect("all come back");
    let sentence = ran.ran.outcome.as_ref().expect_err("too many").to_string();
    assert_eq!(sentence, "a has 5 commands waiting for room at b");
    assert_eq!((ran.drained, ran.ran.stats.orders), (Drained::Settled, 10), "and yet all were sent");
}

/// Says so many things at the start.
struct Burst(u64);

impl Machine for Burst {
    fn handle(&mut self, _now: Timestamp, _from: NodeId, message: Message, mail: &mut Mail) {
        if message == Message::Start {
            (0..self.0).for_each(|number| mail.send(LinkId(0), Message::Wake(number)));
        }
    }
}

/// Sends a message over its only link every 100 us.
struct Metronome;

/// Either of the two.
enum Either {
    Burst(Burst),
    Metronome(Metronome),
}

impl Machine for Either {
    fn handle(&mut self, now: Timestamp, from: NodeId, message: Message, mail: &mut Mail) {
        match self {
            Either::Burst(burst) => burst.handle(now, from, message, mail),
            Either::Metronome(_) => {
                mail.send(LinkId(0), Message::Wake(0));
                mail.wake_at(Timestamp::new(now.nanos() + 100_000), 0);
            }
        }
    }
}

#[test]
fn who_waits_for_room_goes_on_handling_reports() {
    let mut wiring = Wiring::new(0);
    let [a, b, c] = ["desk", "XSLOW", "XFAST"].map(|name| wiring.node(name).expect("new"));
    wiring.link(a, b, Channel::Orders, Latency::Constant { ns: 80 * MILLI }).expect("valid");
    wiring.link(c, a, Channel::Reports, Latency::Constant { ns: 0 }).expect("valid");
    let nodes = vec![Either::Burst(Burst(5)), Either::Burst(Burst(0)), Either::Metronome(Metronome)];
    let limits = QueueLimits { orders: 1, reports: 32, ..QueueLimits::default() };
    let realtime = Realtime::new(nodes, wiring, limits).expect("no circle");
    let ran = held_clock().block_on(realtime.run(Timestamp::new(70 * MILLI), pending)).expect("all come back");
    ran.ran.outcome.expect("the desk waits for room at XSLOW all the time, and XFAST does not notice");
    assert!(ran.ran.stats.reports > 700 && ran.ran.stats.orders == 5, "{:?}", ran.ran.stats);
}

/// Sets timers at odd times, past ones too, and writes down how they come.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Scatter {
    dice: u64,
    heard: Vec<u64>,
}

impl Machine for Scatter {
    fn handle(&mut self, now: Timestamp, _from: NodeId, message: Message, mail: &mut Mail) {
        if let Message::Wake(tag) = message {
            self.heard.push(tag);
        }
        let timers = match message {
            Message::Start => 8,
            _ => 2 * (self.heard.len() % 2),
        };
        for _ in 0..timers {
            self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let when = (now.nanos() + (self.dice >> 40)).saturating_sub(8 * MILLI);
            mail.wake_at(Timestamp::new(when), self.dice);
        }
    }
}

#[test]
fn timers_replay_in_order_past_ones_too() {
    let mut wiring = Wiring::new(0);
    wiring.node("a").expect("new");
    let nodes = vec![Scatter { dice: 1, heard: Vec::new() }];
    let (shelf, until) = (Shelf::default(), Timestamp::new(200 * MILLI));
    let header = JournalHeader { seed: 0, until, nodes: Vec::new(), configuration: Vec::new() };
    let journal = JournalWriter::new(shelf.clone(), &header).expect("room");
    let realtime = Realtime::new(nodes.clone(), wiring.clone(), QueueLimits::default()).expect("no circle");
    let ran = held_clock().block_on(realtime.journaled(journal).run(until, pending)).expect("all come back").ran;
    let bytes = shelf.bytes();
    let mut reader = JournalReader::new(&bytes[..]).expect("a journal");
    let (again, _) = replay(&mut reader, nodes, &wiring).expect("every timer is equal");
    assert_eq!(again.nodes, ran.nodes);
    assert!(ran.nodes[0].heard.len() > 200 && ran.stats.timers_discarded > 0, "{:?}", ran.stats);
}

#[test]
fn a_signal_stops_a_second_one_leaves_at_once() {
    // Reports take an hour: the run cannot settle.
    let latencies = Latencies { reports: Latency::Constant { ns: 3_600_000 * MILLI }, ..Latencies::constant(0) };
    let world = World::new(5, &Script::default(), 1, &latencies, 60_000);
    for (second_after, drained, took) in
        [(Duration::from_millis(300), Drained::Abandoned, 600), (DRAIN * 9, Drained::TimedOut, 2_300)]
    {
        let runtime = held_clock();
        let shelf = Shelf::default();
        let mut signals = [Duration::from_millis(300), second_after].into_iter();
        let signal = || tokio::time::sleep(signals.next().expect("asked twice"));
        let start = runtime.block_on(async { tokio::time::Instant::now() });
        let ran = runtime.block_on(world.realtime(QueueLimits::default(), &shelf).run(world.until, signal));
        let elapsed = runtime.block_on(async { start.elapsed() }).as_millis();
        let ran = ran.expect("all come back");
        assert!(elapsed.abs_diff(took) < 20, "{elapsed} ms instead of {took}");
        assert_eq!((ran.stopped_by, ran.drained), (StoppedBy::Signal, drained));
        assert!(ran.ran.outcome.is_ok() && ran.ran.stats.undelivered > 0, "{:?}", ran.ran.stats);
        world.assert_replays(&ran.ran, &shelf.bytes());
    }
}

#[test]
fn the_clock_paces() {
    let latencies = Latencies { feed: Latency::Constant { ns: 50 * MILLI }, ..Latencies::constant(0) };
    let world = World::new(5, &Script { period: 10_000, ..Script::default() }, 1, &latencies, 200);
    let (ran, _) = world.run(&held_clock(), QueueLimits::default());
    ran.ran.outcome.as_ref().expect("nothing fails");
    let seqs = venue(&ran.ran).seqs[0];
    assert_eq!(ran.timer_lateness.max().count(), 0, "{} {seqs}", ran.timer_lateness);
    let early = EARLY.count() / 10_000;
    assert!(
        (20_000..=20_001 + early).contains(&seqs),
        "{seqs} ticks in 200 ms, one every 10 us, whatever timers can do"
    );
    assert_eq!(ran.wire_to_order.count(), 0, "a tick that waited until it was due measures the link");
}

#[test]
fn orders_may_not_lead_round_in_a_circle() {
    let mut wiring = Wiring::new(0);
    let (a, b) = (wiring.node("a").expect("new"), wiring.node("b").expect("new"));
    for (from, to) in [(a, b), (b, a)] {
        wiring.link(from, to, Channel::Orders, Latency::Constant { ns: 0 }).expect("valid");
    }
    let refused = Realtime::new(vec![Toy::Ear(0), Toy::Ear(0)], wiring, QueueLimits::default()).expect_err("a circle");
    assert_eq!(refused, WiringError::OrdersCycle("a".to_owned()));
}

#[test]
fn under_the_real_clock_every_message_replays() {
    let extra = Jitter::Lognormal { median_ns: 300_000.0, sigma: 1.0 };
    let jitter = Latency::Jittered { base_ns: 100_000, extra };
    let latencies = Latencies { feed: jitter.clone(), orders: jitter.clone(), reports: jitter };
    for runtime in [
        Builder::new_current_thread().enable_time().build().expect("a runtime"),
        Builder::new_multi_thread().worker_threads(2).enable_time().build().expect("a runtime"),
    ] {
        let script = Script { period: 50_000, ticks: 4, chase: 4, ..Script::default() };
        let world = World::new(5, &script, 3, &latencies, 1_500);
        let shelf = Shelf::default();
        let file = Background::new(shelf.clone()).expect("a thread");
        let journal = JournalWriter::new(file, &world.header()).expect("room");
        let limits = QueueLimits { orders: 4, data: 8, ..QueueLimits::default() };
        let realtime = Realtime::new(world.nodes.clone(), world.wiring.clone(), limits).expect("no circle");
        let ran = runtime.block_on(realtime.journaled(journal).run(world.until, pending)).expect("all come back");
        ran.ran.outcome.as_ref().expect("nothing fails");
        assert_eq!(ran.drained, Drained::Settled);
        assert!(ran.ran.stats.deliveries > 50_000 && ran.ran.stats.data_dropped > 0, "{:?}", ran.ran.stats);
        assert_conserved(&toys_of(&ran.ran));
        world.assert_replays(&ran.ran, &shelf.bytes());
    }
}
