//! The estimates, in the models' own terms.
//!
//! | model | what is estimated |
//! |---|---|
//! | `crowd` | rates, sizes and distances of the uninformed; the value's volatility; how far makers stand; what share of takers knows |
//! | `cst` | limit orders and cancels by distance, market orders, and the power law of the far ones |
//! | `queue-reactive` | events of the first queues by their length |
//! | `hawkes` | base rates, children and forgetting of six kinds of event, by maximum likelihood |

use super::flow::{DISTANCES, FlowCollector, LENGTHS, QUEUES, QueueCounts, Units};
use super::hawkes::{HawkesFit, KINDS};
use hft_data::{Distribution, StylisedFacts};
use serde::Serialize;

/// A length of a queue that was seen for less is not told apart, s.
const SEEN_LEAST: f64 = 5.0;

/// Everything that is known of a recording.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Fitted {
    /// Ticks to a step of a model with steps.
    pub spacing: i64,
    /// Lots to a unit of a model with units.
    pub unit: i64,
    /// The crowd.
    pub crowd: CrowdFit,
    /// Rates by distance.
    pub cst: CstFit,
    /// Rates by length of the queue.
    pub queue_reactive: QueueReactiveFit,
    /// Excitement; nothing where there were too few events.
    pub hawkes: Option<HawkesFit>,
}

/// What the default market's knobs would be. Ticks, lots, seconds.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
#[allow(missing_docs, reason = "named as the knobs are, which are documented")]
pub struct CrowdFit {
    pub takers_per_s: f64,
    /// The lasting response to a trade over half the spread: who trades against prices that follow lost that share of it (Glosten
    /// and Milgrom 1985).
    pub informed_fraction: f64,
    pub volatility: f64,
    pub limits_per_s: f64,
    pub cancels_per_s: f64,
    pub least_distance: f64,
    pub mean_distance: f64,
    pub mean_size: f64,
    pub informed_size: f64,
    pub half_spread: f64,
    pub maker_size: f64,
}

/// Rates a second, by distance in steps.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[allow(missing_docs, reason = "named as the paper's symbols")]
pub struct CstFit {
    pub lambda: Vec<f64>,
    pub theta: Vec<f64>,
    pub mu: f64,
    pub k: f64,
    pub alpha: f64,
}

/// Rates a second: a list for each queue, in it one for each length.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct QueueReactiveFit {
    /// Limit orders that join when 0, 1, 2, .. are there.
    pub limits: Vec<Vec<f64>>,
    /// Cancels when 1, 2, .. are there, all together.
    pub cancels: Vec<Vec<f64>>,
    /// Market orders when 1, 2, .. are there.
    pub markets: Vec<Vec<f64>>,
}

/// In what units the second pass counts, given what the first has seen, with the steps of tick and lot.
#[allow(clippy::cast_possible_truncation, reason = "`as` saturates, and a step is at least one")]
pub(super) fn units(facts: &StylisedFacts, tick: i64, lot: i64) -> (Units, i64, i64) {
    let spread = facts.spread.as_ref().map_or(2.0, |spread| spread.quantile(0.5));
    let size = facts.order_size.as_ref().map_or(1.0, Distribution::mean);
    let (spacing, unit) = ((spread / 2.0).round().max(1.0) as i64, size.round().max(1.0) as i64);
    (Units { spacing: spacing.saturating_mul(tick), unit: unit.saturating_mul(lot) }, spacing, unit)
}

impl Fitted {
    pub(super) fn of(facts: &StylisedFacts, flow: &FlowCollector, spacing: i64, unit: i64) -> Self {
        Self {
            spacing,
            unit,
            crowd: CrowdFit::of(facts, flow),
            cst: CstFit::of(flow),
            queue_reactive: QueueReactiveFit::of(&flow.tables),
            hawkes: HawkesFit::of(&flow.arrivals, flow.arrivals.last().map_or(0.0, |last| last.time)),
        }
    }
}

