//! Stoikov (2018), "The micro-price: a high-frequency estimator of future prices", Quantitative Finance 18(12) 1959.
//!
//! The micro-price is where the mid is expected to end up, `lim E[M(tau_i) | I, S]` over its successive moves `tau_i`,
//! given the imbalance `I = bid size / (bid size + ask size)` and the spread `S`. On a finite grid of `(I, S)` it is
//! the mid plus
//!
//! ```text
//! G* = sum_i B^i G1      G1 = (1 - Q)^-1 R1 K      B = (1 - Q)^-1 R2
//! ```
//!
//! with `Q` the transitions that leave the mid alone, `R1 K` the mean move of those that do not, and `R2` where they
//! lead (section 3). Every observation is counted together with its mirror image (`I -> 1 - I`, move -> -move), which
//! is what makes the sum converge.
//!
//! `G*` solves `G = Q G + R1 K + R2 G`: the micro-price is a martingale on the chain, which the mid and the weighted
//! mid are not. Left out: anything that `(I, S)` does not say, such as depth behind the touch and recent trades.

use serde::{Deserialize, Serialize};

/// How finely imbalance and spread are told apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Grid {
    /// Buckets of imbalance, at least one.
    pub imbalances: usize,
    /// Spreads told apart, in ticks from one; wider ones count as the widest. At least one.
    pub spreads: usize,
}

/// One cell of the grid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cell {
    /// Bucket of imbalance, from 0 (all size offered) up.
    pub imbalance: usize,
    /// Spread in ticks, less one.
    pub spread: usize,
}

/// Counts of what followed what.
#[derive(Clone, PartialEq, Debug)]
pub struct Transitions {
    grid: Grid,
    /// Row by row: from, to.
    quiet: Vec<f64>,
    moving: Vec<f64>,
    /// Sum of the mid's moves out of each cell.
    moves: Vec<f64>,
}

/// The adjustment `G*` of every cell, in the unit of the moves that were recorded.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Microprice {
    grid: Grid,
    adjustment: Vec<f64>,
}

/// The sum of powers of `B` ends when a term is this small beside the largest first one.
const TERM: f64 = 1e-13;
/// And is given up after so many: the chain then hardly forgets where it began.
const MAX_TERMS: u32 = 100_000;

impl Grid {
    /// The cell of a touch with these sizes and this spread in ticks. Sizes of nothing count as balanced.
    #[allow(clippy::cast_sign_loss, reason = "a share of a count of buckets is not negative, and `as` saturates")]
    pub fn cell(&self, bid_size: f64, ask_size: f64, spread_ticks: i64) -> Cell {
        let (bid, ask) = (bid_size.max(0.0), ask_size.max(0.0));
        let n = self.imbalances as f64;
        let bucket = |share: f64| ((share * n) as usize).min(self.imbalances - 1);
        // Counted from the nearer end, so that mirror images fall into mirrored buckets.
        let imbalance = match bid + ask {
            total if total <= 0.0 => self.imbalances / 2,
            total if bid <= ask => bucket(bid / total),
            total => self.imbalances - 1 - bucket(ask / total),
        };
        let spread = usize::try_from(spread_ticks.max(1) - 1).unwrap_or(usize::MAX).min(self.spreads - 1);
        Cell { imbalance, spread }
    }

    fn cells(&self) -> usize {
        self.imbalances * self.spreads
    }

    fn index(&self, cell: Cell) -> usize {
        cell.spread * self.imbalances + cell.imbalance
    }

    fn mirror(&self, cell: Cell) -> Cell {
        Cell { imbalance: self.imbalances - 1 - cell.imbalance, ..cell }
    }
}

impl Transitions {
    /// Nothing seen yet.
    pub fn new(grid: Grid) -> Self {
        let n = grid.cells();
        Self { grid, quiet: vec![0.0; n * n], moving: vec![0.0; n * n], moves: vec![0.0; n] }
    }

