//! Tests of `microprice`, beside it.

use super::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const GRID: Grid = Grid { imbalances: 5, spreads: 2 };

/// A known chain: from each cell, targets with a move of the mid and a probability; its mirror image is part of it.
fn chain(rng: &mut ChaCha8Rng) -> Vec<Vec<(Cell, f64, f64)>> {
    let cells: Vec<Cell> = (0..2).flat_map(|spread| (0..5).map(move |imbalance| Cell { imbalance, spread })).collect();
    let mut rows = vec![Vec::new(); cells.len()];
    for &from in &cells {
        for &to in &cells {
            // Heavy bids push up: the move is more often up where the imbalance is high.
            let up = 0.2 * rng.random::<f64>() * from.imbalance as f64;
            for (mid_move, weight) in [(0.0, rng.random::<f64>()), (0.5, up), (1.0, 0.3 * up)] {
                rows[GRID.index(from)].push((to, mid_move, weight));
                rows[GRID.index(GRID.mirror(from))].push((GRID.mirror(to), -mid_move, weight));
            }
        }
    }
    for row in &mut rows {
        let total: f64 = row.iter().map(|(_, _, weight)| weight).sum();
        row.iter_mut().for_each(|(_, _, weight)| *weight /= total);
    }
    rows
}

fn cell(index: usize) -> Cell {
    Cell { imbalance: index % 5, spread: index / 5 }
}

#[test]
fn the_micro_price_of_a_known_chain_is_a_martingale() {
    let mut rng = ChaCha8Rng::seed_from_u64(2018);
    let rows = chain(&mut rng);
    let mut exact = Transitions::new(GRID);
    for (index, row) in rows.iter().enumerate() {
        row.iter().for_each(|&(to, mid_move, weight)| exact.count(cell(index), to, mid_move, weight));
    }
    let micro = exact.solve().expect("every cell leads to a move");
    for (index, row) in rows.iter().enumerate() {
        let drift: f64 = row.iter().map(|&(to, mid_move, p)| p * (mid_move + micro.adjustment(to))).sum();
        assert!((drift - micro.adjustment(cell(index))).abs() < 1e-10, "{index}");
        let mirrored = micro.adjustment(GRID.mirror(cell(index)));
        assert!((mirrored + micro.adjustment(cell(index))).abs() < 1e-10, "odd under the mirror");
    }
    assert!(micro.adjustment(cell(4)) > micro.adjustment(cell(2)) && micro.adjustment(cell(4)) > 0.1);
}

/// Learned from a simulated path, the micro-price has no drift left in any cell, while the mid has.
#[test]
fn learned_from_a_path_it_is_a_martingale_within_its_error() {
    let mut rng = ChaCha8Rng::seed_from_u64(2008);
    let rows = chain(&mut rng);
    let mut path = |steps: usize| {
        let mut at = 2;
        (0..steps)
            .map(|_| {
                let mut u = rng.random::<f64>();
                let drawn = rows[at].iter().find(|(_, _, p)| {
                    u -= p;
                    u < 0.0
                });
                let &(to, mid_move, _) = drawn.unwrap_or(&rows[at][0]);
                let from = std::mem::replace(&mut at, GRID.index(to));
                (from, at, mid_move)
            })
            .collect::<Vec<_>>()
    };
    let mut learned = Transitions::new(GRID);
    for (from, to, mid_move) in path(400_000) {
        learned.record(cell(from), cell(to), mid_move);
    }
    let micro = learned.solve().expect("a long path");
    let fresh = path(400_000);
    let mut mid_drift = 0.0_f64;
    for index in 0..10 {
        let steps: Vec<_> = fresh.iter().filter(|(from, _, _)| *from == index).collect();
        let n = steps.len() as f64;
        let change = |to: usize, mid_move: f64| mid_move + micro.adjustment(cell(to)) - micro.adjustment(cell(index));
        let mean = steps.iter().map(|(_, to, m)| change(*to, *m)).sum::<f64>() / n;
        let variance = steps.iter().map(|(_, to, m)| change(*to, *m) * change(*to, *m)).sum::<f64>() / n;
        // Learning adds about as much error as checking.
        assert!(mean.abs() < 6.0 * (variance / n).sqrt(), "cell {index}: {mean} over {n}");
        mid_drift = mid_drift.max((steps.iter().map(|(_, _, m)| m).sum::<f64>() / n).abs());
    }
    assert!(mid_drift > 0.05, "the mid itself drifts: {mid_drift}");
}

#[test]
fn cells_mirror() {
    let grid = Grid { imbalances: 4, spreads: 3 };
    for (bid, ask) in [(1.0, 3.0), (1.0, 1.5), (0.0, 5.0), (2.0, 7.0), (1.0, 7.0)] {
        let (here, there) = (grid.cell(bid, ask, 2), grid.cell(ask, bid, 2));
        assert_eq!(grid.mirror(here), there, "{bid} {ask}");
    }
    assert_eq!(grid.cell(1.0, 1.0, 99), Cell { imbalance: 2, spread: 2 });
    assert_eq!(grid.cell(0.0, 0.0, 0), Cell { imbalance: 2, spread: 0 });
}

#[test]
fn without_moves_there_is_no_answer() {
    let mut still = Transitions::new(GRID);
    still.record(cell(0), cell(1), 0.0);
    still.record(cell(1), cell(0), 0.0);
    assert_eq!(still.solve(), None);
}
