//! The tables of `[market]` that hold one model each.

use super::market::RATE;
use super::{Bounds, Kind, Knob};
use hft_core::flow::EcologyMix;

/// Rates a list holds at most: distances, or lengths of a queue.
const LISTED_MAX: usize = 64;

/// A rate in a model's own unit of time.
const OWN_RATE: Bounds = Bounds::between(0.0, 1e4);

const POSITIVE: Bounds = Bounds::above(0.0).up_to(1e4);

pub(super) fn models() -> Vec<Knob> {
    vec![
        Knob::table("cst", cst())
            .about("Cont, Stoikov & Talreja (2010): Poisson rates by distance from the opposite best price."),
        Knob::table("santa_fe", santa_fe())
            .about("Smith, Farmer, Gillemot & Krishnamurthy (2003): the same rates at every distance."),
        Knob::table("queue_reactive", queue_reactive()).about(
            "Huang, Lehalle & Rosenbaum (2015): rates by length of the queue, one list for each distance (beyond the last: the last).",
        ),
        Knob::table("hawkes", hawkes()).about("Hawkes (1971): orders that excite orders, with exponential kernels."),
        Knob::table("balanced_queues", balanced_queues())
            .about("Cont & de Larrard (2013): best queues that gain as often as they lose."),
        Knob::table("ecology", ecology()).about("Agents that react to each other around the hidden value."),
    ]
}

fn pace() -> Knob {
    Knob::real("pace", Bounds::above(0.0).up_to(1e5))
        .unit("units of the model's time a second")
        .about("How fast the model's clock runs.")
        .raising("everything happens more often, in the same order")
}

fn rates(name: &'static str) -> Knob {
    Knob::new(name, Kind::List(Box::new(Kind::Real(OWN_RATE)), LISTED_MAX)).unit("per unit of the model's time")
}

fn tables(name: &'static str) -> Knob {
    let row = Kind::List(Box::new(Kind::Real(OWN_RATE)), LISTED_MAX);
    Knob::new(name, Kind::List(Box::new(row), LISTED_MAX)).unit("per unit of the model's time")
}

fn cst() -> Vec<Knob> {
    vec![
        rates("lambda")
            .about(
                "Limit orders, each side, 1, 2, .. steps from the opposite best; beyond the last: k / distance^alpha.",
            )
            .default_from("the paper's table 2"),
        Knob::new("theta", Kind::List(Box::new(Kind::Real(POSITIVE)), LISTED_MAX))
            .unit("per unit of the model's time")
            .about("Cancels of each order at the same distances; beyond the last: the last.")
            .default_from("the paper's table 2"),
        Knob::real("mu", OWN_RATE)
            .unit("per unit of the model's time")
            .about("Market orders, each side.")
            .raising("more trades, shorter queues"),
        Knob::real("k", OWN_RATE)
            .unit("per unit of the model's time")
            .about("k of the limit orders far away.")
            .raising("a deeper book behind"),
        Knob::real("alpha", Bounds::between(0.0, 10.0))
            .about("alpha of the limit orders far away.")
            .raising("a shallower book behind"),
        Knob::integer("levels", 2, 64)
            .unit("steps")
            .about("Distances at which there are orders; with 5 the book drains.")
            .raising("a book that reaches further"),
        pace(),
    ]
}

fn santa_fe() -> Vec<Knob> {
    vec![
        Knob::real("alpha", POSITIVE)
            .unit("per unit of the model's time and step of price")
            .about("Limit orders, each side.")
            .raising("narrower spreads"),
        Knob::real("mu", OWN_RATE)
            .unit("per unit of the model's time")
            .about("Market orders, both sides together.")
            .raising("wider spreads"),
        Knob::real("delta", POSITIVE)
            .unit("per unit of the model's time and order")
            .about("Cancels.")
            .raising("a thinner book"),
        Knob::integer("levels", 2, 2_000)
            .unit("steps")
            .about("Prices on which orders fall, from the opposite best outwards.")
            .raising("a book that reaches further"),
        pace(),
    ]
}

fn queue_reactive() -> Vec<Knob> {
    let share = || Bounds::between(0.0, 1.0);
    vec![
        tables("limits").about("Limit orders when 0, 1, 2, .. are there."),
        tables("cancels").about("Cancels when 1, 2, .. are there, all together."),
        tables("markets")
            .about("Market orders when 1, 2, .. are there and the queue is the best; behind, as many cancels more."),
        Knob::integer("queues", 1, 32)
            .unit("queues a side")
            .about("How many there are.")
            .raising("a book that reaches further"),
        Knob::real("follow", share())
            .about("Probability that the reference price follows when the queue beside it empties.")
            .raising("a price that moves more"),
        Knob::real("redraw", share())
            .about("Probability that, where it followed, the whole book is drawn anew.")
            .raising("a price that comes back less"),
        pace(),
    ]
}

fn hawkes() -> Vec<Knob> {
    let base = |name, about: &'static str, raising| {
        Knob::real(name, OWN_RATE).unit("per unit of the model's time").about(about).raising(raising)
    };
    let children = Kind::List(Box::new(Kind::Real(Bounds::between(0.0, 100.0))), 3);
    let matrix = |name| Knob::new(name, Kind::List(Box::new(children.clone()), 3)).unit("children an event");
    vec![
        base("limits", "Limit orders without cause, each side.", "a deeper book"),
        base("markets", "Market orders without cause, each side.", "more trades"),
        base("cancels", "Cancels without cause, each side.", "a thinner book"),
        matrix("same_side")
            .about("Children on the same side: a row for each kind of child (limit, market, cancel), in it one for each kind of parent."),
        matrix("other_side").about("Children on the other side."),
        Knob::real("beta", POSITIVE)
            .unit("per unit of the model's time")
            .about("How fast an excitement is forgotten.")
            .raising("shorter and denser bursts"),
        Knob::real("mean_distance", Bounds::between(1.0, 1e4))
            .unit("steps from the opposite touch")
            .about("Mean distance of a limit order.")
            .raising("wider spreads"),
        Knob::real("patience", Bounds::between(0.01, 1e5))
            .unit("units of the model's time")
            .about("How long an order waits on average until it leaves by itself.")
            .raising("a deeper book"),
        pace(),
    ]
}

fn balanced_queues() -> Vec<Knob> {
    vec![
        Knob::real("rate", RATE)
            .unit("orders/s")
            .about("Orders that join a queue, and as many that leave it.")
            .raising("everything happens more often, in the same order"),
        Knob::real("cancels", Bounds::between(0.0, 1.0))
            .about("Share of cancels among the orders that leave.")
            .raising("fewer trades"),
        Knob::real("refill", Bounds::between(1.0, 1e4))
            .unit("orders")
            .about("Mean length of a queue after the price has moved.")
            .raising("a price that moves less often"),
    ]
}

fn ecology() -> Vec<Knob> {
    vec![
        Knob::choice("mix", EcologyMix::WORDS).about("How many of whom, and what the value does.").meaning(
            "quiet: makers live well; toxic: many know first; volatile: headlines, and many who follow the price",
        ),
        Knob::integer("population", 1, 1_000)
            .unit("times")
            .about("Every agent so many times; those who come in streams share the stream's rate.")
            .raising("a longer run, deeper quotes, more of everybody's reactions"),
    ]
}
