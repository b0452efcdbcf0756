//! What the gate does with orders and reports that the conformance program cannot write: stops, immediate orders, cuts,
//! self-trade prevention, several venues.

use crate::account::{ID, at, book, fill, listings, order};
use hft_core::account::Ledger;
use hft_core::models::*;
use hft_core::risk::{CountLimit, InstrumentLimits, Limits, RiskGate, RiskReject, SelfCross};
use hft_core::world::TraderId;

struct Bench {
    gate: RiskGate,
    ledger: Ledger,
    number: u64,
}

impl Bench {
    fn new(limits: Limits) -> Self {
        Self { gate: RiskGate::new(ID, limits, &listings()), ledger: Ledger::new(ID, &listings()), number: 0 }
    }

    /// Limits of each instrument.
    fn with(limits: InstrumentLimits) -> Self {
        Self::new(Limits { instrument: Some(limits), ..Limits::default() })
    }

    fn deny_self_cross() -> Self {
        Self::new(Limits { self_cross: SelfCross::Deny, ..Limits::default() })
    }

    fn ask(&mut self, command: Command) -> Result<(), RiskReject> {
        self.gate.check(at(0), TraderId(0), command, &self.ledger).map(|approved| assert_eq!(*approved.get(), command))
    }

    /// A new order of ten, changed by `change`; its id.
    fn new_order(&mut self, side: Side, price: i64, change: impl Fn(&mut NewOrder)) -> Result<OrderId, RiskReject> {
        self.number += 1;
        let id = order(0, self.number);
        let mut new = NewOrder::limit(id, book(0), side, Price::new(price), Qty::new(10));
        change(&mut new);
        self.ask(Command::New(new)).map(|()| id)
    }

    fn hear(&mut self, id: OrderId, filled: i64, leaves: i64, kind: ExecKind) {
        let report = ExecutionReport {
            seq: 0,
            time: at(0),
            account: ID,
            book: book(0),
            order: id,
            filled: Qty::new(filled),
            leaves: Qty::new(leaves),
            kind,
        };
        self.ledger.book(&report).expect("small");
        self.gate.on_report(at(0), &report, &self.ledger);
    }

    fn quote(&mut self, venue: u16, bid: i64, ask: i64) {
        let quote = |price| Some(Quote { price: Price::new(price), qty: Qty::new(1) });
        let top = Top { bid: quote(bid), ask: quote(ask) };
        self.ledger.mark(book(venue), top).expect("listed");
        self.gate.on_top(at(0), book(venue), top, &self.ledger);
    }
}

fn stop(trigger: i64) -> impl Fn(&mut NewOrder) {
    move |new| new.order_type = OrderType::Stop { trigger: Price::new(trigger) }
}

fn stop_limit(trigger: i64, price: i64) -> impl Fn(&mut NewOrder) {
    let (trigger, price) = (Price::new(trigger), Price::new(price));
    move |new| new.order_type = OrderType::StopLimit { trigger, price }
}

fn plain(_: &mut NewOrder) {}

#[test]
fn a_stop_that_waits_is_in_nobodys_way_until_it_is_triggered() {
    let mut bench = Bench::deny_self_cross();
    let waits = bench.new_order(Side::Sell, 0, stop_limit(95, 94)).expect("meets nothing");
    bench.new_order(Side::Sell, 0, stop(90)).expect("meets nothing");
    bench.new_order(Side::Buy, 93, plain).expect("nothing stands against it");
    let meets = bench.new_order(Side::Buy, 94, plain).expect("the stop does not stand yet");
    bench.hear(meets, 0, 10, ExecKind::Canceled(CancelReason::Requested));
    bench.hear(waits, 0, 10, ExecKind::Triggered);
    assert_eq!(bench.new_order(Side::Buy, 94, plain), Err(RiskReject::SelfCross), "now it stands at 94");
    bench.hear(waits, 0, 10, ExecKind::Canceled(CancelReason::Requested));
    bench.new_order(Side::Buy, 94, plain).expect("it is gone");
}

#[test]
fn what_cannot_stand_is_in_nobodys_way_but_may_meet_others() {
    let mut bench = Bench::deny_self_cross();
    bench.new_order(Side::Buy, 100, |new| new.tif = TimeInForce::Ioc).expect("alone");
    bench.new_order(Side::Sell, 100, plain).expect("the other trades at once or is gone");
    for tif in [TimeInForce::Ioc, TimeInForce::Fok] {
        assert_eq!(bench.new_order(Side::Buy, 100, |new| new.tif = tif), Err(RiskReject::SelfCross));
    }
}

