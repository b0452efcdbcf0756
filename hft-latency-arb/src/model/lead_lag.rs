//! Which of two prices leads, from observations that never coincide.
//!
//! Hayashi & Yoshida (2005) add the products of all pairs of changes whose intervals overlap, so that nothing has to be sampled. Shifting
//! one series by `theta` before looking for overlaps gives the cross-correlation at that lag (Hoffmann, Rosenbaum & Yoshida 2013), whose
//! largest value in size is at the lead. Huth & Abergel (2014) sum up both halves: the lead-lag ratio.
//!
//! ```text
//! HY(theta) = sum over i, j of dX_i dY_j 1{ (s_{i-1}, s_i] meets (t_{j-1} - theta, t_j - theta] }
//! ```
//!
//! A positive `theta` at the maximum says that X leads by so much.
//!
//! Left out: its limit theory, and weights for noise.

/// A price at a moment: ns, and any unit.
pub type Tick = (u64, f64);

/// Cross-correlation at one lag.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct AtLag {
    /// How much later Y moves, ns.
    pub lag_ns: i64,
    /// Hayashi-Yoshida covariance over the square roots of both sums of squares.
    pub correlation: f64,
}

/// What two series say of each other.
#[derive(Clone, PartialEq, Debug)]
pub struct LeadLag {
    /// At every lag that was asked for.
    pub curve: Vec<AtLag>,
    /// Sum of squared correlations where X leads over that where Y does; above one: X leads.
    pub ratio: f64,
}

impl LeadLag {
    /// The correlations of `x` and `y` shifted by each lag.
    ///
    /// ```
    /// use hft_latency_arb::model::lead_lag::LeadLag;
    /// let x = [(0, 10.0), (1_000, 11.0), (5_000, 10.0), (9_000, 12.0)];
    /// let y = x.map(|(time, price)| (time + 300, price)); // the same, 300 ns later
    /// let both = LeadLag::of(&x, &y, &[-600, -300, 0, 300, 600]);
    /// assert_eq!(both.best().map(|at| at.lag_ns), Some(300));
    /// assert!(both.ratio > 1.0);
    /// ```
    pub fn of(x: &[Tick], y: &[Tick], lags_ns: &[i64]) -> Self {
        let scale = (energy(x) * energy(y)).sqrt();
        let at = |&lag_ns: &i64| {
            let correlation = if scale > 0.0 { covariance(x, y, lag_ns) / scale } else { 0.0 };
            AtLag { lag_ns, correlation }
        };
        let curve: Vec<AtLag> = lags_ns.iter().map(at).collect();
        let half = |leads: fn(i64) -> bool| {
            let squares = curve.iter().filter(|at| leads(at.lag_ns)).map(|at| at.correlation * at.correlation);
            squares.sum::<f64>()
        };
        let (ahead, behind) = (half(|lag| lag > 0), half(|lag| lag < 0));
        let ratio = if behind > 0.0 {
            ahead / behind
        } else if ahead > 0.0 {
            f64::INFINITY
        } else {
            1.0
        };
        Self { curve, ratio }
    }

    /// The lag of the largest correlation; none where nothing moved.
    pub fn best(&self) -> Option<AtLag> {
        let best = self.curve.iter().copied().max_by(|a, b| a.correlation.abs().total_cmp(&b.correlation.abs()))?;
        (best.correlation != 0.0).then_some(best)
    }
}

fn energy(ticks: &[Tick]) -> f64 {
    ticks.windows(2).map(|pair| (pair[1].1 - pair[0].1).powi(2)).sum()
}

/// The covariance with `y` moved `lag_ns` back in time. Intervals are half open, `(from, to]`; both series are read once.
fn covariance(x: &[Tick], y: &[Tick], lag_ns: i64) -> f64 {
    let moved = |time: u64| i128::from(time) - i128::from(lag_ns);
    let mut sum = 0.0;
    let mut first = 1;
    for pair in x.windows(2) {
        let (from, to) = (i128::from(pair[0].0), i128::from(pair[1].0));
        let change = pair[1].1 - pair[0].1;
        // Intervals of y that end before this one begins meet no later one either.
        while first < y.len() && moved(y[first].0) <= from {
            first += 1;
        }
        let meeting = y[first.saturating_sub(1)..].windows(2).take_while(|other| moved(other[0].0) < to);
        sum += change * meeting.map(|other| other[1].1 - other[0].1).sum::<f64>();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    /// The definition, pair by pair.
    fn by_definition(x: &[Tick], y: &[Tick], lag_ns: i64) -> f64 {
        let mut sum = 0.0;
        for a in x.windows(2) {
            for b in y.windows(2) {
                let moved = |time: u64| i128::from(time) - i128::from(lag_ns);
                let (from, to) = (i128::from(a[0].0).max(moved(b[0].0)), i128::from(a[1].0).min(moved(b[1].0)));
                if from < to {
                    sum += (a[1].1 - a[0].1) * (b[1].1 - b[0].1);
                }
            }
        }
        sum
    }

    /// A random walk seen at two independent Poisson clocks, the second `lag` later.
    fn observed(seed: u64, lag: u64, count: usize) -> (Vec<Tick>, Vec<Tick>) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut price = 100.0;
        let walk: Vec<f64> = (0..count)
            .map(|_| {
                price += if rng.random::<bool>() { 1.0 } else { -1.0 };
                price
            })
            .collect();
        let mut seen = |delay: u64| -> Vec<Tick> {
            let mut ticks = Vec::new();
            for (step, price) in walk.iter().enumerate() {
                if rng.random::<f64>() < 0.3 {
                    ticks.push((step as u64 * 1_000 + delay, *price));
                }
            }
            ticks
        };
        (seen(0), seen(lag))
    }

    #[test]
    fn one_pass_equals_the_definition() {
        for seed in 0..20 {
            let (x, y) = observed(seed, 7_500, 120);
            for lag in [-20_000, -7_500, -1, 0, 1, 999, 7_500, 40_000] {
                assert!((covariance(&x, &y, lag) - by_definition(&x, &y, lag)).abs() < 1e-9, "seed {seed}, lag {lag}");
            }
        }
    }

    #[test]
    fn a_known_lag_is_recovered_and_its_sign_says_who_leads() {
        let lags: Vec<i64> = (-40..=40).map(|step| step * 1_000).collect();
        for (seed, lag) in [(1, 12_000), (2, 3_000), (3, 25_000)] {
            let (x, y) = observed(seed, lag, 20_000);
            let both = LeadLag::of(&x, &y, &lags);
            let best = both.best().expect("they move").lag_ns;
            assert!((best - i64::try_from(lag).expect("small")).abs() <= 1_000, "{lag}: {best}");
            assert!(both.ratio > 1.5, "{lag}: {}", both.ratio);
            let other_way = LeadLag::of(&y, &x, &lags);
            assert!(other_way.best().expect("they move").lag_ns < 0 && other_way.ratio < 0.7);
        }
    }

    #[test]
    fn what_does_not_move_says_nothing() {
        let flat = [(0, 1.0), (10, 1.0)];
        let both = LeadLag::of(&flat, &flat, &[-1, 0, 1]);
        assert_eq!((both.best(), both.ratio), (None, 1.0));
        assert_eq!(LeadLag::of(&[], &flat, &[0]).best(), None);
    }
}
