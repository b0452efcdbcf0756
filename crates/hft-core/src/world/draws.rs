//! The distributions that a simulation draws from, made of uniform bits, IEEE arithmetic and the `libm` crate.
//!
//! Invariant: a draw is a function of the stream, the same to the last bit in every build and on every platform. The
//! platform's own `exp` and `ln` differ in the last bit from one another, and a library that reaches them through a feature
//! flag (as `rand_distr` does, through `num-traits`) draws other numbers once any other crate of the build sets that flag.
//!
//! Every draw takes a fixed number of uniforms and rejects none, so that what a component draws after it does not depend on
//! how it came out. A uniform has 53 bits, so the tails end at 36.7 means and at 8.6 standard deviations.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Uniform in (0, 1]: its logarithm exists.
#[allow(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
fn open_unit(stream: &mut ChaCha8Rng) -> f64 {
    ((stream.random::<u64>() >> 11) + 1) as f64 * (1.0 / 9_007_199_254_740_992.0)
}

/// Exponential with mean one, by inversion: `-ln U`. One uniform.
pub fn exponential(stream: &mut ChaCha8Rng) -> f64 {
    -libm::log(open_unit(stream))
}

/// Standard normal by Box and Muller (1958): `sqrt(-2 ln U) cos(2 pi V)`. Two uniforms.
pub fn normal(stream: &mut ChaCha8Rng) -> f64 {
    let radius = libm::sqrt(2.0 * exponential(stream));
    radius * libm::cos(std::f64::consts::TAU * open_unit(stream))
}

/// Failures before the first success, each try succeeding with probability `p` in (0, 1], by inversion:
/// `floor(ln U / ln (1 - p))`. One uniform. What exceeds a `u64` is its largest.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "never negative, and `as` saturates")]
pub fn geometric(stream: &mut ChaCha8Rng, p: f64) -> u64 {
    (libm::log(open_unit(stream)) / libm::log1p(-p)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::stream;

    fn first<T>(mut draw: impl FnMut(&mut ChaCha8Rng) -> T) -> [T; 8] {
        let mut stream = stream(42, "draws");
        std::array::from_fn(|_| draw(&mut stream))
    }

    /// The values are those of another program, written from the description above and with another `log` and `cos`, on the
    /// same stream.
    #[test]
    fn first_draws_are_golden_to_the_last_bit() {
        let exponentials = [
            0.057776798321653076,
            0.03979184937278875,
            2.393648179885029,
            1.773020819622194,
            0.8612924583795897,
            1.8491996157407153,
            0.6191779294425466,
            1.7360482469715302,
        ];
        let normals = [
            0.3297713666485202,
            1.056248981842204,
            0.7215210731100051,
            0.49762072584093286,
            1.1935645062726112,
            0.35201423953834804,
            0.6951360983647749,
            -0.08062055658189213,
        ];
        assert_eq!(first(exponential).map(f64::to_bits), exponentials.map(f64::to_bits));
        assert_eq!(first(normal).map(f64::to_bits), normals.map(f64::to_bits));
        assert_eq!(first(|stream| geometric(stream, 0.1)), [0, 0, 22, 16, 8, 17, 5, 16]);
    }

    #[test]
    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    fn laws_have_their_moments() {
        const N: i32 = 200_000;
        let moments = |mut draw: Box<dyn FnMut(&mut ChaCha8Rng) -> f64>| {
            let mut stream = stream(9, "moments");
            let draws: Vec<f64> = (0..N).map(|_| draw(&mut stream)).collect();
            let moment = |power: i32| draws.iter().map(|x| x.powi(power)).sum::<f64>() / f64::from(N);
            [moment(1), moment(2), moment(3), moment(4)]
        };
        // Each within five standard errors of its estimate: sqrt((m_2k - m_k^2) / N).
        let near = |found: [f64; 4], expected: [f64; 8]| {
            for power in 0..4 {
                let variance = expected[2 * power + 1] - expected[power] * expected[power];
                let reach = 5.0 * libm::sqrt(variance / f64::from(N));
                assert!((found[power] - expected[power]).abs() < reach, "moment {}: {found:?}", power + 1);
            }
        };
        near(moments(Box::new(exponential)), [1.0, 2.0, 6.0, 24.0, 120.0, 720.0, 5_040.0, 40_320.0]);
        near(moments(Box::new(normal)), [0.0, 1.0, 0.0, 3.0, 0.0, 15.0, 0.0, 105.0]);
        // A fair coin's failures: E X^k = sum n^k / 2^(n + 1), the ordered Bell numbers.
        let coin = |stream: &mut ChaCha8Rng| geometric(stream, 0.5) as f64;
        near(moments(Box::new(coin)), [1.0, 3.0, 13.0, 75.0, 541.0, 4_683.0, 47_293.0, 545_835.0]);
    }

    #[test]
    fn the_ends_of_the_geometric_law() {
        assert_eq!(first(|stream| geometric(stream, 1.0)), [0; 8], "certain success");
        assert_eq!(first(|stream| geometric(stream, 0.0)), [u64::MAX; 8], "no success, ever");
        assert!(first(|stream| geometric(stream, 1e-300)).iter().all(|&failures| failures == u64::MAX), "saturates");
    }
}
