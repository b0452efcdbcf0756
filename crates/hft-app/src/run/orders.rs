//! Our orders, as the account knows them: what works, how long things took, and what became of them.
//!
//! Invariants:
//! 1. An order is live from its venue's first report to its last; between a command and its report the old state holds.
//! 2. The venue answers every command about one order with one report, in the order in which they came. What happens to the order
//!    meanwhile (a fill, an expiry) answers nothing.

use crate::output::OrderRow;
use hft_core::account::FillLine;
use hft_core::models::{
    BookId, CancelReason, Command, ExecKind, ExecutionReport, Liquidity, Nanos, NewOrder, OrderId, Price, Qty, Side,
    Timestamp,
};
use hft_core::world::{Directory, Histogram, OrderRecord, TraderId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One order that was sent and has not ended.
#[derive(Clone, Copy, Debug)]
struct Order {
    book: BookId,
    side: Side,
    price: Option<Price>,
    filled: Qty,
    leaves: Qty,
    sent: Timestamp,
}

/// Our live prices in one book, and since when there are some on both sides.
#[derive(Clone, Debug, Default)]
struct Quotes {
    bids: BTreeSet<(Price, OrderId)>,
    asks: BTreeSet<(Price, OrderId)>,
    two_sided_since: Option<Timestamp>,
    two_sided: Nanos,
}

/// What the run's execution is summed up from.
#[derive(Clone, Debug, Default)]
pub(super) struct Orders {
    open: BTreeMap<OrderId, Order>,
    /// When the commands that no report has answered yet were sent; an order may end before they are.
    unanswered: BTreeMap<OrderId, VecDeque<Timestamp>>,
    quotes: BTreeMap<BookId, Quotes>,
    /// Commands that left, of all kinds.
    pub(super) commands: u64,
    /// New orders among them.
    pub(super) sent: u64,
    /// Orders that ended in a cancel.
    pub(super) canceled: u64,
    /// Orders that were filled at all.
    pub(super) filled: u64,
    /// Refusals of the gate and the venue, by reason.
    pub(super) rejects: BTreeMap<String, u64>,
    /// From what a command answers to its leaving the gate.
    pub(super) decision: Histogram,
    /// From a command's leaving to the report that answers it, at the account.
    pub(super) acknowledged: Histogram,
    /// From an order's leaving to its first fill, as the account learns of it.
    pub(super) first_fill: Histogram,
    /// Lots ahead of a resting order when it was filled.
    pub(super) ahead: Histogram,
}

/// What one row says, before names and decimals.
struct Step {
    time: Timestamp,
    trader: TraderId,
    id: OrderId,
    event: &'static str,
    reason: Option<String>,
}

impl Orders {
    /// A step other than a fill; the row that tells of it, where `orders.csv` has one.
    pub(super) fn step(&mut self, record: &OrderRecord, who: &Directory) -> Option<OrderRow> {
        match *record {
            OrderRecord::Sent { at, instruction, .. } => {
                self.decision.record(at.since(instruction.cause));
                self.leaves(at, &instruction.command);
                None
            }
            OrderRecord::Refused { at, trader, refusal, .. } => {
                let reason = refusal.reason.to_string();
                *self.rejects.entry(reason.clone()).or_default() += 1;
                let id = refusal.command.order_id()?;
                let order = match refusal.command {
                    Command::New(new) => Order { leaves: Qty::ZERO, ..order(at, &new) },
                    Command::Amend { .. }
                    | Command::Reduce { .. }
                    | Command::Cancel { .. }
                    | Command::MassCancel { .. } => *self.open.get(&id)?,
                };
                Some(row(&Step { time: at, trader, id, event: "refused", reason: Some(reason) }, &order, who))
            }
            OrderRecord::Reported { at, trader, report } => self.report(at, trader, &report, who),
        }
    }

    /// A command leaves the gate.
    fn leaves(&mut self, at: Timestamp, command: &Command) {
        self.commands += 1;
        if let Command::New(new) = command {
            self.sent += 1;
            self.open.insert(new.id, order(at, new));
        }
        if let Some(id) = command.order_id() {
            self.unanswered.entry(id).or_default().push_back(at);
        }
    }

    fn report(
        &mut self,
        at: Timestamp,
        trader: TraderId,
        report: &ExecutionReport,
        who: &Directory,
    ) -> Option<OrderRow> {
        let (event, reason) = match report.kind {
            ExecKind::New => ("new", None),
            ExecKind::Replaced { .. } => ("replaced", None),
            ExecKind::Canceled(reason) => {
                self.canceled += 1;
                ("canceled", Some(reason.to_string()))
            }
            ExecKind::Rejected(reason) | ExecKind::CommandRejected(reason) => {
                *self.rejects.entry(reason.to_string()).or_default() += 1;
                ("rejected", Some(reason.to_string()))
            }
            ExecKind::Triggered => ("triggered", None),
            ExecKind::Prevented(_) => ("prevented", None),
            ExecKind::Trade(_) => unreachable!("trades come as fills"),
        };
        if answers(&report.kind) {
            self.answer(at, report.order);
        }
        let mut order = *self.open.get(&report.order)?;
        self.hide(&order, report.order);
        if let ExecKind::Replaced { price } = report.kind {
            order.price = Some(price);
        }
        (order.filled, order.leaves) = (report.filled, report.leaves);
        self.settle(at, report.order, (!report.is_terminal()).then_some(order), order.book);
        let step = Step { time: report.time, trader, id: report.order, event, reason };
        Some(row(&step, &order, who))
    }

    /// A fill of ours; the row that tells of it.
    pub(super) fn fill(&mut self, line: &FillLine, who: &Directory) -> Option<OrderRow> {
        let record = &line.record;
        if record.fill.liquidity == Liquidity::Maker {
            self.ahead.record(Nanos::new(record.fill.ahead.lots().unsigned_abs()));
        }
        let mut order = *self.open.get(&record.order)?;
        if order.filled.is_zero() {
            self.filled += 1;
            self.first_fill.record(record.booked.since(order.sent));
        }
        self.hide(&order, record.order);
        (order.filled, order.leaves) = (order.filled + record.fill.qty, record.leaves);
        self.settle(record.booked, record.order, (!record.leaves.is_zero()).then_some(order), order.book);
        let (time, trader, id) = (record.time, record.trader, record.order);
        let step = Step { time, trader, id, event: "trade", reason: None };
        Some(row(&step, &Order { price: Some(record.fill.price), ..order }, who))
    }

    /// The oldest command about an order is answered.
    fn answer(&mut self, at: Timestamp, id: OrderId) {
        let Some(waiting) = self.unanswered.get_mut(&id) else { return };
        if let Some(sent) = waiting.pop_front() {
            self.acknowledged.record(at.since(sent));
        }
        if waiting.is_empty() {
            self.unanswered.remove(&id);
        }
    }

    fn hide(&mut self, order: &Order, id: OrderId) {
        if let (Some(price), Some(quotes)) = (order.price, self.quotes.get_mut(&order.book)) {
            quotes.side(order.side).remove(&(price, id));
        }
    }

    /// After a report an order works on, or is over.
    fn settle(&mut self, at: Timestamp, id: OrderId, works: Option<Order>, book: BookId) {
        match works {
            Some(order) => {
                self.open.insert(id, order);
                if let Some(price) = order.price {
                    self.quotes.entry(book).or_default().side(order.side).insert((price, id));
                }
            }
            None => {
                self.open.remove(&id);
            }
        }
        self.quotes.entry(book).or_default().count(at);
    }

    /// Our best live prices in a book: bid and ask.
    pub(super) fn best(&self, book: BookId) -> [Option<Price>; 2] {
        let Some(quotes) = self.quotes.get(&book) else { return [None, None] };
        [quotes.bids.last(), quotes.asks.first()].map(|best| best.map(|(price, _)| *price))
    }

    /// For how long both sides of a book were quoted, of a run that ended at `end`.
    pub(super) fn two_sided(&self, book: BookId, end: Timestamp) -> Nanos {
        let Some(quotes) = self.quotes.get(&book) else { return Nanos::ZERO };
        quotes.two_sided + quotes.two_sided_since.map_or(Nanos::ZERO, |since| end.since(since))
    }
}

impl Quotes {
    const fn side(&mut self, side: Side) -> &mut BTreeSet<(Price, OrderId)> {
        match side {
            Side::Buy => &mut self.bids,
            Side::Sell => &mut self.asks,
        }
    }

    fn count(&mut self, now: Timestamp) {
        let both = !self.bids.is_empty() && !self.asks.is_empty();
        match (self.two_sided_since, both) {
            (None, true) => self.two_sided_since = Some(now),
            (Some(since), false) => {
                self.two_sided += now.since(since);
                self.two_sided_since = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
}

/// True for what a venue says to a command, false for what happens to an order by itself.
const fn answers(kind: &ExecKind) -> bool {
    match kind {
        ExecKind::New | ExecKind::Rejected(_) | ExecKind::Replaced { .. } | ExecKind::CommandRejected(_) => true,
        ExecKind::Canceled(reason) => matches!(reason, CancelReason::Requested | CancelReason::Reduced),
        ExecKind::Trade(_) | ExecKind::Triggered | ExecKind::Prevented(_) => false,
    }
}

fn order(at: Timestamp, new: &NewOrder) -> Order {
    Order { book: new.book, side: new.side, price: new.limit_price(), filled: Qty::ZERO, leaves: new.qty, sent: at }
}

fn row(step: &Step, order: &Order, who: &Directory) -> OrderRow {
    let contract = &who.listing(order.book).instrument;
    OrderRow {
        time_ns: step.time,
        symbol: contract.symbol().to_owned(),
        venue: who.venue(order.book.venue).to_owned(),
        trader: who.trader(step.trader).to_owned(),
        order: step.id.0,
        event: step.event,
        side: order.side,
        price: order.price.map(|price| contract.print_price(price)),
        filled: contract.print_qty(order.filled),
        leaves: contract.print_qty(order.leaves),
        reason: step.reason.clone(),
    }
}
