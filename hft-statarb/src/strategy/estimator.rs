//! What the desk learns from the midpoints as they go by: price changes, factors, and one fit a contract.
//!
//! Invariant: a fit is made of changes that are over, and is held against changes that come after it: the newest change is first shown to
//! the detectors, whose fits it is not part of; only then is it added, and the fits are made anew.

use crate::config::{DriftKind, EstimatorConfig, FactorKind, StatarbConfig};
use crate::model::components::Components;
use crate::model::detector::Detector;
use crate::model::residual::{Drift, Fit};
use hft_core::models::{Nanos, Timestamp};
use std::collections::VecDeque;

/// The memory of the whole universe.
#[derive(Debug)]
pub(super) struct Estimator {
    config: EstimatorConfig,
    factors: FactorKind,
    drift: Drift,
    dt: f64,
    /// The midpoints at the last sample, ticks: the contracts', and the index's as the last one.
    last: Option<Vec<f64>>,
    /// The changes since, one series for each of them.
    changes: Vec<VecDeque<f64>>,
    components: Option<Components>,
    next_refit: Timestamp,
    contracts: Vec<Learned>,
}

/// What is known of one contract.
#[derive(Clone, Debug)]
pub(super) struct Learned {
    /// The fit of the window that ended with the last sample.
    pub(super) fit: Option<Fit>,
    /// What it does when the index moves by one.
    pub(super) beta: f64,
    /// Watches for the end of its reversion.
    pub(super) detector: Detector,
    /// Whether the newest change raised the alarm.
    pub(super) alarm: bool,
}

impl Estimator {
    pub(super) fn new(config: &StatarbConfig) -> Self {
        let contracts = usize::try_from(config.symbols).expect("a few hundred");
        let detector = Detector::new(config.breaks.threshold);
        let unknown = Learned { fit: None, beta: 0.0, detector, alarm: false };
        let window = || VecDeque::with_capacity(config.estimator.window as usize + 1);
        Self {
            config: config.estimator,
            factors: config.factors,
            drift: match config.estimator.drift {
                DriftKind::Zero => Drift::Zero,
                DriftKind::Estimated => Drift::Estimated,
            },
            dt: Nanos::from_millis(config.estimator.sample_ms).to_secs_f64(),
            last: None,
            changes: (0..=contracts).map(|_| window()).collect(),
            components: None,
            next_refit: Timestamp::START,
            contracts: vec![unknown; contracts],
        }
    }

    /// The contracts, in their order.
    pub(super) fn learned(&self) -> &[Learned] {
        &self.contracts
    }

    /// True where this contract's residual can be traded.
    pub(super) fn reverts(&self, contract: usize) -> bool {
        let length = self.count() as f64 * self.dt;
        self.contracts[contract].fit.as_ref().is_some_and(|fit| fit.reverts_within(self.config.slowest, length))
    }

    /// Price changes in the window now.
    fn count(&self) -> usize {
        self.changes[0].len()
    }

    /// Takes one sample of all midpoints, the index's last, in ticks.
    pub(super) fn sample(&mut self, now: Timestamp, mids: &[f64]) {
        let Some(last) = self.last.replace(mids.to_vec()) else { return };
        let change: Vec<f64> = mids.iter().zip(&last).map(|(now, before)| now - before).collect();
        let factors = self.factor_changes(&change);
        for (learned, change) in self.contracts.iter_mut().zip(&change) {
            learned.alarm = learned.detector.observe(*change, &factors);
        }
        for (series, change) in self.changes.iter_mut().zip(&change) {
            if series.len() == self.config.window as usize {
                series.pop_front();
            }
            series.push_back(*change);
        }
        if self.count() >= self.config.warm_up as usize {
            self.fit(now);
        }
    }

    /// What the factors did when the contracts and the index did this; nothing before there are components.
    fn factor_changes(&self, change: &[f64]) -> Vec<f64> {
        let (index, contracts) = change.split_last().expect("the index is always there");
        match (self.factors, &self.components) {
            (FactorKind::Index, _) => vec![*index],
            (FactorKind::Pca, Some(components)) => components.changes(contracts).collect(),
            (FactorKind::Pca, None) => Vec::new(),
        }
    }

    fn fit(&mut self, now: Timestamp) {
        let series: Vec<Vec<f64>> = self.changes.iter().map(|series| series.iter().copied().collect()).collect();
        let (index, contracts) = series.split_last().expect("the index is always there");
        let columns: Vec<&[f64]> = contracts.iter().map(Vec::as_slice).collect();
        if self.factors == FactorKind::Pca && now >= self.next_refit {
            self.next_refit = now.after(Nanos::from_secs_f64(self.config.refit_s));
            self.components = Some(Components::of(&columns, self.config.components as usize));
        }
        let factors: Vec<Vec<f64>> = match (self.factors, &self.components) {
            (FactorKind::Pca, Some(components)) => components.over(&columns),
            (FactorKind::Index, _) | (FactorKind::Pca, None) => vec![index.clone()],
        };
        let factors: Vec<&[f64]> = factors.iter().map(Vec::as_slice).collect();
        for (learned, changes) in self.contracts.iter_mut().zip(contracts) {
            learned.fit = Fit::of(changes, &factors, self.drift, self.dt);
            if let Some(fit) = &learned.fit {
                learned.detector.renew(fit, self.drift, changes.len());
            }
            learned.beta = slope(changes, index).unwrap_or(learned.beta);
        }
    }
}

/// What a series does when another does one: their covariance over the other's variance.
fn slope(changes: &[f64], index: &[f64]) -> Option<f64> {
    let count = changes.len() as f64;
    let mean = |x: &[f64]| x.iter().sum::<f64>() / count;
    let (mean_y, mean_x) = (mean(changes), mean(index));
    let pairs = || changes.iter().zip(index);
    let product: f64 = pairs().map(|(y, x)| (y - mean_y) * (x - mean_x)).sum();
    let square: f64 = pairs().map(|(_, x)| (x - mean_x) * (x - mean_x)).sum();
    (square > 0.0).then(|| product / square)
}
