//! Tests of `calibration`, beside it.

use super::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Exp1, Poisson, StandardNormal};

const DISTANCES: [f64; 6] = [0.01, 0.02, 0.04, 0.06, 0.08, 0.10];
const A: f64 = 4.0;
const K: f64 = 30.0;

/// Arrivals are Poisson of rate `A` a side, with exponential depths of mean `1/k`: the model's own market. `flow`
/// scales the rate of each window.
fn windows(rng: &mut ChaCha8Rng, count: usize, flow: impl Fn(&mut ChaCha8Rng) -> f64) -> Vec<Window> {
    let exposure = 20.0;
    (0..count)
        .map(|_| {
            let mean = A * exposure * flow(rng);
            let arrivals: f64 = Poisson::new(mean).expect("a positive mean").sample(rng);
            let mut fills = vec![0.0; DISTANCES.len()];
            let mut left = arrivals;
            while left > 0.0 {
                let unit: f64 = Exp1.sample(rng);
                fills.iter_mut().zip(DISTANCES).filter(|(_, d)| unit / K >= *d).for_each(|(n, _)| *n += 1.0);
                left -= 1.0;
            }
            Window { fills, exposure }
        })
        .collect()
}

/// The intervals must cover the truth about 19 times in 20, in a steady market and in one whose rate comes in waves
/// (where the textbook information matrix would cover `A` far less often).
#[test]
fn intervals_cover_the_truth() {
    let waves = |rng: &mut ChaCha8Rng| if rng.random::<bool>() { 1.6 } else { 0.4 };
    for (name, wavy) in [("steady", false), ("waves", true)] {
        let mut covered = [0; 2];
        for seed in 0..300 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let sample = windows(&mut rng, 60, |rng| if wavy { waves(rng) } else { 1.0 });
            let fit = fit_intensity(&DISTANCES, &sample).expect("many fills");
            let within = |e: Estimate, truth: f64| i32::from(e.low <= truth && truth <= e.high);
            covered[0] += within(fit.a, A);
            covered[1] += within(fit.k, K);
        }
        // 285 expected, standard deviation 3.8; a small sample costs the sandwich a little.
        assert!(covered.iter().all(|c| (270..=297).contains(c)), "{name}: {covered:?} of 300");
    }
}

/// Expected counts in place of drawn ones give the parameters back exactly.
#[test]
fn the_fit_inverts_the_law() {
    let fills: Vec<f64> = DISTANCES.iter().map(|d| 50.0 * A * libm::exp(-K * d)).collect();
    let exact = vec![Window { fills, exposure: 50.0 }; 2];
    let fit = fit_intensity(&DISTANCES, &exact).expect("fills at all distances");
    assert!((fit.a.value - A).abs() < 1e-9 && (fit.k.value - K).abs() < 1e-8, "{fit:?}");
    assert!((fit.rates[0] - A * libm::exp(-0.3)).abs() < 1e-12);
}

#[test]
fn what_cannot_be_fitted_is_not() {
    let window = |fills: [f64; 2]| Window { fills: fills.to_vec(), exposure: 1.0 };
    let distances = [0.1, 0.2];
    assert_eq!(fit_intensity(&distances, &[window([3.0, 1.0])]), None, "one window");
    assert_eq!(fit_intensity(&distances, &[window([3.0, 0.0]), window([2.0, 0.0])]), None, "one distance");
    assert_eq!(fit_intensity(&distances, &[window([1.0, 3.0]), window([1.0, 2.0])]), None, "more fills further out");
    assert_eq!(fit_intensity(&distances, &[]), None);
    assert_eq!(fit_sigma(&[0.0, 0.0], 1.0), None);
    assert_eq!(fit_sigma(&[1.0], 1.0), None);
}

#[test]
fn sigma_and_its_interval() {
    let mut covered = 0;
    for seed in 0..300 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let changes: Vec<f64> = (0..400)
            .map(|_| {
                let z: f64 = StandardNormal.sample(&mut rng);
                0.03 * 0.5_f64.sqrt() * z
            })
            .collect();
        let sigma = fit_sigma(&changes, 0.5).expect("it moved");
        covered += i32::from(sigma.low <= 0.03 && 0.03 <= sigma.high);
    }
    assert!((272..=297).contains(&covered), "{covered} of 300");
}
