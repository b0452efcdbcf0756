//! Tardis from files of our own.

use crate::written::{Files, bodies, events, read_through, skipping};
use hft_core::models::{Price, Qty, Side};
use hft_data::{Body, ClearReason, FindingKind, Flags, ReadOptions};

const BOOK: &str = "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n";
const UNIT: i64 = 100_000_000;

fn level(side: Side, price: i64, qty: i64) -> Body {
    Body::Level { side, price: Price::new(price * UNIT), qty: Qty::new(qty * UNIT) }
}

#[test]
fn rows_of_one_moment_are_one_batch() {
    let files = Files::new();
    let rows = "v,X,1000000,1000001,true,bid,10,5\nv,X,1000000,1000001,true,ask,12,3\n\
        v,X,1000010,1000011,false,bid,10,0\nv,X,1000010,1000011,false,bid,9,1\nv,X,1000020,1000021,false,ask,12,4\n\
        v,X,1000030,1000031,true,bid,8,5\n";
    let path = files.write("book.csv", format!("{BOOK}{rows}"));
    let expected = [
        (Flags::SNAPSHOT, Body::Clear(ClearReason::Snapshot)),
        (Flags::SNAPSHOT, level(Side::Buy, 10, 5)),
        (Flags::SNAPSHOT.and(Flags::LAST), level(Side::Sell, 12, 3)),
        (Flags::NONE, level(Side::Buy, 10, 0)),
        (Flags::LAST, level(Side::Buy, 9, 1)),
        (Flags::LAST, level(Side::Sell, 12, 4)),
        (Flags::SNAPSHOT, Body::Clear(ClearReason::Snapshot)),
        (Flags::SNAPSHOT.and(Flags::LAST), level(Side::Buy, 8, 5)),
    ];
    let events = events(&path, &ReadOptions::default()).expect("a good file");
    assert_eq!(events.iter().map(|event| (event.flags, event.body)).collect::<Vec<_>>(), expected);
    assert_eq!((events[0].exchange_time.nanos(), events[0].local_time.nanos()), (1_000_000_000, 1_000_001_000));
    let recording = read_through(&path, &ReadOptions::default());
    assert_eq!((recording.records(), recording.instruments().as_slice()[0].symbol.as_str()), (6, "v:X"));
}

#[test]
fn quotes_and_trades() {
    let files = Files::new();
    let head = "exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount\n";
    let path = files.write("quotes.csv", format!("{head}v,X,1,2,3,12,10,5\nv,X,1,2,,,10,5\n"));
    let (price, qty) = (|n: i64| Price::new(n * UNIT), |n: i64| Qty::new(n * UNIT));
    let quote = |ask, ask_qty| Body::Quote { bid: price(10), bid_qty: qty(5), ask: price(ask), ask_qty: qty(ask_qty) };
    assert_eq!(bodies(&path), [quote(12, 3), quote(0, 0)]);
    let head = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n";
    let path = files.write("trades.csv", format!("{head}v,X,1,2,77,sell,10,5\nv,X,1,2,a,unknown,10,5\n"));
    let trade = |id, aggressor| Body::Trade { id, price: price(10), qty: qty(5), aggressor };
    assert_eq!(bodies(&path), [trade(77, Some(Side::Sell)), trade(0, None)]);
}

#[test]
fn a_bad_row_takes_nothing_along() {
    let files = Files::new();
    for (row, expected) in [
        ("v,X,1,1,maybe,bid,10,5", "an is_snapshot of true or false"),
        ("v,X,1,1,true,up,10,5", "a side of bid or ask"),
        ("v,X,1,1,true,bid,10,-5", "an amount that is not negative"),
        ("v,X,1", "the columns of the header"),
        ("v,X,a,1,true,bid,1,1", "a time in microseconds"),
    ] {
        let rows = format!("v,X,1,1,false,bid,10,5\n{row}\nv,X,1,2,false,bid,10,6\n");
        let path = files.write("book.csv", format!("{BOOK}{rows}"));
        let error = events(&path, &ReadOptions::default()).expect_err(row);
        assert!(error.to_string().ends_with(&format!("line 3: found `{row}`, expected {expected}")), "{error}");
        let recording = read_through(&path, &skipping());
        assert_eq!((recording.records(), recording.findings().count(FindingKind::Skipped)), (2, 1));
        assert_eq!(events(&path, &skipping()).expect("skipped").len(), 2);
    }
}
