//! What is refused, and what changes in place.

use super::*;

#[test]
fn post_only_rests_or_is_refused_or_slides() {
    let post = |id, price| NewOrder { post_only: true, self_trade: SelfTrade::CancelOldest, ..buy(id, price, 1) };
    let mut desk = Desk::plain();
    desk.new_from(7, sell(1, 100, 1));
    assert_eq!(desk.new_from(7, post(2, 100)), "2 rejected post_only_cross");
    assert_eq!(desk.queue(Side::Sell, 100), [(1, 1)], "a refused post-only cancels nobody");
    assert_eq!(desk.new_order(post(3, 99)), "3 rests 1@99");
    assert_eq!(desk.amend(3, Some(101), None), "3 refused post_only_cross");
    let ioc = NewOrder { tif: TimeInForce::Ioc, ..post(4, 90) };
    assert_eq!(desk.new_order(ioc), "4 rejected invalid_combo");
    let mut desk = Desk::new(BookRules { post_only_cross: PostOnlyCross::Slide, ..BookRules::default() });
    desk.new_order(sell(1, 100, 1));
    assert_eq!(desk.new_order(post(2, 105)), "2 rests 1@99");
    desk.new_order(sell(3, 1, 2));
    assert_eq!(desk.new_order(post(4, 5)), "4 rejected post_only_cross", "there is no price behind the least");
}

/// A plain limit order might rest: in a full book it is refused, though the other side would fill it at once.
#[test]
fn a_full_book_refuses_a_plain_taker_that_might_rest() {
    for full in
        [BookRules { max_orders: 3, ..BookRules::default() }, BookRules { max_levels: 2, ..BookRules::default() }]
    {
        let mut desk = Desk::new(full);
        for (id, price) in [(1, 99), (2, 99), (3, 98)] {
            desk.new_order(buy(id, price, 5));
        }
        assert_eq!(desk.new_order(sell(4, 97, 1)), "4 rejected capacity");
        let ioc = NewOrder { tif: TimeInForce::Ioc, ..sell(5, 97, 1) };
        assert_eq!(desk.new_order(ioc), "1x5 1@99, 1 shows 4", "what cannot rest needs no room");
        desk.cancel(None, 3);
        assert_eq!(desk.new_order(sell(6, 97, 1)), "1x6 1@99, 1 shows 3", "there is room for one more");
    }
}

#[test]
fn amends_keep_or_lose_their_place() {
    let mut desk = Desk::plain();
    for id in 1..=3 {
        desk.new_order(buy(id, 99, 5));
    }
    assert_eq!(desk.amend(1, None, Some(3)), "1 now 3@99, 1 shows 3");
    assert_eq!(desk.amend(2, Some(99), Some(5)), "2 now 5@99", "nothing changes");
    assert_eq!(desk.queue(Side::Buy, 99), [(1, 3), (2, 5), (3, 5)]);
    assert_eq!(desk.amend(1, None, Some(4)), "1 now 4@99, 1 out, 1 rests 4@99");
    assert_eq!(desk.amend(2, Some(98), None), "2 now 5@98, 2 out, 2 rests 5@98");
    assert_eq!(desk.levels(), [(99, 9), (98, 5)], "the old level first");
    desk.new_order(sell(4, 100, 2));
    assert_eq!(desk.amend(3, Some(100), Some(6)), "3 now 6@100, 3 out, 4x3 2@100, 4 out, 3 rests 4@100");
    assert_eq!(desk.amend(3, None, Some(2)), "3 canceled 4 reduced, 3 out", "a total that is filled cancels");
    assert_eq!(desk.amend(3, None, Some(9)), "3 refused unknown_order");
    let reject = BookRules { amend_below_filled: AmendBelowFilled::Reject, ..BookRules::default() };
    let mut desk = Desk::new(reject);
    desk.new_order(buy(1, 99, 5));
    desk.new_order(sell(2, 99, 2));
    assert_eq!(desk.amend(1, None, Some(2)), "1 refused qty_below_filled");
}

#[test]
fn an_amend_never_trades_with_its_own_account() {
    let mut desk = Desk::plain();
    desk.new_from(7, sell(1, 100, 5));
    desk.new_from(7, buy(2, 99, 5));
    assert_eq!(desk.amend(2, Some(100), None), "2 refused stp");
    desk.new_from(7, NewOrder { self_trade: SelfTrade::CancelOldest, ..buy(3, 98, 5) });
    let said = desk.amend(3, Some(100), None);
    assert_eq!(said, "3 now 5@100, 3 out, 1 canceled 5 stp, 1 out, 3 rests 5@100");
}

