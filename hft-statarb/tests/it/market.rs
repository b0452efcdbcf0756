//! The desk in its market, judged by a truth that it does not see.

use hft_app::Scenario;
use hft_core::models::InstrumentId;
use hft_core::prelude::*;
use hft_core::world::{NodeId, Observer};
use hft_statarb::StatarbConfig;
use hft_statarb::scenario::{Market, Parts, scenario};

/// What the desk held and believed, each time it decided something.
#[derive(Default)]
struct Diary {
    entries: Vec<Entry>,
}

struct Entry {
    at_s: f64,
    /// Position in the first contract, lots.
    first: i64,
    reasons: Vec<Reason>,
}

impl Observer<Node> for Diary {
    fn after(&mut self, now: Timestamp, node: NodeId, nodes: &[Node]) -> anyhow::Result<()> {
        let index = usize::try_from(node.0).expect("a node's number");
        if let Some(trader) = nodes[index].as_trader() {
            let reasons = trader.rationale();
            if !reasons.is_empty() {
                let first = trader.position(InstrumentId(0)).count();
                self.entries.push(Entry { at_s: now.to_secs_f64(), first, reasons });
            }
        }
        Ok(())
    }
}

fn watched(seed: u64, config: &StatarbConfig, seconds: u64) -> (Vec<Entry>, Digest) {
    let parts = Parts { seed, config, market: &Market::default(), limits: Limits::default() };
    let Scenario { world, .. } = scenario(parts).expect("a configuration that is allowed");
    let mut diary = Diary::default();
    let end = Timestamp::START + Nanos::from_secs(seconds);
    let mut ran = world.lockstep().run_observed(end, &mut diary);
    ran.outcome.as_ref().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    // Positions and cash sum to zero over all accounts, and every order has one end.
    close_books(&mut ran.nodes, ran.ended).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    (diary.entries, ran.digest())
}

fn reason(entry: &Entry, name: &str) -> Option<f64> {
    entry.reasons.iter().find(|reason| reason.name == name).map(|reason| reason.value)
}

fn configured(json: serde_json::Value) -> StatarbConfig {
    serde_json::from_value(json).expect("keys of the table")
}

#[test]
fn same_seed_same_bytes_and_every_way_of_looking_trades() {
    let digest = |seed, json| watched(seed, &configured(json), 15).1;
    let small = || serde_json::json!({ "symbols": 4 });
    assert_eq!(digest(1, small()), digest(1, small()));
    assert_ne!(digest(1, small()), digest(2, small()));
    for other in [
        serde_json::json!({ "symbols": 4, "factors": "pca" }),
        serde_json::json!({ "symbols": 4, "estimator": { "drift": "estimated" } }),
        serde_json::json!({ "symbols": 4, "universe": { "placebo": true } }),
    ] {
        let (entries, theirs) = watched(1, &configured(other.clone()), 15);
        assert!(!entries.is_empty() && theirs != digest(1, small()), "{other}");
    }
}

/// A contract more leaves the others' values as they are, so what another number of contracts changes is the desk alone.
#[test]
fn values_are_of_the_seed_and_the_name() {
    use hft_statarb::scenario::{Leg, value};
    let path = |symbols: u32, leg| {
        // Loadings depend on the number of contracts; the index's does not.
        let config = configured(serde_json::json!({ "symbols": symbols }));
        value(7, &config, &Market::default(), leg, InstrumentId(0)).take(500).collect::<Vec<_>>()
    };
    assert_eq!(path(4, Leg::Index), path(9, Leg::Index));
    assert_eq!(path(4, Leg::Contract(0)), path(9, Leg::Contract(0)));
    assert_ne!(path(4, Leg::Contract(0)), path(4, Leg::Contract(1)));
}

/// With a full window of 48 s the fit finds `kappa + 4 / T` on average (see `paper ou-bias`), and the midpoint's noise adds some more.
#[test]
fn the_estimated_half_life_is_the_true_one_but_for_its_bias() {
    let config = configured(serde_json::json!({ "symbols": 8 }));
    let mut speeds = Vec::new();
    for seed in 1..=6 {
        let (entries, _) = watched(seed, &config, 90);
        let late = entries.iter().filter(|entry| entry.at_s > 60.0);
        speeds
            .extend(late.filter_map(|entry| reason(entry, "estimated half-life")).map(|s| std::f64::consts::LN_2 / s));
    }
    let mean = speeds.iter().sum::<f64>() / speeds.len() as f64;
    let truth = std::f64::consts::LN_2 / 2.5;
    let expected = truth + 4.0 / 48.0;
    println!("kappa {truth:.3}, with its bias {expected:.3}, found {mean:.3} in {} decisions", speeds.len());
    assert!((mean - expected).abs() < 0.25 * expected, "{mean} against {expected}");
}

/// The exposure passes its limit by what was filled at once at most: the hedge then takes, and legs that would add to it wait.
#[test]
fn the_imbalance_of_legs_is_bounded() {
    let config = configured(serde_json::json!({ "sizing": { "beta_limit": 4, "position_limit": 6 } }));
    let mut worst = 0.0_f64;
    for seed in 1..=4 {
        let (entries, _) = watched(seed, &config, 60);
        let exposures = entries.iter().filter_map(|entry| reason(entry, "exposure to the index"));
        worst = exposures.map(f64::abs).fold(worst, f64::max);
    }
    println!("exposure at most {worst:.1} contracts of the index");
    assert!(worst > 2.0 && worst < 4.0 + 2.0 * 6.0 * 1.4, "{worst}");
}

/// A jump of eight deviations at 60 s, a random walk thereafter: by 70 s the contract is sold off and left alone.
#[test]
fn a_break_stops_the_contract_within_seconds() {
    let flat_at = |action: &str| {
        let json = serde_json::json!({
            "symbols": 4,
            "universe": { "breaks_at_s": [60.0] },
            "breaks": { "action": action },
        });
        let config = configured(json);
        let flat = |seed: &u64| {
            let (entries, _) = watched(*seed, &config, 76);
            let during = entries.iter().filter(|entry| (70.0..75.0).contains(&entry.at_s));
            during.map(|entry| entry.first == 0).reduce(|one, other| one && other).unwrap_or(true)
        };
        (1..=8).filter(flat).count()
    };
    let (stopped, ignored) = (flat_at("stop"), flat_at("ignore"));
    println!("flat ten seconds after the break: {stopped} of 8 with the detector, {ignored} without");
    assert!(stopped >= 7 && ignored <= 3, "{stopped} of 8 with the detector, {ignored} without");
}
