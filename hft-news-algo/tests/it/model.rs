//! The model that ships: its bytes, and what it makes of wordings that it never saw.

use hft_app::testing::temporary;
use hft_core::models::Nanos;
use hft_core::world::stream;
use hft_news_algo::model::min_hash::Bands;
use hft_news_algo::reader::{ModelKind, NoveltyConfig, Pipeline, ReaderConfig, SIZE_MAX, Shipped};
use hft_news_algo::tape::{Copy, Generator, GeneratorConfig, NewsItem, Wordings};
use std::sync::Arc;

const SHIPPED: &[u8] = include_bytes!("../../weights/headlines.bin");

fn pipeline(model: ModelKind) -> Pipeline {
    let bands = Bands { bands: 12, rows: 3 };
    let novelty = Some(NoveltyConfig { window: Nanos::from_secs(60), bands, similarity: 0.5 });
    Pipeline::new(ReaderConfig { model, accuracy: 1.0, novelty, seed: 0 }, Arc::new(Shipped::load()))
}

fn unseen(count: usize) -> Vec<NewsItem> {
    let wire = Generator::new(GeneratorConfig::default(), Wordings::Unseen, 12, stream(5, "unseen"));
    wire.filter(|item| {
        item.label.as_ref().is_some_and(|label| label.copy == Copy::Original && !label.effects.is_empty())
    })
    .take(count)
    .collect()
}

fn accuracy(model: ModelKind) -> f64 {
    let (mut pipeline, items) = (pipeline(model), unseen(2_000));
    let right = items.iter().filter(|item| {
        let reading = pipeline.read(item.published, item.text.as_bytes(), None).expect("it can be read");
        Some(reading.direction()) == item.label.as_ref().map(|label| label.direction)
    });
    right.count() as f64 / items.len() as f64
}

/// The weights in the repository are those that the command makes, to the last byte.
#[test]
fn training_again_gives_the_shipped_bytes() {
    assert!(SHIPPED.len() < SIZE_MAX);
    let bytes = Shipped::train().to_bytes();
    if bytes != SHIPPED {
        let kept = temporary().keep().join("headlines.bin");
        std::fs::write(&kept, &bytes).expect("writable");
        panic!("{} trained bytes differ from {} shipped: {}", bytes.len(), SHIPPED.len(), kept.display());
    }
}

#[test]
fn wordings_that_no_model_saw_are_mostly_understood_and_better_than_by_counting() {
    let [linear, words, counted] = [ModelKind::Linear, ModelKind::NaiveBayes, ModelKind::Lexicon].map(accuracy);
    println!("unseen wordings: linear {linear:.3}, naive Bayes {words:.3}, lexicon {counted:.3}");
    assert!(linear > 0.75, "{linear}");
    assert!(linear > counted + 0.05 && linear > words, "{linear}, {words}, {counted}");
}

#[test]
fn a_copy_is_seen_and_what_cannot_be_read_has_a_reason() {
    let mut pipeline = pipeline(ModelKind::Linear);
    let at = |s| hft_core::models::Timestamp::START + Nanos::from_secs(s);
    let text = b"Helix Pharma Q3 profit rises 12.0% to 112.0 million from 100.0 million";
    let first = pipeline.read(at(1), text, None).expect("readable");
    assert!(first.expected() > 15.0, "{first:?}");
    let again = pipeline.read(at(2), text, None).expect("readable");
    assert!(again.expected().abs() < 1e-9, "{again:?}");
    let rewritten = pipeline.read(at(3), b"BRIEF-Helix Pharma earnings climb 12.0% in Q3", None).expect("readable");
    assert!(rewritten.novelty < 0.5, "the same story in other words: {rewritten:?}");
    for (bytes, reason) in [
        (&b""[..], "an empty headline"),
        (&b"   "[..], "an empty headline"),
        (&b"Helix \xff rises"[..], "no UTF-8 at byte 6"),
        (&vec![b'a'; 10_000_000][..], "10000000 bytes; at most 4096"),
    ] {
        let refused = pipeline.read(at(4), bytes, None).expect_err("unreadable").to_string();
        assert!(refused.contains(reason), "{refused}");
    }
}
