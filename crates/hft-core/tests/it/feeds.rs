//! What a venue publishes: five depths of detail, at every change or at intervals, numbered, and whole again after a loss.

use crate::floor::{FEED, Floor, X, order};
use hft_core::exchange::{Depth, Feed};
use hft_core::models::*;
use hft_core::world::{LinkId, Message};

/// Only what the subscriber hears.
fn heard(said: Vec<String>) -> Vec<String> {
    said.into_iter().filter(|line| line.contains("30: ")).collect()
}

fn every_change(depth: Depth) -> Floor {
    Floor::plain().subscribed(Feed::every_change(depth))
}

#[test]
fn the_touch_is_told_when_it_changes_and_at_no_other_time() {
    let mut floor = every_change(Depth::Top);
    assert_eq!(heard(floor.limit(0, 1, 11, Side::Buy, 99, 5)), ["30: #1 top 5@99 none"]);
    assert!(heard(floor.limit(0, 1, 12, Side::Buy, 98, 5)).is_empty(), "behind the touch");
    assert_eq!(heard(floor.limit(0, 2, 21, Side::Sell, 101, 2)), ["30: #2 top 5@99 2@101"]);
    assert_eq!(heard(floor.limit(0, 3, 31, Side::Buy, 101, 2)), ["30: #3 top 5@99 none"], "no print of the trade");
}

#[test]
fn levels_are_told_to_their_depth_best_first_and_the_last_says_so() {
    let mut floor = every_change(Depth::Levels(2));
    assert_eq!(heard(floor.limit(0, 1, 11, Side::Sell, 103, 5)), ["30: #1 Sell 103 = 5."]);
    assert_eq!(heard(floor.limit(0, 1, 12, Side::Sell, 102, 5)), ["30: #2 Sell 102 = 5."]);
    assert!(heard(floor.limit(0, 1, 13, Side::Sell, 104, 5)).is_empty(), "the third is not published");
    assert_eq!(heard(floor.limit(0, 1, 14, Side::Sell, 102, 1)), ["30: #3 Sell 102 = 6."]);
    let sweep = heard(floor.limit(0, 2, 21, Side::Buy, 102, 6));
    let expected = [
        "30: #4 trade 5@102 by Some(Buy)",
        "30: #5 trade 1@102 by Some(Buy)",
        "30: #6 Sell 102 = 0",
        "30: #7 Sell 104 = 5.",
    ];
    assert_eq!(sweep, expected, "what is gone first, then what came into sight");
    assert_eq!(
        heard(floor.limit(0, 1, 15, Side::Sell, 101, 1)),
        ["30: #8 Sell 101 = 1."],
        "the one that it pushes out goes unsaid"
    );
    let through = heard(floor.limit(0, 2, 22, Side::Buy, 103, 7));
    let expected = ["30: #11 Buy 103 = 1", "30: #12 Sell 101 = 0", "30: #13 Sell 103 = 0", "30: #14 Sell 104 = 5."];
    assert_eq!(through[2..], expected, "after two prints: bids first, one end for both sides");
}

#[test]
fn a_conflated_feed_tells_levels_at_its_interval_and_trades_at_once() {
    let mut floor =
        Floor::plain().subscribed(Feed { every: Nanos::from_micros(100), ..Feed::every_change(Depth::Levels(3)) });
    floor.tell(0, Message::Start);
    assert!(heard(floor.limit(10, 1, 11, Side::Sell, 101, 5)).is_empty());
    assert!(heard(floor.limit(20, 1, 12, Side::Sell, 101, 5)).is_empty());
    assert_eq!(heard(floor.limit(30, 2, 21, Side::Buy, 101, 1)), ["30: #1 trade 1@101 by Some(Buy)"]);
    assert_eq!(floor.wait(100), ["100 30: #2 Sell 101 = 9."], "of three changes the outcome");
    assert!(floor.wait(200).is_empty(), "nothing changed since");
    floor.limit(250, 1, 13, Side::Buy, 99, 1);
    assert_eq!(floor.wait(300), ["300 30: #3 Buy 99 = 1."]);
}

#[test]
fn a_feed_of_orders_tells_every_visible_change() {
    let mut floor = every_change(Depth::Orders);
    assert_eq!(heard(floor.limit(0, 1, 11, Side::Sell, 101, 5)), ["30: #1 Sell 101 + order 11 5"]);
    assert_eq!(
        heard(floor.limit(0, 2, 21, Side::Buy, 101, 2)),
        ["30: #2 trade 2@101 by Some(Buy)", "30: #3 order 11 = 3"]
    );
    let cut = Command::Reduce { book: X, id: OrderId(11), by: Qty::new(1) };
    assert_eq!(heard(floor.ask(0, 1, cut)), ["30: #4 order 11 = 2"]);
    let iceberg = NewOrder { display: Some(Qty::new(2)), ..order(12, Side::Sell, 102, 6) };
    assert_eq!(
        heard(floor.ask(0, 1, Command::New(iceberg))),
        ["30: #5 Sell 102 + order 12 2"],
        "what is hidden stays so"
    );
    let gone = Command::Cancel { book: X, id: OrderId(11) };
    assert_eq!(heard(floor.ask(0, 1, gone)), ["30: #6 order 11 = 0"]);
}

#[test]
fn whoever_lost_something_is_told_all_again_and_nobody_else_is() {
    let resend = || Message::Resend { book: X, link: FEED };
    for (depth, expected) in [
        (Depth::Top, vec!["30: #3 clear", "30: #4 top 5@99 3@101"]),
        (Depth::Levels(2), vec!["30: #4 clear", "30: #5 Buy 99 = 5", "30: #6 Buy 98 = 1", "30: #7 Sell 101 = 3."]),
        (
            Depth::Orders,
            vec![
                "30: #5 clear",
                "30: #6 Buy 99 + order 11 5",
                "30: #7 Buy 98 + order 12 1",
                "30: #8 Buy 97 + order 13 1",
                "30: #9 Sell 101 + order 21 3",
            ],
        ),
    ] {
        let mut floor = every_change(depth);
        assert!(floor.venue.subscribe(X, LinkId(31), Feed::every_change(depth)));
        floor.limit(0, 1, 11, Side::Buy, 99, 5);
        floor.limit(0, 1, 12, Side::Buy, 98, 1);
        floor.limit(0, 1, 13, Side::Buy, 97, 1);
        floor.limit(0, 2, 21, Side::Sell, 101, 3);
        assert_eq!(floor.tell(1, resend()), expected, "{depth:?}");
    }
}
