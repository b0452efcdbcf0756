//! Two balanced queues as a participant: Cont & de Larrard (2013).
//!
//! Invariant: alone in a book that it sees and reaches without latency, each best queue gains a unit as often as it loses one, whatever
//! its length. When one is empty the price moves by one step through it, and both queues are drawn anew, of a geometric law. There is
//! nothing behind the best prices: the spread is one step, and the book is two queues.

use super::grid::Grid;
use super::pulse::{Pulse, take_out};
use crate::flow::at_least_one;
use crate::models::{ExecKind, OrderId, Side};
use crate::trader::{Desk, Event, Strategy};
use rand::RngExt;
use std::collections::VecDeque;

/// All orders of one book.
#[derive(Debug)]
pub(super) struct BalancedFlow {
    grid: Grid,
    pulse: Pulse,
    /// Share of cancels among the orders that leave.
    cancels: f64,
    /// Mean length of a queue that was drawn anew, at least one.
    refill: f64,
    /// The step of the best bid.
    bid: i64,
    /// Own orders, first in time first.
    own: [VecDeque<OrderId>; 2],
}

impl BalancedFlow {
    pub(super) fn new(grid: Grid, pulse: Pulse, cancels: f64, refill: f64) -> Self {
        Self { grid, pulse, cancels, refill, bid: 0, own: Default::default() }
    }

    fn step(&self, side: Side) -> i64 {
        self.bid + i64::from(side == Side::Sell)
    }

    fn join(&mut self, side: Side, desk: &mut Desk<'_>) {
        let id = desk.submit(self.grid.limit(side, self.step(side)));
        self.own[side.index()].push_back(id);
    }

    fn draw(&mut self, desk: &mut Desk<'_>) {
        for side in Side::BOTH {
            std::mem::take(&mut self.own[side.index()]).into_iter().for_each(|id| take_out(desk, id));
            let count = at_least_one(self.pulse.dice.at(desk.now()), self.refill);
            (0..count).for_each(|_| self.join(side, desk));
        }
    }

    fn act(&mut self, desk: &mut Desk<'_>) {
        // Four equal rates; what is left of the draw decides how an order leaves.
        let draw = self.pulse.dice.at(desk.now()).random::<f64>() * 4.0;
        let (side, within) = (Side::BOTH[usize::from(draw >= 2.0)], draw % 2.0);
        if within < 1.0 {
            return self.join(side, desk);
        }
        match self.own[side.index()].back() {
            Some(&last) if within - 1.0 < self.cancels => {
                self.own[side.index()].pop_back();
                take_out(desk, last);
            }
            _ => {
                desk.submit(self.grid.market(side.opposite()));
            }
        }
    }

    /// Moves the price through a queue that is empty; whether one was.
    fn settle(&mut self, desk: &mut Desk<'_>) -> bool {
        let Some(view) = desk.view(self.grid.book) else { return false };
        let best = self.grid.best(view);
        // Somebody else's better price leaves the queue where it is: it is what stands at its step that counts.
        let is_empty = |side: Side| best[side.index()].is_none_or(|best| (self.step(side) - best) * side.sign() > 0);
        let Some(emptied) = Side::BOTH.into_iter().find(|&side| is_empty(side)) else { return false };
        self.bid -= emptied.sign();
        self.draw(desk);
        true
    }
}

impl Strategy for BalancedFlow {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => {
                self.draw(desk);
                self.pulse.settle(desk);
            }
            Event::Wake(Pulse::SETTLED) => {
                if self.settle(desk) {
                    return self.pulse.settle(desk);
                }
                self.pulse.next(4.0, desk);
            }
            Event::Wake(_) => {
                if !self.settle(desk) {
                    self.act(desk);
                }
                self.pulse.settle(desk);
            }
            Event::Report(report) => {
                if let ExecKind::Trade(fill) = report.kind
                    && report.is_terminal()
                {
                    self.own[fill.side.index()].retain(|id| *id != report.order);
                }
            }
            Event::Market(_) | Event::News(_) | Event::Refused(_) => {}
        }
    }
}
