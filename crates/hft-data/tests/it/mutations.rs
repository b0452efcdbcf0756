//! Every parser is handed what no venue would send: random bytes, and good files with bytes changed, lost, doubled and
//! swapped. It may refuse; it may not panic, hang, or make more events than bytes.

use crate::written::Files;
use hft_data::{Format, OnBadRecord, ReadOptions, Recording};
use proptest::prelude::*;

/// A small good file of each format, to be spoilt.
fn seed(format: Format) -> (&'static str, Vec<u8>) {
    match format {
        Format::Lobster => {
            ("T_2024-01-02_message_2.csv", b"34200.5,1,11,100,1000100,1\n34201,4,11,50,1000100,1\n34202,7,0,0,-1,-1\n".to_vec())
        }
        Format::Binance => (
            "binance",
            br#"1700000000000000001 {"stream":"x@depth","data":{"e":"depthUpdate","E":1700000000000,"s":"X","U":1,"u":2,"pu":0,"b":[["10","1"]],"a":[["11","2"]]}}
1700000000000000002 {"lastUpdateId":2,"bids":[["10","5"]],"asks":[["11","1"]]}
1700000000000000003 {"e":"trade","E":1700000000000,"s":"X","t":5,"p":"10","q":"1","m":true}
1700000000000000004 {"u":1,"s":"X","b":"10","B":"1","a":"11","A":"2"}
"#
            .to_vec(),
        ),
        Format::Bitstamp => (
            "orders.csv",
            b"id,timestamp,exchange_timestamp,price,volume,action,direction\n7,5,4,10,1e-08,created,bid\n7,6,5,10,0,deleted,bid\n"
                .to_vec(),
        ),
        Format::Itch => ("20240102.itch", [b"\0\x0cS\0\0\0\0\0\0\0\0\0\x01O".repeat(4), b"\0\x13D\0\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\x07".repeat(3)].concat()),
        Format::Bybit => (
            "bybit",
            br#"{"topic":"orderbook.1.X","type":"snapshot","ts":1700000000000,"data":{"s":"X","b":[["10","1"]],"a":[],"u":5}}
{"t":"recv","conn":"c","ts":1700000000.5,"data":"{\"topic\":\"publicTrade.X\",\"type\":\"snapshot\",\"ts\":1700000000000,\"data\":[{\"S\":\"Buy\",\"v\":\"1\",\"p\":\"10\",\"i\":\"1\"}]}"}
{"topic":"tickers.X","type":"snapshot","ts":1700000000000,"data":{"bid1Price":"10","bid1Size":"1"}}
"#
            .to_vec(),
        ),
        Format::Coinbase => (
            "coinbase",
            br#"{"channel":"l2_data","timestamp":"2026-08-09T21:05:48Z","sequence_num":0,"events":[{"type":"snapshot","product_id":"X","updates":[{"side":"bid","price_level":"10","new_quantity":"1"}]}]}
{"type":"match","trade_id":5,"side":"sell","size":"0.5","price":"10","product_id":"X","time":"2020-01-01T00:00:02Z"}
"#
            .to_vec(),
        ),
        Format::Tardis => (
            "book.csv",
            b"exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\nv,X,1,1,true,bid,10,5\nv,X,2,2,false,ask,11,5\n"
                .to_vec(),
        ),
        Format::Lean => ("20131007_spy_second_trade.csv", b"1000,1,1,1,1,1\n2000,1,1,1,1,1\n".to_vec()),
        Format::Polygon => (
            "polygon",
            br#"[{"ev":"T","sym":"X","i":"1","p":1.5,"s":100,"t":1536036818784},{"ev":"Q","sym":"X","bp":1,"bs":1,"ap":2,"as":2,"t":1536036818785}]
"#
            .to_vec(),
        ),
        #[cfg(feature = "dbn")]
        Format::Dbn => ("x.dbn", crate::dbn::file(3, &[crate::dbn::order(b'A', 1, 5), crate::dbn::order(b'C', 1, 5)])),
        #[cfg(feature = "parquet")]
        Format::EventsParquet => ("x.parquet", crate::events_csv::parquet_seed()),
        Format::EventsCsv => (
            "events.csv",
            format!(
                "{}\n0,,X,instrument,,,,,0.5,1,1,\n1,,X,add,L,1,,buy,10.5,1,,\n2,1,X,quote,L,,,,1,2,3,4\n",
                hft_data::formats::events_csv::HEADER
            )
            .into_bytes(),
        ),
    }
}

/// Reads whatever it is to its end.
fn survives(name: &str, content: &[u8], format: Option<Format>) {
    let files = Files::new();
    let path = files.write(name, content);
    let options = ReadOptions { format, on_bad_record: OnBadRecord::Skip, ..ReadOptions::default() };
    let Ok(mut recording) = Recording::open(&path, &options) else { return };
    let mut events = 0;
    while let Ok(Some(_)) = recording.next() {
        events += 1;
        assert!(events <= 64 + content.len(), "more events than bytes");
    }
}

#[test]
fn the_seeds_are_good() {
    let files = Files::new();
    for &format in Format::ALL {
        let (name, content) = seed(format);
        let mut recording = Recording::open(&files.write(name, content), &ReadOptions::default()).expect(name);
        assert_eq!(recording.format(), format);
        let mut events = 0;
        while recording.next().expect(name).is_some() {
            events += 1;
        }
        assert!(events >= 2, "{format}: {events} events");
    }
}

fn format() -> impl Strategy<Value = Format> {
    proptest::sample::select(Format::ALL)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn a_good_file_that_is_spoilt(
        format in format(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), 0u8..5, any::<u8>(), any::<prop::sample::Index>()), 1..8)
    ) {
        let (name, mut content) = seed(format);
        for (at, how, byte, other) in changes {
            let (at, other) = (at.index(content.len()), other.index(content.len()));
            match how {
                0 => content[at] = byte,
                1 => content.insert(at, byte),
                2 if content.len() > 1 => drop(content.remove(at)),
                3 => content.swap(at, other),
                _ => {
                    let (from, to) = (at.min(other), at.max(other));
                    let part = content[from..to].to_vec();
                    content.extend(part.into_iter().take(4_096));
                }
            }
        }
        survives(name, &content, Some(format));
        survives(name, &content, None);
    }

    #[test]
    fn random_bytes(format in format(), content in proptest::collection::vec(any::<u8>(), 0..300)) {
        let (name, _) = seed(format);
        survives(name, &content, Some(format));
        survives("x", &content, None);
    }

    #[test]
    fn random_bytes_that_claim_to_be_packed(
        magic in proptest::sample::select(vec![&b"\x1f\x8b\x08"[..], b"\x28\xb5\x2f\xfd", b"PK\x03\x04"]),
        content in proptest::collection::vec(any::<u8>(), 0..300)
    ) {
        survives("x", &[magic, &content].concat(), None);
    }
}
