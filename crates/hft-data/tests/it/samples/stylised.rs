//! The stylised facts of the shared samples, held against what others measured on them.

use super::sample;
use hft_data::{BookFiles, ReadOptions, Recording, StylisedCollector, StylisedFacts};

fn facts(name: &str) -> Option<StylisedFacts> {
    let path = sample(name)?;
    let options = ReadOptions { book_files: BookFiles::Paired, ..ReadOptions::default() };
    let mut recording = Recording::open(&path, &options).expect("a recording");
    let mut collector = StylisedCollector::default();
    while let Some(event) = recording.next().expect("no bad record") {
        collector.see(&event);
    }
    Some(collector.conclude(&recording.instruments().as_slice()[0]))
}

#[test]
fn googs_spread_and_imbalance_are_those_of_its_orderbook_file() {
    let Some(facts) = facts("lobster/LOBSTER_SampleFile_GOOG_2012-06-21_10.zip") else { return };
    println!("{facts:#?}");
    let auc = facts.imbalance_auc.expect("it moved");
    assert!((auc - 0.577).abs() < 0.01, "{auc}");
}

#[test]
fn aapl() {
    let Some(facts) = facts("lobster/AAPL_2012-06-21_34200000_37800000_message_50.csv.gz") else { return };
    println!("{facts:#?}");
}

#[test]
fn btc() {
    let Some(facts) = facts("binance/usdm_btcusdt_20240808.gz") else { return };
    println!("{facts:#?}");
}
