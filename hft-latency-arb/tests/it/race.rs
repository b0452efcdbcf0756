//! What the race must show, whatever the seed: means over a few minutes of market time.

use crate::CLI;
use hft_app::output::Summary;
use hft_app::testing::temporary;

/// The race's tables after two minutes.
struct Told(Summary);

impl Told {
    fn of(settings: &[&str]) -> Self {
        let out = temporary();
        let set: String = settings.iter().map(|setting| format!(" --set latency_arb.{setting}")).collect();
        let (folder, _) = CLI.done_in(out.path(), &format!("run --fast --duration 120s --seed 5 --quiet{set}"));
        Self(Summary::of_folder(&folder).expect("readable"))
    }

    /// A figure of somebody who raced, by column.
    fn of_whom(&self, name: &str, column: usize) -> f64 {
        let table = &self.0.chapter.as_ref().expect("races").tables[1];
        let row = table.rows.iter().find(|row| row.label == name).expect(name);
        row.figures[column].unwrap_or(0.0)
    }

    fn figure(&self, label: &str) -> f64 {
        let table = &self.0.chapter.as_ref().expect("races").tables[0];
        table.rows.iter().find(|row| row.label == label).expect(label).figures[0].unwrap_or(0.0)
    }
}

const WON: usize = 2;
const SHARE: usize = 3;
const GAINED: usize = 5;

#[test]
fn whoever_is_faster_wins_more_and_a_microsecond_has_a_price() {
    let plain = Told::of(&[]);
    let shares = ["rival 0", "we", "rival 1", "rival 2"].map(|name| plain.of_whom(name, SHARE));
    assert!(shares.windows(2).all(|pair| pair[0] >= pair[1]), "80, 100, 110 and 140 us: {shares:?}");
    assert!(shares[0] > 0.6, "{shares:?}");
    let (first, last) = (Told::of(&["latency_us=40"]), Told::of(&["latency_us=600"]));
    assert!(first.of_whom("we", SHARE) > 0.8 && last.of_whom("we", SHARE) < 0.05);
    assert!(
        first.0.money.net.to_f64() > 2.0 * last.0.money.net.to_f64(),
        "{:?} {:?}",
        first.0.money.net,
        last.0.money.net
    );
}

#[test]
fn a_maker_that_is_strictly_faster_is_never_sniped() {
    // So much faster that a change of its own quote, there and back, is over before the first sniper hears; and no jitter.
    let fast = Told::of(&["makers.latency_us=10", "rivals.jitter_us=0"]);
    assert!(fast.figure("races") > 20.0);
    assert!(fast.figure("won by a cancel, share") >= 1.0, "{} of the races", fast.figure("won by a cancel, share"));
    assert!(fast.of_whom("maker 0", GAINED) > Told::of(&[]).of_whom("maker 0", GAINED));
}

#[test]
fn market_designs_end_the_race_and_investors_pay_less_in_batches() {
    let plain = Told::of(&[]);
    let bump = Told::of(&["venue.design=taker-bump"]);
    // What is still taken are the resting exits of slower snipers.
    let saved = |told: &Told| told.figure("won by a cancel, share");
    assert!(saved(&bump) > 0.8 && saved(&plain) < 0.5, "{} and {}", saved(&bump), saved(&plain));
    assert!(bump.of_whom("we", WON) < 0.5 && bump.of_whom("maker 0", GAINED) > plain.of_whom("maker 0", GAINED));
    let batch = Told::of(&["venue.design=batch"]);
    let cost = |told: &Told| -told.of_whom("investors", GAINED);
    assert!(
        cost(&batch) < 0.6 * cost(&plain),
        "{} in batches, {} first come, first served",
        cost(&batch),
        cost(&plain)
    );
    let random = Told::of(&["venue.design=random-delay"]);
    assert!(random.figure("not won by the fastest, share") > 2.0 * plain.figure("not won by the fastest, share"));
    let symmetric = Told::of(&["venue.design=bump"]);
    assert!(symmetric.of_whom("rival 0", SHARE) > 0.6, "what holds everybody changes nothing");
}

#[test]
fn a_stale_feed_makes_stale_quotes() {
    let (direct, sip) = (Told::of(&[]), Told::of(&["makers.feed=consolidated"]));
    assert!(sip.figure("won by a cancel, share") < direct.figure("won by a cancel, share"));
    assert!(sip.of_whom("maker 0", GAINED) < direct.of_whom("maker 0", GAINED));
}
