//! Executors: large orders of somebody who is not there, worked in small ones.
//!
//! A parent order arrives, of a random side and size, and is bought or sold by one of two schedules: equal slices at equal times (TWAP),
//! or a share of what the others trade (POV). The next parent comes when the last is done. They know nothing; their trades come in rows of one
//! sign, which is where the long memory of order signs comes from (Lillo, Mike & Farmer 2005).

use crate::flow::{Dice, at_least_one, exponential};
use crate::models::{BookId, ExecKind, MarketUpdate, Nanos, NewOrder, OrderId, Qty, Side, TimeInForce};
use crate::trader::{Desk, Event, Strategy};
use rand::RngExt;

/// How a parent order is worked.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Schedule {
    /// So many lots each time, that often.
    Twap { slice: i64, every: Nanos },
    /// This share of the volume of the others.
    Pov { share: f64 },
}

/// What an executor is asked to do.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct ExecutorConfig {
    /// Parent orders a second, while there is none.
    pub(super) parents_per_s: f64,
    /// Mean size of a parent order, lots, geometric.
    pub(super) mean_parent: f64,
    pub(super) schedule: Schedule,
}

/// One executor in one book.
#[derive(Debug)]
pub(super) struct Executor {
    config: ExecutorConfig,
    book: BookId,
    dice: Dice,
    parent: Option<Parent>,
    /// Number of the parent: its slices' timers carry it, those of an earlier one are late.
    number: u32,
    /// What was traded by the others since, times the share: lots.
    owed: f64,
    /// Own volume whose prints are still to come.
    own: i64,
}

#[derive(Clone, Copy, Debug)]
struct Parent {
    side: Side,
    left: i64,
}

impl Executor {
    /// The timer at which a parent arrives; the others carry a parent's number.
    const ARRIVAL: u32 = 0;

    pub(super) fn new(config: ExecutorConfig, book: BookId, dice: Dice) -> Self {
        Self { config, book, dice, parent: None, number: Self::ARRIVAL, owed: 0.0, own: 0 }
    }

    fn await_parent(&mut self, desk: &mut Desk<'_>) {
        let now = desk.now();
        let wait = exponential(self.dice.at(now), self.config.parents_per_s);
        desk.wake_at(now.after(wait), Self::ARRIVAL);
    }

    fn arrive(&mut self, desk: &mut Desk<'_>) {
        let rng = self.dice.at(desk.now());
        let side = if rng.random::<bool>() { Side::Buy } else { Side::Sell };
        self.parent = Some(Parent { side, left: at_least_one(rng, self.config.mean_parent) });
        (self.owed, self.number) = (0.0, self.number + 1);
        if let Schedule::Twap { .. } = self.config.schedule {
            self.slice(desk);
        }
    }

    /// The next slice of a schedule by the clock. What does not fill stays in the parent.
    fn slice(&mut self, desk: &mut Desk<'_>) {
        let (Some(parent), Schedule::Twap { slice, every }) = (self.parent, self.config.schedule) else { return };
        self.take(parent, slice, desk);
        desk.wake_at(desk.now() + every, self.number);
    }

    fn take(&self, parent: Parent, lots: i64, desk: &mut Desk<'_>) {
        let touch = desk.view(self.book).and_then(|view| view.best(parent.side.opposite()));
        let lots = lots.min(parent.left);
        if let (Some(touch), true, 1..) = (touch, desk.working().is_empty(), lots) {
            let take = NewOrder::limit(OrderId(0), self.book, parent.side, touch.price, Qty::new(lots));
            desk.submit(NewOrder { tif: TimeInForce::Ioc, ..take });
        }
    }

    /// Somebody traded: a schedule by volume owes its share.
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a few lots")]
    fn printed(&mut self, qty: Qty, desk: &mut Desk<'_>) {
        let (Some(parent), Schedule::Pov { share }) = (self.parent, self.config.schedule) else { return };
        // Prints and reports come over different lines: own volume is taken off whenever its print comes.
        let own = self.own.min(qty.lots());
        self.own -= own;
        self.owed += (qty.lots() - own) as f64 * share;
        if self.owed >= 1.0 {
            self.take(parent, self.owed as i64, desk);
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "a few lots")]
    fn filled(&mut self, qty: Qty, desk: &mut Desk<'_>) {
        let Some(parent) = &mut self.parent else { return };
        parent.left -= qty.lots();
        self.owed = (self.owed - qty.lots() as f64).max(0.0);
        if let Schedule::Pov { .. } = self.config.schedule {
            self.own += qty.lots();
        }
        if parent.left <= 0 {
            self.parent = None;
            self.await_parent(desk);
        }
    }
}

impl Strategy for Executor {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => self.await_parent(desk),
            Event::Wake(Self::ARRIVAL) => self.arrive(desk),
            Event::Wake(number) if *number == self.number => self.slice(desk),
            Event::Market(data) => {
                if let MarketUpdate::Trade { qty, .. } = data.update {
                    self.printed(qty, desk);
                }
            }
            Event::Report(report) => {
                if let ExecKind::Trade(fill) = report.kind {
                    self.filled(fill.qty, desk);
                }
            }
            Event::Wake(_) | Event::News(_) | Event::Refused(_) => {}
        }
    }
}
