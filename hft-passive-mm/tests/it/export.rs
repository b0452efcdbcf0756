//! A run, written as a recording and read back: the same events, the same books, in every format.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::run::{RecorderParts, Stage, stage};
use hft_app::testing::temporary;
use hft_app::transcript::Transcript;
use hft_app::verify;
use hft_core::models::{Nanos, Price, Side, Timestamp};
use hft_core::world::{Lockstep, Node, NodeId, Observer};
use hft_data::formats::lobster::{BookLevel, BookRows};
use hft_data::{Body, Date, Event, Format, InstrumentIndex, ReadOptions, Recording, Zone};
use hft_passive_mm::PassiveMmPattern;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};

const LEVELS: usize = 10;

/// The engine's own book after the last of so many events of an instrument.
struct Image {
    instrument: usize,
    events: usize,
    levels: Vec<BookLevel>,
}

/// Watches the engines beside the transcript.
struct Beside<T> {
    transcript: T,
    images: Vec<Image>,
    told: Receiver<Event>,
    events: Vec<Event>,
}

impl<T: Observer<Node>> Observer<Node> for Beside<T> {
    fn after(&mut self, now: Timestamp, node: NodeId, nodes: &[Node]) -> anyhow::Result<()> {
        self.transcript.after(now, node, nodes)?;
        self.events.extend(self.told.try_iter());
        let Some(venue) = nodes[node.0 as usize].as_venue() else { return Ok(()) };
        for (place, (.., engine)) in venue.books().enumerate() {
            let index = InstrumentIndex(place as u16);
            let events = self.events.iter().filter(|event| event.instrument == index).count();
            let told = self.images.iter().rev().find(|image| image.instrument == place);
            if events == 0 || told.is_some_and(|image| image.events == events) {
                continue;
            }
            let of = |side| {
                let quote = move |level: hft_core::exchange::LevelView| {
                    let cents = Price::new(level.price.ticks() * 100);
                    let qty = hft_core::models::Qty::new(i64::try_from(level.visible).expect("small"));
                    BookLevel { side, price: cents, qty }
                };
                engine.levels(side).take(LEVELS).map(quote)
            };
            // A row has both sides in turn; sorted by side they compare.
            let levels = of(Side::Buy).chain(of(Side::Sell)).collect();
            self.images.push(Image { instrument: place, events, levels });
        }
        Ok(())
    }
}

/// All events of a run, and what its engines' books were.
fn watched(folder: &Path) -> (Vec<Event>, Vec<Image>) {
    let config = verify::configuration::<PassiveMmPattern>(folder).expect("a configuration");
    let (Stage { mut world, who, .. }, _) =
        stage::<PassiveMmPattern>(&config, RecorderParts::summary_only(Nanos::from_secs(20))).expect("tradable");
    world.keep_events();
    let (tell, told) = channel();
    let midnight = "2024-01-02".parse::<Date>().expect("a day").midnight(Zone::NewYork).expect("it has one");
    let begins = midnight.plus(34_200_000_000_000).expect("half past nine");
    let keep = move |event: &Event, _: &hft_data::Instruments| {
        tell.send(*event)?;
        Ok(())
    };
    let transcript = Transcript::new(&who, begins, keep).expect("short names");
    let mut beside = Beside { transcript, images: Vec::new(), told, events: Vec::new() };
    let ran =
        Lockstep::new(world.nodes, world.wiring).run_observed(Timestamp::START + Nanos::from_secs(20), &mut beside);
    ran.outcome.expect("it ran");
    (beside.events, beside.images)
}

fn read(path: &Path) -> (Vec<Event>, Vec<String>, Format) {
    let mut recording = Recording::open(path, &ReadOptions::default()).expect("a recording");
    let mut events = Vec::new();
    while let Some(event) = recording.next().expect("no bad record") {
        events.push(event);
    }
    let symbols = recording.instruments().as_slice().iter().map(|info| info.symbol.clone()).collect();
    (events, symbols, recording.format())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("exported").map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    files
}

/// A price of the book's ticks of 0.01, in LOBSTER's ten-thousandths.
#[allow(clippy::wildcard_enum_match_arm, reason = "a check looks at the kinds that it knows")]
fn scaled(event: &Event) -> Event {
    let mut event = Event { instrument: InstrumentIndex(0), ..*event };
    let scale = |price: &mut Price| *price = Price::new(price.ticks() * 100);
    match &mut event.body {
        Body::Add { price, .. } | Body::HiddenTrade { price, .. } => scale(price),
        Body::Reduce { resting: Some(at), .. }
        | Body::Delete { resting: Some(at), .. }
        | Body::Execute { resting: Some(at), .. } => scale(&mut at.price),
        other => panic!("the maker's market says nothing like {other:?}"),
    }
    event
}

