//! How often the test of abnormal returns rejects, with an effect and without, against the exact probabilities.
//!
//! Every event is simulated whole: a market, a contract with an alpha and a beta of its own, the fit of the market model before the event, and
//! the return of the event. The fit errs too: the deviation of an abnormal return is larger than that of the noise by the root of the mean of
//! `1 + 1/L + (R_m - mean)^2 / S`, which is `1 + 1/L + (1 + 1/L) / (L - 3)` for normal returns of the market.

use super::{ERRORS, SEED, told};
use crate::model::event_study::{MarketModel, critical, power, t_test};
use hft_app::paper::{PaperError, PaperReport, PaperRow, check};
use hft_core::world::draws::normal;
use hft_core::world::stream;

/// What to simulate.
#[derive(Clone, PartialEq, Debug)]
pub struct EventStudyTable {
    /// Events in a study.
    pub events: u64,
    /// Standard deviation of what a contract does beside the market, a period.
    pub sd: f64,
    /// What the event adds.
    pub effect: f64,
    /// Periods of the fit before the event.
    pub window: u64,
    /// The test's level.
    pub level: f64,
    /// Simulated studies, each with the effect and without.
    pub studies: u64,
    /// Of everything random.
    pub seed: u64,
}

impl Default for EventStudyTable {
    /// Brown & Warner's (1985) daily returns: 50 events, a deviation of 2.53 percent, a fit over 239 days; one percent is put in.
    fn default() -> Self {
        Self { events: 50, sd: 0.025_3, effect: 0.01, window: 239, level: 0.05, studies: 2_000, seed: SEED }
    }
}

/// Size and power.
///
/// # Errors
/// When a parameter is out of range.
pub fn event_study(table: &EventStudyTable) -> Result<PaperReport, PaperError> {
    let EventStudyTable { events, sd, effect, window, level, studies, seed } = *table;
    check("events", events as f64, [2.0, 1e4])?;
    check("sd", sd, [1e-9, 1e6])?;
    check("effect", effect, [-1e6, 1e6])?;
    check("window", window as f64, [10.0, 1e4])?;
    check("level", level, [1e-4, 0.5])?;
    check("studies", studies as f64, [100.0, 1e6])?;
    check("events times window times studies", events as f64 * window as f64 * studies as f64, [1.0, 2e9])?;
    let limit = critical(events, level);
    let mut rng = stream(seed, "event-study");
    let mut rejected = [0u64; 2];
    let (mut market, mut own) = (Vec::new(), Vec::new());
    let (mut plain, mut moved) = (Vec::new(), Vec::new());
    for _ in 0..studies {
        plain.clear();
        moved.clear();
        for _ in 0..events {
            market.clear();
            own.clear();
            let beta = 1.0 + 0.3 * normal(&mut rng);
            for _ in 0..=window {
                let all = sd * normal(&mut rng);
                market.push(all);
                own.push(beta * all + sd * normal(&mut rng));
            }
            let (last, last_own) = (market.pop().expect("pushed"), own.pop().expect("pushed"));
            let abnormal = MarketModel::fit(&market, &own).abnormal(last, last_own);
            plain.push(abnormal);
            moved.push(abnormal + effect);
        }
        for (count, returns) in rejected.iter_mut().zip([&plain, &moved]) {
            *count += u64::from(t_test(returns).is_some_and(|(_, _, t)| t.abs() > limit));
        }
    }
    let length = window as f64;
    let inflated = sd * (1.0 + 1.0 / length + (1.0 + 1.0 / length) / (length - 3.0)).sqrt();
    let exact = [level, power(events, effect / inflated, level)];
    let labels = ["size: it rejects without an effect", "power: it rejects with one"];
    let section = "share of studies in which the mean abnormal return is found to differ from zero";
    let mut rows: Vec<PaperRow> = Vec::new();
    for ((label, exact), count) in labels.into_iter().zip(exact).zip(rejected) {
        let error = (exact * (1.0 - exact) / studies as f64).sqrt().max(1.0 / studies as f64);
        let row = PaperRow::new(section, label, count as f64 / studies as f64).exact(exact).standard_error(error);
        rows.push(row.within(ERRORS * error));
    }
    rows.push(PaperRow::new("the test", "critical |t|", limit));
    rows.push(PaperRow::new("the test", "shift of t by the effect", (events as f64).sqrt() * effect / inflated));
    for share in [0.5, 0.8, 0.95] {
        let label = format!("effect that is found in {:.0} of 100 studies", share * 100.0);
        rows.push(PaperRow::new("what this many events can see", label, smallest(events, level, share) * inflated));
    }
    Ok(PaperReport {
        name: "event-study".to_owned(),
        citation: "Brown & Warner (1985), Using daily stock returns, Journal of Financial Economics 14 3".to_owned(),
        rows,
        notes: vec![
            format!(
                "{events} events, sd = {sd}, effect = {effect}, fitted over {window} periods; {studies} studies each way."
            ),
            format!("Exact: Student's t, noncentral where there is an effect. Seed {}.", told(seed)),
        ],
    })
}

/// The effect, in deviations, that is found so often.
fn smallest(events: u64, level: f64, share: f64) -> f64 {
    let (mut low, mut high) = (0.0, 100.0);
    for _ in 0..50 {
        let middle = (low + high) / 2.0;
        if power(events, middle, level) < share { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_and_power_are_exact_for_any_study() {
        for (events, sd, effect) in [(50, 0.025_3, 0.01), (5, 1.0, 1.0), (200, 0.02, -0.002)] {
            let table = EventStudyTable { events, sd, effect, window: 60, studies: 400, ..EventStudyTable::default() };
            let report = event_study(&table).expect("in range");
            assert!(report.passes(), "{report}");
        }
        let table = EventStudyTable { events: 1, ..EventStudyTable::default() };
        assert_eq!(event_study(&table).expect_err("no test of one").parameter, "events");
    }
}
