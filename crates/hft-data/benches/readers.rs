//! What reading costs: events a second and megabytes a second of each format, on one thread, from a plain file to events.
//!
//! `cargo bench -p hft-data --bench readers` writes a file of each format for itself; `-- FILE..` reads those instead. The
//! thread's own processor time counts, and of several passes the fastest.

mod meter;

use hft_data::formats::events_csv;
use hft_data::{ReadOptions, Recording};
use meter::{nanos_passed, peak_kb};
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Records in a file.
const RECORDS: u64 = 200_000;
const PASSES: u32 = 5;

fn main() {
    let named: Vec<PathBuf> = env::args().skip(1).filter(|arg| !arg.starts_with("--")).map(PathBuf::from).collect();
    println!("{:<12} {:>12} {:>10} {:>10} {:>8}", "format", "events", "events/s", "ns/event", "MB/s");
    if !named.is_empty() {
        for path in named {
            measure(&path, PASSES);
        }
        println!("peak memory {} kB", peak_kb());
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, content) in files(RECORDS) {
        let path = folder.path().join(name);
        fs::write(&path, content).expect("it can be written");
        measure(&path, PASSES);
    }
}

/// Reads a file to its end a few times.
fn measure(path: &Path, passes: u32) {
    let bytes = fs::metadata(path).expect("it is there").len();
    let (mut best, mut events, mut format) = (f64::INFINITY, 0u64, String::new());
    for _ in 0..passes {
        let start = nanos_passed();
        let mut recording = Recording::open(path, &ReadOptions::default()).expect("a known format");
        events = 0;
        while let Some(event) = recording.next().expect("a good file") {
            black_box(&event);
            events += 1;
        }
        best = f64::min(best, nanos_passed() - start);
        format = recording.format().to_string();
    }
    #[allow(clippy::cast_precision_loss, reason = "a benchmark")]
    let (count, size) = (events as f64, bytes as f64);
    let (rate, cost, speed) = (count / best * 1e3, best / count, size / best * 1e3);
    println!("{format:<12} {events:>12} {rate:>8.2} M {cost:>10.1} {speed:>8.0}");
}

