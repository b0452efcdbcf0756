//! The list of knobs: from it come the schema, the validation and every explanation of a key.

use super::{BREAKS_MAX, BreakAction, DriftKind, FactorKind, SYMBOLS_MAX, StatarbConfig};
use hft_app::config::{Bounds, Breach, Described, Kind, Knob};

const S_OF_A_DAY: f64 = 86_400.0;

impl Described for StatarbConfig {
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
        let Self { entry, estimator, universe, .. } = self;
        let below = |what: &str| format!("must be below entry, {entry}: {what} would be closed as they are opened");
        must(self.exit_long < *entry, "exit_long", below("long positions"));
        must(self.exit_short < *entry, "exit_short", below("short positions"));
        must(
            estimator.warm_up <= estimator.window,
            "estimator.warm_up",
            format!("must be at most window, {}: nothing would ever be traded", estimator.window),
        );
        // A regression on as many components as there are contracts leaves no residual.
        must(
            self.factors == FactorKind::Index || estimator.components < self.symbols,
            "estimator.components",
            format!("must be below symbols, {}: nothing would be left over", self.symbols),
        );
        must(
            estimator.warm_up >= estimator.components + 8,
            "estimator.warm_up",
            format!("must be at least components + 8, {}: too few to fit with", estimator.components + 8),
        );
        must(
            universe.beta_low <= universe.beta_high,
            "universe.beta_low",
            format!("must be at most beta_high, {}", universe.beta_high),
        );
        must(universe.breaks_at_s.is_sorted(), "universe.breaks_at_s", "must stand in the order of time".to_owned());
        breaches
    }
}

fn knobs() -> Vec<Knob> {
    vec![
        Knob::integer("symbols", 2, i64::from(SYMBOLS_MAX)).unit("contracts")
            .about("How many contracts the universe has, the index not counted.")
            .default_from("enough for the profit of a minute not to hang on one of them")
            .raising("more bets that are nearly independent, so a smoother profit; as many books to simulate"),
        Knob::choice("factors", FactorKind::WORDS)
            .about("What the contracts have in common, in the desk's eyes.")
            .default_from("the default universe has an index that is the factor itself")
            .meaning("index regresses on the index's price, pca on the universe's own principal components; both hedge with the index"),
        Knob::real("entry", Bounds::between(1e-3, 100.0))
            .unit("standard deviations of the residual")
            .about("The deviation from which a position is opened.")
            .default_from("Avellaneda & Lee (2010)")
            .raising("fewer trades, each earning more"),
        Knob::real("exit_long", Bounds::between(-100.0, 100.0))
            .unit("standard deviations below the mean")
            .about("The deviation at which a long position is closed; a negative one is above the mean.")
            .default_from("Bertram (2010): beyond the mean; Avellaneda & Lee (2010) close before it, at 0.5")
            .raising("long positions are closed sooner and earn less each"),
        Knob::real("exit_short", Bounds::between(-100.0, 100.0))
            .unit("standard deviations above the mean")
            .about("The deviation at which a short position is closed; a negative one is below the mean.")
            .default_from("Bertram (2010): beyond the mean; Avellaneda & Lee (2010) close before it, at 0.75")
            .raising("short positions are closed sooner and earn less each"),
        Knob::integer("tick_ms", 0, 60_000)
            .unit("ms")
            .about("The venue's publication interval for this run; zero publishes every change.")
            .default_from("a retail feed's pace, four times as often as midpoints are sampled")
            .raising("staler orders, fewer messages"),
        Knob::integer("latency_us", 0, 10_000_000)
            .unit("us one way")
            .about("Latency of orders, reports and market data, each one way.")
            .default_from("a server in the same city as the venue; as far away as the crowd")
            .raising("orders that rest at yesterday's touch and are filled when they should not be"),
        Knob::table("universe", universe()).about("How the contracts' values move: the truth, which the desk does not know."),
        Knob::table("estimator", estimator()).about("How the desk learns."),
        Knob::table("sizing", sizing()).about("How much it holds."),
        Knob::table("execution", execution()).about("How it trades."),
        Knob::table("breaks", breaks()).about("When it stops trading a contract."),
    ]
}

