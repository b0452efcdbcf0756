//! `conformance gate`: the pre-trade risk gate under questions. The gate and the ledger are the real ones; what lives
//! here is names: ids, strategies and symbols as strings or integers (the same name either way), and reports written
//! the way a venue would write them.
//!
//! A line that is malformed is answered `{"error": ..}` and changes nothing. Unknown fields are ignored, `null` is the same as
//! absent. A size or price beyond 64 bits is read as the largest that there is. Money is in ticks times lots.

#[cfg(test)]
mod dialogues;
mod event;
mod fields;
mod limits;

use self::event::Event;
use self::fields::{Fields, Malformed};
use super::Session;
use hft_core::account::{Ledger, Listing};
use hft_core::models::{
    AccountId, BookId, CancelReason, Cash, Command, ExecKind, ExecutionReport, Fill, InstrumentId, Liquidity, NewOrder,
    OrderId, OrderType, Price, Qty, Quote, RejectReason, Side, TimeInForce, Timestamp, Top, TradeId, VenueId,
};
use hft_core::risk::{Kill, Limits, RiskGate, RiskReject};
use hft_core::world::TraderId;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const ACCOUNT: AccountId = AccountId(0);

/// Who sends what names no strategy: its denials make no storm.
const NOBODY: TraderId = TraderId(0xF_FFFF);

/// A gate and its ledger under questions.
pub struct GateSession {
    gate: RiskGate,
    ledger: Ledger,
    now: Timestamp,
    books: BTreeMap<String, BookId>,
    strategies: BTreeMap<String, Strategy>,
    orders: BTreeMap<String, Order>,
    /// Whether a symbol that the configuration did not name may be traded.
    symbols: Symbols,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Symbols {
    Listed,
    Any,
}

#[derive(Clone, Copy, Debug)]
struct Strategy {
    trader: TraderId,
    last: OrderId,
}

/// What a name of an order stands for, from its approval on.
#[derive(Clone, Copy, Debug)]
struct Order {
    id: OrderId,
    book: BookId,
    side: Side,
}

/// What one event came to.
enum Outcome {
    Pass,
    Deny(RiskReject),
    Noted(Option<Kill>),
}

impl Default for GateSession {
    fn default() -> Self {
        Self::new()
    }
}

impl Session for GateSession {
    fn policies(&self) -> Value {
        json!({
            "policies": {
                "collar_reference": "opposite_touch",
                "window_end": "open",
                "count_limit": "disables_at_max",
                "duplicate_scope": "account",
                "reset": "account_or_strategy",
                "kill_cancels_resting": true,
            },
            "features": ["limit", "market", "amend", "kill", "mass_cancel", "self_cross", "rate", "stale", "collar"],
        })
    }

    fn answer(&mut self, line: &str) -> Value {
        let event = Fields::read(line).and_then(|fields| Event::read(&fields));
        let before = self.now;
        match event.and_then(|(now, event)| self.apply(now, event)) {
            Ok(outcome) => self.told(&outcome),
            Err(Malformed(error)) => {
                self.now = before;
                json!({ "error": error })
            }
        }
    }
}

impl GateSession {
    /// A gate without limits.
    pub fn new() -> Self {
        Self::open(Limits::default())
    }

    fn open(limits: Limits) -> Self {
        let symbols = limits.symbols.iter().flat_map(BTreeMap::keys).cloned().collect::<Vec<_>>();
        let mut session = Self {
            symbols: if limits.symbols.is_some() { Symbols::Listed } else { Symbols::Any },
            gate: RiskGate::new(ACCOUNT, limits, &[]),
            ledger: Ledger::new(ACCOUNT, &[]),
            now: Timestamp::START,
            books: BTreeMap::new(),
            strategies: BTreeMap::new(),
            orders: BTreeMap::new(),
        };
        for symbol in symbols {
            session.list(&symbol);
        }
        session
    }

    fn told(&self, outcome: &Outcome) -> Value {
        let mut answer = match outcome {
            Outcome::Pass => json!({ "decision": "pass" }),
            Outcome::Deny(reason) => json!({ "decision": "deny", "reason": reason }),
            Outcome::Noted(_) => json!({ "decision": "ok" }),
        };
        if let Some(kill) = self.gate.killed() {
            answer["killed"] = json!(kill);
        }
        if let Outcome::Noted(Some(_)) = outcome {
            answer["cancel_all_sent"] = json!(self.gate.cancel_all().count() >= self.books.len());
        }
        answer
    }

