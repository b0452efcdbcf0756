//! The ecology's named mixes: reference markets, so what they do is golden; and what they are named after is so.

#![allow(clippy::cast_precision_loss, reason = "statistics")]

use hft_core::flow::{EcologyConfig, EcologyMix, FlowModel};
use hft_core::prelude::*;
use hft_core::world::{Delivery, Message, NodeId, Observer, Ran};

const FIRST: Price = Price::new(10_000);

fn market(mix: EcologyMix) -> CrowdConfig {
    let ecology = EcologyConfig { mix, population: 1 };
    CrowdConfig { model: FlowModel::Ecology, ecology, ..CrowdConfig::default() }
}

fn world(market: &CrowdConfig, seed: u64) -> World<Simulated> {
    let mut world = World::<Simulated>::new(seed);
    let xsim = world.venue("XSIM", VenueConfig::default()).expect("a new name");
    let tick = "0.01".parse().expect("a decimal");
    let x = Instrument::new("X", "USD", tick, Decimal::ONE, Decimal::ONE, FeeSchedule::default()).expect("valid");
    let book = world.list(xsim, x, BookRules::default(), FIRST).expect("listed once");
    market.join(&mut world, book, FIRST).expect("an empty world");
    world
}

fn run(market: &CrowdConfig, seed: u64, seconds: u64) -> Ran<Node> {
    let mut ran = world(market, seed).lockstep().run(Timestamp::START + Nanos::from_secs(seconds));
    std::mem::replace(&mut ran.outcome, Ok(())).expect("nothing goes wrong");
    close_books(&mut ran.nodes, ran.ended).expect("conserved");
    ran
}

/// Seed 11, one minute. A change of these has a reason, and the reason is in its commit.
#[test]
fn the_reference_markets_are_golden() {
    let digests = [EcologyMix::Quiet, EcologyMix::Normal, EcologyMix::Toxic, EcologyMix::Volatile]
        .map(|mix| run(&market(mix), 11, 60).digest().to_string());
    assert_eq!(digests, ["900270d136805a83", "5fa2f631df14c3da", "970bb91dada6b742", "2f5c6f2190701803"]);
}

#[test]
fn every_kind_of_agent_trades() {
    let world = world(&market(EcologyMix::Toxic), 11);
    let who = world.directory();
    let ran = run(&market(EcologyMix::Toxic), 11, 120);
    let traders: Vec<_> = ran.nodes.iter().filter_map(Node::as_trader).collect();
    for class in ["noise", "informed", "maker", "momentum", "value-trader", "executor", "sniper"] {
        let of: Vec<_> = traders.iter().filter(|trader| who.class(who.account_of(trader.id())) == class).collect();
        let commands: u64 = of.iter().map(|trader| trader.commands()).sum();
        assert!(!of.is_empty() && commands > 5, "{class}: {} agents, {commands} commands", of.len());
    }
}

/// The touch and the value of a world with one book, over time.
#[derive(Default)]
struct Watch {
    since: Timestamp,
    touch: Option<[i64; 2]>,
    /// Time with both sides, s; and spread times time.
    two_sided: f64,
    spread: f64,
    value: f64,
    /// Second by second: the midpoint, and the value at that moment, ticks.
    seconds: Vec<[f64; 2]>,
}

impl Observer<Node> for Watch {
    fn before(&mut self, delivery: &Delivery<'_>) {
        if let Message::News(News::Value { value, .. }) = delivery.message {
            self.value = value.count() as f64 / 2.0;
        }
    }

    fn after(&mut self, now: Timestamp, node: NodeId, nodes: &[Node]) -> anyhow::Result<()> {
        let Some(venue) = nodes[node.0 as usize].as_venue() else { return Ok(()) };
        let top = venue.books().next().expect("one book").2.top();
        if let Some([bid, ask]) = self.touch {
            let lasted = now.since(self.since).to_secs_f64();
            self.two_sided += lasted;
            self.spread += (ask - bid) as f64 * lasted;
            while now.to_secs_f64() > (self.seconds.len() + 1) as f64 {
                self.seconds.push([(bid + ask) as f64 / 2.0, self.value]);
            }
        }
        (self.since, self.touch) = (now, top.bid.zip(top.ask).map(|(bid, ask)| [bid.price.ticks(), ask.price.ticks()]));
        Ok(())
    }
}

/// Mean spread, deviation of a second's change, deviation of the price from the value: ticks; and the kurtosis of the changes.
fn figures(mix: EcologyMix) -> [f64; 4] {
    const SECONDS: u64 = 600;
    let mut watch = Watch::default();
    let until = Timestamp::START + Nanos::from_secs(SECONDS);
    world(&market(mix), 1).lockstep().run_observed(until, &mut watch).outcome.expect("nothing goes wrong");
    assert!(watch.two_sided > 0.99 * SECONDS as f64, "{mix:?}: a market nearly always has two sides");
    let mean = |list: Vec<f64>| list.iter().sum::<f64>() / list.len() as f64;
    let changes = || watch.seconds.windows(2).map(|pair| pair[1][0] - pair[0][0]);
    let variance = mean(changes().map(|x| x * x).collect());
    let kurtosis = mean(changes().map(|x| x * x * x * x).collect()) / (variance * variance);
    let off = mean(watch.seconds.iter().map(|[mid, value]| (mid - value) * (mid - value)).collect());
    [watch.spread / watch.two_sided, variance.sqrt(), off.sqrt(), kurtosis]
}

#[test]
fn mixes_are_what_they_are_called() {
    let all = [EcologyMix::Quiet, EcologyMix::Normal, EcologyMix::Toxic, EcologyMix::Volatile].map(figures);
    let pairs = || all.windows(2).map(|pair| (pair[0], pair[1]));
    assert!(pairs().all(|(calm, wild)| calm[0] < wild[0]), "spreads widen: {all:?}");
    assert!(pairs().all(|(calm, wild)| calm[1] < wild[1]), "a second's changes grow: {all:?}");
    assert!(all.iter().all(|of| of[2] < 2.0 * of[0]), "the price stays near the value: {all:?}");
    assert!(all.iter().all(|of| of[3] > 4.0), "changes have heavy tails: {all:?}");
}

/// The unit of distance is a unit: everything in it, prices and all.
#[test]
fn agents_of_a_greater_spacing_quote_wider() {
    let market = CrowdConfig { spacing: 20, ..market(EcologyMix::Quiet) };
    let mut watch = Watch::default();
    world(&market, 1)
        .lockstep()
        .run_observed(Timestamp::START + Nanos::from_secs(300), &mut watch)
        .outcome
        .expect("runs");
    let spread = watch.spread / watch.two_sided;
    assert!((20.0..60.0).contains(&spread), "{spread} ticks at 20 a unit");
}

#[test]
fn a_population_is_so_many_agents() {
    let crowded = CrowdConfig {
        ecology: EcologyConfig { population: 30, ..EcologyConfig::default() },
        ..market(EcologyMix::Normal)
    };
    let traders = |market: &CrowdConfig| {
        world(market, 1).lockstep().run(Timestamp::new(1)).nodes.iter().filter_map(Node::as_trader).count()
    };
    assert_eq!(traders(&crowded), 30 * traders(&market(EcologyMix::Normal)));
    run(&crowded, 1, 5);
}
