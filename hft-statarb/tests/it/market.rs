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

/// Samples what the desk sees of every book on the desk's own grid.
struct Sampler {
    books: Vec<BookId>,
    next: Timestamp,
    mids: Vec<Vec<f64>>,
}

impl Observer<Node> for Sampler {
    fn after(&mut self, now: Timestamp, node: NodeId, nodes: &[Node]) -> anyhow::Result<()> {
        let index = usize::try_from(node.0).expect("a node's number");
        let desk = nodes[index].as_trader().filter(|trader| self.books.iter().all(|&book| trader.view(book).is_some()));
        if let Some(desk) = desk.filter(|_| now >= self.next) {
            self.next = now + Nanos::from_millis(200);
            for (mids, &book) in self.mids.iter_mut().zip(&self.books) {
                let mid = desk.view(book).and_then(|view| view.mid());
                mids.push(mid.map_or(20_000.0, |mid| mid.count() as f64) / 2.0);
            }
        }
        Ok(())
    }
}

/// Over a window of 48 s the fit of the hidden values finds `kappa + 4 / T` on average (see `paper ou-bias`). The midpoints are noisy around
/// the values, noise comes back at once, and so they seem to revert faster still.
#[test]
fn the_estimated_half_life_is_the_true_one_but_for_its_bias() {
    use hft_statarb::model::residual::{Drift, Fit};
    use hft_statarb::scenario::{legs, value};
    let (config, market) = (configured(serde_json::json!({ "symbols": 10 })), Market::default());
    let (mut of_values, mut of_mids) = (Vec::new(), Vec::new());
    for seed in 1..=6 {
        let parts = Parts { seed, config: &config, market: &market, limits: Limits::default() };
        let Scenario { world, desk, .. } = scenario(parts).expect("a configuration that is allowed");
        let books: Vec<BookId> = world.books_of(desk).iter().map(|listing| listing.book).collect();
        let mut sampler = Sampler { mids: vec![Vec::new(); books.len()], next: Timestamp::new(2_000_000_000), books };
        let ran = world.lockstep().run_observed(Timestamp::START + Nanos::from_secs(51), &mut sampler);
        ran.outcome.expect("it runs");
        let hidden: Vec<Vec<f64>> = legs(&config)
            .zip(&sampler.books)
            .map(|(leg, book)| {
                let path = value(seed, &config, &market, leg, book.instrument).skip(99).step_by(10).take(241);
                path.map(|(_, news)| match news {
                    News::Value { value, .. } => value.count() as f64 / 2.0,
                    News::Headline { .. } => unreachable!("a value's tape tells values"),
                })
                .collect()
            })
            .collect();
        for (series, speeds) in [(&hidden, &mut of_values), (&sampler.mids, &mut of_mids)] {
            let changes: Vec<Vec<f64>> =
                series.iter().map(|levels| levels[..241].windows(2).map(|pair| pair[1] - pair[0]).collect()).collect();
            let (index, contracts) = changes.split_last().expect("the index is the last");
            let fits = contracts.iter().filter_map(|changes| Fit::of(changes, &[index], Drift::Zero, 0.2)?.ou);
            speeds.extend(fits.map(|ou| ou.kappa));
        }
    }
    let mean = |speeds: &[f64]| speeds.iter().sum::<f64>() / speeds.len() as f64;
    let truth = std::f64::consts::LN_2 / 2.5;
    let expected = truth + 4.0 / 48.0;
    let (values, mids) = (mean(&of_values), mean(&of_mids));
    println!("kappa {truth:.3}, with its bias {expected:.3}; found in values {values:.3}, in midpoints {mids:.3}");
    // One fit's standard deviation is about sqrt(2 kappa / T) = 0.11; of sixty 0.014.
    assert!((values - expected).abs() < 4.0 * 0.014, "{values} against {expected}");
    assert!(mids > values && mids < 2.5 * expected, "{mids} against {expected}");
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
