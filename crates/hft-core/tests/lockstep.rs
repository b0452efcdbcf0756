//! The lockstep driver, run on toys: order, settling, errors, and one seed, one run.

mod toys;

use hft_core::models::{Nanos, Timestamp};
use hft_core::world::{
    Channel, Delivery, Jitter, Latency, LinkId, Lockstep, Machine, Mail, Message, NodeId, Observer, Origin, Ran,
    RunError, SETTLE, Wiring,
};
use toys::{Latencies, Script, Toy, assert_conserved, heard, market};

const SECOND: Timestamp = Timestamp::new(1_000_000_000);

fn jittered() -> Latencies {
    let extra = |median_ns| Jitter::Lognormal { median_ns, sigma: 1.0 };
    Latencies {
        feed: Latency::Jittered { base_ns: 1_000, extra: extra(5_000.0) },
        orders: Latency::Jittered { base_ns: 1_000, extra: extra(50_000.0) },
        reports: Latency::Empirical { samples_ns: vec![1_000, 2_000, 90_000] },
    }
}

fn run(seed: u64, latencies: &Latencies) -> Ran<Toy> {
    let (nodes, wiring) = market(seed, &Script::default(), 3, latencies).expect("valid");
    Lockstep::new(nodes, wiring).run(SECOND)
}

#[test]
fn everything_said_is_heard() {
    for latencies in [Latencies::constant(0), Latencies::constant(70_000), jittered()] {
        let ran = run(1, &latencies);
        ran.outcome.expect("nothing fails");
        assert_conserved(&ran.nodes);
        let (commands, _, ticks, gaps) = heard(&ran.nodes);
        assert_eq!((ticks, gaps), (300_000, 0), "100,000 ticks a second to three traders");
        assert!((74_990..=75_003).contains(&commands), "one every four ticks until the stop: {commands}");
        let stats = ran.stats;
        assert_eq!((stats.orders, stats.reports), (2 * commands, 5 * commands));
        assert_eq!((stats.data, stats.driver, stats.undelivered), (ticks, 12, 0));
        assert_eq!(stats.deliveries, stats.orders + stats.reports + stats.data + stats.timers + stats.driver);
    }
}

#[test]
fn same_seed_same_run() {
    let [one, two, other] = [1, 1, 2].map(|seed| run(seed, &jittered()));
    assert_eq!((one.digest(), &one.nodes, &one.stats), (two.digest(), &two.nodes, &two.stats));
    assert_ne!(one.digest(), other.digest());
}

#[test]
fn digest_is_golden() {
    assert_eq!(run(42, &jittered()).digest().to_string(), "f9490997d6d19937");
}

/// Writes down what it hears, and says what its script says.
#[derive(Debug, Default)]
struct Scribe {
    heard: Vec<(u64, String)>,
    at_start: Vec<(Option<u32>, u64)>,
}

impl Machine for Scribe {
    fn handle(&mut self, now: Timestamp, _from: NodeId, message: Message, mail: &mut Mail) {
        self.heard.push((now.nanos(), format!("{message:?}")));
        if message == Message::Start {
            for &(link, tag) in &self.at_start {
                match link {
                    Some(link) => mail.send(LinkId(link), Message::Wake(tag)),
                    None => mail.wake_at(Timestamp::new(tag), tag),
                }
            }
        }
    }
}

#[test]
fn order_is_due_time_then_order_of_sending() {
    let mut wiring = Wiring::new(0);
    let a = wiring.node("a").expect("new");
    let b = wiring.node("b").expect("new");
    for ns in [10, 5, 0] {
        wiring.link(a, b, Channel::Data, Latency::Constant { ns }).expect("valid");
    }
    wiring.link(b, b, Channel::Data, Latency::Constant { ns: 10 }).expect("valid");
    // Link 0 takes 10 ns, link 1 takes 5, link 2 none; b mails itself over 10 ns and sets a timer for 10.
    let a = Scribe { at_start: vec![(Some(0), 1), (Some(1), 2), (Some(2), 3), (Some(0), 4)], ..Scribe::default() };
    let b = Scribe { at_start: vec![(Some(0), 5), (None, 10)], ..Scribe::default() };
    let ran = Lockstep::new(vec![a, b], wiring).run(Timestamp::new(20));
    let heard: Vec<_> = ran.nodes[1].heard.iter().map(|(now, text)| (*now, text.as_str())).collect();
    let expected = [
        (0, "Start"),
        (0, "Wake(3)"),
        (5, "Wake(2)"),
        (10, "Wake(1)"),
        (10, "Wake(4)"),
        (10, "Wake(5)"),
        (10, "Wake(10)"),
        (20, "Stop"),
    ];
    assert_eq!(heard, expected);
}

