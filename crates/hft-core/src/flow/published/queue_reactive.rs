//! Queues that react to their own length, as a participant: Huang, Lehalle & Rosenbaum (2015), model I with a moving reference price.
//!
//! Invariant: alone in a book that it sees and reaches without latency, and while the reference price stands, every queue is the
//! birth-death process of its table, independent of all others: its law is [`QueueReactive::invariant`]. A queue that stands best is served
//! by market orders and cancels, one that stands behind by cancels alone, at the same rate together.
//!
//! When the queue next to the reference price empties, the price follows by one step with a given probability: the queues keep their
//! prices, the furthest of the side that was left is cancelled, and a new furthest one of the other is drawn from its law. With another
//! probability the whole book is drawn anew.

use super::grid::Grid;
use super::pulse::{Pulse, take_out};
use crate::flow::Dice;
use crate::flow::laws::QueueReactive;
use crate::models::{ExecKind, OrderId, Side};
use crate::trader::{Desk, Event, Strategy};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::collections::VecDeque;

/// The table of one distance.
#[derive(Clone, Debug)]
pub(super) struct QueueTable {
    pub(super) law: QueueReactive,
    /// Of what leaves when there are `n`, from `n = 1`: the share of market orders. Beyond the last, the last.
    pub(super) market_share: Vec<f64>,
}

/// What may happen to the reference price when the queue beside it empties.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recentring {
    /// Probability that it follows.
    pub(super) follow: f64,
    /// Probability that, having followed, the book is drawn anew.
    pub(super) redraw: f64,
}

/// All orders of one book.
#[derive(Debug)]
pub(super) struct QueueReactiveFlow {
    tables: Vec<QueueTable>,
    invariants: Vec<Vec<f64>>,
    recentring: Recentring,
    grid: Grid,
    pulse: Pulse,
    /// The step of the first bid queue; the first ask queue is the next step.
    reference: i64,
    /// Own orders of each side, from the reference price outwards.
    queues: [VecDeque<Vec<OrderId>>; 2],
    /// Units that stand in them, own or not, as last seen.
    lengths: [Vec<usize>; 2],
}

impl QueueReactiveFlow {
    pub(super) fn new(tables: Vec<QueueTable>, recentring: Recentring, grid: Grid, pace: f64, dice: Dice) -> Self {
        let queues = || VecDeque::from(vec![Vec::new(); tables.len()]);
        Self {
            invariants: tables.iter().map(|table| table.law.invariant()).collect(),
            recentring,
            grid,
            pulse: Pulse { pace, dice },
            reference: 0,
            queues: [queues(), queues()],
            lengths: [vec![0; tables.len()], vec![0; tables.len()]],
            tables,
        }
    }

    fn step(&self, side: Side, place: usize) -> i64 {
        self.nearest(side) - i64::try_from(place).expect("a few queues") * side.sign()
    }

    /// The step of a side's first queue.
    fn nearest(&self, side: Side) -> i64 {
        self.reference + i64::from(side == Side::Sell)
    }

    fn join(&mut self, side: Side, place: usize, desk: &mut Desk<'_>) {
        let id = desk.submit(self.grid.limit(side, self.step(side, place)));
        self.queues[side.index()][place].push(id);
    }

    /// Fills a queue with as many orders as its law draws.
    fn draw(&mut self, side: Side, place: usize, desk: &mut Desk<'_>) {
        let count = drawn(&self.invariants[place], self.pulse.dice.at(desk.now()));
        (0..count).for_each(|_| self.join(side, place, desk));
    }

    fn draw_all(&mut self, desk: &mut Desk<'_>) {
        for side in Side::BOTH {
            for place in 0..self.tables.len() {
                let orders = std::mem::take(&mut self.queues[side.index()][place]);
                orders.into_iter().for_each(|id| take_out(desk, id));
                self.draw(side, place, desk);
            }
        }
    }

