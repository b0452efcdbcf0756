//! LOBSTER from files of our own.

use crate::written::{Files, bodies, events, read_through, skipping};
use hft_core::models::{Price, Qty, Side};
use hft_data::formats::lobster::{LobsterWriter, seed_order};
use hft_data::{Body, ClearReason, FindingKind, Flags, OrderRef, ReadError, ReadOptions, Resting, Status};

const NAME: &str = "TEST_2024-01-02_34200000_57600000_message_2.csv";
const DAY: &str = "34200.000000001,1,11,100,1000100,1\n34200.5,1,12,50,1000200,-1\n34201,2,11,40,1000100,1\n\
    34201.25,4,12,50,1000200,-1\n34202,5,0,7,1000150,1\n34203,3,11,60,1000100,1\n34204,7,0,0,-1,-1\n34205,7,0,0,1,-1\n";

fn at(side: Side, price: i64) -> Option<Resting> {
    Some(Resting { side, price: Price::new(price) })
}

#[test]
fn every_type_has_its_meaning() {
    let files = Files::new();
    let path = files.write(NAME, DAY);
    let (buy, sell) = (at(Side::Buy, 1_000_100), at(Side::Sell, 1_000_200));
    let expected = [
        Body::Add { order: OrderRef(11), side: Side::Buy, price: Price::new(1_000_100), qty: Qty::new(100) },
        Body::Add { order: OrderRef(12), side: Side::Sell, price: Price::new(1_000_200), qty: Qty::new(50) },
        Body::Reduce { order: OrderRef(11), by: Qty::new(40), resting: buy },
        Body::Execute { order: OrderRef(12), qty: Qty::new(50), resting: sell },
        Body::HiddenTrade {
            order: OrderRef(0),
            price: Price::new(1_000_150),
            qty: Qty::new(7),
            aggressor: Some(Side::Sell), // who executes a buy order sells
        },
        Body::Delete { order: OrderRef(11), qty: Qty::new(60), resting: buy },
        Body::Status(Status::Halt),
        Body::Status(Status::Trading),
    ];
    assert_eq!(bodies(&path), expected);
    let first = events(&path, &ReadOptions::default()).expect("a good file")[0];
    assert_eq!(first.local_time.to_string(), "2024-01-02T14:30:00.000000001Z", "half past nine in New York");
    assert_eq!(first.exchange_time, first.local_time);
}

#[test]
fn a_time_that_went_through_a_float_is_the_nearest_nanosecond() {
    let files = Files::new();
    let path = files.write(NAME, "35821.088778456004,1,1,1,1,1\n35821.0887784589999,1,2,1,1,1\n");
    let times = events(&path, &ReadOptions::default()).expect("good").into_iter().map(|event| event.local_time.nanos());
    assert_eq!(times.map(|nanos| nanos % 1_000_000_000).collect::<Vec<_>>(), [88_778_456, 88_778_459]);
}

#[test]
fn the_first_row_seeds_a_book_in_which_the_first_order_has_its_name() {
    let files = Files::new();
    let path = files.write(NAME, DAY);
    let book = files.write("book.csv", "1000200,9,1000100,130,9999999999,0,-9999999999,0\n");
    let options = ReadOptions { seed_book: Some(book), ..ReadOptions::default() };
    let events = events(&path, &options).expect("a good file");
    let image: Vec<_> = events.iter().take_while(|event| event.flags.has(Flags::SNAPSHOT)).collect();
    let seed = |side, price, qty| {
        let price = Price::new(price);
        Body::Add { order: seed_order(side, price), side, price, qty: Qty::new(qty) }
    };
    let expected = [Body::Clear(ClearReason::Snapshot), seed(Side::Sell, 1_000_200, 9), seed(Side::Buy, 1_000_100, 30)];
    assert_eq!(image.iter().map(|event| event.body).collect::<Vec<_>>(), expected);
    assert!(image[2].flags.has(Flags::LAST) && !image[1].flags.has(Flags::LAST));
    assert!(matches!(events[3].body, Body::Add { order: OrderRef(11), .. }));
}

#[test]
fn a_bad_line_is_told_in_full_and_may_be_skipped() {
    let files = Files::new();
    for (line, expected) in [
        ("34200.1,9,1,1,1,1", "a type of 1 to 7"),
        ("34200.1,1,1,1,1,2", "a direction of 1 or -1"),
        ("34200.1,1,1,0,1,1", "a size above zero"),
        ("34200.1,1,1,1,1.5,1", "a price in ten-thousandths of a dollar"),
        ("-3.1,1,1,1,1,1", "seconds after midnight"),
        ("34200.1,1,x,1,1,1", "an order id"),
        ("34200.1,1", "six columns: time, type, order, size, price, direction"),
        ("34200.1,7,0,0,5,-1", "a halt's price of -1, 0 or 1"),
    ] {
        let path = files.write(NAME, format!("34200.5,1,12,50,1000200,-1\n{line}\n34201.25,4,12,50,1000200,-1\n"));
        let error = events(&path, &ReadOptions::default()).expect_err(line);
        assert_eq!(error.to_string(), format!("{}, line 2: found `{line}`, expected {expected}", path.display()));
        let recording = read_through(&path, &skipping());
        assert_eq!((recording.records(), recording.findings().count(FindingKind::Skipped)), (2, 1));
    }
}

