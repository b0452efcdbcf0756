//! The list of knobs: from it come the schema, the validation and every explanation of a key.

use super::{Design, FeedKind, LatencyArbConfig, StrategyKind};
use hft_app::config::{Bounds, Breach, Described, Knob};

const US_MAX: i64 = 10_000_000;

impl Described for LatencyArbConfig {
    fn knobs() -> Vec<Knob> {
        knobs()
    }

    /// What depends on the contract (whole lots, whole ticks) is checked when the market is built.
    fn breaches(&self) -> Vec<Breach> {
        let mut breaches = Vec::new();
        if self.size > self.inv_limit {
            let problem = format!("must be at most inv_limit, {}: larger takes would never be sent", self.inv_limit);
            breaches.push(Breach::new("size", problem));
        }
        breaches
    }
}

fn knobs() -> Vec<Knob> {
    vec![
        Knob::choice("strategy", StrategyKind::WORDS)
            .about("What we do in the race.")
            .default_from("the attacker of Budish, Cramton & Shim (2015)")
            .meaning("snipe: take stale quotes; two-leg: and trade the other way at the leader; defend: quote, and be faster"),
        Knob::integer("latency_us", 0, US_MAX)
            .unit("us one way")
            .about("Latency of our orders, reports and market data.")
            .default_from("between the fastest rival and the next")
            .raising("fewer races won, and those that are won are worth less"),
        Knob::real("size", Bounds::between(1e-9, 1e9))
            .unit("contracts")
            .about("The largest order.")
            .default_from("one maker's quote")
            .raising("more taken in a race, more to get rid of"),
        Knob::real("inv_limit", Bounds::between(1e-9, 1e9))
            .unit("contracts")
            .about("The position that no fill may pass, either way.")
            .default_from("four takes one way")
            .raising("more races entered while a position is held"),
        Knob::real("min_edge", Bounds::between(0.0, 1e6))
            .unit("price units")
            .about("What a take must promise after fees.")
            .default_from("two ticks: what leaving costs where it is not passive")
            .raising("fewer and better takes"),
        Knob::integer("hold_ms", 0, 3_600_000)
            .unit("ms")
            .about("How long a position may wait for a passive exit.")
            .default_from("long beside the makers' latency, short beside the next jump")
            .raising("fewer exits that pay the spread, more inventory risk"),
        Knob::integer("cooldown_us", 0, US_MAX)
            .unit("us")
            .about("How long nothing is taken after a take that came too late.")
            .default_from("a late sniper would only repeat itself")
            .raising("fewer messages, fewer second chances"),
        Knob::table("signal", signal()).about("How the fair price is read from the leader."),
        Knob::table("venue", venue()).about("The lagging exchanges."),
        Knob::table("makers", makers()).about("Who quotes there."),
        Knob::table("rivals", rivals()).about("The other snipers."),
    ]
}

fn signal() -> Vec<Knob> {
    vec![
        Knob::real("refit_s", Bounds::between(0.01, 86_400.0))
            .unit("s")
            .about("How often it is estimated anew who leads.")
            .default_from("leads change slowly")
            .raising("a later start, and a later end when the lead is lost"),
        Knob::integer("window", 16, 100_000)
            .unit("changes")
            .about("Changes of each price that the estimate looks at.")
            .default_from("a quarter of a minute of the default market")
            .raising("a calmer estimate that notices less soon"),
        Knob::integer("max_lag_us", 10, US_MAX)
            .unit("us")
            .about("The longest lead that is looked for.")
            .default_from("several times the makers' latency")
            .raising("a coarser look: the grid of lags has as many points"),
        Knob::real("min_ratio", Bounds::between(0.0, 1e6))
            .unit("ratio")
            .about(
                "How much more the leader must lead than follow before its price is believed (Huth & Abergel's ratio).",
            )
            .default_from("above one it leads")
            .raising("fewer takes"),
    ]
}

