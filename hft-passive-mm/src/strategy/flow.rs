//! What the maker learns from the market as it goes by: the law of fills, the volatility, the micro-price, the
//! toxicity.
//!
//! Everything is fed with the maker's own, delayed market data, and everything remembered has a limit.

use crate::config::{Classification, EstimatorConfig, MicropriceConfig, ToxicityConfig};
use crate::model::calibration::{IntensityFit, Window, fit_intensity, fit_sigma};
use crate::model::microprice::{Cell, Grid, Microprice, Transitions};
use crate::model::vpin::{BulkClassifier, Vpin};
use hft_core::models::{HalfTicks, Nanos, Side, Timestamp};
use std::collections::VecDeque;

/// Parameters that the data so far support.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Fitted {
    pub(super) sigma: Option<f64>,
    /// `(A, k)`.
    pub(super) intensity: Option<(f64, f64)>,
}

/// Counts arrivals by depth and samples the mid, in windows.
#[derive(Debug)]
pub(super) struct FlowRecorder {
    config: EstimatorConfig,
    distances: Vec<f64>,
    window_ends: Option<Timestamp>,
    counts: Vec<f64>,
    windows: VecDeque<Window>,
    /// Prints of one side at one time are one arrival, as deep as the deepest.
    arrival: Option<(Timestamp, Side, f64)>,
    next_sample: Timestamp,
    sampled: Option<f64>,
    mid: Option<f64>,
    changes: VecDeque<f64>,
    next_fit: Timestamp,
}

impl FlowRecorder {
    pub(super) fn new(config: EstimatorConfig) -> Self {
        let distances: Vec<f64> = (1..=config.distances).map(|i| f64::from(i) * config.distance_step).collect();
        Self {
            config,
            counts: vec![0.0; distances.len()],
            distances,
            window_ends: None,
            windows: VecDeque::new(),
            arrival: None,
            next_sample: Timestamp::START,
            sampled: None,
            mid: None,
            changes: VecDeque::new(),
            next_fit: Timestamp::START,
        }
    }

    /// A print `depth` price units from the mid, on the far side of it as its aggressor saw it.
    pub(super) fn on_trade(&mut self, time: Timestamp, aggressor: Side, depth: f64) {
        self.pass(time);
        match &mut self.arrival {
            Some((at, side, deepest)) if *at == time && *side == aggressor => *deepest = deepest.max(depth),
            _ => {
                self.end_arrival();
                self.arrival = Some((time, aggressor, depth));
            }
        }
    }

    /// The mid is now this, in price units.
    pub(super) fn on_mid(&mut self, time: Timestamp, mid: f64) {
        self.pass(time);
        self.mid = Some(mid);
    }

    /// The parameters, when it is time to fit them anew.
    pub(super) fn fit_if_due(&mut self, now: Timestamp) -> Option<Fitted> {
        if now < self.next_fit {
            return None;
        }
        self.next_fit = now.after(Nanos::from_secs_f64(self.config.refit_s));
        let intensity = self.intensity().map(|fit| (fit.a.value, fit.k.value));
        let changes: Vec<f64> = self.changes.iter().copied().collect();
        // Volatility needs some observations before it is better than a configured one.
        let enough = changes.len() >= 30;
        let sigma = fit_sigma(&changes, self.config.sample_s).filter(|_| enough).map(|sigma| sigma.value);
        Some(Fitted { sigma, intensity })
    }

    /// The fitted law of fills, once eight windows have passed.
    pub(super) fn intensity(&self) -> Option<IntensityFit> {
        let windows: Vec<Window> = self.windows.iter().cloned().collect();
        fit_intensity(&self.distances, &windows).filter(|_| windows.len() >= 8)
    }

    /// Closes what ended before `time`.
    fn pass(&mut self, time: Timestamp) {
        let length = Nanos::from_secs_f64(self.config.window_s);
        let mut ends = *self.window_ends.get_or_insert(time.after(length));
        // After a silence longer than the whole memory nothing of it is worth keeping.
        let memory = Nanos::from_secs_f64(self.config.window_s * f64::from(self.config.windows));
        if time.since(ends) > memory {
            self.windows.clear();
            self.changes.clear();
            (self.sampled, self.arrival) = (None, None);
            self.counts.fill(0.0);
            ends = time.after(length);
            self.next_sample = time;
        }
        while ends <= time {
            self.end_arrival();
            let fills = std::mem::replace(&mut self.counts, vec![0.0; self.distances.len()]);
            push_within(
                &mut self.windows,
                self.config.windows as usize,
                Window { fills, exposure: 2.0 * self.config.window_s },
            );
            ends = ends.after(length);
        }
        self.window_ends = Some(ends);
        self.sample(time);
    }

