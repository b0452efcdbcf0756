//! The experiment of Avellaneda & Stoikov (2008), section 3.3, path by path.
//!
//! Paths are drawn in blocks of 1,000, each from a ChaCha8 stream of its own, so the figures are the same bytes however
//! many threads share the blocks. A step takes two 64-bit words: the upper 53 bits of each decide one side's fill, and
//! a lower bit of the first decides whether the mid moves up or down.
//!
//! The mean profit is estimated with a control variate: what the inventory gains and loses as the mid moves, `sum q
//! ds`, has mean zero whatever the dealer does, so it is taken off every path's profit before averaging. That removes
//! most of the noise of a dealer who lets the inventory run, at no cost in bias; standard deviations are those of the
//! whole profit, and the plain mean is kept beside it.

use crate::model::avellaneda_stoikov::Distances;
use crate::model::dynamic_programme::{Experiment, Maker};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::sync::atomic::{AtomicU64, Ordering};

/// Paths a block.
const BLOCK: u64 = 1_000;

/// Which random numbers: nothing else distinguishes two simulations of one experiment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Draw {
    /// How many paths, at least two.
    pub paths: u64,
    /// The seed.
    pub seed: u64,
}

/// A sample statistic and its standard error.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Figure {
    /// The statistic.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// What a sample says of a maker.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sample {
    /// Mean profit, with the inventory's gains as control variate.
    pub profit: Figure,
    /// Mean profit as the paper averages it.
    pub plain_profit: Figure,
    /// Standard deviation of the profit.
    pub profit_sd: Figure,
    /// Mean final inventory.
    pub final_q: Figure,
    /// Standard deviation of the final inventory.
    pub final_q_sd: Figure,
}

/// Draws the experiment for one maker, on all cores.
///
/// # Panics
/// With fewer than two paths, or when a thread dies.
pub fn simulate(experiment: &Experiment, maker: Maker, draw: Draw) -> Sample {
    simulate_on(std::thread::available_parallelism().map_or(1, usize::from), experiment, maker, draw)
}

fn simulate_on(threads: usize, experiment: &Experiment, maker: Maker, draw: Draw) -> Sample {
    assert!(draw.paths >= 2, "a standard deviation needs two paths");
    let blocks = draw.paths.div_ceil(BLOCK);
    let next = AtomicU64::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let block = next.fetch_add(1, Ordering::Relaxed);
            if block >= blocks {
                return done;
            }
            done.push((block, simulate_block(experiment, maker, draw, block)));
        }
    };
    let mut parts: Vec<(u64, [PowerSums; 3])> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a block is drawn without panic")).collect()
    });
    // Floating-point sums depend on their order: always the blocks' own.
    parts.sort_by_key(|(block, _)| *block);
    let mut sums = [PowerSums::default(); 3];
    for (_, part) in parts {
        sums.iter_mut().zip(part).for_each(|(sum, part)| sum.merge(part));
    }
    let [controlled, profit, q] = sums;
    Sample {
        profit: controlled.mean(),
        plain_profit: profit.mean(),
        profit_sd: profit.sd(),
        final_q: q.mean(),
        final_q_sd: q.sd(),
    }
}

/// Where the paths of a block stand.
#[derive(Clone, Copy)]
struct Path {
    s: f64,
    cash: f64,
    q: i32,
    /// The control variate: what the inventory gained as the mid moved.
    drift_gain: f64,
}

/// A quote pair and the odds of its fills, as thresholds for 53 random bits.
#[derive(Clone, Copy)]
struct Odds {
    distances: Distances,
    bid: u64,
    ask: u64,
}

fn simulate_block(experiment: &Experiment, maker: Maker, draw: Draw, block: u64) -> [PowerSums; 3] {
    let mut rng = ChaCha8Rng::seed_from_u64(draw.seed);
    // The dealers' streams are apart, so that neither depends on how many paths the other has.
    rng.set_stream(block * 2 + maker as u64);
    let first = block * BLOCK;
    let count = usize::try_from(BLOCK.min(draw.paths - first)).expect("a block is small");
    let start = Path { s: experiment.s0, cash: 0.0, q: experiment.q0, drift_gain: 0.0 };
    let mut paths = vec![start; count];
    let jump = experiment.dealer.sigma * experiment.step().sqrt();
    let mut table = Vec::new();
    for n in 0..experiment.steps() {
        let low = paths.iter().map(|path| path.q).min().expect("a block has a path");
        let high = paths.iter().map(|path| path.q).max().expect("a block has a path");
        table.clear();
        table.extend((low..=high).map(|q| odds(experiment, maker, n, q)));
        for path in &mut paths {
            let index = usize::try_from(path.q - low).expect("not below the lowest");
            step(path, &table[index], jump, [rng.next_u64(), rng.next_u64()]);
        }
    }
    let worth_at_start = f64::from(experiment.q0) * experiment.s0;
    let mut sums = [PowerSums::default(); 3];
    for Path { s, cash, q, drift_gain } in paths {
        let profit = cash + f64::from(q) * s - worth_at_start;
        sums[0].add(profit - drift_gain);
        sums[1].add(profit);
        sums[2].add(f64::from(q));
    }
    sums
}

