//! The story of a fill, held against what the run itself wrote of it.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::explain::{ExplainFlags, Explanation, explanation};
use hft_app::interrupt::Interrupt;
use hft_app::output::Summary;
use hft_app::testing::temporary;
use hft_passive_mm::PassiveMmPattern;
use std::fs;
use std::path::Path;

fn told(folder: &Path, fill: u64) -> Explanation {
    let flags = ExplainFlags { fill, run: None, what_if: Vec::new() };
    explanation::<PassiveMmPattern>(folder, &flags, &Interrupt::default()).expect("it can be told")
}

/// The blotter's markouts and classes are computed on another way than the witness's midpoints and names: they must agree.
#[test]
fn every_part_of_the_story_agrees_with_what_the_run_wrote() {
    let out = temporary();
    let (folder, _) = CLI.done_in(out.path(), "run --fast --duration 20s --seed 11 --quiet");
    let summary = Summary::of_folder(&folder).expect("readable");
    let (mut ways, mut checked) = (0, 0);
    for number in 1..=summary.execution.fills {
        let story = told(&folder, number);
        let fill = &story.fill;
        let price: f64 = fill.price.parse().expect("a price");
        let sign = if fill.side == "buy" { 1.0 } else { -1.0 };

        let decision = story.decision.as_ref().expect("it is remembered");
        assert!(
            decision.command.ends_with(&format!(" at {}", fill.price))
                || decision.command.ends_with(&format!(" to {}", fill.price))
        );
        assert!(decision.decided_ns < decision.reached_ns && decision.reached_ns <= fill.time_ns);
        assert_eq!(decision.reached_ns - decision.decided_ns, 500_000, "latency_us");
        for book in [Some(&decision.book), story.aggressor.book.as_ref()].into_iter().flatten() {
            // The venue's midpoint at the moment from which the book is said to be.
            let sent = story.path.iter().take_while(|(time, _)| *time <= book.sent_ns).last();
            if let (Some((_, mid)), Some(bid), Some(ask)) = (sent, book.bid, book.ask) {
                assert!(
                    (mid - (bid + ask) / 2.0).abs() < 1e-9,
                    "fill {number}: {bid} / {ask} and the midpoint was {mid}"
                );
                checked += 1;
            }
        }
        let reason = |name: &str| decision.reasons.iter().find(|reason| reason.name == name).expect(name).value;
        let distance = reason(if sign > 0.0 { "bid below the midpoint" } else { "ask above the midpoint" });
        let wanted = reason("midpoint") - sign * distance;
        assert!((price - wanted).abs() < 0.01 + 1e-9, "fill {number}: quoted {price}, the reasons say {wanted}");

        let hit = story.queue.last().expect("it stood in the book");
        assert_eq!((hit.what.as_str(), hit.time_ns, &hit.ahead), ("hit", fill.time_ns, &fill.ahead));
        ways += story.queue.len();

        assert_eq!(Some(&story.aggressor.class), fill.counterparty.as_ref());
        if story.aggressor.class == "informed" {
            let knew = story.aggressor.knew_value.expect("the informed know");
            assert!(sign * (price - knew) > 0.0, "fill {number}: they came for an edge: {knew} against {price}");
        }
        for later in &story.later {
            assert_eq!(later.mid.is_some(), later.worth.is_some());
            if let (Some(mid), Some(worth)) = (later.mid, later.worth) {
                assert!((sign * (mid - price) - worth).abs() < 1e-9, "fill {number} after {} s", later.after_s);
            }
        }

        let as_it_was = &story.what_ifs[0];
        assert_eq!((as_it_was.fills, &as_it_was.net), (summary.execution.fills, &summary.money.net.signed()));
        assert_eq!((as_it_was.quote.as_deref(), as_it_was.filled.as_deref()), (Some(&*fill.price), Some(&*fill.price)));
        assert_eq!(
            as_it_was.worth_1s.map(|worth| (worth * 1e9).round()),
            fill.markout_1s.map(|worth| (worth * 1e9).round())
        );
        assert_eq!(story.what_ifs.len(), 4, "as it was, two latencies, a wider quote");
    }
    assert!(
        summary.execution.fills > 20 && ways > 60 && checked > 40,
        "{} fills, {ways} steps, {checked} books",
        summary.execution.fills
    );
}

#[test]
fn each_strategy_gives_its_reasons() {
    for (strategy, reason) in [
        ("avellaneda-stoikov", "reservation price above the midpoint"),
        ("glft", "fills A at the midpoint"),
        ("microprice", "micro-price above the midpoint"),
    ] {
        let out = temporary();
        let line = format!("run --fast --duration 20s --seed 3 --quiet --set passive_mm.strategy={strategy}");
        let (folder, _) = CLI.done_in(out.path(), &line);
        let decision = told(&folder, 1).decision.expect("it is remembered");
        assert!(decision.reasons.iter().any(|given| given.name == reason), "{strategy}: {:?}", decision.reasons);
    }
}

