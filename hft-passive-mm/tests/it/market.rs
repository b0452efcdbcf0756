//! The maker in its market: it trades, its books close, and the same seed says the same.

use hft_app::Scenario;
use hft_core::account::{BookSummary, NoLog};
use hft_core::prelude::*;
use hft_passive_mm::PassiveMmConfig;
use hft_passive_mm::scenario::{Market, Parts, scenario};

fn run(seed: u64, config: &PassiveMmConfig) -> (Vec<BookSummary>, Digest) {
    let parts = Parts { seed, config, market: &Market::default(), limits: Limits::default() };
    let Scenario { mut world, desk, horizon, .. } = scenario(parts).expect("a configuration that is allowed");
    world.blotter(NoLog, horizon).expect("the first");
    world.watch(desk).expect("there is a blotter");
    let mut ran = world.lockstep().run(Timestamp::START + Nanos::from_secs(30));
    ran.outcome.as_ref().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    close_books(&mut ran.nodes, ran.ended).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    let blotter = ran.nodes.iter().find_map(Node::as_blotter).expect("the world has one");
    (blotter.summaries(desk).expect("the attribution adds up"), ran.digest())
}

fn fills(book: &BookSummary) -> u64 {
    book.markouts[0].fills + book.markouts[0].too_short
}

#[test]
fn the_default_maker_trades_and_earns_the_spread_it_asks_for() {
    for seed in 1..=5 {
        let (books, _) = run(seed, &PassiveMmConfig::default());
        let [book] = &books[..] else { panic!("one symbol") };
        println!(
            "seed {seed}: {} fills, spread {} adverse {} inventory {} fees {}",
            fills(book),
            book.parts.spread.decimal(),
            book.parts.adverse.decimal(),
            book.parts.inventory.decimal(),
            book.parts.fees.decimal()
        );
        assert!(fills(book) >= 10, "seed {seed}: {} fills in 30 s", fills(book));
        assert!(book.parts.spread > Cash::ZERO && book.parts.fees < Cash::ZERO, "seed {seed}");
        assert!(book.subtotal.position.count().abs() <= 10, "seed {seed}: the limit holds");
    }
}

#[test]
fn same_seed_same_bytes_and_every_strategy_runs() {
    let digest = |seed, config: &PassiveMmConfig| run(seed, config).1;
    let plain = PassiveMmConfig::default();
    assert_eq!(digest(1, &plain), digest(1, &plain));
    assert_ne!(digest(1, &plain), digest(2, &plain));
    for strategy in ["avellaneda-stoikov", "glft", "microprice"] {
        // Half a minute has 600 states of the book: few, but a micro-price can be learned from them.
        let config = serde_json::json!({ "strategy": strategy, "microprice": { "min_states": 100 } });
        let config: PassiveMmConfig = serde_json::from_value(config).expect("a strategy");
        assert_ne!(digest(1, &plain), digest(1, &config), "{strategy}");
    }
}

#[test]
fn several_symbols_share_one_account() {
    let symbols = vec!["ONE".to_owned(), "TWO".to_owned()];
    let (books, _) = run(1, &PassiveMmConfig { symbols, ..PassiveMmConfig::default() });
    assert_eq!(books.len(), 2);
    assert!(books.iter().all(|book| fills(book) > 0), "both trade");
}

#[test]
fn a_size_that_is_no_whole_lots_is_told() {
    let config = PassiveMmConfig { size: 1.5, ..PassiveMmConfig::default() };
    let parts = Parts { seed: 1, config: &config, market: &Market::default(), limits: Limits::default() };
    let error = scenario(parts).expect_err("lots are whole contracts");
    assert_eq!(error.to_string(), "passive_mm.size = 1.5: must be a multiple of the lot of SIM, 1");
}
