//! Memory does not grow with the file: eight times the records, the same peak, and no allocation for a record of plain text.

use crate::written::Files;
use hft_data::{ReadOptions, Recording, StylisedCollector};
use std::fmt::Write as _;

const RECORDS: u64 = 20_000;

/// Orders that come and go, as messages of LOBSTER.
fn lobster(records: u64) -> String {
    let mut text = String::new();
    for i in 0..records {
        let (kind, order) = (if i % 2 == 0 { 1 } else { 3 }, i / 2);
        writeln!(text, "{}.5,{kind},{order},100,{},1", 34_200 + i / 100, 1_000_000 + i / 2 % 50 * 100).expect("text");
    }
    text
}

/// Levels of ten prices that change for ever.
fn binance(records: u64) -> String {
    let mut text =
        String::from("1700000000000000000 {\"lastUpdateId\":1,\"bids\":[[\"1\",\"1\"]],\"asks\":[[\"99\",\"1\"]]}\n");
    for i in 0..records {
        let (first, last) = (2 * i + 1, 2 * i + 2);
        writeln!(
            text,
            "{} {{\"e\":\"depthUpdate\",\"E\":1700000000000,\"s\":\"X\",\"U\":{first},\"u\":{last},\"b\":[[\"1{}\",\"{}\"]],\"a\":[]}}",
            1_700_000_000_000_000_001 + i,
            i % 10,
            i % 3
        )
        .expect("text");
    }
    text
}

/// Bytes at the peak, and allocations in all, of reading a file.
fn cost(name: &str, content: &str, expected: u64) -> (u64, u64) {
    let files = Files::new();
    let path = files.write(name, content);
    let mut events = 0;
    let used = allocation_counter::measure(|| {
        let mut recording = Recording::open(&path, &ReadOptions::default()).expect("a known format");
        while recording.next().expect("a good file").is_some() {
            events += 1;
        }
    });
    assert!(events >= expected, "{events} events");
    (used.bytes_max, used.count_total)
}

#[test]
fn eight_times_the_file_takes_no_more() {
    let name = "X_2024-01-02_message_10.csv";
    let (short, long) = (lobster(RECORDS), lobster(8 * RECORDS));
    let (few, many) = (cost(name, &short, RECORDS), cost(name, &long, 8 * RECORDS));
    assert_eq!(few, many, "peak and allocations: a record takes none");
    let (few, many) = (cost("x", &binance(RECORDS), RECORDS), cost("x", &binance(8 * RECORDS), 8 * RECORDS));
    assert!(many.0 <= few.0 + few.0 / 50, "{} bytes, then {}", few.0, many.0);
}

#[test]
fn the_facts_of_eight_times_the_file_take_no_more() {
    let peak = |records: u64| {
        let files = Files::new();
        let path = files.write("X_2024-01-02_message_10.csv", lobster(records));
        let used = allocation_counter::measure(|| {
            let mut recording = Recording::open(&path, &ReadOptions::default()).expect("a known format");
            let mut collector = StylisedCollector::default();
            while let Some(event) = recording.next().expect("a good file") {
                collector.see(&event);
            }
            assert!(collector.conclude(&recording.instruments().as_slice()[0]).order_size.is_some());
        });
        used.bytes_max
    };
    let (few, many) = (peak(RECORDS), peak(8 * RECORDS));
    assert!(many <= few + few / 50, "{few} bytes, then {many}");
}
