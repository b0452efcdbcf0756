//! The list of knobs: what a resolved configuration, its schema and its validation are made from.

use super::knobs::{Allowed, Knob, Value};
use crate::model::glft::Glft;
use std::fmt;

const fn number(low: f64, high: f64) -> Allowed {
    Allowed::Number { low, high }
}

const fn whole(low: u64, high: u64) -> Allowed {
    Allowed::Whole { low, high }
}

/// The name that a choice has in a file.
fn name(choice: impl fmt::Display) -> Value {
    Value::Name(choice.to_string())
}

const MS_OF_A_DAY: u64 = 86_400_000;
const S_OF_A_DAY: f64 = 86_400.0;

/// All knobs, in the order of the file.
pub const KNOBS: &[Knob] = &[
    Knob {
        key: "half_spread",
        unit: "price units",
        allowed: number(1e-9, 1e9),
        source: "wide enough to live from the spread in the default market, where the informed move the price by a few cents",
        effect: "fewer fills, more earned on each; skew and microprice only, and the unit of every widening",
        value: |c| Value::Number(c.half_spread),
    },
    Knob {
        key: "size",
        unit: "contracts",
        allowed: number(1e-9, 1e9),
        source: "one contract: the unit of the papers",
        effect: "larger fills, coarser inventory; must not exceed inv_limit and must be a multiple of the lot",
        value: |c| Value::Number(c.size),
    },
    Knob {
        key: "inv_limit",
        unit: "contracts",
        allowed: number(1e-9, 1e9),
        source: "ten fills one way",
        effect: "larger positions, less time with one side out, a gentler skew per contract",
        value: |c| Value::Number(c.inv_limit),
    },
    Knob {
        key: "inv_spread_mult",
        unit: "multiples of half_spread",
        allowed: number(0.0, 1e3),
        source: "at the limit the side that would add stands three half spreads out",
        effect: "inventory returns to zero faster, for fewer fills on the side that would add; zero: no skew",
        value: |c| Value::Number(c.inv_spread_mult),
    },
    Knob {
        key: "tick_ms",
        unit: "ms",
        allowed: whole(0, 60_000),
        source: "a retail feed's pace; a person can follow it",
        effect: "staler quotes: less earned on each fill, fewer messages; zero publishes every change",
        value: |c| Value::Whole(c.tick_ms),
    },
    Knob {
        key: "latency_us",
        unit: "us one way",
        allowed: whole(0, 10_000_000),
        source: "a server in the same city as the venue; as far away as the crowd",
        effect: "staler quotes that are hit before they can be moved: less earned on each fill",
        value: |c| Value::Whole(c.latency_us),
    },
    Knob {
        key: "strategy",
        unit: "name",
        allowed: Allowed::OneOf(&["skew", "avellaneda-stoikov", "glft", "microprice"]),
        source: "the plainest maker",
        effect: "who sets the quotes; the model's parameters matter to avellaneda-stoikov and glft alone",
        value: |c| name(c.strategy),
    },
    Knob {
        key: "symbols",
        unit: "names",
        allowed: Allowed::Symbols,
        source: "one market is enough to see the pattern",
        effect: "one maker per symbol, all under one account and its limits",
        value: |c| Value::Names(c.symbols.clone()),
    },
    Knob {
        key: "model.gamma",
        unit: "1/(price unit x contract)",
        allowed: number(1e-9, 1e6),
        source: "Avellaneda & Stoikov (2008), table 1",
        effect: "stronger lean against the inventory, wider spread, less variance of profit",
        value: |c| Value::Number(c.model.gamma),
    },
    Knob {
        key: "model.sigma",
        unit: "price units per square root of a second",
        allowed: number(0.0, 1e6),
        source: "diffusion and jumps of the default market's hidden value at a tick of 0.01",
        effect: "wider spread and stronger lean",
        value: |c| Value::Number(c.model.sigma),
    },
    Knob {
        key: "model.a",
        unit: "fills a second and side",
        allowed: number(1e-9, 1e9),
        source: "half of the default market's takers",
        effect: "glft leans less: inventory is easier to pass on; avellaneda-stoikov does not use it",
        value: |c| Value::Number(c.model.a),
    },
    Knob {
        key: "model.k",
        unit: "1/price unit",
        allowed: number(1e-9, 1e9),
        source: "takers of the default market reach about three ticks of 0.01 deep",
        effect: "tighter quotes: distance costs more fills",
        value: |c| Value::Number(c.model.k),
    },
    Knob {
        key: "model.horizon_s",
        unit: "s",
        allowed: number(1e-3, S_OF_A_DAY),
        source: "a position is meant to last minutes at most",
        effect: "wider spread and stronger lean; nothing where the horizon is infinite",
        value: |c| Value::Number(c.model.horizon_s),
    },
    Knob {
        key: "model.horizon",
        unit: "name",
        allowed: Allowed::OneOf(&["rolling", "session", "infinite"]),
        source: "a market without a close",
        effect: "rolling: the end recedes; session: sessions of horizon_s follow each other; infinite: stationary quotes",
        value: |c| name(c.model.horizon),
    },
    Knob {
        key: "model.glft",
        unit: "name",
        allowed: Allowed::OneOf(&["exact", "closed-form"]),
        source: "the exact quotes cost nothing that can be noticed",
        effect: "exact: the solved equation; closed-form: its approximation far from the end and the limits",
        value: |c| name(c.model.glft),
    },
    Knob {
        key: "model.parameters",
        unit: "name",
        allowed: Allowed::OneOf(&["fixed", "estimated"]),
        source: "a run that can be explained from its file alone",
        effect: "estimated: sigma, a and k follow the market's own trades and mids as soon as these suffice",
        value: |c| name(c.model.parameters),
    },
    Knob {
        key: "estimator.distances",
        unit: "count",
        allowed: whole(2, 64),
        source: "enough points to see whether the law is exponential",
        effect: "rarer fills further out are counted too",
        value: |c| Value::Whole(c.estimator.distances.into()),
    },
    Knob {
        key: "estimator.distance_step",
        unit: "price units",
        allowed: number(1e-9, 1e6),
        source: "two ticks of 0.01; below half the usual spread the fill rate is flat and would bias k",
        effect: "the law is fitted further from the mid",
        value: |c| Value::Number(c.estimator.distance_step),
    },
    Knob {
        key: "estimator.window_s",
        unit: "s",
        allowed: number(1e-3, S_OF_A_DAY),
        source: "long beside the bursts of the default market, so that windows are nearly independent",
        effect: "slower to learn; intervals that survive longer bursts",
        value: |c| Value::Number(c.estimator.window_s),
    },
    Knob {
        key: "estimator.windows",
        unit: "count",
        allowed: whole(8, 4_096),
        source: "ten minutes of memory with the default window",
        effect: "smoother parameters that follow change more slowly",
        value: |c| Value::Whole(c.estimator.windows.into()),
    },
    Knob {
        key: "estimator.sample_s",
        unit: "s",
        allowed: number(1e-3, S_OF_A_DAY),
        source: "long beside the bounce of the mid between ticks",
        effect: "less bounce in sigma, fewer observations of it",
        value: |c| Value::Number(c.estimator.sample_s),
    },
    Knob {
        key: "estimator.refit_s",
        unit: "s",
        allowed: number(1e-3, S_OF_A_DAY),
        source: "as often as a window closes",
        effect: "parameters change less often",
        value: |c| Value::Number(c.estimator.refit_s),
    },
    Knob {
        key: "microprice.imbalances",
        unit: "count",
        allowed: whole(1, 21),
        source: "odd, so that balance has a bucket of its own",
        effect: "finer reading of the imbalance, slower to learn",
        value: |c| Value::Whole(c.microprice.imbalances.into()),
    },
    Knob {
        key: "microprice.spreads",
        unit: "ticks",
        allowed: whole(1, 10),
        source: "Stoikov (2018) tells apart the few smallest spreads",
        effect: "finer reading of the spread, slower to learn",
        value: |c| Value::Whole(c.microprice.spreads.into()),
    },
    Knob {
        key: "microprice.min_states",
        unit: "count",
        allowed: whole(1, 100_000_000),
        source: "some fifty visits per cell of the default grid",
        effect: "the plain mid is the centre for longer",
        value: |c| Value::Whole(c.microprice.min_states.into()),
    },
    Knob {
        key: "microprice.refit_s",
        unit: "s",
        allowed: number(1e-3, S_OF_A_DAY),
        source: "the chain changes slowly",
        effect: "the centre is solved anew less often",
        value: |c| Value::Number(c.microprice.refit_s),
    },
    Knob {
        key: "toxicity.vpin",
        unit: "name",
        allowed: Allowed::OneOf(&["off", "widen", "pull"]),
        source: "the plainest maker",
        effect: "above the threshold, widen moves both quotes out and pull takes them out",
        value: |c| name(c.toxicity.vpin),
    },
    Knob {
        key: "toxicity.bucket",
        unit: "contracts",
        allowed: number(1e-9, 1e12),
        source: "a few seconds of the default market's volume",
        effect: "a slower, smoother measure",
        value: |c| Value::Number(c.toxicity.bucket),
    },
    Knob {
        key: "toxicity.buckets",
        unit: "count",
        allowed: whole(1, 10_000),
        source: "Easley, López de Prado & O'Hara (2012) use 50",
        effect: "a slower, smoother measure; nothing happens before the window is full",
        value: |c| Value::Whole(c.toxicity.buckets.into()),
    },
    Knob {
        key: "toxicity.threshold",
        unit: "share of volume, 0 to 1",
        allowed: number(0.0, 1.0),
        source: "a quarter of the volume on the wrong side",
        effect: "acts more rarely",
        value: |c| Value::Number(c.toxicity.threshold),
    },
    Knob {
        key: "toxicity.widen_mult",
        unit: "multiples of half_spread",
        allowed: number(0.0, 1e3),
        source: "as much as a full inventory adds",
        effect: "wider quotes in one-sided flow",
        value: |c| Value::Number(c.toxicity.widen_mult),
    },
    Knob {
        key: "toxicity.classification",
        unit: "name",
        allowed: Allowed::OneOf(&["aggressor", "bulk"]),
        source: "this venue names the aggressor; many historical feeds do not",
        effect: "bulk guesses who bought from the price moves between published book states",
        value: |c| name(c.toxicity.classification),
    },
    Knob {
        key: "toxicity.fade_ms",
        unit: "ms",
        allowed: whole(0, MS_OF_A_DAY),
        source: "off: the plainest maker",
        effect: "a side stays out for longer after a fill on it: fewer second fills by the same informed taker, less uptime",
        value: |c| Value::Whole(c.toxicity.fade_ms),
    },
];

/// The most units of `size` that `glft` can hold either way.
pub(super) const MAX_UNITS: f64 = Glft::MAX_Q as f64;
