//! Tests of `glft`, beside it.

use super::*;

/// Parameters like those of the paper's figures: sigma 0.3, A 0.9, k 0.3, gamma 0.01, T 600 s, Q 30.
const PAPER: Glft = Glft { sigma: 0.3, a: 0.9, k: 0.3, gamma: 0.01, q_max: 30 };

/// `v' = M v` backwards from ones, by the classical fourth-order Runge-Kutta rule: an independent integration.
fn runge_kutta(glft: &Glft, time_left: f64, steps: u32) -> Vec<f64> {
    let limit = i32::from(glft.q_max);
    let (alpha, eta) = (glft.alpha(), glft.eta());
    let slope = |v: &[f64]| -> Vec<f64> {
        (0..v.len())
            .map(|i| {
                let q = f64::from(i32::try_from(i).expect("small") - limit);
                let below = if i > 0 { v[i - 1] } else { 0.0 };
                let above = if i + 1 < v.len() { v[i + 1] } else { 0.0 };
                eta * (below + above) - alpha * q * q * v[i]
            })
            .collect()
    };
    let ahead = |v: &[f64], k: &[f64], h: f64| -> Vec<f64> { v.iter().zip(k).map(|(v, k)| v + h * k).collect() };
    let h = time_left / f64::from(steps);
    let mut v = vec![1.0; 2 * usize::from(glft.q_max) + 1];
    for _ in 0..steps {
        let k1 = slope(&v);
        let k2 = slope(&ahead(&v, &k1, h / 2.0));
        let k3 = slope(&ahead(&v, &k2, h / 2.0));
        let k4 = slope(&ahead(&v, &k3, h));
        for i in 0..v.len() {
            v[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
        // The equation is linear: only ratios matter.
        let scale = v[usize::from(glft.q_max)];
        v.iter_mut().for_each(|v| *v /= scale);
    }
    v
}

#[test]
fn the_exact_quotes_solve_the_equation() {
    for (glft, time_left, steps) in [
        (PAPER, 600.0, 20_000),
        (PAPER, 5.0, 5_000),
        (Glft { sigma: 2.0, a: 140.0, k: 1.5, gamma: 0.1, q_max: 10 }, 1.0, 20_000),
        (Glft { sigma: 2.0, a: 140.0, k: 1.5, gamma: 1.0, q_max: 20 }, 1.0, 20_000),
        (Glft { sigma: 5.0, a: 3.0, k: 2.0, gamma: 2.0, q_max: 12 }, 3.0, 200_000),
        (Glft { sigma: 0.0, a: 2.0, k: 0.7, gamma: 0.5, q_max: 3 }, 10.0, 5_000),
        (Glft { sigma: 1.0, a: 1.0, k: 10.0, gamma: 1e-6, q_max: 1 }, 2.0, 5_000),
    ] {
        let v = runge_kutta(&glft, time_left, steps);
        let margin = libm::log1p(glft.gamma / glft.k) / glft.gamma;
        for (i, quotes) in glft.quotes(time_left).into_iter().enumerate() {
            if let Some(bid) = quotes.bid {
                let by_ode = libm::log(v[i] / v[i + 1]) / glft.k + margin;
                assert!((bid - by_ode).abs() < 1e-7, "{glft:?} q={} {bid} {by_ode}", quotes.q);
            }
            if let Some(ask) = quotes.ask {
                let by_ode = libm::log(v[i] / v[i - 1]) / glft.k + margin;
                assert!((ask - by_ode).abs() < 1e-7, "{glft:?} q={} {ask} {by_ode}", quotes.q);
            }
        }
    }
}

/// At the end nothing is left to fear: both quotes stand at the monopoly margin.
#[test]
fn at_the_end_the_quotes_are_the_margin() {
    let margin = libm::log1p(PAPER.gamma / PAPER.k) / PAPER.gamma;
    for quotes in PAPER.quotes(0.0) {
        assert!(quotes.bid.into_iter().chain(quotes.ask).all(|d| (d - margin).abs() < 1e-15));
    }
}

/// Theorem 2: the limit is the eigenvector of the smallest eigenvalue of `M`, so `(M f)_q / f_q` is one number for all
/// `q`. Here `f` spans more than 400 orders of magnitude, which no double could hold.
#[test]
fn the_limit_is_an_eigenvector_even_where_its_entries_would_underflow() {
    let glft = Glft { sigma: 30.0, a: 0.5, k: 2.0, gamma: 3.0, q_max: 60 };
    let values = glft.log_values(f64::INFINITY);
    let log = |q| values.of(q).expect("within the limit");
    assert!(log(60) < -400.0 * std::f64::consts::LN_10, "{}", log(60));
    let eigenvalue = |q: i32| {
        let neighbours = [q - 1, q + 1].into_iter().filter_map(|to| values.of(to)).map(|to| libm::exp(to - log(q)));
        glft.alpha() * f64::from(q * q) - glft.eta() * neighbours.sum::<f64>()
    };
    for q in -60..=60 {
        // The terms that cancel are of the size of alpha q^2.
        let tolerance = 1e-9 * (1.0 + glft.alpha() * f64::from(q * q));
        assert!((eigenvalue(q) - eigenvalue(0)).abs() < tolerance, "q={q}: {} {}", eigenvalue(q), eigenvalue(0));
    }
}

/// After theorem 2: far from the end and from the limits, the closed form is close to the exact quotes.
#[test]
fn the_closed_form_is_near_the_limit_in_the_middle() {
    let values = PAPER.log_values(f64::INFINITY);
    for q in -3..=3 {
        let (exact, approximate) = (PAPER.quotes_at(&values, q), PAPER.closed_form_quotes(q));
        let gap = exact.bid.expect("inside") - approximate.bid.expect("inside");
        assert!(gap.abs() < 0.02, "q={q}: {exact:?} {approximate:?}");
    }
}

#[test]
fn long_horizons_reach_the_limit() {
    let (late, limit) = (PAPER.log_values(1e7), PAPER.log_values(f64::INFINITY));
    for q in 0..=30 {
        assert!((late.of(q).expect("inside") - limit.of(q).expect("inside")).abs() < 1e-10);
    }
}

/// The largest limit, with a curvature that makes the equation stiff, is a matter of seconds in an optimised build;
/// here a third of it.
#[test]
fn stiff_problems_end() {
    let glft = Glft { sigma: 2.0, a: 1.0, k: 1.5, gamma: 0.5, q_max: 100 };
    let quotes = glft.quotes(1e9);
    let widest = quotes[199].bid.expect("one below the limit");
    assert!(widest.is_finite() && quotes.windows(2).all(|pair| pair[0].bid < pair[1].bid.or(Some(f64::INFINITY))));
}