    fn apply(&mut self, now: Option<Timestamp>, event: Event) -> Result<Outcome, Malformed> {
        self.now = now.unwrap_or(self.now);
        match event {
            Event::Config(limits) => {
                *self = Self::open(*limits);
                self.now = now.unwrap_or(Timestamp::START);
                Ok(Outcome::Noted(None))
            }
            Event::Md { sym, bid, ask } => self.quote(&sym, bid, ask),
            Event::New { id, strategy, sym, side, order_type, qty } => {
                Ok(self.new_order(id, strategy, &sym, (side, order_type, qty)))
            }
            Event::Amend { id, price, qty } => Ok(self.amend(&id, price, qty)),
            Event::Cancel { id } => {
                let order = self.orders.get(&id).copied();
                let (book, id) = order.map_or((NO_BOOK, OrderId::first_of(NOBODY.0)), |order| (order.book, order.id));
                Ok(self.check(NOBODY, Command::Cancel { book, id }))
            }
            Event::MassCancel => {
                for book in self.books.clone().into_values() {
                    self.check(NOBODY, Command::MassCancel { book, side: None });
                }
                Ok(Outcome::Pass)
            }
            Event::Canceled { id } => Ok(self.report(&id, ExecKind::Canceled(CancelReason::Requested))),
            Event::Rejected { id } => Ok(self.report(&id, ExecKind::Rejected(RejectReason::Phase))),
            Event::AmendRejected { id } => Ok(self.report(&id, ExecKind::CommandRejected(RejectReason::Phase))),
            Event::Ack { id } => Ok(self.ack(&id)),
            Event::Fill { id, qty, price } => self.fill(&id, qty, price),
            Event::Kill => Ok(Outcome::Noted(self.gate.kill(self.now))),
            Event::Reset { strategy: None } => {
                self.gate.reset(&self.ledger);
                Ok(Outcome::Noted(None))
            }
            Event::Reset { strategy: Some(name) } => {
                if let Some(strategy) = self.strategies.get(&name) {
                    self.gate.reset_trader(strategy.trader);
                }
                Ok(Outcome::Noted(None))
            }
        }
    }

    fn check(&mut self, trader: TraderId, command: Command) -> Outcome {
        match self.gate.check(self.now, trader, command, &self.ledger) {
            Ok(_) => Outcome::Pass,
            Err(reason) => Outcome::Deny(reason),
        }
    }

    fn quote(&mut self, sym: &str, bid: Option<Price>, ask: Option<Price>) -> Result<Outcome, Malformed> {
        let book = self.book(sym);
        if self.ledger.subtotal(book).is_none() {
            return Ok(Outcome::Noted(None)); // a symbol that may not be traded has no mark
        }
        let quote = |price: Option<Price>| price.map(|price| Quote { price, qty: Qty::new(1) });
        let top = Top { bid: quote(bid), ask: quote(ask) };
        self.ledger.mark(book, top).map_err(|error| Malformed(error.to_string()))?;
        Ok(Outcome::Noted(self.gate.on_top(self.now, book, top, &self.ledger)))
    }

    /// The gate wants ids that ascend: a name gets its number here, and keeps it if the order is approved.
    fn new_order(&mut self, name: String, strategy: String, sym: &str, terms: (Side, OrderType, Qty)) -> Outcome {
        let book = self.book(sym);
        let fresh =
            TraderId(u32::try_from(self.strategies.len()).expect("fewer strategies than a trader number counts"));
        let strategy =
            self.strategies.entry(strategy).or_insert(Strategy { trader: fresh, last: OrderId::first_of(fresh.0) });
        let trader = strategy.trader;
        let id = self.orders.get(&name).map_or(strategy.last.next(), |used| used.id);
        let (side, order_type, qty) = terms;
        let tif = if order_type == OrderType::Market { TimeInForce::Ioc } else { TimeInForce::Gtc };
        let order = NewOrder { order_type, tif, ..NewOrder::limit(id, book, side, Price::ZERO, qty) };
        let outcome = self.check(trader, Command::New(order));
        if let Outcome::Pass = outcome {
            self.orders.insert(name, Order { id, book, side });
            for strategy in self.strategies.values_mut().filter(|strategy| strategy.trader == trader) {
                strategy.last = id;
            }
        }
        outcome
    }

