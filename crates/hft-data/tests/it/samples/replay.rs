//! Recordings in the real matching engine: with nobody else in it, the market is the recorded one.

use super::sample;
use hft_core::prelude::*;
use hft_core::world::{NodeId, Observer};
use hft_data::formats::lobster::BookRows;
use hft_data::replay::{Detail, FillModel, History, Survey, Tallies, Tally};
use hft_data::{Body, Flags, ReadOptions, Recording};
use std::path::{Path, PathBuf};

/// A market of one replica for each model, and nobody in it but history.
fn alone(survey: &Survey, models: &[FillModel]) -> (World<Replayed>, Tallies) {
    let mut world = World::<Replayed>::new(1);
    let fees = FeeSchedule::default();
    let contract = Instrument::new(&survey.info.symbol, "USD", survey.tick, survey.lot, survey.info.multiplier, fees)
        .expect("its steps are exact");
    let first = survey.first.bid.expect("it has two sides").price;
    let books: Vec<_> = models
        .iter()
        .map(|model| {
            let venue = world.venue(&model.to_string(), VenueConfig::default()).expect("a new name");
            (*model, world.list(venue, contract.clone(), BookRules::default(), first).expect("one contract"))
        })
        .collect();
    let account = world.account("history", Limits::default()).expect("a new name");
    let history = History::new(survey, &books).expect("it was read before");
    let tallies = history.tallies();
    let recording = world.trader("recording", account, history).expect("a new name");
    books.iter().for_each(|(_, book)| world.play(recording, *book).expect("wired"));
    (world, tallies)
}

/// Compares the touch of the one book after every event with what is expected then.
struct Touches {
    tallies: Tallies,
    expected: Vec<Option<Top>>,
    seen: usize,
    right: u32,
    compared: u32,
    crossed: u32,
}

impl Observer<Node> for Touches {
    fn after(&mut self, _: Timestamp, node: NodeId, nodes: &[Node]) -> anyhow::Result<()> {
        if nodes[node.0 as usize].as_trader().is_none() {
            return Ok(());
        }
        let done = usize::try_from(self.tallies.read()[0].events)?;
        let venue = nodes.iter().find_map(Node::as_venue).expect("there is one");
        let top = venue.books().next().expect("it has one book").2.top();
        for expected in self.expected.get(self.seen..done).unwrap_or_default().iter().flatten() {
            self.compared += 1;
            self.right += u32::from(top == *expected);
        }
        self.crossed += u32::from(matches!(top, Top { bid: Some(bid), ask: Some(ask) } if bid.price >= ask.price));
        self.seen = done;
        Ok(())
    }
}

fn played(survey: &Survey, models: &[FillModel]) -> Vec<Tally> {
    let (world, tallies) = alone(survey, models);
    let mut ran = world.lockstep().run(Timestamp::START + survey.span);
    ran.outcome.expect("nothing fails");
    close_books(&mut ran.nodes, ran.ended).expect("history's own trades sum to zero");
    let panics: Vec<_> = ran.nodes.iter().filter_map(Node::as_trader).filter_map(|t| t.panic_message()).collect();
    assert_eq!(panics, [""; 0]);
    tallies.read()
}

fn survey(path: &Path, options: &ReadOptions) -> Survey {
    let survey = Survey::of(&[PathBuf::from(path)], options, None).expect("a known format");
    println!(
        "{}: {} {:?}, tick {}, lot {}, {} events in {:.0} s, spread {:.3} ticks, opens at {:.3} s",
        path.display(),
        survey.info.symbol,
        survey.detail,
        survey.tick,
        survey.lot,
        survey.events,
        survey.span.to_secs_f64(),
        survey.mean_spread,
        survey.opens.to_secs_f64(),
    );
    survey
}

#[test]
fn aapl_in_the_matching_engine_keeps_the_touch() {
    let Some(path) = sample("lobster/AAPL_2012-06-21_34200000_37800000_message_50.csv.gz") else { return };
    let Some(seed) = sample("lobster/AAPL_2012-06-21_34200000_37800000_orderbook_50_first672.csv") else { return };
    let Some(touches) = sample("lobster/AAPL_2012-06-21_34200000_37800000_bbo_from_orderbook_50.csv.gz") else {
        return;
    };
    let options = ReadOptions { seed_book: Some(seed), ..ReadOptions::default() };
    let survey = survey(&path, &options);
    assert_eq!((survey.detail, survey.tick), (Detail::Orders, Decimal::new(1, 2)));
    let mut recording = Recording::open(&path, &options).expect("a known format");
    let mut rows = BookRows::open(&touches).expect("the touches are there");
    let (mut levels, mut expected) = (Vec::new(), Vec::new());
    while let Some(event) = recording.next().expect("a good file") {
        let is_image = event.flags.has(Flags::SNAPSHOT);
        if !is_image {
            assert!(rows.next(&mut levels).expect("a good row"));
        }
        if matches!(event.body, Body::HiddenTrade { price, .. } if price.ticks() % 100 != 0) {
            continue; // between two ticks: not played, and the book does not change
        }
        expected.push((!is_image).then(|| {
            let of = |side: Side| {
                let level = levels.iter().find(|level| level.side == side)?;
                Some(Quote { price: Price::new(level.price.ticks() / 100), qty: level.qty })
            };
            Top { bid: of(Side::Buy), ask: of(Side::Sell) }
        }));
    }
    for model in [FillModel::Exact, FillModel::RiskAverse] {
        let (world, tallies) = alone(&survey, &[model]);
        let (seen, right, compared, crossed) = (0, 0, 0, 0);
        let mut touches =
            Touches { tallies: tallies.clone(), expected: expected.clone(), seen, right, compared, crossed };
        let ran = world.lockstep().run_observed(Timestamp::START + survey.span, &mut touches);
        ran.outcome.expect("nothing fails");
        let Touches { right, compared, crossed, .. } = touches;
        println!("{model}: {right} of {compared} touches right; {:?}", tallies.read()[0]);
        assert_eq!((compared, crossed), (91_997 - 19, 0), "nineteen lie between two ticks");
        assert!(f64::from(right) / f64::from(compared) >= 0.9990, "{model}: {right} of {compared}");
    }
}