#[test]
fn everything_is_refused_by_its_name() {
    let rules = BookRules {
        tick: Ticks::new(5),
        lot: Qty::new(10),
        min_qty: Qty::new(20),
        max_qty: Qty::new(1_000),
        max_px: Price::new(500),
        band: Some(Ticks::new(50)),
        reference: Some(Price::new(100)),
        ..BookRules::default()
    };
    let good = buy(1, 100, 20);
    let with_type = |order_type| NewOrder { order_type, ..good };
    let trigger = |trigger| with_type(OrderType::Stop { trigger: Price::new(trigger) });
    for (order, reason) in [
        (buy(1, 100, 0), "invalid_qty"),
        (buy(1, 100, i64::MIN), "invalid_qty"),
        (buy(1, 100, 25), "lot_violation"),
        (buy(1, 100, 10), "qty_out_of_range"),
        (buy(1, 100, 1_010), "qty_out_of_range"),
        (buy(1, 0, 20), "invalid_px"),
        (buy(1, -5, 20), "invalid_px"),
        (buy(1, 101, 20), "tick_violation"),
        (buy(1, 505, 20), "px_out_of_range"),
        (buy(1, 155, 20), "price_band"),
        (trigger(0), "invalid_stop_px"),
        (trigger(101), "invalid_stop_px"),
        (trigger(505), "invalid_stop_px"),
        (NewOrder { display: Some(Qty::ZERO), ..good }, "invalid_display"),
        (NewOrder { display: Some(Qty::new(15)), ..good }, "invalid_display"),
        (NewOrder { display: Some(Qty::new(30)), ..good }, "invalid_display"),
        (NewOrder { min_fill: Qty::new(-10), ..good }, "invalid_qty"),
        (NewOrder { min_fill: Qty::new(5), ..good }, "lot_violation"),
        (NewOrder { min_fill: Qty::new(30), ..good }, "invalid_combo"),
        (NewOrder { post_only: true, ..with_type(OrderType::Market) }, "invalid_combo"),
        (NewOrder { tif: TimeInForce::Gtd { expires: START }, ..good }, "already_expired"),
    ] {
        let mut desk = Desk::new(rules.clone());
        assert_eq!(desk.new_order(order), format!("1 rejected {reason}"), "{order:?}");
    }
    let mut desk = Desk::new(rules);
    assert_eq!(desk.new_order(good), "1 rests 20@100");
    assert_eq!(desk.new_order(good), "1 rejected duplicate_id");
    for (price, qty, reason) in [
        (None, Some(0), "invalid_qty"),
        (None, Some(25), "lot_violation"),
        (None, Some(10), "qty_out_of_range"),
        (Some(0), None, "invalid_px"),
        (Some(101), None, "tick_violation"),
        (Some(505), None, "px_out_of_range"),
        (Some(155), None, "price_band"),
    ] {
        assert_eq!(desk.amend(1, price, qty), format!("1 refused {reason}"));
    }
    assert_eq!(desk.reduce(1, -10), "1 refused invalid_qty");
    assert_eq!(desk.reduce(1, 5), "1 refused lot_violation");
    assert_eq!(desk.queue(Side::Buy, 100), [(1, 20)]);
}

#[test]
fn only_the_owner_cancels_and_only_once() {
    let mut desk = Desk::plain();
    desk.new_order(buy(1, 99, 5));
    assert_eq!(desk.cancel(Some(2), 1), "1 refused unknown_order");
    assert_eq!(desk.cancel(Some(1), 1), "1 canceled 5 requested, 1 out");
    assert_eq!(desk.cancel(None, 1), "1 refused unknown_order");
    assert_eq!(desk.new_order(buy(1, 99, 5)), "1 rests 5@99", "the id is free again");
    assert_eq!(desk.reduce(1, 9), "1 canceled 5 reduced, 1 out");
    let mut desk = Desk::new(BookRules { id_reuse: IdReuse::Reject, ..BookRules::default() });
    desk.new_order(buy(1, 99, 5));
    desk.cancel(None, 1);
    assert_eq!(desk.new_order(buy(1, 99, 5)), "1 rejected duplicate_id", "or is remembered");
}
