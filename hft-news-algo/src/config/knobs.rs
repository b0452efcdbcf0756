//! The list of knobs: from it come the schema, the validation and every explanation of a key.

use super::NewsAlgoConfig;
use crate::reader::ModelKind;
use crate::tape::COMPANIES;
use hft_app::config::{Bounds, Breach, Described, Kind, Knob};

const US_MAX: i64 = 60_000_000;
const MS_MAX: i64 = 86_400_000;

impl Described for NewsAlgoConfig {
    fn knobs() -> Vec<Knob> {
        knobs()
    }

    /// What depends on the contract (whole lots, whole ticks) is checked when the market is built.
    fn breaches(&self) -> Vec<Breach> {
        let mut breaches = Vec::new();
        if self.size > self.inv_limit {
            let problem = format!("must be at most inv_limit, {}: larger orders would never be sent", self.inv_limit);
            breaches.push(Breach::new("size", problem));
        }
        breaches
    }
}

fn knobs() -> Vec<Knob> {
    vec![
        Knob::integer("companies", 1, i64::try_from(COMPANIES.len()).expect("a short list"))
            .unit("books")
            .about("How many of the companies that are written about have a book.")
            .default_from("half of them, so that some news is of nobody's contract")
            .raising("more to trade on"),
        Knob::choice("model", ModelKind::WORDS)
            .about("What reads.")
            .default_from("the best of those that take microseconds")
            .meaning("linear: hashed n-grams; naive-bayes: words; lexicon: counted words; truth: what the maker of the headline knows, as often as accuracy says"),
        Knob::real("accuracy", Bounds::between(0.0, 1.0))
            .unit("share")
            .about("With truth: how often it is told; its opposite otherwise.")
            .default_from("always")
            .raising("more trades in the right direction"),
        Knob::integer("read_us", 0, US_MAX)
            .unit("us")
            .about("How long we take to read a headline; one is read at a time.")
            .default_from("the slowest of a hundred on one core, as the benchmark measures it")
            .raising("later orders, on prices that others have moved"),
        Knob::integer("latency_us", 0, US_MAX)
            .unit("us one way")
            .about("Latency of our orders, reports, market data and news.")
            .default_from("a line to the exchange, not a seat in it")
            .raising("later orders, on prices that others have moved"),
        Knob::real("size", Bounds::between(1e-9, 1e9))
            .unit("contracts")
            .about("The largest order.")
            .default_from("two makers' quotes")
            .raising("more earned by each reading, and more lost"),
        Knob::real("inv_limit", Bounds::between(1e-9, 1e9))
            .unit("contracts")
            .about("The position that no fill may pass, either way, in each company.")
            .default_from("two orders one way")
            .raising("more readings traded while a position is held"),
        Knob::real("depth_share", Bounds::between(0.0, 1.0))
            .unit("share")
            .about("How much of the depth that is shown up to our limit we take at most.")
            .default_from("some of it is pulled before we come")
            .raising("larger orders in thin books"),
        Knob::real("min_confidence", Bounds::between(0.0, 1.0))
            .unit("probability")
            .about("How sure a reading must be; otherwise we abstain.")
            .default_from("more likely than not, with a margin")
            .raising("fewer trades, more of them right"),
        Knob::real("min_edge", Bounds::between(0.0, 1e6))
            .unit("price units")
            .about("What a trade must promise after fees.")
            .default_from("two ticks: half a spread of the way out")
            .raising("fewer and better trades"),
        Knob::integer("half_life_ms", 1, MS_MAX)
            .unit("ms")
            .about("How long we believe it takes until half of a surprise is in the price.")
            .default_from("that of the wire's default")
            .raising("longer positions; more believed to be left of old news"),
        Knob::real("hold_half_lives", Bounds::between(0.0, 1e3))
            .unit("half-lives")
            .about("After how many half-lives a position is closed.")
            .default_from("an eighth of the surprise is left then")
            .raising("more of the move, and more of everything else that moves the price"),
        Knob::integer("passive_ms", 0, MS_MAX)
            .unit("ms")
            .about("How long an entry may rest where taking is too dear; zero takes or leaves.")
            .default_from("a quarter of a half-life")
            .raising("more entries at the better price, on less of the surprise"),
        Knob::table("novelty", novelty()).about("What counts as said before."),
        Knob::table("wire", wire()).about("What is published."),
        Knob::table("makers", makers()).about("Who quotes, and pulls the quotes on news."),
        Knob::table("rivals", rivals()).about("Who else reads."),
    ]
}

fn novelty() -> Vec<Knob> {
    vec![
        Knob::real("window_s", Bounds::between(0.0, 86_400.0))
            .unit("s")
            .about("How long something is remembered; zero takes everything for new.")
            .default_from("longer than copies come later")
            .raising("fewer old stories traded, and fewer second stories of one kind"),
        Knob::real("similarity", Bounds::between(0.0, 1.0))
            .unit("share of common word pairs")
            .about("From where on two texts are one.")
            .default_from("half: a prefix and a suffix more are no news")
            .raising("more rewrites taken for new"),
        Knob::integer("bands", 1, 64)
            .unit("bands")
            .about("Bands of the search for candidates.")
            .default_from(
                "with three rows: four in five pairs that share half are found, and nearly all that share more",
            )
            .raising("fewer near-duplicates missed, more compared"),
        Knob::integer("rows", 1, 16)
            .unit("hashes")
            .about("Hashes in a band.")
            .default_from("see bands")
            .raising("fewer compared, more missed"),
    ]
}