#[test]
fn after_the_stop_mail_settles_and_late_timers_do_not() {
    let mut wiring = Wiring::new(0);
    let a = wiring.node("a").expect("new");
    wiring.link(a, a, Channel::Reports, Latency::Constant { ns: 3_000_000_000 }).expect("valid");
    let (until, last) = (1_000, 1_000 + SETTLE.count());
    let at_start = vec![(Some(0), 7), (None, until), (None, until + 1), (None, last), (None, last + 1)];
    let ran = Lockstep::new(vec![Scribe { at_start, ..Scribe::default() }], wiring).run(Timestamp::new(until));
    let times: Vec<_> = ran.nodes[0].heard.iter().map(|(now, _)| *now).collect();
    assert_eq!(times, [0, until, until, until + 1, last, 3_000_000_000], "the second at {until} is the stop");
    assert_eq!((ran.stats.timers_discarded, ran.stats.undelivered), (1, 0));
    assert_eq!(ran.ended.nanos(), 3_000_000_000);
}

/// Two that answer each other for ever.
struct Echo;

impl Machine for Echo {
    fn handle(&mut self, _now: Timestamp, _from: NodeId, _message: Message, mail: &mut Mail) {
        if mail.is_empty() {
            mail.send(LinkId(0), Message::Wake(0));
        }
    }
}

#[test]
fn a_world_that_never_settles_is_stopped() {
    let mut wiring = Wiring::new(0);
    let a = wiring.node("a").expect("new");
    wiring.link(a, a, Channel::Data, Latency::Constant { ns: 1 }).expect("valid");
    let ran = Lockstep::new(vec![Echo], wiring).run(Timestamp::new(10));
    let sentence = ran.outcome.expect_err("it never settles").to_string();
    assert_eq!(sentence, "the world did not settle within 10000000 deliveries after the stop");
}

#[test]
fn a_failure_ends_the_run_with_a_sentence() {
    let (mut nodes, wiring) = market(1, &Script::default(), 1, &Latencies::constant(10)).expect("valid");
    nodes[2] = Toy::Broken(5);
    let ran = Lockstep::new(nodes, wiring).run(SECOND);
    assert_eq!(ran.outcome.expect_err("the blotter fails").to_string(), "blotter: the disk is full");
    assert!(ran.stats.deliveries > 10 && ran.stats.undelivered > 0);
}

/// Counts, and objects to a delivery after a given time.
struct Auditor {
    commands: u64,
    deadline: Timestamp,
}

impl Observer<Toy> for Auditor {
    fn before(&mut self, delivery: &Delivery<'_>) {
        let orders = matches!(delivery.origin, Origin::Link { channel: Channel::Orders, .. });
        self.commands += u64::from(orders && matches!(delivery.message, Message::Command(_)));
    }

    fn after(&mut self, now: Timestamp, _node: NodeId, nodes: &[Toy]) -> anyhow::Result<()> {
        anyhow::ensure!(now <= self.deadline, "too late for {} nodes", nodes.len());
        Ok(())
    }
}

#[test]
fn an_observer_sees_everything_and_may_object() {
    let (nodes, wiring) = market(1, &Script::default(), 1, &Latencies::constant(10)).expect("valid");
    let mut auditor = Auditor { commands: 0, deadline: Timestamp::MAX };
    let ran = Lockstep::new(nodes.clone(), wiring.clone()).run_observed(SECOND, &mut auditor);
    assert_eq!(auditor.commands, ran.stats.orders);
    auditor.deadline = Timestamp::START + Nanos::from_millis(1);
    let ran = Lockstep::new(nodes, wiring).run_observed(SECOND, &mut auditor);
    let sentence = ran.outcome.expect_err("it objects").to_string();
    assert_eq!(sentence, "after trader 0 at 1000010 ns: too late for 4 nodes");
    assert!(matches!(run(1, &Latencies::constant(1)).outcome, Ok::<(), RunError>(())));
}
