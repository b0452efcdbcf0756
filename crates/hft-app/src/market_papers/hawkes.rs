//! Hawkes (1971): mean rate and long-run Fano factor of self- and cross-exciting arrivals, against an exact simulation.
//!
//! Simulated by the core's [`HawkesClock`], which also drives the market of this name in a world.

use super::{on_all_cores, stream};
use crate::paper::{Paper, PaperError, PaperReport, PaperRow, check};
use hft_core::flow::laws::{Hawkes, HawkesClock};
use rand_chacha::ChaCha8Rng;

/// The seed unless another is asked for: the paper's year.
pub(super) const SEED: u64 = 1971;
/// Windows at which the tolerances are 1 % of the mean and 5 % of the Fano factor.
const GATED: u64 = 20_000;
/// Length of a window, in the time in which the process forgets, `1 / (beta (1 - n))`. A Fano factor is still short of its limit by
/// less than one part in so many.
const MEMORIES: f64 = 100.0;
/// Before the first window, in the same unit: `e^-40` of the empty past is left.
const WARM_UP: f64 = 40.0;
/// Paths, one stream each; the windows are shared out among them.
const PATHS: u64 = 16;
/// The most events that a run may be expected to take: minutes.
const MOST_EVENTS: f64 = 1e9;

/// The parameters.
#[derive(Clone, PartialEq, Debug, clap::Args)]
pub struct HawkesArgs {
    /// Events without cause per unit of time, of each kind
    #[arg(long, value_delimiter = ',', default_values_t = [1.0])]
    pub mu: Vec<f64>,
    /// Children of kind i that an event of kind j has on average: by rows, all in one list
    #[arg(long = "branching", visible_alias = "n", value_delimiter = ',', default_values_t = [0.5])]
    pub branching: Vec<f64>,
    /// How fast an excitement is forgotten, per unit of time
    #[arg(long, default_value_t = 2.0)]
    pub beta: f64,
    /// Windows in which events are counted, each a hundred memories of the process long
    #[arg(long, default_value_t = GATED)]
    pub windows: u64,
}

impl HawkesArgs {
    /// The process, if it is one that settles.
    fn process(&self) -> Result<Hawkes, PaperError> {
        let kinds = self.mu.len();
        check("--mu", kinds as f64, [1.0, 16.0])
            .map_err(|error| PaperError { allowed: "1 to 16 rates".into(), ..error })?;
        self.mu.iter().try_for_each(|&rate| check("--mu", rate, [0.0, 1e6]))?;
        check("--mu", self.mu.iter().sum(), [1e-6, 1e7])?;
        self.branching.iter().try_for_each(|&n| check("--branching", n, [0.0, 1e3]))?;
        check("--beta", self.beta, [1e-6, 1e6])?;
        check("--windows", self.windows as f64, [PATHS as f64 * 2.0, 1e7])?;
        let branching = |value: f64, allowed: String| PaperError { parameter: "--branching", value, allowed };
        if self.branching.len() != kinds * kinds {
            let allowed = format!("{} numbers, a row for each rate of --mu", kinds * kinds);
            return Err(branching(self.branching.len() as f64, allowed));
        }
        let n = self.branching.chunks(kinds).map(<[f64]>::to_vec).collect();
        let process = Hawkes { mu: self.mu.clone(), n, beta: self.beta };
        let ratio = process.branching_ratio();
        if ratio > 0.999 {
            return Err(branching(
                ratio,
                "of a spectral radius of 0.999 at most: from 1 on nothing is stationary".into(),
            ));
        }
        let events = process.rates().iter().sum::<f64>() * self.window(ratio) * self.windows as f64;
        if events > MOST_EVENTS {
            let most = self.windows as f64 * MOST_EVENTS / events;
            let allowed = format!("{most:.0} at most, for this many events");
            return Err(PaperError { parameter: "--windows", value: self.windows as f64, allowed });
        }
        Ok(process)
    }

    fn window(&self, ratio: f64) -> f64 {
        MEMORIES / (self.beta * (1.0 - ratio))
    }
}

/// The paper as a command.
pub(super) fn paper() -> Paper {
    let about = "Hawkes (1971): mean rate and long-run Fano factor of self- and cross-exciting arrivals";
    Paper::new("hawkes", about, |args: HawkesArgs, seed| Ok(report(&args, seed.or(SEED))?))
}

/// Counts of windows on end.
#[derive(Clone, Default)]
struct Counts {
    /// Of each kind, in all windows.
    kinds: Vec<u64>,
    /// Of all kinds, in each window.
    windows: Vec<u64>,
}

/// One path, counted in so many windows after its warm-up.
fn count(process: &Hawkes, window: f64, windows: usize, rng: &mut ChaCha8Rng) -> Counts {
    let mut clock = HawkesClock::new(process.clone());
    let mut time = -window * WARM_UP / MEMORIES;
    let mut counts = Counts { kinds: vec![0; process.mu.len()], windows: vec![0; windows] };
    loop {
        let (wait, born) = clock.candidate(rng);
        time += wait;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "never negative where it is used")]
        let index = (time / window) as usize;
        if index >= windows {
            return counts;
        }
        if let Some(kind) = born.filter(|_| time >= 0.0) {
            counts.kinds[kind] += 1;
            counts.windows[index] += 1;
        }
    }
}

