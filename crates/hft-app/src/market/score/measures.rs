//! What is compared, how far apart counts as near, and why.
//!
//! Every quantity has a *scale* (its mean: a spread of 14 ticks or of 30) and a *shape* (its distribution over its mean, or a
//! curve). The scale of a market is set by knobs and differs from stock to stock; the shape is what a model can and cannot have.
//! So they are told apart, and the colours that count are those of the shape.
//!
//! # Thresholds
//!
//! The yardstick of a measure is what real markets differ by, taken by this code: the larger of the distance between AAPL
//! (9:30 to 10:30) and GOOG (the day) at NASDAQ on 2012-06-21, and that between GOOG's day until and after 12:45, rounded up. No
//! model is asked to be nearer to a market than it is to its neighbour, or to its own afternoon. Green: within one yardstick.
//! Amber: within three. Red: beyond. Of scales, which differ more freely, green is within a factor of two, amber within five.
//!
//! | measure | AAPL, GOOG | morning, afternoon | yardstick |
//! |---|---|---|---|
//! | spread | 0.049 | 0.108 | 0.11 |
//! | depth by level | 0.014 | 0.008 | 0.015 |
//! | size at the touch | 0.297 | 0.194 | 0.3 |
//! | order size | 0.578 | 0.058 | 0.58 |
//! | placement | 0.400 | 0.094 | 0.4 |
//! | trade size | 0.224 | 0.110 | 0.23 |
//! | time between events | 0.067 | 0.087 | 0.09 |
//! | time between trades | 0.091 | 0.133 | 0.14 |
//! | time to cancel | 0.577 | 0.149 | 0.58 |
//! | cancel ratio | 0.015 | 0.043 | 0.05 |
//! | trade signs | 0.028 | 0.035 | 0.04 |
//! | return tails | 0.814 | 0.943 | 0.95 |
//! | volatility clusters | 0.025 | 0.025 | 0.03 |
//! | signature plot | 0.149 | 0.368 | 0.37 |
//! | flow R2 | 0.116 | 0.356 | 0.36 |
//! | flow slope | 0.392 | 1.135 | 1.14 |
//! | trade response | 0.017 | 0.018 | 0.02 |
//! | imbalance | 0.047 | 0.032 | 0.05 |

use hft_data::{Curve, Distribution, StylisedFacts};

/// How far off counts as amber still, in yardsticks.
pub const AMBER: f64 = 3.0;

/// Factors of scale that count as green and as amber.
pub const SCALES: (f64, f64) = (2.0, 5.0);

/// One thing that is compared.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Its name.
    pub name: &'static str,
    /// What of it is shown as a number, with its unit.
    pub shown: &'static str,
    /// Its yardstick.
    pub green: f64,
    pub(super) of: Of,
}

/// What kind of thing it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of {
    /// Shape: Wasserstein-1 over means. Shown: the mean.
    Distribution(fn(&StylisedFacts) -> Option<&Distribution>),
    /// Mean absolute difference over the places that both tell. Shown: the value at one place.
    Curve(fn(&StylisedFacts) -> Curve, usize),
    /// Absolute difference.
    Number(fn(&StylisedFacts) -> Option<f64>),
    /// Absolute difference of logarithms.
    Factor(fn(&StylisedFacts) -> Option<f64>),
}

