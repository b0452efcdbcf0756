//! What happens when orders meet.

use super::*;

#[test]
fn best_price_first_then_arrival_at_the_resting_price() {
    let mut desk = Desk::plain();
    for order in [sell(1, 101, 5), sell(2, 100, 5), sell(3, 100, 5), sell(4, 103, 5)] {
        desk.new_order(order);
    }
    assert_eq!(desk.new_order(buy(5, 102, 20)), "2x5 5@100, 2 out, 3x5 5@100, 3 out, 1x5 5@101, 1 out, 5 rests 5@102");
    assert_eq!(desk.levels(), [(100, 0), (101, 0), (102, 5)], "swept levels first, the own one last");
    assert_eq!(desk.new_order(sell(6, 102, 2)), "5x6 2@102, 5 shows 3", "equal prices cross; a part keeps its place");
    let taken = desk.said.iter().find_map(|event| {
        if let EngineEvent::Trade { maker, taker, .. } = event { Some((*maker, *taker)) } else { None }
    });
    let (maker, taker) = taken.expect("it traded");
    assert_eq!((maker.filled.lots(), maker.leaves.lots()), (17, 3));
    assert_eq!((taker.filled.lots(), taker.leaves.lots()), (2, 0));
}

#[test]
fn what_stood_ahead_is_told() {
    let mut desk = Desk::plain();
    for id in 1..=3 {
        desk.new_order(sell(id, 100, 10));
    }
    desk.new_order(buy(4, 100, 25));
    let ahead = |event: &EngineEvent| {
        if let EngineEvent::Trade { ahead, .. } = event { Some(ahead.lots()) } else { None }
    };
    assert_eq!(desk.said.iter().filter_map(ahead).collect::<Vec<_>>(), [0, 10, 20]);
}

#[test]
fn to_look_ahead_changes_nothing_whatever_is_named() {
    let mut desk = Desk::plain();
    // Ids as far apart as the index is large meet each other in it.
    let ids = [1, 2, 3, 1 + (1 << 12), 1 + (2 << 12)];
    for id in ids {
        desk.new_order(buy(id, 100, 10));
    }
    desk.cancel(None, 2);
    let named: Vec<OrderId> = (0..100).chain(ids).chain([u64::MAX]).map(OrderId).collect();
    desk.engine.warm(&named);
    desk.engine.warm(&[]);
    desk.engine.check_invariants();
    assert_eq!(desk.queue(Side::Buy, 100), [(1, 10), (3, 10), (1 + (1 << 12), 10), (1 + (2 << 12), 10)]);
}

#[test]
fn market_orders_never_rest_unpriced() {
    let mut desk = Desk::plain();
    assert_eq!(desk.new_order(market(1, Side::Buy, 5)), "1 canceled 5 ioc");
    desk.new_order(sell(2, 100, 3));
    assert_eq!(desk.new_order(market(3, Side::Buy, 5)), "2x3 3@100, 2 out, 3 canceled 2 ioc");
}

#[test]
fn protection_points_bound_a_market_order() {
    let protected = BookRules { tick: Ticks::new(2), protection: Some(Ticks::new(5)), ..BookRules::default() };
    let mut desk = Desk::new(protected.clone());
    desk.new_order(sell(1, 100, 1));
    desk.new_order(sell(2, 106, 1));
    assert_eq!(desk.new_order(market(3, Side::Buy, 5)), "1x3 1@100, 1 out, 3 canceled 4 ioc");
    let mut desk = Desk::new(BookRules { market_remainder: MarketRemainder::RestAtProtection, ..protected });
    desk.new_order(sell(1, 100, 1));
    desk.new_order(sell(2, 106, 1));
    let said = desk.new_order(market(3, Side::Buy, 5));
    assert_eq!(said, "1x3 1@100, 1 out, 3 rests 4@104", "rounded back to the tick");
    let ioc = NewOrder { tif: TimeInForce::Ioc, ..market(4, Side::Sell, 9) };
    assert_eq!(desk.new_order(ioc), "3x4 4@104, 3 out, 4 canceled 5 ioc", "immediate-or-cancel is obeyed");
    assert_eq!(desk.new_order(market(5, Side::Sell, 9)), "5 canceled 9 ioc", "no touch, no price");
}

#[test]
fn ioc_fok_and_least_fills() {
    let mut desk = Desk::plain();
    desk.new_order(NewOrder { display: Some(Qty::new(2)), ..sell(1, 100, 6) });
    desk.new_order(sell(2, 102, 5));
    let fok = |id, price, qty| NewOrder { tif: TimeInForce::Fok, ..buy(id, price, qty) };
    assert_eq!(desk.new_order(fok(3, 101, 7)), "3 canceled 7 fok");
    assert_eq!(desk.levels(), [], "a kill leaves the book as it was");
    assert!(desk.new_order(fok(4, 100, 6)).starts_with("1x4 2@100"), "hidden quantity counts");
    let ioc = NewOrder { tif: TimeInForce::Ioc, ..buy(5, 101, 7) };
    assert_eq!(desk.new_order(ioc), "5 canceled 7 ioc");
    let least = |id, qty, min_fill| NewOrder { min_fill: Qty::new(min_fill), ..buy(id, 102, qty) };
    assert_eq!(desk.new_order(least(6, 9, 6)), "6 canceled 9 fok");
    assert_eq!(desk.new_order(least(7, 9, 5)), "2x7 5@102, 2 out, 7 rests 4@102");
}

