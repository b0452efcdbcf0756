//! The list of knobs: from it come the schema, the validation and every explanation of a key.

use super::{Classification, GlftKind, HorizonKind, ParameterSource, PassiveMmConfig, StrategyKind, VpinAction};
use crate::model::glft::Glft;
use hft_app::config::{Bounds, Breach, Described, Kind, Knob, SYMBOLS_MAX};

const MS_OF_A_DAY: i64 = 86_400_000;
const S_OF_A_DAY: f64 = 86_400.0;

/// The most units of `size` that `glft` can hold either way.
const MAX_UNITS: f64 = Glft::MAX_Q as f64;

impl Described for PassiveMmConfig {
    fn knobs() -> Vec<Knob> {
        knobs()
    }

    /// What depends on the contract (whole lots) is checked when a maker is built for one.
    fn breaches(&self) -> Vec<Breach> {
        let mut breaches = Vec::new();
        if self.size > self.inv_limit {
            let problem = format!("must be at most inv_limit, {}: larger quotes would never be sent", self.inv_limit);
            breaches.push(Breach::new("size", problem));
        }
        if self.strategy == StrategyKind::Glft && self.inv_limit / self.size > MAX_UNITS {
            let problem = format!("must be at most {MAX_UNITS} times size with strategy = \"glft\"");
            breaches.push(Breach::new("inv_limit", problem));
        }
        breaches
    }
}

fn knobs() -> Vec<Knob> {
    vec![
        Knob::real("half_spread", Bounds::between(1e-9, 1e9))
            .unit("price units")
            .about("Distance of each quote from the mid when flat.")
            .default_from("wide enough to live from the spread in the default market, where the informed move the price by a few cents")
            .raising("fewer fills, more earned on each; skew and microprice only, and the unit of every widening"),
        Knob::real("size", Bounds::between(1e-9, 1e9))
            .unit("contracts")
            .about("Size of each quote.")
            .default_from("one contract: the unit of the papers")
            .raising("larger fills, coarser inventory; must not exceed inv_limit and must be a multiple of the lot"),
        Knob::real("inv_limit", Bounds::between(1e-9, 1e9))
            .unit("contracts")
            .about("The position that no fill may pass, either way.")
            .default_from("ten fills one way")
            .raising("larger positions, less time with one side out, a gentler skew per contract"),
        Knob::real("inv_spread_mult", Bounds::between(0.0, 1e3))
            .unit("multiples of half_spread")
            .about("How many half spreads the side that would add to a full position stands further out.")
            .default_from("at the limit the side that would add stands three half spreads out")
            .raising("inventory returns to zero faster, for fewer fills on the side that would add; zero: no skew"),
        Knob::integer("tick_ms", 0, 60_000)
            .unit("ms")
            .about("The venue's publication interval for this run; zero publishes every change.")
            .default_from("a retail feed's pace; a person can follow it")
            .raising("staler quotes: less earned on each fill, fewer messages; zero publishes every change"),
        Knob::integer("latency_us", 0, 10_000_000)
            .unit("us one way")
            .about("Latency of orders, reports and market data, each one way.")
            .default_from("a server in the same city as the venue; as far away as the crowd")
            .raising("staler quotes that are hit before they can be moved: less earned on each fill"),
        Knob::choice("strategy", StrategyKind::WORDS)
            .about("Who sets the quotes.")
            .default_from("the plainest maker")
            .meaning("who sets the quotes; the model's parameters matter to avellaneda-stoikov and glft alone"),
        Knob::new("symbols", Kind::Symbols(SYMBOLS_MAX))
            .about("The contracts to make markets in, one maker each, under one account.")
            .default_from("one market is enough to see the pattern")
            .meaning("one maker per symbol, all under one account and its limits"),
        Knob::table("model", model()).about("The parameters of avellaneda-stoikov and glft."),
        Knob::table("estimator", estimator()).about("How sigma, a and k are learned from the market."),
        Knob::table("microprice", microprice()).about("The centre of the quotes of microprice."),
        Knob::table("toxicity", toxicity()).about("What to do about one-sided flow."),
    ]
}

