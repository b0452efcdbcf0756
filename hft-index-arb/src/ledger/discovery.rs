//! Where the price was made: basket, fund and future sampled at the venues, and the information shares of a model fitted to them.

use super::prices::Three;
use crate::model::information_share::{Share, Vecm};
use hft_core::models::{Nanos, Timestamp};

/// How often the three are sampled.
const EVERY: Nanos = Nanos::from_millis(100);

/// Lagged changes in the model.
const LAGS: usize = 3;

/// How many samples are kept: three hours.
const SAMPLES_MAX: usize = 108_000;

/// The samples.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Discovery {
    next: Option<Timestamp>,
    samples: Vec<Vec<f64>>,
}

impl Discovery {
    /// True where a sample is due; the first is at once.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.samples.len() < SAMPLES_MAX && self.next.is_none_or(|next| now >= next)
    }

    /// Takes one.
    pub(super) fn sample(&mut self, now: Timestamp, three: &Three) {
        self.next = Some(now.after(EVERY));
        self.samples.push(three.iter().map(|touch| touch.mid).collect());
    }

    /// Lowest and highest share of basket, fund and future; none of a run that was too short.
    pub(super) fn shares(&self) -> Option<Vec<Share>> {
        Vecm::fit(&self.samples, LAGS)?.shares()
    }
}
