//! ITCH: an artificial file in the true layout, and a real stock re-coded by its author.

use super::sample;
use hft_data::{Body, FindingKind, ObservedBook, ReadOptions, Recording, Status};

#[test]
fn every_artificial_message_is_read() {
    let Some(path) = sample("itch/RITCH_ARTIFICIAL_ex20101224.TEST_ITCH_50.gz") else { return };
    let mut recording = Recording::open(&path, &ReadOptions::default()).expect("a known format");
    let (mut kinds, mut statuses) = ([0u64; Body::KINDS.len()], Vec::new());
    while let Some(event) = recording.next().expect("a good file") {
        kinds[event.body.kind()] += 1;
        if let Body::Status(status) = event.body {
            statuses.push((event.instrument.0, status));
        }
    }
    let told: Vec<_> = Body::KINDS.iter().zip(kinds).filter(|&(_, count)| count > 0).collect();
    println!("ITCH, artificial: {told:?}; {statuses:?}; {:?}", recording.findings());
    assert_eq!((recording.records(), kinds.iter().sum::<u64>()), (12_012, 12_012));
    let symbols: Vec<_> = recording.instruments().as_slice().iter().map(|info| info.symbol.as_str()).collect();
    assert_eq!(symbols, ["*", "ALC", "BOB", "CHAR"]);
    assert!(statuses.iter().filter(|&&(index, status)| index > 0 && status == Status::Trading).count() >= 3);
    assert_eq!(FindingKind::ALL.map(|kind| recording.findings().count(kind)), [0; FindingKind::ALL.len()]);
}

#[test]
fn a_replayed_day_of_aapl_never_crosses() {
    let Some(path) = sample("itch/AAPL_20191230_scaled.itch") else { return };
    let mut recording = Recording::open(&path, &ReadOptions::default()).expect("a known format");
    let (mut book, mut crossed, mut odd) = (ObservedBook::default(), 0u32, 0u32);
    while let Some(event) = recording.next().expect("a good file") {
        odd += u32::from(book.apply(&event).is_err());
        crossed += u32::from(book.is_crossed());
    }
    println!("ITCH, AAPL: {odd} of {} events do not fit the book, {crossed} cross it", recording.records());
    assert_eq!((recording.records(), crossed), (49_947, 0));
    assert_eq!(recording.instruments().as_slice()[0].symbol, "AAPL");
    assert_eq!(recording.instruments().as_slice()[0].price_step.to_string(), "0.01");
}
