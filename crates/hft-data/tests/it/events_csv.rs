//! Our own CSV, and Parquet where the feature is on: any events, written and read back.

use crate::written::{Files, bodies, events, read_through};
use hft_core::models::{Decimal, Price, Qty, Side};
use hft_data::formats::events_csv::{CsvWriter, HEADER};
#[cfg(feature = "parquet")]
use hft_data::formats::events_parquet::ParquetWriter;
use hft_data::{
    Body, ClearReason, Event, Flags, Instruments, OrderRef, ReadOptions, Recording, Resting, Status, UnixNanos,
};
use proptest::prelude::*;

fn body() -> impl Strategy<Value = Body> {
    let side = || prop_oneof![Just(Side::Buy), Just(Side::Sell)];
    let order = || any::<u64>().prop_map(OrderRef);
    let price = || (-i64::MAX / 1_000..i64::MAX / 1_000).prop_map(Price::new);
    let qty = || (0..i64::MAX / 1_000).prop_map(Qty::new);
    let resting = move || proptest::option::of((side(), price()).prop_map(|(side, price)| Resting { side, price }));
    let who = move || proptest::option::of(side());
    let orders = (order(), side(), price(), qty());
    let changes = (order(), qty(), resting());
    prop_oneof![
        orders.clone().prop_map(|(order, side, price, qty)| Body::Add { order, side, price, qty }),
        orders.prop_map(|(order, side, price, qty)| Body::Modify { order, side, price, qty }),
        changes.clone().prop_map(|(order, by, resting)| Body::Reduce { order, by, resting }),
        changes.clone().prop_map(|(order, qty, resting)| Body::Delete { order, qty, resting }),
        changes.prop_map(|(order, qty, resting)| Body::Execute { order, qty, resting }),
        (order(), order(), price(), qty()).prop_map(|(order, by, price, qty)| Body::Replace { order, by, price, qty }),
        (order(), qty(), price()).prop_map(|(order, qty, price)| Body::ExecuteAt { order, qty, price }),
        (order(), price(), qty(), who()).prop_map(|(order, price, qty, aggressor)| Body::HiddenTrade {
            order,
            price,
            qty,
            aggressor
        }),
        (any::<u64>(), price(), qty(), who()).prop_map(|(id, price, qty, aggressor)| Body::Trade {
            id,
            price,
            qty,
            aggressor
        }),
        any::<u64>().prop_map(|id| Body::Bust { id }),
        (side(), price(), qty()).prop_map(|(side, price, qty)| Body::Level { side, price, qty }),
        (price(), qty(), price(), qty()).prop_map(|(bid, bid_qty, ask, ask_qty)| Body::Quote {
            bid,
            bid_qty,
            ask,
            ask_qty
        }),
        prop_oneof![Just(ClearReason::Snapshot), Just(ClearReason::Gap), Just(ClearReason::Session)]
            .prop_map(Body::Clear),
        prop_oneof![
            Just(Status::PreOpen),
            Just(Status::Trading),
            Just(Status::QuoteOnly),
            Just(Status::Halt),
            Just(Status::Close)
        ]
        .prop_map(Body::Status),
        any::<u8>().prop_map(Body::Notice),
    ]
}

