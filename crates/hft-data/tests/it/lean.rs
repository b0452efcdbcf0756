//! LEAN from files of our own.

use crate::written::{Files, events, read_through, skipping};
use hft_core::models::{Price, Qty};
use hft_data::{Body, FindingKind, ReadOptions};

#[test]
fn an_equitys_bar_is_known_at_its_end_in_new_york() {
    let files = Files::new();
    let path = files.write(
        "20131007_spy_second_quote.csv",
        "34200000,1672700,1672700,1672700,1672800,100,1680000,1680000,1674100,1674100,600\n34201000,,,,,,1,1,1,2,3\n",
    );
    let events = events(&path, &ReadOptions::default()).expect("a good file");
    assert_eq!(events[0].local_time.to_string(), "2013-10-07T13:30:01.000000000Z");
    let quote = |bid, bid_qty, ask, ask_qty| Body::Quote {
        bid: Price::new(bid),
        bid_qty: Qty::new(bid_qty),
        ask: Price::new(ask),
        ask_qty: Qty::new(ask_qty),
    };
    assert_eq!(events[0].body, quote(1_672_800, 100, 1_674_100, 600));
    assert_eq!(events[1].body, quote(0, 0, 2, 3), "the bids were empty");
    assert_eq!(read_through(&path, &ReadOptions::default()).instruments().as_slice()[0].symbol, "SPY");
}

#[test]
fn a_futures_bar_is_universal_time_and_decimal() {
    let files = Files::new();
    let path = files.write("20131007_es_minute_trade_201312.csv", "60000,1676.5,1676.75,1676.5,1676.75,19\n");
    let events = events(&path, &ReadOptions::default()).expect("a good file");
    assert_eq!(events[0].local_time.to_string(), "2013-10-07T00:02:00.000000000Z");
    let body = Body::Trade { id: 0, price: Price::new(16_767_500), qty: Qty::new(19), aggressor: None };
    assert_eq!(events[0].body, body);
    assert_eq!(read_through(&path, &ReadOptions::default()).instruments().as_slice()[0].symbol, "ES201312");
}

#[test]
fn a_bad_bar_is_told_and_may_be_skipped() {
    let files = Files::new();
    let path = files.write("20131007_spy_second_trade.csv", "1000,1,1,1,1,1\n2000,1,1,1\n3000,1,1,1,1,1\n");
    let error = events(&path, &ReadOptions::default()).expect_err("too few columns");
    assert!(error.to_string().contains("line 2: found `2000,1,1,1`, expected six columns"), "{error}");
    let recording = read_through(&path, &skipping());
    assert_eq!((recording.records(), recording.findings().count(FindingKind::Skipped)), (2, 1));
}
