//! What the conformance program remembers of a book's events: every order that ever was accepted, positions and cash.

use super::exact::{Sum, number};
use super::fields::Name;
use hft_core::exchange::EngineEvent;
use hft_core::models::{AccountId, CancelReason, OrderId, Price, Qty, RejectReason, Side};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How an order stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Resting,
    Stop,
    Filled,
    Canceled,
}

/// An accepted order.
struct Record {
    status: Status,
    filled: Qty,
    leaves: Qty,
    prevented: Qty,
    /// Its limit, or where it rests.
    px: Option<Price>,
}

#[derive(Default)]
struct Position {
    lots: i128,
    cash: Sum,
}

/// One party's name, and whether the program made it up.
struct Account {
    text: String,
    is_given: bool,
}

/// Names, orders, positions.
#[derive(Default)]
pub(super) struct Ledger {
    order_ids: BTreeMap<String, OrderId>,
    order_names: Vec<Value>,
    account_ids: BTreeMap<String, AccountId>,
    accounts: Vec<Account>,
    orders: BTreeMap<OrderId, Record>,
    positions: BTreeMap<AccountId, Position>,
}

/// What one command did.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) refused: Option<RejectReason>,
    trades: Vec<Value>,
    maker_cancels: Vec<Value>,
    canceled: BTreeSet<OrderId>,
    fills: BTreeMap<OrderId, i128>,
}

impl Outcome {
    /// A command that was refused, and did nothing.
    pub(super) fn refused(reason: RejectReason) -> Self {
        Self { refused: Some(reason), ..Self::default() }
    }
}

impl Ledger {
    /// The market's id for an order that the sender named.
    pub(super) fn order_id(&mut self, name: &Name) -> OrderId {
        *self.order_ids.entry(name.text.clone()).or_insert_with(|| {
            self.order_names.push(name.given.clone());
            OrderId(u64::try_from(self.order_names.len()).expect("a count fits"))
        })
    }

    /// The market's id for an account that the sender named.
    pub(super) fn account_id(&mut self, name: &Name) -> AccountId {
        if let Some(&id) = self.account_ids.get(&name.text) {
            return id;
        }
        let id = self.add_account(Account { text: name.text.clone(), is_given: true });
        self.account_ids.insert(name.text.clone(), id);
        id
    }

    /// An account for one order whose sender named none.
    pub(super) fn own_account(&mut self, order: &Name) -> AccountId {
        self.add_account(Account { text: format!("auto:{}", order.text), is_given: false })
    }

    fn add_account(&mut self, account: Account) -> AccountId {
        let id = AccountId(u32::try_from(self.accounts.len()).expect("fewer than 2^32 accounts"));
        self.accounts.push(account);
        id
    }

    fn order_name(&self, id: OrderId) -> &Value {
        &self.order_names[usize::try_from(id.0).expect("a count fits") - 1]
    }

    /// Books the events of one command. `limit` is the limit of the order that it enters, where it enters one.
    pub(super) fn book(&mut self, events: &[EngineEvent], limit: Option<Price>) -> Outcome {
        let mut outcome = Outcome::default();
        let mut aggressor = None;
        for event in events {
            match *event {
                EngineEvent::Accepted { order, account, qty, .. } => {
                    aggressor = Some(order);
                    self.positions.entry(account).or_default();
                    let record = Record {
                        status: Status::Stop, // the only one in which it could stay without another event
                        filled: Qty::ZERO,
                        leaves: qty,
                        prevented: Qty::ZERO,
                        px: limit,
                    };
                    self.orders.insert(order, record);
                }
                EngineEvent::Rejected { reason, .. } | EngineEvent::CommandRejected { reason, .. } => {
                    outcome.refused = Some(reason);
                }
                EngineEvent::Trade { price, qty, maker, taker, aggressor, .. } => {
                    let maker_side = aggressor.map_or(Side::Buy, Side::opposite);
                    for (party, side) in [(maker, maker_side), (taker, maker_side.opposite())] {
                        let record = self.record(party.order);
                        (record.filled, record.leaves) = (party.filled, party.leaves);
                        if party.leaves.is_zero() {
                            record.status = Status::Filled;
                        }
                        let position = self.positions.entry(party.account).or_default();
                        position.lots += i128::from(side.signed(qty).count());
                        position.cash.add_product(-price.ticks(), side.signed(qty).count());
                        *outcome.fills.entry(party.order).or_default() += i128::from(qty.lots());
                    }
                    outcome.trades.push(json!({
                        "maker": self.order_name(maker.order),
                        "taker": self.order_name(taker.order),
                        "px": price.ticks(),
                        "qty": qty.lots(),
                    }));
                }
                EngineEvent::Prevented { order, qty, leaves, .. } => {
                    let record = self.record(order);
                    record.leaves = leaves;
                    record.prevented += qty;
                }
                EngineEvent::Replaced { order, price, leaves, .. } => {
                    aggressor = Some(order);
                    let record = self.record(order);
                    record.leaves = leaves;
                    record.px = (price != Price::ZERO).then_some(price);
                }
                EngineEvent::Triggered { order, .. } => aggressor = Some(order),
                EngineEvent::Canceled { order, reason, .. } => {
                    let record = self.record(order);
                    (record.status, record.leaves) = (Status::Canceled, Qty::ZERO);
                    outcome.canceled.insert(order);
                    if reason == CancelReason::Stp && aggressor != Some(order) {
                        let id = self.order_name(order);
                        outcome.maker_cancels.push(json!({ "id": id, "reason": reason.to_string() }));
                    }
                }
                EngineEvent::Rested { order, price, .. } => {
                    let record = self.record(order);
                    (record.status, record.px) = (Status::Resting, Some(price));
                }
                EngineEvent::Resized { .. }
                | EngineEvent::Removed { .. }
                | EngineEvent::Level { .. }
                | EngineEvent::Phase(_) => {}
            }
        }
        outcome
    }