/// Two events as Parquet.
#[cfg(feature = "parquet")]
pub(crate) fn parquet_seed() -> Vec<u8> {
    let mut instruments = Instruments::default();
    let index = instruments.index_of("X", "0.01".parse().expect("a decimal"), Decimal::ONE).expect("room");
    let mut writer = ParquetWriter::new(Vec::new()).expect("memory takes it");
    for code in [1, 2] {
        writer.write(&Event::at(UnixNanos::new(5), index, Body::Notice(code))).expect("memory takes it");
    }
    writer.finish(&instruments).expect("memory takes it")
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        drawn in proptest::collection::vec((any::<u64>(), any::<u64>(), 0u8..16, 0usize..3, body()), 1..20)
    ) {
        let mut instruments = Instruments::default();
        let steps = [("0.01", "1"), ("0.25", "0.001"), ("5", "100")];
        let symbols = ["A", "linear:B", "C.x"];
        let indices: Vec<_> = symbols.iter().zip(steps).map(|(symbol, (price, qty))| {
            let decimal = |text: &str| text.parse::<Decimal>().expect("a decimal");
            instruments.index_of(symbol, decimal(price), decimal(qty)).expect("room")
        }).collect();
        let written: Vec<Event> = drawn.into_iter().map(|(local, exchange, flags, which, body)| Event {
            exchange_time: UnixNanos::new(exchange),
            local_time: UnixNanos::new(local),
            instrument: indices[which],
            flags: Flags::from_bits(flags).expect("four bits"),
            body,
        }).collect();
        let mut writer = CsvWriter::new(Vec::new()).expect("memory takes it");
        for event in &written {
            writer.write(event, &instruments).expect("memory takes it");
        }
        let files = Files::new();
        let path = files.write("events.csv", writer.finish().expect("memory takes it"));
        let mut recording = Recording::open(&path, &ReadOptions::default()).expect("known");
        let read: Vec<Event> = std::iter::from_fn(|| recording.next().expect("good")).collect();
        prop_assert_eq!(&read, &written);
        #[cfg(feature = "parquet")]
        {
            let mut writer = ParquetWriter::new(Vec::new()).expect("memory takes it");
            for event in &written {
                writer.write(event).expect("memory takes it");
            }
            let path = files.write("events.parquet", writer.finish(&instruments).expect("memory takes it"));
            let mut recording = Recording::open(&path, &ReadOptions::default()).expect("known");
            let read: Vec<Event> = std::iter::from_fn(|| recording.next().expect("good")).collect();
            prop_assert_eq!(read, written);
            prop_assert_eq!(recording.instruments().as_slice(), instruments.as_slice());
        }
        prop_assert_eq!(recording.instruments().as_slice(), instruments.as_slice());
    }
}

#[test]
fn a_file_by_hand_needs_little() {
    let files = Files::new();
    let path =
        files.write("mine.csv", format!("{HEADER}\n5,,XYZ,trade,,0,,buy,10.5,3,,\n6,4,XYZ,quote,L,,,,10,1,11,2\n"));
    const UNIT: i64 = 100_000_000;
    let trade = Body::Trade {
        id: 0,
        price: Price::new(10 * UNIT + UNIT / 2),
        qty: Qty::new(3 * UNIT),
        aggressor: Some(Side::Buy),
    };
    let (bid, ask) = (Price::new(10 * UNIT), Price::new(11 * UNIT));
    let quote = Body::Quote { bid, bid_qty: Qty::new(UNIT), ask, ask_qty: Qty::new(2 * UNIT) };
    assert_eq!(bodies(&path), [trade, quote]);
    let first = events(&path, &ReadOptions::default()).expect("good")[0];
    assert!(first.flags.has(Flags::LAST) && !first.exchange_time.is_known());
    assert_eq!(read_through(&path, &ReadOptions::default()).instruments().as_slice()[0].symbol, "XYZ");
}

#[test]
fn a_bad_row_says_what_is_allowed() {
    let files = Files::new();
    for (row, expected) in [
        ("x,,X,trade,,0,,buy,1,1,,", "a time in nanoseconds since 1970"),
        ("1,,,trade,,0,,buy,1,1,,", "a symbol"),
        ("1,,X,tirade,,0,,buy,1,1,,", "an event such as add, level, quote or trade"),
        ("1,,X,trade,Q,0,,buy,1,1,,", "flags of L, S, U and X, or -"),
        ("1,,X,add,,0,,,1,1,,", "a side of buy or sell"),
        ("1,,X,clear,,,never,,,,,", "snapshot, gap or session"),
        ("1,,X,level,,,,buy,1.005,1,,", "a multiple of the instrument's step"),
        (
            "1,,X,level,,,,buy,1.0000000001,1,,",
            "a number with fewer digits behind the point (see --price-decimals, --qty-decimals)",
        ),
        ("1,,X,level,,,,buy,1,-1,,", "a size that is not negative"),
        ("1,,X,level,,,,buy,1,1", "the twelve columns of the header"),
        ("1,,X,instrument,,,,,0.02,1,,", "an instrument to be described once, before its events"),
    ] {
        let instrument = "0,,X,instrument,,,,,0.025,1,,\n";
        let path = files.write("mine.csv", format!("{HEADER}\n{instrument}{row}\n"));
        let error = events(&path, &ReadOptions::default()).expect_err(row);
        assert_eq!(error.to_string(), format!("{}, line 3: found `{row}`, expected {expected}", path.display()));
    }
}