    /// Samples the mid as it stood at each point of the grid before `time`.
    fn sample(&mut self, time: Timestamp) {
        let Some(mid) = self.mid else {
            self.next_sample = time;
            return;
        };
        while self.next_sample <= time {
            if let Some(before) = self.sampled.replace(mid) {
                push_within(&mut self.changes, MAX_SAMPLES, mid - before);
            }
            self.next_sample = self.next_sample.after(Nanos::from_secs_f64(self.config.sample_s));
        }
    }

    fn end_arrival(&mut self) {
        let Some((_, _, depth)) = self.arrival.take() else { return };
        // A print at a quote's price fills it: the quote was there.
        let reached = self.distances.iter().map(|d| *d <= depth * (1.0 + 1e-9));
        self.counts.iter_mut().zip(reached).filter(|(_, reached)| *reached).for_each(|(count, _)| *count += 1.0);
    }
}

/// How many changes of the mid are remembered.
const MAX_SAMPLES: usize = 4_096;

fn push_within<T>(queue: &mut VecDeque<T>, limit: usize, item: T) {
    if queue.len() >= limit {
        queue.pop_front();
    }
    queue.push_back(item);
}

/// Learns the micro-price from the touch, the maker's own quotes left out.
#[derive(Debug)]
pub(super) struct MicroTracker {
    config: MicropriceConfig,
    grid: Grid,
    transitions: Transitions,
    seen: u32,
    last: Option<(Cell, HalfTicks)>,
    solved: Option<Microprice>,
    next_fit: Timestamp,
}

impl MicroTracker {
    pub(super) fn new(config: MicropriceConfig) -> Self {
        let grid = Grid { imbalances: config.imbalances as usize, spreads: config.spreads as usize };
        let transitions = Transitions::new(grid);
        Self { config, grid, transitions, seen: 0, last: None, solved: None, next_fit: Timestamp::START }
    }

    /// The touch is now this: sizes in any one unit, spread in ticks.
    pub(super) fn on_touch(&mut self, now: Timestamp, [bid, ask]: [f64; 2], spread: i64, mid: HalfTicks) {
        let cell = self.grid.cell(bid, ask, spread);
        if let Some((from, before)) = self.last.replace((cell, mid)) {
            self.transitions.record(from, cell, (mid - before).count() as f64 / 2.0);
            self.seen = self.seen.saturating_add(1);
        }
        if self.seen >= self.config.min_states && now >= self.next_fit {
            self.next_fit = now.after(Nanos::from_secs_f64(self.config.refit_s));
            self.solved = self.transitions.solve();
        }
    }

    /// The touch is unknown: what comes next does not follow from what was.
    pub(super) fn lose(&mut self) {
        self.last = None;
    }

    /// The micro-price less the mid, in ticks; zero while it is not known.
    pub(super) fn shift(&self) -> f64 {
        match (&self.solved, self.last) {
            (Some(micro), Some((cell, _))) => micro.adjustment(cell),
            _ => 0.0,
        }
    }
}

/// VPIN of the market's trades.
#[derive(Debug)]
pub(super) struct ToxicityMeter {
    vpin: Vpin,
    classification: Classification,
    classifier: BulkClassifier,
    /// Volume of the bar at hand, for bulk classification.
    bar: f64,
}

impl ToxicityMeter {
    pub(super) fn new(config: &ToxicityConfig) -> Self {
        Self {
            vpin: Vpin::new(config.bucket, config.buckets as usize),
            classification: config.classification,
            classifier: BulkClassifier::default(),
            bar: 0.0,
        }
    }

    /// A print; auctions name no aggressor, their volume counts half and half.
    pub(super) fn on_trade(&mut self, volume: f64, aggressor: Option<Side>) {
        match self.classification {
            Classification::Aggressor => {
                let share = match aggressor {
                    Some(Side::Buy) => 1.0,
                    Some(Side::Sell) => 0.0,
                    None => 0.5,
                };
                self.vpin.add(volume, share);
            }
            Classification::Bulk => self.bar += volume,
        }
    }

    /// A book state: the end of a bar, if anything traded in it.
    pub(super) fn on_mid(&mut self, mid: f64) {
        if self.bar > 0.0 {
            let share = self.classifier.close_bar(mid);
            self.vpin.add(std::mem::take(&mut self.bar), share);
        }
    }

    pub(super) fn value(&self) -> Option<f64> {
        self.vpin.value()
    }
}

#[cfg(test)]
#[path = "flow_tests.rs"]
mod tests;
