//! What the gate costs: nanoseconds for a check and the reports that follow, on one thread.
//!
//! `cargo bench -p hft-core --bench gate`

use hft_core::account::{Ledger, Listing};
use hft_core::models::{
    AccountId, BookId, CancelReason, Cash, Command, Decimal, ExecKind, ExecutionReport, FeeSchedule, Instrument,
    InstrumentId, NewOrder, OrderId, Price, Qty, Quote, Side, Timestamp, Top, VenueId,
};
use hft_core::risk::{AccountLimits, CountLimit, InstrumentLimits, Limits, RateLimit, RiskGate, SelfCross};
use hft_core::world::TraderId;
use std::hint::black_box;

const BOOK: BookId = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
const ROUNDS: u64 = 2_000_000;
/// Rounds that are timed together. The fastest group counts: the others shared the processor with somebody.
const GROUP: u64 = 10_000;
/// Orders that are open at any time, as a crowd account or a quoting strategy has them.
const OPEN: u64 = 64;

fn main() {
    let (unlimited, limited) = (measure(Limits::default()), measure(every_limit()));
    println!("gate, unlimited: {unlimited:.1} ns a pair of check and report (new -> accepted, or cancel -> cancelled)");
    println!("gate, every limit set: {limited:.1} ns a pair");
}

/// A ring of open orders: each round approves a new order, hears that it was accepted, approves the cancel of the oldest
/// and hears that it is gone: two pairs of check and report.
fn measure(limits: Limits) -> f64 {
    let dollar = Instrument::new(
        "X",
        "USD",
        "0.01".parse().expect("decimal"),
        Decimal::ONE,
        Decimal::ONE,
        FeeSchedule::default(),
    );
    let listings = [Listing { book: BOOK, instrument: dollar.expect("valid").into() }];
    let ledger = Ledger::new(AccountId(0), &listings);
    let mut gate = RiskGate::new(AccountId(0), limits, &listings);
    let quote = |price| Some(Quote { price: Price::new(price), qty: Qty::new(10) });
    gate.on_top(Timestamp::START, BOOK, Top { bid: quote(9_999), ask: quote(10_001) }, &ledger);
    let trader = TraderId(0);
    let first = OrderId::first_of(0).0;
    let (mut start, mut best) = (nanos_passed(), f64::INFINITY);
    for round in 1..=ROUNDS {
        let now = Timestamp::new(round * 1_000);
        let side = if round % 2 == 0 { Side::Buy } else { Side::Sell };
        let distance = i64::try_from(round % 50).expect("small");
        let price = Price::new(10_000 - side.sign() * (distance + 1));
        let order = NewOrder::limit(OrderId(first + round), BOOK, side, price, Qty::new(1));
        let approved = gate.check(now, trader, Command::New(order), &ledger);
        assert!(black_box(&approved).is_ok());
        gate.on_report(now, black_box(&report(round, order.id, ExecKind::New)), &ledger);
        if round > OPEN {
            let id = OrderId(first + round - OPEN);
            let approved = gate.check(now, trader, Command::Cancel { book: BOOK, id }, &ledger);
            assert!(black_box(&approved).is_ok());
            let gone = ExecKind::Canceled(CancelReason::Requested);
            gate.on_report(now, black_box(&report(round, id, gone)), &ledger);
        }
        if round % GROUP == 0 {
            let now = nanos_passed();
            best = f64::min(best, now - start);
            start = now;
        }
    }
    assert_eq!(u64::try_from(gate.open_orders()).expect("few"), OPEN);
    #[allow(clippy::cast_precision_loss, reason = "a benchmark")]
    let pairs = (2 * GROUP) as f64;
    best / pairs
}

fn report(seq: u64, order: OrderId, kind: ExecKind) -> ExecutionReport {
    ExecutionReport {
        seq,
        time: Timestamp::START,
        account: AccountId(0),
        book: BOOK,
        order,
        filled: Qty::ZERO,
        leaves: Qty::new(1),
        kind,
    }
}

fn every_limit() -> Limits {
    let money = |units: i128| Some(Cash::new(units * Cash::PER_UNIT));
    Limits {
        instrument: Some(InstrumentLimits {
            max_long: Some(Qty::new(1_000)),
            max_short: Some(Qty::new(1_000)),
            max_order_qty: Some(Qty::new(10)),
            max_order_notional: money(1_000_000),
            collar_bps: Some(500),
            max_open_orders: Some(1_000),
        }),
        symbols: None,
        account: AccountLimits {
            max_gross_notional: money(1_000_000_000),
            max_net_notional: money(1_000_000_000),
            max_open_orders: Some(1_000),
            max_daily_loss: money(1_000),
            max_drawdown: money(1_000),
        },
        rate: Some(RateLimit { capacity: 1_000_000, refill_per_s: 1_000_000_000, cancel_reserve: 100 }),
        duplicate: Some(CountLimit { max: 1_000, window_ms: 1 }),
        repeat: Some(CountLimit { max: 1_000, window_ms: 1 }),
        reject_storm: Some(CountLimit { max: 1_000, window_ms: 1 }),
        stale_ms: Some(1_000_000),
        self_cross: SelfCross::Deny,
    }
}

/// Wall time in nanoseconds since the first call.
#[allow(clippy::disallowed_methods, clippy::cast_precision_loss, reason = "a benchmark reads the clock")]
fn nanos_passed() -> f64 {
    use std::sync::OnceLock;
    use std::time::Instant;
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    ORIGIN.get_or_init(Instant::now).elapsed().as_nanos() as f64
}