    fn amend(&mut self, name: &str, price: Option<Price>, qty: Option<Qty>) -> Outcome {
        match self.orders.get(name).copied() {
            Some(Order { id, book, .. }) => self.check(TraderId(id.trader()), Command::Amend { book, id, price, qty }),
            None => {
                let id = OrderId::first_of(NOBODY.0);
                let outcome = self.check(NOBODY, Command::Amend { book: NO_BOOK, id, price, qty });
                self.gate.reset_trader(NOBODY);
                outcome
            }
        }
    }

    /// A report that names an order and changes nothing of its sizes; one of an unknown order is noted and no more.
    fn report(&mut self, name: &str, kind: ExecKind) -> Outcome {
        let Some(&order) = self.orders.get(name) else { return Outcome::Noted(None) };
        let (filled, leaves) =
            self.gate.order(order.id).map_or((Qty::ZERO, Qty::ZERO), |view| (view.filled, view.leaves));
        Outcome::Noted(self.tell(order, kind, (filled, leaves)))
    }

    fn ack(&mut self, name: &str) -> Outcome {
        let Some(&order) = self.orders.get(name) else { return Outcome::Noted(None) };
        let view = self.gate.order(order.id);
        let Some((view, (price, open))) = view.and_then(|view| Some((view, view.next?))) else {
            return Outcome::Noted(None);
        };
        Outcome::Noted(self.tell(order, ExecKind::Replaced { price }, (view.filled, open)))
    }

    /// A fill is booked whatever became of its order.
    fn fill(&mut self, name: &str, qty: Qty, price: Price) -> Result<Outcome, Malformed> {
        let order = self.orders.get(name).copied();
        let order = order.ok_or_else(|| Malformed(format!("no order `{name}` was approved")))?;
        let fill = Fill {
            trade: TradeId(0),
            side: order.side,
            price,
            qty,
            liquidity: Liquidity::Taker,
            fee: Cash::ZERO,
            ahead: Qty::ZERO,
            mid: price.half_ticks(),
        };
        let booked = self.ledger.book_fill(order.book, &fill);
        booked.map_err(|error| Malformed(error.to_string()))?;
        let sizes = self.gate.order(order.id).map_or((qty, Qty::ZERO), |view| {
            let filled = Qty::new(view.filled.lots().saturating_add(qty.lots()));
            (filled, Qty::new((view.leaves.lots() - qty.lots()).max(0)))
        });
        Ok(Outcome::Noted(self.tell(order, ExecKind::Trade(fill), sizes)))
    }

    fn tell(&mut self, order: Order, kind: ExecKind, (filled, leaves): (Qty, Qty)) -> Option<Kill> {
        let Order { id, book, .. } = order;
        let (seq, time, account) = (0, self.now, ACCOUNT);
        let report = ExecutionReport { seq, time, account, book, order: id, filled, leaves, kind };
        self.gate.on_report(self.now, &report, &self.ledger)
    }

    /// The book of a symbol; where the configuration named none, every symbol is known from its first mention.
    fn book(&mut self, symbol: &str) -> BookId {
        match self.books.get(symbol) {
            Some(&book) => book,
            None if self.symbols == Symbols::Any => self.list(symbol),
            None => NO_BOOK,
        }
    }

    fn list(&mut self, symbol: &str) -> BookId {
        let instrument = InstrumentId(u16::try_from(self.books.len()).expect("fewer than 2^16 symbols"));
        let book = BookId { venue: VenueId(0), instrument };
        let listing = Listing { book, instrument: limits::unit_contract(symbol).into() };
        self.gate.list(&listing);
        self.ledger.list(&listing);
        self.books.insert(symbol.to_owned(), book);
        book
    }
}

/// A book that is listed nowhere.
const NO_BOOK: BookId = BookId { venue: VenueId(u16::MAX), instrument: InstrumentId(u16::MAX) };
