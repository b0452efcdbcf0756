//! The list of knobs: from it come the schema, the validation and every explanation of a key.

use super::{Behaviour, ManipulativeEduConfig};
use hft_app::config::{Bounds, Breach, Described, Kind, Knob};

/// How long a sentence may be typed.
const SENTENCE_MAX: usize = 200;

impl Described for ManipulativeEduConfig {
    fn knobs() -> Vec<Knob> {
        knobs()
    }

    fn breaches(&self) -> Vec<Breach> {
        let mut breaches = Vec::new();
        let honest = &self.honest;
        if honest.iceberg_shown > honest.iceberg_size {
            let problem = format!("must be at most iceberg_size, {}", honest.iceberg_size);
            breaches.push(Breach::new("honest.iceberg_shown", problem));
        }
        if honest.maker_size > honest.inventory_limit {
            let problem = format!("must be at most inventory_limit, {}", honest.inventory_limit);
            breaches.push(Breach::new("honest.maker_size", problem));
        }
        breaches
    }
}

fn knobs() -> Vec<Knob> {
    vec![
        Knob::choice("behaviour", Behaviour::WORDS)
            .about("Which labelled behaviour is in the market, for the surveillance to find.")
            .default_from("a default build has none in it")
            .meaning("anything but none needs the feature educational-manipulation and the acknowledgement, or the run ends with exit code 6"),
        Knob::new("acknowledgement", Kind::Text(SENTENCE_MAX))
            .about("The sentence that has to be typed for any behaviour but none; recorded in every output.")
            .default_from("nothing was typed")
            .meaning("a refused run says what it is"),
        Knob::integer("latency_us", 0, 10_000_000)
            .unit("us one way")
            .about("Latency of orders, reports and market data of everybody whom this crate adds to the crowd.")
            .default_from("one building")
            .raising("later cancels, and later evidence"),
        Knob::table("surveillance", surveillance()).about("What counts as much."),
        Knob::table("honest", honest()).about("Who must not be accused: fast makers, a news-wary maker, icebergs."),
        Knob::table("crowd", crowd()).about("Who might be deceived."),
        Knob::table("venue", venue()).about("The rules of the market, and what is done against manipulation."),
    ]
}

fn surveillance() -> Vec<Knob> {
    vec![
        Knob::real("alert_score", Bounds::between(0.0, 1.0))
            .unit("score from 0 to 1")
            .about("The score from which on something is an alert.")
            .default_from("where the reasons for and against balance")
            .raising("fewer alerts, false ones first"),
        Knob::real("large", Bounds::between(1.0, 1e4))
            .unit("times what others usually show")
            .about("From which size on a one-sided display is looked at.")
            .default_from("a third of the published twenty times")
            .raising("fewer displays looked at"),
        Knob::real("burst_sd", Bounds::between(1.0, 1e4))
            .unit("standard deviations")
            .about("How far above the mean of the past a tenth of a second of messages is a burst.")
            .default_from("Egginton, Van Ness & Van Ness (2016)")
            .raising("fewer bursts"),
    ]
}

fn honest() -> Vec<Knob> {
    vec![
        Knob::integer("maker_size", 1, 1_000_000)
            .unit("contracts")
            .about("Size of each quote of the fast makers: many times the crowd's, on both sides.")
            .default_from("as large as a display")
            .raising("a harder test of the detector"),
        Knob::integer("half_spread", 1, 100_000)
            .unit("ticks")
            .about("Distance of their quotes from the midpoint.")
            .default_from("just behind the touch")
            .raising("fewer fills for as many messages"),
        Knob::integer("inventory_limit", 1, 1_000_000)
            .unit("contracts")
            .about("Position at which they quote one side only.")
            .default_from("five quotes")
            .raising("less often one-sided"),
        Knob::integer("alarm_ticks", 1, 100_000)
            .unit("ticks within a tenth of a second")
            .about("Move of the midpoint at which a news-wary maker takes out everything.")
            .default_from("half a usual jump")
            .raising("fewer sudden cancels"),
        Knob::integer("iceberg_size", 1, 1_000_000)
            .unit("contracts")
            .about("Whole size of the icebergs.")
            .default_from("ten slices")
            .raising("longer executions"),
        Knob::integer("iceberg_shown", 1, 1_000_000)
            .unit("contracts")
            .about("What of an iceberg shows.")
            .default_from("a little more than others show")
            .raising("a harder test of the detector"),
    ]
}

fn crowd() -> Vec<Knob> {
    vec![
        Knob::integer("readers", 0, 100)
            .unit("traders")
            .about("Takers who read the imbalance of the book, and can be deceived by what it shows.")
            .default_from("a handful")
            .raising("more to gain by showing what is not meant"),
        Knob::integer("followers", 0, 100)
            .unit("traders")
            .about("Takers who follow a move.")
            .default_from("a handful")
            .raising("moves that go further"),
        Knob::integer("stops", 0, 1_000)
            .unit("traders")
            .about("Traders with a stop order on either side.")
            .default_from("a few within reach")
            .raising("moves that go further"),
    ]
}

fn venue() -> Vec<Knob> {
    vec![
        Knob::integer("service_ns", 0, 1_000_000_000)
            .unit("ns")
            .about("What the gateway takes for one command: bursts queue.")
            .default_from("fifty thousand commands a second")
            .raising("a burst delays everybody behind it for longer"),
        Knob::integer("batch_ms", 0, 60_000)
            .unit("ms")
            .about("Length of a batch auction; 0: first come, first served.")
            .default_from("what most exchanges do")
            .raising("later fills, and displays that have to stand until the auction"),
        Knob::integer("throttle_per_s", 0, 1_000_000)
            .unit("commands/s")
            .about("How many commands an account may send; 0: no limit.")
            .default_from("no limit")
            .raising("less protection from bursts"),
        Knob::integer("band_ticks", 0, 1_000_000)
            .unit("ticks")
            .about("How far from the last price an order may be; 0: no band.")
            .default_from("no band")
            .raising("less protection"),
        Knob::integer("least_rest_ms", 0, 600_000)
            .unit("ms")
            .about("How long an order must stand before its owner may take it out.")
            .default_from("no such rule")
            .raising("displays at risk of being believed and filled"),
        Knob::real("message_fee", Bounds::between(0.0, 1e6))
            .unit("price units")
            .about("Charged for each message beyond twenty for each fill.")
            .default_from("no such fee")
            .raising("costlier displays, and costlier honest quotes"),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::{HonestConfig, TABLE};
    use super::*;
    use hft_app::config::check_knobs;

    #[test]
    fn every_number_is_refused_just_outside_its_range() {
        assert!(check_knobs::<ManipulativeEduConfig>(TABLE) > 30);
    }

    #[test]
    fn what_shows_is_part_of_the_whole() {
        let honest = HonestConfig { iceberg_shown: 100, ..HonestConfig::default() };
        let config = ManipulativeEduConfig { honest, ..ManipulativeEduConfig::default() };
        let refused = config.check(TABLE).expect_err("too much").to_string();
        assert!(
            refused.contains("manipulative_edu.honest.iceberg_shown = 100: must be at most iceberg_size, 60"),
            "{refused}"
        );
    }
}
