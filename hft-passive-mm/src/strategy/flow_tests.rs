//! Tests of `flow`, beside it.

use super::*;
use crate::config::PassiveMmConfig;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Exp1, StandardNormal};

fn seconds(secs: f64) -> Timestamp {
    Timestamp::START.after(Nanos::from_secs_f64(secs))
}

/// Twenty minutes of the model's own market: arrivals at rate 2A, depths of mean 1/k, a mid of volatility sigma.
#[test]
fn the_parameters_of_a_market_are_found() {
    let (a, k, sigma) = (4.0, 30.0, 0.03);
    let mut recorder = FlowRecorder::new(PassiveMmConfig::default().estimator);
    let mut rng = ChaCha8Rng::seed_from_u64(2008);
    let mut exponential = move || -> f64 { Exp1.sample(&mut rng) };
    let mut rng = ChaCha8Rng::seed_from_u64(2009);
    let (mut time, mut mid) = (0.0, 100.0);
    recorder.on_mid(seconds(0.0), mid);
    while time < 1_200.0 {
        let wait = exponential() / (2.0 * a);
        let z: f64 = StandardNormal.sample(&mut rng);
        time += wait;
        mid += sigma * wait.sqrt() * z;
        recorder.on_mid(seconds(time), mid);
        let side = if rng.random::<bool>() { Side::Buy } else { Side::Sell };
        recorder.on_trade(seconds(time), side, exponential() / k);
    }
    let fit = recorder.intensity().expect("many windows");
    assert!(fit.a.low < a && a < fit.a.high && fit.k.low < k && k < fit.k.high, "{fit:?}");
    let fitted = recorder.fit_if_due(seconds(1_201.0)).expect("never fitted before");
    let (fitted_a, fitted_k) = fitted.intensity.expect("as above");
    assert!((fitted_a - fit.a.value).abs() < 1e-12 && (fitted_k - fit.k.value).abs() < 1e-12);
    assert!((fitted.sigma.expect("1,200 samples") - sigma).abs() < 0.003, "{fitted:?}");
    assert_eq!(recorder.fit_if_due(seconds(1_202.0)), None, "not yet again");
}

/// One order that walks the book prints at every level, and is one arrival as deep as its last print.
#[test]
fn prints_of_one_order_are_one_arrival() {
    let config =
        EstimatorConfig { distances: 3, distance_step: 0.01, window_s: 1.0, ..PassiveMmConfig::default().estimator };
    let mut recorder = FlowRecorder::new(config);
    for depth in [0.01, 0.02, 0.021] {
        recorder.on_trade(seconds(0.5), Side::Buy, depth);
    }
    recorder.on_trade(seconds(0.5), Side::Sell, 0.01);
    recorder.on_mid(seconds(1.6), 100.0);
    assert_eq!(recorder.windows.len(), 1);
    assert_eq!(recorder.windows[0].fills, [2.0, 1.0, 0.0]);
    assert!((recorder.windows[0].exposure - 2.0).abs() < 1e-12, "both sides");
}

#[test]
fn memory_has_limits_and_a_long_silence_ends_it() {
    let config = EstimatorConfig { windows: 8, window_s: 1.0, sample_s: 0.001, ..PassiveMmConfig::default().estimator };
    let mut recorder = FlowRecorder::new(config);
    recorder.on_mid(seconds(0.0), 100.0);
    for i in 1..20 {
        recorder.on_mid(seconds(f64::from(i)), 100.0);
    }
    assert_eq!((recorder.windows.len(), recorder.changes.len()), (8, MAX_SAMPLES));
    recorder.on_mid(seconds(80_000.0), 100.0);
    assert_eq!((recorder.windows.len(), recorder.changes.len()), (0, 0));
}

#[test]
fn the_tracker_learns_which_way_a_heavy_side_pushes() {
    let config = MicropriceConfig { min_states: 100, ..PassiveMmConfig::default().microprice };
    let mut tracker = MicroTracker::new(config);
    let mut mid = HalfTicks::new(20_000);
    for i in 0..200 {
        let now = seconds(f64::from(i));
        if i == 50 {
            assert!(tracker.shift().abs() < 1e-15, "not enough seen");
        }
        // Heavy bid, then one tick up; heavy ask, then one tick down.
        let up = i % 2 == 0;
        tracker.on_touch(now, if up { [9.0, 1.0] } else { [1.0, 9.0] }, 2, mid);
        mid = HalfTicks::new(mid.count() + if up { 2 } else { -2 });
        tracker.on_touch(now, [5.0, 5.0], 2, mid);
    }
    tracker.on_touch(seconds(201.0), [9.0, 1.0], 2, mid);
    // Up one for certain, then balanced: the mid's final destination is one tick up.
    assert!((tracker.shift() - 1.0).abs() < 1e-9, "{}", tracker.shift());
    tracker.lose();
    assert!(tracker.shift().abs() < 1e-15);
}

#[test]
fn the_meter_reads_both_classifications() {
    let mut config = PassiveMmConfig::default().toxicity;
    (config.bucket, config.buckets) = (10.0, 2);
    let mut told = ToxicityMeter::new(&config);
    told.on_trade(10.0, Some(Side::Buy));
    told.on_trade(10.0, None);
    assert!((told.value().expect("two buckets") - 0.5).abs() < 1e-12);
    config.classification = Classification::Bulk;
    let mut guessed = ToxicityMeter::new(&config);
    for mid in [100.0, 101.0, 102.0] {
        guessed.on_trade(10.0, Some(Side::Sell));
        guessed.on_mid(mid);
    }
    // Two moves of one standard deviation each: |2 Phi(1) - 1|.
    assert!((guessed.value().expect("two buckets") - 0.682_689_5).abs() < 1e-6);
}
