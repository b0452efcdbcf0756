//! `conformance book`: one order book and the venue rules around it.
//!
//! Numbers beyond 64 bits are refused as out of range; a fraction is malformed. `end_session` is understood beside the
//! documented commands: it ends day orders. `uncross` outside an auction is refused (`phase`).

use super::Session;
use super::exact::number;
use super::fields::{Fields, Malformed};
use super::ledger::{Ledger, Outcome};
use super::order_entry::{Beyond, moment, new_order};
use super::parameters;
use crate::engine::Engine;
use crate::rules::{BookRules, declared};
use crate::words::{PHASES, SIDES};
use hft_core::exchange::{EngineEvent, EventSink};
use hft_core::models::{AccountId, OrderId, Phase, Price, Qty, RejectReason, Side, Timestamp};
use serde_json::{Map, Value, json};

/// A book under questions.
pub struct BookSession<E> {
    engine: E,
    now: Timestamp,
    ledger: Ledger,
}

/// What a command's answer shows beyond the common part.
enum Shown {
    /// The order it named.
    Order(OrderId),
    /// The new order it named, which was refused.
    Refused(Option<Price>),
    /// The orders it ended.
    Canceled,
    /// The auction it ran.
    Auction(Option<(Price, u128)>),
    Nothing,
}

/// Keeps events in the order in which they came.
#[derive(Default)]
struct Heard(Vec<EngineEvent>);

impl EventSink for Heard {
    fn on_event(&mut self, _seq: u64, event: EngineEvent) {
        self.0.push(event);
    }
}

impl<E: Engine> BookSession<E> {
    /// An empty book with the declared policies.
    pub fn new() -> Self {
        Self::open(declared())
    }

    fn open(rules: BookRules) -> Self {
        Self { engine: E::open(rules), now: Timestamp::START, ledger: Ledger::default() }
    }

    fn command(&mut self, line: &str) -> Result<Value, Malformed> {
        let fields = Fields::read(line)?;
        let op = fields.require("op", fields.text("op")?)?;
        match op.as_str() {
            "config" => {
                *self = Self::open(parameters::rules(&fields)?);
                Ok(self.told(&Outcome::default(), &Shown::Nothing))
            }
            "new" => self.submit(&fields),
            "cancel" | "reduce" | "amend" => self.change(&op, &fields),
            "mass_cancel" | "kill" | "unkill" | "disconnect" | "advance_time" | "end_session" => {
                self.many(&op, &fields)
            }
            "set_phase" | "uncross" => self.phase(&op, &fields),
            "dump" => Ok(self.dump()),
            _ => Err(Malformed(format!("unknown command `{op}`"))),
        }
    }

    fn submit(&mut self, fields: &Fields<'_>) -> Result<Value, Malformed> {
        let name = fields.require("id", fields.name("id")?)?;
        let account = fields.name("acct")?;
        // Nothing is remembered of a line that is malformed.
        let (order, beyond) = new_order(fields, OrderId(0))?;
        let account = match account {
            Some(name) => self.ledger.account_id(&name),
            None => self.ledger.own_account(&name),
        };
        let order = hft_core::models::NewOrder { id: self.ledger.order_id(&name), ..order };
        let mut heard = Heard::default();
        self.engine.submit(self.now, account, &order, &mut heard);
        let mut outcome = self.ledger.book(&heard.0, order.limit_price());
        outcome.refused = outcome.refused.map(|reason| beyond.reason(reason));
        let shown = match outcome.refused {
            Some(_) => Shown::Refused(order.limit_price().filter(|&price| price != Price::ZERO)),
            None => Shown::Order(order.id),
        };
        Ok(self.told(&outcome, &shown))
    }

    /// A command about one order that should be there.
    fn change(&mut self, op: &str, fields: &Fields<'_>) -> Result<Value, Malformed> {
        let name = fields.require("id", fields.name("id")?)?;
        let account = fields.name("acct")?;
        let numbers = match op {
            "reduce" => [Some(fields.require("by", fields.amount("by")?)?), None],
            "amend" => [fields.amount("qty")?, fields.amount("px")?],
            _ => [None, None],
        };
        let id = self.ledger.order_id(&name);
        let account = account.map(|account| self.ledger.account_id(&account));
        let mut beyond = Beyond::default();
        let qty = numbers[0].map(|qty| Qty::new(Beyond::bounded(qty, &mut beyond.qty)));
        let px = numbers[1].map(|px| Price::new(Beyond::bounded(px, &mut beyond.px)));
        let mut heard = Heard::default();
        match (op, qty) {
            ("cancel", _) => self.engine.cancel(account, id, &mut heard),
            ("reduce", Some(by)) => self.engine.reduce(account, id, by, &mut heard),
            _ => self.engine.amend(self.now, account, id, px, qty, &mut heard),
        }
        let mut outcome = self.ledger.book(&heard.0, None);
        outcome.refused = outcome.refused.map(|reason| beyond.reason(reason));
        Ok(self.told(&outcome, &Shown::Order(id)))
    }

