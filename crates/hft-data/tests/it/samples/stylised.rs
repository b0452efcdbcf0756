//! The stylised facts of the shared samples, held against what others measured on them.

use super::sample;
use hft_core::models::Top;
use hft_data::{Body, BookFiles, Flags, ObservedBook, ReadOptions, Recording, StylisedCollector, StylisedFacts};

/// The facts, and the mean spread over the book after every record.
fn facts(name: &str) -> Option<(StylisedFacts, f64)> {
    let path = sample(name)?;
    let options = ReadOptions { book_files: BookFiles::Paired, ..ReadOptions::default() };
    let mut recording = Recording::open(&path, &options).expect("a recording");
    let (mut collector, mut book, mut sum, mut count) =
        (StylisedCollector::default(), ObservedBook::default(), 0i64, 0i64);
    while let Some(event) = recording.next().expect("no bad record") {
        collector.see(&event);
        let _ = book.apply(&event);
        let looks = event.flags.has(Flags::LAST) && !matches!(event.body, Body::Clear(_));
        if let (true, Top { bid: Some(bid), ask: Some(ask) }) = (looks, book.top()) {
            sum += ask.price.ticks() - bid.price.ticks();
            count += 1;
        }
    }
    let info = &recording.instruments().as_slice()[0];
    Some((collector.conclude(info), sum as f64 / count as f64 * info.price_step.to_f64()))
}

/// The rows of GOOG's file have a mean spread of 0.296, and an imbalance that tells the next move with 0.577.
#[test]
fn googs_spread_and_imbalance_are_those_of_its_orderbook_file() {
    let Some((facts, spread)) = facts("lobster/LOBSTER_SampleFile_GOOG_2012-06-21_10.zip") else { return };
    assert!((spread - 0.296).abs() < 0.000_5, "{spread}");
    let auc = facts.imbalance_auc.expect("it moved");
    assert!((auc - 0.577).abs() < 0.01, "{auc}");
    assert_eq!(facts.order_size.map(|sizes| sizes.count), Some(71_258), "every message of type 1");
}

/// Kukanov's regression has a slope of about one over twice the depth, and explains a good part.
#[test]
fn aapls_price_follows_the_flow_of_orders() {
    let Some((facts, _)) = facts("lobster/AAPL_2012-06-21_34200000_37800000_message_50.csv.gz") else { return };
    let flow = facts.flow.expect("an hour");
    assert!((0.8..1.6).contains(&flow.depth_slope) && flow.r2 > 0.2, "{flow:?}");
    let kurtosis = facts.kurtosis.value.iter().flatten().copied().collect::<Vec<_>>();
    assert!(
        kurtosis[0] > kurtosis[1] && kurtosis[1] > kurtosis[2],
        "returns of longer spans are more normal: {kurtosis:?}"
    );
}
