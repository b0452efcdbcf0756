//! What each stage of the reader takes, measured here and now, on one thread.
//!
//! Times are of this machine at this moment and not of a run: in a run reading takes what `read_us` says. A clock costs some tens of
//! nanoseconds at every stage, which are in the stages' figures and not in the whole's.

use super::{SEED, at_most};
use crate::config::NoveltyTable;
use crate::reader::{ModelKind, Pipeline, ReaderConfig, Shipped, Stage};
use crate::tape::{Generator, GeneratorConfig, NewsItem, Wordings};
use hft_app::paper::{PaperError, PaperReport, PaperRow, check};
use hft_core::models::Nanos;
use hft_core::world::{Histogram, stream};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

/// What to measure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BudgetTable {
    /// Headlines.
    pub headlines: u64,
    /// Of the headlines.
    pub seed: u64,
}

impl Default for BudgetTable {
    fn default() -> Self {
        Self { headlines: 50_000, seed: SEED }
    }
}

/// What a headline may take from bytes to a reading, ns: half of them, and ninety-nine of a hundred.
const P50_NS: f64 = 20_000.0;
const P99_NS: f64 = 50_000.0;
/// Headlines a second, one after another.
const RATE: f64 = 100_000.0;
/// From nothing to the first reading, s.
const START_S: f64 = 1.0;

/// Times of the stages and of the whole.
///
/// # Errors
/// When a parameter is out of range.
#[allow(clippy::disallowed_methods, reason = "what is told here is time on the wall; no run sees it")]
pub fn budget(table: &BudgetTable) -> Result<PaperReport, PaperError> {
    check("headlines", table.headlines as f64, [1_000.0, 1e6])?;
    let started = Instant::now();
    let shipped = Arc::new(Shipped::load());
    let config = ReaderConfig {
        model: ModelKind::Linear,
        accuracy: 1.0,
        novelty: NoveltyTable::default().config(),
        seed: table.seed,
    };
    let mut pipeline = Pipeline::new(config, Arc::clone(&shipped));
    let start_s = started.elapsed().as_secs_f64();
    let wire = Generator::new(GeneratorConfig::default(), Wordings::All, 12, stream(table.seed, "budget"));
    let count = usize::try_from(table.headlines).expect("at most a million");
    let items: Vec<NewsItem> = wire.take(count).collect();

    let mut whole = Histogram::new();
    let began = Instant::now();
    for item in &items {
        let before = Instant::now();
        let reading = pipeline.read(item.published, item.text.as_bytes(), None);
        whole.record(elapsed(before));
        black_box(&reading);
    }
    let rate = items.len() as f64 / began.elapsed().as_secs_f64();

    let mut stages: Vec<Histogram> = Stage::ALL.iter().map(|_| Histogram::new()).collect();
    let mut pipeline = Pipeline::new(config, shipped);
    for item in &items {
        let mut before = Instant::now();
        let reading = pipeline.read_and_tell(item.published, item.text.as_bytes(), None, |stage| {
            let now = Instant::now();
            stages[stage as usize].record(Nanos::new(u64::try_from((now - before).as_nanos()).unwrap_or(u64::MAX)));
            before = Instant::now();
        });
        black_box(&reading);
    }
    let mut rows = Vec::new();
    let quantiles = [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)];
    for (stage, histogram) in Stage::ALL.iter().zip(&stages) {
        for (name, q) in quantiles {
            let ns = histogram.quantile(q).count() as f64;
            rows.push(PaperRow::new("each stage, ns", format!("{}, {name}", stage.word()), ns));
        }
    }
    for ((name, q), gate) in quantiles.into_iter().zip([Some(P50_NS), Some(P99_NS), None]) {
        let row = PaperRow::new("bytes to a reading, ns", name, whole.quantile(q).count() as f64);
        rows.push(gate.filter(|_| !cfg!(debug_assertions)).map_or(row.clone(), |gate| at_most(row, gate)));
    }
    let rate = PaperRow::new("in batch", "headlines a second", rate);
    rows.push(if cfg!(debug_assertions) { rate } else { super::at_least(rate, RATE) });
    rows.push(at_most(PaperRow::new("start", "weights to a reader, s", start_s), START_S));
    Ok(PaperReport {
        name: "budget".to_owned(),
        citation: "Measured on this machine, now; gates are those of this project".to_owned(),
        rows,
        notes: vec![
            format!(
                "{} headlines, one thread, the shipped model; copies and refusals of a wire among them.",
                items.len()
            ),
            "A build without optimisation is measured and not judged.".to_owned(),
        ],
    })
}

#[allow(clippy::disallowed_methods, reason = "what is told here is time on the wall; no run sees it")]
fn elapsed(since: Instant) -> Nanos {
    Nanos::new(u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX))
}