/// All of them, in the order of the card.
pub const MEASURES: [Measure; 18] = [
    Measure { name: "spread", shown: "mean, ticks", green: 0.11, of: Of::Distribution(|f| f.spread.as_ref()) },
    Measure { name: "depth by level", shown: "level 1 of 10, share", green: 0.015, of: Of::Curve(depth_shares, 0) },
    Measure { name: "size at the touch", shown: "mean, lots", green: 0.3, of: Of::Distribution(|f| f.touch.as_ref()) },
    Measure { name: "order size", shown: "mean, lots", green: 0.58, of: Of::Distribution(|f| f.order_size.as_ref()) },
    Measure {
        name: "placement",
        shown: "mean distance, ticks",
        green: 0.4,
        of: Of::Distribution(|f| f.placement.as_ref()),
    },
    Measure { name: "trade size", shown: "mean, lots", green: 0.23, of: Of::Distribution(|f| f.trade_size.as_ref()) },
    Measure {
        name: "time between events",
        shown: "mean, s",
        green: 0.09,
        of: Of::Distribution(|f| f.event_gap.as_ref()),
    },
    Measure {
        name: "time between trades",
        shown: "mean, s",
        green: 0.14,
        of: Of::Distribution(|f| f.trade_gap.as_ref()),
    },
    Measure { name: "time to cancel", shown: "mean, s", green: 0.58, of: Of::Distribution(|f| f.cancel_time.as_ref()) },
    Measure { name: "cancel ratio", shown: "cancels over orders", green: 0.05, of: Of::Number(|f| f.cancel_ratio) },
    Measure {
        name: "trade signs",
        shown: "autocorrelation, lag 1",
        green: 0.04,
        of: Of::Curve(|f| f.trade_signs.clone(), 0),
    },
    Measure { name: "return tails", shown: "log of kurtosis, 1 s", green: 0.95, of: Of::Curve(log_kurtosis, 0) },
    Measure {
        name: "volatility clusters",
        shown: "autocorrelation, 1 s",
        green: 0.03,
        of: Of::Curve(|f| f.volatility.clone(), 0),
    },
    Measure {
        name: "signature plot",
        shown: "variance, 0.1 s over 20 s",
        green: 0.37,
        of: Of::Curve(signature_shape, 0),
    },
    Measure { name: "flow R2", shown: "of 10 s windows", green: 0.36, of: Of::Number(|f| f.flow.map(|fit| fit.r2)) },
    Measure {
        name: "flow slope",
        shown: "times twice the touch",
        green: 1.14,
        of: Of::Factor(|f| f.flow.map(|fit| fit.depth_slope)),
    },
    Measure { name: "trade response", shown: "spreads, lag 5", green: 0.02, of: Of::Curve(response_in_spreads, 3) },
    Measure { name: "imbalance", shown: "tells the next move, AUC", green: 0.05, of: Of::Number(|f| f.imbalance_auc) },
];

impl Measure {
    /// What is shown of one market.
    pub(super) fn alone(&self, facts: &StylisedFacts) -> Option<f64> {
        match self.of {
            Of::Distribution(get) => get(facts).map(Distribution::mean),
            Of::Curve(get, place) => get(facts).value.get(place).copied().flatten(),
            Of::Number(get) | Of::Factor(get) => get(facts),
        }
    }
}

/// What part of the ten best levels lies at each.
fn depth_shares(facts: &StylisedFacts) -> Curve {
    let whole: f64 = facts.depth.value.iter().flatten().sum();
    scaled(&facts.depth, 1.0 / whole)
}

/// The natural logarithm of the kurtosis, a normal distribution's being log 3.
fn log_kurtosis(facts: &StylisedFacts) -> Curve {
    let value = facts.kurtosis.value.iter().map(|excess| excess.map(|excess| libm::log((excess + 3.0).max(1.0))));
    Curve { at: facts.kurtosis.at.clone(), value: value.collect() }
}

/// Realised variance over that of samples every 20 s: 1 at all intervals where the midpoint is a martingale.
fn signature_shape(facts: &StylisedFacts) -> Curve {
    let reference = facts.signature.at.iter().position(|at| (at - 20.0).abs() < 1e-9);
    let last = reference.and_then(|at| facts.signature.value[at]).filter(|variance| *variance > 0.0);
    last.map_or_else(Curve::default, |last| scaled(&facts.signature, 1.0 / last))
}

/// The response to a trade over the mean spread.
fn response_in_spreads(facts: &StylisedFacts) -> Curve {
    let spread = facts.spread.as_ref().map(Distribution::mean).filter(|mean| *mean > 0.0);
    spread.map_or_else(Curve::default, |spread| scaled(&facts.response, 1.0 / spread))
}

fn scaled(curve: &Curve, by: f64) -> Curve {
    let value = curve.value.iter().map(|value| value.map(|value| value * by).filter(|value| value.is_finite()));
    Curve { at: curve.at.clone(), value: value.collect() }
}
