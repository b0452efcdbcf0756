//! Whole worlds: what must hold of every one of them, whatever its venues, links and participants.

use hft_core::account::NoLog;
use hft_core::prelude::*;
use hft_core::risk::AccountLimits;
use hft_core::world::{
    Background, Ending, JournalHeader, JournalReader, JournalWriter, QueueLimits, Ran, Realtime, replay,
};
use std::io::Write;
use std::sync::{Arc, Mutex};

#[path = "../../crates/hft-core/examples/hello_market.rs"]
#[allow(dead_code, missing_docs, unreachable_pub, reason = "an example is a program of its own")]
mod hello_market;

const START: Price = Price::new(10_000);

/// Cents, one lot, with a rebate of a tenth of a basis point for makers and three tenths to pay for takers.
fn contract(symbol: &str) -> Instrument {
    let fee = |notional_ppb| FeeRate { notional_ppb, ..FeeRate::FREE };
    let fees = FeeSchedule::flat(fee(-1_000), fee(3_000));
    Instrument::new(symbol, "USD", "0.01".parse().expect("a decimal"), Decimal::ONE, Decimal::ONE, fees).expect("valid")
}

/// What varies between the worlds that are checked.
struct Setting {
    name: &'static str,
    venue: VenueConfig,
    rules: BookRules,
    crowd: CrowdConfig,
    link: Latency,
    think: ThinkTime,
    feed: Feed,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            name: "plain",
            venue: VenueConfig::default(),
            rules: BookRules::default(),
            crowd: CrowdConfig::default(),
            link: Latency::constant(Nanos::from_micros(200)),
            think: ThinkTime::default(),
            feed: Feed::every_change(Depth::Levels(5)),
        }
    }
}

fn settings() -> Vec<Setting> {
    let jitter = Jitter::Lognormal { median_ns: 80_000.0, sigma: 1.0 };
    vec![
        Setting::default(),
        Setting {
            name: "batch auctions",
            venue: VenueConfig { batch_ns: Some(10_000_000), ..VenueConfig::default() },
            ..Setting::default()
        },
        Setting {
            name: "a gateway that queues everybody",
            venue: VenueConfig {
                gateway: Gateway { service_ns: 2_000_000, delay_ns: 350_000, ..Gateway::default() },
                ..VenueConfig::default()
            },
            ..Setting::default()
        },
        Setting {
            name: "jitter, a slow mind, a conflated feed",
            link: Latency::Jittered { base_ns: 100_000, extra: jitter },
            think: ThinkTime { base_ns: 3_000_000, mean_extra_ns: 5_000_000 },
            feed: Feed { every: Nanos::from_millis(50), ..Feed::every_change(Depth::Levels(10)) },
            ..Setting::default()
        },
        Setting {
            name: "toxic, sliding, pro rata",
            rules: BookRules {
                post_only_cross: hft_core::exchange::PostOnlyCross::Slide,
                allocation: hft_core::exchange::Allocation::ProRata,
                ..BookRules::default()
            },
            crowd: CrowdConfig { informed_fraction: 0.8, takers_per_s: 30.0, ..CrowdConfig::default() },
            ..Setting::default()
        },
        Setting { name: "every order is published", feed: Feed::every_change(Depth::Orders), ..Setting::default() },
    ]
}

/// Two venues that list the same contract, a crowd at each, and one maker at both, watched.
fn world(setting: &Setting, seed: u64) -> anyhow::Result<(World<Simulated>, AccountId)> {
    let mut world = World::<Simulated>::new(seed);
    let desk = world.account("desk", Limits::default())?;
    for name in ["XONE", "XTWO"] {
        let venue = world.venue(name, setting.venue.clone())?;
        let book = world.list(venue, contract("X"), setting.rules.clone(), START)?;
        setting.crowd.join(&mut world, book, START)?;
        let maker = world.trader(&format!("maker/{name}"), desk, CompetingMaker::new(MakerConfig::default(), book))?;
        world.think(maker, setting.think);
        let link = || setting.link.clone();
        world.connect(maker, book, Connection { orders: link(), reports: link(), data: link(), feed: setting.feed })?;
    }
    world.blotter(NoLog, Nanos::from_secs(1))?;
    world.watch(desk)?;
    Ok((world, desk))
}

fn run(world: World<Simulated>, seconds: u64) -> Ran<Node> {
    world.lockstep().run(Timestamp::START + Nanos::from_secs(seconds))
}

fn blotter(ran: &Ran<Node>) -> &hft_core::account::Blotter {
    ran.nodes.iter().find_map(Node::as_blotter).expect("these worlds have one")
}