fn odds(experiment: &Experiment, maker: Maker, n: usize, q: i32) -> Odds {
    let distances = experiment.distances(maker, n, f64::from(q));
    #[allow(clippy::cast_sign_loss, reason = "a probability")]
    let threshold = |distance: f64| (experiment.fill_probability(distance) * 9_007_199_254_740_992.0) as u64;
    Odds { distances, bid: threshold(distances.bid), ask: threshold(distances.ask) }
}

/// Quote, fill, then the price moves.
fn step(path: &mut Path, odds: &Odds, jump: f64, [first, second]: [u64; 2]) {
    if first >> 11 < odds.bid {
        path.q += 1;
        path.cash -= path.s - odds.distances.bid;
    }
    if second >> 11 < odds.ask {
        path.q -= 1;
        path.cash += path.s + odds.distances.ask;
    }
    let ds = if first & 1 == 0 { jump } else { -jump };
    path.s += ds;
    path.drift_gain += f64::from(path.q) * ds;
}

/// Count, mean and central sums up to the fourth power, merged by the formulas of Chan, Golub & LeVeque (1979) and
/// Pébay (2008).
#[derive(Clone, Copy, Debug, Default)]
struct PowerSums {
    n: f64,
    mean: f64,
    m2: f64,
    m3: f64,
    m4: f64,
}

impl PowerSums {
    fn add(&mut self, x: f64) {
        self.merge(PowerSums { n: 1.0, mean: x, ..Self::default() });
    }

    fn merge(&mut self, other: PowerSums) {
        if other.n <= 0.0 {
            return;
        }
        let (a, b) = (self.n, other.n);
        let n = a + b;
        let d = other.mean - self.mean;
        let d2 = d * d;
        let m4 = self.m4
            + other.m4
            + d2 * d2 * a * b * (a * a - a * b + b * b) / (n * n * n)
            + 6.0 * d2 * (a * a * other.m2 + b * b * self.m2) / (n * n)
            + 4.0 * d * (a * other.m3 - b * self.m3) / n;
        let m3 = self.m3 + other.m3 + d2 * d * a * b * (a - b) / (n * n) + 3.0 * d * (a * other.m2 - b * self.m2) / n;
        let m2 = self.m2 + other.m2 + d2 * a * b / n;
        *self = Self { n, mean: self.mean + d * b / n, m2, m3, m4 };
    }

    fn mean(&self) -> Figure {
        Figure { value: self.mean, standard_error: (self.m2 / (self.n - 1.0) / self.n).sqrt() }
    }

    /// The error by the delta method: `Var(s^2) = (mu_4 - sigma^4) / n`.
    fn sd(&self) -> Figure {
        let variance = self.m2 / (self.n - 1.0);
        let spread = (self.m4 / self.n - variance * variance).max(0.0);
        let standard_error = if variance > 0.0 { (spread / (4.0 * variance * self.n)).sqrt() } else { 0.0 };
        Figure { value: variance.sqrt(), standard_error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_moments_are_those_of_the_whole() {
        let values: Vec<f64> = (0..50).map(|i| f64::from((i * 37) % 101) + 1e3).collect();
        let mut halves = [PowerSums::default(); 2];
        values[..13].iter().for_each(|&x| halves[0].add(x));
        values[13..].iter().for_each(|&x| halves[1].add(x));
        let mut merged = halves[0];
        merged.merge(halves[1]);
        let mean = values.iter().sum::<f64>() / 50.0;
        let central = |p: i32| values.iter().map(|x| (x - mean).powi(p)).sum::<f64>();
        for (ours, direct) in
            [(merged.mean, mean), (merged.m2, central(2)), (merged.m3, central(3)), (merged.m4, central(4))]
        {
            assert!((ours - direct).abs() < 1e-9 * direct.abs().max(1e4), "{ours} {direct}");
        }
    }

    /// The first block is the same whether or not others follow, so more paths refine a result and do not replace it.
    #[test]
    fn blocks_do_not_disturb_each_other() {
        let experiment = Experiment { dt: 0.01, ..Experiment::of_the_paper(0.1) };
        let block =
            |paths, block| simulate_block(&experiment, Maker::Inventory, Draw { paths, seed: 1 }, block)[0].mean;
        assert!((block(1_000, 0) - block(5_000, 0)).abs() < 1e-15);
        assert!((block(5_000, 0) - block(5_000, 1)).abs() > 1e-6);
        let draw = Draw { paths: 4_500, seed: 7 };
        let [one, five] = [1, 5].map(|threads| simulate_on(threads, &experiment, Maker::Symmetric, draw));
        assert_eq!(one, five, "to the last bit, however many threads");
    }

    /// A fill that is certain, and a mid that does not move: the profit is the spread, known without error.
    #[test]
    fn certain_fills_earn_the_spread() {
        let mut experiment = Experiment::of_the_paper(0.1);
        experiment.a = 1e9;
        experiment.dealer.sigma = 0.0;
        let sample = simulate(&experiment, Maker::Inventory, Draw { paths: 10, seed: 1 });
        let spread = experiment.dealer.spread(0.0);
        assert!((sample.profit.value - 200.0 * spread).abs() < 1e-9 && sample.profit_sd.value < 1e-9);
        assert!(sample.final_q_sd.value < 1e-15);
    }
}
