//! The rules of a replay, each in a market of a few rows: what history does to our orders, and what it does after we have traded.

use crate::written::Files;
use hft_core::prelude::*;
use hft_data::ReadOptions;
use hft_data::replay::{FillModel, History, Survey, Tally};
use std::sync::mpsc::{Sender, channel};

/// Every trade and every size is one lot or more at prices in cents; the instrument says so first.
const HEAD: &str = "local_time,exchange_time,symbol,event,flags,order,other,side,price,qty,price2,qty2\n\
                    0,,X,instrument,,,,,0.01,1,1,\n";

/// The first moment of every recording, ns since 1970.
const EPOCH: u64 = 1_700_000_000_000_000_000;

/// An order of ours: when it is sent, in ms, and what it is.
#[derive(Clone, Copy)]
struct Ours {
    at_ms: u64,
    side: Side,
    price: i64,
    qty: i64,
    tif: TimeInForce,
}

const fn rest(at_ms: u64, side: Side, price: i64, qty: i64) -> Ours {
    Ours { at_ms, side, price, qty, tif: TimeInForce::Gtc }
}

/// Sends its orders and tells of its fills.
struct Script {
    book: BookId,
    orders: Vec<Ours>,
    fills: Sender<(u64, Fill)>,
}

impl Strategy for Script {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => {
                for (tag, order) in (0..).zip(&self.orders) {
                    desk.wake_at(Timestamp::START + Nanos::from_millis(order.at_ms), tag);
                }
            }
            Event::Wake(tag) => {
                let Ours { side, price, qty, tif, .. } = self.orders[*tag as usize];
                let order = NewOrder::limit(OrderId(0), self.book, side, Price::new(price), Qty::new(qty));
                desk.submit(NewOrder { tif, ..order });
            }
            Event::Report(ExecutionReport { kind: ExecKind::Trade(fill), time, .. }) => {
                self.fills.send((time.nanos() / 1_000_000, *fill)).expect("the test listens");
            }
            Event::Report(_) | Event::Market(_) | Event::News(_) | Event::Refused(_) => {}
        }
    }
}

/// What came of a replay.
struct Played {
    /// Our fills: time in ms, price, size.
    fills: Vec<(u64, i64, i64)>,
    tally: Tally,
    /// Best bid and ask just before the end: price and size.
    touch: [Option<(i64, i64)>; 2],
}

/// Looks at the book after every message until the run is being stopped.
struct Last([Option<(i64, i64)>; 2], Timestamp);

impl hft_core::world::Observer<Node> for Last {
    fn after(&mut self, now: Timestamp, _: hft_core::world::NodeId, nodes: &[Node]) -> anyhow::Result<()> {
        if now < self.1 {
            let top = nodes.iter().find_map(Node::as_venue).expect("one").books().next().expect("one").2.top();
            self.0 = [top.bid, top.ask].map(|quote| quote.map(|q| (q.price.ticks(), q.qty.lots())));
        }
        Ok(())
    }
}

