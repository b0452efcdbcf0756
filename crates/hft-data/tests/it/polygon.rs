//! Polygon from files of our own.

use crate::written::{Files, bodies, events, read_through};
use hft_core::models::{Price, Qty};
use hft_data::{Body, ReadOptions};

const UNIT: i64 = 1_000_000;

#[test]
fn messages_alone_and_in_lists() {
    let files = Files::new();
    let path = files.write(
        "polygon",
        r#"[{"ev":"status","status":"connected"},{"ev":"T","sym":"XYZ","x":4,"i":"12345","z":3,"p":114.125,"s":100,"c":[0,12],"t":1536036818784,"q":3681328}]
{"ev":"Q","sym":"XYZ","bx":4,"bp":114.12,"bs":1,"ax":7,"ap":114.13,"as":2,"c":0,"t":1536036818785,"z":3}
[{"ev":"AM","sym":"XYZ","t":1536036818786}]
"#,
    );
    let price = |text: i64| Price::new(text * 1_000);
    let expected = [
        Body::Trade { id: 12_345, price: price(114_125), qty: Qty::new(100 * UNIT), aggressor: None },
        Body::Quote { bid: price(114_120), bid_qty: Qty::new(UNIT), ask: price(114_130), ask_qty: Qty::new(2 * UNIT) },
        Body::Notice(0),
    ];
    let options = ReadOptions { format: Some("polygon".parse().expect("a format")), ..ReadOptions::default() };
    let found: Vec<_> = events(&path, &options).expect("good").into_iter().map(|event| event.body).collect();
    assert_eq!(found, expected);
    assert_eq!(bodies(&path), expected, "detected, too");
}

#[test]
fn flat_files_have_two_clocks() {
    let files = Files::new();
    let head = "ticker,conditions,correction,exchange,id,participant_timestamp,price,sequence_number,sip_timestamp,size,\
        tape,trf_id,trf_timestamp\n";
    let row = "XYZ,\"12,37\",0,11,1,1700000000000000001,10.5,7,1700000000000000009,3,3,0,0\n";
    let path = files.write("trades.csv", format!("{head}{row}"));
    let events = events(&path, &ReadOptions::default()).expect("good");
    let body = Body::Trade { id: 0, price: Price::new(10_500_000), qty: Qty::new(3 * UNIT), aggressor: None };
    assert_eq!((events[0].body, events[0].local_time.minus(events[0].exchange_time)), (body, 8));
    assert_eq!(read_through(&path, &ReadOptions::default()).instruments().as_slice()[0].symbol, "XYZ");
    let head = "ticker,ask_exchange,ask_price,ask_size,bid_exchange,bid_price,bid_size,conditions,indicators,\
        participant_timestamp,sequence_number,sip_timestamp,tape,trf_timestamp\n";
    let path = files.write("quotes.csv", format!("{head}XYZ,1,11,2,1,10,1,1,\"1,2\",5,7,6,3,0\n"));
    let (bid, ask) = (Price::new(10 * UNIT), Price::new(11 * UNIT));
    assert_eq!(bodies(&path), [Body::Quote { bid, bid_qty: Qty::new(UNIT), ask, ask_qty: Qty::new(2 * UNIT) }]);
}
