//! What a venue's gateway, reports, fees and batches do around its books, whose own rules have scripts of their own.

use crate::floor::{BLOTTER, ELSEWHERE, FEED, Floor, X, Y, order};
use hft_core::exchange::{BookRules, Depth, Feed, Gateway, MarketRemainder, PostOnlyCross, VenueConfig};
use hft_core::models::*;
use hft_core::world::Message;

#[test]
fn a_gateway_serves_one_after_the_other_and_refuses_whom_it_has_no_room_for() {
    let gateway = Gateway { service_ns: 10_000, delay_ns: 5_000, max_waiting: 2, ..Gateway::default() };
    let mut floor = Floor::open(VenueConfig { gateway, ..VenueConfig::default() }, BookRules::default());
    assert!(floor.limit(0, 1, 11, Side::Buy, 99, 1).is_empty(), "it waits");
    assert!(floor.limit(1, 2, 21, Side::Buy, 99, 1).is_empty(), "behind it");
    assert_eq!(floor.limit(2, 3, 31, Side::Buy, 99, 1), ["3: #1 order 31 Rejected(Capacity); filled 0, leaves 0"]);
    assert_eq!(
        floor.ask(2, 3, Command::Cancel { book: X, id: OrderId(31) }),
        ["3: #2 order 31 CommandRejected(Capacity); filled 0, leaves 0"]
    );
    assert!(floor.wait(14).is_empty());
    assert_eq!(floor.wait(24), ["15 1: #1 order 11 New; filled 0, leaves 1"], "held for 5, served for 10");
    assert!(floor.limit(24, 3, 32, Side::Buy, 99, 1).is_empty(), "one has left, so there is room");
    assert_eq!(floor.wait(25), ["25 2: #1 order 21 New; filled 0, leaves 1"]);
    assert_eq!(floor.wait(99), ["39 3: #3 order 32 New; filled 0, leaves 1"], "nobody was before it: 24 and 5 and 10");
}

#[test]
fn a_timer_serves_nobody_before_its_time() {
    let gateway = Gateway { service_ns: 10_000, ..Gateway::default() };
    let mut floor = Floor::open(VenueConfig { gateway, ..VenueConfig::default() }, BookRules::default());
    floor.limit(0, 1, 11, Side::Buy, 99, 1);
    floor.limit(0, 1, 12, Side::Buy, 99, 1);
    let (&(at, _), &tag) = floor.timers.first_key_value().expect("one was set");
    assert_eq!(at, 10);
    assert!(floor.tell(9, Message::Wake(tag)).is_empty(), "it came too early");
    assert_eq!(floor.tell(10, Message::Wake(tag)), ["1: #1 order 11 New; filled 0, leaves 1"], "and only the first");
}

#[test]
fn an_asymmetric_bump_holds_takers_and_lets_others_overtake_them() {
    let gateway = Gateway { taker_delay_ns: 50_000, service_ns: 1_000, ..Gateway::default() };
    let mut floor = Floor::open(VenueConfig { gateway, ..VenueConfig::default() }, BookRules::default());
    let resting = Command::New(NewOrder { post_only: true, ..order(11, Side::Sell, 101, 1) });
    assert!(floor.ask(0, 1, resting).is_empty());
    assert!(floor.limit(5, 2, 21, Side::Buy, 101, 1).is_empty(), "the taker is held");
    assert_eq!(floor.wait(9), ["1 1: #1 order 11 New; filled 0, leaves 1"]);
    assert!(floor.ask(54, 1, Command::Cancel { book: X, id: OrderId(11) }).is_empty(), "served for one");
    let came =
        ["55 1: #2 order 11 Canceled(Requested); filled 0, leaves 1", "56 2: #1 order 21 New; filled 0, leaves 1"];
    assert_eq!(floor.wait(99), came, "a cancel sent 49 later was first");
}

#[test]
fn at_the_stop_whoever_waits_is_served_at_once_and_so_are_later_ones() {
    let gateway = Gateway { delay_ns: 50_000, ..Gateway::default() };
    let mut floor = Floor::open(VenueConfig { gateway, ..VenueConfig::default() }, BookRules::default());
    assert!(floor.limit(0, 1, 11, Side::Buy, 99, 1).is_empty());
    assert_eq!(floor.tell(1, Message::Stop), ["1: #1 order 11 New; filled 0, leaves 1"]);
    assert_eq!(floor.limit(2, 1, 12, Side::Buy, 99, 1), ["1: #2 order 12 New; filled 0, leaves 1"]);
    assert!(floor.wait(99).is_empty(), "nothing is served twice");
}

#[test]
fn what_is_not_listed_here_is_refused_and_a_mass_cancel_of_it_is_nobody_s() {
    let mut floor = Floor::plain();
    let foreign = NewOrder { book: ELSEWHERE, ..order(11, Side::Buy, 99, 1) };
    assert_eq!(
        floor.ask(0, 1, Command::New(foreign)),
        ["1: #1 order 11 Rejected(UnknownInstrument); filled 0, leaves 0"]
    );
    let id = OrderId(11);
    assert_eq!(
        floor.ask(0, 1, Command::Reduce { book: ELSEWHERE, id, by: Qty::new(1) }),
        ["1: #2 order 11 CommandRejected(UnknownInstrument); filled 0, leaves 0"]
    );
    assert!(floor.ask(0, 1, Command::MassCancel { book: ELSEWHERE, side: None }).is_empty());
    assert!(!floor.venue.subscribe(ELSEWHERE, FEED, Feed::every_change(Depth::Top)));
    assert!(floor.tell(0, Message::Resend { book: ELSEWHERE, link: FEED }).is_empty());
}

