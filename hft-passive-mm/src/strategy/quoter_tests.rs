//! Tests of `quoter`, beside it.

use super::*;
use hft_app::config::Described;

fn quoter(change: impl FnOnce(&mut PassiveMmConfig)) -> Quoter {
    let mut config = PassiveMmConfig::default();
    change(&mut config);
    config.check(crate::config::TABLE).expect("allowed");
    Quoter::new(&config)
}

fn at(inventory: f64) -> Situation {
    Situation { inventory, time: 0.0, micro_shift: 0.0 }
}

fn assert_near(pair: Pair, expected: [f64; 2]) {
    for (ours, expected) in pair.into_iter().zip(expected) {
        assert!((ours.expect("quoted") - expected).abs() < 1e-12, "{pair:?} {expected:?}");
    }
}

#[test]
fn the_skew_widens_the_side_that_would_add() {
    let mut maker = quoter(|_| ());
    assert_near(maker.distances(at(0.0)), [0.25, 0.25]);
    assert_near(maker.distances(at(5.0)), [0.5, 0.25]);
    assert_near(maker.distances(at(10.0)), [0.75, 0.25]);
    assert_near(maker.distances(at(-2.0)), [0.25, 0.35]);
}

#[test]
fn the_micro_price_moves_both_quotes() {
    let mut maker = quoter(|c| c.strategy = StrategyKind::Microprice);
    assert_near(maker.distances(Situation { micro_shift: 0.01, ..at(0.0) }), [0.24, 0.26]);
}

#[test]
fn avellaneda_stoikov_by_hand() {
    let mut maker = quoter(|c| c.strategy = StrategyKind::AvellanedaStoikov);
    // gamma sigma^2 T = 0.1 x 0.0009 x 60 = 0.0054.
    let half = 0.0027 + 10.0 * libm::log(1.0 + 0.1 / 30.0);
    assert_near(maker.distances(at(0.0)), [half, half]);
    assert_near(maker.distances(at(3.0)), [half + 0.0162, half - 0.0162]);
}

/// Two contracts a fill: inventory and aversion are counted per fill, so the lean per contract stays.
#[test]
fn the_unit_of_inventory_is_one_fill() {
    let mut maker = quoter(|c| {
        c.strategy = StrategyKind::AvellanedaStoikov;
        c.size = 2.0;
    });
    let half = 0.0054 + 5.0 * libm::log(1.0 + 0.2 / 30.0);
    assert_near(maker.distances(at(4.0)), [half + 4.0 * 0.0054, half - 4.0 * 0.0054]);
}

#[test]
fn sessions_end_and_begin_again() {
    let mut maker = quoter(|c| {
        c.strategy = StrategyKind::AvellanedaStoikov;
        c.model.horizon = HorizonKind::Session;
    });
    let margin = 10.0 * libm::log(1.0 + 0.1 / 30.0);
    assert_near(maker.distances(Situation { time: 30.0, ..at(0.0) }), [margin + 0.00135, margin + 0.00135]);
    assert_near(maker.distances(Situation { time: 120.0, ..at(0.0) }), [margin + 0.0027, margin + 0.0027]);
}

#[test]
fn glft_quotes_are_the_models() {
    let problem = Glft { sigma: 0.03, a: 4.0, k: 30.0, gamma: 0.1, q_max: 10 };
    for (horizon, time_left) in
        [(HorizonKind::Rolling, 60.0), (HorizonKind::Infinite, f64::INFINITY), (HorizonKind::Session, 60.0)]
    {
        let mut maker = quoter(|c| {
            c.strategy = StrategyKind::Glft;
            c.model.horizon = horizon;
        });
        let exact = problem.quotes(time_left);
        assert_near(maker.distances(at(0.0)), [exact[10].bid, exact[10].ask].map(|d| d.expect("inside")));
        assert_near(maker.distances(at(-4.0)), [exact[6].bid, exact[6].ask].map(|d| d.expect("inside")));
        // Half a unit stands half-way.
        let half = (exact[10].bid.expect("inside") + exact[11].bid.expect("inside")) / 2.0;
        assert!((maker.distances(at(0.5))[0].expect("inside") - half).abs() < 1e-12);
        assert_eq!(maker.distances(at(10.0))[0], None);
        assert_eq!(maker.distances(at(-10.0))[1], None);
    }
    let mut closed = quoter(|c| {
        c.strategy = StrategyKind::Glft;
        c.model.glft = GlftKind::ClosedForm;
    });
    let expected = problem.closed_form_quotes(2);
    assert_near(closed.distances(at(2.0)), [expected.bid, expected.ask].map(|d| d.expect("inside")));
}

#[test]
fn learned_parameters_replace_the_configured() {
    let mut maker = quoter(|c| c.strategy = StrategyKind::AvellanedaStoikov);
    maker.learn(Fitted { sigma: None, intensity: Some((9.0, 10.0)) });
    maker.learn(Fitted { sigma: Some(0.1), intensity: None });
    let half = 0.03 + 10.0 * libm::log(1.0 + 0.1 / 10.0);
    assert_near(maker.distances(at(0.0)), [half, half]);
}