    fn record(&mut self, id: OrderId) -> &mut Record {
        self.orders.get_mut(&id).expect("events speak of accepted orders")
    }

    /// An order as an answer shows it; `visible` is what the book shows of it.
    pub(super) fn order_json(&self, id: OrderId, visible: Qty) -> Option<Value> {
        let record = self.orders.get(&id)?;
        let status = match record.status {
            Status::Resting => "resting",
            Status::Stop => "stop",
            Status::Filled => "filled",
            Status::Canceled => "canceled",
        };
        Some(json!({
            "status": status,
            "filled": record.filled.lots(),
            "leaves": record.leaves.lots(),
            "px": record.px.map(Price::ticks),
            "visible": visible.lots(),
            "prevented": record.prevented.lots(),
        }))
    }

    /// All orders by name; `visible` asks the book.
    pub(super) fn orders_json(&self, visible: impl Fn(OrderId) -> Qty) -> Value {
        let entry = |&id: &OrderId| (key(self.order_name(id)), self.order_json(id, visible(id)).expect("it is listed"));
        Value::Object(self.orders.keys().map(entry).collect())
    }

    /// A queue of the book by name.
    pub(super) fn queue_json(&self, queue: &[(OrderId, Qty)]) -> Value {
        queue.iter().map(|&(id, open)| json!([self.order_name(id), open.lots()])).collect()
    }

    /// Positions and cash by account. Accounts that the program made up are listed once they have traded.
    pub(super) fn positions_json(&self) -> (Value, Value) {
        let (mut lots, mut cash) = (BTreeMap::<&str, i128>::new(), Map::new());
        let mut sums = BTreeMap::<&str, Sum>::new();
        for (id, position) in &self.positions {
            let account = &self.accounts[usize::try_from(id.0).expect("a count fits")];
            let traded = position.lots != 0 || !position.cash.is_zero();
            if account.is_given || traded {
                *lots.entry(&account.text).or_default() += position.lots;
                sums.entry(&account.text).or_default().add(position.cash);
            }
        }
        for (account, sum) in sums {
            cash.insert(account.to_owned(), sum.to_json());
        }
        let lots = lots.into_iter().map(|(account, lots)| (account.to_owned(), number(lots))).collect();
        (Value::Object(lots), Value::Object(cash))
    }

    /// The common part of every answer.
    pub(super) fn answer_json(&self, outcome: &Outcome) -> Map<String, Value> {
        let mut answer = Map::new();
        let word = if outcome.refused.is_some() { "reject" } else { "ok" };
        answer.insert("outcome".to_owned(), word.into());
        if let Some(reason) = outcome.refused {
            answer.insert("reason".to_owned(), reason.to_string().into());
        }
        answer.insert("trades".to_owned(), outcome.trades.clone().into());
        answer.insert("maker_cancels".to_owned(), outcome.maker_cancels.clone().into());
        answer
    }

    /// The orders that a command ended without a trade, integers in their order before texts in theirs.
    pub(super) fn canceled_json(&self, outcome: &Outcome) -> Value {
        let mut names: Vec<&Value> = outcome.canceled.iter().map(|&id| self.order_name(id)).collect();
        names.sort_by_key(|name| (name.is_string(), name.as_i64(), name.as_u64(), name.as_str()));
        names.into_iter().cloned().collect()
    }

    /// How much each order traded in a command.
    pub(super) fn fills_json(&self, outcome: &Outcome) -> Value {
        let entry = |(&id, &qty): (&OrderId, &i128)| (key(self.order_name(id)), number(qty));
        Value::Object(outcome.fills.iter().map(entry).collect())
    }
}

/// A name as a key of a JSON object.
fn key(name: &Value) -> String {
    name.as_str().map_or_else(|| name.to_string(), str::to_owned)
}
