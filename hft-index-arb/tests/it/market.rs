//! The desk in its market, judged by a truth that it does not see.

use crate::CLI;
use crate::run::summary;
use hft_app::Scenario;
use hft_app::output::Summary;
use hft_app::testing::temporary;
use hft_core::prelude::*;
use hft_index_arb::IndexArbConfig;
use hft_index_arb::scenario::{Market, Parts, scenario};

/// A run with these settings, by the shell.
fn told(settings: &[&str], seconds: u64, seed: u64) -> Summary {
    let out = temporary();
    let set: String = settings.iter().map(|setting| format!(" --set index_arb.{setting}")).collect();
    let line = format!("run --fast --duration {seconds}s --seed {seed} --quiet{set}");
    summary(&CLI.done_in(out.path(), &line).0)
}

/// A figure of the chapter.
fn figure(summary: &Summary, label: &str) -> f64 {
    let tables = &summary.chapter.as_ref().expect("the legs").tables;
    let row = tables.iter().flat_map(|table| &table.rows).find(|row| row.label == label).expect(label);
    row.figures[0].unwrap_or(0.0)
}

#[test]
fn positions_and_money_sum_to_zero_over_all_books_whatever_is_traded_and_how() {
    let mut digests = Vec::new();
    for json in [
        serde_json::json!({}),
        serde_json::json!({ "policy": "passive-then-hedge" }),
        serde_json::json!({ "policy": "future-first", "pairs": "future-basket" }),
        serde_json::json!({ "policy": "etf-first", "pairs": "etf-basket" }),
        serde_json::json!({ "pairs": "future-etf", "estimator": "naive" }),
        serde_json::json!({ "universe": { "placebo": true }, "entry": -4.0 }),
    ] {
        let config: IndexArbConfig = serde_json::from_value(json.clone()).expect("keys of the table");
        let parts = Parts { seed: 3, config: &config, market: &Market::default(), limits: Limits::default() };
        let Scenario { world, desk, .. } = scenario(parts).expect("a configuration that is allowed");
        assert!(world.books_of(desk).len() >= 22, "twenty constituents, a fund, a future, and the window");
        let mut ran = world.lockstep().run(Timestamp::START + Nanos::from_secs(15));
        ran.outcome.as_ref().unwrap_or_else(|error| panic!("{json}: {error}"));
        close_books(&mut ran.nodes, ran.ended).unwrap_or_else(|error| panic!("{json}: {error}"));
        digests.push(ran.digest().to_string());
    }
    let all = digests.len();
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), all, "each of them trades otherwise");
}

/// A future that is 40 ms away: the other legs wait that much longer, and for the gap it is later.
#[test]
fn a_leg_that_is_farther_away_leaves_the_others_unhedged_for_longer() {
    let mean = |us: u64| {
        let setting = format!("latency.future_us={us}");
        let runs = (1..=3).map(|seed| told(&[&setting, "pairs=future-etf"], 40, seed));
        runs.map(|run| figure(&run, "mean of a spell, s")).sum::<f64>() / 3.0
    };
    let (near, far, farther) = (mean(500), mean(20_000), mean(60_000));
    println!("a spell lasts {:.1} ms, {:.1} ms, {:.1} ms", near * 1e3, far * 1e3, farther * 1e3);
    assert!(near < 0.5 * far && far < 0.5 * farther, "{near} {far} {farther}");
}

/// Positions at the hidden values gain nothing on average where nothing is mispriced, however eagerly they are taken; what is paid for trading is lost.
#[test]
fn without_mispricing_nothing_is_earned_before_costs_and_they_are_lost() {
    let settings = ["universe.placebo=true", "entry=-4.0"];
    let runs: Vec<Summary> = (1..=8).map(|seed| told(&settings, 20, seed)).collect();
    let of =
        |figure: &dyn Fn(&Summary) -> f64| hft_app::paper::Sample::of(&runs.iter().map(figure).collect::<Vec<f64>>());
    let gross = of(&|run| figure(run, "gross at the hidden values, with carry"));
    let net = of(&|run| figure(run, "net with carry"));
    println!("gross {:.2} ({:.2}), net {:.2} ({:.2})", gross.mean, gross.error, net.mean, net.error);
    assert!(runs.iter().all(|run| run.execution.fills > 100), "it trades");
    assert!(gross.mean.abs() < 4.0 * gross.error, "{gross:?}");
    assert!(net.mean < -4.0 * net.error, "{net:?}");
}

#[test]
fn the_fund_is_exchanged_in_whole_units_until_the_cut_off() {
    let exchanged =
        |cutoff: &str| figure(&told(&["pairs=etf-basket", cutoff], 30, 11), "lots of the fund created or redeemed");
    let (open, closed) = (exchanged("primary.cutoff_s=1000.0"), exchanged("primary.cutoff_s=0.0"));
    println!("{open} lots exchanged");
    assert!(open > 0.0 && (open / 10.0).fract().abs() < 1e-9 && closed == 0.0, "{open} and {closed}");
}

/// The gate lets no more be unhedged than it is told to: a unit is worth 5,000.
#[test]
fn the_gate_refuses_legs_beyond_what_may_be_unhedged() {
    let out = temporary();
    let line = "run --fast --duration 20s --seed 11 --quiet --set risk.account.max_net_notional=6000.0";
    let bounded = summary(&CLI.done_in(out.path(), line).0);
    let free = told(&[], 20, 11);
    let refused = |run: &Summary| run.execution.rejects.get("net_notional").copied().unwrap_or(0);
    assert!(
        refused(&bounded) > 0 && refused(&free) == 0,
        "{:?} {:?}",
        bounded.execution.rejects,
        free.execution.rejects
    );
}
