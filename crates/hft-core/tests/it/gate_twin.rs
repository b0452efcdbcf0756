//! The gate against a twin that keeps the whole history and adds everything up anew for every question.

use hft_core::account::{Ledger, Listing};
use hft_core::models::*;
use hft_core::risk::{AccountLimits, InstrumentLimits, Limits, RiskGate, RiskReject, SelfCross};
use hft_core::world::TraderId;
use proptest::prelude::*;
use std::sync::Arc;

const MAX_LONG: i64 = 14;
const MAX_SHORT: i64 = 11;
const MAX_GROSS: i64 = 3_500;
const MAX_NET: i64 = 1_700;
const MAX_OPEN: usize = 7;

#[derive(Clone, Copy, Debug)]
enum Op {
    New { trader: u32, instrument: u16, side: Side, qty: i64, price: i64 },
    Amend { pick: usize, price: Option<i64>, qty: Option<i64> },
    Ack(usize),
    RejectAmend(usize),
    Fill { pick: usize, qty: i64 },
    Canceled(usize),
    RejectNew(usize),
    Md { instrument: u16, price: i64 },
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let side = prop_oneof![Just(Side::Buy), Just(Side::Sell)];
    let price = 90i64..110;
    let pick = 0usize..MAX_OPEN;
    let op = prop_oneof![
        4 => (0u32..2, 0u16..2, side, 1i64..7, price.clone())
            .prop_map(|(trader, instrument, side, qty, price)| Op::New { trader, instrument, side, qty, price }),
        3 => (pick.clone(), prop::option::of(price.clone()), prop::option::of(1i64..10))
            .prop_map(|(pick, price, qty)| Op::Amend { pick, price, qty }),
        2 => pick.clone().prop_map(Op::Ack),
        1 => pick.clone().prop_map(Op::RejectAmend),
        3 => (pick.clone(), 1i64..5).prop_map(|(pick, qty)| Op::Fill { pick, qty }),
        1 => pick.clone().prop_map(Op::Canceled),
        1 => pick.prop_map(Op::RejectNew),
        1 => (0u16..2, price).prop_map(|(instrument, price)| Op::Md { instrument, price }),
    ];
    prop::collection::vec(op, 1..200)
}

#[derive(Clone, Debug)]
struct Order {
    id: OrderId,
    instrument: u16,
    side: Side,
    price: i64,
    filled: i64,
    leaves: i64,
    amends: Vec<(Option<i64>, Option<i64>)>,
}

impl Order {
    /// What the order is, and what each amend in flight would make of it; where an amend leaves price or total alone, it is
    /// the worst that it may be by then.
    fn states(&self) -> Vec<(i64, i64)> {
        let mut states = vec![(self.price, self.leaves)];
        for &(price, qty) in &self.amends {
            let highest = states.iter().map(|state| state.0).max().expect("there is one");
            let most = states.iter().map(|state| state.1).max().expect("there is one");
            states.push((price.unwrap_or(highest), qty.map_or(most, |qty| (qty - self.filled).max(0))));
        }
        states
    }

    fn open(&self) -> i64 {
        self.states().iter().map(|&(_, open)| open).max().expect("there is one")
    }

    fn value(&self) -> i64 {
        self.states().iter().map(|&(price, open)| price * open).max().expect("there is one")
    }
}

#[derive(Default)]
struct Twin {
    live: Vec<Order>,
    fills: Vec<(u16, i64, i64)>,
    mids: [Option<i64>; 2],
    last: [u64; 2],
}

impl Twin {
    fn position(&self, instrument: u16) -> i64 {
        self.fills.iter().filter(|fill| fill.0 == instrument).map(|fill| fill.1).sum()
    }

    /// What each position is worth, half ticks times lots.
    fn values(&self) -> [i64; 2] {
        [0, 1].map(|instrument: u16| {
            let last_fill = self.fills.iter().rev().find(|fill| fill.0 == instrument).map(|fill| 2 * fill.2);
            let mark = self.mids[usize::from(instrument)].or(last_fill).unwrap_or(0);
            self.position(instrument) * mark
        })
    }

    /// The same, nothing netted, and that of all open orders.
    fn gross(&self) -> i64 {
        let positions: i64 = self.values().iter().map(|value| value.abs()).sum();
        positions + self.live.iter().map(|order| 2 * order.value()).sum::<i64>()
    }

