//! What each model of the market cannot have, whatever its knobs: no score changes that.

use serde::Serialize;

/// A model, and what it lacks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Limits {
    /// The word of `market.model`.
    pub model: &'static str,
    /// What it cannot have, and why.
    pub cannot: &'static [&'static str],
}

/// The model that a configuration without `market.model` is.
pub const CROWD: &str = "crowd";

/// Every model that is known.
pub const LIMITS: [Limits; 7] = [
    Limits {
        model: CROWD,
        cannot: &[
            "long memory of trade signs: nobody splits an order; signs follow one another only while the quotes are off the value",
            "clusters that last: all rates are constant, so what looks like one is a jump being traded away, over in seconds",
            "the long tail of order lives: uninformed orders are cancelled at one rate whatever the price does",
            "bursts: events come as a Poisson stream with the makers' answers, not as a self-exciting one",
            "round and fat-tailed sizes: sizes are geometric",
        ],
    },
    Limits {
        model: "cst",
        cannot: &[
            "sizes: every order has the same",
            "memory of any kind: signs, volatility and waiting times are those of Poisson streams",
            "fat tails of returns beyond those that a one-tick book makes",
            "informed flow: the price moves because queues empty, not because somebody knows",
        ],
    },
    Limits {
        model: "santa-fe",
        cannot: &[
            "memory of any kind: all streams are Poisson",
            "a price that is a martingale at short intervals: zero intelligence makes it revert",
            "a long-run volatility of its own: it is what the flow's rates make it",
            "informed flow and strategic cancels",
        ],
    },
    Limits {
        model: "queue-reactive",
        cannot: &[
            "self-excitation: rates depend on the queues now, not on what happened before",
            "long memory of trade signs",
            "sizes other than the unit that the table counts in",
        ],
    },
    Limits {
        model: "hawkes",
        cannot: &[
            "memory beyond its kernel: exponential ones forget at one rate, real signs decay like a power",
            "an answer to the book: rates depend on past events, not on the queues",
            "informed flow",
        ],
    },
    Limits {
        model: "balanced-queues",
        cannot: &[
            "a book behind the touch, and a spread other than one tick",
            "sizes, memory, and drift: queues gain as often as they lose",
        ],
    },
    Limits {
        model: "ecology",
        cannot: &[
            "people who learn: every agent keeps its rule for the whole run",
            "a day: no opening, no close, no hours that differ",
            "other venues, hidden orders and auctions",
        ],
    },
];

/// What a model lacks; nothing where it is not known.
pub fn limits_of(model: &str) -> Option<&'static Limits> {
    LIMITS.iter().find(|limits| limits.model == model)
}
