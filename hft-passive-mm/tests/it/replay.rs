//! Recorded markets: the maker in a recording of our own market, and what may be said of such a run.
//!
//! The fixture is a minute of the maker's own market without the maker, as a LOBSTER file. `UPDATE_GOLDEN=1` writes it anew.

use crate::CLI;
use flate2::{Compression, GzBuilder};
use hft_app::exit::Exit;
use hft_app::testing::temporary;
use hft_core::prelude::*;
use hft_data::formats::lobster::{LobsterWriter, file_names};
use hft_data::{
    Body, Date, Event as Recorded, Instruments, OrderRef, ReadOptions, Recording, Resting, UnixNanos, Zone,
};
use hft_passive_mm::scenario::Market;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};

/// How long the fixture is.
const SPAN: Nanos = Nanos::from_secs(60);

/// The opening of its day, s after midnight.
const OPENING_S: u64 = 34_200;

fn fixture() -> PathBuf {
    let name = fixture_name();
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/hft-data/fixtures").join(name)
}

fn fixture_name() -> String {
    let day = Date::new(2026, 1, 5).expect("a day");
    let opening = OPENING_S * 1_000;
    let [name, _] = file_names("SIM", day, opening..opening + SPAN.count() / 1_000_000, 0);
    format!("{name}.gz")
}

/// Writes down every order that the venue shows.
struct Scribe {
    book: BookId,
    midnight: UnixNanos,
    /// Number, side, price and size of every order that rests.
    resting: BTreeMap<OrderId, (OrderRef, Resting, Qty)>,
    orders: u64,
    traded: bool,
    events: Sender<Recorded>,
}

impl Scribe {
    fn told(&mut self, update: MarketUpdate) -> Option<Body> {
        match update {
            MarketUpdate::Trade { .. } => {
                self.traded = true; // the resting order's reduction follows
                None
            }
            MarketUpdate::OrderAdded { id, side, price, qty } => {
                self.orders += 1;
                let order = OrderRef(self.orders);
                self.resting.insert(id, (order, Resting { side, price }, qty));
                Some(Body::Add { order, side, price, qty })
            }
            MarketUpdate::OrderReduced { id, qty } => {
                let (order, at, open) = self.resting.get_mut(&id).expect("it was added");
                let (order, resting, by) = (*order, Some(*at), *open - qty);
                *open = qty;
                if qty.is_zero() {
                    self.resting.remove(&id);
                }
                Some(match (std::mem::take(&mut self.traded), qty.is_zero()) {
                    (true, _) => Body::Execute { order, qty: by, resting },
                    (false, true) => Body::Delete { order, qty: by, resting },
                    (false, false) => Body::Reduce { order, by, resting },
                })
            }
            MarketUpdate::Top(_) | MarketUpdate::Level { .. } | MarketUpdate::Clear | MarketUpdate::Phase(_) => None,
        }
    }
}

impl Strategy for Scribe {
    fn on_event(&mut self, event: &Event, _desk: &mut Desk<'_>) {
        let Event::Market(data) = event else { return };
        assert_eq!(data.book, self.book);
        let time = self.midnight.plus(OPENING_S * 1_000_000_000 + data.time.nanos()).expect("a moment of that day");
        if let Some(body) = self.told(data.update) {
            let event = Recorded::at(time, hft_data::InstrumentIndex(0), body);
            self.events.send(event).expect("the test listens");
        }
    }
}

