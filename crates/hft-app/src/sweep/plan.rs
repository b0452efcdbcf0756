//! What will run: every point resolved and checked before anything does.

use super::{Axis, POINTS_MAX, RUNS_MAX};
use crate::config::{self, Kind, Origin, Resolved, RunConfig, Setting, Sources, Table, Value};
use crate::exit::Failure;
use crate::pattern::{Pattern, tables};
use crate::scenario;
use hft_core::models::Nanos;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

/// What a plan is made of.
pub(super) struct Request {
    /// None, one or two.
    pub(super) axes: Vec<Axis>,
    pub(super) seeds: u64,
    /// The layers of the configuration, without the swept keys.
    pub(super) sources: Sources,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Plan {
    /// The binary.
    pub pattern: &'static str,
    /// Its version.
    pub version: &'static str,
    /// What is swept.
    pub axes: Vec<Axis>,
    /// The swept keys, dotted.
    pub keys: Vec<String>,
    /// The points, the last key's values fastest.
    pub points: Vec<Point>,
    /// The first seed.
    pub first_seed: u64,
    /// How many seeds.
    pub seeds: u64,
    /// What money is counted in.
    pub currency: String,
    /// The configuration without the swept keys.
    pub base: Resolved,
}

/// One combination of values.
#[derive(Debug)]
pub struct Point {
    /// What the swept keys are here, in the order of the keys; words without quotes.
    pub values: Vec<String>,
    /// The configuration, with the first seed.
    pub config: Resolved,
}

/// `sweep.json`: what a sweep is, so that it can be resumed and not be mixed up with another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The binary.
    pub pattern: String,
    /// Its version.
    pub version: String,
    /// What is swept, as it was written.
    pub sweep: Vec<String>,
    /// How many points.
    pub points: u64,
    /// The first seed.
    pub first_seed: u64,
    /// How many seeds.
    pub seeds: u64,
    /// A hash of all that decides the rows, beside the code.
    pub hash: String,
}

impl Plan {
    /// Resolves every point.
    ///
    /// # Errors
    /// A sentence of usage, all violations of the first point that has any, or what the pattern cannot trade.
    pub(super) fn new<P: Pattern>(request: Request) -> Result<Self, Failure> {
        let Request { axes, seeds, sources } = request;
        check_size(&axes, seeds)?;
        let base = config::load(tables::<P>(), &sources)?;
        let run: RunConfig = base.table("run");
        let last = i64::try_from(run.seed).ok().zip(i64::try_from(seeds - 1).ok()).and_then(|(a, b)| a.checked_add(b));
        if last.is_none() {
            return Err(Failure::Usage(format!("{seeds} seeds from {} on go beyond {}", run.seed, i64::MAX)));
        }
        let keys = keys(&axes, P::TABLE, &sources)?;
        let kinds = tables::<P>();
        let settings = axes.iter().zip(&keys).map(|(axis, key)| axis.settings(key, kind(&kinds, key)));
        let settings: Vec<Vec<Setting>> = settings.collect::<Result<_, _>>().map_err(Failure::Usage)?;
        let mut points = Vec::new();
        let mut currency = String::new();
        for combination in combinations(&settings) {
            let mut sources = sources.clone();
            sources.asked.extend(combination.into_iter().map(|setting| ("sweep", setting)));
            let config = config::load(tables::<P>(), &sources)?;
            let scenario = scenario::scenario::<P>(&config).map_err(|error| Failure::of(error, Failure::Untradable))?;
            let books = scenario.world.books_of(scenario.desk);
            currency = books.first().map_or("", |book| book.instrument.currency()).to_owned();
            let values = keys.iter().map(|key| written(&config, key)).collect();
            points.push(Point { values, config });
        }
        let (pattern, version, first_seed) = (P::NAME, P::VERSION, run.seed);
        Ok(Self { pattern, version, axes, keys, points, first_seed, seeds, currency, base })
    }

    /// Market time of the runs of a point.
    pub fn span_of(&self, point: usize) -> Nanos {
        self.points[point].config.table::<RunConfig>("run").duration()
    }

    /// How many runs.
    pub fn runs(&self) -> u64 {
        u64::try_from(self.points.len()).expect("at most POINTS_MAX") * self.seeds
    }

    /// Which point and which seed is the run of this number.
    ///
    /// # Panics
    /// When there is no such run.
    pub fn run(&self, number: u64) -> (usize, u64) {
        assert!(number < self.runs(), "run {number} of {}", self.runs());
        let point = usize::try_from(number / self.seeds).expect("at most POINTS_MAX");
        (point, self.first_seed + number % self.seeds)
    }

