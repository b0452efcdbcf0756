//! The best queues of Cont, Stoikov & Talreja (2010) as birth-death processes, solved exactly.
//!
//! Until the mid moves, the best bid and the best ask do not know of each other: each gains unit orders at rate `lambda`, loses the first to
//! market orders at rate `mu` and each of its `n` orders to a cancel at rate `theta`. What is asked is always which of two such processes
//! reaches a state first. The paper inverts Laplace transforms of the hitting times; here the embedded chain's linear equations are solved,
//! which needs no quadrature: queues are cut where they hardly ever come, and the systems are banded.

/// The rates of both best queues at a given spread, per unit of time.
///
/// Example: [`PoissonRates`](super::PoissonRates).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BestQueues {
    /// Limit orders at the best price, each side.
    pub lambda: f64,
    /// Market orders, each side.
    pub mu: f64,
    /// Cancels, each order.
    pub theta: f64,
    /// Limit orders inside the spread, each side: they move the mid at once.
    pub inside: f64,
}

/// The longest `lambda / theta` that is solved: the length of a queue that nobody hits.
pub const LONGEST: f64 = 50.0;

impl BestQueues {
    /// Where the queues are cut, for questions about queues of up to `asked`: the stationary law of an unhit queue is Poisson, and this is
    /// ten standard deviations and 15 orders beyond it.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a few hundred")]
    fn cut(self, asked: usize) -> usize {
        let mean = self.lambda / self.theta;
        asked + libm::ceil(mean + 10.0 * libm::sqrt(mean)) as usize + 15
    }

    /// Deaths of a queue of `n`.
    fn death(self, n: usize) -> f64 {
        self.mu + n as f64 * self.theta
    }

    /// Deaths of what stands before an own order that is `n`-th, or at the end of the order itself: it is never cancelled.
    fn advance(self, n: usize) -> f64 {
        self.mu + (n - 1) as f64 * self.theta
    }

    /// `P(the mid goes up | bid queue b, ask queue a)` for `b, a = 1..=asked`, as `[b - 1][a - 1]`: Proposition 4 of the paper.
    pub fn up(self, asked: usize) -> Vec<Vec<f64>> {
        let n = self.cut(asked);
        // Unknown `(b, a)` is number `(b - 1) n + a - 1`: neighbours are at most `n` apart.
        let mut system = Banded::new(n * n, n);
        for b in 1..=n {
            for a in 1..=n {
                let row = (b - 1) * n + a - 1;
                let mut total = 2.0 * self.inside + self.death(b) + self.death(a);
                // A bid inside the spread lifts the mid, an ask inside lowers it.
                let mut known = self.inside;
                for (grows, to) in [(b < n, row + n), (a < n, row + 1)] {
                    if grows {
                        total += self.lambda;
                        system.set(row, to, -self.lambda);
                    }
                }
                if b > 1 {
                    system.set(row, row - n, -self.death(b));
                }
                if a > 1 {
                    system.set(row, row - 1, -self.death(a));
                } else {
                    known += self.death(1);
                }
                system.set(row, row, total);
                system.known[row] = known;
            }
        }
        let solved = system.solve();
        (0..asked).map(|b| solved[b * n..b * n + asked].to_vec()).collect()
    }

    /// `P(an own order that is j-th in its queue fills before the mid moves | opposite queue k)` as `[j][k]`, for `j = 0..=asked` and
    /// every `k` up to the cut: Proposition 5 of the paper.
    pub fn fill(self, asked: usize) -> Vec<Vec<f64>> {
        let n = self.cut(asked);
        let mut filled = vec![vec![1.0; n + 1]];
        for j in 1..=asked {
            let advance = self.advance(j);
            let mut line = Tridiagonal::default();
            for (k, one_less) in filled[j - 1].iter().enumerate().skip(1) {
                let (birth, death) = (if k < n { self.lambda } else { 0.0 }, self.death(k));
                let total = advance + birth + death + 2.0 * self.inside;
                line.push(if k > 1 { -death } else { 0.0 }, total, -birth, advance * one_less);
            }
            // An opposite queue that is empty has moved the mid.
            filled.push([vec![0.0], line.solve()].concat());
        }
        filled
    }

    /// `P(both own orders, b-th and a-th in their queues, fill before the mid moves)` as `[b - 1][a - 1]`: making the spread, Proposition 6
    /// of the paper. After one of them is filled, its queue goes on with those who came behind it.
    pub fn make_spread(self, asked: usize) -> Vec<Vec<f64>> {
        let fill = self.fill(asked);
        let n = fill[0].len() - 1;
        // first[b][a][k]: the bid fills first and the ask thereafter, where k orders stand behind the bid.
        let mut first = vec![vec![vec![0.0; n + 1]; asked + 1]; asked + 1];
        first[0].clone_from(&fill);
        for b in 1..=asked {
            for a in 1..=asked {
                let mut line = Tridiagonal::default();
                for (k, bid_less) in first[b - 1][a].iter().enumerate() {
                    let (birth, death) = (if k < n { self.lambda } else { 0.0 }, k as f64 * self.theta);
                    let total = self.advance(b) + self.advance(a) + birth + death + 2.0 * self.inside;
                    // The ask that fills first is the other half of the sum.
                    let other = if a > 1 { self.advance(a) * first[b][a - 1][k] } else { 0.0 };
                    line.push(-death, total, -birth, self.advance(b) * bid_less + other);
                }
                first[b][a] = line.solve();
            }
        }
        let both = |b: usize, a: usize| first[b][a][0] + first[a][b][0];
        (1..=asked).map(|b| (1..=asked).map(|a| both(b, a)).collect()).collect()
    }
}

