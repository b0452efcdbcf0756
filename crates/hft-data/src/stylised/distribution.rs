//! How a quantity is distributed, in constant memory, and how far two distributions are from one another.
//!
//! Invariant: the mean is exact; a quantile is off by less than a twentieth of itself, since bins grow by 2^(1/16).

use serde::{Deserialize, Serialize};

/// Bins to a doubling.
const PER_OCTAVE: i32 = 16;

/// Values below 2^-40 count as zero, values above 2^40 as that.
const OCTAVES: i32 = 40;

#[allow(clippy::cast_sign_loss, reason = "constants above zero")]
const BINS: usize = (2 * OCTAVES * PER_OCTAVE) as usize;

/// A histogram under construction: zero, and logarithmic bins above it.
#[derive(Clone, Debug)]
pub(crate) struct Histogram {
    zero: f64,
    weights: Vec<f64>,
    /// What lies in each bin, summed: its mean stands for it.
    sums: Vec<f64>,
    count: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { zero: 0.0, weights: vec![0.0; BINS], sums: vec![0.0; BINS], count: 0 }
    }
}

impl Histogram {
    /// One value, once.
    pub(crate) fn see(&mut self, value: f64) {
        self.weigh(value, 1.0);
    }

    /// One value that held for so long.
    pub(crate) fn weigh(&mut self, value: f64, weight: f64) {
        self.count += 1;
        if value <= 0.0 || !value.is_finite() {
            self.zero += weight;
            return;
        }
        #[allow(clippy::cast_possible_truncation, reason = "`as` saturates, and the result is clamped")]
        let bin = (libm::log2(value) * f64::from(PER_OCTAVE)).floor() as i32 + OCTAVES * PER_OCTAVE;
        let bin = usize::try_from(bin.max(0)).expect("not below zero").min(BINS - 1);
        self.weights[bin] += weight;
        self.sums[bin] += value * weight;
    }

    /// What was seen, each value times `unit`; nothing where nothing was.
    pub(crate) fn conclude(&self, unit: f64) -> Option<Distribution> {
        let total = self.zero + self.weights.iter().sum::<f64>();
        if total <= 0.0 {
            return None;
        }
        let zero = (self.zero > 0.0).then_some((0.0, self.zero / total));
        let bins = self.weights.iter().zip(&self.sums).filter(|(weight, _)| **weight > 0.0);
        let points = zero.into_iter().chain(bins.map(|(weight, sum)| (sum / weight * unit, weight / total)));
        Some(Distribution { count: self.count, points: points.collect() })
    }
}

/// A distribution of a quantity that is not negative: some hundreds of points with their shares at most.
///
/// ```
/// use hft_data::Distribution;
/// let one = Distribution { count: 2, points: vec![(1.0, 0.5), (3.0, 0.5)] };
/// let twice = Distribution { count: 2, points: vec![(2.0, 0.5), (6.0, 0.5)] };
/// assert_eq!((one.mean(), one.quantile(0.5), one.quantile(0.9)), (2.0, 1.0, 3.0));
/// assert_eq!((one.wasserstein(&twice), one.shape_wasserstein(&twice)), (2.0, 0.0));
/// ```
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Distribution {
    /// How many observations.
    pub count: u64,
    /// Values in ascending order, each with its share of the whole.
    pub points: Vec<(f64, f64)>,
}

impl Distribution {
    /// Its mean.
    pub fn mean(&self) -> f64 {
        self.points.iter().map(|(value, share)| value * share).sum()
    }

    /// The smallest value that so large a share does not exceed.
    pub fn quantile(&self, share: f64) -> f64 {
        let mut below = 0.0;
        let reached = self.points.iter().find(|(_, weight)| {
            below += weight;
            below >= share - 1e-12
        });
        reached.or(self.points.last()).map_or(0.0, |(value, _)| *value)
    }

    /// Wasserstein-1: how far a share has to be carried on average to make the one of the other; in the quantity's own unit.
    pub fn wasserstein(&self, other: &Self) -> f64 {
        transport(&self.points, &other.points)
    }

    /// Wasserstein-1 of the shapes: both divided by their means first.
    pub fn shape_wasserstein(&self, other: &Self) -> f64 {
        transport(&self.shape(), &other.shape())
    }

    /// L1 of the shapes, from 0 to 2: both divided by their means, in bins of half a doubling.
    pub fn shape_l1(&self, other: &Self) -> f64 {
        let (ours, theirs) = (self.shares(), other.shares());
        ours.iter().zip(theirs).map(|(ours, theirs)| (ours - theirs).abs()).sum()
    }

    /// Values over the mean.
    pub fn shape(&self) -> Vec<(f64, f64)> {
        let mean = self.mean();
        let over = |value: f64| if mean > 0.0 { value / mean } else { 0.0 };
        self.points.iter().map(|&(value, share)| (over(value), share)).collect()
    }

    /// Shares by half doublings of the value over the mean, the first for what is nearly zero.
    fn shares(&self) -> [f64; Self::SHARES] {
        let mut shares = [0.0; Self::SHARES];
        for (value, share) in self.shape() {
            #[allow(clippy::cast_possible_truncation, reason = "`as` saturates, and the result is clamped")]
            let bin = if value > 0.0 { (libm::log2(value) * 2.0).floor() as i32 + 21 } else { 0 };
            shares[usize::try_from(bin.max(0)).expect("not below zero").min(Self::SHARES - 1)] += share;
        }
        shares
    }

    const SHARES: usize = 42;
}

/// The area between two distribution functions.
fn transport(ours: &[(f64, f64)], theirs: &[(f64, f64)]) -> f64 {
    let (mut i, mut j, mut gap, mut area, mut at) = (0, 0, 0.0, 0.0, None::<f64>);
    while i < ours.len() || j < theirs.len() {
        let next = |points: &[(f64, f64)], k: usize| points.get(k).map_or(f64::INFINITY, |(value, _)| *value);
        let value = next(ours, i).min(next(theirs, j));
        area += at.map_or(0.0, |before| f64::abs(gap) * (value - before));
        at = Some(value);
        while next(ours, i) <= value && i < ours.len() {
            gap += ours[i].1;
            i += 1;
        }
        while next(theirs, j) <= value && j < theirs.len() {
            gap -= theirs[j].1;
            j += 1;
        }
    }
    area
}