#[test]
fn stops_are_valued_and_collared_by_their_own_prices() {
    let most = Some(Cash::new(1_000 * Cash::PER_UNIT));
    let mut bench = Bench::with(InstrumentLimits {
        max_order_notional: most,
        collar_bps: Some(100),
        ..InstrumentLimits::default()
    });
    assert_eq!(bench.new_order(Side::Buy, 0, stop(50)), Err(RiskReject::NoReferencePrice), "fail closed");
    bench.quote(0, 49, 50);
    bench.new_order(Side::Buy, 0, stop(100)).expect("worth 1000 at its trigger");
    assert_eq!(bench.new_order(Side::Buy, 0, stop(101)), Err(RiskReject::OrderNotional));
    bench.new_order(Side::Buy, 0, stop_limit(99, 99)).expect("within one percent of its trigger");
    assert_eq!(bench.new_order(Side::Buy, 0, stop_limit(98, 99)), Err(RiskReject::PriceCollar));
    assert_eq!(bench.new_order(Side::Buy, 0, stop_limit(98, 101)), Err(RiskReject::OrderNotional));
    for (change, reason) in [(stop(0), RiskReject::InvalidPx), (stop(-1), RiskReject::InvalidPx)] {
        assert_eq!(bench.new_order(Side::Buy, 0, change), Err(reason));
    }
    assert_eq!(bench.new_order(Side::Buy, 0, stop_limit(0, 5)), Err(RiskReject::InvalidPx));
    assert_eq!(bench.new_order(Side::Buy, 0, stop_limit(5, 0)), Err(RiskReject::InvalidPx));
}

#[test]
fn a_cut_frees_nothing_before_its_answer_and_passes_a_kill() {
    let mut bench = Bench::with(InstrumentLimits { max_long: Some(Qty::new(10)), ..InstrumentLimits::default() });
    let id = bench.new_order(Side::Buy, 100, plain).expect("fits");
    let cut = |by| Command::Reduce { book: book(0), id, by: Qty::new(by) };
    assert_eq!(bench.ask(cut(0)), Err(RiskReject::InvalidQty));
    assert_eq!(bench.ask(cut(-4)), Err(RiskReject::InvalidQty), "a negative cut would add");
    bench.ask(cut(4)).expect("less risk");
    assert_eq!(bench.gate.open_lots(InstrumentId(0), Side::Buy), 10);
    bench.hear(id, 0, 6, ExecKind::Replaced { price: Price::new(100) });
    assert_eq!(bench.gate.open_lots(InstrumentId(0), Side::Buy), 6);
    bench.gate.kill(at(0)).expect("tripped");
    bench.ask(cut(1)).expect("a cancel of a part");
    bench.hear(id, 0, 6, ExecKind::CommandRejected(RejectReason::LotViolation));
    assert_eq!(bench.gate.open_lots(InstrumentId(0), Side::Buy), 6);
    bench.ask(cut(6)).expect("all of it");
    bench.hear(id, 0, 6, ExecKind::Canceled(CancelReason::Reduced));
    assert_eq!(bench.gate.open_orders(), 0);
}

#[test]
fn answers_to_cuts_and_amends_come_in_their_order() {
    let mut bench = Bench::new(Limits::default());
    let id = bench.new_order(Side::Buy, 100, plain).expect("no limits");
    let amend = |qty| Command::Amend { book: book(0), id, price: None, qty: Some(Qty::new(qty)) };
    bench.ask(Command::Reduce { book: book(0), id, by: Qty::new(4) }).expect("less");
    bench.ask(amend(30)).expect("no limits");
    bench.ask(Command::Cancel { book: book(0), id }).expect("always");
    let counted = |bench: &Bench| bench.gate.order(id).map(|view| view.counted.lots());
    assert_eq!(counted(&bench), Some(30));
    bench.hear(id, 0, 6, ExecKind::Replaced { price: Price::new(100) });
    assert_eq!(counted(&bench), Some(30), "that was the cut");
    bench.hear(id, 0, 10, ExecKind::CommandRejected(RejectReason::QtyOutOfRange));
    assert_eq!(counted(&bench), Some(6), "that was the amend");
}

#[test]
fn amends_in_flight_are_limited() {
    let mut bench = Bench::new(Limits::default());
    let id = bench.new_order(Side::Buy, 100, plain).expect("no limits");
    let amend = Command::Amend { book: book(0), id, price: None, qty: Some(Qty::new(5)) };
    for _ in 0..RiskGate::AMENDS_IN_FLIGHT_MAX {
        bench.ask(amend).expect("within the limit");
    }
    assert_eq!(bench.ask(amend), Err(RiskReject::RateLimit));
    bench.hear(id, 0, 5, ExecKind::Replaced { price: Price::new(100) });
    bench.ask(amend).expect("one was answered");
    bench.hear(id, 0, 5, ExecKind::Canceled(CancelReason::Requested));
    assert_eq!(bench.ask(amend), Err(RiskReject::UnknownOrder));
}