fn wire() -> Vec<Knob> {
    vec![
        Knob::new("file", Kind::Text(1_024))
            .optional()
            .about("A recorded file of headlines (JSON lines, RSS or Atom) instead of made ones.")
            .default_from("headlines are made, with the truth about them")
            .meaning("recorded headlines move no value: what is traded on them shows the reader, not a profit"),
        Knob::integer("half_life_ms", 1, MS_MAX)
            .unit("ms")
            .about("Until half of a surprise is known to those who do not read.")
            .default_from("slow enough to be early, fast enough to be late")
            .raising("more time to be right in"),
        Knob::table("made", made()).about("The law of the headlines that are made."),
    ]
}

fn made() -> Vec<Knob> {
    vec![
        Knob::real("stories_per_min", Bounds::between(0.01, 60_000.0))
            .unit("stories/min")
            .about("Stories, all companies together.")
            .default_from("a busy morning in the season of results")
            .raising("more to trade on"),
        Knob::real("surprise", Bounds::between(0.0, 1e4))
            .unit("ticks of 0.01")
            .about("Mean size of a surprise beyond the least one of four.")
            .default_from("a quarter of a percent of the price")
            .raising("more earned by being right"),
        Knob::real("chatter", Bounds::between(0.0, 1.0))
            .unit("share")
            .about("Stories that say nothing of worth.")
            .default_from("most of a wire, thinned out")
            .raising("more chances to trade on nothing"),
        Knob::real("copies", Bounds::between(0.0, 100.0))
            .unit("copies")
            .about("Mean number of copies of a story: half verbatim, half in other words.")
            .default_from("every agency has it once more")
            .raising("more old news to take for new"),
        Knob::real("rumours", Bounds::between(0.0, 1.0))
            .unit("share")
            .about("Takeovers that are rumours first; half of those are false, and denied.")
            .default_from("half of them leak")
            .raising("more positions that a denial ends"),
        Knob::real("desk_ms", Bounds::between(0.0, 1e6))
            .unit("ms")
            .about("From what happened to its publication, mean.")
            .default_from("somebody has to type it")
            .raising("nothing in the race: nobody knows before it is published"),
    ]
}

fn makers() -> Vec<Knob> {
    vec![
        Knob::integer("count", 0, 100)
            .unit("makers")
            .about("How many in each book.")
            .default_from("two that compete")
            .raising("more to take, when they are late"),
        Knob::integer("latency_us", 0, US_MAX)
            .unit("us one way")
            .about("Latency of their orders, reports, market data and news.")
            .default_from("a little slower than the readers")
            .raising("staler quotes"),
        Knob::integer("read_us", 0, US_MAX)
            .unit("us")
            .about("How long they take to see whom a headline names.")
            .default_from("names are found faster than meanings")
            .raising("staler quotes"),
        Knob::integer("pull_ms", 0, MS_MAX)
            .unit("ms")
            .about("How long they stay away then; zero: they do not read.")
            .default_from("a quarter of a half-life")
            .raising("less to take around news, by anybody"),
    ]
}

fn rivals() -> Vec<Knob> {
    vec![
        Knob::integer("fast", 0, 100)
            .unit("readers")
            .about("How many count words and believe everything, duplicates and orchards included.")
            .default_from("one is enough to be late to")
            .raising("prices that have moved before we come, now and then the wrong way"),
        Knob::integer("fast_read_us", 0, US_MAX)
            .unit("us")
            .about("How long these take to read.")
            .default_from("a dictionary")
            .raising("more is left for us"),
        Knob::integer("slow", 0, 100)
            .unit("readers")
            .about("How many read as we do, at leisure.")
            .default_from("one is enough to see what being late costs")
            .raising("prices that come to the truth sooner"),
        Knob::integer("slow_read_us", 0, US_MAX)
            .unit("us")
            .about("How long these take to read.")
            .default_from("a large model on somebody else's machine")
            .raising("they earn less"),
        Knob::integer("latency_us", 0, US_MAX)
            .unit("us one way")
            .about("Latency of both.")
            .default_from("the same as ours")
            .raising("more is left for us"),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::TABLE;
    use super::*;
    use hft_app::config::check_knobs;

    #[test]
    fn every_number_is_refused_just_outside_its_range() {
        assert!(check_knobs::<NewsAlgoConfig>(TABLE) > 60);
    }

    #[test]
    fn an_order_beyond_the_limit_is_refused() {
        let config = NewsAlgoConfig { size: 30.0, ..NewsAlgoConfig::default() };
        let refused = config.check(TABLE).expect_err("too large").to_string();
        assert!(refused.contains("news_algo.size = 30.0: must be at most inv_limit, 20"), "{refused}");
    }
}
