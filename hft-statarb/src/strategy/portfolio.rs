//! Which positions to hold: s-scores in, target lots out, under limits on what they are worth together.
//!
//! Invariant: a position is sized when it is opened and keeps that size; limits are asked before it is opened, so that what is held is never
//! cut in half by a limit that another position has reached.

use crate::config::{SizingConfig, StatarbConfig};

/// The positions that the desk wants.
#[derive(Debug)]
pub(super) struct Portfolio {
    bands: Bands,
    sizing: SizingConfig,
    /// One tick of one contract, currency.
    tick_value: f64,
    targets: Vec<i64>,
}

/// Where positions are opened and closed, in standard deviations.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Bands {
    entry: f64,
    exit_long: f64,
    exit_short: f64,
}

/// What is asked of a contract: its score, what a deviation is, and what it costs.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Candidate {
    /// Positive is dear; `None` where it may not be held.
    pub(super) score: Option<f64>,
    /// Whether a new position may be opened in it.
    pub(super) may_open: bool,
    /// Standard deviation of its residual, ticks.
    pub(super) sigma_eq: f64,
    /// Its price, ticks.
    pub(super) price: f64,
}

impl Bands {
    /// Which way to hold a contract that is held this way and has this score: -1, 0 or 1.
    fn direction(&self, held: i64, score: f64) -> i64 {
        let keeps_long = held > 0 && score < -self.exit_long;
        let keeps_short = held < 0 && score > self.exit_short;
        if score <= -self.entry || keeps_long {
            1
        } else if score >= self.entry || keeps_short {
            -1
        } else {
            0
        }
    }
}

impl Portfolio {
    pub(super) fn new(config: &StatarbConfig, tick_value: f64) -> Self {
        let StatarbConfig { entry, exit_long, exit_short, sizing, symbols, .. } = *config;
        let bands = Bands { entry, exit_long, exit_short };
        Self { bands, sizing, tick_value, targets: vec![0; symbols as usize] }
    }

    /// The targets, lots of one contract.
    pub(super) fn targets(&self) -> &[i64] {
        &self.targets
    }

    /// Decides anew: first what is closed, then what is opened, the furthest first.
    pub(super) fn decide(&mut self, candidates: &[Candidate]) {
        let mut opens: Vec<(usize, i64, f64)> = Vec::new();
        for (i, candidate) in candidates.iter().enumerate() {
            let wanted = candidate.score.map_or(0, |score| self.bands.direction(self.targets[i].signum(), score));
            if wanted != self.targets[i].signum() {
                self.targets[i] = 0;
                if wanted != 0 && candidate.may_open {
                    opens.push((i, wanted, candidate.score.unwrap_or(0.0).abs()));
                }
            }
        }
        // A stable sort: equals keep the order of the universe.
        opens.sort_by(|one, other| other.2.total_cmp(&one.2));
        for (i, wanted, _) in opens {
            let lots = self.size(&candidates[i]);
            let value = |i: usize, lots: i64| lots as f64 * candidates[i].price * self.tick_value;
            let held = || self.targets.iter().enumerate().map(|(i, lots)| value(i, *lots));
            let (gross, net): (f64, f64) = (held().map(f64::abs).sum(), held().sum());
            let new = value(i, wanted * lots);
            let fits = gross + new.abs() <= self.sizing.gross_limit;
            let balanced = (net + new).abs() <= self.sizing.net_limit.max(net.abs());
            if lots > 0 && fits && balanced {
                self.targets[i] = wanted * lots;
            }
        }
    }

    /// As many contracts as make one standard deviation worth `unit_risk`, one at least.
    #[allow(clippy::cast_possible_truncation, reason = "`as` saturates, and the limit is a million")]
    fn size(&self, candidate: &Candidate) -> i64 {
        let lots = self.sizing.unit_risk / (candidate.sigma_eq * self.tick_value);
        (lots.round() as i64).clamp(1, i64::from(self.sizing.position_limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portfolio(change: serde_json::Value) -> Portfolio {
        let config = serde_json::json!({ "symbols": 3, "exit_long": 0.5, "exit_short": 0.75, "sizing": change });
        Portfolio::new(&serde_json::from_value(config).expect("keys of the table"), 0.01)
    }

    fn scores(scores: [f64; 3]) -> Vec<Candidate> {
        let candidate = |score| Candidate { score: Some(score), may_open: true, sigma_eq: 25.0, price: 10_000.0 };
        scores.into_iter().map(candidate).collect()
    }

    #[test]
    fn bands_open_hold_and_close() {
        let mut desk = portfolio(serde_json::json!({}));
        for (path, targets) in [
            ([-1.2, 1.2, 0.0], [0, 0, 0]),
            ([-1.3, 1.3, 0.0], [4, -4, 0]),
            ([-0.6, 0.8, 0.0], [4, -4, 0]),
            ([-0.4, 0.7, 0.0], [0, 0, 0]),
            ([-2.0, 2.0, 0.0], [4, -4, 0]),
            // From one side to the other without a stop between.
            ([1.5, -1.5, 0.0], [-4, 4, 0]),
        ] {
            desk.decide(&scores(path));
            assert_eq!(desk.targets(), targets, "{path:?}");
        }
        let mut unknown = scores([1.5, -1.5, 0.0]);
        unknown[0].score = None;
        desk.decide(&unknown);
        assert_eq!(desk.targets(), [0, 4, 0], "what may not be held is given back");
        let mut shut = scores([-1.5, -1.5, 2.0]);
        shut.iter_mut().for_each(|candidate| candidate.may_open = false);
        desk.decide(&shut);
        assert_eq!(desk.targets(), [0, 4, 0], "what is held may be kept");
    }

    #[test]
    fn size_follows_the_risk_and_limits_turn_the_nearest_away() {
        let mut desk = portfolio(serde_json::json!({ "gross_limit": 800.0 }));
        desk.decide(&scores([-1.3, 1.5, -1.4]));
        assert_eq!(desk.targets(), [0, -4, 4], "400 each: two fit");
        let mut desk = portfolio(serde_json::json!({ "net_limit": 500.0 }));
        desk.decide(&scores([-1.3, -1.5, 0.0]));
        assert_eq!(desk.targets(), [0, 4, 0]);
        desk.decide(&scores([-1.3, -1.5, 1.4]));
        assert_eq!(desk.targets(), [4, 4, -4], "the other side makes room");
        let mut desk = portfolio(serde_json::json!({ "position_limit": 3 }));
        let mut quiet = scores([-1.3, -1.5, 0.0]);
        quiet[0].sigma_eq = 1e-9;
        quiet[1].sigma_eq = 1e9;
        desk.decide(&quiet);
        assert_eq!(desk.targets(), [3, 1, 0]);
    }
}