    /// Counts one step of the chain, and its mirror image.
    pub fn record(&mut self, from: Cell, to: Cell, mid_move: f64) {
        self.count(from, to, mid_move, 1.0);
    }

    /// Counts it `weight` times: a probability where the chain is known.
    pub fn count(&mut self, from: Cell, to: Cell, mid_move: f64, weight: f64) {
        for (from, to, mid_move) in [(from, to, mid_move), (self.grid.mirror(from), self.grid.mirror(to), -mid_move)] {
            let (row, n) = (self.grid.index(from), self.grid.cells());
            let at = row * n + self.grid.index(to);
            let table = if mid_move.abs() > 0.0 { &mut self.moving } else { &mut self.quiet };
            table[at] += weight;
            self.moves[row] += weight * mid_move;
        }
    }

    /// The micro-price of the chain seen so far. A cell never left keeps an adjustment of zero. `None` while the mid
    /// cannot be reached to move from some cell, or where the sum does not converge.
    pub fn solve(&self) -> Option<Microprice> {
        let n = self.grid.cells();
        let row_of = |table: &[f64], row: usize| table[row * n..(row + 1) * n].to_vec();
        let mut quiet = Vec::with_capacity(n);
        let mut moving = Vec::with_capacity(n);
        let mut mean_move = Vec::with_capacity(n);
        for row in 0..n {
            let (q, r) = (row_of(&self.quiet, row), row_of(&self.moving, row));
            let total = q.iter().chain(&r).sum::<f64>();
            let share =
                |counts: Vec<f64>| counts.into_iter().map(|c| if total > 0.0 { c / total } else { 0.0 }).collect();
            quiet.push(share(q));
            moving.push(share(r));
            mean_move.push(if total > 0.0 { self.moves[row] / total } else { 0.0 });
        }
        let fundamental = inverse_of_one_minus(&quiet)?;
        let first = times(&fundamental, &mean_move);
        let scale = first.iter().fold(0.0_f64, |max, x| max.max(x.abs()));
        let (mut adjustment, mut term) = (first.clone(), first);
        for _ in 0..MAX_TERMS {
            term = times(&fundamental, &times(&moving, &term));
            adjustment.iter_mut().zip(&term).for_each(|(sum, term)| *sum += term);
            if term.iter().all(|t| t.abs() <= TERM * scale) {
                return Some(Microprice { grid: self.grid, adjustment });
            }
        }
        None
    }
}

impl Microprice {
    /// What to add to the mid in this cell.
    pub fn adjustment(&self, cell: Cell) -> f64 {
        self.adjustment[self.grid.index(cell)]
    }
}

fn times(matrix: &[Vec<f64>], vector: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| row.iter().zip(vector).map(|(m, v)| m * v).sum()).collect()
}

/// `(1 - Q)^-1` by Gauss-Jordan elimination; `None` where a set of cells is never left and the mid never moves there.
fn inverse_of_one_minus(quiet: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = quiet.len();
    let unit = |i: usize, j: usize| if i == j { 1.0 } else { 0.0 };
    let mut rows: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| unit(i, j) - quiet[i][j]).chain((0..n).map(|j| unit(i, j))).collect()).collect();
    for column in 0..n {
        let size = |i: usize| rows[i][column].abs();
        let pivot = (column..n).max_by(|&i, &j| size(i).total_cmp(&size(j)))?;
        if rows[pivot][column].abs() < 1e-12 {
            return None;
        }
        rows.swap(column, pivot);
        let scale = rows[column][column];
        rows[column].iter_mut().for_each(|x| *x /= scale);
        let pivot_row = rows[column].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != column) {
            let factor = row[column];
            row.iter_mut().zip(&pivot_row).for_each(|(x, p)| *x -= factor * p);
        }
    }
    Some(rows.into_iter().map(|row| row[n..].to_vec()).collect())
}

#[cfg(test)]
#[path = "microprice_tests.rs"]
mod tests;