/// Means and Fano factor.
///
/// # Errors
/// When a parameter is out of range, or nothing is stationary.
pub fn report(args: &HawkesArgs, seed: u64) -> Result<PaperReport, PaperError> {
    let process = args.process()?;
    let (ratio, rates, fano) = (process.branching_ratio(), process.rates(), process.fano());
    let window = args.window(ratio);
    let paths: Vec<u64> = (0..PATHS).collect();
    let share = |path: u64| args.windows / PATHS + u64::from(path < args.windows % PATHS);
    let counts = on_all_cores(&paths, |&path| {
        let windows = usize::try_from(share(path)).expect("a limited number of windows");
        count(&process, window, windows, &mut stream(seed, path))
    });
    let number = args.windows as f64;
    let time = window * number;
    let all: Vec<f64> = counts.iter().flat_map(|part| &part.windows).map(|&count| count as f64).collect();
    let mean = all.iter().sum::<f64>() / number;
    let variance = all.iter().map(|count| (count - mean) * (count - mean)).sum::<f64>() / (number - 1.0);
    let mean_error = libm::sqrt(variance / number) / window;
    let total: f64 = rates.iter().sum();
    let gated = args.windows >= GATED;
    let row = PaperRow::new("mean rate", "all kinds", mean / window).exact(total).standard_error(mean_error);
    let mut rows = vec![row.within(if gated { 0.01 * total } else { 5.0 * mean_error })];
    for (kind, rate) in rates.iter().enumerate().filter(|_| rates.len() > 1) {
        let events: u64 = counts.iter().map(|part| part.kinds[kind]).sum();
        rows.push(PaperRow::new("mean rate", format!("kind {}", kind + 1), events as f64 / time).exact(*rate));
    }
    // A variance of so many nearly normal counts.
    let fano_error = fano * libm::sqrt(2.0 / number);
    let row =
        PaperRow::new("long-run Fano factor", "all kinds", variance / mean).exact(fano).standard_error(fano_error);
    rows.push(row.within(if gated { 0.05 * fano } else { 5.0 * fano_error + fano / MEMORIES }));
    rows.push(PaperRow::new("process", "branching ratio", ratio));
    Ok(PaperReport {
        name: "hawkes".to_owned(),
        citation: "Hawkes (1971), Spectra of some self-exciting and mutually exciting point processes, Biometrika 58(1) 83".to_owned(),
        rows,
        notes: vec![
            format!("Exact simulation by thinning, {} windows of {window} each, seed {seed}.", args.windows),
            "exact: (1 - n)^-1 mu; Fano factor of counts 1 / (1 - n)^2 for one kind, with the branching matrix for several.".to_owned(),
            "A branching ratio of one or more is refused: every event would have, on average, a child that replaces it.".to_owned(),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(branching: f64, windows: u64) -> HawkesArgs {
        HawkesArgs { mu: vec![1.0], branching: vec![branching], beta: 2.0, windows }
    }

    #[test]
    fn the_simulation_has_the_mean_and_the_fano_factor() {
        for branching in [0.0, 0.5, 0.8] {
            let report = report(&one(branching, 800), SEED).expect("stationary");
            assert!(report.passes(), "{report}");
        }
    }

    #[test]
    fn two_kinds_that_excite_each_other() {
        let args = HawkesArgs { mu: vec![1.0, 0.2], branching: vec![0.1, 0.4, 0.5, 0.2], ..one(0.0, 800) };
        let report = report(&args, SEED).expect("stationary");
        assert!(report.passes(), "{report}");
        let kinds: Vec<_> = report.rows.iter().filter(|row| row.label.starts_with("kind")).collect();
        assert_eq!(kinds.len(), 2);
        for row in kinds {
            let exact = row.exact.expect("known");
            assert!((row.ours / exact - 1.0).abs() < 0.03, "{report}");
        }
    }

    #[test]
    fn what_never_settles_is_refused() {
        let error = report(&one(1.0, 100), SEED).expect_err("critical").to_string();
        assert!(error.starts_with("--branching must be of a spectral radius"), "{error}");
        let crossed = HawkesArgs { mu: vec![1.0, 1.0], branching: vec![0.0, 2.0, 0.6, 0.0], ..one(0.0, 100) };
        assert!(report(&crossed, SEED).is_err(), "sqrt(1.2)");
        let ragged = HawkesArgs { branching: vec![0.1, 0.2], ..one(0.0, 100) };
        assert!(report(&ragged, SEED).expect_err("two numbers").to_string().contains("1 numbers"));
        assert!(report(&one(0.5, 10_000_000), SEED).expect_err("too long").to_string().contains("at most"));
    }
}
