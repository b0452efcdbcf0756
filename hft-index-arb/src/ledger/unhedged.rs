//! How long the legs were unlike one another, and what the index did meanwhile.
//!
//! The exposure is that of all legs to the common factor, in quanta: lots of the fund. Beyond [`TOLERANCE`] the desk is unhedged, and what it then gains or
//! loses is the exposure times what the index moves. Times are the venues': a leg is there when it was filled, not when the desk heard of it.

use crate::scenario::{Contract, ETF_LOTS, UNIT_TICK, Universe};
use hft_core::models::{Nanos, Timestamp};
use std::fmt::Write as _;

/// Quanta that whole lots of a basket may be off.
pub(super) const TOLERANCE: f64 = 0.75;

/// Ends of the histogram's bins, ms.
pub(super) const BINS_MS: [u64; 8] = [1, 3, 10, 30, 100, 300, 1_000, 3_000];

/// How many spells `unhedged.csv` holds.
const SPELLS_MAX: usize = 100_000;

/// A time in which the legs were unlike.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Spell {
    pub(super) from: Timestamp,
    pub(super) length: Nanos,
    /// The largest exposure, quanta.
    pub(super) peak: f64,
    /// What the index did to it, currency.
    pub(super) gained: f64,
}

/// See the module's documentation.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Unhedged {
    /// Quanta of the index that a lot of each leg is.
    quanta: Vec<f64>,
    exposure: f64,
    now: Option<Spell>,
    pub(super) spells: Vec<Spell>,
    /// Of all spells, those beyond `SPELLS_MAX` included.
    pub(super) total: Total,
}

/// Sums over spells.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Total {
    pub(super) count: f64,
    pub(super) seconds: f64,
    pub(super) squares: f64,
    pub(super) gained: f64,
    pub(super) bins: [(f64, f64); BINS_MS.len() + 1],
    /// Those longer than a leg may hang: how many, and what they gained.
    pub(super) hung: (f64, f64),
}

impl Unhedged {
    pub(super) fn new(universe: &Universe) -> Self {
        let quantum = universe.index_loading() * UNIT_TICK / ETF_LOTS as f64;
        let quanta = universe.contracts().map(|contract| match contract {
            Contract::Constituent(i) => universe.loadings[i] * super::prices::tick_value(contract) / quantum,
            Contract::Etf => 1.0,
            Contract::Future => ETF_LOTS as f64,
        });
        Self { quanta: quanta.collect(), exposure: 0.0, now: None, spells: Vec::new(), total: Total::default() }
    }

    /// A leg was filled.
    pub(super) fn filled(&mut self, at: Timestamp, leg: usize, lots: i64, hung: Nanos) {
        self.exposure += lots as f64 * self.quanta[leg];
        let size = self.exposure.abs();
        match &mut self.now {
            Some(spell) if size <= TOLERANCE => {
                spell.length = at.since(spell.from);
                let spell = *spell;
                self.now = None;
                self.over(spell, hung);
            }
            Some(spell) => spell.peak = spell.peak.max(size),
            None if size > TOLERANCE => {
                self.now = Some(Spell { from: at, length: Nanos::ZERO, peak: size, gained: 0.0 });
            }
            None => {}
        }
    }

    /// The index moved by so many ticks.
    pub(super) fn moved(&mut self, by: f64) {
        if let Some(spell) = &mut self.now {
            spell.gained += self.exposure * by * UNIT_TICK / ETF_LOTS as f64;
        }
    }

    /// The run is over.
    pub(super) fn finish(&mut self, at: Timestamp, hung: Nanos) {
        if let Some(spell) = self.now.take() {
            self.over(Spell { length: at.since(spell.from), ..spell }, hung);
        }
    }

    fn over(&mut self, spell: Spell, hung: Nanos) {
        let (seconds, total) = (spell.length.to_secs_f64(), &mut self.total);
        total.count += 1.0;
        total.seconds += seconds;
        total.squares += seconds * seconds;
        total.gained += spell.gained;
        let bin = BINS_MS.iter().position(|end| spell.length < Nanos::from_millis(*end)).unwrap_or(BINS_MS.len());
        total.bins[bin].0 += 1.0;
        total.bins[bin].1 += seconds;
        if spell.length >= hung {
            total.hung.0 += 1.0;
            total.hung.1 += spell.gained;
        }
        if self.spells.len() < SPELLS_MAX {
            self.spells.push(spell);
        }
    }

    pub(super) fn csv(&self) -> String {
        let mut text = "from_ns,length_ns,peak_quanta,gained\n".to_owned();
        for Spell { from, length, peak, gained } in &self.spells {
            writeln!(text, "{},{},{peak:.3},{gained:.6}", from.nanos(), length.count())
                .expect("a String takes everything");
        }
        text
    }
}

impl Total {
    /// Mean and variance of a spell, s and s squared.
    pub(super) fn moments(&self) -> Option<(f64, f64)> {
        let mean = self.seconds / self.count;
        (self.count > 0.0).then(|| (mean, (self.squares / self.count - mean * mean).max(0.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::IndexArbConfig;

    #[test]
    fn a_spell_lasts_from_the_first_leg_to_the_last_and_earns_what_the_index_does() {
        let universe = Universe::new(&IndexArbConfig::default());
        let (etf, future) = (universe.count(), universe.count() + 1);
        let mut unhedged = Unhedged::new(&universe);
        let (at, hung) = (|ms| Timestamp::START + Nanos::from_millis(ms), Nanos::from_millis(500));
        unhedged.moved(3.0);
        unhedged.filled(at(100), future, -1, hung);
        unhedged.moved(2.0);
        unhedged.filled(at(105), etf, 3, hung);
        unhedged.moved(-1.0);
        unhedged.filled(at(120), etf, 2, hung);
        unhedged.moved(50.0);
        unhedged.filled(at(1_000), etf, 5, hung);
        unhedged.finish(at(2_000), hung);
        // One future short: five quanta of a tenth of the currency a tick.
        let first = unhedged.spells[0];
        assert_eq!((first.length, first.peak), (Nanos::from_millis(20), 5.0));
        assert!((first.gained + 5.0 * 2.0 * 0.1 - 2.0 * 0.1).abs() < 1e-12, "{first:?}");
        assert_eq!(unhedged.total.hung, (1.0, 0.0), "the second lasted to the end");
        let (mean, variance) = unhedged.total.moments().expect("two spells");
        assert!((mean - 0.51).abs() < 1e-9 && (variance - 0.49 * 0.49).abs() < 1e-9, "{mean} {variance}");
        assert!((unhedged.total.bins[3].0 + unhedged.total.bins[7].0 - 2.0).abs() < 1e-9, "{:?}", unhedged.total);
    }
}
