//! `[market]`: who trades besides us. The keys are those of the core's [`CrowdConfig`]; the struct is a pattern's own, with defaults of its
//! own, so that this module describes and never defines the market.

use super::market_models::models;
use super::{Bounds, Breach, Knob, Table};
use hft_core::flow::{CrowdConfig, FlowModel};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The name of the table.
pub const MARKET: &str = "market";

/// The table of a crowd of this type.
///
/// # Panics
/// When `Crowd` has other keys than are described here.
pub fn market_table<Crowd: Serialize + DeserializeOwned + Default + 'static>() -> Table {
    let about = "Who trades in the book besides us: the default crowd, a published model, or an ecology of agents.";
    Table::of::<Crowd>(MARKET, about, knobs(), |crowd| {
        let json = serde_json::to_value(crowd).expect("it was read from JSON");
        let market: CrowdConfig = serde_json::from_value(json).expect("a market's keys are the core's");
        market.check().err().map(|error| Breach::new(error.key, error.problem)).into_iter().collect()
    })
}

pub(super) const RATE: Bounds = Bounds::between(0.0, 1e5);

fn knobs() -> Vec<Knob> {
    let mut knobs = vec![
        Knob::choice("model", FlowModel::WORDS)
            .about("Which market. `crowd` is made of what follows; every other model has a table of its own, and reads nothing else.")
            .meaning("each is described where its table is"),
        Knob::integer("spacing", 1, 100_000)
            .unit("ticks")
            .about("Between two prices of a published model; the ecology's unit of distance.")
            .raising("wider spreads and larger moves, in proportion"),
        Knob::integer("unit", 1, 1_000_000)
            .unit("lots")
            .about("An order of a published model; the ecology's unit of size.")
            .raising("a deeper book and larger fills, in proportion"),
        Knob::real("fork_s", Bounds::between(0.0, 1e7))
            .unit("s of market time")
            .about("After this moment the random numbers of the market and of its value are others: one past, another future.")
            .raising("a later fork")
            .optional(),
        Knob::real("takers_per_s", RATE)
            .unit("orders/s")
            .about("Takers, informed and uninformed together.")
            .raising("more fills, and more of both spread earned and adverse selection paid"),
        Knob::real("informed_fraction", Bounds::between(0.0, 1.0))
            .about("Which share of the takers is informed: the toxicity of the market.")
            .raising("more adverse selection"),
        Knob::integer("makers", 0, 1000)
            .about("How many makers compete with us.")
            .raising("longer queues, narrower spreads, fewer fills for us"),
        Knob::integer("latency_us", 0, 10_000_000)
            .unit("us, each way")
            .about("Latency of the crowd.")
            .raising("staler competitors"),
        Knob::integer("value_delay_us", 0, 10_000_000)
            .unit("us")
            .about("How long after it changed the informed hear of the value.")
            .raising("less adverse selection"),
        Knob::table("fundamental", fundamental()).about("The hidden value."),
        Knob::table("noise", noise()).about("The uninformed."),
        Knob::table("informed", informed()).about("The informed."),
        Knob::table("maker", maker()).about("Each of the competing makers."),
    ];
    knobs.extend(models());
    knobs
}

fn fundamental() -> Vec<Knob> {
    vec![
        Knob::real("reversion_per_s", Bounds::between(0.0, 1e3))
            .unit("1/s")
            .about("Speed of reversion to the initial value.")
            .raising("a value that stays closer to where it began"),
        Knob::real("volatility", Bounds::between(0.0, 1e4))
            .unit("ticks per square root of a second")
            .about("Volatility of the diffusion.")
            .raising("more inventory risk and more adverse selection"),
        Knob::real("jumps_per_s", Bounds::between(0.0, 1e3))
            .unit("jumps/s")
            .about("How often the value jumps.")
            .raising("more fills just before the price moves through us"),
        Knob::real("jump_sd", Bounds::between(0.0, 1e5))
            .unit("ticks")
            .about("Standard deviation of a jump.")
            .raising("larger losses at a jump"),
        Knob::integer("step_ms", 1, 60_000)
            .unit("ms")
            .about("Sampling grid of the value: how often the informed hear of it, not how it moves.")
            .raising("rarer news for the informed"),
        Knob::real("vol_of_vol", Bounds::between(0.0, 10.0))
            .unit("per square root of a second")
            .about("Volatility of the logarithm of the volatility; 0: it is constant.")
            .raising("calm and storm, by turns"),
        Knob::real("vol_reversion_per_s", Bounds::between(1e-4, 1e3))
            .unit("1/s")
            .about("Speed at which the volatility returns to its mean.")
            .raising("shorter storms"),
        Knob::real("headlines_per_s", Bounds::between(0.0, 1e2))
            .unit("headlines/s")
            .about("Published items that move the value; in an ecology makers hear of them.")
            .raising("more of them"),
        Knob::real("headline_sd", Bounds::between(0.0, 1e5))
            .unit("ticks")
            .about("Standard deviation of what a headline moves the value by.")
            .raising("larger moves at a headline"),
    ]
}

fn noise() -> Vec<Knob> {
    vec![
        Knob::real("limits_per_s", RATE)
            .unit("orders/s")
            .about("Limit orders, both sides together.")
            .raising("a deeper book and longer queues"),
        Knob::real("cancels_per_s", Bounds::between(0.0, 1e4))
            .unit("1/s for each standing order")
            .about("Cancels of the uninformed.")
            .raising("a thinner book and shorter queues"),
        Knob::integer("least_distance", 0, 100_000)
            .unit("ticks")
            .about("How far a limit order stands from the opposite touch at least.")
            .raising("more room within the spread for those who quote tighter"),
        Knob::real("mean_distance", Bounds::between(1.0, 1e5))
            .unit("ticks from the opposite touch")
            .about("Mean distance of a limit order.")
            .raising("wider spreads"),
        Knob::real("mean_size", Bounds::between(1.0, 1e6))
            .unit("lots")
            .about("Mean size of an uninformed order.")
            .raising("larger fills"),
        Knob::integer("initial_levels", 0, 10_000)
            .unit("levels a side")
            .about("What stands in the book at the start.")
            .raising("a calmer first second"),
    ]
}

fn informed() -> Vec<Knob> {
    vec![
        Knob::integer("edge_half_ticks", 0, 1_000_000)
            .unit("half ticks")
            .about("How far a quote must be off the value to be taken.")
            .raising("rarer and costlier informed takers"),
        Knob::real("mean_size", Bounds::between(1.0, 1e6))
            .unit("lots")
            .about("Mean size of an informed order.")
            .raising("larger losses to the informed"),
    ]
}

fn maker() -> Vec<Knob> {
    vec![
        Knob::integer("half_spread", 1, 1_000_000)
            .unit("ticks")
            .about("Distance of a competitor's quote from its midpoint.")
            .raising("weaker competition"),
        Knob::integer("size", 1, 1_000_000)
            .unit("lots")
            .about("Size of a competitor's quote.")
            .raising("longer queues"),
        Knob::integer("inventory_limit", 1, 1_000_000_000)
            .unit("lots")
            .about("A competitor quotes no more than this away from flat.")
            .raising("competitors that stay longer in a trend"),
        Knob::integer("fade_ms", 0, 600_000)
            .unit("ms")
            .about("How long a side stays away after a fill on it.")
            .raising("weaker competition after a trade"),
    ]
}
