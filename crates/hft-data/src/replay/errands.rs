//! History's commands on their way to one book, and what came of them.
//!
//! Invariant: what is recorded is played one event after the other. The next begins when every command of the one before has been
//! answered, all at the same moment of the run's clock: history has no latency.

use super::tally::{Tally, lots};
use hft_core::models::{
    BookId, ExecKind, ExecutionReport, Fill, Liquidity, NewOrder, OrderId, Price, Qty, Side, TimeInForce, TradeId,
};
use hft_core::trader::Desk;

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Errands {
    pub(super) book: BookId,
    pub(super) tally: Tally,
    pending: u32,
    /// Orders that take and do not rest: their answer is their end.
    takers: Vec<OrderId>,
    /// Resting orders of history that were hit, by whom is not known yet.
    open_hits: Vec<Hit>,
    /// Those that history itself hit, since this was emptied.
    own_hits: Vec<Hit>,
}

/// A resting order of history was executed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    trade: TradeId,
    pub(super) order: OrderId,
    pub(super) side: Side,
    pub(super) price: Price,
    pub(super) qty: Qty,
}

impl Errands {
    pub(super) fn new(book: BookId) -> Self {
        Self {
            book,
            tally: Tally::default(),
            pending: 0,
            takers: Vec::new(),
            open_hits: Vec::new(),
            own_hits: Vec::new(),
        }
    }

    /// Whether everything was answered.
    pub(super) const fn is_done(&self) -> bool {
        self.pending == 0
    }

    /// An order that may rest.
    pub(super) fn rest(&mut self, desk: &mut Desk<'_>, side: Side, price: Price, qty: Qty) -> OrderId {
        self.pending += 1;
        desk.submit(NewOrder::limit(OrderId(0), self.book, side, price, qty))
    }

    /// An order that takes what it finds up to a price, and goes.
    pub(super) fn take(&mut self, desk: &mut Desk<'_>, side: Side, limit: Price, qty: Qty) {
        self.pending += 1;
        let order = NewOrder::limit(OrderId(0), self.book, side, limit, qty);
        let id = desk.submit(NewOrder { tif: TimeInForce::Ioc, ..order });
        self.takers.push(id);
    }

    /// Another open size, and another price where one is given.
    pub(super) fn amend(&mut self, desk: &mut Desk<'_>, id: OrderId, price: Option<Price>, open: Qty) {
        if desk.replace(id, price, Some(open)).is_ok() {
            self.pending += 1;
        }
    }

    /// Takes an order out; one that is gone already stays gone.
    pub(super) fn cancel(&mut self, desk: &mut Desk<'_>, id: OrderId) {
        if desk.cancel(id).is_ok() {
            self.pending += 1;
        }
    }

    /// Counts a report.
    pub(super) fn on_report(&mut self, report: &ExecutionReport) {
        if let ExecKind::Trade(fill) = report.kind {
            self.on_fill(report.order, &fill);
        }
        let taker = self.takers.iter().position(|id| *id == report.order);
        let answers = match (report.kind, taker) {
            (ExecKind::New | ExecKind::Trade(_), Some(_)) => report.is_terminal(),
            (ExecKind::Trade(_) | ExecKind::Triggered | ExecKind::Prevented(_), _) => false,
            (
                ExecKind::New
                | ExecKind::Rejected(_)
                | ExecKind::Canceled(_)
                | ExecKind::Replaced { .. }
                | ExecKind::CommandRejected(_),
                _,
            ) => true,
        };
        if let (Some(taker), true) = (taker, answers) {
            self.takers.swap_remove(taker);
        }
        if matches!(report.kind, ExecKind::Rejected(_)) {
            self.tally.refused += 1;
        }
        if answers {
            self.pending = self.pending.saturating_sub(1); // a stop cancels what nobody asked for
        }
    }

    /// The gate refused a command: it only does so at the end.
    pub(super) const fn on_refused(&mut self) {
        self.pending = self.pending.saturating_sub(1);
    }

    /// A trade is told to its resting party first, then to the one who came: a resting order without the other was hit by a stranger, one
    /// who came without the other has hit a stranger.
    fn on_fill(&mut self, order: OrderId, fill: &Fill) {
        let Fill { trade, side, price, qty, liquidity, .. } = *fill;
        match liquidity {
            Liquidity::Maker | Liquidity::Auction => self.open_hits.push(Hit { trade, order, side, price, qty }),
            Liquidity::Taker => match self.open_hits.pop_if(|hit| hit.trade == trade) {
                Some(hit) => {
                    if !self.takers.contains(&order) {
                        self.tally.met += lots(qty);
                    }
                    self.own_hits.push(hit);
                }
                None => {
                    self.tally.hits += 1;
                    self.tally.displaced += lots(qty);
                }
            },
        }
    }

    /// What strangers took from history since this was asked last.
    pub(super) fn strangers(&mut self) -> std::vec::Drain<'_, Hit> {
        self.tally.taken += self.open_hits.iter().map(|hit| lots(hit.qty)).sum::<u64>();
        self.open_hits.drain(..)
    }

    /// What history hit of its own since this was asked last.
    pub(super) fn own_hits(&mut self) -> Vec<Hit> {
        std::mem::take(&mut self.own_hits)
    }
}

/// Orders of strangers in the book, as the venue tells them.
#[derive(Debug, Default)]
pub(super) struct Strangers(Vec<Stranger>);

/// One of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Stranger {
    pub(super) id: OrderId,
    pub(super) side: Side,
    pub(super) price: Price,
}

impl Strangers {
    pub(super) fn came(&mut self, stranger: Stranger) {
        self.0.retain(|other| other.id != stranger.id);
        self.0.push(stranger);
    }

    pub(super) fn left(&mut self, id: OrderId) -> Option<Stranger> {
        let at = self.0.iter().position(|stranger| stranger.id == id)?;
        Some(self.0.swap_remove(at))
    }

    pub(super) fn find(&self, id: OrderId) -> Option<Stranger> {
        self.0.iter().find(|stranger| stranger.id == id).copied()
    }

    /// Those of a side whom somebody meets who accepts this price.
    pub(super) fn within(&self, side: Side, limit: Price) -> impl Iterator<Item = &Stranger> {
        self.0.iter().filter(move |other| other.side == side && side.opposite().accepts(limit, other.price))
    }
}
