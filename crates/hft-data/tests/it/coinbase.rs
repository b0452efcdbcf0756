//! Coinbase from files of our own.

use crate::written::{Files, bodies, read_through};
use hft_core::models::{Price, Qty, Side};
use hft_data::{Body, ClearReason, FindingKind, Flags, ReadOptions, Recording};

const UNIT: i64 = 100_000_000;

fn level(side: Side, price: i64, qty: i64) -> Body {
    Body::Level { side, price: Price::new(price * UNIT), qty: Qty::new(qty * UNIT) }
}

fn trade(id: u64, aggressor: Side) -> Body {
    Body::Trade { id, price: Price::new(10 * UNIT), qty: Qty::new(UNIT / 2), aggressor: Some(aggressor) }
}

fn message(channel: &str, number: u64, event: &str) -> String {
    format!(
        "{{\"channel\":\"{channel}\",\"timestamp\":\"2026-08-09T21:05:48.{number:03}Z\",\"sequence_num\":{number},\
         \"events\":[{event}]}}\n"
    )
}

#[test]
fn advanced_trade_numbers_everything() {
    let files = Files::new();
    let levels = |kind: &str, side: &str, price: u32, qty: u32| {
        format!(
            r#"{{"type":"{kind}","product_id":"X-USD","updates":[{{"side":"{side}","event_time":"x","price_level":"{price}","new_quantity":"{qty}"}}]}}"#
        )
    };
    let trades = |kind: &str, id: u32, side: &str| {
        format!(
            r#"{{"type":"{kind}","trades":[{{"product_id":"X-USD","trade_id":"{id}","price":"10","size":"0.5","time":"x","side":"{side}"}}]}}"#
        )
    };
    let ticker = r#"{"type":"update","tickers":[{"product_id":"X-USD","price":"10","best_bid":"9","best_ask":"10","best_bid_quantity":"1","best_ask_quantity":"2"}]}"#;
    let text = message("l2_data", 0, &levels("snapshot", "bid", 9, 4))
        + &message("l2_data", 1, &levels("update", "offer", 10, 3))
        + &message("market_trades", 2, &trades("snapshot", 5, "BUY"))
        + &message("market_trades", 3, &trades("update", 6, "SELL"))
        + &message("ticker", 4, ticker)
        + &message("heartbeats", 5, "{}")
        + &message("l2_data", 7, &levels("update", "bid", 9, 1))
        + &message("l2_data", 8, &levels("update", "bid", 9, 2))
        + &message("l2_data", 8, &levels("snapshot", "bid", 8, 1));
    let path = files.write("coinbase", text);
    let quote = Body::Quote {
        bid: Price::new(9 * UNIT),
        bid_qty: Qty::new(UNIT),
        ask: Price::new(10 * UNIT),
        ask_qty: Qty::new(2 * UNIT),
    };
    let expected = [
        Body::Clear(ClearReason::Snapshot),
        level(Side::Buy, 9, 4),
        level(Side::Sell, 10, 3),
        trade(5, Side::Sell),
        trade(6, Side::Buy), // the maker sold
        quote,
        Body::Clear(ClearReason::Gap), // and what comes before the next image is not told
        Body::Clear(ClearReason::Snapshot),
        level(Side::Buy, 8, 1),
    ];
    assert_eq!(bodies(&path), expected);
    let mut recording = Recording::open(&path, &ReadOptions::default()).expect("known");
    let flags: Vec<_> = std::iter::from_fn(|| recording.next().expect("good")).map(|event| event.flags).collect();
    assert!(flags[3].has(Flags::SNAPSHOT) && !flags[4].has(Flags::SNAPSHOT), "a trade from before the connection");
    let recording = read_through(&path, &ReadOptions::default());
    let counts = [FindingKind::Gap, FindingKind::Duplicate].map(|kind| recording.findings().count(kind));
    assert_eq!(counts, [1, 1]);
}

#[test]
fn the_older_feed_is_read_too() {
    let files = Files::new();
    let path = files.write(
        "exchange",
        r#"{"type":"subscriptions","channels":[]}
{"type":"snapshot","product_id":"X-USD","time":"2020-01-01T00:00:00Z","bids":[["9","4"]],"asks":[["10","3"]]}
{"type":"last_match","trade_id":4,"side":"buy","size":"0.5","price":"10","product_id":"X-USD","time":"2020-01-01T00:00:01Z"}
{"type":"match","trade_id":5,"side":"sell","size":"0.5","price":"10","product_id":"X-USD","time":"2020-01-01T00:00:02Z"}
{"type":"l2update","product_id":"X-USD","changes":[["buy","9","0"],["sell","10","1"]],"time":"2020-01-01T00:00:03.5Z"}
"#,
    );
    let options = ReadOptions { format: Some("coinbase".parse().expect("a format")), ..ReadOptions::default() };
    let error = crate::written::events(&path, &options).expect_err("without a time of its own");
    assert!(error.to_string().ends_with("expected a time, of the recorder or the venue"), "{error}");
    let text = std::fs::read_to_string(&path).expect("just written");
    let path = files.write("exchange", text.split_once('\n').expect("lines").1);
    let expected = [
        Body::Clear(ClearReason::Snapshot),
        level(Side::Buy, 9, 4),
        level(Side::Sell, 10, 3),
        trade(4, Side::Sell),
        trade(5, Side::Buy),
        level(Side::Buy, 9, 0),
        level(Side::Sell, 10, 1),
    ];
    assert_eq!(bodies(&path), expected);
}
