//! Stops, time, switches, phases and auctions.

use super::*;

#[test]
fn stops_wait_unseen_trigger_inclusively_and_cascade() {
    let mut desk = Desk::plain();
    assert_eq!(desk.new_order(stop(1, Side::Buy, 101, 1)), "", "accepted, and in no level");
    assert_eq!(desk.engine.top(), Top::default());
    desk.new_order(stop(2, Side::Buy, 102, 1));
    for (id, price) in [(3, 101), (4, 102), (5, 103)] {
        desk.new_order(sell(id, price, 1));
    }
    let said = desk.new_order(buy(6, 101, 1));
    assert_eq!(said, "3x6 1@101, 3 out, 1 triggered, 4x1 1@102, 4 out, 2 triggered, 5x2 1@103, 5 out");
    assert_eq!(desk.engine.live_orders(), 0);
    desk.new_order(sell(7, 110, 1));
    let at_once = desk.new_order(stop(8, Side::Buy, 103, 1));
    assert_eq!(at_once, "8 triggered, 7x8 1@110, 7 out", "the last trade is there already");
}

#[test]
fn triggered_stops_obey_the_book() {
    let mut desk = Desk::new(BookRules { max_levels: 1, ..BookRules::default() });
    let order_type = OrderType::StopLimit { trigger: Price::new(100), price: Price::new(90) };
    desk.new_order(NewOrder { order_type, ..buy(1, 0, 1) });
    assert_eq!(desk.amend(1, Some(91), Some(2)), "1 now 2@91");
    desk.new_order(buy(2, 100, 3));
    let said = desk.new_order(NewOrder { tif: TimeInForce::Ioc, ..sell(3, 100, 1) });
    assert_eq!(said, "2x3 1@100, 2 shows 2, 1 triggered, 1 canceled 2 refused", "no level is left for it");
    assert_eq!(desk.new_order(buy(4, 99, 1)), "4 rejected capacity");
    assert_eq!(desk.new_order(sell(4, 101, 1)), "4 rejected capacity", "both sides count together");
    desk.new_order(stop(5, Side::Sell, 50, 4));
    assert_eq!(desk.amend(5, Some(51), None), "5 refused invalid_px", "a stop has no limit");
    assert_eq!(desk.reduce(5, 1), "5 now 3@0");
    assert_eq!(desk.cancel(None, 5), "5 canceled 3 requested");
}

#[test]
fn orders_expire_at_their_moment() {
    let mut desk = Desk::plain();
    let until = |id, expires| NewOrder { tif: TimeInForce::Gtd { expires: Timestamp::new(expires) }, ..buy(id, 99, 2) };
    desk.new_order(until(1, 10));
    desk.new_order(until(2, 5));
    desk.new_order(sell(3, 99, 1));
    let advance = |desk: &mut Desk, now| {
        desk.ask(|engine, said| engine.advance_time(Timestamp::new(now), &mut |_, event| said.push(event)))
    };
    assert_eq!(advance(&mut desk, 4), "");
    assert_eq!(advance(&mut desk, 5), "2 canceled 2 expired, 2 out");
    let late = |engine: &mut MatchingEngine, said: &mut Vec<EngineEvent>| {
        engine.submit(Timestamp::new(10), AccountId(4), &sell(4, 99, 1), &mut |_, event| said.push(event));
    };
    assert_eq!(desk.ask(late), "1 canceled 1 expired, 1 out, 4 rests 1@99", "nobody trades with the expired");
    desk.new_order(NewOrder { tif: TimeInForce::Day, ..buy(5, 90, 1) });
    let end = |engine: &mut MatchingEngine, said: &mut Vec<EngineEvent>| {
        engine.end_session(&mut |_, event| said.push(event));
    };
    assert_eq!(desk.ask(end), "5 canceled 1 expired, 5 out");
}

#[test]
fn many_end_in_the_order_of_the_book() {
    let mut desk = Desk::new(BookRules { disconnect_scope: DisconnectScope::Day, ..BookRules::default() });
    desk.new_from(1, stop(1, Side::Sell, 50, 1));
    desk.new_from(1, sell(2, 110, 1));
    desk.new_from(1, buy(3, 98, 1));
    desk.new_from(2, buy(4, 99, 1));
    desk.new_from(1, buy(5, 99, 1));
    desk.new_from(1, NewOrder { tif: TimeInForce::Day, ..buy(6, 99, 1) });
    let one = Some(AccountId(1));
    let lost = desk.ask(|engine, said| engine.disconnect(one, &mut |_, event| said.push(event)));
    assert_eq!(lost, "6 canceled 1 disconnect, 6 out");
    let bids = desk.ask(|engine, said| engine.mass_cancel(one, Some(Side::Buy), &mut |_, event| said.push(event)));
    assert_eq!(bids, "5 canceled 1 mass_cancel, 5 out, 3 canceled 1 mass_cancel, 3 out");
    assert_eq!(desk.levels(), [(99, 1), (98, 0)]);
    let rest = desk.ask(|engine, said| engine.mass_cancel(one, None, &mut |_, event| said.push(event)));
    assert_eq!(rest, "2 canceled 1 mass_cancel, 2 out, 1 canceled 1 mass_cancel");
    let again = desk.ask(|engine, said| engine.mass_cancel(one, None, &mut |_, event| said.push(event)));
    assert_eq!(again, "", "again is nothing");
}

