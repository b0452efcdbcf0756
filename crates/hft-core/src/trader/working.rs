//! A trader's own orders, as far as reports have told.

use crate::models::{BookId, ExecKind, ExecutionReport, NewOrder, OrderId, Price, Qty, Side};
use rustc_hash::FxHashMap;

/// Where an order is, as its sender knows it.
///
/// Example: [`Desk`](super::Desk).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OrderState {
    /// Sent, not yet acknowledged.
    PendingNew,
    /// Acknowledged, nothing in flight.
    Live,
    /// An amend is in flight.
    PendingReplace,
    /// A cancel is in flight.
    PendingCancel,
}

/// One of the trader's orders that, to its knowledge, still works.
///
/// Example: [`Desk`](super::Desk).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WorkingOrder {
    /// Its id.
    pub id: OrderId,
    /// Where it stands.
    pub book: BookId,
    /// Its side.
    pub side: Side,
    /// Its limit; `None` for a market order or a stop.
    pub price: Option<Price>,
    /// Filled so far.
    pub filled: Qty,
    /// Open.
    pub leaves: Qty,
    /// What is in flight.
    pub state: OrderState,
}

/// All of them: found by id, walked in an order that depends on history alone.
#[derive(Debug, Default)]
pub(super) struct WorkingOrders {
    orders: Vec<WorkingOrder>,
    index: FxHashMap<OrderId, usize>,
}

impl WorkingOrders {
    pub(super) fn as_slice(&self) -> &[WorkingOrder] {
        &self.orders
    }

    pub(super) fn get(&self, id: OrderId) -> Option<&WorkingOrder> {
        self.index.get(&id).map(|&i| &self.orders[i])
    }

    pub(super) fn set_state(&mut self, id: OrderId, state: OrderState) {
        if let Some(&i) = self.index.get(&id) {
            self.orders[i].state = state;
        }
    }

    pub(super) fn sent(&mut self, order: &NewOrder) {
        self.index.insert(order.id, self.orders.len());
        self.orders.push(WorkingOrder {
            id: order.id,
            book: order.book,
            side: order.side,
            price: order.limit_price(),
            filled: Qty::ZERO,
            leaves: order.qty,
            state: OrderState::PendingNew,
        });
    }

    /// Forgets an order that is over, or never was.
    pub(super) fn forget(&mut self, id: OrderId) {
        let Some(i) = self.index.remove(&id) else { return };
        self.orders.swap_remove(i);
        if let Some(moved) = self.orders.get(i) {
            self.index.insert(moved.id, i);
        }
    }

    pub(super) fn on_report(&mut self, report: &ExecutionReport) {
        if report.is_terminal() {
            return self.forget(report.order);
        }
        let Some(&i) = self.index.get(&report.order) else { return };
        let order = &mut self.orders[i];
        match report.kind {
            // A refusal says nothing of the order but that it is as it was.
            ExecKind::CommandRejected(_) => order.state = OrderState::Live,
            ExecKind::New | ExecKind::Triggered => {
                if order.state == OrderState::PendingNew {
                    order.state = OrderState::Live;
                }
                order.leaves = report.leaves;
            }
            ExecKind::Replaced { price } => {
                if order.state == OrderState::PendingReplace {
                    order.state = OrderState::Live;
                }
                order.price = Some(price);
                order.leaves = report.leaves;
            }
            ExecKind::Trade(_) | ExecKind::Prevented(_) => {
                order.filled = report.filled;
                order.leaves = report.leaves;
            }
            ExecKind::Rejected(_) | ExecKind::Canceled(_) => unreachable!("terminal reports were handled above"),
        }
    }
}