fn venue() -> Vec<Knob> {
    vec![
        Knob::integer("count", 1, 8).unit("exchanges")
            .about("How many lagging exchanges.")
            .default_from("one is enough to see the race")
            .raising("more stale quotes for each jump"),
        Knob::choice("design", Design::WORDS)
            .about("How they match.")
            .default_from("what most exchanges do")
            .meaning("bump holds every command for bump_us, taker-bump only those who might take, random-delay each for a time of its own; batch crosses every batch_us"),
        Knob::integer("bump_us", 0, US_MAX)
            .unit("us")
            .about("How long a bump holds, and the mean of a random delay.")
            .default_from("the bump of IEX")
            .raising("taker-bump: makers get away more often"),
        Knob::integer("batch_us", 100, 60_000_000)
            .unit("us")
            .about("Length of a batch.")
            .default_from("a tenth of a second, as Budish, Cramton & Shim (2015) discuss")
            .raising("fewer races, later fills"),
        Knob::integer("service_ns", 0, 1_000_000_000)
            .unit("ns")
            .about("What the gateway takes for one command: bursts queue.")
            .default_from("a gateway that never queues")
            .raising("a burst delays everybody behind it"),
        Knob::real("investors_per_s", Bounds::between(0.0, 1e5))
            .unit("orders/s")
            .about("Investors at each of them.")
            .default_from("enough for the makers to live on")
            .raising("richer makers"),
        Knob::real("taker_bp", Bounds::between(-100.0, 100.0))
            .unit("bp of the value")
            .about("Charged to whoever takes there.")
            .default_from("half a tick at the first price")
            .raising("fewer stale quotes worth taking"),
        Knob::real("maker_bp", Bounds::between(-100.0, 100.0))
            .unit("bp of the value")
            .about("Charged to whoever rests there; negative is a rebate.")
            .default_from("a small rebate")
            .raising("poorer makers"),
        Knob::real("leader_taker_bp", Bounds::between(-100.0, 100.0))
            .unit("bp of the value")
            .about("Charged to whoever takes at the leader.")
            .default_from("a futures exchange")
            .raising("two-leg trades less"),
    ]
}

fn makers() -> Vec<Knob> {
    vec![
        Knob::integer("count", 0, 100)
            .unit("makers")
            .about("How many at each lagging exchange.")
            .default_from("two that compete")
            .raising("more to take in each race"),
        Knob::integer("latency_us", 0, US_MAX)
            .unit("us one way")
            .about("Latency of their orders, reports and market data.")
            .default_from("half again as slow as we are")
            .raising("staler quotes: more races, and fewer of them won by a cancel"),
        Knob::choice("feed", FeedKind::WORDS)
            .about("Whether they hear of the leader directly or from a consolidated feed.")
            .default_from("professional makers buy direct feeds")
            .meaning("consolidated: sip_us later"),
        Knob::integer("sip_us", 0, US_MAX)
            .unit("us")
            .about("How much later the consolidated feed is.")
            .default_from("the order of magnitude before the feeds were rebuilt")
            .raising("staler quotes where the feed is consolidated"),
        Knob::real("half_spread", Bounds::between(1e-9, 1e6))
            .unit("price units")
            .about("Distance of their quotes from the leader's midpoint; ours with defend, too.")
            .default_from("five ticks")
            .raising("fewer stale quotes worth taking, costlier exits"),
        Knob::real("size", Bounds::between(1e-9, 1e9))
            .unit("contracts")
            .about("Size of each quote; ours with defend, too.")
            .default_from("one take")
            .raising("more to take in each race"),
        Knob::real("tolerance", Bounds::between(0.0, 1e6))
            .unit("price units")
            .about("How far the midpoint may move before they quote anew.")
            .default_from("one tick")
            .raising("fewer messages, staler quotes"),
    ]
}

fn rivals() -> Vec<Knob> {
    vec![
        Knob::integer("count", 0, 100)
            .unit("snipers")
            .about("How many.")
            .default_from("enough to lose to")
            .raising("fewer races won"),
        Knob::integer("latency_us", 0, US_MAX)
            .unit("us one way")
            .about("Latency of the fastest.")
            .default_from("a little faster than we are")
            .raising("more races won"),
        Knob::integer("step_us", 0, US_MAX)
            .unit("us")
            .about("How much slower each next one is.")
            .default_from("ranks that jitter cannot hide")
            .raising("clearer ranks"),
        Knob::integer("jitter_us", 0, US_MAX)
            .unit("us")
            .about("Mean of the random extra on everybody's orders, ours included.")
            .default_from("a quiet network")
            .raising("races that the slower win more often"),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::TABLE;
    use super::*;
    use hft_app::config::check_knobs;

    #[test]
    fn every_number_is_refused_just_outside_its_range() {
        assert!(check_knobs::<LatencyArbConfig>(TABLE) > 60);
    }

    #[test]
    fn a_take_beyond_the_limit_is_refused() {
        let config = LatencyArbConfig { size: 30.0, ..LatencyArbConfig::default() };
        let refused = config.check(TABLE).expect_err("too large").to_string();
        assert!(refused.contains("latency_arb.size = 30.0: must be at most inv_limit, 20"), "{refused}");
    }
}