impl CrowdFit {
    fn of(facts: &StylisedFacts, flow: &FlowCollector) -> Self {
        let mean = |distribution: &Option<Distribution>| distribution.as_ref().map_or(1.0, Distribution::mean);
        let spread = mean(&facts.spread);
        let placed = facts.placement.as_ref();
        let least = placed.map_or(0.0, |placed| (placed.quantile(0.05) - 1.0).floor().max(0.0));
        let lasting = facts.response.value.iter().flatten().last().copied().unwrap_or(0.0);
        let variance = facts.signature.value.iter().flatten().last().copied().unwrap_or(0.0);
        let [limits, cancels, order_seconds] = flow.all;
        Self {
            takers_per_s: rate(flow.markets, flow.seconds),
            informed_fraction: (lasting / (spread / 2.0)).clamp(0.0, 1.0),
            volatility: variance.max(0.0).sqrt(),
            limits_per_s: rate(limits, flow.seconds),
            cancels_per_s: rate(cancels, order_seconds),
            least_distance: least,
            mean_distance: (mean(&facts.placement) - least).max(1.0),
            mean_size: mean(&facts.order_size).max(1.0),
            informed_size: mean(&facts.trade_size).max(1.0),
            half_spread: (spread / 2.0).round().max(1.0),
            maker_size: mean(&facts.touch).round().max(1.0),
        }
    }
}

impl CstFit {
    #[allow(clippy::cast_precision_loss, reason = "a distance")]
    fn of(flow: &FlowCollector) -> Self {
        let lambda: Vec<f64> = flow.limits.iter().map(|count| rate(*count, 2.0 * flow.seconds)).collect();
        let theta = (0..DISTANCES).map(|at| rate(flow.cancels[at], flow.order_seconds[at])).collect();
        // Least squares of log lambda on log distance, as the paper does.
        let told: Vec<(f64, f64)> = lambda
            .iter()
            .enumerate()
            .filter(|(_, lambda)| **lambda > 0.0)
            .map(|(at, lambda)| (libm::log(at as f64 + 1.0), libm::log(*lambda)))
            .collect();
        let count = told.len().max(1) as f64;
        let (x, y) = told.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / count, y + point.1 / count));
        let (xx, xy) =
            told.iter().fold((0.0, 0.0), |(xx, xy), p| (xx + (p.0 - x) * (p.0 - x), xy + (p.0 - x) * (p.1 - y)));
        let slope = if xx > 0.0 { xy / xx } else { 0.0 };
        let (k, alpha) = (libm::exp(y - slope * x), (-slope).clamp(0.0, 10.0));
        Self { lambda, theta, mu: rate(flow.markets, 2.0 * flow.seconds), k, alpha }
    }
}

impl QueueReactiveFit {
    fn of(tables: &[QueueCounts; QUEUES]) -> Self {
        let mut fit = Self { limits: Vec::new(), cancels: Vec::new(), markets: Vec::new() };
        for table in tables {
            let seen = (0..LENGTHS).take_while(|length| table.seconds[*length] >= SEEN_LEAST).count();
            if seen == 0 {
                break;
            }
            let of = |counts: &[f64; LENGTHS]| {
                (0..seen).map(|length| rate(counts[length], table.seconds[length])).collect::<Vec<_>>()
            };
            let limits = of(&table.limits);
            // Nobody sees an empty queue at the touch: it is left as the shortest is joined.
            fit.limits.push(limits.first().copied().into_iter().chain(limits.iter().copied()).collect());
            fit.cancels.push(of(&table.cancels));
            fit.markets.push(of(&table.markets));
        }
        fit
    }
}

/// The spectral radius of the matrix of children, both sides together: by symmetry that of the sum of the two tables.
pub(super) fn branching_ratio(fit: &HawkesFit) -> f64 {
    let mut vector = [1.0; KINDS / 2];
    let mut ratio = 0.0;
    for _ in 0..200 {
        let next: [f64; KINDS / 2] = std::array::from_fn(|child| {
            (0..KINDS / 2)
                .map(|parent| (fit.same_side[child][parent] + fit.other_side[child][parent]) * vector[parent])
                .sum()
        });
        ratio = next.iter().copied().fold(0.0, f64::max);
        if ratio <= 0.0 {
            return 0.0;
        }
        vector = next.map(|value| value / ratio);
    }
    ratio
}

fn rate(count: f64, exposure: f64) -> f64 {
    if exposure > 0.0 { count / exposure } else { 0.0 }
}
