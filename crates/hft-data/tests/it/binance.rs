//! Binance from files of our own.

use crate::written::{Files, bodies, events, read_through, skipping};
use hft_core::models::{Decimal, Price, Qty, Side};
use hft_data::{Body, ClearReason, FindingKind, Flags, Format, ReadOptions, Recording};

fn level(side: Side, price: i64, qty: i64) -> Body {
    const STEP: i64 = 100_000_000;
    Body::Level { side, price: Price::new(price * STEP), qty: Qty::new(qty * STEP) }
}

fn depth(first: u64, last: u64, bids: &str, asks: &str) -> String {
    let sent = 1_700_000_000_000 + first;
    format!(
        "1700000{first:03}000000000 {{\"stream\":\"xyz@depth@100ms\",\"data\":{{\"e\":\"depthUpdate\",\"E\":{sent},\
         \"s\":\"XYZ\",\"U\":{first},\"u\":{last},\"b\":[{bids}],\"a\":[{asks}]}}}}\n"
    )
}

fn image(number: u64, bids: &str, asks: &str) -> String {
    format!("1700000{number:03}500000000 {{\"lastUpdateId\":{number},\"bids\":[{bids}],\"asks\":[{asks}]}}\n")
}

#[test]
fn differences_and_an_image_make_a_book() {
    let files = Files::new();
    let text = depth(101, 102, r#"["10","7"]"#, "")
        + &depth(103, 104, "", r#"["12","0.00000000"],["13","2"]"#)
        + &image(102, r#"["10","5"],["9","1"]"#, r#"["12","3"]"#)
        + &depth(105, 106, r#"["9","4"],["8","1"]"#, "");
    let path = files.write("spot", text);
    let expected = [
        Body::Clear(ClearReason::Snapshot),
        level(Side::Buy, 10, 5),
        level(Side::Buy, 9, 1),
        level(Side::Sell, 13, 2),
        level(Side::Buy, 9, 4),
        level(Side::Buy, 8, 1),
    ];
    assert_eq!(bodies(&path), expected, "the first event lies inside the image, the second beyond it");
    let events = events(&path, &ReadOptions::default()).expect("a good file");
    let flags: Vec<_> = events.iter().map(|event| event.flags.bits()).collect();
    let (image, last) = (Flags::SNAPSHOT.bits(), Flags::LAST.bits());
    assert_eq!(flags, [image, image, image, image | last, 0, last]);
    assert_eq!(events[5].exchange_time.nanos(), 1_700_000_000_105_000_000);
    assert_eq!(events[5].local_time.nanos(), 1_700_000_105_000_000_000);
    assert!(!events[0].exchange_time.is_known(), "an image of spot has only the recorder's time");
}

#[test]
fn a_hole_empties_the_book_and_is_told() {
    let files = Files::new();
    let text = depth(101, 102, r#"["10","7"]"#, "")
        + &image(101, r#"["10","5"]"#, r#"["12","3"]"#)
        + &depth(104, 105, r#"["9","1"]"#, "")
        + &depth(106, 107, r#"["9","2"]"#, "")
        + &image(100, r#"["10","5"]"#, r#"["12","3"]"#)
        + &image(106, r#"["10","6"]"#, r#"["12","3"]"#);
    let path = files.write("spot", text);
    let recording = read_through(&path, &ReadOptions::default());
    assert_eq!(recording.findings().count(FindingKind::Gap), 1);
    assert_eq!(recording.findings().first()[0].text, "updates from 104 follow 102");
    assert_eq!(recording.findings().count(FindingKind::StaleImage), 1);
    let bodies = bodies(&path);
    assert_eq!(bodies[3], Body::Clear(ClearReason::Gap));
    assert_eq!(
        bodies[4..],
        [Body::Clear(ClearReason::Snapshot), level(Side::Buy, 10, 6), level(Side::Buy, 9, 2), level(Side::Sell, 12, 3)]
    );
}

#[test]
fn a_book_that_crosses_is_emptied_and_old_updates_are_told() {
    let files = Files::new();
    let text = image(100, r#"["10","5"]"#, r#"["12","3"]"#)
        + &depth(101, 102, r#"["10","7"]"#, "")
        + &depth(100, 101, r#"["10","1"]"#, "")
        + &depth(103, 103, r#"["12","1"]"#, "");
    let path = files.write("spot", text);
    let recording = read_through(&path, &ReadOptions::default());
    let counts = [FindingKind::Duplicate, FindingKind::Crossed].map(|kind| recording.findings().count(kind));
    assert_eq!(counts, [1, 1]);
    assert_eq!(bodies(&path).last(), Some(&Body::Clear(ClearReason::Gap)));
}

#[test]
fn trades_and_quotes_say_who_came_and_contracts_what_they_are_worth() {
    let files = Files::new();
    let path = files.write(
        "perp",
        r#"1700000000000000001 {"stream":"btcusd_perp@trade","data":{"e":"trade","E":1700000000123,"T":1,"s":"BTCUSD_PERP","ps":"BTCUSD","t":5,"p":"61804.8","q":"4","X":"MARKET","m":true}}
1700000000000000002 {"e":"aggTrade","E":1700000000124,"a":9,"s":"BTCUSD_PERP","p":"61804.9","q":"1","f":1,"l":2,"m":false}
1700000000000000003 {"e":"trade","E":1700000000124,"t":6,"s":"BTCUSD_PERP","p":"1","q":"1","X":"INSURANCE_FUND","m":false}
1700000000000000004 {"u":1,"s":"BTCUSD_PERP","b":"61804.7","B":"35","a":"61804.8","A":"1645"}
1700000000000000005 {"e":"markPriceUpdate","E":1700000000124,"s":"BTCUSD_PERP","p":"1","P":"2","r":"3","T":4}
"#,
    );
    let tick = |text: &str| {
        Price::new((text.parse::<Decimal>().expect("decimal").to_pico() / 10_000).try_into().expect("fits"))
    };
    let lots = |count: i64| Qty::new(count * 100_000_000);
    let expected = [
        Body::Trade { id: 5, price: tick("61804.8"), qty: lots(4), aggressor: Some(Side::Sell) },
        Body::Trade { id: 9, price: tick("61804.9"), qty: lots(1), aggressor: Some(Side::Buy) },
        Body::Quote { bid: tick("61804.7"), bid_qty: lots(35), ask: tick("61804.8"), ask_qty: lots(1_645) },
        Body::Notice(0),
    ];
    assert_eq!(bodies(&path), expected);
    let recording = Recording::open(&path, &ReadOptions::default()).expect("known");
    assert_eq!(recording.format(), Format::Binance);
    let recording = read_through(&path, &ReadOptions::default());
    assert_eq!(recording.instruments().as_slice()[0].multiplier.to_string(), "100");
}

#[test]
fn a_bad_line_says_what_is_missing() {
    let files = Files::new();
    let good = depth(101, 102, r#"["10","7"]"#, "");
    for (line, expected) in [
        ("17000 {}", "JSON, or a time, a space and JSON"),
        ("{\"e\":\"depthUpdate\",\"E\":1,\"s\":\"X\",\"b\":[],\"a\":[]}", "update numbers `U` and `u`"),
        (
            "{\"e\":\"depthUpdate\",\"s\":\"X\",\"U\":1,\"u\":1,\"b\":[],\"a\":[]}",
            "a time, of the recorder or the venue",
        ),
        ("{\"e\":\"depthUpdate\",\"E\":1,\"s\":\"X\",\"U\":1,\"u\":1,\"b\":[]}", "levels of both sides"),
        ("{\"e\":\"trade\",\"E\":1,\"s\":\"X\",\"t\":1,\"q\":\"1\",\"m\":true}", "a price `p`, a size `q` and `m`"),
        ("{\"e\":\"trade\",\"E\":1,\"t\":1,\"p\":\"1\",\"q\":\"1\",\"m\":true}", "a symbol `s`"),
    ] {
        let path = files.write("spot", format!("{good}{line}\n{good}"));
        let error = events(&path, &ReadOptions::default()).expect_err(line);
        assert!(error.to_string().ends_with(&format!("expected {expected}")), "{error}");
        assert_eq!(read_through(&path, &skipping()).records(), 2);
    }
}
