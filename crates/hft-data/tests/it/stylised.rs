//! Streams whose facts are known beforehand, and what is made of them.

use crate::written::{Files, events};
use hft_core::models::{Decimal, Price, Qty, Side};
use hft_data::formats::lobster::BookRows;
use hft_data::{
    Body, BookFiles, Event, Flags, InstrumentIndex, Instruments, ObservedBook, OrderRef, ReadOptions,
    StylisedCollector, StylisedFacts, UnixNanos,
};

const SECOND: u64 = 1_000_000_000;

/// A generator that is nobody's: splitmix64.
struct Dice(u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn at(nanos: u64, body: Body) -> Event {
    Event::at(UnixNanos::new(nanos), InstrumentIndex(0), body)
}

fn quote(nanos: u64, [bid, bid_qty, ask, ask_qty]: [i64; 4]) -> Event {
    let (price, qty) = (Price::new, Qty::new);
    at(nanos, Body::Quote { bid: price(bid), bid_qty: qty(bid_qty), ask: price(ask), ask_qty: qty(ask_qty) })
}

fn trade(nanos: u64, side: Side) -> Event {
    at(nanos, Body::Trade { id: 0, price: Price::new(1_000), qty: Qty::new(3), aggressor: Some(side) })
}

fn facts(events: impl IntoIterator<Item = Event>) -> StylisedFacts {
    let mut instruments = Instruments::default();
    let index = instruments.index_of("X", "0.01".parse().expect("a step"), Decimal::ONE).expect("room");
    let mut collector = StylisedCollector::default();
    events.into_iter().for_each(|event| collector.see(&event));
    collector.conclude(instruments.get(index))
}

fn near(value: f64, expected: f64, by: f64) {
    assert!((value - expected).abs() <= by, "{value}, expected {expected} within {by}");
}

/// A sign that is repeated with probability p has the autocorrelation (2p - 1)^l; where each trade moves the price one tick
/// its way, the response at l is the sum of the first l of these, the trade's own included.
#[test]
fn signs_that_follow_one_another_have_the_autocorrelation_of_their_chain() {
    let (mut dice, mut side, mut mid, p) = (Dice(1), Side::Buy, 100_000, 0.8);
    let mut stream = Vec::new();
    for i in 1..=200_000u64 {
        side = if dice.unit() < p { side } else { side.opposite() };
        stream.push(quote(2 * i * SECOND / 100, [mid - 1, 5, mid + 1, 5]));
        stream.push(trade((2 * i + 1) * SECOND / 100, side));
        mid += side.sign();
    }
    let facts = facts(stream);
    for (at, value) in facts.trade_signs.at.iter().zip(&facts.trade_signs.value).take(4) {
        near(value.expect("told"), libm::pow(2.0 * p - 1.0, *at), 0.02);
    }
    let sum = |lag: i32| (0..lag).map(|l| (2.0f64 * p - 1.0).powi(l)).sum::<f64>();
    for (at, lag) in [(0, 1), (1, 2), (3, 5)] {
        near(facts.response.value[at].expect("told"), sum(lag), 0.03);
    }
    near(facts.trade_gap.expect("told").mean(), 0.02, 1e-9);
}

/// Executions of one moment against one side are one trade, and its size is their sum.
#[test]
fn an_order_that_meets_several_is_one_trade() {
    let execute = |nanos, order, side| {
        let resting = Some(hft_data::Resting { side, price: Price::new(100) });
        at(nanos, Body::Execute { order: OrderRef(order), qty: Qty::new(2), resting })
    };
    let stream =
        [execute(5, 1, Side::Sell), execute(5, 2, Side::Sell), execute(5, 3, Side::Buy), execute(6, 4, Side::Buy)];
    let sizes = facts(stream).trade_size.expect("traded");
    // The lot is two.
    assert_eq!((sizes.count, sizes.points), (3, vec![(1.0, 2.0 / 3.0), (2.0, 1.0 / 3.0)]));
}

/// A midpoint that steps once a second, up or down alike: variance one tick squared a second at every interval from a second
/// on, a kurtosis of 1 - 3 at a second and of nearly none at a minute, and no clusters.
#[test]
fn a_random_walk_has_a_flat_signature_and_thin_tails() {
    let (mut dice, mut mid) = (Dice(2), 1_000_000);
    let stream: Vec<Event> = (1..=100_000u64)
        .map(|i| {
            mid += if dice.unit() < 0.5 { 2 } else { -2 };
            quote(i * SECOND - 1, [mid - 2, 5, mid + 2, 5])
        })
        .collect();
    let facts = facts(stream);
    near(facts.tick, 0.02, 1e-12); // all prices are even
    for (at, value) in facts.signature.at.iter().zip(&facts.signature.value).filter(|(at, _)| **at >= 1.0) {
        near(value.expect("told"), 1.0, if *at < 10.0 { 0.02 } else { 0.08 });
    }
    near(facts.kurtosis.value[0].expect("told"), -2.0, 0.01);
    near(facts.kurtosis.value[2].expect("told"), 0.0, 0.25);
    near(facts.spread.expect("told").mean(), 2.0, 1e-9);
}

/// Every ten seconds the bid gains so many lots at its price and the midpoint goes a tick for every ten of them: the slope is
/// a tenth, and explains everything.
#[test]
fn a_price_that_follows_the_flow_of_orders_has_the_slope_that_it_follows_with() {
    let (mut dice, mut mid, mut bid_qty) = (Dice(3), 1_000_000i64, 1_000_000i64);
    // The first two set the grid on whole seconds.
    let mut stream: Vec<_> = [1, 2].map(|second| quote(second * SECOND, [mid - 1, bid_qty, mid + 1, 1])).into();
    for window in 1..=500u64 {
        let steps = (dice.unit() * 9.0) as i64 - 4;
        bid_qty += 10 * steps;
        let begin = 10 * window * SECOND;
        // The queue first; then both prices move at once, empty, which is no flow.
        stream.push(quote(begin + 3 * SECOND, [mid - 1, bid_qty, mid + 1, 1]));
        stream.push(quote(begin + 4 * SECOND, [mid - 1, 0, mid + 1, 0]));
        mid += steps;
        stream.push(quote(begin + 5 * SECOND, [mid - 1, bid_qty, mid + 1, 1]));
    }
    let flow = facts(stream).flow.expect("enough windows");
    near(flow.slope, 0.1, 1e-6);
    near(flow.r2, 1.0, 1e-9);
}

#[test]
fn orders_are_sized_placed_and_timed() {
    let add = |nanos, order, side, price, qty| {
        at(nanos, Body::Add { order: OrderRef(order), side, price: Price::new(price), qty: Qty::new(qty) })
    };
    let delete = |nanos, order| at(nanos, Body::Delete { order: OrderRef(order), qty: Qty::ZERO, resting: None });
    let facts = facts([
        add(1, 1, Side::Buy, 99, 4),
        add(2, 2, Side::Sell, 103, 6),
        add(SECOND, 3, Side::Sell, 101, 5),
        delete(3 * SECOND, 3),
        // An image of the book is no order that came.
        add(4 * SECOND, 9, Side::Buy, 98, 50).flagged(Flags::SNAPSHOT.and(Flags::LAST)),
        delete(5 * SECOND, 1),
    ]);
    assert_eq!(facts.order_size.as_ref().map(|sizes| (sizes.count, sizes.mean())), Some((3, 5.0)));
    assert_eq!(facts.placement.map(|distance| distance.mean()), Some((4.0 + 2.0) / 2.0), "of the two that saw a touch");
    assert_eq!(facts.cancel_ratio, Some(2.0 / 3.0));
    near(facts.cancel_time.expect("two were cancelled").mean(), (2.0 + 5.0) / 2.0, 1e-8);
}

/// Ten million hours of silence, a clock that goes back, no second side: odd streams have facts, too, and soon.
#[test]
fn odd_streams_end_in_facts() {
    let stream = [quote(SECOND, [99, 1, 101, 1]), quote(u64::MAX - 1, [98, 1, 102, 1]), quote(5, [99, 1, 99, 1])];
    let facts = facts(stream);
    assert_eq!((facts.events, facts.spread), (3, None), "no state held for an hour or less");
    assert_eq!(facts.flow, None);
    assert_eq!(crate::stylised::facts([]).events, 0);
}

/// The second message touches level 1, and a level from beyond the file's two comes into the rows: no message tells it.
#[test]
fn a_pair_of_files_tells_the_levels_that_its_messages_do_not() {
    let files = Files::new();
    let name = |what: &str| format!("XYZ_2024-01-02_34200000_57600000_{what}_2.csv");
    let messages = "34200.1,1,11,100,1000100,1\n34200.2,3,11,100,1000100,1\n34200.3,1,12,7,1000000,1\n";
    let rows = "1000200,9,1000100,100,1000300,8,1000000,20\n1000200,9,1000000,20,1000300,8,999900,30\n\
                1000200,9,1000000,27,1000300,8,999900,30\n";
    let path = files.write(&name("message"), messages);
    let book_path = files.write(&name("orderbook"), rows);
    let options = ReadOptions { book_files: BookFiles::Paired, ..ReadOptions::default() };
    let events = events(&path, &options).expect("a good pair");
    let (mut book, mut row, mut count) = (ObservedBook::default(), Vec::new(), 0);
    let mut rows = BookRows::open(&book_path).expect("rows");
    for event in &events {
        book.apply(event).expect("it fits");
        let is_end = event.flags.has(Flags::LAST) && !matches!(event.body, Body::Clear(_));
        // The image of the first row ends a batch of its own, before the message that is part of it.
        if is_end && !(event.flags.has(Flags::SNAPSHOT) && count == 0) {
            assert!(rows.next(&mut row).expect("a good row"));
            count += 1;
            for level in &row {
                assert_eq!(book.qty_at(level.side, level.price), level.qty, "after message {count}");
            }
        }
    }
    assert_eq!(count, 3);
    let told = events.iter().filter(|event| matches!(event.body, Body::Level { .. })).count();
    assert_eq!(told, 1, "the level that came into the window, as a part of an image");
    let alone = crate::written::events(&path, &ReadOptions::default()).expect("good messages");
    assert_eq!(alone.len(), 3, "unless it is asked for, the file is read alone");
}
