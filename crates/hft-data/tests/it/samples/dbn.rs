//! Databento: the vectors of every schema and version, and the book of the ES future.

use super::sample;
use hft_core::models::Side;
use hft_data::{Body, FindingKind, Flags, Format, ObservedBook, ReadOptions, Recording};
use std::collections::BTreeMap;
use std::fs;

#[test]
fn every_vector_is_read_to_its_end() {
    let Some(folder) = sample("dbn/vectors") else { return };
    let options = ReadOptions { format: Some(Format::Dbn), ..ReadOptions::default() };
    let (mut files, mut records) = (0, 0);
    let mut by_schema: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("listed").path();
        let mut recording = Recording::open(&path, &options).unwrap_or_else(|error| panic!("{error}"));
        while recording.next().unwrap_or_else(|error| panic!("{error}")).is_some() {}
        let name = path.file_name().expect("named").to_string_lossy().into_owned();
        let schema = name.split('.').nth(1).unwrap_or_default().to_owned();
        by_schema.entry(schema).or_default().push(recording.records());
        files += 1;
        records += recording.records();
    }
    println!("{files} vectors, {records} records: {by_schema:?}");
    assert_eq!(files, 81);
}

#[test]
fn the_es_future_is_never_crossed_after_its_open() {
    let Some(path) = sample("dbn/esh4-glbx-mdp3-20231225.mbo.dbn.zst") else { return };
    let mut recording = Recording::open(&path, &ReadOptions::default()).expect("a known format");
    let open: u64 = 1_703_545_200_106_000_000; // 23:00:00.106 on the 25th
    let (mut book, mut odd) = (ObservedBook::default(), 0u64);
    let (mut after, mut crossed, mut batches, mut spread) = (0u64, 0u64, 0u64, 0i64);
    while let Some(event) = recording.next().expect("a good file") {
        odd += u64::from(book.apply(&event).is_err());
        if event.local_time.nanos() < open {
            continue;
        }
        after += 1;
        if let (true, Some(bid), Some(ask)) =
            (event.flags.has(Flags::LAST), book.best(Side::Buy), book.best(Side::Sell))
        {
            batches += 1;
            crossed += u64::from(book.is_crossed());
            spread += (ask.price - bid.price).count();
        }
    }
    #[allow(clippy::cast_precision_loss, reason = "a statistic")]
    let mean = spread as f64 / batches as f64 / 1e9;
    let records = recording.records();
    println!(
        "ES: {records} records, {after} after the open, {batches} batches, {crossed} crossed, mean spread {mean:.4}, {odd} odd"
    );
    println!("{:?}", recording.findings());
    assert_eq!((records, crossed), (68_792, 0));
    assert!((mean - 0.277).abs() < 0.001, "{mean}");
}

#[test]
fn two_seconds_of_the_full_book_and_the_touch() {
    let Some(path) = sample("dbn/orderbooks_mbo_2024-05-08T00-00-00_2024-05-08T00-00-02.dbn.zst") else { return };
    let mut recording = Recording::open(&path, &ReadOptions::default()).expect("a known format");
    let mut book = ObservedBook::default();
    let (mut batches, mut quarters, mut odd) = (0, 0, 0);
    while let Some(event) = recording.next().expect("a good file") {
        odd += u64::from(book.apply(&event).is_err());
        if let (true, false, Some(bid), Some(ask)) = (
            event.flags.has(Flags::LAST),
            event.flags.has(Flags::SNAPSHOT),
            book.best(Side::Buy),
            book.best(Side::Sell),
        ) {
            batches += 1;
            quarters += u64::from((ask.price - bid.price).count() == 250_000_000);
        }
    }
    println!(
        "ES, full book: {} records, {batches} batches, {} orders at the end, {odd} odd",
        recording.records(),
        book.orders()
    );
    assert!(batches > 0);
    assert_eq!(quarters, batches, "a spread of one tick throughout");
    let Some(path) = sample("dbn/futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02.dbn.zst") else { return };
    let mut recording = Recording::open(&path, &ReadOptions::default()).expect("a known format");
    let (mut quotes, mut crossed) = (0, 0);
    while let Some(event) = recording.next().expect("a good file") {
        if let Body::Quote { bid, bid_qty, ask, ask_qty } = event.body
            && bid_qty.is_positive()
            && ask_qty.is_positive()
        {
            quotes += 1;
            crossed += u64::from(bid >= ask);
        }
    }
    println!("MBP-1: {quotes} quotes, {crossed} crossed; {:?}", recording.findings());
    assert!(quotes > 1_000 && crossed == 0);
    assert_eq!(recording.findings().count(FindingKind::Truncated), 0);
}