/// The touch of the plain book after every event that is played, from the opening on.
#[cfg(feature = "dbn")]
fn plain_touches(path: &Path, survey: &Survey) -> Vec<Option<Top>> {
    let mut recording = Recording::open(path, &ReadOptions::default()).expect("a known format");
    let (mut book, mut touches, mut begun) = (hft_data::ObservedBook::default(), Vec::new(), None);
    let (tick, lot) = (survey.tick.to_pico(), survey.lot.to_pico());
    while let Some(event) = recording.next().expect("a good file") {
        if recording.instruments().get(event.instrument).symbol != survey.info.symbol {
            continue;
        }
        let _ = book.apply(&event);
        let begun = *begun.get_or_insert(event.local_time);
        let since = u64::try_from(event.local_time.minus(begun)).unwrap_or(0);
        let scaled = |quote: Quote| {
            let (price, qty) = (survey.info.price_step.to_pico(), survey.info.qty_step.to_pico());
            let ticks = i128::from(quote.price.ticks()) * price / tick;
            let lots = i128::from(quote.qty.lots()) * qty / lot;
            let fits = |value| i64::try_from(value).expect("it fits");
            Quote { price: Price::new(fits(ticks)), qty: Qty::new(fits(lots)) }
        };
        let top = book.top();
        let is_open = Timestamp::new(since) > survey.opens && event.flags.has(Flags::LAST);
        touches.push(is_open.then(|| Top { bid: top.bid.map(scaled), ask: top.ask.map(scaled) }));
    }
    touches
}

#[cfg(feature = "dbn")]
#[test]
fn es_in_the_matching_engine_opens_uncrossed_and_stays_so() {
    let Some(path) = sample("dbn/esh4-glbx-mdp3-20231225.mbo.dbn.zst") else { return };
    let survey = survey(&path, &ReadOptions::default());
    assert!(survey.opens > Timestamp::START, "orders are collected first");
    let expected = plain_touches(&path, &survey);
    let (world, tallies) = alone(&survey, &[FillModel::Exact]);
    let (seen, right, compared, crossed) = (0, 0, 0, 0);
    let mut touches = Touches { tallies: tallies.clone(), expected, seen, right, compared, crossed };
    let ran = world.lockstep().run_observed(Timestamp::START + survey.span, &mut touches);
    ran.outcome.expect("nothing fails");
    let Touches { right, compared, crossed, .. } = touches;
    println!("ES: {right} of {compared} touches right, {crossed} crossed; {:?}", tallies.read()[0]);
    assert_eq!((compared, crossed), (46_097, 0));
    // Not as near as AAPL: eleven lots meet on arrival, and orders that are met out of their recorded turn go back to the end.
    assert!(right >= 45_500, "{right} of {compared}");
}

#[test]
fn levels_and_orders_of_other_venues_play_to_their_ends() {
    for (name, models) in [
        ("binance/usdm_btcusdt_20240808.gz", &FillModel::ladder(3.0)[..]),
        ("bitstamp/ob_analytics_2026_orders.csv.gz", &[FillModel::Exact, FillModel::RiskAverse]),
        ("itch/AAPL_20191230_scaled.itch", &[FillModel::Exact]),
        ("crypto_recordings/tardis_quotes.csv.gz", &[FillModel::Log]),
    ] {
        let Some(path) = sample(name) else { return };
        let survey = survey(&path, &ReadOptions::default());
        let tallies = played(&survey, models);
        for (model, tally) in models.iter().zip(&tallies) {
            println!("  {model}: {tally:?}");
            assert_eq!(tally.events + tally.off_step, survey.events, "{name}");
            assert_eq!((tally.hits, tally.taken, tally.refused), (0, 0, 0), "{name}: nobody else is there");
        }
    }
}