fn universe() -> Vec<Knob> {
    vec![
        Knob::real("half_life_s", Bounds::between(1e-3, S_OF_A_DAY))
            .unit("s")
            .about("In what time a contract's own part halves its distance to its mean.")
            .default_from("short, so that a minute holds many round trips")
            .raising("longer holding times, fewer trades"),
        Knob::real("residual_sd", Bounds::between(0.0, 1e4))
            .unit("ticks")
            .about("Standard deviation of a contract's own part in the long run.")
            .default_from("several times the spread: less would be eaten by costs")
            .raising("smaller positions for the same risk, so less paid for what is earned"),
        Knob::real("beta_low", Bounds::between(-10.0, 10.0)).unit("value of the index")
            .about("The smallest loading on the common factor; the contracts' are spread evenly up to beta_high.")
            .default_from("large stocks move with their market about one to one")
            .raising("a universe that moves together more"),
        Knob::real("beta_high", Bounds::between(-10.0, 10.0)).unit("value of the index")
            .about("The largest loading on the common factor.")
            .default_from("large stocks move with their market about one to one")
            .raising("larger hedges"),
        Knob::new("placebo", Kind::Flag)
            .about("Whether the own parts are random walks of the same volatility.")
            .default_from("off")
            .meaning("nothing comes back: whatever is earned before costs is luck"),
        Knob::new("breaks_at_s", Kind::List(Box::new(Kind::Real(Bounds::between(0.0, 2_592_000.0))), BREAKS_MAX))
            .unit("s of market time")
            .about("When regimes break: each hits the next contract in turn, whose own part jumps and is a random walk thereafter.")
            .default_from("no breaks"),
        Knob::real("break_shift", Bounds::between(-1e3, 1e3))
            .unit("standard deviations of the own part")
            .about("How far the own part jumps at a break.")
            .default_from("a piece of news that nobody would call noise")
            .raising("breaks that are found sooner and cost more until then"),
    ]
}

fn estimator() -> Vec<Knob> {
    vec![
        Knob::integer("sample_ms", 1, 3_600_000)
            .unit("ms")
            .about("Interval at which midpoints are sampled.")
            .default_from("a dozen samples a half-life of the default universe")
            .raising("less of the midpoint's own noise in the fit; later decisions"),
        Knob::integer("window", 10, 10_000)
            .unit("samples")
            .about("Price changes that are remembered.")
            .default_from("48 s: some twenty half-lives of the default universe")
            .raising("estimates with less bias and noise, slower to see a change"),
        Knob::integer("warm_up", 10, 10_000)
            .unit("samples")
            .about("Price changes that must have been seen before anything is traded.")
            .default_from("8 s, so that half a minute has something to show; Avellaneda & Lee (2010) have 60")
            .raising("trading begins later, on better estimates"),
        Knob::choice("drift", DriftKind::WORDS)
            .about("Whether a residual may drift.")
            .default_from("an estimated drift takes half of every deviation for a trend")
            .meaning("estimated is the paper's regression with a constant; zero leaves the constant out"),
        Knob::real("slowest", Bounds::between(1e-3, 100.0))
            .unit("lengths of the window")
            .about("The slowest reversion that is traded, as its time constant.")
            .default_from(
                "Avellaneda & Lee (2010): half the window. It lets almost any series pass: see `paper ou-bias`",
            )
            .raising("more contracts are traded, some of which do not revert"),
        Knob::integer("components", 1, 16)
            .unit("factors")
            .about("Principal components, where the factors are those.")
            .default_from("the default universe has one factor")
            .raising("less of what is common in the residuals, and less of what is not"),
        Knob::real("refit_s", Bounds::between(1e-3, S_OF_A_DAY))
            .unit("s")
            .about("How often the components are computed anew.")
            .default_from("loadings change slowly")
            .raising("components follow the market later"),
    ]
}

