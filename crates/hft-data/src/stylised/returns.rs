//! What the midpoint does on a grid of time: tails, clusters of volatility, the signature plot, and how much of it the flow of
//! orders explains.
//!
//! Order-flow imbalance of a window, Cont, Kukanov, Stoikov (2014): of every change of the touch,
//! `e = q_b 1[b >= b'] - q_b' 1[b <= b'] - q_a 1[a <= a'] + q_a' 1[a >= a']`, summed; the regression is of the window's change
//! of the midpoint in ticks on it.

use crate::time::UnixNanos;
use hft_core::models::Top;

/// The grid, ns.
const GRID: u64 = 100_000_000;

/// Sampling intervals of the signature plot, in steps of the grid: 0.1 s to a minute.
pub(super) const SIGNATURE: [u64; 9] = [1, 2, 5, 10, 20, 50, 100, 200, 600];

/// Horizons of kurtosis, in steps of the grid: 1 s, 10 s, a minute.
pub(super) const HORIZONS: [u64; 3] = [10, 100, 600];

/// Lags of the autocorrelation of absolute returns of a second, in seconds.
pub const VOLATILITY_LAGS: [usize; 8] = [1, 2, 3, 5, 10, 20, 30, 60];

/// A window of the regression, in steps of the grid: 10 s.
const WINDOW: u64 = 100;

/// As many returns of a second as the longest lag reaches back.
const RING: usize = 64;

/// The longest silence that is filled with a price that stands still, in steps of the grid: an hour. After a longer one the
/// series begin anew.
const SILENCE_MAX: u64 = 36_000;

#[derive(Clone, Debug, Default)]
pub(super) struct Returns {
    /// Number of the last grid point, and the midpoint there, half steps.
    grid: Option<(u64, f64)>,
    mid: Option<f64>,
    top: Top,
    since: u64,
    signature: [Sampled; SIGNATURE.len()],
    horizons: [Sampled; HORIZONS.len()],
    clusters: Clusters,
    flow: Flow,
}

/// Returns over one interval.
#[derive(Clone, Copy, Debug, Default)]
struct Sampled {
    from: Option<f64>,
    count: f64,
    squares: f64,
    fourths: f64,
}

#[derive(Clone, Debug)]
struct Clusters {
    from: Option<f64>,
    ring: [f64; RING],
    count: usize,
    /// Since the series began.
    run: usize,
    sum: f64,
    squares: f64,
    products: [f64; VOLATILITY_LAGS.len()],
    pairs: [f64; VOLATILITY_LAGS.len()],
}

