//! An order's way through its queue, seen in the venue's book after every delivery to the venue.
//!
//! Invariant: what was ahead of the order changes by trades, cancels and amendments of those ahead, or because the order itself was
//! moved; each change is told with its cause, which is the report that the venue made of it.

use hft_core::exchange::MatchingEngine;
use hft_core::models::{AccountId, ExecKind, ExecutionReport, OrderId, Price, Qty, Timestamp};
use std::collections::{BTreeMap, VecDeque};

/// How many steps of one order are kept: the latest.
const STEPS_MAX: usize = 10_000;

/// Why an order's place changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cause {
    /// It came into the book.
    Joined,
    /// It was moved to another price, and queued up there.
    Moved { from: Price },
    /// It was amended at its price and went to the end of the queue.
    Requeued,
    /// An order ahead lost so much; how is known once its report is seen.
    Ahead { order: OrderId, account: AccountId, lots: Qty, how: Option<How> },
    /// It was hit by the command that made the fill.
    Hit,
}

/// How an order ahead became smaller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum How {
    Traded,
    Cancelled,
    Amended,
}

/// One step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Step {
    pub(super) time: Timestamp,
    pub(super) price: Price,
    pub(super) cause: Cause,
    /// Lots ahead after it; for the hit, before it.
    pub(super) ahead: Qty,
    pub(super) orders: usize,
}

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct QueuePath {
    id: OrderId,
    /// When the fill happens that is explained.
    at: Timestamp,
    standing: Option<Standing>,
    steps: VecDeque<Step>,
    dropped: u64,
    /// Changes that wait for a report, by order and the venue's time.
    waiting: BTreeMap<(OrderId, Timestamp), usize>,
    over: bool,
}

#[derive(Clone, Debug)]
struct Standing {
    price: Price,
    filled: Qty,
    ahead: Vec<(OrderId, Qty, AccountId)>,
}

impl Standing {
    fn lots(&self) -> Qty {
        self.ahead.iter().fold(Qty::ZERO, |sum, (_, qty, _)| sum + *qty)
    }
}

impl QueuePath {
    pub(super) const fn new(id: OrderId, at: Timestamp) -> Self {
        Self { id, at, standing: None, steps: VecDeque::new(), dropped: 0, waiting: BTreeMap::new(), over: false }
    }

    /// The steps, oldest first, and how many earlier ones were not kept.
    pub(super) fn into_steps(self) -> (Vec<Step>, u64) {
        (self.steps.into(), self.dropped)
    }

    /// Looks at the book after a delivery to the venue.
    pub(super) fn see(&mut self, now: Timestamp, engine: &MatchingEngine) {
        if self.over {
            return;
        }
        let order = engine.order(self.id);
        let smaller = |before: &Standing| order.as_ref().is_none_or(|order| order.filled > before.filled);
        if now >= self.at && self.standing.as_ref().is_some_and(smaller) {
            if let Some(before) = self.standing.take() {
                let (ahead, orders) = (before.lots(), before.ahead.len());
                self.push(Step { time: now, price: before.price, cause: Cause::Hit, ahead, orders });
            }
            self.over = true;
            return;
        }
        let Some((order, price)) = order.and_then(|order| Some((order, order.price?))) else { return };
        let queue = engine.queue(order.side, price).take_while(|(id, _)| *id != self.id);
        let ahead = queue.map(|(id, qty)| (id, qty, engine.order(id).expect("it queues").account)).collect();
        let now_standing = Standing { price, filled: order.filled, ahead };
        match self.standing.take() {
            None => self.place(now, Cause::Joined, &now_standing),
            Some(before) if before.price != price => {
                self.place(now, Cause::Moved { from: before.price }, &now_standing);
            }
            Some(before) if overtaken(&before, &now_standing) => self.place(now, Cause::Requeued, &now_standing),
            Some(before) => self.shrink(now, &before, &now_standing),
        }
        self.standing = Some(now_standing);
    }

    fn place(&mut self, time: Timestamp, cause: Cause, standing: &Standing) {
        let (ahead, orders) = (standing.lots(), standing.ahead.len());
        self.push(Step { time, price: standing.price, cause, ahead, orders });
    }

    fn shrink(&mut self, now: Timestamp, before: &Standing, after: &Standing) {
        let (mut ahead, mut orders) = (before.lots(), before.ahead.len());
        for &(order, was, account) in &before.ahead {
            let left = after.ahead.iter().find(|(id, ..)| *id == order).map_or(Qty::ZERO, |(_, qty, _)| *qty);
            if left < was {
                let lots = was - left;
                ahead -= lots;
                orders -= usize::from(left.is_zero());
                let at = self.steps.len();
                let cause = Cause::Ahead { order, account, lots, how: None };
                self.push(Step { time: now, price: after.price, cause, ahead, orders });
                self.waiting.insert((order, now), at.min(STEPS_MAX - 1));
            }
        }
    }

    fn push(&mut self, step: Step) {
        if self.steps.len() == STEPS_MAX {
            self.steps.pop_front();
            self.dropped += 1;
            self.waiting.retain(|_, at| at.checked_sub(1).map(|next| *at = next).is_some());
        }
        self.steps.push_back(step);
    }

    /// A venue's report on any order: it may tell how one ahead became smaller.
    pub(super) fn report(&mut self, report: &ExecutionReport) {
        let how = match report.kind {
            ExecKind::Trade(_) => How::Traded,
            ExecKind::Canceled(_) | ExecKind::Prevented(_) => How::Cancelled,
            ExecKind::Replaced { .. } => How::Amended,
            ExecKind::New | ExecKind::Rejected(_) | ExecKind::CommandRejected(_) | ExecKind::Triggered => return,
        };
        if let Some(at) = self.waiting.remove(&(report.order, report.time))
            && let Some(Step { cause: Cause::Ahead { how: known, .. }, .. }) = self.steps.get_mut(at)
        {
            *known = Some(how);
        }
    }
}

/// Whether somebody stands ahead now who did not before, or is larger than before.
fn overtaken(before: &Standing, after: &Standing) -> bool {
    after.ahead.iter().any(|(id, qty, _)| !before.ahead.iter().any(|(known, was, _)| known == id && was >= qty))
}