#[test]
fn fok_leaves_out_what_prevention_would_remove() {
    let fok = |id, self_trade| NewOrder { tif: TimeInForce::Fok, self_trade, ..buy(id, 100, 8) };
    for (self_trade, expected) in [
        (SelfTrade::Allow, "1x9 5@100, 1 out, 2x9 3@100, 2 shows 2"),
        (SelfTrade::CancelOldest, "9 canceled 8 fok"),
        (SelfTrade::CancelNewest, "9 canceled 8 fok"),
        (SelfTrade::Decrement, "9 canceled 8 fok"),
    ] {
        let mut desk = Desk::plain();
        desk.new_from(1, sell(1, 100, 5));
        desk.new_from(9, sell(2, 100, 5));
        assert_eq!(desk.new_from(9, fok(9, self_trade)), expected, "{self_trade:?}");
    }
}

#[test]
fn the_takers_instruction_governs_self_trades() {
    for (self_trade, expected) in [
        (SelfTrade::CancelOldest, "1x9 4@100, 1 out, 2 canceled 5 stp, 2 out, 3x9 5@100, 3 out, 9 rests 11@100"),
        (SelfTrade::CancelNewest, "1x9 4@100, 1 out, 9 canceled 16 stp"),
        (SelfTrade::CancelBoth, "1x9 4@100, 1 out, 2 canceled 5 stp, 2 out, 9 canceled 16 stp"),
        (
            SelfTrade::Decrement,
            "1x9 4@100, 1 out, 2 prevented 5, 9 prevented 5, 2 canceled 0 stp, 2 out, 3x9 5@100, 3 out, 9 rests 6@100",
        ),
    ] {
        let mut desk = Desk::plain();
        desk.new_from(1, sell(1, 100, 4));
        desk.new_from(9, sell(2, 100, 5));
        desk.new_from(3, sell(3, 100, 5));
        assert_eq!(desk.new_from(9, NewOrder { self_trade, ..buy(9, 100, 20) }), expected);
    }
    let mut desk = Desk::plain();
    desk.new_from(9, sell(1, 100, 9));
    let small = NewOrder { self_trade: SelfTrade::Decrement, ..buy(2, 100, 4) };
    assert_eq!(desk.new_from(9, small), "1 prevented 4, 2 prevented 4, 1 shows 5, 2 canceled 0 stp");
}

#[test]
fn icebergs_show_a_slice_and_refill_at_the_back() {
    let mut desk = Desk::plain();
    desk.new_order(NewOrder { display: Some(Qty::new(3)), ..sell(1, 100, 8) });
    desk.new_order(sell(2, 100, 3));
    assert_eq!(desk.new_order(buy(3, 100, 4)), "1x3 3@100, 1 out, 1 rests 3@100, 2x3 1@100, 2 shows 2");
    assert_eq!(desk.queue(Side::Sell, 100), [(2, 2), (1, 5)]);
    assert_eq!(desk.reduce(1, 1), "1 now 4@100", "hidden first: nothing shows less");
    assert_eq!(desk.reduce(1, 2), "1 now 2@100, 1 shows 2");
    let aggressive = NewOrder { display: Some(Qty::new(5)), ..buy(4, 100, 11) };
    assert_eq!(desk.new_order(aggressive), "2x4 2@100, 2 out, 1x4 2@100, 1 out, 4 rests 5@100");
    assert_eq!(desk.queue(Side::Buy, 100), [(4, 7)], "exactly the remainder");
}

#[test]
fn a_vast_order_takes_thin_slices_in_rounds() {
    let mut desk = Desk::new(BookRules { max_qty: Qty::MAX, ..BookRules::default() });
    desk.new_order(NewOrder { display: Some(Qty::new(1)), ..sell(1, 100, i64::MAX) });
    desk.new_order(buy(2, 100, i64::MAX - 5));
    assert_eq!(desk.queue(Side::Sell, 100), [(1, 5)]);
    assert!(desk.said.len() < 10, "one message prints a bounded number of trades");
}

#[test]
fn proportional_sharing_rounds_down_and_gives_the_rest_by_arrival() {
    let mut desk = Desk::new(BookRules { allocation: Allocation::ProRata, ..BookRules::default() });
    for (id, qty) in [(1, 1), (2, 10), (3, 20)] {
        desk.new_order(sell(id, 100, qty));
    }
    assert_eq!(
        desk.new_order(buy(4, 100, 16)),
        "1x4 1@100, 1 out, 2x4 5@100, 2 shows 5, 3x4 10@100, 3 shows 10",
        "0.5, 5.2 and 10.3: one lot is left, for the first"
    );
}

#[test]
fn extremes_never_wrap() {
    let rules = BookRules { max_qty: Qty::MAX, max_px: Price::MAX, ..BookRules::default() };
    let mut desk = Desk::new(BookRules { protection: Some(Ticks::MAX), ..rules });
    for id in 1..=3 {
        desk.new_order(sell(id, i64::MAX, i64::MAX));
    }
    assert_eq!(desk.engine.level(Side::Sell, Price::MAX), Qty::MAX, "what is said saturates");
    let level = desk.engine.levels(Side::Sell).next().expect("one level");
    assert_eq!(level.visible, 3 * i64::MAX as u128, "what is known does not");
    assert!(desk.new_order(NewOrder { tif: TimeInForce::Fok, ..buy(4, i64::MAX, i64::MAX) }).starts_with("1x4"));
    desk.new_order(market(5, Side::Buy, i64::MAX));
    desk.new_order(buy(6, 1, i64::MAX));
    assert_eq!(desk.queue(Side::Sell, i64::MAX), [(3, i64::MAX)]);
}