/// What is said of another world is what that world's own run comes to, halts included; the fill's own halt binds no other world.
#[test]
fn another_world_ends_where_its_own_run_would() {
    let (plain, tight) = (temporary(), temporary());
    let line = "--fast --duration 60s --seed 11 --quiet";
    let limit = "risk.account.max_drawdown=2.0";
    let (_, _, _, whole) = CLI.run_in(plain.path(), line);
    let (exit, _, stderr, halted) = CLI.run_in(tight.path(), &format!("{line} --set {limit}"));
    assert_eq!(exit, Exit::RiskHalt, "{stderr}");
    let asked = |folder: &Path, change: &str| {
        let flags = ExplainFlags { fill: 1, run: None, what_if: vec![change.parse().expect("a setting")] };
        let story = explanation::<PassiveMmPattern>(folder, &flags, &Interrupt::default()).expect("it can be told");
        let text = story.render(hft_app::output::Style::Plain);
        let [as_it_was, other] = <[_; 2]>::try_from(story.what_ifs).expect("one question");
        (as_it_was, other, text)
    };
    let figures = |folder: &Path| {
        let summary = Summary::of_folder(folder).expect("readable");
        (summary.execution.fills, summary.money.net.signed())
    };
    for (folder, other, change) in [(&whole, &halted, limit), (&halted, &whole, "risk.account.max_drawdown=1000.0")] {
        let (as_it_was, what_if, text) = asked(folder, change);
        assert_eq!((as_it_was.fills, as_it_was.net), figures(folder), "{change}");
        assert_eq!((what_if.fills, what_if.net), figures(other), "{change}");
        assert_eq!((as_it_was.halted.is_some(), what_if.halted.is_some()), (folder == &halted, other == &halted));
        assert!(text.contains("halted by its risk limits: drawdown"), "{text}");
    }
}

#[test]
fn a_run_by_the_clock_is_explained_from_its_journal() {
    let out = temporary();
    let (folder, _) = CLI.done_in(out.path(), "--duration 4s --quiet --set passive_mm.half_spread=0.1");
    let story = told(&folder, 1);
    assert_eq!(
        (story.driver.as_str(), story.queue.last().map(|step| step.time_ns)),
        ("realtime", Some(story.fill.time_ns))
    );
    assert_eq!(Some(&story.aggressor.class), story.fill.counterparty.as_ref());
    assert!(story.render(hft_app::output::Style::Plain).contains("as it was, in lockstep"));
}

#[test]
fn what_cannot_be_explained_is_said_in_a_sentence() {
    let out = temporary();
    let (_, _, _, folder) = CLI.run_in(out.path(), "run --fast --duration 10s --seed 11 --quiet");
    let at = format!("--run {}", folder.display());
    for (line, exit, says) in [
        (format!("explain 4000 {at}"), Exit::Data, "has no fill 4000: it has fills 1 to "),
        (format!("explain 0 {at}"), Exit::Data, "has no fill 0"),
        ("explain".to_owned(), Exit::Usage, "<FILL>"),
        (format!("explain 1 --run {}", out.path().display()), Exit::Data, "manifest.json"),
        (format!("explain 1 {at} --seed 3"), Exit::Usage, "--what-if TABLE.KEY=VALUE"),
        (format!("explain 1 {at} --what-if run.seed=5"), Exit::Usage, "run.seed is not something else in the same run"),
        (format!("explain 1 {at} --what-if passive_mm.half_sprad=1"), Exit::Config, "half_spread"),
        (
            format!("explain 1 {at} --what-if passive_mm.half_spread=x"),
            Exit::Config,
            "--what-if: passive_mm.half_spread",
        ),
        (format!("explain 1 {at} --what-if statarb.symbols=4"), Exit::Config, "is not a key of this program"),
        (format!("explain 1 {at} --what-if passive_mm.symbols=[\"OTHER\"]"), Exit::Data, "there is no SIM"),
        (format!("explain 1 {at} --what-if passive_mm.latency_us=100"), Exit::Ok, "passive_mm.latency_us = 100"),
    ] {
        let (got, stdout, stderr) = CLI.run(&line);
        assert_eq!(got, exit, "{line}: {stderr}");
        assert!(stdout.contains(says) || stderr.contains(says), "{line}: {stdout}{stderr}");
    }
    let fills = folder.join("fills.csv");
    let text = fs::read_to_string(&fills).expect("fills");
    fs::write(&fills, text.replacen("buy", "sell", 1)).expect("writable");
    let (exit, _, stderr) = CLI.run(&format!("explain 1 {at}"));
    assert_eq!(exit, Exit::Data, "{stderr}");
}
