//! Hayashi & Yoshida (2005), "On covariance estimation of non-synchronously observed diffusion processes", Bernoulli 11(2) 359.
//!
//! Two prices are seen at times of their own. The sum over all pairs of changes whose intervals overlap, `sum dX_i dY_j`, is an unbiased
//! estimate of their integrated covariance, whereas sampling both on one grid loses some of it: the finer the grid, the more (Epps 1979).

/// A price, and when it was seen.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Seen {
    /// When, in any unit.
    pub time: f64,
    /// How much.
    pub price: f64,
}

/// The integrated covariance of two prices, each in the order of its times.
pub fn covariance(x: &[Seen], y: &[Seen]) -> f64 {
    let mut sum = 0.0;
    let mut first = 0;
    for change in x.windows(2) {
        let dx = change[1].price - change[0].price;
        // The first change of y that ends after this one begins; those before it overlap no later one either.
        while first + 1 < y.len() && y[first + 1].time <= change[0].time {
            first += 1;
        }
        let overlapping = y[first..].windows(2).take_while(|other| other[0].time < change[1].time);
        sum += overlapping.map(|other| dx * (other[1].price - other[0].price)).sum::<f64>();
    }
    sum
}

/// Their correlation: each variance is the sum of its own squared changes.
pub fn correlation(x: &[Seen], y: &[Seen]) -> f64 {
    covariance(x, y) / (covariance(x, x) * covariance(y, y)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hft_core::world::{draws, stream};

    fn seen(points: &[(f64, f64)]) -> Vec<Seen> {
        points.iter().map(|&(time, price)| Seen { time, price }).collect()
    }

    /// By hand: (0, 2] overlaps (1, 3] alone; (2, 5] overlaps (1, 3] and (3, 4].
    #[test]
    fn overlaps_on_paper() {
        let x = seen(&[(0.0, 0.0), (2.0, 1.0), (5.0, 3.0)]);
        let y = seen(&[(1.0, 0.0), (3.0, 10.0), (4.0, 9.0)]);
        assert!((covariance(&x, &y) - (10.0 + 2.0 * 10.0 - 2.0)).abs() < 1e-12);
        assert!((covariance(&y, &x) - 28.0).abs() < 1e-12, "it does not matter who is asked first");
        assert!((covariance(&x, &x) - 5.0).abs() < 1e-12);
    }

    /// One Brownian motion seen by two Poisson clocks: correlation 1, where previous ticks on a grid of one mean wait show 0.37.
    #[test]
    fn it_sees_what_a_grid_does_not() {
        let mut rng = stream(4, "clocks");
        let (mut price, mut x, mut y) = (0.0, Vec::new(), Vec::new());
        let mut next = [0.0, 0.0];
        let mut now = 0.0;
        while x.len() < 100_000 {
            let which = usize::from(next[1] < next[0]);
            let time: f64 = next[which];
            price += (time - now).max(0.0).sqrt() * draws::normal(&mut rng);
            now = time;
            if which == 0 { &mut x } else { &mut y }.push(Seen { time, price });
            next[which] += draws::exponential(&mut rng);
        }
        let found = correlation(&x, &y);
        assert!((found - 1.0).abs() < 0.03, "{found}");
        let previous = |list: &[Seen], at: f64| list[list.partition_point(|seen| seen.time <= at).max(1) - 1].price;
        let grid = |list: &[Seen]| {
            let prices: Vec<f64> = (0..50_000).map(|n| previous(list, f64::from(n))).collect();
            prices.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<f64>>()
        };
        let (gx, gy) = (grid(&x), grid(&y));
        let sum = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let epps = sum(&gx, &gy) / (sum(&gx, &gx) * sum(&gy, &gy)).sqrt();
        assert!((epps - 0.3679).abs() < 0.02, "1 - (1 - e^-1) = 0.3679, found {epps}");
    }
}