/// Linear equations whose row `i` knows only unknowns within `band` of `i`. Diagonally dominant, so elimination needs no pivoting.
struct Banded {
    band: usize,
    /// Row `i`, unknown `j` at `i (2 band + 1) + j + band - i`.
    cells: Vec<f64>,
    known: Vec<f64>,
}

impl Banded {
    fn new(size: usize, band: usize) -> Self {
        Self { band, cells: vec![0.0; size * (2 * band + 1)], known: vec![0.0; size] }
    }

    fn at(&self, row: usize, column: usize) -> usize {
        row * (2 * self.band + 1) + column + self.band - row
    }

    fn set(&mut self, row: usize, column: usize, value: f64) {
        let at = self.at(row, column);
        self.cells[at] = value;
    }

    fn solve(mut self) -> Vec<f64> {
        let size = self.known.len();
        for pivot in 0..size {
            let last = (pivot + self.band).min(size - 1);
            let (from, width) = (self.at(pivot, pivot), last - pivot + 1);
            for row in pivot + 1..=last {
                let to = self.at(row, pivot);
                let factor = self.cells[to] / self.cells[from];
                if factor.abs() > 0.0 {
                    let (above, below) = self.cells.split_at_mut(to);
                    let pivots = &above[from..from + width];
                    below[..width].iter_mut().zip(pivots).for_each(|(cell, pivot)| *cell -= factor * pivot);
                    self.known[row] -= factor * self.known[pivot];
                }
            }
        }
        for row in (0..size).rev() {
            let last = (row + self.band).min(size - 1);
            let at = self.at(row, row);
            let tail: f64 = (row + 1..=last).map(|column| self.cells[at + column - row] * self.known[column]).sum();
            self.known[row] = (self.known[row] - tail) / self.cells[at];
        }
        self.known
    }
}

/// Equations that know only their neighbours, eliminated as they come (Thomas).
#[derive(Default)]
struct Tridiagonal {
    /// Of every row after elimination: the weight of the next unknown, and the known side.
    rows: Vec<(f64, f64)>,
}

impl Tridiagonal {
    fn push(&mut self, before: f64, own: f64, after: f64, known: f64) {
        let (weight, right) = self.rows.last().copied().unwrap_or_default();
        let pivot = own - before * weight;
        self.rows.push((after / pivot, (known - before * right) / pivot));
    }

    fn solve(self) -> Vec<f64> {
        let mut next = 0.0;
        let back = |(weight, right): &(f64, f64)| {
            next = right - weight * next;
            next
        };
        let mut solved: Vec<f64> = self.rows.iter().rev().map(back).collect();
        solved.reverse();
        solved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAPER: BestQueues = BestQueues { lambda: 1.85, mu: 0.94, theta: 0.71, inside: 0.0 };

    #[test]
    fn who_is_up_is_not_down() {
        let up = BestQueues { inside: 0.3, ..PAPER }.up(6);
        for (b, line) in up.iter().enumerate() {
            for (a, share) in line.iter().enumerate() {
                assert!((share + up[a][b] - 1.0).abs() < 1e-12, "{b} {a}");
            }
        }
        assert!((PAPER.up(2)[0][1] - 0.33517).abs() < 5e-6, "{}", PAPER.up(2)[0][1]);
    }

    /// Queues that nobody joins and nobody leaves but by market orders: which of two Poisson clocks rings so often first.
    #[test]
    fn without_births_and_cancels_it_is_a_coin() {
        let coin = BestQueues { lambda: 1e-12, mu: 1.0, theta: 1e-12, inside: 0.0 };
        // The bid must lose 3 before the ask loses 2, P(up) = P(two asks among the first four).
        assert!((coin.up(3)[2][1] - 11.0 / 16.0).abs() < 1e-9);
        assert!((coin.fill(1)[1][1] - 0.5).abs() < 1e-9);
        assert!((coin.fill(3)[3][2] - 5.0 / 16.0).abs() < 1e-9);
        // With nobody behind, the first fill moves the mid.
        assert!(coin.make_spread(2)[1][1] < 1e-9);
    }

    /// A competing inside order is one more clock.
    #[test]
    fn an_order_inside_the_spread_ends_the_wait() {
        let queues = BestQueues { lambda: 1e-12, mu: 1.0, theta: 1e-12, inside: 0.5 };
        assert!((queues.fill(1)[1][1] - 1.0 / 3.0).abs() < 1e-9);
    }
}
