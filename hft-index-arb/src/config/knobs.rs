//! The list of knobs: from it come the schema, the validation and every explanation of a key.

use super::{DIVIDENDS_MAX, EstimatorKind, IndexArbConfig, Pairs, Policy, SYMBOLS_MAX};
use hft_app::config::{Bounds, Breach, Described, Kind, Knob};

const S_OF_A_MONTH: f64 = 2_592_000.0;
const LATENCY_MAX_US: i64 = 10_000_000;
/// What a unit is worth at the first level of the index, currency.
const UNIT_VALUE: f64 = 5_000.0;
const TICKS: &str = "index ticks, a ten-thousandth of its first level";

impl Described for IndexArbConfig {
    fn knobs() -> Vec<Knob> {
        knobs()
    }

    fn breaches(&self) -> Vec<Breach> {
        let mut breaches = Vec::new();
        let mut must = |holds: bool, key: &'static str, problem: String| {
            if !holds {
                breaches.push(Breach::new(key, problem));
            }
        };
        let Self { units, units_max, universe, carry, primary, execution, .. } = self;
        must(
            units <= units_max,
            "units",
            format!("must be at most units_max, {units_max}: nothing would ever be traded"),
        );
        let high = universe.price_high;
        must(universe.price_low <= high, "universe.price_low", format!("must be at most price_high, {high}"));
        let high = universe.beta_high;
        must(universe.beta_low <= high, "universe.beta_low", format!("must be at most beta_high, {high}"));
        must(carry.dividends_at_s.is_sorted(), "carry.dividends_at_s", "must stand in the order of time".to_owned());
        must(
            carry.dividend < universe.price_low / 4.0,
            "carry.dividend",
            format!("must be below a quarter of universe.price_low, {}: nobody pays so much", universe.price_low),
        );
        must(
            !primary.enabled || primary.unit <= *units_max,
            "primary.unit",
            format!("must be at most units_max, {units_max}, or primary.enabled be false: nothing could be exchanged"),
        );
        let least = f64::from(units_max + 1) * UNIT_VALUE;
        must(
            execution.unhedged_limit >= least,
            "execution.unhedged_limit",
            format!("must be at least {least}, one unit more than units_max: what is held could not be closed at once"),
        );
        breaches
    }
}

fn knobs() -> Vec<Knob> {
    vec![
        Knob::integer("symbols", 2, i64::from(SYMBOLS_MAX)).unit("contracts")
            .about("How many constituents the index has.")
            .default_from("a basket that one can still look at; large indices have 500")
            .raising("a basket of more and smaller legs; as many books to simulate"),
        Knob::choice("pairs", Pairs::WORDS)
            .about("Which two of the three prices are traded against each other.")
            .default_from("whoever sees all three takes the best")
            .meaning("all takes whichever two are furthest apart after their costs"),
        Knob::choice("policy", Policy::WORDS)
            .about("In which order the legs are traded.")
            .default_from("nothing is unhedged for longer than it takes")
            .meaning("all-take sends every leg at once; passive-then-hedge rests the leg that is one order and hedges what is filled; \
                      future-first and etf-first take that leg and then the rest"),
        Knob::choice("estimator", EstimatorKind::WORDS)
            .about("How the index is computed from prices of which some are old.")
            .default_from("a gap against an old price is no gap")
            .meaning("naive adds the last prices; kalman moves the old ones with what the others say of the common factor"),
        Knob::real("entry", Bounds::between(-100.0, 1e4)).unit(TICKS)
            .about("What a gap must promise beyond all costs of trading it, there and back.")
            .default_from("a tick for what is left out")
            .raising("fewer trades, each earning more"),
        Knob::real("exit", Bounds::between(-1e4, 1e4)).unit(TICKS)
            .about("The gap between the midpoints at which a position is closed; a negative one is beyond parity.")
            .default_from("parity")
            .raising("positions are closed sooner and earn less each"),
        Knob::integer("units", 1, 1_000).unit("units")
            .about("How many units are traded at a time.")
            .default_from("what the books show at the touch")
            .raising("more of each gap, at worse prices"),
        Knob::integer("units_max", 1, 10_000).unit("units")
            .about("How many units may be held.")
            .default_from("four trades")
            .raising("more while a gap lasts, and more to hold when it widens"),
        Knob::integer("tick_ms", 0, 60_000).unit("ms")
            .about("The venues' publication interval for this run; zero publishes every change.")
            .default_from("a feed a little faster than the crowd")
            .raising("staler prices, fewer messages"),
        Knob::table("latency", latency()).about("How far the venues are: orders, reports and market data, each one way."),
        Knob::table("universe", universe()).about("How values move, and which prices are old."),
        Knob::table("carry", carry()).about("What it costs to hold, and when the future is due."),
        Knob::table("primary", primary()).about("Creation and redemption at the issuer's window."),
        Knob::table("execution", execution()).about("How legs are traded."),
    ]
}