fn model() -> Vec<Knob> {
    vec![
        Knob::real("gamma", Bounds::between(1e-9, 1e6))
            .unit("1/(price unit x contract)")
            .about("Risk aversion `gamma`.")
            .default_from("Avellaneda & Stoikov (2008), table 1")
            .raising("stronger lean against the inventory, wider spread, less variance of profit"),
        Knob::real("sigma", Bounds::between(0.0, 1e6))
            .unit("price units per square root of a second")
            .about("Volatility of the mid.")
            .default_from("diffusion and jumps of the default market's hidden value at a tick of 0.01")
            .raising("wider spread and stronger lean"),
        Knob::real("a", Bounds::between(1e-9, 1e9))
            .unit("fills a second and side")
            .about("Fills a second and side at the mid, `A`.")
            .default_from("half of the default market's takers")
            .raising("glft leans less: inventory is easier to pass on; avellaneda-stoikov does not use it"),
        Knob::real("k", Bounds::between(1e-9, 1e9))
            .unit("1/price unit")
            .about("Decay of the fill rate with distance, `k`.")
            .default_from("takers of the default market reach about three ticks of 0.01 deep")
            .raising("tighter quotes: distance costs more fills"),
        Knob::real("horizon_s", Bounds::between(1e-3, S_OF_A_DAY))
            .unit("s")
            .about("The horizon `T`.")
            .default_from("a position is meant to last minutes at most")
            .raising("wider spread and stronger lean; nothing where the horizon is infinite"),
        Knob::choice("horizon", HorizonKind::WORDS)
            .about("What happens to it as time passes.")
            .default_from("a market without a close")
            .meaning("rolling: the end recedes; session: sessions of horizon_s follow each other; infinite: stationary quotes"),
        Knob::choice("glft", GlftKind::WORDS)
            .about("Exact or closed-form GLFT quotes.")
            .default_from("the exact quotes cost nothing that can be noticed")
            .meaning("exact: the solved equation; closed-form: its approximation far from the end and the limits"),
        Knob::choice("parameters", ParameterSource::WORDS)
            .about("Whether `sigma`, `a` and `k` are learned.")
            .default_from("a run that can be explained from its file alone")
            .meaning("estimated: sigma, a and k follow the market's own trades and mids as soon as these suffice"),
    ]
}

fn estimator() -> Vec<Knob> {
    vec![
        Knob::integer("distances", 2, 64)
            .unit("distances")
            .about("How many virtual distances are watched.")
            .default_from("enough points to see whether the law is exponential")
            .raising("rarer fills further out are counted too"),
        Knob::real("distance_step", Bounds::between(1e-9, 1e6))
            .unit("price units")
            .about("Their spacing, the first included.")
            .default_from("two ticks of 0.01; below half the usual spread the fill rate is flat and would bias k")
            .raising("the law is fitted further from the mid"),
        Knob::real("window_s", Bounds::between(1e-3, S_OF_A_DAY))
            .unit("s")
            .about("Length of a window of counts.")
            .default_from("long beside the bursts of the default market, so that windows are nearly independent")
            .raising("slower to learn; intervals that survive longer bursts"),
        Knob::integer("windows", 8, 4_096)
            .unit("windows")
            .about("How many windows are remembered.")
            .default_from("ten minutes of memory with the default window")
            .raising("smoother parameters that follow change more slowly"),
        Knob::real("sample_s", Bounds::between(1e-3, S_OF_A_DAY))
            .unit("s")
            .about("Interval at which the mid is sampled for `sigma`.")
            .default_from("long beside the bounce of the mid between ticks")
            .raising("less bounce in sigma, fewer observations of it"),
        Knob::real("refit_s", Bounds::between(1e-3, S_OF_A_DAY))
            .unit("s")
            .about("How often the parameters are fitted anew.")
            .default_from("as often as a window closes")
            .raising("parameters change less often"),
    ]
}

