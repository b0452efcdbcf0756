//! Easley, López de Prado & O'Hara (2012), "Flow toxicity and liquidity in a high-frequency world", Review of Financial
//! Studies 25(5) 1457: the volume-synchronised probability of informed trading.
//!
//! Volume is cut into buckets of equal size `V`; each part of it is called bought or sold; over the last `n` buckets
//!
//! ```text
//! VPIN = sum |V_buy - V_sell| / (n V)
//! ```
//!
//! Who bought is either told ([`Vpin::add`] with the share of the aggressors) or guessed by bulk volume classification:
//! of the volume of a bar over which the price moved by `dP`, the share `Phi(dP / sigma_dP)` was bought, `Phi` the
//! standard normal distribution function and `sigma_dP` the standard deviation of the bars' price moves
//! ([`bulk_buy_share`]).
//!
//! A warning that the paper's critics made (Andersen & Bondarenko 2014): VPIN rises with volume and volatility whoever
//! is informed. It is a knob here, not a truth; the simulation knows who was informed and can be asked.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// `Phi(dP / sigma)`, the share of a bar's volume that bulk classification calls bought. Without a price scale: one
/// half.
///
/// ```
/// use hft_passive_mm::model::vpin::bulk_buy_share;
/// assert!((bulk_buy_share(0.0, 0.5) - 0.5).abs() < 1e-15);
/// assert!((bulk_buy_share(0.5, 0.5) - 0.8413447).abs() < 1e-7);
/// ```
pub fn bulk_buy_share(price_change: f64, sigma: f64) -> f64 {
    if sigma > 0.0 { libm::erfc(-price_change / sigma / std::f64::consts::SQRT_2) / 2.0 } else { 0.5 }
}

/// The measure, fed with volume as it trades.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Vpin {
    bucket_volume: f64,
    buckets: usize,
    /// What is in the bucket that is filling.
    bought: f64,
    sold: f64,
    /// `|V_buy - V_sell|` of the last full buckets, oldest first.
    imbalances: VecDeque<f64>,
}

impl Vpin {
    /// Buckets of `bucket_volume`, averaged over the last `buckets` (50 in the paper).
    ///
    /// # Panics
    /// When either is not above zero.
    pub fn new(bucket_volume: f64, buckets: usize) -> Self {
        assert!(bucket_volume > 0.0 && buckets > 0, "buckets have a size and a number");
        Self { bucket_volume, buckets, bought: 0.0, sold: 0.0, imbalances: VecDeque::with_capacity(buckets) }
    }

    /// Adds volume of which `buy_share` (0 to 1) was bought. What does not fit in the bucket at hand opens the next;
    /// volume beyond the whole window only rewrites it.
    pub fn add(&mut self, volume: f64, buy_share: f64) {
        let mut left = volume.min(self.bucket_volume * (self.buckets as f64 + 1.0));
        while left > 0.0 {
            let room = self.bucket_volume - self.bought - self.sold;
            let part = left.min(room);
            self.bought += part * buy_share;
            self.sold += part * (1.0 - buy_share);
            left -= part;
            // The sum of parts may miss the bucket's size by rounding.
            if part >= room || self.bucket_volume - self.bought - self.sold < 1e-12 * self.bucket_volume {
                self.close_bucket();
            }
        }
    }

    /// The measure, 0 (balanced) to 1 (all one way), once the window is full.
    pub fn value(&self) -> Option<f64> {
        let full = self.imbalances.len() == self.buckets;
        full.then(|| self.imbalances.iter().sum::<f64>() / (self.buckets as f64 * self.bucket_volume))
    }

    fn close_bucket(&mut self) {
        if self.imbalances.len() == self.buckets {
            self.imbalances.pop_front();
        }
        self.imbalances.push_back((self.bought - self.sold).abs());
        (self.bought, self.sold) = (0.0, 0.0);
    }
}

/// Bulk classification of a stream: keeps the last price and the standard deviation of the bars' moves.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct BulkClassifier {
    last: Option<f64>,
    bars: f64,
    /// Sum of squared moves; the mean move of a short bar is nothing beside its spread.
    sum_sq: f64,
}

impl BulkClassifier {
    /// Closes a bar at `price` and returns the share of its volume that was bought, judged by the moves so far, this
    /// one included.
    pub fn close_bar(&mut self, price: f64) -> f64 {
        let change = self.last.map_or(0.0, |last| price - last);
        if self.last.replace(price).is_some() {
            self.bars += 1.0;
            self.sum_sq += change * change;
        }
        let sigma = if self.bars > 0.0 { (self.sum_sq / self.bars).sqrt() } else { 0.0 };
        bulk_buy_share(change, sigma)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: buckets of 10, window of 3. Trades (volume, bought?): 6b 6s 8b 4s 6b.
    /// Bucket 1: 6b + 4s -> |6-4| = 2. Bucket 2: 2s + 8b -> 6. Bucket 3: 4s + 6b -> 2. VPIN = 10/30.
    #[test]
    fn hand_worked() {
        let mut vpin = Vpin::new(10.0, 3);
        for (volume, buy_share) in [(6.0, 1.0), (6.0, 0.0), (8.0, 1.0), (4.0, 0.0)] {
            vpin.add(volume, buy_share);
            assert_eq!(vpin.value(), None, "the window is not full");
        }
        vpin.add(6.0, 1.0);
        assert!((vpin.value().expect("full") - 10.0 / 30.0).abs() < 1e-15);
        // A sale of 25 fills two buckets one way: the window is now 2, 10, 10, and 5 wait.
        vpin.add(25.0, 0.0);
        assert!((vpin.value().expect("full") - 22.0 / 30.0).abs() < 1e-15);
        // 5 bought beside the 5 that wait: 10, 10, 0.
        vpin.add(5.0, 1.0);
        assert!((vpin.value().expect("full") - 20.0 / 30.0).abs() < 1e-15);
    }

    /// By hand, bulk classification: moves of +1 and -1 and bars of 10. sigma after one move of 1 is 1: Phi(1) =
    /// .8413447 of bar 2 was bought; after moves 1, -1 it still is 1: Phi(-1) of bar 3. |2 Phi(1) - 1| = .6826895 each.
    #[test]
    fn hand_worked_in_bulk() {
        let (mut vpin, mut classifier) = (Vpin::new(10.0, 2), BulkClassifier::default());
        assert!((classifier.close_bar(100.0) - 0.5).abs() < 1e-15, "no move yet: half and half");
        for price in [101.0, 100.0] {
            vpin.add(10.0, classifier.close_bar(price));
        }
        assert!((vpin.value().expect("full") - 0.682_689_5).abs() < 1e-7);
    }

    #[test]
    fn one_sided_flow_is_one_and_balanced_flow_is_zero() {
        for (share, expected) in [(1.0, 1.0), (0.5, 0.0), (0.0, 1.0)] {
            let mut vpin = Vpin::new(7.0, 50);
            (0..1_000).for_each(|_| vpin.add(0.7, share));
            assert!((vpin.value().expect("full") - expected).abs() < 1e-9);
        }
    }

    #[test]
    fn absurd_volume_ends() {
        let mut vpin = Vpin::new(1e-9, 5);
        vpin.add(1e18, 1.0);
        assert!((vpin.value().expect("full") - 1.0).abs() < 1e-9);
    }
}