fn latency() -> Vec<Knob> {
    let away = |name, about: &'static str, from| {
        Knob::integer(name, 0, LATENCY_MAX_US)
            .unit("us one way")
            .about(about)
            .default_from(from)
            .raising("legs there are later: seconds unhedged, and gaps that are gone")
    };
    vec![
        away("stocks_us", "To the exchange of the constituents.", "a server in the same city"),
        away("etf_us", "To the exchange of the fund.", "a server in the same city"),
        away("future_us", "To the exchange of the future.", "Chicago from New York, by microwave"),
        away("primary_us", "To the issuer's window.", "nobody hurries there"),
    ]
}

fn universe() -> Vec<Knob> {
    vec![
        Knob::real("price_low", Bounds::between(1.0, 1e4))
            .unit("price units")
            .about("The lowest first price of a constituent; the others are spread evenly up to price_high.")
            .default_from("so that whole lots matter")
            .raising("lots that are coarser against their weights"),
        Knob::real("price_high", Bounds::between(1.0, 1e4))
            .unit("price units")
            .about("The highest first price of a constituent.")
            .default_from("so that whole lots matter")
            .raising("lots that are coarser against their weights"),
        Knob::real("half_rank", Bounds::between(0.1, 1e4))
            .unit("ranks")
            .about("At which rank the weight of a constituent is half of the largest.")
            .default_from("an index in which a few are heavy")
            .raising("weights that are more alike"),
        Knob::real("beta_low", Bounds::between(-10.0, 10.0))
            .unit("return of the common factor")
            .about("The smallest beta; the constituents' are spread evenly up to beta_high.")
            .default_from("large stocks move with their market about one to one")
            .raising("a universe that moves together more"),
        Knob::real("beta_high", Bounds::between(-10.0, 10.0))
            .unit("return of the common factor")
            .about("The largest beta.")
            .default_from("large stocks move with their market about one to one")
            .raising("a universe that moves together more"),
        Knob::real("activity", Bounds::between(0.01, 1e3)).unit("times")
            .about("How many times as many orders as to the book of a constituent come to those of the fund and of the future.")
            .default_from("prices are made where the index is traded as one thing")
            .raising("a fund and a future that stray less from what their crowds think"),
        Knob::real("own_volatility", Bounds::between(0.0, 1e4))
            .unit("ticks per square root of a second, of a contract of 100")
            .about("Volatility of a constituent's own part, which is a random walk.")
            .default_from("a little less than the common factor")
            .raising("baskets of whole lots track worse; old prices say less"),
        Knob::real("mispricing_sd", Bounds::between(0.0, 1e3))
            .unit(TICKS)
            .about(
                "Standard deviation of what the crowds of the future and of the fund add to the index, each its own.",
            )
            .default_from("more than the costs, now and then")
            .raising("more and larger gaps"),
        Knob::real("half_life_s", Bounds::between(1e-3, 86_400.0))
            .unit("s")
            .about("In what time a mispricing halves.")
            .default_from("short, so that a minute holds many round trips")
            .raising("longer holding times"),
        Knob::new("placebo", Kind::Flag)
            .about("Whether there is no mispricing at all.")
            .default_from("off")
            .meaning("every gap is noise: nothing is earned before costs, and the costs are lost"),
        Knob::real("slow_share", Bounds::between(0.0, 1.0))
            .unit("of the constituents")
            .about("Which share of the constituents, the lightest, the desk hears of slowly.")
            .default_from("one in five, as small stocks trade less often")
            .raising("an index that is older on average"),
        Knob::integer("slow_ms", 0, 60_000)
            .unit("ms")
            .about("How often those are published.")
            .default_from("an official index of the last prices, once a second")
            .raising("older prices, more gaps that are none"),
    ]
}

fn carry() -> Vec<Knob> {
    vec![
        Knob::real("rate", Bounds::between(-0.2, 1.0)).unit("a year, continuously compounded")
            .about("Interest on what is held, and the carry in the future's price.")
            .default_from("a year's money market rate").raising("a dearer future, dearer financing"),
        Knob::real("borrow", Bounds::between(0.0, 10.0)).unit("a year, of the value")
            .about("What it costs to be short a constituent or the fund.")
            .default_from("general collateral").raising("fewer trades that sell the basket"),
        Knob::real("day_s", Bounds::between(1e-3, 86_400.0)).unit("s of market time")
            .about("How much market time counts as a day of carry.")
            .default_from("a run of half a minute is a day: carry is seen")
            .raising("less carry a run"),
        Knob::real("days", Bounds::between(0.0, 3_650.0)).unit("days")
            .about("From the start to the future's expiry; at expiry it is the index.")
            .default_from("about a month").raising("a dearer future"),
        Knob::new("dividends_at_s", Kind::List(Box::new(Kind::Real(Bounds::between(0.0, S_OF_A_MONTH))), DIVIDENDS_MAX))
            .unit("s of market time")
            .about("Ex-dates: at each the price of the next constituent in turn falls by a dividend, which its holders are owed.")
            .default_from("two in a minute"),
        Knob::real("dividend", Bounds::between(0.0, 1e3)).unit("price units")
            .about("A dividend.").default_from("half a percent, a quarter's").raising("a cheaper future"),
        Knob::integer("settle_ms", 0, 60_000).unit("ms")
            .about("For how long after an ex-date nothing is opened.")
            .default_from("until the book has found its price").raising("fewer trades, none against a falling book"),
    ]
}

