//! Files of headlines: what is wrong with them is counted with its reason, and never traded on.

use crate::CLI;
use hft_app::output::Summary;
use hft_app::testing::temporary;
use hft_news_algo::tape::{Fault, Recorded};
use std::fs;

fn line(second: u32, text: &str) -> String {
    format!("{{\"published\":\"2026-03-02T10:00:{second:02}Z\",\"text\":\"{text}\"}}\n")
}

#[test]
fn every_fault_has_its_reason_and_its_place() {
    let huge = "a".repeat(10_000_000);
    let mut file = line(1, "Helix Pharma raises full-year outlook").into_bytes();
    file.extend(b"{\"published\":\"2026-03-02T10:00:02Z\",\"text\":\"Helix \xff\"}\n");
    file.extend(line(3, &huge).into_bytes());
    file.extend(b"{\"text\":\"no clock\"}\n{\"published\":\"2026-03-02T10:00:04Z\"}\nnot json\n");
    file.extend(line(0, "Helix Pharma cuts full-year outlook").into_bytes());
    file.extend(b"{\"published\":\"soon\",\"text\":\"x\"}\n");
    file.extend(b"{\"published\":\"2026-03-02T10:00:05Z\",\"text\":\"one\",\"seq\":7}\n");
    file.extend(b"{\"published\":\"2026-03-02T10:00:06Z\",\"text\":\"two\",\"seq\":9}\n");
    file.extend(b"{\"published\":\"2026-03-02T10:00:07Z\",\"text\":\"two\",\"seq\":9}\n");
    file.extend(b"{\"published\":\"2026-03-02T10:00:08Z\",\"received\":\"2026-03-02T10:00:07Z\",\"text\":\"early\"}\n");
    let tape = Recorded::of(&file);
    assert_eq!(tape.items.len(), 3, "{:?}", tape.items);
    let expected = [
        (Fault::Malformed, (1, 6)),
        (Fault::Missing, (2, 4)),
        (Fault::Unreadable, (2, 2)),
        (Fault::BadClock, (1, 8)),
        (Fault::ClockBack, (2, 7)),
        (Fault::Repeated, (1, 11)),
    ];
    assert_eq!(tape.refused, expected.into_iter().collect());
    assert_eq!(tape.gaps, 1);
}

#[test]
fn the_four_clocks_are_kept() {
    let file = b"{\"event\":\"2026-03-02T10:00:00Z\",\"published\":\"2026-03-02T10:00:01Z\",\"text\":\"a\"}\n\
        {\"event\":\"2026-03-02T10:00:02Z\",\"published\":\"2026-03-02T10:00:03Z\",\"received\":\"2026-03-02T10:00:03.25Z\",\"text\":\"b\"}\n";
    let items = Recorded::of(file).items;
    let clocks =
        |at: usize| (items[at].event.to_secs_f64(), items[at].published.to_secs_f64(), items[at].sent().to_secs_f64());
    assert_eq!(clocks(1), (2.0, 3.0, 3.25));
    assert!((clocks(0).1 - 1.0).abs() < 1e-12, "the first is a second after the start");
}

#[test]
fn feeds_of_both_kinds_are_tapes() {
    let rss = "<?xml version=\"1.0\"?><rss><channel><title>Wire</title><pubDate>Mon, 02 Mar 2026 11:00:00 GMT</pubDate>\
        <item><title>Second &amp; last</title><pubDate>Mon, 02 Mar 2026 10:00:05 GMT</pubDate></item>\
        <item><title><![CDATA[First <b>]]></title><pubDate>Mon, 02 Mar 2026 11:00:00 +0100</pubDate></item>\
        <item><title>No clock</title></item></channel></rss>";
    let tape = Recorded::of(rss.as_bytes());
    let texts: Vec<&str> = tape.items.iter().map(|item| item.text.as_str()).collect();
    assert_eq!(texts, ["First <b>", "Second & last"], "{:?}", tape.refused);
    assert_eq!(tape.refused.get(&Fault::Missing), Some(&(1, 3)));
    let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Wire</title><updated>2026-03-02T10:01:00Z</updated>\
        <entry><title>Only</title><updated>2026-03-02T10:00:00Z</updated></entry></feed>";
    assert_eq!(Recorded::of(atom.as_bytes()).items.len(), 1);
    let torn = Recorded::of(b"<rss><channel><item><title>Torn");
    assert_eq!((torn.items.len(), torn.refused.get(&Fault::Malformed)), (0, Some(&(1, 1))));
}

#[test]
fn a_recorded_tape_is_traded_and_its_faults_are_told() {
    let out = temporary();
    let path = out.path().join("news.jsonl");
    let good = line(1, "Helix Pharma Q3 profit rises 20.0% to 120.0 million from 100.0 million");
    fs::write(&path, good + "{\"text\":\"no clock\"}\n").expect("writable");
    let runs = out.path().join("runs");
    let line = format!("run --fast --duration 10s --quiet --set news_algo.wire.file={}", path.display());
    let (folder, _) = CLI.done_in(&runs, &line);
    let summary = Summary::of_folder(&folder).expect("readable");
    assert!(summary.execution.fills > 0, "the news was traded");
    let notes = summary.chapter.expect("what was read").notes.join(" ");
    assert!(notes.contains("1 refused for no text or no moment of publication (first: item 2)"), "{notes}");

    fs::write(&path, "{\"text\":\"no clock\"}\n").expect("writable");
    let (exit, _, stderr) = CLI.run(&format!("{line} --out {}", runs.display()));
    assert_eq!(exit, hft_app::exit::Exit::Config, "{stderr}");
    assert!(stderr.contains("no headline can be used: 1 refused"), "{stderr}");
}