#[test]
fn a_run_of_several_books_is_read_back_event_by_event_and_row_by_row() {
    let (out, to) = (temporary(), temporary());
    let line = "run --fast --duration 20s --seed 11 --quiet --set passive_mm.symbols=[\"ABC\",\"XYZ\"]";
    let (exit, _, stderr, folder) = CLI.run_in(out.path(), line);
    assert_eq!(exit, Exit::Ok, "{stderr}");
    let (events, images) = watched(&folder);
    assert!(events.len() > 5_000 && images.len() > 2_000, "{} events, {} images", events.len(), images.len());

    let (lobster, csv) = (to.path().join("lobster"), to.path().join("csv"));
    for (format, out) in [("lobster", &lobster), ("csv", &csv)] {
        let line = format!("data export {} --as {format} --out {}", folder.display(), out.display());
        let (exit, stdout, stderr) = CLI.run(&line);
        assert_eq!(exit, Exit::Ok, "{stderr}");
        assert!(stdout.contains(&format!("exported {} events", events.len())), "{stdout}");
        let (exit, _, stderr) = CLI.run(&line);
        assert_eq!((exit, stderr.contains("is there already")), (Exit::Runtime, true), "{stderr}");
    }

    let (read_back, symbols, format) = read(&files(&csv)[0]);
    assert_eq!((format, symbols), (Format::EventsCsv, vec!["ABC".to_owned(), "XYZ".to_owned()]));
    assert_eq!(read_back, events, "the CSV, bit by bit");

    let names: Vec<_> = files(&lobster).iter().map(|file| file.file_name().expect("a name").to_owned()).collect();
    assert_eq!(names.len(), 4, "a pair of each book: {names:?}");
    for (place, symbol) in ["ABC", "XYZ"].into_iter().enumerate() {
        let named = |what: &str| lobster.join(format!("{symbol}_2024-01-02_34200000_34220000_{what}_10.csv"));
        let (messages, symbols, format) = read(&named("message"));
        assert_eq!((format, symbols), (Format::Lobster, vec![symbol.to_owned()]));
        let told: Vec<Event> =
            events.iter().filter(|event| usize::from(event.instrument.0) == place).map(scaled).collect();
        assert_eq!(messages, told, "{symbol}: the messages");
        let (mut rows, mut row, mut count, mut compared) =
            (BookRows::open(&named("orderbook")).expect("rows"), Vec::new(), 0, 0);
        while rows.next(&mut row).expect("no bad row") {
            count += 1;
            row.sort_by_key(|level| level.side.index());
            if let Some(image) = images.iter().find(|image| (image.instrument, image.events) == (place, count)) {
                assert_eq!(row, image.levels, "{symbol}, row {count}");
                compared += 1;
            }
        }
        assert_eq!(count, told.len(), "a row for each message");
        assert!(compared > 1_000, "{compared} rows were compared with the engine");
    }
}

#[test]
fn what_is_no_run_is_refused_and_a_run_that_differs_leaves_no_file() {
    let (out, to) = (temporary(), temporary());
    let (_, _, _, folder) = CLI.run_in(out.path(), "run --fast --duration 2s --quiet");
    let export =
        |flags: &str| CLI.run(&format!("data export {} --out {} {flags}", folder.display(), to.path().display()));
    for (flags, exit, says) in [
        ("--as tape", Exit::Usage, "lobster, csv"),
        ("--levels 0", Exit::Usage, "1..=200"),
        ("--date yesterday", Exit::Usage, "yesterday"),
        ("--seed 3", Exit::Usage, "its own configuration and seed"),
    ] {
        let (got, _, stderr) = export(flags);
        assert_eq!((got, stderr.contains(says)), (exit, true), "{flags}: {stderr}");
    }
    let manifest = folder.join("manifest.json");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    let digest = hft_app::output::Manifest::read(&folder).expect("a manifest").run.digest.expect("a digest");
    fs::write(&manifest, text.replace(&digest, "0123456789abcdef")).expect("writable");
    let (exit, _, stderr) = export("");
    assert_eq!(exit, Exit::ReplayMismatch, "{stderr}");
    assert!(files(to.path()).is_empty(), "the files are taken away");
    let (exit, ..) = CLI.run(&format!("data export {}", to.path().display()));
    assert_eq!(exit, Exit::Data);
}