    /// What the gate must say to the book as it would be: `changed` replaces its former self, or is new.
    fn verdict(&self, changed: &Order) -> Result<(), RiskReject> {
        let Order { id, instrument, side, .. } = *changed;
        let before = self.live.iter().find(|order| order.id == id);
        let reach = changed.amends.last().and_then(|&(price, _)| price).unwrap_or(changed.price);
        let crosses = self.live.iter().any(|other| {
            let opposite = other.instrument == instrument && other.side != side;
            opposite && other.states().iter().any(|&(price, _)| side.accepts(Price::new(reach), Price::new(price)))
        });
        if crosses {
            return Err(RiskReject::SelfCross);
        }
        if before.is_none() && self.live.len() >= MAX_OPEN {
            return Err(RiskReject::MaxOpenOrders);
        }
        let open = |orders: &[Order]| -> i64 {
            orders.iter().filter(|o| o.instrument == instrument && o.side == side).map(Order::open).sum()
        };
        let added = changed.open() - before.map_or(0, Order::open);
        let limit = if side == Side::Buy { MAX_LONG } else { MAX_SHORT };
        if added > 0 && self.position(instrument) * side.sign() + open(&self.live) + added > limit {
            return Err(RiskReject::PositionLimit);
        }
        let added = changed.value() - before.map_or(0, Order::value);
        if added > 0 && self.gross() + 2 * added > 2 * MAX_GROSS {
            return Err(RiskReject::GrossNotional);
        }
        let same: i64 = self.live.iter().filter(|order| order.side == side).map(Order::value).sum();
        if added > 0 && self.values().iter().sum::<i64>() * side.sign() + 2 * (same + added) > 2 * MAX_NET {
            return Err(RiskReject::NetNotional);
        }
        Ok(())
    }
}

struct Pair {
    gate: RiskGate,
    ledger: Ledger,
    twin: Twin,
}

fn book(instrument: u16) -> BookId {
    BookId { venue: VenueId(0), instrument: InstrumentId(instrument) }
}

fn pair() -> Pair {
    let contract = || {
        let one = Decimal::ONE;
        Arc::new(Instrument::new("X", "USD", one, one, one, FeeSchedule::default()).expect("valid"))
    };
    let listings = [0, 1].map(|instrument| Listing { book: book(instrument), instrument: contract() });
    let limits = Limits {
        instrument: Some(InstrumentLimits {
            max_long: Some(Qty::new(MAX_LONG)),
            max_short: Some(Qty::new(MAX_SHORT)),
            ..InstrumentLimits::default()
        }),
        account: AccountLimits {
            max_gross_notional: Some(Cash::new(i128::from(MAX_GROSS) * Cash::PER_UNIT)),
            max_net_notional: Some(Cash::new(i128::from(MAX_NET) * Cash::PER_UNIT)),
            max_open_orders: Some(u32::try_from(MAX_OPEN).expect("few")),
            ..AccountLimits::default()
        },
        self_cross: SelfCross::Deny,
        ..Limits::default()
    };
    let account = AccountId(0);
    Pair {
        gate: RiskGate::new(account, limits, &listings),
        ledger: Ledger::new(account, &listings),
        twin: Twin::default(),
    }
}

impl Pair {
    fn step(&mut self, op: Op) -> Result<(), TestCaseError> {
        match op {
            Op::New { trader, instrument, side, qty, price } => self.new_order(trader, instrument, side, (qty, price)),
            Op::Amend { pick, price, qty } => self.amend(pick, price, qty),
            Op::Md { instrument, price } => {
                let quote = |price| Some(Quote { price: Price::new(price), qty: Qty::new(1) });
                let top = Top { bid: quote(price), ask: quote(price + 1) };
                self.ledger.mark(book(instrument), top).expect("listed");
                self.gate.on_top(Timestamp::START, book(instrument), top, &self.ledger);
                self.twin.mids[usize::from(instrument)] = Some(2 * price + 1);
                Ok(())
            }
            Op::Ack(pick)
            | Op::RejectAmend(pick)
            | Op::Canceled(pick)
            | Op::RejectNew(pick)
            | Op::Fill { pick, .. } => {
                if pick < self.twin.live.len() {
                    self.report(op, pick);
                }
                Ok(())
            }
        }
    }

    fn new_order(
        &mut self,
        trader: u32,
        instrument: u16,
        side: Side,
        (qty, price): (i64, i64),
    ) -> Result<(), TestCaseError> {
        let last = &mut self.twin.last[trader as usize];
        *last += 1;
        let id = OrderId(OrderId::first_of(trader).0 + *last);
        let order = Order { id, instrument, side, price, filled: 0, leaves: qty, amends: Vec::new() };
        let command = NewOrder::limit(id, book(instrument), side, Price::new(price), Qty::new(qty));
        let said = self.gate.check(Timestamp::START, TraderId(trader), Command::New(command), &self.ledger);
        let expected = self.twin.verdict(&order);
        prop_assert_eq!(said.map(|_| ()), expected);
        if expected.is_ok() {
            self.twin.live.push(order);
        }
        Ok(())
    }

