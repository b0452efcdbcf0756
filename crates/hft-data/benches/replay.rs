//! What a replay costs, with a maker in it: recorded events and deliveries a second, from a file to closed books, on one thread.
//!
//! `cargo bench -p hft-data --bench replay` plays the recording of the repository and those samples that are at hand (`$HFT_DATA`, or
//! `../shared/data` beside the workspace); `-- FILE..` plays those instead. The thread's own processor time counts, of several passes the
//! fastest. Reading the file, and unpacking it, is part of it; the first pass, which looks for tick and span, is told apart.

mod meter;

use hft_core::account::NoLog;
use hft_core::prelude::*;
use hft_data::ReadOptions;
use hft_data::replay::{Detail, FillModel, History, Survey};
use meter::{nanos_passed, peak_kb};
use std::env;
use std::path::{Path, PathBuf};

const PASSES: u32 = 3;

fn main() {
    let named: Vec<PathBuf> = env::args().skip(1).filter(|arg| !arg.starts_with("--")).map(PathBuf::from).collect();
    let files = if named.is_empty() { at_hand() } else { named };
    println!(
        "{:<12} {:<22} {:>9} {:>10} {:>9} {:>13} {:>10} {:>9}",
        "symbol", "fill models", "events", "events/s", "ns/event", "deliveries/s", "survey/s", "fills"
    );
    for file in files {
        play(&file);
    }
    println!("peak memory {} kB", peak_kb());
}

/// The repository's own recording, and samples where they are.
fn at_hand() -> Vec<PathBuf> {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = crate_root.join("fixtures/SIM_2026-01-05_34200000_34260000_message_0.csv.gz");
    let samples = env::var_os("HFT_DATA").map_or_else(|| crate_root.join("../../../shared/data"), PathBuf::from);
    let named = [
        "lobster/AAPL_2012-06-21_34200000_37800000_message_50.csv.gz",
        "bitstamp/ob_analytics_2026_orders.csv.gz",
        "binance/usdm_btcusdt_20240808.gz",
    ];
    std::iter::once(own).chain(named.map(|name| samples.join(name))).filter(|path| path.exists()).collect()
}

/// Measures each way to play a file.
fn play(file: &Path) {
    let seed_book = beside(file);
    let options = ReadOptions { seed_book, ..ReadOptions::default() };
    let begun = nanos_passed();
    let survey = Survey::of(&[file.to_owned()], &options, None).expect("a recording");
    let surveyed = nanos_passed() - begun;
    let ladder = FillModel::ladder(3.0);
    let mut ways: Vec<&[FillModel]> = vec![&[FillModel::RiskAverse], &ladder];
    if survey.detail == Detail::Orders {
        ways.insert(0, &[FillModel::Exact]);
    }
    for models in ways {
        let (mut best, mut deliveries, mut fills) = (f64::INFINITY, 0, 0);
        for _ in 0..PASSES {
            let begun = nanos_passed();
            (deliveries, fills) = run(&survey, models);
            best = best.min(nanos_passed() - begun);
        }
        let name = if models.len() == 1 { models[0].to_string() } else { format!("{} side by side", models.len()) };
        #[allow(clippy::cast_precision_loss, reason = "a benchmark")]
        let (events, delivered) = (survey.events as f64, deliveries as f64);
        println!(
            "{:<12} {name:<22} {events:>9} {:>8.2} M {:>9.0} {:>11.2} M {:>8.2} M {fills:>9}",
            survey.info.symbol,
            events / best * 1e3,
            best / events,
            delivered / best * 1e3,
            events / surveyed * 1e3
        );
    }
}

/// The first row of the book, where a sample has one.
fn beside(file: &Path) -> Option<PathBuf> {
    let name = file.file_name()?.to_str()?.replace("message_50.csv.gz", "orderbook_50_first672.csv");
    Some(file.with_file_name(name)).filter(|path| path.exists() && path != file)
}

/// Plays the recording once, with a maker under each model; deliveries, and fills under the first.
fn run(survey: &Survey, models: &[FillModel]) -> (u64, u64) {
    let mut world = World::<Replayed>::new(1);
    let fees = FeeSchedule::default();
    let contract = Instrument::new(&survey.info.symbol, "USD", survey.tick, survey.lot, survey.info.multiplier, fees);
    let contract = contract.expect("exact steps");
    let first = survey.first.bid.expect("two sides").price;
    let books: Vec<_> = models
        .iter()
        .map(|model| {
            let venue = world.venue(&model.to_string(), VenueConfig::default()).expect("new");
            (*model, world.list(venue, contract.clone(), BookRules::default(), first).expect("one contract"))
        })
        .collect();
    let account = world.account("history", Limits::default()).expect("new");
    let history = History::new(survey, &books).expect("read before");
    let recording = world.trader("recording", account, history).expect("new");
    world.blotter(NoLog, Nanos::from_secs(1)).expect("the first");
    #[allow(clippy::cast_possible_truncation, reason = "a spread in ticks is small")]
    let half_spread = (survey.mean_spread / 2.0).ceil() as i64;
    let mut desks = Vec::new();
    for &(model, book) in &books {
        world.play(recording, book).expect("wired");
        let desk = world.account(&format!("desk/{model}"), Limits::default()).expect("new");
        let quotes = MakerConfig { half_spread, ..MakerConfig::default() };
        let maker = world.trader(&format!("maker/{model}"), desk, CompetingMaker::new(quotes, book)).expect("new");
        let feed = Feed::every_change(Depth::Levels(5));
        world.connect(maker, book, Connection::symmetric(Nanos::from_micros(100), feed)).expect("wired");
        world.watch(desk).expect("a blotter");
        desks.push(desk);
    }
    let mut ran = world.lockstep().run(Timestamp::START + survey.span);
    ran.outcome.expect("nothing fails");
    close_books(&mut ran.nodes, ran.ended).expect("all is booked");
    let blotter = ran.nodes.iter().find_map(Node::as_blotter).expect("there is one");
    let tallies = blotter.summaries(desks[0]).expect("it adds up");
    (ran.stats.deliveries, tallies.iter().map(|book| book.markouts[0].fills + book.markouts[0].too_short).sum())
}