    /// A command about whatever is there.
    fn many(&mut self, op: &str, fields: &Fields<'_>) -> Result<Value, Malformed> {
        let account = fields.name("acct")?;
        let side = fields.word("side", SIDES)?;
        let to = fields.integer("to")?;
        let account: Option<AccountId> = account.map(|account| self.ledger.account_id(&account));
        let mut heard = Heard::default();
        match op {
            "mass_cancel" => self.engine.mass_cancel(account, side, &mut heard),
            "kill" => self.engine.kill(account, &mut heard),
            "unkill" => self.engine.unkill(account),
            "disconnect" => self.engine.disconnect(account, &mut heard),
            "end_session" => self.engine.end_session(&mut heard),
            _ => {
                // Time does not run backwards: an earlier moment is no change.
                self.now = self.now.max(moment(fields.require("to", to)?));
                self.engine.advance_time(self.now, &mut heard);
            }
        }
        let outcome = self.ledger.book(&heard.0, None);
        Ok(self.told(&outcome, &Shown::Canceled))
    }

    fn phase(&mut self, op: &str, fields: &Fields<'_>) -> Result<Value, Malformed> {
        let phase = fields.word("phase", PHASES)?;
        let mut heard = Heard::default();
        let shown = if op == "set_phase" {
            self.engine.set_phase(fields.require("phase", phase)?, &mut heard);
            Shown::Nothing
        } else if self.engine.phase() == Phase::Auction {
            Shown::Auction(self.engine.uncross(&mut heard))
        } else {
            return Ok(self.refuse(RejectReason::Phase, &Shown::Nothing));
        };
        let outcome = self.ledger.book(&heard.0, None);
        Ok(self.told(&outcome, &shown))
    }

    fn refuse(&self, reason: RejectReason, shown: &Shown) -> Value {
        self.told(&Outcome::refused(reason), shown)
    }

    fn told(&self, outcome: &Outcome, shown: &Shown) -> Value {
        let mut answer = self.ledger.answer_json(outcome);
        let mut add = |key: &str, value: Value| _ = answer.insert(key.to_owned(), value);
        match *shown {
            Shown::Order(id) => {
                if let Some(order) = self.ledger.order_json(id, self.visible(id)) {
                    add("order", order);
                }
            }
            Shown::Refused(px) => add(
                "order",
                json!({
                    "status": "rejected", "filled": 0, "leaves": 0, "px": px.map(Price::ticks),
                    "visible": 0, "prevented": 0,
                }),
            ),
            Shown::Canceled => add("canceled_ids", self.ledger.canceled_json(outcome)),
            Shown::Auction(result) => {
                if let Some((price, _)) = result {
                    add("uncross_px", price.ticks().into());
                }
                add("uncross_qty", number(result.map_or(0, |(_, qty)| qty)));
                add("fills", self.ledger.fills_json(outcome));
            }
            Shown::Nothing => {}
        }
        Value::Object(answer)
    }

    fn visible(&self, id: OrderId) -> Qty {
        self.engine.order(id).map_or(Qty::ZERO, |order| order.visible)
    }

    fn dump(&self) -> Value {
        let mut dump = Map::new();
        let mut queues = Map::new();
        for (side, name, totals, word) in
            [(Side::Buy, "bids", "bids_total", "buy"), (Side::Sell, "asks", "asks_total", "sell")]
        {
            let levels = self.engine.levels(side);
            let visible = levels.iter().map(|l| json!([l.price.ticks(), number(l.visible), l.count])).collect();
            let total = levels.iter().map(|l| json!([l.price.ticks(), number(l.total), l.count])).collect();
            dump.insert(name.to_owned(), visible);
            dump.insert(totals.to_owned(), total);
            for level in &levels {
                let queue = self.ledger.queue_json(&self.engine.queue(side, level.price));
                queues.insert(format!("{word}@{}", level.price), queue);
            }
        }
        let (pos, cash) = self.ledger.positions_json();
        dump.insert("queues".to_owned(), Value::Object(queues));
        dump.insert("orders".to_owned(), self.ledger.orders_json(|id| self.visible(id)));
        dump.insert("pos".to_owned(), pos);
        dump.insert("cash".to_owned(), cash);
        dump.insert("last_px".to_owned(), self.engine.last_price().map(Price::ticks).into());
        Value::Object(dump)
    }
}

impl<E: Engine> Default for BookSession<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Engine> Session for BookSession<E> {
    fn policies(&self) -> Value {
        parameters::policies()
    }

    fn answer(&mut self, line: &str) -> Value {
        match self.command(line) {
            Ok(answer) => answer,
            Err(Malformed(error)) => json!({ "error": error }),
        }
    }
}
