//! Dawson's integral `D(x) = e^(-x^2) int_0^x e^(t^2) dt` and the imaginary error function `erfi(x) = (2/sqrt(pi)) e^(x^2) D(x)`.

/// `2/sqrt(pi)`.
const TWO_OVER_SQRT_PI: f64 = std::f64::consts::FRAC_2_SQRT_PI;

/// Dawson's integral, to a relative error of 1e-14 or so.
///
/// Below 5 by its series of positive terms, `e^(-x^2) sum x^(2n+1) / (n! (2n+1))`; above by its asymptotic expansion, whose smallest term
/// is there below 1e-10 of the first, corrected by a Newton-free continued fraction that converges for large `x`.
///
/// ```
/// use hft_statarb::model::special::dawson;
/// assert!((dawson(1.0) - 0.538_079_506_912_768_4).abs() < 1e-15);
/// assert!((dawson(10.0) - 0.050_253_847_187_598_53).abs() < 1e-15);
/// ```
pub fn dawson(x: f64) -> f64 {
    let size = x.abs();
    if size > 5.0 { x.signum() * dawson_far(size) } else { libm::exp(-x * x) * series(x) }
}

/// `int_0^x e^(t^2) dt`: all terms have one sign, so nothing is lost.
fn series(x: f64) -> f64 {
    let mut power = x;
    let mut sum = x;
    let mut n = 0.0;
    loop {
        n += 1.0;
        power *= x * x / n;
        let term = power / (2.0 * n + 1.0);
        sum += term;
        if term.abs() <= sum.abs() * 1e-17 {
            return sum;
        }
    }
}

/// From five on: the continued fraction `D(x) = x / (1 + 2x^2 - 4x^2 / (3 + 2x^2 - 8x^2 / (5 + 2x^2 - ..)))`, from its tail.
fn dawson_far(x: f64) -> f64 {
    const DEPTH: u32 = 200;
    let square = 2.0 * x * x;
    let tail = (1..=DEPTH).rev().fold(0.0, |tail, k| {
        let k = f64::from(k);
        2.0 * k * square / (2.0 * k + 1.0 + square - tail)
    });
    x / (1.0 + square - tail)
}

/// The imaginary error function; infinite from about 26.6 on.
pub fn erfi(x: f64) -> f64 {
    TWO_OVER_SQRT_PI * if x.abs() > 5.0 { libm::exp(x * x) * dawson(x) } else { series(x) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `D' = 1 - 2 x D`, held against a central difference across the border between the two ways of computing it.
    #[test]
    fn it_solves_its_equation() {
        for x in [0.01, 0.5, 0.924, 2.0, 3.9, 4.999, 5.001, 6.0, 12.0, 40.0] {
            let h = 1e-4 * f64::max(x, 0.1);
            let slope = (dawson(x + h) - dawson(x - h)) / (2.0 * h);
            assert!((slope - (1.0 - 2.0 * x * dawson(x))).abs() < 1e-7, "{x}");
            assert!((dawson(-x) + dawson(x)).abs() < 1e-18);
        }
        assert!((dawson(5.0) - dawson_far(5.0)).abs() < 1e-13 * dawson(5.0), "{} {}", dawson(5.0), dawson_far(5.0));
        assert!((erfi(1.0) - 1.650_425_758_797_542_8).abs() < 1e-14);
        assert!((erfi(6.0) / erfi(5.9) - 3.23).abs() < 0.1);
    }
}
