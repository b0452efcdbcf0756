//! Positions at the values that nobody but the informed sees: what was bought and sold is worth its value, and what was paid for trading is left
//! out. Where nothing is mispriced every value is a martingale but for its carry, so that nothing is expected of a desk that does not see the
//! future.

use super::prices::tick_value;
use crate::config::IndexArbConfig;
use crate::scenario::{Contract, Market, Universe};
use hft_core::models::{InstrumentId, News, Timestamp};
use std::fmt;
use std::iter::Peekable;

type Path = Peekable<Box<dyn Iterator<Item = (Timestamp, News)> + Send>>;

/// The value of every leg over time, read as far as it was needed.
pub(super) struct Truth {
    paths: Vec<(Path, f64)>,
    ticks: Vec<f64>,
    positions: Vec<i64>,
    gross: f64,
}

impl Truth {
    pub(super) fn new(seed: u64, config: &IndexArbConfig, market: &Market, universe: &Universe) -> Self {
        let path = |contract: Contract| {
            let first = universe.first(contract).ticks() as f64;
            (universe.value(seed, config, market, (contract, InstrumentId(0))).peekable(), first)
        };
        let ticks: Vec<f64> = universe.contracts().map(tick_value).collect();
        Self { paths: universe.contracts().map(path).collect(), positions: vec![0; ticks.len()], ticks, gross: 0.0 }
    }

    /// The value of a leg at a time that does not go back.
    fn at(&mut self, leg: usize, now: Timestamp) -> f64 {
        let (path, value) = &mut self.paths[leg];
        while let Some((_, News::Value { value: next, .. })) = path.next_if(|(time, _)| *time <= now) {
            *value = next.count() as f64 / 2.0;
        }
        *value
    }

    /// A trade of the desk.
    pub(super) fn filled(&mut self, now: Timestamp, leg: usize, lots: i64) {
        self.gross -= lots as f64 * self.at(leg, now) * self.ticks[leg];
        self.positions[leg] += lots;
    }

    /// What all trades have gained by the end.
    pub(super) fn gross(&mut self, ended: Timestamp) -> f64 {
        let held = |truth: &mut Self, leg: usize| truth.positions[leg] as f64 * truth.at(leg, ended) * truth.ticks[leg];
        let open: f64 =
            (0..self.ticks.len()).map(|leg| if self.positions[leg] == 0 { 0.0 } else { held(self, leg) }).sum();
        self.gross + open
    }
}

impl fmt::Debug for Truth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Truth").field("positions", &self.positions).field("gross", &self.gross).finish_non_exhaustive()
    }
}