#[test]
fn a_torn_end_and_a_clock_that_goes_back_are_found() {
    let files = Files::new();
    let torn = files.write(NAME, "34200.5,1,12,50,1000200,-1\n34201.25,4,12,5");
    assert!(matches!(events(&torn, &ReadOptions::default()), Err(ReadError::Bad(_))));
    let recording = read_through(&torn, &skipping());
    assert_eq!(recording.findings().count(FindingKind::Truncated), 1);
    let back = files.write(NAME, "34200.5,1,12,50,1000200,-1\n34200.4,4,12,50,1000200,-1\n");
    assert_eq!(read_through(&back, &ReadOptions::default()).findings().count(FindingKind::OutOfOrder), 1);
}

#[test]
fn what_the_name_does_not_say_is_assumed_aloud() {
    let files = Files::new();
    let path = files.write("x.csv", DAY);
    assert_eq!(read_through(&path, &ReadOptions::default()).findings().count(FindingKind::Assumed), 1);
    let date = Some("2024-01-02".parse().expect("a date"));
    let options = ReadOptions { date, symbol: Some("Y".to_owned()), ..ReadOptions::default() };
    let recording = read_through(&path, &options);
    assert_eq!(recording.findings().count(FindingKind::Assumed), 0);
    assert_eq!(recording.instruments().as_slice()[0].symbol, "Y");
}

/// Reads a file of messages and writes it again as a pair of two levels.
fn rewrite(path: &std::path::Path) -> (String, String) {
    let options = ReadOptions::default();
    let mut recording = hft_data::Recording::open(path, &options).expect("known");
    let midnight = "2024-01-02".parse::<hft_data::Date>().expect("a day").midnight(hft_data::Zone::NewYork);
    let mut writer = LobsterWriter::new(Vec::new(), Vec::new(), midnight.expect("in range"), 2);
    while let Some(event) = recording.next().expect("good") {
        let info = recording.instruments().get(event.instrument).clone();
        writer.write(&event, &info).expect("memory takes it");
    }
    let (messages, books) = writer.finish().expect("memory takes it");
    (String::from_utf8(messages).expect("text"), String::from_utf8(books).expect("text"))
}

#[test]
fn what_is_read_is_written_with_the_book_after_each() {
    let files = Files::new();
    let (messages, books) = rewrite(&files.write(NAME, DAY));
    assert_eq!(messages, DAY);
    let none = "9999999999,0,-9999999999,0";
    let bid = |qty: u32| format!("9999999999,0,1000100,{qty},{none}\n");
    let both = |bid: u32| format!("1000200,50,1000100,{bid},{none}\n");
    let empty = format!("{none},{none}\n");
    let expected = [bid(100), both(100), both(60), bid(60), bid(60), empty.clone(), empty.clone(), empty].concat();
    assert_eq!(books, expected);
}

#[test]
fn an_order_that_moves_goes_and_comes() {
    let files = Files::new();
    let rows = "34200000000000,,X,add,L,1,,buy,10,5,,\n34200000000001,,X,modify,L,1,,buy,10,3,,\n\
        34200000000002,,X,modify,L,1,,buy,11,3,,\n34200000000003,,X,replace,L,1,2,,12,4,,\n\
        34200000000004,,X,execute_at,L,2,,,11.5,1,,\n34200000000005,,X,reduce,L,9,,,,1,,\n\
        34200000000006,,X,trade,L,9,,buy,10,1,,\n";
    let head = format!("{}\n0,,X,instrument,,,,,0.5,1,,\n", hft_data::formats::events_csv::HEADER);
    let path = files.write("events.csv", format!("{head}{rows}"));
    let mut recording = hft_data::Recording::open(&path, &ReadOptions::default()).expect("known");
    let mut writer = LobsterWriter::new(Vec::new(), Vec::new(), hft_data::UnixNanos::new(0), 1);
    while let Some(event) = recording.next().expect("good") {
        let info = recording.instruments().get(event.instrument).clone();
        writer.write(&event, &info).expect("memory takes it");
    }
    assert_eq!(writer.left_out(), 1, "order 9 stands nowhere");
    let (messages, books) = writer.finish().expect("memory takes it");
    let expected = "34200,1,1,5,100000,1\n34200.000000001,2,1,2,100000,1\n34200.000000002,3,1,3,100000,1\n\
        34200.000000002,1,1,3,110000,1\n34200.000000003,3,1,3,110000,1\n34200.000000003,1,2,4,120000,1\n\
        34200.000000004,4,2,1,120000,1\n";
    assert_eq!(String::from_utf8(messages).expect("text"), expected);
    let books = String::from_utf8(books).expect("text");
    assert_eq!(books.lines().last(), Some("9999999999,0,120000,3"));
    assert_eq!(books.lines().count(), expected.lines().count(), "a row for every message");
}
