//! `[run]`: what every run has, whichever pattern runs.

use super::{Bounds, Described, Kind, Knob, Table};
use hft_core::models::Nanos;
use serde::{Deserialize, Serialize};

/// Seed, length, and where the results go.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RunConfig {
    /// The one seed of all randomness.
    pub seed: u64,
    /// Market time of the run, in seconds.
    pub duration_s: f64,
    /// The folder in which run folders are made.
    pub out: String,
    /// When a journal is kept.
    pub journal: Journal,
    /// How often equity is sampled for `equity.csv` and the report, in ms of market time.
    pub equity_ms: u64,
}

/// When a journal is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Journal {
    /// In real time only, where it is the one record of when things happened.
    Realtime,
    /// In lockstep too, where seed and configuration already say everything.
    Always,
}

impl Default for RunConfig {
    fn default() -> Self {
        Self { seed: 1, duration_s: 30.0, out: "runs".to_owned(), journal: Journal::Realtime, equity_ms: 100 }
    }
}

impl RunConfig {
    /// The shortest and the longest run, in seconds: a millisecond and thirty days.
    pub const DURATION_S: Bounds = Bounds::between(0.001, 2_592_000.0);

    /// The market time of the run, to the nearest nanosecond.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be 1 ms to 30 days")]
    pub fn duration(&self) -> Nanos {
        Nanos::new((self.duration_s * 1e9).round() as u64)
    }

    /// Between two samples of equity.
    pub const fn equity_interval(&self) -> Nanos {
        Nanos::from_millis(self.equity_ms)
    }

    /// Its table.
    pub fn table() -> Table {
        Table::described::<Self>("run", "What every run has, whichever pattern runs.")
    }
}

impl Described for RunConfig {
    fn knobs() -> Vec<Knob> {
        vec![
            Knob::integer("seed", 0, i64::MAX)
                .about("All randomness comes from it: same seed, same configuration, same bytes in lockstep."),
            Knob::real("duration_s", Self::DURATION_S)
                .unit("s of market time")
                .about("How long the market runs.")
                .raising("more fills and narrower standard errors"),
            Knob::new("out", Kind::Text(1024)).about("The folder in which run folders are made; none is overwritten."),
            Knob::choice("journal", &["realtime", "always"])
                .about("When a replayable journal is kept: in real time only, or in lockstep too."),
            Knob::integer("equity_ms", 1, 60_000)
                .unit("ms of market time")
                .about("How often equity is sampled for equity.csv and the report.")
                .raising("smaller files and coarser curves; the money is the same"),
        ]
    }
}
