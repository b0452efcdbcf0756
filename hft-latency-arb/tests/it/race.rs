//! What the race must show, whatever the seed: means over a few minutes of market time.

use crate::CLI;
use hft_app::output::Summary;
use hft_app::testing::temporary;

/// The race's tables after a minute of each of four seeds.
struct Told(Vec<Summary>);

impl Told {
    fn of(settings: &[&str]) -> Self {
        let set: String = settings.iter().map(|setting| format!(" --set latency_arb.{setting}")).collect();
        let run = |seed: u32| {
            let out = temporary();
            let line = format!("run --fast --duration 60s --seed {seed} --quiet{set}");
            Summary::of_folder(&CLI.done_in(out.path(), &line).0).expect("readable")
        };
        Self((5..9).map(run).collect())
    }

    /// Sum over the seeds of a figure of somebody who raced, by column.
    fn of_whom(&self, name: &str, column: usize) -> f64 {
        let rows = |summary: &Summary| summary.chapter.as_ref().expect("races").tables[1].rows.clone();
        let row = |summary| rows(summary).into_iter().find(|row| row.label == name).expect(name);
        self.0.iter().map(|summary| row(summary).figures[column].unwrap_or(0.0)).sum()
    }

    /// Of the races that it entered.
    fn share_won(&self, name: &str) -> f64 {
        self.of_whom(name, WON) / self.of_whom(name, ENTERED)
    }

    fn sum(&self, label: &str) -> f64 {
        self.0.iter().map(|summary| figure(summary, label)).sum()
    }

    fn races(&self) -> f64 {
        self.sum("races")
    }

    /// A share of all races.
    fn share(&self, label: &str) -> f64 {
        self.0.iter().map(|summary| figure(summary, label) * figure(summary, "races")).sum::<f64>() / self.races()
    }

    fn net(&self) -> f64 {
        self.0.iter().map(|summary| summary.money.net.to_f64()).sum()
    }
}

fn figure(summary: &Summary, label: &str) -> f64 {
    let table = &summary.chapter.as_ref().expect("races").tables[0];
    table.rows.iter().find(|row| row.label == label).expect(label).figures[0].unwrap_or(0.0)
}

const ENTERED: usize = 1;
const WON: usize = 2;
const GAINED: usize = 5;
const SAVED: &str = "won by a cancel, share";

#[test]
fn whoever_is_faster_wins_more_and_a_microsecond_has_a_price() {
    let plain = Told::of(&[]);
    let shares = ["rival 0", "we", "rival 1", "rival 2"].map(|name| plain.share_won(name));
    assert!(shares.windows(2).all(|pair| pair[0] > pair[1]), "80, 100, 110 and 140 us: {shares:?}");
    assert!(shares[0] > 2.0 * shares[1], "twenty microseconds: {shares:?}");
    let (first, last) = (Told::of(&["latency_us=40"]), Told::of(&["latency_us=600"]));
    let (won, lost) = (first.share_won("we"), last.share_won("we"));
    assert!(won > shares[0] && lost < won / 10.0, "the fastest wins {won}, the slowest {lost}");
    assert!(first.net() > 2.0 * last.net(), "{} and {}", first.net(), last.net());
}

#[test]
fn a_maker_that_is_strictly_faster_is_never_sniped() {
    // So much faster that a change of its own quote, there and back, is over before the first sniper hears; and no jitter.
    let fast = Told::of(&["makers.latency_us=10", "makers.count=1", "rivals.jitter_us=0"]);
    assert!(fast.of_whom("maker 0", ENTERED) > 20.0, "{}", fast.of_whom("maker 0", ENTERED));
    // What is taken all the same are the resting exits of slower snipers.
    assert!(fast.share_won("maker 0") >= 1.0, "{} of the races", fast.share_won("maker 0"));
    let plain = Told::of(&["makers.count=1"]);
    let gained = |told: &Told| told.of_whom("maker 0", GAINED);
    assert!(gained(&fast) > gained(&plain), "{} and {}", gained(&fast), gained(&plain));
}

#[test]
fn market_designs_end_the_race_and_investors_pay_less_in_batches() {
    let plain = Told::of(&[]);
    let bump = Told::of(&["venue.design=taker-bump"]);
    let saved = |told: &Told| told.share(SAVED);
    assert!(saved(&bump) > 2.0 * saved(&plain), "{} and {}", saved(&bump), saved(&plain));
    assert!(bump.of_whom("maker 0", GAINED) > plain.of_whom("maker 0", GAINED));
    let batch = Told::of(&["venue.design=batch"]);
    let cost = |told: &Told| -told.of_whom("investors", GAINED);
    assert!(
        cost(&batch) < 0.6 * cost(&plain),
        "{} in batches, {} first come, first served",
        cost(&batch),
        cost(&plain)
    );
    let wrong = |told: &Told| told.share("not won by the fastest, share");
    let random = Told::of(&["venue.design=random-delay"]);
    assert!(wrong(&random) > 2.0 * wrong(&plain), "{} and {}", wrong(&random), wrong(&plain));
    let symmetric = Told::of(&["venue.design=bump"]);
    let ours = symmetric.share_won("we");
    assert!(symmetric.share_won("rival 0") > 2.0 * ours, "what holds everybody changes nothing");
}

#[test]
fn a_stale_feed_makes_stale_quotes() {
    let (direct, sip) = (Told::of(&[]), Told::of(&["makers.feed=consolidated"]));
    let taken = |told: &Told| told.sum("taken in races, contracts");
    assert!(sip.races() > direct.races(), "{} and {} races", sip.races(), direct.races());
    assert!(taken(&sip) > taken(&direct), "{} and {} contracts", taken(&sip), taken(&direct));
    let gained = |told: &Told| told.of_whom("maker 0", GAINED) + told.of_whom("maker 1", GAINED);
    assert!(gained(&sip) < gained(&direct), "{} and {}", gained(&sip), gained(&direct));
}
