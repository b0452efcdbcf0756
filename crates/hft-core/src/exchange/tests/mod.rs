//! Each rule once, read as a dialogue: what is asked, and the events that answer it in one line each.

use super::{Allocation, AmendBelowFilled, DisconnectScope, IdReuse, MarketRemainder, PostOnlyCross};
mod refusals;
mod sessions;
mod trading;

use super::{BookRules, EngineEvent, MatchingEngine};
use crate::models::*;

const BOOK: BookId = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
const START: Timestamp = Timestamp::START;

/// An engine that remembers what the last command made it say.
struct Desk {
    engine: MatchingEngine,
    said: Vec<EngineEvent>,
}

/// A limit order of account `id`.
fn limit(id: u64, side: Side, price: i64, qty: i64) -> NewOrder {
    NewOrder::limit(OrderId(id), BOOK, side, Price::new(price), Qty::new(qty))
}

fn buy(id: u64, price: i64, qty: i64) -> NewOrder {
    limit(id, Side::Buy, price, qty)
}

fn sell(id: u64, price: i64, qty: i64) -> NewOrder {
    limit(id, Side::Sell, price, qty)
}

fn stop(id: u64, side: Side, trigger: i64, qty: i64) -> NewOrder {
    NewOrder { order_type: OrderType::Stop { trigger: Price::new(trigger) }, ..limit(id, side, 0, qty) }
}

fn market(id: u64, side: Side, qty: i64) -> NewOrder {
    NewOrder { tif: TimeInForce::Gtc, ..NewOrder::market(OrderId(id), BOOK, side, Qty::new(qty)) }
}

/// The event in a few words, levels and acceptances left out.
fn short(event: &EngineEvent) -> Option<String> {
    Some(match *event {
        EngineEvent::Accepted { .. } | EngineEvent::Level { .. } => return None,
        EngineEvent::Rejected { order, reason, .. } => format!("{order} rejected {reason}"),
        EngineEvent::CommandRejected { order, reason } => format!("{order} refused {reason}"),
        EngineEvent::Trade { price, qty, maker, taker, .. } => {
            format!("{}x{} {qty}@{price}", maker.order, taker.order)
        }
        EngineEvent::Prevented { order, qty, .. } => format!("{order} prevented {qty}"),
        EngineEvent::Replaced { order, price, leaves, .. } => format!("{order} now {leaves}@{price}"),
        EngineEvent::Triggered { order, .. } => format!("{order} triggered"),
        EngineEvent::Canceled { order, leaves, reason, .. } => format!("{order} canceled {leaves} {reason}"),
        EngineEvent::Rested { order, price, visible, .. } => format!("{order} rests {visible}@{price}"),
        EngineEvent::Resized { order, visible } => format!("{order} shows {visible}"),
        EngineEvent::Removed { order } => format!("{order} out"),
        EngineEvent::Phase(phase) => format!("{phase:?}"),
    })
}

impl Desk {
    fn new(rules: BookRules) -> Self {
        Self { engine: MatchingEngine::new(rules), said: Vec::new() }
    }

    fn plain() -> Self {
        Self::new(BookRules::default())
    }

    /// Runs one command, checks what must always hold, and says what happened.
    fn ask(&mut self, command: impl FnOnce(&mut MatchingEngine, &mut Vec<EngineEvent>)) -> String {
        self.said.clear();
        command(&mut self.engine, &mut self.said);
        self.engine.check_invariants();
        self.said.iter().filter_map(short).collect::<Vec<_>>().join(", ")
    }

    /// Each order has an account of its own, of the same number.
    fn new_order(&mut self, order: NewOrder) -> String {
        let account = AccountId(u32::try_from(order.id.0).expect("small"));
        self.new_from(account.0, order)
    }

    fn new_from(&mut self, account: u32, order: NewOrder) -> String {
        self.ask(|engine, said| engine.submit(START, AccountId(account), &order, &mut |_, event| said.push(event)))
    }

    fn amend(&mut self, id: u64, price: Option<i64>, qty: Option<i64>) -> String {
        let (price, qty) = (price.map(Price::new), qty.map(Qty::new));
        self.ask(|engine, said| engine.amend(START, None, OrderId(id), price, qty, &mut |_, event| said.push(event)))
    }

    fn reduce(&mut self, id: u64, by: i64) -> String {
        self.ask(|engine, said| engine.reduce(None, OrderId(id), Qty::new(by), &mut |_, event| said.push(event)))
    }

    fn cancel(&mut self, account: Option<u32>, id: u64) -> String {
        let account = account.map(AccountId);
        self.ask(|engine, said| engine.cancel(account, OrderId(id), &mut |_, event| said.push(event)))
    }

    fn phase(&mut self, phase: Phase) -> String {
        self.ask(|engine, said| engine.set_phase(phase, &mut |_, event| said.push(event)))
    }

    fn uncross(&mut self) -> (String, Option<(i64, u128)>) {
        let mut result = None;
        let said = self.ask(|engine, said| result = engine.uncross(&mut |_, event| said.push(event)));
        (said, result.map(|(price, qty)| (price.ticks(), qty)))
    }

    fn queue(&self, side: Side, price: i64) -> Vec<(u64, i64)> {
        self.engine.queue(side, Price::new(price)).map(|(id, open)| (id.0, open.lots())).collect()
    }

    /// The levels said, as (price, visible).
    fn levels(&self) -> Vec<(i64, i64)> {
        let level = |event: &EngineEvent| {
            if let EngineEvent::Level { price, qty, .. } = event { Some((price.ticks(), qty.lots())) } else { None }
        };
        self.said.iter().filter_map(level).collect()
    }
}
