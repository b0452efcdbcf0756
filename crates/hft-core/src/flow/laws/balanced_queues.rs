//! Cont & de Larrard (2013): which of two balanced queues empties first.
//!
//! Each queue gains a unit as often as it loses one, whatever its length, so the pair walks as a simple random walk in the quarter plane.

/// Panels of the midpoint rule. The integrand has a kink at 0, which costs less than a hundred-thousandth for queues of up to 200.
const PANELS: u32 = 32_768;

/// `P(the mid goes up | n at the bid, p at the ask)`: the ask empties first. Proposition 2 of the paper,
/// `1/pi int_0^pi (2 - cos t - sqrt((2 - cos t)^2 - 1))^p sin(n t) cos(t/2) / sin(t/2) dt`.
///
/// ```
/// use hft_core::flow::laws::balanced_queues::up;
/// assert!((up(3, 3) - 0.5).abs() < 1e-5 && up(3, 1) > 0.5);
/// ```
pub fn up(n: u32, p: u32) -> f64 {
    let integrand = |panel: u32| {
        let t = (f64::from(panel) + 0.5) / f64::from(PANELS) * std::f64::consts::PI;
        let c = 2.0 - libm::cos(t);
        let decay = libm::pow(c - libm::sqrt(c * c - 1.0), f64::from(p));
        decay * libm::sin(f64::from(n) * t) * libm::cos(t / 2.0) / libm::sin(t / 2.0)
    };
    (0..PANELS).map(integrand).sum::<f64>() / f64::from(PANELS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_queues_are_a_fair_coin_and_sides_mirror() {
        for n in [1, 2, 5, 20] {
            assert!((up(n, n) - 0.5).abs() < 1e-5, "{n}: {}", up(n, n));
            for p in [1, 3, 19] {
                assert!((up(n, p) + up(p, n) - 1.0).abs() < 1e-5, "{n} {p}");
            }
        }
    }

    /// The chances of a fair walk: each is the mean of its four neighbours.
    #[test]
    fn each_is_the_mean_of_its_neighbours() {
        for n in 1..5 {
            for p in 1..5 {
                let [right, left] = [up(n + 1, p), if n > 1 { up(n - 1, p) } else { 0.0 }];
                let [above, below] = [up(n, p + 1), if p > 1 { up(n, p - 1) } else { 1.0 }];
                assert!((up(n, p) - (right + left + above + below) / 4.0).abs() < 1e-5, "{n} {p}");
            }
        }
    }
}
