//! Self- and cross-exciting limit orders, market orders and cancels, as a participant: a Hawkes process of six kinds.
//!
//! Invariant: the times and kinds of events are the process's own, whatever the book does; where they fall is decided afterwards: a limit
//! order a geometric distance from the opposite touch, a cancel on one of the own orders of its side. A process of orders has no reason to
//! end with an empty book or a full one, so each order has a patience besides, after which it leaves by itself.

use super::grid::Grid;
use super::pulse::take_out;
use crate::flow::laws::HawkesClock;
use crate::flow::{Dice, at_least_one, exponential};
use crate::models::{Nanos, Side};
use crate::trader::{Desk, Event, Strategy};
use rand::RngExt;

/// Kinds of event, in pairs: of buyers, of sellers.
pub(super) const KINDS: usize = 6;

/// How often an order of the right side is looked for: of a side with half of the orders, in vain once in 10^19.
const TRIES: u32 = 64;

/// All orders of one book.
#[derive(Debug)]
pub(super) struct HawkesFlow {
    clock: HawkesClock,
    /// The kind of the event that the next timer is for.
    next: Option<usize>,
    grid: Grid,
    /// Mean distance of a limit order from the opposite touch, steps.
    mean_distance: f64,
    /// Departures of each order a second.
    impatience: f64,
    /// Best bid and ask, steps; of an empty side the last there was.
    best: [i64; 2],
    dice: Dice,
}

impl HawkesFlow {
    const EVENT: u32 = 0;
    const DEPARTURE: u32 = 1;

    pub(super) fn new(clock: HawkesClock, grid: Grid, mean_distance: f64, impatience: f64, dice: Dice) -> Self {
        Self { clock, next: None, grid, mean_distance, impatience, best: [0, 1], dice }
    }

    /// Candidates are drawn until one is an event.
    fn wait(&mut self, desk: &mut Desk<'_>) {
        let now = desk.now();
        let mut wait = 0.0;
        self.next = None;
        while self.next.is_none() && wait < f64::INFINITY {
            let (more, kind) = self.clock.candidate(self.dice.at(now));
            (wait, self.next) = (wait + more, kind);
        }
        desk.wake_at(now.after(Nanos::from_secs_f64(wait)), Self::EVENT);
    }

    /// As many orders a side as come in a unit of patience.
    fn seed(&mut self, desk: &mut Desk<'_>, a_side: f64) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "limited by the knobs")]
        let count = a_side.clamp(1.0, 10_000.0) as u32;
        for _ in 0..count {
            Side::BOTH.into_iter().for_each(|side| self.limit(side, desk));
        }
    }

    fn limit(&mut self, side: Side, desk: &mut Desk<'_>) {
        let away = at_least_one(self.dice.at(desk.now()), self.mean_distance);
        let step = self.best[side.opposite().index()].saturating_sub(away.saturating_mul(side.sign()));
        desk.submit(self.grid.limit(side, step));
    }

    /// Takes out one of the own orders of a side, or of both: any with the same odds, found by trying.
    fn cancel(&mut self, of: Option<Side>, desk: &mut Desk<'_>) {
        let Ok(count @ 1..) = u32::try_from(desk.working().len()) else { return };
        for _ in 0..TRIES {
            let pick = self.dice.at(desk.now()).random_range(0..count);
            let order = desk.working()[usize::try_from(pick).expect("a u32 indexes memory")];
            if of.is_none_or(|side| order.side == side) {
                return take_out(desk, order.id);
            }
        }
    }

    fn act(&mut self, desk: &mut Desk<'_>) {
        let Some(kind) = self.next else { return };
        let side = Side::BOTH[kind % 2];
        match kind / 2 {
            0 => self.limit(side, desk),
            1 => {
                desk.submit(self.grid.market(side));
            }
            _ => self.cancel(Some(side), desk),
        }
    }

    fn depart(&mut self, desk: &mut Desk<'_>) {
        #[allow(clippy::cast_precision_loss, reason = "a rate")]
        let rate = self.impatience * (desk.working().len().max(1)) as f64;
        let now = desk.now();
        let wait = exponential(self.dice.at(now), rate);
        desk.wake_at(now.after(wait), Self::DEPARTURE);
    }
}

impl Strategy for HawkesFlow {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => {
                let limits = self.clock.process().rates()[0];
                self.seed(desk, limits / self.impatience.max(1e-9));
                self.wait(desk);
                self.depart(desk);
            }
            Event::Wake(Self::DEPARTURE) => {
                self.cancel(None, desk);
                self.depart(desk);
            }
            Event::Wake(_) => {
                self.act(desk);
                self.wait(desk);
            }
            Event::Market(_) => {
                let Some(view) = desk.view(self.grid.book) else { return };
                let seen = self.grid.best(view);
                self.best.iter_mut().zip(seen).for_each(|(best, seen)| *best = seen.unwrap_or(*best));
            }
            Event::News(_) | Event::Report(_) | Event::Refused(_) => {}
        }
    }
}