#[test]
fn fees_follow_the_volume_of_the_account_in_the_book_and_only_watched_accounts_are_copied() {
    let mut floor = Floor::plain();
    floor.venue.watch_account(AccountId(3), BLOTTER);
    floor.limit(0, 1, 11, Side::Sell, 100, 30);
    assert_eq!(
        floor.limit(0, 2, 21, Side::Buy, 100, 10),
        [
            "2: #1 order 21 New; filled 0, leaves 10",
            "1: #2 order 11 Sell 10@100 maker, fee 0.10, ahead 0; filled 10, leaves 20",
            "2: #2 order 21 Buy 10@100 taker, fee -0.30, ahead 0; filled 10, leaves 0",
        ]
    );
    assert_eq!(floor.venue.fee_income().decimal(), "0.20", "what they paid, less what they got");
    let again = floor.limit(0, 2, 22, Side::Buy, 100, 1);
    assert_eq!(again[1], "1: #3 order 11 Sell 1@100 maker, fee 0.02, ahead 0; filled 11, leaves 19", "ten were traded");
    assert_eq!(again[2], "2: #4 order 22 Buy 1@100 taker, fee -0.02, ahead 0; filled 1, leaves 0");
    let in_y = NewOrder { book: Y, ..order(23, Side::Buy, 100, 1) };
    floor.ask(0, 1, Command::New(NewOrder { id: OrderId(13), side: Side::Sell, ..in_y }));
    assert!(floor.ask(0, 2, Command::New(in_y))[2].contains("fee -0.03"), "another book, another volume");
    assert_eq!(floor.limit(0, 3, 31, Side::Buy, 100, 1).last().expect("said"), "20: copy 1@100 of 1 and 3");
}

#[test]
fn an_order_that_stands_elsewhere_than_it_asked_is_told_where() {
    let rules = BookRules {
        post_only_cross: PostOnlyCross::Slide,
        protection: Some(Ticks::new(2)),
        market_remainder: MarketRemainder::RestAtProtection,
        ..BookRules::default()
    };
    let mut floor = Floor::open(VenueConfig::default(), rules);
    floor.limit(0, 1, 11, Side::Sell, 100, 1);
    let slid = NewOrder { post_only: true, ..order(21, Side::Buy, 101, 5) };
    assert_eq!(
        floor.ask(0, 2, Command::New(slid)),
        ["2: #1 order 21 New; filled 0, leaves 5", "2: #2 order 21 Replaced { price: Price(99) }; filled 0, leaves 5"]
    );
    let stays = NewOrder { post_only: true, ..order(22, Side::Buy, 98, 5) };
    assert_eq!(floor.ask(0, 2, Command::New(stays)), ["2: #3 order 22 New; filled 0, leaves 5"]);
    let taken = NewOrder { post_only: true, ..order(21, Side::Buy, 97, 5) };
    let refused = ["3: #1 order 21 Rejected(DuplicateId); filled 0, leaves 0"];
    assert_eq!(floor.ask(0, 3, Command::New(taken)), refused, "and not where the order stands that has this id");
    let market = NewOrder { tif: TimeInForce::Gtc, ..NewOrder::market(OrderId(31), X, Side::Buy, Qty::new(3)) };
    let said = floor.ask(0, 3, Command::New(market));
    assert_eq!(said.last().expect("said"), "3: #4 order 31 Replaced { price: Price(102) }; filled 1, leaves 2");
}

#[test]
fn an_order_expires_at_its_moment_though_nobody_speaks() {
    let mut floor = Floor::plain();
    let tif = TimeInForce::Gtd { expires: Timestamp::new(50_000) };
    floor.ask(0, 1, Command::New(NewOrder { tif, ..order(11, Side::Buy, 99, 4) }));
    assert!(floor.wait(49).is_empty());
    assert_eq!(floor.wait(50), ["50 1: #2 order 11 Canceled(Expired); filled 0, leaves 4"]);
}

#[test]
fn a_lost_connection_cancels_in_every_book() {
    let mut floor = Floor::plain();
    floor.limit(0, 1, 11, Side::Buy, 99, 1);
    floor.ask(0, 1, Command::New(NewOrder { book: Y, ..order(12, Side::Buy, 99, 1) }));
    floor.limit(0, 2, 21, Side::Buy, 99, 1);
    assert_eq!(
        floor.tell(1, Message::Disconnected(AccountId(1))),
        [
            "1: #3 order 11 Canceled(Disconnect); filled 0, leaves 1",
            "1: #4 order 12 Canceled(Disconnect); filled 0, leaves 1"
        ]
    );
}

#[test]
fn batches_are_crossed_at_their_interval() {
    let batches = VenueConfig { batch_ns: Some(100_000), ..VenueConfig::default() };
    let mut floor = Floor::open(batches, BookRules::default()).subscribed(Feed::every_change(Depth::Levels(3)));
    assert_eq!(floor.tell(0, Message::Start), ["30: #1 Auction"]);
    floor.limit(10, 1, 11, Side::Sell, 99, 1);
    let crossing = floor.limit(20, 2, 21, Side::Buy, 101, 1);
    assert_eq!(crossing, ["2: #1 order 21 New; filled 0, leaves 1", "30: #3 Buy 101 = 1."], "it stands and waits");
    assert!(floor.wait(99).is_empty());
    let batch = floor.wait(100);
    assert_eq!(batch[0], "100 2: #2 order 21 Buy 1@99 auction, fee 0.01, ahead 0; filled 1, leaves 0");
    assert_eq!(batch[2], "100 30: #4 trade 1@99 by None");
    assert!(floor.wait(199).is_empty());
    floor.limit(199, 1, 12, Side::Sell, 99, 1);
    floor.limit(199, 2, 22, Side::Buy, 101, 1);
    assert_eq!(floor.wait(200).len(), batch.len(), "the next batch, at the same distance");
}