/// A minute of the market, as whoever sees every order would write it down.
fn recorded() -> anyhow::Result<(Instruments, Vec<Recorded>)> {
    let midnight = Date::new(2026, 1, 5).and_then(|day| day.midnight(Zone::NewYork)).expect("a day");
    let mut instruments = Instruments::default();
    instruments.index_of("SIM", "0.01".parse()?, Decimal::ONE).expect("room for one");
    let mut world = World::<Simulated>::new(11);
    let venue = world.venue("XSIM", VenueConfig::default())?;
    let contract = Instrument::new("SIM", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
    let book = world.list(venue, contract, BookRules::default(), Price::new(10_000))?;
    Market::default().0.join(&mut world, book, Price::new(10_000))?;
    let desk = world.account("scribe", Limits::default())?;
    let (events, written) = channel();
    let scribe = Scribe { book, midnight, resting: BTreeMap::new(), orders: 0, traded: false, events };
    let scribe = world.trader("scribe/SIM", desk, scribe)?;
    world.connect(scribe, book, Connection::symmetric(Nanos::ZERO, Feed::every_change(Depth::Orders)))?;
    let ran = world.lockstep().run(Timestamp::START + SPAN);
    ran.outcome?;
    drop(ran.nodes);
    // What is cancelled because the run is over is no part of the market.
    let end = midnight.plus(OPENING_S * 1_000_000_000 + SPAN.count()).expect("a moment of that day");
    Ok((instruments, written.iter().filter(|event| event.local_time < end).collect()))
}

/// In the file a price is in ten-thousandths.
fn as_written(mut body: Body) -> Body {
    let fine = |price: &mut Price| *price = Price::new(price.ticks() * 100);
    if let Body::Add { price, .. } = &mut body {
        fine(price);
    } else if let Body::Execute { resting, .. } | Body::Reduce { resting, .. } | Body::Delete { resting, .. } =
        &mut body
    {
        fine(&mut resting.as_mut().expect("the scribe knows where it stood").price);
    }
    body
}

#[test]
fn the_fixture_is_a_minute_of_our_own_market() {
    let (instruments, events) = recorded().expect("a market");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let midnight = Date::new(2026, 1, 5).and_then(|day| day.midnight(Zone::NewYork)).expect("a day");
        let mut writer = LobsterWriter::new(Vec::new(), Vec::new(), midnight, 0);
        let info = &instruments.as_slice()[0];
        events.iter().for_each(|event| writer.write(event, info).expect("memory takes it"));
        let (messages, _) = writer.finish().expect("memory takes it");
        let mut file = GzBuilder::new().write(fs::File::create(fixture()).expect("writable"), Compression::best());
        std::io::Write::write_all(&mut file, &messages).and_then(|()| file.finish().map(drop)).expect("writable");
    }
    assert!(fs::metadata(fixture()).expect("it is there").len() < 200_000);
    let mut recording = Recording::open(&fixture(), &ReadOptions::default()).expect("a known format");
    let (mut read, mut trades) = (0, 0);
    while let Some(event) = recording.next().expect("a good file") {
        assert_eq!((event.body, event.local_time), (as_written(events[read].body), events[read].local_time));
        let body = event.body;
        trades += usize::from(matches!(body, Body::Execute { .. }));
        read += 1;
    }
    assert_eq!(read, events.len());
    assert!(trades > 100, "{trades} trades");
    println!("{read} events, {trades} executions");
}

#[test]
fn a_recording_is_traded_verified_and_explained() {
    let out = temporary();
    let line = format!("replay {} --set passive_mm.half_spread=0.2", fixture().display());
    let (summary, folder, stdout) = CLI.check_equal_runs(out.path(), &line, &[]);
    assert!(summary.execution.fills > 10, "{} fills", summary.execution.fills);
    let chapter = summary.chapter.expect("a recorded run has one");
    let models: Vec<&str> = chapter.tables[0].rows.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(models, ["exact", "touch", "pro-rata", "power 3", "log", "risk-averse", "through"]);
    let figure = |model: usize, column: usize| chapter.tables[0].rows[model].figures[column].unwrap_or_default();
    assert!((figure(0, 2) - summary.money.net.to_f64()).abs() < 1e-9, "the first is the run's own");
    assert!(figure(1, 0) >= figure(6, 0), "touch is filled at least as often as through");
    let displaced = chapter.tables[1].rows[0].figures[0].expect("told");
    assert!((displaced - figure(0, 1)).abs() < 1e-9, "each contract of ours was somebody else's");
    assert!(stdout.contains("In the recorded queue it came to"), "{stdout}");
    let (exit, said, err) = CLI.run(&format!("verify {}", folder.display()));
    assert_eq!(exit, Exit::Ok, "{err}");
    assert!(said.contains("byte for byte the same"), "{said}");
    let (exit, said, err) = CLI.run(&format!("explain 1 --run {} --no-color", folder.display()));
    assert_eq!(exit, Exit::Ok, "{err}");
    assert!(said.contains("history (class history)"), "{said}");
}

#[test]
fn what_cannot_be_replayed_is_refused_in_a_sentence() {
    let file = fixture().display().to_string();
    CLI.check(&[
        ("replay", Exit::Usage, "Name the files of a recording"),
        ("replay no-such-file.csv", Exit::Data, "no-such-file.csv"),
        (&format!("replay {file} --format tape"), Exit::Usage, "lobster"),
        (&format!("replay {file} --format itch"), Exit::Data, "expected"),
        (&format!("replay {file} --set replay.format=tape"), Exit::Config, "must be auto or one of"),
        (&format!("replay {file} --set replay.fill=guess"), Exit::Config, "exact"),
        (&format!("replay {file} --set passive_mm.size=0.5"), Exit::Config, "must be a multiple of the lot of SIM"),
    ]);
    let quotes = temporary();
    let path = quotes.path().join("quotes.csv");
    let rows = "local_time,exchange_time,symbol,event,flags,order,other,side,price,qty,price2,qty2\n\
                1700000000000000000,,XYZ,quote,L,,,,99.98,5,100.02,7\n\
                1700000001000000000,,XYZ,quote,L,,,,99.98,5,100.02,7\n";
    fs::write(&path, rows).expect("writable");
    let file = path.display();
    CLI.check(&[(&format!("replay {file} --set replay.fill=exact"), Exit::Data, "needs orders with names")]);
}
