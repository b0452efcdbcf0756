//! Softmax regression on hashed features: `P(k | x) = e^(s_k / T) / sum_j e^(s_j / T)`, `s_k = b_k + sum_i w_(k, h(i)) x_i`.
//!
//! Trained by AdaGrad on the log-loss with a quadratic penalty, in one order that its seed decides: same examples, same seed, same weights
//! to the last bit. `T` is fitted afterwards on examples that the weights have not seen, which makes probabilities honest (Guo, Pleiss,
//! Sun & Weinberger 2017).
//!
//! Left out: interactions beyond pairs of words, and everything that has layers.

use super::features::Feature;
use hft_core::world::stream;
use rand::RngExt;

/// How to train.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Training {
    /// The table has two to this power rows.
    pub bits: u32,
    /// How often every example is seen.
    pub epochs: u32,
    /// The step of AdaGrad.
    pub rate: f32,
    /// The quadratic penalty.
    pub penalty: f32,
    /// How much more the examples of a rare class weigh: by this power of how much rarer than the others it is.
    pub balance: f32,
    /// Decides the order of the examples.
    pub seed: u64,
}

impl Default for Training {
    fn default() -> Self {
        Self { bits: 20, epochs: 6, rate: 0.1, penalty: 2e-3, balance: 0.4, seed: 1 }
    }
}

/// An example: its features and its class.
#[derive(Clone, PartialEq, Debug)]
pub struct Example {
    /// What the model sees.
    pub features: Vec<Feature>,
    /// What it should say.
    pub class: usize,
}

/// A trained model of `K` classes.
#[derive(Clone, PartialEq, Debug)]
pub struct Linear<const K: usize> {
    mask: u32,
    weights: Vec<[f32; K]>,
    bias: [f32; K],
    temperature: f32,
}

impl<const K: usize> Linear<K> {
    /// A model from its parts.
    ///
    /// # Panics
    /// When the number of weights is not a power of two.
    pub fn new(weights: Vec<[f32; K]>, bias: [f32; K], temperature: f32) -> Self {
        assert!(weights.len().is_power_of_two(), "a table has a power of two rows");
        let mask = u32::try_from(weights.len() - 1).expect("a table of at most 2^32 rows");
        Self { mask, weights, bias, temperature }
    }

    /// The table of weights, a row a bucket.
    pub fn weights(&self) -> &[[f32; K]] {
        &self.weights
    }

    /// The classes' own scores.
    pub const fn bias(&self) -> [f32; K] {
        self.bias
    }

    /// What scores are divided by.
    pub const fn temperature(&self) -> f32 {
        self.temperature
    }

    fn row(&self, feature: Feature) -> usize {
        usize::try_from(feature.hash & self.mask).expect("a u32 indexes memory")
    }

    fn scores(&self, features: &[Feature]) -> [f32; K] {
        let mut scores = self.bias;
        for feature in features {
            let row = &self.weights[self.row(*feature)];
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += weight * feature.value;
            }
        }
        scores
    }

    /// The classes' probabilities.
    pub fn probabilities(&self, features: &[Feature]) -> [f32; K] {
        softmax(self.scores(features), self.temperature)
    }

    /// Trains on all examples; the temperature stays 1.
    pub fn train(examples: &[&Example], training: Training) -> Self {
        let rows = 1usize << training.bits;
        let mut model = Self::new(vec![[0.0; K]; rows], [0.0; K], 1.0);
        let mut squares = vec![[1e-6f32; K]; rows];
        let mut bias_squares = [1e-6f32; K];
        let weights = class_weights::<K>(examples, training.balance);
        let mut rng = stream(training.seed, "examples");
        let mut order: Vec<usize> = (0..examples.len()).collect();
        for _ in 0..training.epochs {
            for at in (1..order.len()).rev() {
                let other = rng.random_range(0..=u64::try_from(at).expect("it fits"));
                order.swap(at, usize::try_from(other).expect("at most `at`"));
            }
            for &at in &order {
                let Example { features, class } = examples[at];
                let mut errors = softmax(model.scores(features), 1.0);
                errors[*class] -= 1.0;
                errors.iter_mut().for_each(|error| *error *= weights[*class]);
                for feature in features {
                    let row = model.row(*feature);
                    for k in 0..K {
                        let weight = &mut model.weights[row][k];
                        let gradient = errors[k] * feature.value + training.penalty * *weight;
                        squares[row][k] += gradient * gradient;
                        *weight -= training.rate * gradient / squares[row][k].sqrt();
                    }
                }
                for k in 0..K {
                    bias_squares[k] += errors[k] * errors[k];
                    model.bias[k] -= training.rate * errors[k] / bias_squares[k].sqrt();
                }
            }
        }
        model
    }

    /// The same weights at another temperature.
    #[must_use]
    pub fn at_temperature(self, temperature: f32) -> Self {
        Self { temperature, ..self }
    }

    /// Fits the temperature to examples that the weights have not seen: the log-loss has one minimum in `1/T`.
    pub fn calibrate(&mut self, examples: &[&Example]) {
        let scores: Vec<([f32; K], usize)> =
            examples.iter().map(|example| (self.scores(&example.features), example.class)).collect();
        let loss = |log_t: f64| {
            #[allow(clippy::cast_possible_truncation, reason = "a temperature near one")]
            let temperature = libm::exp(log_t) as f32;
            let each = |(scores, class): &([f32; K], usize)| {
                -libm::log(f64::from(softmax(*scores, temperature)[*class]).max(1e-12))
            };
            scores.iter().map(each).sum::<f64>()
        };
        // Golden section between a tenth and ten.
        let golden = (5f64.sqrt() - 1.0) / 2.0;
        let (mut low, mut high) = (-2.3, 2.3);
        for _ in 0..40 {
            let (left, right) = (high - golden * (high - low), low + golden * (high - low));
            if loss(left) < loss(right) {
                high = right;
            } else {
                low = left;
            }
        }
        #[allow(clippy::cast_possible_truncation, reason = "a temperature near one")]
        let temperature = libm::exp((low + high) / 2.0) as f32;
        self.temperature = temperature;
    }
}

/// How much an example of each class weighs: one on average, were all classes as frequent.
fn class_weights<const K: usize>(examples: &[&Example], balance: f32) -> [f32; K] {
    let mut counts = [0u32; K];
    examples.iter().for_each(|example| counts[example.class] += 1);
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "counts of examples, and a ratio")]
    let weight = |count: u32| {
        let rarer = examples.len() as f64 / (K as f64 * f64::from(count.max(1)));
        libm::pow(rarer, f64::from(balance)) as f32
    };
    counts.map(weight)
}

fn softmax<const K: usize>(scores: [f32; K], temperature: f32) -> [f32; K] {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut parts = scores.map(|score| libm::expf((score - most) / temperature));
    let sum: f32 = parts.iter().sum();
    parts.iter_mut().for_each(|part| *part /= sum);
    parts
}

/// The likeliest class, the first of equals.
pub fn likeliest<const K: usize>(probabilities: &[f32; K]) -> usize {
    let mut best = 0;
    for (class, probability) in probabilities.iter().enumerate() {
        if *probability > probabilities[best] {
            best = class;
        }
    }
    best
}
