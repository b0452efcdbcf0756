//! Databento's encoding from records of our own.

use crate::written::{Files, bodies, events, read_through, skipping};
use hft_core::models::{Price, Qty, Side};
use hft_data::{Body, ClearReason, FindingKind, OrderRef, ReadError, ReadOptions, Resting};

/// Market-by-order records, as version 1 to 3 lay them out.
pub(crate) fn order(action: u8, id: u64, size: u32) -> Vec<u8> {
    let mut record = vec![14, 0xa0, 1, 0];
    record.extend(7u32.to_le_bytes());
    record.extend(1_700_000_000_000_000_000u64.to_le_bytes());
    record.extend(id.to_le_bytes());
    record.extend(10_250_000_000i64.to_le_bytes());
    record.extend(size.to_le_bytes());
    record.extend([1 << 7, 0, action, b'B']);
    record.extend(1_700_000_000_000_000_500u64.to_le_bytes());
    record.extend(0i32.to_le_bytes());
    record.extend(0u32.to_le_bytes());
    record
}

/// A file of them, whose metadata names instrument 7.
pub(crate) fn file(version: u8, records: &[Vec<u8>]) -> Vec<u8> {
    let symbol_len: usize = if version == 1 { 22 } else { 71 };
    let symbol = |text: &str| {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(symbol_len, 0);
        bytes
    };
    let mut metadata = Vec::new();
    metadata.extend(b"XNAS.ITCH\0\0\0\0\0\0\0");
    metadata.extend(0u16.to_le_bytes()); // market by order
    metadata.extend([0; 8]);
    metadata.extend(u64::MAX.to_le_bytes());
    metadata.extend([0; 8]);
    if version == 1 {
        metadata.extend(u64::MAX.to_le_bytes()); // a count that no longer means anything
    }
    metadata.extend([1, 0, 0]); // raw symbol in, instrument id out, no sending times
    if version > 1 {
        metadata.extend(u16::try_from(symbol_len).expect("short").to_le_bytes());
    }
    metadata.extend(vec![0; if version == 1 { 47 } else { 53 }]);
    metadata.extend(0u32.to_le_bytes()); // no further definition
    for _ in 0..3 {
        metadata.extend(0u32.to_le_bytes());
    }
    metadata.extend(1u32.to_le_bytes());
    metadata.extend(symbol("XYZ"));
    metadata.extend(1u32.to_le_bytes());
    metadata.extend(20_240_102u32.to_le_bytes());
    metadata.extend(20_240_103u32.to_le_bytes());
    metadata.extend(symbol("7"));
    let mut bytes = vec![b'D', b'B', b'N', version];
    bytes.extend(u32::try_from(metadata.len()).expect("short").to_le_bytes());
    bytes.extend(metadata);
    bytes.extend(records.concat());
    bytes
}

#[test]
fn a_fill_is_told_once() {
    let files = Files::new();
    let day = [
        order(b'R', 0, 0),
        order(b'A', 1, 5),
        order(b'A', 2, 3),
        order(b'T', 0, 7),
        order(b'F', 1, 5),
        order(b'C', 1, 5),
        order(b'F', 2, 2),
        order(b'M', 2, 1),
        order(b'C', 2, 1),
        order(b'N', 0, 0),
    ];
    let (side, price) = (Side::Buy, Price::new(10_250_000_000));
    let resting = Some(Resting { side, price });
    let qty = Qty::new;
    let expected = [
        Body::Clear(ClearReason::Session),
        Body::Add { order: OrderRef(1), side, price, qty: qty(5) },
        Body::Add { order: OrderRef(2), side, price, qty: qty(3) },
        Body::Trade { id: 0, price, qty: qty(7), aggressor: Some(Side::Buy) },
        Body::Execute { order: OrderRef(1), qty: qty(5), resting },
        Body::Notice(0xa0),
        Body::Execute { order: OrderRef(2), qty: qty(2), resting },
        Body::Modify { order: OrderRef(2), side, price, qty: qty(1) },
        Body::Reduce { order: OrderRef(2), by: qty(1), resting },
        Body::Notice(0xa0),
    ];
    for version in 1..=3 {
        let path = files.write("x", file(version, &day));
        assert_eq!(bodies(&path), expected, "version {version}");
        let first = events(&path, &ReadOptions::default()).expect("good")[0];
        assert_eq!(first.local_time.minus(first.exchange_time), 500);
        let recording = read_through(&path, &ReadOptions::default());
        assert_eq!(recording.instruments().as_slice()[0].symbol, "XYZ");
    }
}

#[test]
fn a_torn_file_is_not_an_end() {
    let files = Files::new();
    let whole = file(3, &[order(b'A', 1, 5), order(b'A', 2, 5)]);
    let path = files.write("x", &whole[..whole.len() - 3]);
    assert!(matches!(events(&path, &ReadOptions::default()), Err(ReadError::Broken(_))));
    let recording = read_through(&path, &skipping());
    assert_eq!((recording.records(), recording.findings().count(FindingKind::Truncated)), (1, 1));
}