/// Rows are `ms,event,flags,order,other,side,price,qty`.
fn play(rows: &[&str], model: FillModel, orders: &[Ours]) -> Played {
    let files = Files::new();
    let row = |row: &&str| {
        let (ms, rest) = row.split_once(',').expect("a row");
        let (event, rest) = rest.split_once(',').expect("a row");
        format!("{},,X,{event},{rest},,\n", EPOCH + ms.parse::<u64>().expect("ms") * 1_000_000)
    };
    // One lot far away, so that a lot is one.
    let one = if model == FillModel::Exact { "0,add,L,900,,buy,0.01,1" } else { "0,level,L,,,buy,0.01,1" };
    let end = "9000,notice,L,,0,,,";
    let text: String = [&one].into_iter().chain(rows).chain([&end]).map(row).collect();
    let path = files.write("x.csv", HEAD.to_owned() + &text);
    let survey = Survey::of(&[path], &ReadOptions::default(), None).expect("a recording");
    let mut world = World::<Replayed>::new(1);
    let venue = world.venue("X", VenueConfig::default()).expect("new");
    let fees = FeeSchedule::default();
    let x = Instrument::new("X", "USD", "0.01".parse().expect("a tick"), Decimal::ONE, Decimal::ONE, fees);
    let book = world.list(venue, x.expect("a contract"), BookRules::default(), Price::new(100)).expect("new");
    let account = world.account("history", Limits::default()).expect("new");
    let history = History::new(&survey, &[(model, book)]).expect("read before");
    let tallies = history.tallies();
    let recording = world.trader("recording", account, history).expect("new");
    world.play(recording, book).expect("wired");
    let desk = world.account("desk", Limits::default()).expect("new");
    let (fills, told) = channel();
    let script = world.trader("script", desk, Script { book, orders: orders.to_vec(), fills }).expect("new");
    world.connect(script, book, Connection::symmetric(Nanos::ZERO, Feed::every_change(Depth::Top))).expect("wired");
    let mut last = Last([None; 2], Timestamp::START + survey.span);
    let mut ran = world.lockstep().run_observed(Timestamp::START + survey.span, &mut last);
    ran.outcome.expect("nothing fails");
    close_books(&mut ran.nodes, ran.ended).expect("history is booked like everybody");
    drop(ran.nodes);
    let fills = told.iter().map(|(time, fill)| (time, fill.price.ticks(), fill.qty.lots())).collect();
    Played { fills, tally: tallies.read()[0], touch: last.0 }
}

#[test]
fn a_recorded_taker_meets_us_where_we_are_first() {
    let rows = [
        "0,add,L,1,,buy,0.99,10",
        "0,add,L,2,,sell,1.01,10",
        "20,add,L,3,,buy,0.99,8",
        "30,execute,L,1,,buy,0.99,10",
        "40,execute,L,3,,buy,0.99,5",
    ];
    let played = play(&rows, FillModel::Exact, &[rest(10, Side::Buy, 99, 3)]);
    assert_eq!(
        played.fills,
        [(40, 99, 3)],
        "after the ten that were there before us, before the eight that came later"
    );
    assert_eq!((played.tally.hits, played.tally.displaced), (1, 3));
    assert_eq!(
        played.touch[0],
        Some((99, 3)),
        "the order behind us lost its recorded five, three of them without a trade"
    );
    let better = play(&rows, FillModel::Exact, &[rest(10, Side::Buy, 100, 30)]);
    assert_eq!(better.fills, [(30, 100, 10), (40, 100, 5)], "at a better price everybody meets us");
    assert_eq!(better.touch[0], Some((100, 15)));
}

#[test]
fn what_we_took_of_history_is_gone() {
    let rows = [
        "0,add,L,1,,buy,0.99,10",
        "0,add,L,2,,sell,1.01,10",
        "0,add,L,3,,sell,1.01,4",
        "20,execute,L,2,,sell,1.01,7",
        "30,delete,L,2,,sell,1.01,3",
        "40,reduce,L,3,,sell,1.01,1",
    ];
    let take = Ours { tif: TimeInForce::Ioc, ..rest(10, Side::Buy, 101, 8) };
    let played = play(&rows, FillModel::Exact, &[take]);
    assert_eq!((played.fills.as_slice(), played.tally.taken), (&[(10, 101, 8)][..], 8));
    // Two are left of order 2 and four of order 3; the recorded taker of seven finds these six.
    assert_eq!(played.touch[1], None, "nothing is left, and no ghost of what the record still has");
    assert!(played.tally.clipped >= 2, "{:?}", played.tally);
    let alone = play(&rows, FillModel::Exact, &[]);
    assert_eq!((alone.touch[1], alone.tally.clipped), (Some((101, 3)), 0), "without us it is the record");
}

#[test]
fn a_hidden_execution_and_a_crossing_order_meet_those_who_show() {
    let rows = [
        "0,add,L,1,,buy,0.99,10",
        "0,add,L,2,,sell,1.03,10",
        "20,hidden_trade,L,0,,sell,1.00,4",
        "30,add,L,3,,sell,1.01,5",
    ];
    let played = play(&rows, FillModel::Exact, &[rest(10, Side::Buy, 101, 6)]);
    assert_eq!(
        played.fills,
        [(20, 101, 4), (30, 101, 2)],
        "we show, the hidden order did not; then the offer crosses us"
    );
    assert_eq!(played.touch, [Some((99, 10)), Some((101, 3))]);
    let behind = play(&rows, FillModel::Exact, &[rest(10, Side::Buy, 98, 6)]);
    assert_eq!(behind.fills, [], "at a worse price the hidden order goes first");
    let equal = play(&rows[..3], FillModel::Exact, &[rest(10, Side::Buy, 100, 6)]);
    assert_eq!(equal.fills, [], "who showed at its own price was not hit either");
}

