//! Observations from a venue's drop copies: what the accounts' records say, put into the order of the venue's clock.
//!
//! Records of different accounts arrive when their links let them, so an observation waits until no slower record of an earlier moment can
//! come. What waits is told, in order, when it has waited long enough, or when the tape is over.

use super::observed::{Deed, Observed};
use hft_core::account::FillLine;
use hft_core::models::{
    CancelReason, Command, ExecKind, ExecutionReport, Liquidity, Nanos, NewOrder, OrderId, OrderType, Price, Qty, Side,
    TimeInForce, Timestamp,
};
use hft_core::world::OrderRecord;
use std::collections::BTreeMap;

/// How long an observation waits for slower ones: far beyond every latency.
const SETTLED: Nanos = Nanos::from_secs(1);

/// An order that has not ended.
#[derive(Clone, Copy, Debug)]
struct Known {
    side: Side,
    price: Price,
    /// The largest size that shows at a time.
    display: Qty,
    rests: bool,
}

/// See the module's documentation.
#[derive(Debug, Default)]
pub struct DropCopy {
    orders: BTreeMap<OrderId, Known>,
    waiting: BTreeMap<(Timestamp, u64), Observed>,
    count: u64,
    latest: Timestamp,
}

impl DropCopy {
    /// Nothing has been heard yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A step in the life of an order, other than a trade.
    pub fn order(&mut self, record: &OrderRecord) {
        match record {
            OrderRecord::Sent { instruction, .. } => {
                if let Command::New(order) = &instruction.command {
                    self.orders.insert(order.id, Known::of(order));
                }
            }
            OrderRecord::Refused { refusal, .. } => {
                if let Command::New(order) = &refusal.command {
                    self.orders.remove(&order.id);
                }
            }
            OrderRecord::Reported { report, .. } => self.reported(report),
        }
    }

    /// A trade of one of the orders.
    pub fn fill(&mut self, line: &FillLine) {
        let record = &line.record;
        let fill = &record.fill;
        let display =
            self.orders.get(&record.order).filter(|known| known.rests).map_or(Qty::ZERO, |known| known.display);
        let is_taker = fill.liquidity == Liquidity::Taker;
        // An order that comes and trades shows what is left when it is told to rest.
        let shown = record.leaves.min(display);
        let deed = Deed::Filled { side: fill.side, price: fill.price, qty: fill.qty, shown, is_taker };
        self.wait(Observed { time: record.time, who: Some(record.account), order: record.order, deed });
        if record.leaves.is_zero() {
            self.orders.remove(&record.order);
        }
    }

    fn reported(&mut self, report: &ExecutionReport) {
        let Some(known) = self.orders.get(&report.order).copied() else { return };
        let deed = match report.kind {
            ExecKind::New if known.rests => {
                Deed::Placed { side: known.side, price: known.price, shown: report.leaves.min(known.display) }
            }
            ExecKind::New => Deed::Came { side: known.side },
            ExecKind::Replaced { price } => {
                self.orders.insert(report.order, Known { price, ..known });
                Deed::Changed { price, shown: report.leaves.min(known.display) }
            }
            ExecKind::Canceled(CancelReason::Requested | CancelReason::MassCancel | CancelReason::Reduced) => {
                Deed::Cancelled
            }
            ExecKind::Canceled(_) => Deed::Ended,
            ExecKind::Rejected(_) | ExecKind::CommandRejected(_) => Deed::InVain,
            ExecKind::Trade(_) | ExecKind::Triggered | ExecKind::Prevented(_) => return,
        };
        self.wait(Observed { time: report.time, who: Some(report.account), order: report.order, deed });
        if matches!(report.kind, ExecKind::Canceled(_) | ExecKind::Rejected(_)) {
            self.orders.remove(&report.order);
        }
    }

    fn wait(&mut self, seen: Observed) {
        self.count += 1;
        self.latest = self.latest.max(seen.time);
        self.waiting.insert((seen.time, self.count), seen);
    }

    /// The next observation that nothing can come before any more.
    pub fn settled(&mut self) -> Option<Observed> {
        let (&(time, _), _) = self.waiting.first_key_value()?;
        if time.after(SETTLED) < self.latest { self.rest() } else { None }
    }

    /// The next observation when nothing will come any more.
    pub fn rest(&mut self) -> Option<Observed> {
        self.waiting.pop_first().map(|(_, seen)| seen)
    }
}

impl Known {
    fn of(order: &NewOrder) -> Self {
        let rests = order.limit_price().is_some()
            && !matches!(order.tif, TimeInForce::Ioc | TimeInForce::Fok)
            && matches!(order.order_type, OrderType::Limit { .. });
        Self {
            side: order.side,
            price: order.limit_price().unwrap_or(Price::ZERO),
            display: order.display.unwrap_or(order.qty),
            rests,
        }
    }
}