fn primary() -> Vec<Knob> {
    vec![
        Knob::new("enabled", Kind::Flag)
            .about("Whether the desk may create and redeem.")
            .default_from("an authorised participant")
            .meaning("false: gaps between fund and basket have to be waited for"),
        Knob::integer("unit", 1, 10_000)
            .unit("units of the desk")
            .about("How many units of the desk make one of the issuer's, which exchanges no less.")
            .default_from("half of what may be held")
            .raising("larger positions before they can be exchanged"),
        Knob::real("fee", Bounds::between(0.0, 1e6))
            .unit("currency")
            .about("The issuer's fee for one of its units.")
            .default_from("a basis point of a unit of 10,000")
            .raising("fewer creations and redemptions"),
        Knob::real("cutoff_s", Bounds::between(0.0, S_OF_A_MONTH))
            .unit("s of market time")
            .about("When the window closes.")
            .default_from("never, in a run of minutes")
            .raising("creations and redemptions for longer"),
        Knob::integer("refresh_ms", 1, 60_000)
            .unit("ms")
            .about("How often the issuer's agent sets its prices to the midpoints.")
            .default_from("often enough for marks")
            .raising("prices of the window that are older"),
    ]
}

fn execution() -> Vec<Knob> {
    vec![
        Knob::integer("reach_ticks", 0, 100_000)
            .unit("ticks")
            .about("How many ticks beyond the touch an order that takes may reach.")
            .default_from("about the spread")
            .raising("more certain and costlier fills"),
        Knob::integer("hung_ms", 1, 3_600_000)
            .unit("ms")
            .about("After how long without its other legs a position is unwound.")
            .default_from("many times the way to the farthest venue and back")
            .raising("fewer positions unwound, more time unhedged"),
        Knob::integer("patience_ms", 0, 3_600_000)
            .unit("ms")
            .about("How long a leg that rests may wait before it is taken out.")
            .default_from("a mispricing's half-life")
            .raising("more fills, of which more are those of the informed"),
        Knob::real("legging", Bounds::between(0.0, 1e3))
            .unit(TICKS)
            .about("What the time between the legs is expected to cost, a part of the band.")
            .default_from("the way to the farthest venue, at the index's volatility: see `paper leg-slippage`")
            .raising("fewer trades"),
        Knob::real("unhedged_limit", Bounds::between(0.0, 1e12))
            .unit("currency")
            .about(
                "Value of the long less the short legs, all open orders of one side filled, that the gate lets pass.",
            )
            .default_from("the largest position and one trade")
            .raising("more legs in flight at a time, more that can be left unhedged"),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::TABLE;
    use super::*;
    use hft_app::config::{Violations, check_knobs};

    #[test]
    fn every_number_is_refused_just_outside_its_range() {
        assert!(check_knobs::<IndexArbConfig>(TABLE) > 60);
    }

    #[test]
    fn relations_between_knobs() {
        for (change, key) in [
            (serde_json::json!({ "units": 5 }), "index_arb.units = 5"),
            (serde_json::json!({ "universe": { "price_low": 200.0 } }), "index_arb.universe.price_low"),
            (serde_json::json!({ "universe": { "beta_low": 2.0 } }), "index_arb.universe.beta_low"),
            (serde_json::json!({ "carry": { "dividends_at_s": [3.0, 2.0] } }), "index_arb.carry.dividends_at_s"),
            (serde_json::json!({ "carry": { "dividend": 20.0 } }), "index_arb.carry.dividend"),
            (serde_json::json!({ "primary": { "unit": 5 } }), "index_arb.primary.unit"),
            (serde_json::json!({ "units_max": 5 }), "index_arb.execution.unhedged_limit = 25000"),
        ] {
            let config: IndexArbConfig = serde_json::from_value(change).expect("keys of the table");
            let told: Violations = config.check(TABLE).expect_err(key);
            assert!(told.to_string().contains(key), "{told}");
        }
    }
}
