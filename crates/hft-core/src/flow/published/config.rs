//! The knobs of the published models. Rates are in the model's own unit of time; `pace` says how many of those pass in a second.

use super::hawkes::KINDS;
use super::queue_reactive::QueueTable;
use crate::flow::laws::{CST_LAMBDA, CST_THETA, Hawkes, LONGEST, PoissonRates, QueueReactive};
use serde::{Deserialize, Serialize};

/// What is wrong with a model's numbers together: the key within the table of the market, and what must hold.
///
/// Example: [`CrowdConfig`](crate::flow::CrowdConfig).
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{key}` {problem}")]
pub struct FlowError {
    /// The key to change, below the market's table.
    pub key: &'static str,
    /// The rest of the sentence.
    pub problem: String,
}

fn wrong(key: &'static str, problem: impl Into<String>) -> Result<(), FlowError> {
    Err(FlowError { key, problem: problem.into() })
}

/// Cont, Stoikov & Talreja (2010): rates by distance from the opposite best price.
///
/// Example: [`CrowdConfig`](crate::flow::CrowdConfig).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CstConfig {
    /// Limit orders, each side, at the distances 1, 2, ..; beyond the last: `k / distance^alpha`.
    pub lambda: Vec<f64>,
    /// Cancels of each order at the same distances; beyond the last: the last.
    pub theta: Vec<f64>,
    /// Market orders, each side.
    pub mu: f64,
    /// `k` of the limit orders far away.
    pub k: f64,
    /// `alpha` of the limit orders far away.
    pub alpha: f64,
    /// Distances at which there are orders.
    pub levels: u32,
    /// Units of the model's time, the paper's minutes, in a second.
    pub pace: f64,
}

impl Default for CstConfig {
    fn default() -> Self {
        let (lambda, theta) = (CST_LAMBDA.to_vec(), CST_THETA.to_vec());
        Self { lambda, theta, mu: 0.94, k: 1.92, alpha: 0.52, levels: 20, pace: 1.0 }
    }
}

impl CstConfig {
    /// The rates at every distance.
    #[allow(clippy::cast_precision_loss, reason = "a distance")]
    pub fn rates(&self) -> PoissonRates {
        let levels = usize::try_from(self.levels).expect("a u32 indexes memory");
        let far = |distance: usize| self.k / libm::pow(distance as f64, self.alpha);
        PoissonRates::by_distance(&self.lambda, &self.theta, self.mu, levels, far)
    }

    pub(super) fn check(&self) -> Result<(), FlowError> {
        if self.theta.is_empty() {
            return wrong("cst.theta", "must have one rate at least");
        }
        let rates = self.rates();
        if rates.lambda.iter().zip(&rates.theta).any(|(lambda, theta)| lambda / theta > LONGEST) {
            return wrong(
                "cst.theta",
                format!("must be 1/{LONGEST} of the limit orders at the same distance at least"),
            );
        }
        Ok(())
    }
}

/// Smith, Farmer, Gillemot & Krishnamurthy (2003): zero intelligence.
///
/// Example: [`CrowdConfig`](crate::flow::CrowdConfig).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SantaFeConfig {
    /// Limit orders at each price, each side.
    pub alpha: f64,
    /// Market orders, both sides together.
    pub mu: f64,
    /// Cancels of each order.
    pub delta: f64,
    /// Prices on which orders fall, from the opposite best price outwards.
    pub levels: u32,
    /// Units of the model's time in a second.
    pub pace: f64,
}

impl Default for SantaFeConfig {
    fn default() -> Self {
        Self { alpha: 0.05, mu: 1.0, delta: 0.02, levels: 80, pace: 10.0 }
    }
}

impl SantaFeConfig {
    /// The rates at every distance.
    pub fn rates(&self) -> PoissonRates {
        let levels = usize::try_from(self.levels).expect("a u32 indexes memory");
        PoissonRates { lambda: vec![self.alpha; levels], theta: vec![self.delta; levels], mu: self.mu / 2.0 }
    }

    pub(super) fn check(&self) -> Result<(), FlowError> {
        if self.alpha / self.delta > LONGEST {
            return wrong("santa_fe.delta", format!("must be 1/{LONGEST} of `santa_fe.alpha` at least"));
        }
        Ok(())
    }
}

/// Huang, Lehalle & Rosenbaum (2015): queues whose rates depend on their length. Tables by distance from the reference price (beyond the
/// last: the last), each by length (beyond the last: the last).
///
/// Example: [`CrowdConfig`](crate::flow::CrowdConfig).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QueueReactiveConfig {
    /// Limit orders when 0, 1, 2, .. are there.
    pub limits: Vec<Vec<f64>>,
    /// Cancels when 1, 2, .. are there, all together.
    pub cancels: Vec<Vec<f64>>,
    /// Market orders when 1, 2, .. are there, while the queue is the best one; behind, as many cancels more.
    pub markets: Vec<Vec<f64>>,
    /// Queues of each side.
    pub queues: u32,
    /// Probability that the reference price follows when the queue beside it empties.
    pub follow: f64,
    /// Probability that, where it followed, the whole book is drawn anew.
    pub redraw: f64,
    /// Units of the model's time in a second.
    pub pace: f64,
}

impl Default for QueueReactiveConfig {
    fn default() -> Self {
        Self {
            limits: vec![vec![1.2, 1.0, 0.9, 0.85, 0.8, 0.75, 0.7]],
            cancels: vec![vec![0.25, 0.4, 0.5, 0.6, 0.7, 0.75]],
            markets: vec![vec![0.25]],
            queues: 5,
            follow: 0.7,
            redraw: 0.15,
            pace: 5.0,
        }
    }
}

impl QueueReactiveConfig {
    /// The law of the queue at a distance, from 0: the deaths of the best queue and of those behind are the same.
    pub fn law(&self, distance: usize) -> QueueReactive {
        let (cancels, markets) = (row(&self.cancels, distance), row(&self.markets, distance));
        let lengths = cancels.len().max(markets.len());
        let deaths = (0..lengths).map(|n| last_or(cancels, n) + last_or(markets, n)).collect();
        QueueReactive { lambda: row(&self.limits, distance).to_vec(), mu: deaths }
    }

    pub(super) fn tables(&self) -> Vec<QueueTable> {
        let queues = usize::try_from(self.queues).expect("a u32 indexes memory");
        let table = |distance| {
            let (law, markets) = (self.law(distance), row(&self.markets, distance));
            let market_share = law.mu.iter().enumerate().map(|(n, death)| last_or(markets, n) / death).collect();
            QueueTable { law, market_share }
        };
        (0..queues).map(table).collect()
    }

    pub(super) fn check(&self) -> Result<(), FlowError> {
        let lists = [&self.limits, &self.cancels, &self.markets];
        for (key, list) in
            ["queue_reactive.limits", "queue_reactive.cancels", "queue_reactive.markets"].into_iter().zip(lists)
        {
            if list.is_empty() || list.iter().any(Vec::is_empty) {
                return wrong(key, "must have a rate at every distance it lists");
            }
        }
        let listed = lists.map(Vec::len).into_iter().max().unwrap_or(0);
        for distance in 0..listed {
            let law = self.law(distance);
            if law.mu.iter().any(|death| *death <= 0.0) {
                return wrong("queue_reactive.cancels", format!("and markets are both 0 at distance {}", distance + 1));
            }
            if law.ratio() > 0.99 {
                return wrong(
                    "queue_reactive.limits",
                    format!(
                        "end, at distance {}, above 0.99 of what leaves: a longer queue would grow for ever",
                        distance + 1
                    ),
                );
            }
        }
        Ok(())
    }
}

fn row(table: &[Vec<f64>], distance: usize) -> &[f64] {
    &table[distance.min(table.len() - 1)]
}

fn last_or(list: &[f64], n: usize) -> f64 {
    list[n.min(list.len() - 1)]
}

/// Hawkes (1971): limit orders, market orders and cancels that excite themselves and each other, with exponential kernels.
///
/// Example: [`CrowdConfig`](crate::flow::CrowdConfig).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HawkesConfig {
    /// Limit orders without cause, each side.
    pub limits: f64,
    /// Market orders without cause, each side.
    pub markets: f64,
    /// Cancels without cause, each side.
    pub cancels: f64,
    /// Children on the same side that an event has on average: by rows the child's kind (limit, market, cancel), in each row the parent's.
    pub same_side: Vec<Vec<f64>>,
    /// Children on the other side.
    pub other_side: Vec<Vec<f64>>,
    /// How fast an excitement is forgotten.
    pub beta: f64,
    /// Mean distance of a limit order from the opposite touch, steps.
    pub mean_distance: f64,
    /// How long an order waits on average until it leaves by itself.
    pub patience: f64,
    /// Units of the model's time in a second.
    pub pace: f64,
}

impl Default for HawkesConfig {
    fn default() -> Self {
        Self {
            limits: 5.0,
            markets: 0.5,
            cancels: 1.0,
            same_side: vec![vec![0.35, 0.30, 0.20], vec![0.02, 0.45, 0.02], vec![0.20, 0.15, 0.20]],
            other_side: vec![vec![0.05, 0.10, 0.05], vec![0.0, 0.05, 0.0], vec![0.05, 0.10, 0.05]],
            beta: 5.0,
            mean_distance: 4.0,
            patience: 10.0,
            pace: 1.0,
        }
    }
}

impl HawkesConfig {
    /// The process per second, kinds in pairs of buyers and sellers: limit orders, market orders, cancels.
    pub fn process(&self) -> Hawkes {
        let base = [self.limits, self.markets, self.cancels];
        let cell = |child: usize, parent: usize| {
            let table = if child % 2 == parent % 2 { &self.same_side } else { &self.other_side };
            table[child / 2][parent / 2]
        };
        Hawkes {
            mu: (0..KINDS).map(|kind| base[kind / 2] * self.pace).collect(),
            n: (0..KINDS).map(|child| (0..KINDS).map(|parent| cell(child, parent)).collect()).collect(),
            beta: self.beta * self.pace,
        }
    }

    pub(super) fn check(&self) -> Result<(), FlowError> {
        for (key, table) in [("hawkes.same_side", &self.same_side), ("hawkes.other_side", &self.other_side)] {
            if table.len() != KINDS / 2 || table.iter().any(|row| row.len() != KINDS / 2) {
                return wrong(key, "must be three rows (limit, market, cancel) of three numbers");
            }
        }
        let ratio = self.process().branching_ratio();
        if ratio > 0.99 {
            return wrong(
                "hawkes.same_side",
                format!("and other_side have a branching ratio of {ratio:.3}: above 0.99 nothing settles"),
            );
        }
        Ok(())
    }
}

/// Cont & de Larrard (2013): balanced queues at the best prices.
///
/// Example: [`CrowdConfig`](crate::flow::CrowdConfig).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BalancedQueuesConfig {
    /// Orders that join a queue a second, and as many that leave it.
    pub rate: f64,
    /// Share of cancels among the orders that leave.
    pub cancels: f64,
    /// Mean length of a queue after the price has moved, geometric.
    pub refill: f64,
}

impl Default for BalancedQueuesConfig {
    fn default() -> Self {
        Self { rate: 10.0, cancels: 0.5, refill: 4.0 }
    }
}