/// A file of each format, as its venue writes it.
fn files(records: u64) -> Vec<(&'static str, Vec<u8>)> {
    let text = |write: &dyn Fn(&mut String, u64)| {
        let mut text = String::new();
        for i in 0..records {
            write(&mut text, i);
        }
        text.into_bytes()
    };
    let headed = |head: &str, rows: Vec<u8>| [head.as_bytes(), &rows].concat();
    let qty = |i: u64| 1 + i * 7 % 500;
    let lobster = text(&|out, i| {
        let side = if i % 4 < 2 { 1 } else { -1 };
        let kind = if i % 2 == 0 { 1 } else { 3 };
        let (order, price) = (16_113_575 + i / 2, 5_853_300 + i / 2 % 50 * 100);
        line(
            out,
            format_args!(
                "{}.{:09},{kind},{order},{},{price},{side}",
                34_200 + i / 1_000,
                i % 1_000 * 999_983,
                qty(i / 2)
            ),
        );
    });
    let bitstamp = text(&|out, i| {
        let action = if i % 2 == 0 { "created" } else { "deleted" };
        let (order, at, price) = (2_002_347_637_329_922 + i / 2, 1_777_689_383_201 + i, 78_318 + i / 2 % 40);
        line(out, format_args!("{order},{at},{},{price}.0,0.{:08},{action},bid", at - 60, 1 + i / 2 % 99_999_999));
    });
    let binance = text(&|out, i| {
        let (first, sent) = (i * 10 + 1, 1_723_161_257_440 + i);
        line(
            out,
            format_args!(
                "{}000000 {{\"stream\":\"btcusdt@depth@0ms\",\"data\":{{\"e\":\"depthUpdate\",\"E\":{sent},\"T\":{sent},\"s\":\"BTCUSDT\",\
             \"U\":{first},\"u\":{},\"pu\":{},\"b\":[[\"6180{}.20\",\"2.909\"],[\"61799.{}0\",\"0.696\"],[\"61798.10\",\"0.0{}\"]],\
             \"a\":[[\"61810.20\",\"1.{:03}\"],[\"61811.20\",\"0.000\"]]}}}}",
                sent - 1_270,
                first + 9,
                i * 10,
                i % 8,
                i % 10,
                i % 10,
                i % 1_000
            ),
        );
        if i == 0 {
            line(
                out,
                format_args!(
                    "1723161256171000000 {{\"lastUpdateId\":5,\"E\":1723161257440,\"bids\":[[\"61799.00\",\"1\"]],\"asks\":[[\"61812.00\",\"1\"]]}}"
                ),
            );
        }
    });
    let bybit = text(&|out, i| {
        let kind = if i == 0 { "snapshot" } else { "delta" };
        line(
            out,
            format_args!(
                "{{\"topic\":\"orderbook.50.XRPUSDT\",\"type\":\"{kind}\",\"ts\":{},\"data\":{{\"s\":\"XRPUSDT\",\"b\":[[\"1.95{:02}\",\"6198\"],\
             [\"1.9529\",\"2080\"]],\"a\":[[\"1.99{:02}\",\"8415\"]],\"u\":{},\"seq\":9}},\"cts\":1}}",
                1_733_011_200_693 + i,
                i % 90,
                i % 90,
                i + 2
            ),
        );
    });
    let coinbase = text(&|out, i| {
        let kind = if i == 0 { "snapshot" } else { "update" };
        line(
            out,
            format_args!(
                "{{\"channel\":\"l2_data\",\"timestamp\":\"2026-08-09T21:05:48.{:06}Z\",\"sequence_num\":{i},\"events\":[{{\"type\":\"{kind}\",\
             \"product_id\":\"BTC-USD\",\"updates\":[{{\"side\":\"bid\",\"event_time\":\"2026-08-09T21:05:48.170326Z\",\
             \"price_level\":\"65083.{:02}\",\"new_quantity\":\"0.20371215\"}}]}}]}}",
                i % 1_000_000,
                i % 100
            ),
        );
    });
    let tardis = text(&|out, i| {
        let at = 1_582_329_601_096_000 + i;
        line(out, format_args!("binance-futures,BTCUSDT,{at},{},false,bid,9681.{:02},0.84", at + 50, i % 100));
    });
    let lean = text(&|out, i| {
        let price = 1_672_700 + i % 100 * 100;
        line(out, format_args!("{},{price},{price},{price},{price},100,1680000,1680000,1674100,1674100,600", i * 100));
    });
    let polygon = text(&|out, i| {
        let at = 1_536_036_818_784 + i;
        line(
            out,
            format_args!(
                "[{{\"ev\":\"Q\",\"sym\":\"MSFT\",\"bx\":4,\"bp\":114.{:02},\"bs\":100,\"ax\":7,\"ap\":115.128,\"as\":160,\"t\":{at},\"z\":3}}]",
                i % 100
            ),
        );
    });
    let rows = text(&|out, i| {
        line(out, format_args!("{},,XYZ,add,L,{i},,buy,99.{:02},{},,", 1_700_000_000_000_000_000 + i, i % 100, qty(i)));
    });
    let tardis_head = "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n";
    vec![
        ("X_2012-06-21_34200000_57600000_message_10.csv", lobster),
        ("20191230.itch", itch(records)),
        ("binance", binance),
        ("orders.csv", headed("id,timestamp,exchange_timestamp,price,volume,action,direction\n", bitstamp)),
        ("bybit", bybit),
        ("coinbase", coinbase),
        ("book.csv", headed(tardis_head, tardis)),
        ("20131007_spy_second_quote.csv", lean),
        ("polygon", polygon),
        ("events.csv", headed(&format!("{}\n", events_csv::HEADER), rows)),
    ]
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("a String takes all that is written");
}

/// Orders that are added and deleted in turn.
fn itch(records: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    for i in 0..records {
        let (order, time) = ((i / 2).to_be_bytes(), (34_200_000_000_000 + i * 1_000).to_be_bytes());
        let is_add = i % 2 == 0;
        bytes.extend(if is_add { [0, 36, b'A'] } else { [0, 19, b'D'] });
        bytes.extend([0, 7, 0, 0]);
        bytes.extend(&time[2..]);
        bytes.extend(order);
        if is_add {
            bytes.extend(b"B\0\0\0\x64AAPL    \0\x2c\x3b\x20");
        }
    }
    bytes
}