#[test]
fn self_trade_prevention_frees_what_it_took() {
    let mut bench = Bench::with(InstrumentLimits { max_long: Some(Qty::new(10)), ..InstrumentLimits::default() });
    let id = bench.new_order(Side::Buy, 100, plain).expect("fits");
    bench.hear(id, 0, 7, ExecKind::Prevented(Qty::new(3)));
    assert_eq!(bench.gate.open_lots(InstrumentId(0), Side::Buy), 7);
}

#[test]
fn an_instrument_has_one_position_and_a_collar_at_every_venue() {
    let mut bench = Bench::with(InstrumentLimits {
        max_long: Some(Qty::new(15)),
        collar_bps: Some(0),
        ..InstrumentLimits::default()
    });
    bench.quote(0, 99, 100);
    bench.new_order(Side::Buy, 100, plain).expect("at the touch");
    let there = |new: &mut NewOrder| new.book = book(1);
    assert_eq!(bench.new_order(Side::Buy, 100, there), Err(RiskReject::NoReferencePrice), "another book");
    bench.quote(1, 109, 110);
    assert_eq!(bench.new_order(Side::Buy, 111, there), Err(RiskReject::PriceCollar));
    assert_eq!(bench.new_order(Side::Buy, 110, there), Err(RiskReject::PositionLimit), "one position");
    bench.new_order(Side::Buy, 110, |new| (new.book, new.qty) = (book(1), Qty::new(5))).expect("up to the limit");
}

#[test]
fn nobody_uses_anothers_ids_or_amends_anothers_order() {
    let mut bench = Bench::new(Limits::default());
    let id = bench.new_order(Side::Buy, 100, plain).expect("no limits");
    let amend = Command::Amend { book: book(0), id, price: None, qty: Some(Qty::new(5)) };
    let stranger = bench.gate.check(at(0), TraderId(1), amend, &bench.ledger);
    assert_eq!(stranger, Err(RiskReject::UnknownOrder));
    let foreign = NewOrder::limit(order(0, 9), book(0), Side::Buy, Price::new(1), Qty::new(1));
    let stranger = bench.gate.check(at(0), TraderId(1), Command::New(foreign), &bench.ledger);
    assert_eq!(stranger, Err(RiskReject::DuplicateId));
    let foreign = NewOrder { id: order(1, 1), ..foreign };
    assert_eq!(bench.ask(Command::New(foreign)), Err(RiskReject::DuplicateId), "nor the other way round");
    let skipped = |number| NewOrder::limit(order(0, number), book(0), Side::Buy, Price::new(1), Qty::new(1));
    bench.ask(Command::New(skipped(9))).expect("ids may be skipped");
    assert_eq!(bench.ask(Command::New(skipped(5))), Err(RiskReject::DuplicateId), "but not gone back to");
}

#[test]
fn a_fill_of_an_order_that_is_gone_still_counts_against_its_strategy() {
    let repeat = Some(CountLimit { max: 2, window_ms: 1_000 });
    let mut bench = Bench::new(Limits { repeat, ..Limits::default() });
    let id = bench.new_order(Side::Buy, 100, plain).expect("no limits");
    bench.hear(id, 0, 10, ExecKind::Canceled(CancelReason::Requested));
    for _ in 0..2 {
        bench.hear(id, 1, 0, ExecKind::Trade(fill(1, 100, 1, 100, 0)));
    }
    assert_eq!(bench.ledger.position(InstrumentId(0)), Lots::new(2));
    assert!(bench.gate.is_disabled(TraderId(0)));
    assert_eq!(bench.new_order(Side::Buy, 100, plain), Err(RiskReject::StrategyDisabled));
}

#[test]
fn more_orders_than_a_window_remembers_are_denied() {
    let duplicate = Some(CountLimit { max: u32::MAX, window_ms: 1_000 });
    let mut bench = Bench::new(Limits { duplicate, ..Limits::default() });
    let passed = (0..70_000).take_while(|_| bench.new_order(Side::Buy, 100, plain).is_ok()).count();
    assert_eq!(passed, 1 << 16);
    assert_eq!(bench.new_order(Side::Buy, 100, plain), Err(RiskReject::DuplicateOrder));
}