#[test]
fn a_kill_holds_until_it_is_released() {
    let mut desk = Desk::plain();
    desk.new_order(buy(1, 99, 5));
    desk.new_order(buy(2, 98, 5));
    let one = Some(AccountId(1));
    let killed = desk.ask(|engine, said| engine.kill(one, &mut |_, event| said.push(event)));
    assert_eq!(killed, "1 canceled 5 kill_switch, 1 out");
    assert_eq!(desk.new_from(1, buy(3, 99, 5)), "3 rejected kill_switch");
    assert_eq!(desk.new_order(buy(4, 97, 5)), "4 rests 5@97", "the others go on");
    desk.engine.unkill(one);
    assert_eq!(desk.new_from(1, buy(3, 99, 5)), "3 rests 5@99");
    let mut desk = Desk::new(BookRules { kill_cancels_resting: false, ..BookRules::default() });
    desk.new_order(buy(1, 99, 5));
    desk.ask(|engine, said| engine.kill(None, &mut |_, event| said.push(event)));
    assert_eq!(desk.amend(1, None, Some(4)), "1 refused kill_switch", "down as well");
    assert_eq!(desk.reduce(1, 1), "1 now 4@99, 1 shows 4", "a reduce is a partial cancel");
    assert_eq!(desk.cancel(None, 1), "1 canceled 4 requested, 1 out");
    desk.engine.unkill(None);
    assert_eq!(desk.new_order(buy(2, 99, 5)), "2 rests 5@99");
}

#[test]
fn a_halt_accepts_cancels_whole_or_partial() {
    let mut desk = Desk::plain();
    desk.new_order(buy(1, 99, 5));
    assert_eq!(desk.phase(Phase::Halt), "Halt");
    assert_eq!(desk.new_order(buy(2, 99, 5)), "2 rejected halted");
    assert_eq!(desk.amend(1, None, Some(4)), "1 refused halted");
    assert_eq!(desk.reduce(1, 1), "1 now 4@99, 1 shows 4");
    assert_eq!(desk.cancel(None, 1), "1 canceled 4 requested, 1 out");
    assert_eq!(desk.phase(Phase::Continuous), "Continuous");
}

#[test]
fn an_auction_collects_and_trades_at_one_price() {
    let mut desk = Desk::plain();
    desk.phase(Phase::Auction);
    for order in [buy(1, 105, 10), sell(2, 95, 4), sell(3, 100, 4), buy(4, 99, 5)] {
        desk.new_order(order);
    }
    assert_eq!(desk.new_order(market(5, Side::Buy, 1)), "5 rejected phase");
    assert_eq!(desk.new_order(NewOrder { tif: TimeInForce::Ioc, ..buy(5, 99, 1) }), "5 rejected phase");
    let (said, result) = desk.uncross();
    assert_eq!(result, Some((105, 8)), "buyers are left over at every candidate: the highest");
    assert_eq!(said, "1x2 4@105, 1 shows 6, 2 out, 1x3 4@105, 1 shows 2, 3 out, Continuous");
    assert_eq!(desk.uncross(), (String::new(), None), "only in an auction");
}

#[test]
fn auction_prices_follow_the_rules() {
    let auction = |reference: Option<i64>, orders: &[NewOrder]| {
        let mut desk = Desk::new(BookRules { reference: reference.map(Price::new), ..BookRules::default() });
        desk.phase(Phase::Auction);
        for &order in orders {
            desk.new_order(order);
        }
        desk.uncross().1
    };
    let even = [buy(1, 105, 10), sell(2, 95, 10)];
    assert_eq!(auction(Some(98), &even), Some((98, 10)), "any tick between the prices");
    assert_eq!(auction(Some(200), &even), Some((105, 10)));
    assert_eq!(auction(None, &even), Some((95, 10)), "without a reference the lowest");
    let sellers = [buy(1, 105, 10), sell(2, 95, 12)];
    assert_eq!(auction(Some(105), &sellers), Some((95, 10)), "sellers are left over: the lowest");
    let volume = [buy(1, 105, 10), buy(2, 103, 10), sell(3, 95, 10), sell(4, 103, 10)];
    assert_eq!(auction(Some(1), &volume), Some((103, 20)), "the most volume");
    let surplus = [buy(1, 105, 10), sell(2, 95, 10), buy(3, 100, 5), sell(4, 102, 3)];
    assert_eq!(auction(Some(95), &surplus), Some((101, 10)), "the least surplus: 100 and below leave 5 buyers");
    assert_eq!(auction(None, &[buy(1, 99, 5), sell(2, 100, 5)]), None);
}

#[test]
fn an_auction_serves_icebergs_slice_by_slice() {
    let mut desk = Desk::plain();
    desk.phase(Phase::Auction);
    desk.new_order(NewOrder { display: Some(Qty::new(2)), ..sell(1, 100, 10) });
    desk.new_order(sell(2, 100, 3));
    desk.new_order(buy(3, 100, 9));
    let (said, _) = desk.uncross();
    assert_eq!(
        said,
        "3x1 2@100, 3 shows 7, 1 out, 1 rests 2@100, 3x2 3@100, 3 shows 4, 2 out, \
         3x1 2@100, 3 shows 2, 1 out, 1 rests 2@100, 3x1 2@100, 3 out, 1 out, 1 rests 2@100, Continuous"
    );
    assert_eq!(desk.queue(Side::Sell, 100), [(1, 4)]);
    let mut desk = Desk::plain();
    desk.phase(Phase::Auction);
    desk.new_from(1, buy(1, 100, 1));
    desk.new_from(1, NewOrder { self_trade: SelfTrade::CancelOldest, ..sell(2, 100, 1) });
    assert_eq!(desk.uncross().1, Some((100, 1)), "without an aggressor prevention does not act");
}