fn microprice() -> Vec<Knob> {
    vec![
        Knob::integer("imbalances", 1, 21)
            .unit("buckets")
            .about("Buckets of imbalance.")
            .default_from("odd, so that balance has a bucket of its own")
            .raising("finer reading of the imbalance, slower to learn"),
        Knob::integer("spreads", 1, 10)
            .unit("ticks")
            .about("Spreads told apart, ticks from one.")
            .default_from("Stoikov (2018) tells apart the few smallest spreads")
            .raising("finer reading of the spread, slower to learn"),
        Knob::integer("min_states", 1, 100_000_000)
            .unit("book states")
            .about("Book states that must have been seen before the micro-price is trusted.")
            .default_from("some fifty visits per cell of the default grid")
            .raising("the plain mid is the centre for longer"),
        Knob::real("refit_s", Bounds::between(1e-3, S_OF_A_DAY))
            .unit("s")
            .about("How often it is solved anew.")
            .default_from("the chain changes slowly")
            .raising("the centre is solved anew less often"),
    ]
}

fn toxicity() -> Vec<Knob> {
    vec![
        Knob::choice("vpin", VpinAction::WORDS)
            .about("What VPIN does.")
            .default_from("the plainest maker")
            .meaning("above the threshold, widen moves both quotes out and pull takes them out"),
        Knob::real("bucket", Bounds::between(1e-9, 1e12))
            .unit("contracts")
            .about("Volume of a bucket.")
            .default_from("a few seconds of the default market's volume")
            .raising("a slower, smoother measure"),
        Knob::integer("buckets", 1, 10_000)
            .unit("buckets")
            .about("Buckets in the window.")
            .default_from("Easley, López de Prado & O'Hara (2012) use 50")
            .raising("a slower, smoother measure; nothing happens before the window is full"),
        Knob::real("threshold", Bounds::between(0.0, 1.0))
            .unit("share of volume, 0 to 1")
            .about("The VPIN above which it acts.")
            .default_from("a quarter of the volume on the wrong side")
            .raising("acts more rarely"),
        Knob::real("widen_mult", Bounds::between(0.0, 1e3))
            .unit("multiples of half_spread")
            .about("Half spreads added to each side at a VPIN of one, in proportion between the threshold and there.")
            .default_from("as much as a full inventory adds")
            .raising("wider quotes in one-sided flow"),
        Knob::choice("classification", Classification::WORDS)
            .about("Who bought.")
            .default_from("this venue names the aggressor; many historical feeds do not")
            .meaning("bulk guesses who bought from the price moves between published book states"),
        Knob::integer("fade_ms", 0, MS_OF_A_DAY)
            .unit("ms")
            .about("How long a side stays out after a fill on it.")
            .default_from("off: the plainest maker")
            .raising("a side stays out for longer after a fill on it: fewer second fills by the same informed taker, less uptime"),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::TABLE;
    use super::*;
    use hft_app::config::{Violations, check_knobs};

    #[test]
    fn every_number_is_refused_just_outside_its_range() {
        assert!(check_knobs::<PassiveMmConfig>(TABLE) > 60);
    }

    #[test]
    fn relations_between_knobs() {
        let told = |violations: Violations| violations.to_string();
        let mut config = PassiveMmConfig { size: 11.0, ..PassiveMmConfig::default() };
        let refused = told(config.check(TABLE).expect_err("too large"));
        assert!(
            refused
                .ends_with("passive_mm.size = 11.0: must be at most inv_limit, 10: larger quotes would never be sent"),
            "{refused}"
        );
        config = PassiveMmConfig { inv_limit: 301.0, ..PassiveMmConfig::default() };
        config.check(TABLE).expect("a limit that only glft cannot hold");
        config.strategy = StrategyKind::Glft;
        assert!(told(config.check(TABLE).expect_err("too much")).contains("passive_mm.inv_limit = 301.0"));
    }
}
