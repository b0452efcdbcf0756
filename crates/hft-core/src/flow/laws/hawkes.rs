//! Self- and cross-exciting arrivals with exponential kernels (Hawkes 1971): the long-run laws.
//!
//! `lambda_i(t) = mu_i + sum_j sum_{t_j < t} n_ij beta e^{-beta (t - t_j)}`: each event of kind `j` has on average `n_ij` children of kind `i`.

use crate::world::draws::exponential;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Base rates, and the branching matrix by rows.
///
/// ```
/// use hft_core::flow::laws::Hawkes;
/// let busy = Hawkes { mu: vec![1.0], n: vec![vec![0.5]], beta: 2.0 };
/// assert!((busy.rates()[0] - 2.0).abs() < 1e-9 && (busy.fano() - 4.0).abs() < 1e-9);
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Hawkes {
    /// Events of each kind without cause, per unit of time.
    pub mu: Vec<f64>,
    /// `n[i][j]`: children of kind `i` that an event of kind `j` has on average.
    pub n: Vec<Vec<f64>>,
    /// How fast an excitement is forgotten, per unit of time.
    pub beta: f64,
}

impl Hawkes {
    /// The branching ratio: the spectral radius of the matrix. The process is stationary exactly where it is below one.
    pub fn branching_ratio(&self) -> f64 {
        // Gelfand: the 2^k-th root of the norm of the 2^k-th power; squared so often, the norm no longer matters.
        let mut power = self.n.clone();
        let mut log = 0.0;
        let mut weight = 1.0;
        for _ in 0..40 {
            let norm = power.iter().map(|row| row.iter().sum::<f64>()).fold(0.0, f64::max);
            if norm <= 0.0 {
                return 0.0;
            }
            log += weight * libm::log(norm);
            power.iter_mut().flatten().for_each(|cell| *cell /= norm);
            power = product(&power, &power);
            weight /= 2.0;
        }
        libm::exp(log)
    }

    /// Rate of each kind in the long run: `(1 - n)^-1 mu`.
    pub fn rates(&self) -> Vec<f64> {
        self.descendants(&self.mu, |cell, i, j| cell[i][j])
    }

    /// Variance of the number of events of all kinds over its mean, in the long run: `1 / (1 - n)^2` for one kind, and
    /// `u' diag(rates) u / sum(rates)` with `u = (1 - n')^-1 1` for several.
    pub fn fano(&self) -> f64 {
        let rates = self.rates();
        let family = self.descendants(&vec![1.0; self.mu.len()], |cell, i, j| cell[j][i]);
        let variance: f64 = rates.iter().zip(&family).map(|(rate, size)| rate * size * size).sum();
        variance / rates.iter().sum::<f64>()
    }

    /// `x = start + n x` by generations; the matrix as `of` reads it.
    fn descendants(&self, start: &[f64], of: impl Fn(&[Vec<f64>], usize, usize) -> f64) -> Vec<f64> {
        let kinds = start.len();
        let mut generation = start.to_vec();
        let mut total = start.to_vec();
        while generation.iter().zip(&total).any(|(new, all)| *new > 1e-15 * all) {
            let next = |i: usize| (0..kinds).map(|j| of(&self.n, i, j) * generation[j]).sum();
            generation = (0..kinds).map(next).collect();
            total.iter_mut().zip(&generation).for_each(|(all, new)| *all += new);
        }
        total
    }
}

/// The process in time, simulated exactly by thinning (Ogata 1981): between events the intensity only falls, so what it is now bounds what
/// it will be, and a candidate at that rate is kept with the odds of the two. Nothing is discretised.
///
/// ```
/// use hft_core::flow::laws::{Hawkes, HawkesClock};
/// use hft_core::world::stream;
/// let mut clock = HawkesClock::new(Hawkes { mu: vec![1.0, 0.0], n: vec![vec![0.0; 2], vec![1.0, 0.0]], beta: 2.0 });
/// let mut rng = stream(7, "arrivals");
/// let kinds: Vec<usize> = (0..1_000).filter_map(|_| clock.candidate(&mut rng).1).collect();
/// assert!(kinds.contains(&1), "of the second kind there are children only");
/// ```
#[derive(Clone, Debug)]
pub struct HawkesClock {
    process: Hawkes,
    /// What of each kind's intensity comes from past events.
    excited: Vec<f64>,
}

impl HawkesClock {
    /// A process without a past.
    pub fn new(process: Hawkes) -> Self {
        let excited = vec![0.0; process.mu.len()];
        Self { process, excited }
    }

    /// The process.
    pub const fn process(&self) -> &Hawkes {
        &self.process
    }

    /// The next candidate: how long it takes to come (for ever where nothing ever happens), and the kind of event that it is, if it is one.
    pub fn candidate(&mut self, rng: &mut ChaCha8Rng) -> (f64, Option<usize>) {
        let Self { process, excited } = self;
        let bound = process.mu.iter().sum::<f64>() + excited.iter().sum::<f64>();
        if bound <= 0.0 {
            return (f64::INFINITY, None);
        }
        let wait = exponential(rng) / bound;
        let kept = libm::exp(-process.beta * wait);
        excited.iter_mut().for_each(|intensity| *intensity *= kept);
        // Thinning and the choice of the kind are one draw: what is beyond the last kind is no event.
        let mut left = rng.random::<f64>() * bound;
        let born = (0..excited.len()).find(|&i| {
            left -= process.mu[i] + excited[i];
            left < 0.0
        });
        if let Some(kind) = born {
            excited.iter_mut().zip(&process.n).for_each(|(intensity, row)| *intensity += process.beta * row[kind]);
        }
        (wait, born)
    }
}

fn product(left: &[Vec<f64>], right: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let cell = |row: &[f64], j: usize| row.iter().zip(right).map(|(x, line)| x * line[j]).sum();
    left.iter().map(|row| (0..right.len()).map(|j| cell(row, j)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_kind_has_the_known_laws() {
        let hawkes = Hawkes { mu: vec![1.5], n: vec![vec![0.6]], beta: 2.0 };
        assert!((hawkes.branching_ratio() - 0.6).abs() < 1e-9);
        assert!((hawkes.rates()[0] - 3.75).abs() < 1e-9 && (hawkes.fano() - 6.25).abs() < 1e-9);
    }

    /// Two kinds that excite only each other, and two that are one kind by halves.
    #[test]
    fn several_kinds_excite_each_other() {
        let crossed = Hawkes { mu: vec![1.0, 0.0], n: vec![vec![0.0, 0.9], vec![0.4, 0.0]], beta: 1.0 };
        assert!((crossed.branching_ratio() - 0.6).abs() < 1e-9, "sqrt(0.9 x 0.4)");
        assert!((crossed.rates()[0] - 1.0 / 0.64).abs() < 1e-9 && (crossed.rates()[1] - 0.4 / 0.64).abs() < 1e-9);
        let halves = Hawkes { mu: vec![0.5, 0.5], n: vec![vec![0.25, 0.25], vec![0.25, 0.25]], beta: 1.0 };
        assert!((halves.fano() - 4.0).abs() < 1e-9 && (halves.branching_ratio() - 0.5).abs() < 1e-9);
        // A chain that ends has no radius.
        let chain = Hawkes { mu: vec![1.0, 0.0], n: vec![vec![0.0, 0.0], vec![3.0, 0.0]], beta: 1.0 };
        assert!(chain.branching_ratio() < 1e-9 && (chain.rates()[1] - 3.0).abs() < 1e-9);
    }
}