    fn amend(&mut self, pick: usize, price: Option<i64>, qty: Option<i64>) -> Result<(), TestCaseError> {
        let Some(order) = self.twin.live.get(pick) else { return Ok(()) };
        if order.amends.len() >= 3 {
            return Ok(());
        }
        let mut amended = order.clone();
        amended.amends.push((price, qty));
        let command = Command::Amend {
            book: book(order.instrument),
            id: order.id,
            price: price.map(Price::new),
            qty: qty.map(Qty::new),
        };
        let trader = TraderId(order.id.trader());
        let said = self.gate.check(Timestamp::START, trader, command, &self.ledger);
        let expected = self.twin.verdict(&amended);
        prop_assert_eq!(said.map(|_| ()), expected);
        if expected.is_ok() {
            self.twin.live[pick] = amended;
        }
        Ok(())
    }

    /// What a venue says of one live order, to both.
    fn report(&mut self, op: Op, pick: usize) {
        let order = &mut self.twin.live[pick];
        let (mut ends, instrument) = (false, order.instrument);
        let kind = match op {
            Op::Fill { qty, .. } => {
                let qty = qty.min(order.open()).max(1);
                (order.filled, order.leaves) = (order.filled + qty, (order.leaves - qty).max(0));
                self.twin.fills.push((instrument, order.side.sign() * qty, order.price));
                ExecKind::Trade(fill(order.side, order.price, qty))
            }
            Op::Ack(_) => {
                if order.amends.is_empty() {
                    return;
                }
                let (price, qty) = order.amends.remove(0);
                order.price = price.unwrap_or(order.price);
                order.leaves = qty.map_or(order.leaves, |qty| (qty - order.filled).max(0));
                ExecKind::Replaced { price: Price::new(order.price) }
            }
            Op::RejectAmend(_) => {
                if !order.amends.is_empty() {
                    order.amends.remove(0);
                }
                ExecKind::CommandRejected(RejectReason::Phase)
            }
            Op::RejectNew(_) => {
                ends = true;
                ExecKind::Rejected(RejectReason::Phase)
            }
            Op::Canceled(_) | Op::New { .. } | Op::Amend { .. } | Op::Md { .. } => {
                ends = true;
                ExecKind::Canceled(CancelReason::Requested)
            }
        };
        let report = ExecutionReport {
            seq: 0,
            time: Timestamp::START,
            account: AccountId(0),
            book: book(instrument),
            order: order.id,
            filled: Qty::new(order.filled),
            leaves: Qty::new(order.leaves),
            kind,
        };
        if ends || order.open() == 0 {
            self.twin.live.remove(pick);
        }
        self.ledger.book(&report).expect("small numbers");
        self.gate.on_report(Timestamp::START, &report, &self.ledger);
    }

    fn agree(&self) -> Result<(), TestCaseError> {
        prop_assert_eq!(self.gate.open_orders(), self.twin.live.len());
        for instrument in 0..2 {
            for side in Side::BOTH {
                let of_side = |order: &&Order| order.instrument == instrument && order.side == side;
                let open: i64 = self.twin.live.iter().filter(of_side).map(Order::open).sum();
                prop_assert_eq!(self.gate.open_lots(InstrumentId(instrument), side), i128::from(open));
            }
        }
        for order in &self.twin.live {
            let view = self.gate.order(order.id).expect("live");
            let found = (view.price.ticks(), view.filled.lots(), view.leaves.lots(), view.counted.lots());
            prop_assert_eq!(found, (order.price, order.filled, order.leaves, order.open()));
        }
        Ok(())
    }
}

fn fill(side: Side, price: i64, qty: i64) -> Fill {
    Fill {
        trade: TradeId(1),
        side,
        price: Price::new(price),
        qty: Qty::new(qty),
        liquidity: Liquidity::Maker,
        fee: Cash::ZERO,
        ahead: Qty::ZERO,
        mid: HalfTicks::ZERO,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]
    /// Same verdicts and same sums after every event of any history.
    #[test]
    fn the_gate_is_its_twin(ops in ops()) {
        let mut pair = pair();
        for op in ops {
            pair.step(op)?;
            pair.agree()?;
        }
    }
}