impl Default for Clusters {
    fn default() -> Self {
        let zeros = [0.0; VOLATILITY_LAGS.len()];
        Self { from: None, ring: [0.0; RING], count: 0, run: 0, sum: 0.0, squares: 0.0, products: zeros, pairs: zeros }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Flow {
    from: Option<f64>,
    imbalance: f64,
    /// Windows; sums of x, y, xx, xy, yy.
    sums: [f64; 6],
}

impl Sampled {
    fn see(&mut self, mid: f64) {
        if let Some(from) = self.from {
            let r = mid - from;
            self.count += 1.0;
            self.squares += r * r;
            self.fourths += r * r * r * r;
        }
        self.from = Some(mid);
    }
}

impl Returns {
    /// The touch is now this.
    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    pub(super) fn see(&mut self, time: UnixNanos, top: Top) {
        self.advance(time);
        self.flow.imbalance += imbalance(self.top, top);
        self.top = top;
        if let Top { bid: Some(bid), ask: Some(ask) } = top
            && bid.price < ask.price
        {
            self.mid = Some((bid.price.ticks() as f64) + (ask.price.ticks() as f64));
        }
    }

    /// Takes the midpoint that held at every grid point up to a moment.
    pub(super) fn advance(&mut self, time: UnixNanos) {
        let now = time.nanos() / GRID;
        let Some(mid) = self.mid else { return };
        let Some((last, _)) = self.grid else {
            self.grid = Some((now, mid));
            self.since = now;
            return;
        };
        if now > last.saturating_add(SILENCE_MAX) {
            self.restart();
            self.grid = Some((now, mid));
            self.since = now;
            return;
        }
        for at in last + 1..=now.max(last) {
            self.point(at - self.since, mid);
        }
        self.grid = Some((now.max(last), mid));
    }

    fn restart(&mut self) {
        self.signature.iter_mut().chain(&mut self.horizons).for_each(|sampled| sampled.from = None);
        (self.clusters.from, self.clusters.run) = (None, 0);
        (self.flow.from, self.flow.imbalance) = (None, 0.0);
    }

    fn point(&mut self, at: u64, mid: f64) {
        let due = |every: u64| at.is_multiple_of(every);
        let sampled = self.signature.iter_mut().zip(SIGNATURE).chain(self.horizons.iter_mut().zip(HORIZONS));
        sampled.filter(|(_, every)| due(*every)).for_each(|(sampled, _)| sampled.see(mid));
        if due(HORIZONS[0]) {
            self.clusters.see(mid);
        }
        if due(WINDOW) {
            self.flow.window(mid);
        }
    }

    /// Excess kurtosis of the returns over each of [`HORIZONS`]; nothing where there were fewer than 30.
    pub(super) fn kurtosis(&self) -> Vec<Option<f64>> {
        let of = |sampled: &Sampled| {
            let variance = sampled.squares / sampled.count;
            (sampled.count >= 30.0 && variance > 0.0)
                .then(|| sampled.fourths / sampled.count / (variance * variance) - 3.0)
        };
        self.horizons.iter().map(of).collect()
    }

    /// Realised variance a second at each of [`SIGNATURE`], price steps squared.
    pub(super) fn signature(&self) -> Vec<Option<f64>> {
        let of = |(sampled, every): (&Sampled, u64)| {
            #[allow(clippy::cast_precision_loss, reason = "small")]
            let interval = every as f64 * 0.1;
            // Half steps squared are a quarter of steps squared.
            (sampled.count >= 10.0).then(|| sampled.squares / sampled.count / interval / 4.0)
        };
        self.signature.iter().zip(SIGNATURE).map(of).collect()
    }

    /// Autocorrelation of absolute returns of a second, at [`VOLATILITY_LAGS`].
    pub(super) fn volatility_correlation(&self) -> Vec<f64> {
        self.clusters.correlation()
    }

    /// The regression's slope (price steps a size step), its R squared, and the number of windows.
    pub(super) fn flow(&self) -> Option<(f64, f64, u64)> {
        let [n, x, y, xx, xy, yy] = self.flow.sums;
        let (sxx, sxy, syy) = (xx - x * x / n, xy - x * y / n, yy - y * y / n);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        (n >= 10.0 && sxx > 0.0 && syy > 0.0).then(|| (sxy / sxx / 2.0, sxy * sxy / (sxx * syy), n as u64))
    }
}

impl Clusters {
    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    fn see(&mut self, mid: f64) {
        let Some(from) = self.from.replace(mid) else { return };
        let size = (mid - from).abs();
        for (at, &lag) in VOLATILITY_LAGS.iter().enumerate().filter(|(_, lag)| **lag <= self.run) {
            self.products[at] += size * self.ring[(self.run - lag) % RING];
            self.pairs[at] += 1.0;
        }
        self.ring[self.run % RING] = size;
        self.run += 1;
        self.count += 1;
        self.sum += size;
        self.squares += size * size;
    }

    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    fn correlation(&self) -> Vec<f64> {
        let count = self.count.max(1) as f64;
        let mean = self.sum / count;
        let variance = self.squares / count - mean * mean;
        let at = |(sum, pairs): (&f64, &f64)| {
            if *pairs < 1.0 || variance <= 0.0 { 0.0 } else { (sum / pairs - mean * mean) / variance }
        };
        self.products.iter().zip(&self.pairs).map(at).collect()
    }
}

impl Flow {
    fn window(&mut self, mid: f64) {
        let x = std::mem::take(&mut self.imbalance);
        if let Some(from) = self.from {
            let y = mid - from;
            for (sum, value) in self.sums.iter_mut().zip([1.0, x, y, x * x, x * y, y * y]) {
                *sum += value;
            }
        }
        self.from = Some(mid);
    }
}

/// What a change of the touch adds to the imbalance, in size steps.
#[allow(clippy::cast_precision_loss, reason = "statistics")]
fn imbalance(was: Top, is: Top) -> f64 {
    let (Top { bid: Some(bid), ask: Some(ask) }, Top { bid: Some(bid_was), ask: Some(ask_was) }) = (is, was) else {
        return 0.0;
    };
    let counts = |holds: bool, lots: i64| if holds { lots as f64 } else { 0.0 };
    counts(bid.price >= bid_was.price, bid.qty.lots())
        - counts(bid.price <= bid_was.price, bid_was.qty.lots())
        - counts(ask.price <= ask_was.price, ask.qty.lots())
        + counts(ask.price >= ask_was.price, ask_was.qty.lots())
}