#[test]
fn nothing_is_made_or_lost_and_profit_is_explained_to_the_last_unit() {
    for setting in settings() {
        for seed in [1, 2] {
            let (world, desk) = world(&setting, seed).expect("well formed");
            let mut ran = run(world, 60);
            ran.outcome.as_ref().unwrap_or_else(|error| panic!("{}, seed {seed}: {error}", setting.name));
            close_books(&mut ran.nodes, ran.ended).unwrap_or_else(|e| panic!("{}, seed {seed}: {e}", setting.name));
            let books = blotter(&ran).summaries(desk).expect("the attribution adds up");
            let traded: u64 = books.iter().map(|book| book.markouts[0].fills).sum();
            // A batch venue refuses market orders while it collects, so its takers stay away.
            let expected = !["every order is published", "batch auctions"].contains(&setting.name);
            assert!(traded > 0 || !expected, "{}: nobody traded", setting.name);
        }
    }
}

#[test]
fn same_seed_same_bytes() {
    let digest = |seed| run(world(&Setting::default(), seed).expect("well formed").0, 20).digest();
    assert_eq!(digest(1), digest(1));
    assert_ne!(digest(1), digest(2));
}

/// The digest that the README quotes; continuous integration compares it with the release build's.
#[test]
fn debug_and_release_and_readme_agree() {
    let ran = run(hello_market::market().expect("well formed").0, 30);
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&ran.digest().to_string()), "the README does not quote {}", ran.digest());
}

#[test]
fn another_node_leaves_every_stream_alone() {
    struct Bystander;
    impl Strategy for Bystander {
        fn on_event(&mut self, _event: &Event, _desk: &mut Desk<'_>) {}
    }
    let (alone, _) = world(&Setting::default(), 5).expect("well formed");
    let alone = run(alone, 10);
    let (mut joined, _) = world(&Setting::default(), 5).expect("well formed");
    let account = joined.account("bystander/account", Limits::default()).expect("a new name");
    let bystander = joined.trader("bystander", account, Bystander).expect("a new name");
    let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
    let feed = Feed::every_change(Depth::Levels(3));
    let connection = Connection::symmetric(Nanos::from_micros(10), feed);
    joined.connect(bystander, book, connection).expect("valid");
    let joined = run(joined, 10);
    assert_eq!(alone.digests, joined.digests[..alone.digests.len()]);
}

/// A file in memory that can be read while it is written.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("one writer").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn ten_seconds_of_realtime_replay_with_every_message_equal() {
    let until = Timestamp::START + Nanos::from_secs(10);
    let build = || world(&Setting::default(), 3).expect("well formed").0.into_parts();
    let (nodes, wiring) = build();
    let names = wiring.names().map(str::to_owned).collect();
    let header = JournalHeader { seed: 3, until, nodes: names, configuration: b"worlds".to_vec() };
    let file = Shared::default();
    let journal = Background::new(file.clone()).expect("a thread");
    let journal = JournalWriter::new(journal, &header).expect("memory");
    let realtime = Realtime::new(nodes, wiring, QueueLimits::default()).expect("no circle").journaled(journal);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let over = runtime.block_on(realtime.run(until, std::future::pending)).expect("every node came back");
    let mut ran = over.ran;
    ran.outcome.as_ref().expect("nothing failed");
    close_books(&mut ran.nodes, ran.ended).expect("realtime is as honest");
    assert!(ran.stats.deliveries > 5_000, "{:?}", ran.stats);

    let bytes = file.0.lock().expect("written").clone();
    let mut reader = JournalReader::new(bytes.as_slice()).expect("a header");
    reader.check(&header).expect("the same run");
    let (nodes, wiring) = build();
    let (again, ending) = replay(&mut reader, nodes, &wiring).expect("every message is sent again");
    assert_eq!(ending, Ending::Whole);
    assert_eq!(again.digest(), ran.digest());
}

/// Quotes until its hundredth event, then panics.
struct Bomb(u32, CompetingMaker);

impl Strategy for Bomb {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        self.0 += 1;
        assert!(self.0 < 100, "the hundredth event");
        self.1.on_event(event, desk);
    }
}

