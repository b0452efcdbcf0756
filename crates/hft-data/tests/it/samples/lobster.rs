//! LOBSTER: each message of GOOG changes the book that the file shows before it into the one after it; all messages of AAPL
//! replayed from the first row keep the best prices and sizes.

use super::sample;
use crate::written::Files;
use hft_core::models::{Price, Qty, Side};
use hft_data::formats::lobster::{BookLevel, BookRows, LobsterWriter, file_names};
use hft_data::{Body, Date, FindingKind, ObservedBook, ReadOptions, Recording, Zone};
use std::collections::BTreeMap;

type Sides = [BTreeMap<Price, Qty>; 2];

fn sides(levels: &[BookLevel]) -> Sides {
    let mut sides = Sides::default();
    for level in levels {
        sides[level.side.index()].insert(level.price, level.qty);
    }
    sides
}

/// What a message does to the sizes at prices.
fn change(sides: &mut Sides, body: &Body) {
    let (side, price, by) = match *body {
        Body::Add { side, price, qty, .. } => (side, price, qty.lots()),
        Body::Reduce { by: qty, resting: Some(at), .. }
        | Body::Delete { qty, resting: Some(at), .. }
        | Body::Execute { qty, resting: Some(at), .. } => (at.side, at.price, -qty.lots()),
        _ => return,
    };
    let level = sides[side.index()].entry(price).or_default();
    *level = Qty::new(level.lots() + by);
    if level.is_zero() {
        sides[side.index()].remove(&price);
    }
}

/// The nine best: what leaves the tenth level cannot be known from the file.
fn nine(sides: &Sides) -> [Vec<(Price, Qty)>; 2] {
    let [bids, asks] = sides;
    let pair = |(&price, &qty): (&Price, &Qty)| (price, qty);
    [bids.iter().rev().map(pair).take(9).collect(), asks.iter().map(pair).take(9).collect()]
}

#[test]
fn every_message_of_goog_makes_the_next_row() {
    let Some(path) = sample("lobster/LOBSTER_SampleFile_GOOG_2012-06-21_10.zip") else { return };
    let mut rows = BookRows::open(&path).expect("the rows are there");
    let mut recording = Recording::open(&path, &ReadOptions::default()).expect("a known format");
    let (mut levels, mut before) = (Vec::new(), Sides::default());
    let (mut events, mut agreed, mut spread) = (0u32, 0u32, 0i64);
    while let Some(event) = recording.next().expect("a good file") {
        assert!(rows.next(&mut levels).expect("a good row"), "a row for every message");
        let after = sides(&levels);
        if events > 0 {
            change(&mut before, &event.body);
            agreed += u32::from(nine(&before) == nine(&after));
        }
        let [bids, asks] = &after;
        let touch = (bids.last_key_value(), asks.first_key_value());
        let (Some((&bid, _)), Some((&ask, _))) = touch else { panic!("both sides rest all day") };
        spread += (ask - bid).count();
        events += 1;
        before = after;
    }
    assert!(!rows.next(&mut levels).expect("readable"), "a message for every row");
    assert_eq!((events, agreed), (147_916, 147_915), "all but the first, which has nothing before it");
    assert_eq!(recording.instruments().as_slice()[0].symbol, "GOOG");
    assert_eq!(recording.findings().count(FindingKind::OutOfOrder), 0);
    let mean_cents = spread / i64::from(events) / 100;
    assert_eq!(mean_cents, 29, "$0.296");
}

#[test]
fn all_messages_of_aapl_keep_the_touch() {
    let Some(path) = sample("lobster/AAPL_2012-06-21_34200000_37800000_message_50.csv.gz") else { return };
    let Some(seed) = sample("lobster/AAPL_2012-06-21_34200000_37800000_orderbook_50_first672.csv") else { return };
    let Some(touches) = sample("lobster/AAPL_2012-06-21_34200000_37800000_bbo_from_orderbook_50.csv.gz") else {
        return;
    };
    let options = ReadOptions { seed_book: Some(seed), ..ReadOptions::default() };
    let mut recording = Recording::open(&path, &options).expect("a known format");
    let mut rows = BookRows::open(&touches).expect("the touches are there");
    let mut book = ObservedBook::default();
    let (mut levels, mut events, mut right) = (Vec::new(), 0u32, 0u32);
    while let Some(event) = recording.next().expect("a good file") {
        let _ = book.apply(&event);
        if event.flags.has(hft_data::Flags::SNAPSHOT) {
            continue;
        }
        assert!(rows.next(&mut levels).expect("a good row"));
        let expected = [Side::Buy, Side::Sell]
            .map(|side| levels.iter().find(|level| level.side == side).map(|level| (level.price, level.qty)));
        let found = Side::BOTH.map(|side| book.best(side).map(|quote| (quote.price, quote.qty)));
        events += 1;
        if events > 1 {
            right += u32::from(found == expected);
        } else {
            assert_eq!(found, expected, "the seed is the book after the first message");
        }
    }
    assert_eq!(events, 91_997);
    println!("AAPL, 50 levels, replayed from the first row: {right} of {} touches right", events - 1);
    assert!(f64::from(right) / f64::from(events - 1) >= 0.9990, "{right} of {}", events - 1);
}

#[test]
fn goog_is_written_as_it_was_read() {
    let Some(path) = sample("lobster/LOBSTER_SampleFile_GOOG_2012-06-21_10.zip") else { return };
    let day = "2012-06-21".parse::<Date>().expect("a day");
    let midnight = day.midnight(Zone::NewYork).expect("in range");
    let mut writer = LobsterWriter::new(Vec::new(), Vec::new(), midnight, 1);
    let mut recording = Recording::open(&path, &ReadOptions::default()).expect("a known format");
    let info = recording.instruments().as_slice()[0].clone();
    while let Some(event) = recording.next().expect("a good file") {
        writer.write(&event, &info).expect("memory takes it");
    }
    let (messages, _) = writer.finish().expect("memory takes it");
    let files = Files::new();
    let [name, _] = file_names("GOOG", day, 34_200_000..57_600_000, 10);
    let mut again = Recording::open(&files.write(&name, messages), &ReadOptions::default()).expect("a known format");
    let mut first = Recording::open(&path, &ReadOptions::default()).expect("a known format");
    let mut events = 0;
    loop {
        let (event, copy) = (first.next().expect("a good file"), again.next().expect("a good file"));
        assert_eq!(event, copy);
        if event.is_none() {
            break;
        }
        events += 1;
    }
    assert_eq!(events, 147_916);
}