    /// The name of a point, for people: `passive_mm.half_spread = 0.25, passive_mm.size = 1`.
    pub fn name(&self, point: usize) -> String {
        let pairs = self.keys.iter().zip(&self.points[point].values).map(|(key, value)| format!("{key} = {value}"));
        pairs.collect::<Vec<_>>().join(", ")
    }

    /// What it is, to be kept beside the rows.
    pub fn identity(&self) -> Identity {
        let mut hash = Xxh3::new();
        for text in [self.pattern, self.version].into_iter().chain(self.keys.iter().map(String::as_str)) {
            hash.update(text.as_bytes());
            hash.update(&[0]);
        }
        hash.update(&self.seeds.to_le_bytes());
        for point in &self.points {
            hash.update(point.config.hash().as_bytes());
        }
        Identity {
            pattern: self.pattern.to_owned(),
            version: self.version.to_owned(),
            sweep: self.axes.iter().map(ToString::to_string).collect(),
            points: u64::try_from(self.points.len()).expect("at most POINTS_MAX"),
            first_seed: self.first_seed,
            seeds: self.seeds,
            hash: format!("{:032x}", hash.digest128()),
        }
    }
}

impl Identity {
    /// What is swept.
    pub(super) fn axes(&self) -> Result<Vec<Axis>, Failure> {
        let wrong = |error: String| Failure::Data(anyhow::anyhow!("sweep.json: {error}"));
        self.sweep.iter().map(|text| text.parse().map_err(wrong)).collect()
    }
}

fn check_size(axes: &[Axis], seeds: u64) -> Result<(), Failure> {
    let points = axes.iter().map(Axis::count).product::<usize>();
    if points > POINTS_MAX {
        return Err(Failure::Usage(format!("{points} points are more than the {POINTS_MAX} that a sweep may have")));
    }
    match u64::try_from(points).expect("at most POINTS_MAX").checked_mul(seeds) {
        Some(1..=RUNS_MAX) => Ok(()),
        Some(0) => Err(Failure::Usage("--seeds must be at least 1".to_owned())),
        _ => Err(Failure::Usage(format!(
            "{points} points on {seeds} seeds are more than the {RUNS_MAX} runs that a sweep may have"
        ))),
    }
}

/// The keys, which are not twice there, not decided by a flag, and not what the sweep itself decides.
fn keys(axes: &[Axis], own: &str, sources: &Sources) -> Result<Vec<String>, Failure> {
    let keys: Vec<String> = axes.iter().map(|axis| axis.key(own)).collect();
    for (i, key) in keys.iter().enumerate() {
        if keys[..i].contains(key) {
            return Err(Failure::Usage(format!("{key} is swept twice")));
        }
        let instead = match key.as_str() {
            "run.seed" => Some("seeds are given by --seed and --seeds"),
            "run.out" => Some("a sweep has one folder, given by --out"),
            "run.journal" | "run.equity_ms" => Some("a sweep keeps neither journals nor curves, only a row a run"),
            _ => None,
        };
        if let Some(instead) = instead {
            return Err(Failure::Usage(format!("{key} is not to be swept: {instead}")));
        }
        if let Some(flag) = sources.flags.iter().find(|flag| flag.key == key) {
            return Err(Failure::Usage(format!("{key} is swept and set by {} as well", flag.flag)));
        }
        if sources.set.iter().any(|setting| setting.key == *key) {
            return Err(Failure::Usage(format!("{key} is swept and set by --set as well")));
        }
    }
    Ok(keys)
}

fn kind<'a>(tables: &'a [Table], key: &str) -> Option<&'a Kind> {
    tables.iter().find_map(|table| table.kind(key))
}

/// All combinations, the last axis fastest; of no axis there is one.
fn combinations(axes: &[Vec<Setting>]) -> Vec<Vec<Setting>> {
    axes.iter().fold(vec![Vec::new()], |done, axis| {
        let longer = |known: &Vec<Setting>| {
            axis.iter()
                .map(|setting| known.iter().cloned().chain([setting.clone()]).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };
        done.iter().flat_map(longer).collect()
    })
}

/// A value as a column of a CSV file has it: words without quotes.
fn written(config: &Resolved, key: &str) -> String {
    match config.value(key).map(|given| &given.value) {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Real(number)) => number.to_string(),
        Some(value) => value.to_string(),
        None => Origin::Default.place(key),
    }
}
