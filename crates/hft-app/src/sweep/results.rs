//! What the rows say: means with intervals, differences on the same seeds, and how much of the best point may be luck.

use super::{Measure, Measures, Plan, RunRow};
use crate::statistics::{DeflatedSharpe, Estimate, Moments};
use serde::Serialize;
use xxhash_rust::xxh3::Xxh3;

/// One point, over its seeds.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PointResult {
    /// Which point, from 0.
    pub point: usize,
    /// What the swept keys are here.
    pub values: Vec<String>,
    /// Means over the seeds, with intervals of 95 %.
    pub estimates: Measures<Estimate>,
    /// Means of the difference to the first point on the same seed; absent for that point itself.
    pub against_first: Option<Measures<Estimate>>,
    /// Mean over standard deviation of the net, per run.
    pub sharpe: Option<f64>,
    /// How many of its runs a risk limit halted.
    pub halted: u64,
    /// The hash of its configuration, with the first seed.
    pub config_hash: String,
}

/// All points, and what can be told from luck.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Results {
    /// What happened, in a sentence or two.
    pub verdict: String,
    /// How many points were tried: the best was chosen from so many.
    pub trials: u64,
    /// Which point has the highest mean net.
    pub best: usize,
    /// Which others cannot be told from it: the interval of the difference on the same seeds holds zero.
    pub alike: Vec<usize>,
    /// The Sharpe ratio over seeds of the best point, deflated by the number of trials (Bailey & López de Prado 2014).
    pub deflated_sharpe: Option<DeflatedSharpe>,
    /// A hash of the digests of all runs, in order.
    pub digest: String,
    /// The points, in order.
    pub points: Vec<PointResult>,
}

impl Results {
    /// Of the points of which every seed is done; `None` where there is none yet.
    pub fn of(plan: &Plan, rows: &[RunRow]) -> Option<Self> {
        let seeds = usize::try_from(plan.seeds).expect("at most RUNS_MAX");
        let complete: Vec<&[RunRow]> = rows.chunks_exact(seeds).collect();
        let first = *complete.first()?;
        let points: Vec<PointResult> = complete.iter().map(|rows| point(plan, rows, first)).collect();
        let nets: Vec<Vec<f64>> = complete.iter().map(|rows| column(rows, Measure::Net)).collect();
        let net = |point: &PointResult| point.estimates.of(Measure::Net).mean;
        let better = |best: usize, i: usize| if net(&points[i]) > net(&points[best]) { i } else { best };
        let best = (0..points.len()).reduce(better)?;
        let is_alike = |i: &usize| *i != best && !Estimate::of_pairs(&nets[best], &nets[*i]).excludes_zero();
        let alike: Vec<usize> = (0..points.len()).filter(is_alike).collect();
        let mut digest = Xxh3::new();
        complete.iter().copied().flatten().for_each(|row| digest.update(row.digest.as_bytes()));
        let mut results = Self {
            verdict: String::new(),
            trials: u64::try_from(points.len()).expect("at most POINTS_MAX"),
            best,
            alike,
            deflated_sharpe: DeflatedSharpe::of(&nets, best),
            digest: format!("{:016x}", digest.digest()),
            points,
        };
        results.verdict = results.sentence(plan);
        Some(results)
    }

    /// The best point.
    pub fn best(&self) -> &PointResult {
        &self.points[self.best]
    }

    /// What happened, plainly.
    fn sentence(&self, plan: &Plan) -> String {
        let net = self.best().estimates.of(Measure::Net);
        let (money, runs) = (format!("{:+.2} {}", net.mean, plan.currency), seeds_in_words(plan.seeds));
        let (Some(low), Some(high)) = (net.low, net.high) else {
            let what = if self.trials == 1 { "The run".to_owned() } else { format!("The best of {}", self.trials) };
            let name = if plan.keys.is_empty() { String::new() } else { format!(", {},", plan.name(self.best)) };
            return format!("{what}{name} nets {money} on one seed, which says nothing of the next: give --seeds 32.");
        };
        let interval = format!("95 % interval of the mean: {low:+.2} to {high:+.2}");
        if plan.keys.is_empty() {
            let told = match (low > 0.0, high < 0.0) {
                (true, _) => "it earns",
                (_, true) => "it loses",
                _ => "too little to tell from nothing",
            };
            return format!("Over {runs}, a run nets {money} on average ({interval}): {told}.");
        }
        let word = if net.mean < 0.0 { "The least loss" } else { "The best" };
        format!(
            "{word} of {} points is {}: {money} a run over {runs} ({interval}). {} {}",
            self.trials,
            plan.name(self.best),
            self.rivals(),
            self.luck(),
        )
        .trim_end()
        .to_owned()
    }

    fn rivals(&self) -> String {
        let others = self.points.len() - 1;
        match (self.alike.len(), others) {
            (_, 0) => String::new(),
            (0, 1) => "The other is worse on the same seeds.".to_owned(),
            (0, _) => "All others are worse on the same seeds.".to_owned(),
            (1, 1) => "On the same seeds, the other cannot be told from it.".to_owned(),
            (alike, _) if alike == others => {
                format!("On the same seeds, none of the other {others} can be told from it.")
            }
            (alike, _) => format!("On the same seeds, {alike} of the other {others} cannot be told from it."),
        }
    }

    fn luck(&self) -> String {
        let Some(deflated) = self.deflated_sharpe.filter(|deflated| deflated.trials > 1) else { return String::new() };
        let DeflatedSharpe { trials, sharpe, expected_of_luck, probability } = deflated;
        format!(
            "Its Sharpe ratio over seeds is {sharpe:.2}; the best of {trials} without merit would show {expected_of_luck:.2}, so it \
             beats luck with probability {probability:.2}."
        )
    }
}

fn seeds_in_words(seeds: u64) -> String {
    if seeds == 1 { "one seed".to_owned() } else { format!("{seeds} seeds") }
}

fn column(rows: &[RunRow], measure: Measure) -> Vec<f64> {
    rows.iter().map(|row| row.value(measure)).collect()
}

fn point(plan: &Plan, rows: &[RunRow], first: &[RunRow]) -> PointResult {
    let number = rows[0].point;
    let of = |measure: Measure| Estimate::of(&column(rows, measure)).within(measure.bounds());
    let against = |measure| Estimate::of_pairs(&column(rows, measure), &column(first, measure));
    let halted = rows.iter().filter(|row| row.ended_by != "duration").count();
    PointResult {
        point: number,
        values: plan.points[number].values.clone(),
        estimates: Measures::each(of),
        against_first: (number > 0).then(|| Measures::each(against)),
        sharpe: Moments::of(&column(rows, Measure::Net)).map(|moments| moments.sharpe()),
        halted: u64::try_from(halted).expect("at most RUNS_MAX"),
        config_hash: plan.points[number].config.hash(),
    }
}
