//! How well the weight at the touch tells the next move of the midpoint.

use super::half_steps;
use hft_core::models::Top;

/// Classes of the imbalance at the touch.
const IMBALANCES: usize = 64;

/// How often each class of imbalance preceded which move.
#[derive(Clone, Debug)]
pub(super) struct Imbalance {
    pending: [f64; IMBALANCES],
    before: [[f64; IMBALANCES]; 2],
    mid: i64,
}

impl Default for Imbalance {
    fn default() -> Self {
        Self { pending: [0.0; IMBALANCES], before: [[0.0; IMBALANCES]; 2], mid: 0 }
    }
}

impl Imbalance {
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a class")]
    pub(super) fn see(&mut self, top: Top) {
        let (Some(mid), Top { bid: Some(bid), ask: Some(ask) }) = (half_steps(top), top) else { return };
        if mid != self.mid && self.mid != 0 {
            let up = usize::from(mid > self.mid);
            for (sum, pending) in self.before[up].iter_mut().zip(&mut self.pending) {
                *sum += std::mem::take(pending);
            }
        }
        self.mid = mid;
        let (bid, ask) = (bid.qty.lots() as f64, ask.qty.lots() as f64);
        let class = (bid / (bid + ask).max(1.0) * IMBALANCES as f64) as usize;
        self.pending[class.min(IMBALANCES - 1)] += 1.0;
    }

    /// The chance that a moment before a rise has more weight on its bid than one before a fall.
    pub(super) fn area(&self) -> Option<f64> {
        let [down, up] = &self.before;
        let (falls, rises) = (down.iter().sum::<f64>(), up.iter().sum::<f64>());
        if falls < 50.0 || rises < 50.0 {
            return None;
        }
        let (mut below, mut area) = (0.0, 0.0);
        for (down, up) in down.iter().zip(up) {
            area += up * (below + down / 2.0);
            below += down;
        }
        Some(area / falls / rises)
    }
}