#[test]
fn an_auction_and_a_crossed_opening_meet_nobody() {
    let rows = [
        "0,add,L,1,,buy,1.05,10",
        "0,add,L,2,,sell,1.01,10",
        "10,execute,XL,1,,buy,1.05,10",
        "10,execute,XL,2,,sell,1.01,10",
        "20,add,L,3,,buy,1.00,5",
        "20,add,L,4,,sell,1.02,5",
    ];
    let played = play(&rows, FillModel::Exact, &[rest(5, Side::Sell, 103, 1)]);
    assert_eq!((played.fills.as_slice(), played.tally.met), (&[][..], 0));
    assert_eq!(played.touch, [Some((100, 5)), Some((102, 5))]);
}

/// Sixty before us, forty behind, then fifty leave without a trade; a seller of 31, and one who goes through.
const QUEUE: [&str; 7] = [
    "0,level,,,,buy,0.99,60",
    "0,level,L,,,sell,1.01,10",
    "20,level,L,,,buy,0.99,100",
    "30,level,L,,,buy,0.99,50",
    "40,trade,L,0,,sell,0.99,31",
    "50,trade,L,0,,sell,0.98,1",
    "60,level,L,,,buy,0.99,0",
];

#[test]
fn each_model_moves_us_as_it_says() {
    let one = [rest(10, Side::Buy, 99, 1)];
    for (model, filled_at) in [
        (FillModel::Touch, 40),
        (FillModel::Power(1.0), 40), // thirty before us
        (FillModel::Power(3.0), 40), // eleven: most leave from the longer part
        (FillModel::RiskAverse, 50), // forty from behind, ten from before: fifty
        (FillModel::Through, 50),
    ] {
        let played = play(&QUEUE, model, &one);
        assert_eq!(played.fills, [(filled_at, 99, 1)], "{model}");
    }
    let far = play(&QUEUE, FillModel::Touch, &[rest(10, Side::Buy, 98, 1)]);
    assert_eq!(far.fills, [(50, 98, 1)], "the ninety-nines are gone by then");
}

#[test]
fn what_we_took_of_a_level_is_missing_until_it_empties() {
    let rows = [
        "0,level,,,,buy,0.99,60",
        "0,level,L,,,sell,1.01,10",
        "20,level,L,,,sell,1.01,12",
        "30,level,L,,,sell,1.01,5",
        "40,level,L,,,sell,1.01,0",
        "50,level,L,,,sell,1.01,9",
    ];
    let take = Ours { tif: TimeInForce::Ioc, ..rest(10, Side::Buy, 101, 4) };
    let after = |rows: &[&str]| play(rows, FillModel::Log, &[take]).touch[1];
    assert_eq!(after(&rows[..3]), Some((101, 8)), "twelve less four");
    assert_eq!(after(&rows[..4]), Some((101, 1)));
    assert_eq!(after(&rows[..5]), None);
    assert_eq!(after(&rows), Some((101, 9)), "it begins anew");
}

#[test]
fn quotes_are_a_book_of_one_level() {
    let files = Files::new();
    let row = |ms: u64, quote: &str| format!("{},,X,quote,L,,,,{quote}\n", EPOCH + ms * 1_000_000);
    let text = HEAD.to_owned() + &row(0, "0.99,5,1.01,7") + &row(10, "1.00,4,1.02,7") + &row(20, "1.00,4,1.02,7");
    let survey = Survey::of(&[files.write("q.csv", text)], &ReadOptions::default(), None).expect("a recording");
    assert_eq!((survey.mean_spread, survey.events), (2.0, 3));
    assert_eq!(survey.first.bid, Some(Quote { price: Price::new(99), qty: Qty::new(5) }));
}
