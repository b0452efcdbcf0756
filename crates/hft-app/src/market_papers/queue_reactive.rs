//! Huang, Lehalle & Rosenbaum (2015): the invariant law of a queue that reacts to its own length, against the matching engine.

use super::unit_orders::UnitOrders;
use super::unit_queue::UnitQueue;
use super::{on_all_cores, stream};
use crate::paper::{Paper, PaperError, PaperReport, PaperRow, check};
use hft_core::flow::laws::QueueReactive;
use hft_core::models::Side;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// The seed unless another is asked for: the paper's year.
pub(super) const SEED: u64 = 2015;
/// Events at which the total variation is gated.
pub(super) const GATED: u64 = 1_000_000;
/// The largest total variation between the queue's time shares and its law.
const TOTAL_VARIATION: f64 = 0.01;
/// Paths, one stream each; the events are shared out among them.
const PATHS: u64 = 8;
/// The price of the queue, ticks.
const PRICE: i64 = 1_000;
/// Lengths that the table shows one by one.
const SHOWN: usize = 16;

/// The parameters.
#[derive(Clone, PartialEq, Debug, clap::Args)]
pub struct QueueReactiveArgs {
    /// Limit orders per unit of time when 0, 1, 2, ... are there; beyond the last: the last
    #[arg(long, value_delimiter = ',', default_values_t = [1.2, 1.0, 0.9, 0.85, 0.8, 0.75, 0.7])]
    pub lambda: Vec<f64>,
    /// Market orders and cancels per unit of time when 1, 2, ... are there; beyond the last: the last
    #[arg(long, value_delimiter = ',', default_values_t = [0.5, 0.65, 0.75, 0.85, 0.95, 1.0])]
    pub mu: Vec<f64>,
    /// Events on the matching engine
    #[arg(long, default_value_t = 4_000_000)]
    pub events: u64,
}

impl QueueReactiveArgs {
    fn queue(&self) -> Result<QueueReactive, PaperError> {
        for (name, rates) in [("--lambda", &self.lambda), ("--mu", &self.mu)] {
            rates.iter().try_for_each(|&rate| check(name, rate, [1e-6, 1e6]))?;
        }
        check("--events", self.events as f64, [1_000.0, 1e9])?;
        let queue = QueueReactive { lambda: self.lambda.clone(), mu: self.mu.clone() };
        if queue.ratio() > 0.99 {
            let allowed =
                "followed by limit orders at 0.99 of its last rate at most: a longer queue would grow for ever";
            return Err(PaperError { parameter: "--mu", value: queue.death(usize::MAX), allowed: allowed.into() });
        }
        Ok(queue)
    }
}

/// The paper as a command.
pub(super) fn paper() -> Paper {
    let about = "Huang, Lehalle & Rosenbaum (2015): the invariant law of a queue whose rates depend on its length";
    Paper::new("queue-reactive", about, |args: QueueReactiveArgs, seed| Ok(report(&args, seed.or(SEED))?))
}

/// The mean time that so many events spent at each length, from an empty queue on.
fn play(law: &QueueReactive, events: u64, rng: &mut ChaCha8Rng) -> Vec<f64> {
    let mut orders = UnitOrders::new();
    let mut queue = UnitQueue::new(Side::Buy, PRICE);
    let mut spent = Vec::new();
    for _ in 0..events {
        let n = queue.len();
        let (birth, death) = (law.birth(n), law.death(n));
        if spent.len() <= n {
            spent.resize(n + 1, 0.0);
        }
        // How long an event takes has a known mean: a draw of it would only add noise.
        spent[n] += 1.0 / (birth + death);
        let left = rng.random::<f64>() * (birth + death) - birth;
        if left < 0.0 {
            queue.join(&mut orders);
        } else {
            // Half by market orders, half by cancels: the law does not know the difference.
            queue.leave(&mut orders, left < death / 2.0);
        }
    }
    spent
}

/// The law beside the shares of time on the engine.
///
/// # Errors
/// When a parameter is out of range, or the queue would grow for ever.
pub fn report(args: &QueueReactiveArgs, seed: u64) -> Result<PaperReport, PaperError> {
    let queue = args.queue()?;
    let law = queue.invariant();
    let paths: Vec<u64> = (0..PATHS).collect();
    let parts = on_all_cores(&paths, |&path| {
        let events = args.events / PATHS + u64::from(path < args.events % PATHS);
        play(&queue, events, &mut stream(seed, path))
    });
    let longest = parts.iter().map(Vec::len).max().unwrap_or(0).max(law.len());
    let at = |list: &[f64], n: usize| list.get(n).copied().unwrap_or(0.0);
    let spent: Vec<f64> = (0..longest).map(|n| parts.iter().map(|part| at(part, n)).sum()).collect();
    let total: f64 = spent.iter().sum();
    let shares: Vec<f64> = spent.iter().map(|time| time / total).collect();
    let shown = SHOWN.min(law.len());
    let row = |n: usize| PaperRow::new("share of time at length n", format!("n={n}"), shares[n]).exact(law[n]);
    let mut rows: Vec<PaperRow> = (0..shown).map(row).collect();
    let beyond = |list: &[f64]| list[shown..].iter().sum::<f64>();
    rows.push(PaperRow::new("share of time at length n", format!("n>={shown}"), beyond(&shares)).exact(beyond(&law)));
    let apart = (0..longest).map(|n| (shares[n] - at(&law, n)).abs()).sum::<f64>() / 2.0;
    let row = PaperRow::new("distance of the two laws", "total variation", apart).exact(0.0);
    rows.push(if args.events >= GATED { row.within(TOTAL_VARIATION) } else { row });
    Ok(PaperReport {
        name: "queue-reactive".to_owned(),
        citation: "Huang, Lehalle & Rosenbaum (2015), Simulating and analyzing order book data: the queue-reactive model, Journal of the American Statistical Association 110(509) 107, model I"
            .to_owned(),
        rows,
        notes: vec![
            format!("{} events on the matching engine, {PATHS} queues that start empty, seed {seed}.", args.events),
            "exact: pi(n) in proportion to the product of lambda(j - 1) / mu(j), j = 1 to n.".to_owned(),
            "The rates that stand here by default are an example, not anybody's estimates.".to_owned(),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(lambda: &[f64], mu: &[f64], events: u64) -> QueueReactiveArgs {
        QueueReactiveArgs { lambda: lambda.to_vec(), mu: mu.to_vec(), events }
    }

    #[test]
    fn the_engine_has_the_invariant_law() {
        for (lambda, mu) in [(vec![1.0], vec![2.0]), (vec![1.2, 1.0, 0.7], vec![0.5, 0.75, 1.0])] {
            let report = report(&args(&lambda, &mu, GATED), SEED).expect("it settles");
            assert!(report.passes() && report.rows.last().expect("a distance").pass.is_some(), "{report}");
        }
    }

    #[test]
    fn a_queue_that_grows_for_ever_is_refused() {
        let error = report(&args(&[1.0], &[2.0, 1.0], 1_000), SEED).expect_err("balanced").to_string();
        assert!(error.starts_with("--mu must be followed"), "{error}");
        assert!(report(&args(&[1.0], &[0.0], 1_000), SEED).is_err());
    }
}
