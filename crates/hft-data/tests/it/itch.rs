//! ITCH from messages of our own.

use crate::written::{Files, bodies, events, read_through, skipping};
use hft_core::models::{Price, Qty, Side};
use hft_data::{Body, FindingKind, Flags, OrderRef, ReadError, ReadOptions, Status};

const NAME: &str = "20240102.itch";
/// Half past nine, in nanoseconds.
const OPEN: u64 = 34_200_000_000_000;

/// A message: type, number of the stock, and what follows the time.
fn message(kind: u8, stock: u16, rest: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![kind];
    bytes.extend(stock.to_be_bytes());
    bytes.extend([0, 0]);
    bytes.extend(&OPEN.to_be_bytes()[2..]);
    bytes.extend(rest.concat());
    bytes
}

fn order(id: u64) -> [u8; 8] {
    id.to_be_bytes()
}

fn day() -> Vec<Vec<u8>> {
    let (shares, price) = (100u32.to_be_bytes(), 1_000_100u32.to_be_bytes());
    let (some, other) = (40u32.to_be_bytes(), 1_000_200u32.to_be_bytes());
    vec![
        message(b'S', 0, &[b"O"]),
        message(b'S', 0, &[b"S"]),
        message(b'R', 7, &[b"XYZ     ", &[b' '; 20]]),
        message(b'H', 7, &[b"XYZ     ", b"T", b" ", b"    "]),
        message(b'S', 0, &[b"Q"]),
        message(b'A', 7, &[&order(1), b"B", &shares, b"XYZ     ", &price]),
        message(b'F', 7, &[&order(2), b"S", &shares, b"XYZ     ", &other, b"MPID"]),
        message(b'E', 7, &[&order(2), &some, &order(9)]),
        message(b'C', 7, &[&order(2), &some, &order(9), b"N", &price]),
        message(b'X', 7, &[&order(1), &some]),
        message(b'U', 7, &[&order(1), &order(3), &some, &other]),
        message(b'D', 7, &[&order(3)]),
        message(b'P', 7, &[&order(0), b"B", &some, b"XYZ     ", &price, &order(9)]),
        message(b'Q', 7, &[&order(500), b"XYZ     ", &price, &order(11), b"O"]),
        message(b'B', 7, &[&order(11)]),
        message(b'h', 7, &[b"XYZ     ", b"Q", b"H"]),
        message(b'Y', 7, &[b"XYZ     ", b"0"]),
        message(b'L', 7, &[b"MPID", b"XYZ     ", b"Y", b"N", b"A"]),
        message(b'V', 0, &[&[0; 24]]),
        message(b'W', 0, &[b"1"]),
        message(b'K', 7, &[b"XYZ     ", &[0; 9]]),
        message(b'J', 7, &[b"XYZ     ", &[0; 16]]),
        message(b'I', 7, &[&[0; 17], b"XYZ     ", &[0; 14]]),
        message(b'N', 7, &[b"XYZ     ", b"B"]),
        message(b'O', 7, &[b"XYZ     ", &[0; 29]]),
        message(b'S', 0, &[b"M"]),
    ]
}

fn framed(messages: &[Vec<u8>], prefix: impl Fn(usize) -> u16) -> Vec<u8> {
    messages.iter().flat_map(|m| [&prefix(m.len()).to_be_bytes()[..], m].concat()).collect()
}

fn length(length: usize) -> u16 {
    u16::try_from(length).expect("short")
}

#[test]
fn every_type_has_its_meaning() {
    let files = Files::new();
    let path = files.write(NAME, framed(&day(), length));
    let (id, price, qty) = (OrderRef, Price::new, Qty::new);
    let (at, other) = (price(1_000_100), price(1_000_200));
    let mut expected = vec![
        Body::Notice(b'O'),
        Body::Status(Status::PreOpen),
        Body::Notice(b'R'),
        Body::Status(Status::Trading),
        Body::Status(Status::Trading),
        Body::Add { order: id(1), side: Side::Buy, price: at, qty: qty(100) },
        Body::Add { order: id(2), side: Side::Sell, price: other, qty: qty(100) },
        Body::Execute { order: id(2), qty: qty(40), resting: None },
        Body::ExecuteAt { order: id(2), qty: qty(40), price: at },
        Body::Reduce { order: id(1), by: qty(40), resting: None },
        Body::Replace { order: id(1), by: id(3), price: other, qty: qty(40) },
        Body::Delete { order: id(3), qty: Qty::ZERO, resting: None },
        Body::HiddenTrade { order: id(0), price: at, qty: qty(40), aggressor: None },
        Body::Trade { id: 11, price: at, qty: qty(500), aggressor: None },
        Body::Bust { id: 11 },
        Body::Status(Status::Halt),
    ];
    expected.extend(b"YLVWKJINO".map(Body::Notice));
    expected.push(Body::Status(Status::Close));
    assert_eq!(bodies(&path), expected);
    let events = events(&path, &ReadOptions::default()).expect("a good file");
    assert_eq!(events[5].local_time.to_string(), "2024-01-02T14:30:00.000000000Z");
    assert!(events[8].flags.has(Flags::UNPRINTED) && events[13].flags.has(Flags::CROSS));
    let recording = read_through(&path, &ReadOptions::default());
    let symbols: Vec<_> = recording.instruments().as_slice().iter().map(|info| info.symbol.as_str()).collect();
    assert_eq!(symbols, ["*", "XYZ"]);
}

#[test]
fn all_framings_tell_the_same() {
    let files = Files::new();
    let plain = bodies(&files.write(NAME, framed(&day(), length)));
    assert_eq!(bodies(&files.write(NAME, framed(&day(), |_| 0))), plain);
    let wide: Vec<Vec<u8>> = day().iter().map(|m| [&m[..5], &[0, 0], &m[5..]].concat()).collect();
    let path = files.write(NAME, framed(&wide, length));
    assert_eq!(bodies(&path), plain);
    let cents = read_through(&path, &ReadOptions::default());
    assert_eq!(cents.instruments().as_slice()[1].price_step.to_string(), "0.01");
}

#[test]
fn a_stock_without_directory_is_named_by_its_first_order() {
    let files = Files::new();
    let mut messages = day();
    let delete = messages.remove(11);
    messages.drain(..5);
    messages.insert(0, delete);
    let recording = read_through(&files.write(NAME, framed(&messages, length)), &ReadOptions::default());
    assert_eq!(recording.instruments().as_slice()[0].symbol, "XYZ", "called #7 until then");
}

#[test]
fn bad_messages_are_passed_over_and_torn_ends_are_told() {
    let files = Files::new();
    let mut messages = day();
    messages[5][19] = b'?';
    messages[9][0] = b'z';
    let path = files.write(NAME, framed(&messages, length));
    let error = events(&path, &ReadOptions::default()).expect_err("a side of its own");
    assert!(error.to_string().contains("offset 110: found `41 00 07"), "{error}");
    assert!(error.to_string().ends_with("expected a side of B or S"), "{error}");
    let recording = read_through(&path, &skipping());
    assert_eq!((recording.records(), recording.findings().count(FindingKind::Skipped)), (24, 2));
    let whole = framed(&day(), length);
    let torn = files.write(NAME, &whole[..whole.len() - 5]);
    assert!(matches!(events(&torn, &ReadOptions::default()), Err(ReadError::Broken(_))));
    let recording = read_through(&torn, &skipping());
    assert_eq!((recording.records(), recording.findings().count(FindingKind::Truncated)), (25, 1));
}