fn sizing() -> Vec<Knob> {
    vec![
        Knob::real("unit_risk", Bounds::between(1e-6, 1e9))
            .unit("currency")
            .about("What one standard deviation of a position's residual is worth: its size follows from the estimate.")
            .default_from("five contracts of the default universe, a quarter of what a competitor shows")
            .raising("larger positions, all else equal"),
        Knob::integer("position_limit", 1, 1_000_000)
            .unit("contracts")
            .about("The largest position in one contract.")
            .default_from("twice the size that the default universe leads to")
            .raising("larger positions where the residual seems quiet"),
        Knob::real("gross_limit", Bounds::between(0.0, 1e12))
            .unit("currency")
            .about("Value of all positions in contracts, whichever way: where it binds, no other is opened.")
            .default_from("ten contracts of 100 in each of twelve")
            .raising("more positions at a time"),
        Knob::real("net_limit", Bounds::between(0.0, 1e12))
            .unit("currency")
            .about("Value of the long less the short positions: where it binds, none is opened on the longer side.")
            .default_from("a quarter of the gross limit")
            .raising("more one-sided portfolios, larger hedges"),
        Knob::integer("beta_limit", 1, 1_000_000)
            .unit("contracts of the index")
            .about("Exposure to the index at which the hedge takes at once, and positions that would add to it wait.")
            .default_from("one position: its hedge may rest while it is the only one")
            .raising("hedges that may rest for longer, more of the market's moves in the profit"),
    ]
}

fn execution() -> Vec<Knob> {
    vec![
        Knob::integer("patience_ms", 0, 86_400_000)
            .unit("ms")
            .about("How long an order rests at the touch before it takes; zero takes at once.")
            .default_from("a sixth of the default half-life")
            .raising("less spread paid, more fills by those who know that the price is about to move"),
        Knob::integer("reach_ticks", 0, 100_000)
            .unit("ticks")
            .about("How many ticks beyond the touch an order that takes may reach.")
            .default_from("about the spread")
            .raising("more certain and costlier fills"),
    ]
}

fn breaks() -> Vec<Knob> {
    vec![
        Knob::choice("action", BreakAction::WORDS)
            .about("What an alarm does.")
            .default_from("a residual that does not come back is a loss that grows")
            .meaning("stop sells the contract's position off and leaves it alone for a while; ignore trades on"),
        Knob::real("threshold", Bounds::between(1e-3, 1e6))
            .unit("natural logarithm of odds")
            .about("The evidence against reversion that raises the alarm.")
            .default_from("one false alarm a minute over twelve contracts: see `paper breaks`")
            .raising("fewer false alarms, later true ones"),
        Knob::real("rest_s", Bounds::between(0.0, S_OF_A_DAY))
            .unit("s")
            .about("How long a contract is then left alone.")
            .default_from("eight half-lives of the default universe")
            .raising("contracts stay out for longer after an alarm, false ones included"),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::TABLE;
    use super::*;
    use hft_app::config::{Violations, check_knobs};

    #[test]
    fn every_number_is_refused_just_outside_its_range() {
        assert!(check_knobs::<StatarbConfig>(TABLE) > 60);
    }

    #[test]
    fn relations_between_knobs() {
        for (change, key) in [
            (serde_json::json!({ "exit_long": 2.0 }), "statarb.exit_long = 2.0"),
            (serde_json::json!({ "entry": 0.6, "exit_short": 0.75 }), "statarb.exit_short = 0.75"),
            (serde_json::json!({ "estimator": { "warm_up": 241 } }), "statarb.estimator.warm_up = 241"),
            (serde_json::json!({ "estimator": { "warm_up": 10, "components": 3 } }), "statarb.estimator.warm_up = 10"),
            (
                serde_json::json!({ "symbols": 2, "factors": "pca", "estimator": { "components": 2 } }),
                "statarb.estimator.components = 2",
            ),
            (serde_json::json!({ "universe": { "beta_low": 2.0 } }), "statarb.universe.beta_low = 2.0"),
            (serde_json::json!({ "universe": { "breaks_at_s": [3.0, 2.0] } }), "statarb.universe.breaks_at_s"),
        ] {
            let config: StatarbConfig = serde_json::from_value(change).expect("keys of the table");
            let told: Violations = config.check(TABLE).expect_err(key);
            assert!(told.to_string().contains(key), "{told}");
        }
    }
}
