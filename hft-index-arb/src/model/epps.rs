//! The Epps effect: prices that are sampled before they traded again seem to be correlated less than they are (Epps 1979).
//!
//! Two prices move with correlation `rho`, each is seen when it trades, at the times of a Poisson clock of its own. Sampled every `D` at the last trade, the changes
//! stand for intervals that overlap by less than `D`: a moment `u` of the interval is in both if each has traded in it since, and one before it if neither
//! has. So
//!
//! ```text
//! E[overlap] = D - (1 - e_a) / a - (1 - e_b) / b + (2 - e_a - e_b) / (a + b)          e_r = exp(-r D)
//! ```
//!
//! and the correlation is `rho` times its share of `D`; with equal rates `rho (1 - (1 - e^{-x}) / x)`, `x = r D`. Adding the products of all changes
//! whose intervals overlap at all has no such bias (Hayashi & Yoshida 2005; in hft-app's statistics).

use hft_app::statistics::hayashi_yoshida::Seen;

/// The correlation of previous ticks, as a share of the true one, where the two trade at rates `a` and `b` and are sampled every `interval`.
///
/// ```
/// use hft_index_arb::model::epps::share;
/// for (x, expected) in [(0.5, 0.2131), (1.0, 0.3679), (2.0, 0.5677), (5.0, 0.8013), (10.0, 0.9)] {
///     assert!((share([1.0, 1.0], x) - expected).abs() < 5e-5);
/// }
/// assert!((share([1e9, 1e9], 1.0) - 1.0).abs() < 1e-8, "who always trades is always seen");
/// ```
pub fn share([a, b]: [f64; 2], interval: f64) -> f64 {
    let missed = |rate: f64| -libm::expm1(-rate * interval);
    let overlap = interval - missed(a) / a - missed(b) / b + (missed(a) + missed(b)) / (a + b);
    overlap / interval
}

/// The correlation of the changes of both on a grid of this interval, at the last price before each of its points; from the first moment at which both
/// had been seen to the last at which both still were.
pub fn previous_tick(x: &[Seen], y: &[Seen], interval: f64) -> f64 {
    let (Some(from), Some(to)) = (common(x, y, <[Seen]>::first, f64::max), common(x, y, <[Seen]>::last, f64::min))
    else {
        return f64::NAN;
    };
    let mut sums = [0.0; 3];
    let (mut places, mut before) = ([0, 0], None);
    let mut step = 0.0;
    loop {
        let at = from + step * interval;
        if at > to {
            break;
        }
        let mut last = |series: &[Seen], place: usize| {
            while places[place] + 1 < series.len() && series[places[place] + 1].time <= at {
                places[place] += 1;
            }
            series[places[place]].price
        };
        let now = [last(x, 0), last(y, 1)];
        if let Some([x, y]) = before.replace(now) {
            let (dx, dy): (f64, f64) = (now[0] - x, now[1] - y);
            sums[0] += dx * dy;
            sums[1] += dx * dx;
            sums[2] += dy * dy;
        }
        step += 1.0;
    }
    sums[0] / (sums[1] * sums[2]).sqrt()
}

/// A time of both series.
fn common(x: &[Seen], y: &[Seen], end: impl Fn(&[Seen]) -> Option<&Seen>, of: impl Fn(f64, f64) -> f64) -> Option<f64> {
    Some(of(end(x)?.time, end(y)?.time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_takes_the_last_price() {
        let seen = |points: &[(f64, f64)]| points.iter().map(|&(time, price)| Seen { time, price }).collect::<Vec<_>>();
        let x = seen(&[(0.0, 0.0), (0.5, 1.0), (1.5, 3.0), (3.0, 4.0)]);
        let y = seen(&[(0.0, 0.0), (0.9, 2.0), (1.0, 1.0), (2.5, 5.0), (3.0, 7.0)]);
        // On 0, 1, 2, 3: x is 0, 1, 3, 4 and y is 0, 1, 1, 7.
        let by_hand = (1.0 * 1.0 + 2.0 * 0.0 + 1.0 * 6.0) / (6.0_f64 * 37.0).sqrt();
        assert!((previous_tick(&x, &y, 1.0) - by_hand).abs() < 1e-12);
    }

    /// Who trades rarely is worse than who trades as often as the other, and the formula is symmetric.
    #[test]
    fn rates_may_differ() {
        assert!((share([1.0, 3.0], 2.0) - share([3.0, 1.0], 2.0)).abs() < 1e-15);
        assert!(share([1.0, 0.5], 2.0) < share([1.0, 1.0], 2.0));
        // One side is always seen: D - (1 - e^-x) / r.
        let rare = share([1.0, 1e9], 1.0);
        assert!((rare - libm::exp(-1.0)).abs() < 1e-6, "{rare}");
    }
}