    /// Rates of every queue: births, then deaths, in the order in which [`act`](Self::act) walks them.
    fn rates(&self) -> impl Iterator<Item = (Side, usize, [f64; 2])> + '_ {
        Side::BOTH.into_iter().flat_map(move |side| {
            self.lengths[side.index()].iter().enumerate().map(move |(place, &n)| {
                let law = &self.tables[place].law;
                (side, place, [law.birth(n), law.death(n)])
            })
        })
    }

    fn total(&self) -> f64 {
        self.rates().map(|(_, _, rates)| rates.iter().sum::<f64>()).sum()
    }

    fn act(&mut self, desk: &mut Desk<'_>) {
        let mut left = self.pulse.dice.at(desk.now()).random::<f64>() * self.total();
        let mut chosen = None;
        for (side, place, [birth, death]) in self.rates() {
            if left < birth + death {
                chosen = Some((side, place, left - birth, death));
                break;
            }
            left -= birth + death;
        }
        match chosen {
            Some((side, place, within, _)) if within < 0.0 => self.join(side, place, desk),
            Some((side, place, within, death)) => self.leave(side, place, within / death, desk),
            None => {}
        }
    }

    /// One unit less: `draw` in [0, 1) decides how.
    fn leave(&mut self, side: Side, place: usize, draw: f64, desk: &mut Desk<'_>) {
        let lengths = &self.lengths[side.index()];
        let is_best = lengths[..place].iter().all(|&n| n == 0);
        let shares = &self.tables[place].market_share;
        let share = shares[(lengths[place].max(1) - 1).min(shares.len() - 1)];
        if is_best && draw < share {
            desk.submit(self.grid.market(side.opposite()));
        } else if let Some(last) = self.queues[side.index()][place].pop() {
            take_out(desk, last);
        }
    }

    fn see(&mut self, desk: &Desk<'_>) {
        let Some(view) = desk.view(self.grid.book) else { return };
        self.lengths = Side::BOTH.map(|side| self.grid.lengths(view, side, self.nearest(side), self.tables.len()));
    }

    /// Looks at the book after an event; whether the reference price moved.
    fn settle(&mut self, desk: &mut Desk<'_>) -> bool {
        let before = Side::BOTH.map(|side| self.lengths[side.index()][0]);
        self.see(desk);
        let emptied = Side::BOTH.into_iter().find(|side| {
            let now = self.lengths[side.index()][0];
            before[side.index()] > 0 && now == 0
        });
        let Some(side) = emptied else { return false };
        let Recentring { follow, redraw } = self.recentring;
        if self.pulse.dice.at(desk.now()).random::<f64>() >= follow {
            return false;
        }
        self.shift(side, desk);
        if self.pulse.dice.at(desk.now()).random::<f64>() < redraw {
            self.draw_all(desk);
        }
        true
    }

    /// The reference price goes one step through an emptied queue of this side.
    fn shift(&mut self, emptied: Side, desk: &mut Desk<'_>) {
        self.reference -= emptied.sign();
        let (other, last) = (emptied.opposite(), self.tables.len() - 1);
        let left = self.queues[other.index()].pop_back().into_iter().flatten();
        let through = self.queues[emptied.index()].pop_front().into_iter().flatten();
        left.chain(through).for_each(|id| take_out(desk, id));
        self.queues[other.index()].push_front(Vec::new());
        self.queues[emptied.index()].push_back(Vec::new());
        self.draw(emptied, last, desk);
        // What was seen was of the old places: neither first queue has been seen yet.
        self.lengths.iter_mut().for_each(|lengths| lengths[0] = 0);
    }
}

/// A length, drawn from its law by inversion.
fn drawn(law: &[f64], rng: &mut ChaCha8Rng) -> usize {
    let mut left = rng.random::<f64>();
    let found = law.iter().position(|share| {
        left -= share;
        left < 0.0
    });
    found.unwrap_or(0)
}

impl Strategy for QueueReactiveFlow {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => {
                self.draw_all(desk);
                self.pulse.settle(desk);
            }
            Event::Wake(Pulse::SETTLED) => {
                if self.settle(desk) {
                    return self.pulse.settle(desk);
                }
                self.pulse.next(self.total(), desk);
            }
            Event::Wake(_) => {
                // Others may have emptied a queue since.
                if !self.settle(desk) {
                    self.act(desk);
                }
                self.pulse.settle(desk);
            }
            Event::Report(report) => {
                if let ExecKind::Trade(fill) = report.kind
                    && report.is_terminal()
                {
                    let queues = &mut self.queues[fill.side.index()];
                    queues.iter_mut().for_each(|queue| queue.retain(|id| *id != report.order));
                }
            }
            Event::Market(_) | Event::News(_) | Event::Refused(_) => {}
        }
    }
}