#[test]
fn a_panic_disables_one_strategy_and_cancels_its_orders() {
    let (mut world, desk) = world(&Setting::default(), 4).expect("well formed");
    let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
    let account = world.account("bomb/account", Limits::default()).expect("a new name");
    let bomb = Bomb(0, CompetingMaker::new(MakerConfig::default(), book));
    let bomb = world.trader("bomb", account, bomb).expect("a new name");
    let connection = Connection::symmetric(Nanos::from_micros(50), Feed::every_change(Depth::Levels(5)));
    world.connect(bomb, book, connection).expect("valid");
    let mut ran = run(world, 30);
    ran.outcome.as_ref().expect("the others go on");
    close_books(&mut ran.nodes, ran.ended).expect("nothing was lost with it");
    let panicked: Vec<_> = ran
        .nodes
        .iter()
        .filter_map(|node| if let Node::Trader(trader) = node { trader.panic_message() } else { None })
        .collect();
    assert_eq!(panicked, ["the hundredth event"]);
    for node in &ran.nodes {
        if let Node::Account(account) = node {
            assert_eq!(account.gate().open_orders(), 0, "account {}", account.id());
        }
    }
    assert!(blotter(&ran).summaries(desk).is_ok());
}

#[test]
fn a_loss_trips_the_kill_and_everything_is_cancelled() {
    let (mut world, _) = world(&Setting::default(), 4).expect("well formed");
    let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
    let limit = Cash::new(Cash::PER_UNIT / 10);
    let limits = Limits {
        account: AccountLimits { max_daily_loss: Some(limit), ..AccountLimits::default() },
        ..Limits::default()
    };
    let account = world.account("loser/account", limits).expect("a new name");
    let eager = MakerConfig { half_spread: 1, size: 50, inventory_limit: 500, fade_ms: 0 };
    let loser = world.trader("loser", account, CompetingMaker::new(eager, book)).expect("a new name");
    let slow = Connection::symmetric(Nanos::from_millis(40), Feed::every_change(Depth::Levels(5)));
    world.connect(loser, book, slow).expect("valid");
    world.watch(account).expect("there is a blotter");
    let mut ran = run(world, 120);
    ran.outcome.as_ref().expect("a kill is no failure of the run");
    close_books(&mut ran.nodes, ran.ended).expect("all is accounted for");
    let halt = blotter(&ran).halt(account).expect("it lost more than its limit");
    assert!(halt.equity <= -limit, "{halt:?}");
    for node in &ran.nodes {
        if let Node::Account(node) = node
            && node.id() == account
        {
            assert_eq!(node.gate().open_orders(), 0);
        }
    }
}

/// A log that is full after some lines.
struct FullDisk(u32);

impl FillLog for FullDisk {
    fn fill(&mut self, _line: &FillLine) -> anyhow::Result<()> {
        self.0 = self.0.checked_sub(1).ok_or_else(|| anyhow::anyhow!("no space left on device"))?;
        Ok(())
    }
}

#[test]
fn a_full_disk_ends_the_run_with_one_sentence() {
    let mut world = World::<Simulated>::new(1);
    let venue = world.venue("XSIM", VenueConfig::default()).expect("a new name");
    let book = world.list(venue, contract("X"), BookRules::default(), START).expect("a new symbol");
    CrowdConfig::default().join(&mut world, book, START).expect("new names");
    let desk = world.account("desk", Limits::default()).expect("a new name");
    let maker = world.trader("maker", desk, CompetingMaker::new(MakerConfig::default(), book)).expect("a new name");
    let connection = Connection::symmetric(Nanos::from_micros(200), Feed::every_change(Depth::Levels(5)));
    world.connect(maker, book, connection).expect("valid");
    world.blotter(FullDisk(3), Nanos::from_secs(1)).expect("the first");
    world.watch(desk).expect("there is a blotter");
    let error = run(world, 600).outcome.expect_err("the fourth fill cannot be written");
    assert_eq!(error.to_string(), "blotter: the fill log failed: no space left on device");
}

#[test]
fn one_symbol_is_one_contract() {
    let mut world = World::<Simulated>::new(1);
    let [one, two] = ["A", "B"].map(|name| world.venue(name, VenueConfig::default()).expect("a new name"));
    let book = world.list(one, contract("X"), BookRules::default(), START).expect("new");
    let twin = world.list(two, contract("X"), BookRules::default(), START).expect("the same contract");
    assert_eq!(book.instrument, twin.instrument);
    let ten = "10".parse().expect("a decimal");
    let other =
        Instrument::new("X", "USD", "0.01".parse().expect("a decimal"), Decimal::ONE, ten, FeeSchedule::default());
    let error = world.list(two, other.expect("valid"), BookRules::default(), START).expect_err("another multiplier");
    assert!(error.to_string().starts_with("X is listed elsewhere"), "{error}");
}
