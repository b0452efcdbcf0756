//! The fair price at a lagging exchange, read from the leader: its micro-price, plus the usual difference between the two, and only while
//! the leader is estimated to lead.
//!
//! Left out: several leaders.

use crate::config::SignalConfig;
use crate::model::lead_lag::{LeadLag, Tick};
use hft_core::models::{HalfTicks, Nanos, Side, Timestamp};
use hft_core::trader::BookView;
use std::collections::VecDeque;

/// How many lags are looked at in each direction.
const LAGS: i64 = 20;

/// Weight of the newest difference of midpoints in their average.
const BASIS_WEIGHT: f64 = 0.02;

/// See the module's documentation.
#[derive(Debug)]
pub struct Signal {
    config: SignalConfig,
    leader: Path,
    lagging: Path,
    /// Lagging midpoint less the leader's, ticks.
    basis: f64,
    refit_at: Timestamp,
    fitted: Option<LeadLag>,
}

/// The latest changes of one midpoint.
#[derive(Debug)]
struct Path {
    ticks: VecDeque<Tick>,
    length: usize,
}

impl Path {
    fn see(&mut self, now: Timestamp, mid: f64) -> bool {
        if self.ticks.back().is_some_and(|(_, last)| last.total_cmp(&mid).is_eq()) {
            return false;
        }
        if self.ticks.len() == self.length {
            self.ticks.pop_front();
        }
        self.ticks.push_back((now.nanos(), mid));
        true
    }

    fn last(&self) -> Option<f64> {
        self.ticks.back().map(|(_, mid)| *mid)
    }
}

impl Signal {
    /// A signal that believes nobody yet.
    pub fn new(config: SignalConfig) -> Self {
        let path = || Path { ticks: VecDeque::new(), length: config.window as usize + 1 };
        let refit_at = Timestamp::START.after(Nanos::from_secs_f64(config.refit_s));
        Self { config, leader: path(), lagging: path(), basis: 0.0, refit_at, fitted: None }
    }

    /// The leader's book as it stands.
    pub fn see_leader(&mut self, now: Timestamp, view: &BookView) {
        if let Some(mid) = view.mid() {
            self.leader.see(now, ticks(mid));
        }
        self.refit_if_due(now);
    }

    /// The lagging book as it stands.
    pub fn see_lagging(&mut self, now: Timestamp, view: &BookView) {
        if let Some(mid) = view.mid()
            && self.lagging.see(now, ticks(mid))
            && let Some(leader) = self.leader.last()
        {
            self.basis += BASIS_WEIGHT * (ticks(mid) - leader - self.basis);
        }
    }

    fn refit_if_due(&mut self, now: Timestamp) {
        if now < self.refit_at {
            return;
        }
        self.refit_at = now.after(Nanos::from_secs_f64(self.config.refit_s));
        let step = i64::try_from(self.config.max_lag_us * 1_000).unwrap_or(i64::MAX) / LAGS;
        let lags: Vec<i64> = (-LAGS..=LAGS).map(|lag| lag * step).collect();
        let (x, y) = (self.leader.ticks.make_contiguous(), self.lagging.ticks.make_contiguous());
        self.fitted = Some(LeadLag::of(x, y, &lags));
    }

    /// What the latest estimate says: how much later the lagging price moves, ns, and the lead-lag ratio.
    pub fn lead(&self) -> Option<(i64, f64)> {
        let fitted = self.fitted.as_ref()?;
        Some((fitted.best()?.lag_ns, fitted.ratio))
    }

    /// Whether the leader leads.
    pub fn is_believed(&self) -> bool {
        self.lead().is_some_and(|(lag, ratio)| lag > 0 && ratio > self.config.min_ratio)
    }

    /// The fair price at the lagging exchange, ticks; nothing while the leader's book is one-sided or is not believed.
    pub fn fair(&self, leader: &BookView) -> Option<f64> {
        if !self.is_believed() {
            return None;
        }
        Some(micro_price(leader)? + self.basis)
    }

    /// The usual difference between the two, ticks.
    pub const fn basis(&self) -> f64 {
        self.basis
    }
}

/// Best bid and ask, each weighted with the size on the other side, ticks.
pub(super) fn micro_price(view: &BookView) -> Option<f64> {
    let (bid, ask) = (view.best(Side::Buy)?, view.best(Side::Sell)?);
    let (bid_size, ask_size) = (bid.qty.lots() as f64, ask.qty.lots() as f64);
    let (bid, ask) = (bid.price.ticks() as f64, ask.price.ticks() as f64);
    Some((bid * ask_size + ask * bid_size) / (bid_size + ask_size))
}

fn ticks(mid: HalfTicks) -> f64 {
    mid.count() as f64 / 2.0
}
