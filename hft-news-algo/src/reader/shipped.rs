//! The model that ships: trained on headlines of our own making, and on nothing else, by
//! `cargo run --release -p hft-news-algo --example train`.
//!
//! Invariant: the same seed gives the same bytes. Weights are kept as eight bits each.

use super::magnitude::{Magnitude, percent};
use crate::model::features::{Extractor, Feature};
use crate::model::linear::{Example, Linear, Training};
use crate::model::naive_bayes::NaiveBayes;
use crate::model::text::Text;
use crate::tape::{Copy, EventKind, Generator, GeneratorConfig, NewsItem, Wordings};
use anyhow::Context;
use hft_core::world::stream;
use serde::{Deserialize, Serialize};

/// How many kinds of events there are.
const KINDS: usize = EventKind::ALL.len();

/// The weights are no larger than this, bytes.
pub const SIZE_MAX: usize = 1_000_000;

/// The seed of the headlines that it is trained on.
const SEED: u64 = 2_021;
/// How many headlines, and how many of those only calibrate.
const HEADLINES: usize = 6_000;
const CALIBRATING: usize = 1_200;

/// What reads.
#[derive(Clone, Debug)]
pub struct Shipped {
    /// Which way.
    pub direction: Linear<3>,
    /// What happened.
    pub kind: Linear<KINDS>,
    /// The baseline.
    pub naive_bayes: NaiveBayes,
    /// How far.
    pub magnitude: Magnitude,
}

/// A table of weights, eight bits each.
#[derive(Serialize, Deserialize)]
struct Packed {
    bias: Vec<f32>,
    temperature: f32,
    /// What a class's weights are multiples of.
    scales: Vec<f32>,
    weights: Vec<i8>,
}

#[derive(Serialize, Deserialize)]
struct File {
    direction: Packed,
    kind: Packed,
    naive_bayes: NaiveBayes,
    magnitude: Magnitude,
}

impl Shipped {
    /// The one in this binary.
    pub fn load() -> Self {
        Self::from_bytes(include_bytes!("../../weights/headlines.bin")).expect("the weights in this binary are whole")
    }

    /// From a file's bytes.
    ///
    /// # Errors
    /// When they are not such weights.
    pub fn from_bytes(bytes: &[u8]) -> anyhow::Result<Self> {
        let file: File = postcard::from_bytes(bytes).context("these are no weights of this model")?;
        Ok(Self {
            direction: unpacked(&file.direction)?,
            kind: unpacked(&file.kind)?,
            naive_bayes: file.naive_bayes,
            magnitude: file.magnitude,
        })
    }

    /// As a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let file = File {
            direction: packed(&self.direction),
            kind: packed(&self.kind),
            naive_bayes: self.naive_bayes.clone(),
            magnitude: self.magnitude,
        };
        postcard::to_extend(&file, Vec::new()).expect("a Vec takes everything")
    }

    /// Trains it anew.
    pub fn train() -> Self {
        let wire = Generator::new(GeneratorConfig::default(), Wordings::Known, 12, stream(SEED, "training"));
        let is_own = |item: &NewsItem| item.label.as_ref().is_some_and(|label| label.copy == Copy::Original);
        let items: Vec<NewsItem> = wire.filter(is_own).take(HEADLINES).collect();
        let mut extractor = Extractor::default();
        let (mut directions, mut kinds, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        let mut sums = Sums::default();
        for item in &items {
            let label = item.label.as_ref().expect("they were chosen by it");
            let text = Text::of(&item.text);
            let features: Vec<Feature> = extractor.features(&text).to_vec();
            let ticks = label.effects.first().map_or(0, |effect| effect.ticks.abs());
            sums.add(label.kind, ticks as f64, percent(&text, &extractor));
            kinds.push(Example { features: features.clone(), class: label.kind.index() });
            directions.push(Example { features, class: label.direction.index() });
            texts.push((text, label.direction.index()));
        }
        let fit = |bits| Training { bits, ..Training::default() };
        let naive_bayes = NaiveBayes::train(texts.iter().map(|(text, class)| (text, *class)));
        Self {
            direction: fitted(&directions, fit(16)),
            kind: fitted(&kinds, fit(14)),
            naive_bayes,
            magnitude: sums.magnitude(),
        }
    }
}

/// Trained on all but the last examples, calibrated on those.
fn fitted<const K: usize>(examples: &[Example], training: Training) -> Linear<K> {
    let (learned, held) = examples.split_at(examples.len() - CALIBRATING);
    let mut model = Linear::train(&learned.iter().collect::<Vec<_>>(), training);
    model.calibrate(&held.iter().collect::<Vec<_>>());
    model
}

/// What the magnitudes are made of.
#[derive(Default)]
struct Sums {
    /// Products of ticks and percent, and squares of percent.
    cross: f64,
    squares: f64,
    /// By kind: ticks, and how many.
    kinds: [(f64, f64); KINDS],
}

impl Sums {
    fn add(&mut self, kind: EventKind, ticks: f64, percent: Option<f64>) {
        if ticks <= 0.0 {
            return;
        }
        let mean = &mut self.kinds[kind.index()];
        *mean = (mean.0 + ticks, mean.1 + 1.0);
        if let Some(percent) = percent {
            self.cross += ticks * percent;
            self.squares += percent * percent;
        }
    }

    fn magnitude(&self) -> Magnitude {
        let means = self.kinds.map(|(sum, count)| if count > 0.0 { sum / count } else { 0.0 });
        Magnitude { ticks_a_percent: self.cross / self.squares, means }
    }
}

fn packed<const K: usize>(model: &Linear<K>) -> Packed {
    let most = |k: usize| model.weights().iter().map(|row| row[k].abs()).fold(f32::MIN_POSITIVE, f32::max);
    let scales: Vec<f32> = (0..K).map(|k| most(k) / 127.0).collect();
    #[allow(clippy::cast_possible_truncation, reason = "-127 to 127")]
    let pack = |weight: f32, scale: f32| (weight / scale).round() as i8;
    let row = |row: &[f32; K]| row.iter().zip(&scales).map(|(weight, scale)| pack(*weight, *scale)).collect::<Vec<_>>();
    let weights = model.weights().iter().flat_map(row).collect();
    Packed { bias: model.bias().to_vec(), temperature: model.temperature(), scales, weights }
}

fn unpacked<const K: usize>(packed: &Packed) -> anyhow::Result<Linear<K>> {
    let Packed { bias, temperature, scales, weights } = packed;
    anyhow::ensure!(scales.len() == K && weights.len().is_multiple_of(K), "a table of another shape");
    anyhow::ensure!((weights.len() / K).is_power_of_two(), "a table of another size");
    let row = |row: &[i8]| std::array::from_fn(|k| f32::from(row[k]) * scales[k]);
    let rows = weights.chunks_exact(K).map(row).collect();
    let bias: [f32; K] = bias.as_slice().try_into().context("a score for each class")?;
    Ok(Linear::new(rows, bias, *temperature))
}
