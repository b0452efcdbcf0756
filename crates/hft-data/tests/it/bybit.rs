//! Bybit from files of our own.

use crate::written::{Files, bodies, events, read_through, skipping};
use hft_core::models::{Price, Qty, Side};
use hft_data::{Body, ClearReason, FindingKind, Flags, ReadOptions};

const UNIT: i64 = 100_000_000;

fn level(side: Side, price: i64, qty: i64) -> Body {
    Body::Level { side, price: Price::new(price * UNIT), qty: Qty::new(qty * UNIT) }
}

fn book(kind: &str, u: u64, bids: &str, asks: &str) -> String {
    format!(
        "{{\"topic\":\"orderbook.50.XYZ\",\"type\":\"{kind}\",\"ts\":1700000000{u:03},\"data\":{{\"s\":\"XYZ\",\
         \"b\":[{bids}],\"a\":[{asks}],\"u\":{u},\"seq\":9}},\"cts\":1}}\n"
    )
}

#[test]
fn an_image_and_what_changes_in_it() {
    let files = Files::new();
    let text = book("delta", 4, r#"["9","9"]"#, "")
        + &book("snapshot", 5, r#"["10","5"],["9","1"]"#, r#"["12","3"]"#)
        + &book("delta", 6, r#"["10","0"]"#, r#"["11","1"]"#)
        + &book("delta", 6, r#"["10","7"]"#, "")
        + &book("delta", 8, r#"["9","2"]"#, "")
        + &book("delta", 9, r#"["9","3"]"#, "")
        + &book("delta", 1, r#"["8","3"]"#, "");
    let path = files.write("bybit", text);
    let expected = [
        Body::Clear(ClearReason::Snapshot),
        level(Side::Buy, 10, 5),
        level(Side::Buy, 9, 1),
        level(Side::Sell, 12, 3),
        level(Side::Buy, 10, 0),
        level(Side::Sell, 11, 1),
        Body::Clear(ClearReason::Gap),
        Body::Clear(ClearReason::Snapshot), // numbered 1: the venue began anew
        level(Side::Buy, 8, 3),
    ];
    assert_eq!(bodies(&path), expected);
    let recording = read_through(&path, &ReadOptions::default());
    let counts = [FindingKind::Gap, FindingKind::Duplicate].map(|kind| recording.findings().count(kind));
    assert_eq!(counts, [1, 1]);
}

#[test]
fn trades_tickers_and_a_recorder_that_names_its_connections() {
    let files = Files::new();
    let path = files.write(
        "bybit.jsonl",
        r#"{"t":"header","exchange":"BYBIT"}
{"t":"connect","conn":"ws.2","ts":1700000000.5,"addr":"wss://stream.bybit.com/v5/public/linear"}
{"t":"send","conn":"ws.2","ts":1700000000.6,"data":"{}"}
{"t":"recv","conn":"ws.2","ts":1700000000.7000001,"data":"{\"success\":true,\"op\":\"subscribe\"}"}
{"t":"recv","conn":"ws.2","ts":1700000000.8,"data":"{\"topic\":\"publicTrade.XYZ\",\"type\":\"snapshot\",\"ts\":1700000000750,\"data\":[{\"T\":1,\"s\":\"XYZ\",\"S\":\"Sell\",\"v\":\"2\",\"p\":\"10\",\"i\":\"55\"},{\"T\":1,\"s\":\"XYZ\",\"S\":\"Buy\",\"v\":\"1\",\"p\":\"11\",\"i\":\"a-b\"}]}"}
{"t":"recv","conn":"ws.2","ts":1700000000.9,"data":"{\"topic\":\"tickers.XYZ\",\"type\":\"snapshot\",\"ts\":1700000000850,\"data\":{\"symbol\":\"XYZ\",\"bid1Price\":\"10\",\"bid1Size\":\"1\",\"ask1Price\":\"11\",\"ask1Size\":\"2\"}}"}
{"t":"recv","conn":"ws.2","ts":1700000001,"data":"{\"topic\":\"tickers.XYZ\",\"type\":\"delta\",\"ts\":1700000000950,\"data\":{\"symbol\":\"XYZ\",\"ask1Size\":\"7\"}}"}
{"t":"recv","conn":"ws.2","ts":1700000001,"data":"{\"topic\":\"tickers.XYZ\",\"type\":\"delta\",\"ts\":1700000000950,\"data\":{\"symbol\":\"XYZ\",\"volume\":\"7\"}}"}
{"t":"recv","conn":"ws.2","ts":1700000001,"data":"{\"topic\":\"kline.1.XYZ\",\"type\":\"snapshot\",\"ts\":1700000000950,\"data\":[]}"}
"#,
    );
    let (price, qty) = (|n: i64| Price::new(n * UNIT), |n: i64| Qty::new(n * UNIT));
    let quote = |ask_qty| Body::Quote { bid: price(10), bid_qty: qty(1), ask: price(11), ask_qty: qty(ask_qty) };
    let expected = [
        Body::Trade { id: 55, price: price(10), qty: qty(2), aggressor: Some(Side::Sell) },
        Body::Trade { id: 0, price: price(11), qty: qty(1), aggressor: Some(Side::Buy) },
        quote(2),
        quote(7),
        Body::Notice(0),
    ];
    assert_eq!(bodies(&path), expected);
    let first = events(&path, &ReadOptions::default()).expect("good")[0];
    assert_eq!(
        (first.local_time.nanos(), first.exchange_time.nanos()),
        (1_700_000_000_800_000_000, 1_700_000_000_750_000_000)
    );
    assert!(first.flags.has(Flags::LAST));
    let recording = read_through(&path, &ReadOptions::default());
    assert_eq!(recording.instruments().as_slice()[0].symbol, "linear:XYZ");
}

#[test]
fn a_bad_record_leaves_none_of_its_events() {
    let files = Files::new();
    let trade = |side: &str| format!("{{\"S\":\"{side}\",\"v\":\"1\",\"p\":\"10\",\"i\":\"1\"}}");
    let message = |trades: &[String]| {
        let list = trades.join(",");
        format!("{{\"topic\":\"publicTrade.X\",\"type\":\"snapshot\",\"ts\":1700000000000,\"data\":[{list}]}}\n")
    };
    let text = message(&[trade("Buy")]) + &message(&[trade("Buy"), trade("Up")]) + &message(&[trade("Sell")]);
    let path = files.write("bybit", text);
    assert_eq!(events(&path, &skipping()).expect("skipped").len(), 2, "the good trade of the bad record is not told");
    let error = events(&path, &ReadOptions::default()).expect_err("a side of its own");
    assert!(error.to_string().ends_with("expected a side `S` of Buy or Sell"), "{error}");
}
