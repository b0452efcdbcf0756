//! Bitstamp from files of our own.

use crate::written::{Files, events, read_through, skipping};
use hft_core::models::{Price, Qty, Side};
use hft_data::{Body, ClearReason, FindingKind, Flags, OrderRef, ReadOptions, Resting};

const HEAD: &str = "id,timestamp,exchange_timestamp,price,volume,action,direction\n";

#[test]
fn orders_live_and_die() {
    let files = Files::new();
    let rows = "7,1700000000100,1700000000000,78318.0,1e-08,created,bid\n\
        8,1700000000100,1700000000000,78319.5,2,created,ask\n\
        9,1700000000200,1700000000150,78318.0,0.5,created,bid\n\
        9,1700000000300,1700000000250,78319.0,0.4,changed,bid\n\
        9,1700000000400,1700000000350,78319.0,0.4,deleted,bid\n\
        7,1700000000500,1700000000500,78318.0,1e-08,deleted,bid\n";
    let path = files.write("orders.csv", format!("{HEAD}{rows}"));
    let events = events(&path, &ReadOptions::default()).expect("a good file");
    let at = |side, price, qty| (side, Price::new(price), Qty::new(qty));
    let add = |order, (side, price, qty)| Body::Add { order: OrderRef(order), side, price, qty };
    let delete = |order, (side, price, qty)| Body::Delete {
        order: OrderRef(order),
        qty,
        resting: Some(Resting { side, price }),
    };
    let (side, price, qty) = at(Side::Buy, 7_831_900, 40_000_000);
    let (image, live) = (Flags::LAST.and(Flags::SNAPSHOT), Flags::LAST);
    let expected = [
        (Flags::SNAPSHOT, Body::Clear(ClearReason::Snapshot)),
        (image, add(7, at(Side::Buy, 7_831_800, 1))),
        (image, add(8, at(Side::Sell, 7_831_950, 200_000_000))),
        (live, add(9, at(Side::Buy, 7_831_800, 50_000_000))),
        (live, Body::Modify { order: OrderRef(9), side, price, qty }),
        (live, delete(9, (side, price, qty))),
        (image, delete(7, at(Side::Buy, 7_831_800, 1))),
    ];
    assert_eq!(events.iter().map(|event| (event.flags, event.body)).collect::<Vec<_>>(), expected);
    assert_eq!(events[3].local_time.minus(events[3].exchange_time), 50_000_000);
}

#[test]
fn trades_have_a_file_of_their_own() {
    let files = Files::new();
    let head = "trade_id,timestamp,exchange_timestamp,price,amount,buy_order_id,sell_order_id,side\n";
    let path = files.write("trades.csv", format!("{head}5,1700000000100,1700000000000,78319.0,0.121,1,2,buy\n"));
    let body = events(&path, &ReadOptions::default()).expect("a good file")[0].body;
    let (price, qty) = (Price::new(7_831_900), Qty::new(12_100_000));
    assert_eq!(body, Body::Trade { id: 5, price, qty, aggressor: Some(Side::Buy) });
}

#[test]
fn a_bad_row_is_told_and_may_be_skipped() {
    let files = Files::new();
    for (row, expected) in [
        ("x,1,1,1,1,created,bid", "an id"),
        ("1,1,1,1,1,created", "the columns of the header"),
        ("1,1,1,1,1,made,bid", "an action of created, changed or deleted"),
        ("1,1,1,1,1,created,up", "a direction of bid or ask"),
        ("1,1,1,1,-1,created,bid", "a volume that is not negative"),
        (
            "1,1,1,1.005,1,created,bid",
            "a number with fewer digits behind the point (see --price-decimals, --qty-decimals)",
        ),
    ] {
        let path = files.write("orders.csv", format!("{HEAD}{row}\n2,2,2,1,1,created,ask\n"));
        let error = events(&path, &ReadOptions::default()).expect_err(row);
        assert_eq!(error.to_string(), format!("{}, line 2: found `{row}`, expected {expected}", path.display()));
        let recording = read_through(&path, &skipping());
        assert_eq!((recording.records(), recording.findings().count(FindingKind::Skipped)), (1, 1));
    }
}
