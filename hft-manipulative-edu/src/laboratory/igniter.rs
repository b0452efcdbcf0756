//! Momentum ignition: takes level after level, waits for those who follow and for the stops, and leaves into them.

use super::QUIET;
use crate::gate::Acknowledgement;
use hft_core::models::{BookId, Nanos, NewOrder, OrderId, Qty, Side, Ticks, TimeInForce};
use hft_core::trader::{Desk, Event, SimulatedOnly, SimulatedStrategy};
use hft_core::world::draws;
use rand_chacha::ChaCha8Rng;

/// How much each push takes, lots, and how far it may go, ticks. Fixed to the toy crowd.
const PUSH: i64 = 60;
const REACH: i64 = 6;
/// How many pushes, and how often.
const PUSHES: u32 = 3;
const EVERY: Nanos = Nanos::from_millis(150);
/// How long it waits for the others.
const WAIT: Nanos = Nanos::from_millis(600);
/// How much of what it holds it sells at a time, and how often it tries at most.
const PART: i64 = 40;
const PARTS: u32 = 20;
/// Shortest rest between two episodes.
const REST: Nanos = Nanos::from_secs(20);

/// Where it is in an episode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Pushing(u32),
    Leaving(u32),
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Igniter {
    book: BookId,
    rng: ChaCha8Rng,
    side: Side,
    stage: Stage,
}

impl Igniter {
    /// Only who typed the sentence makes one.
    pub const fn new(book: BookId, rng: ChaCha8Rng, _typed: &Acknowledgement) -> Self {
        Self { book, rng, side: Side::Buy, stage: Stage::Pushing(0) }
    }

    fn take(&self, desk: &mut Desk<'_>, side: Side, reach: i64, lots: i64) {
        let best = desk.view(self.book).and_then(|view| view.best(side.opposite()));
        let Some(limit) = best.and_then(|best| side.more_aggressive(best.price, Ticks::new(reach))) else { return };
        let order = NewOrder::limit(OrderId(0), self.book, side, limit, Qty::new(lots));
        desk.submit(NewOrder { tif: TimeInForce::Ioc, ..order });
    }

    fn go_on(&mut self, desk: &mut Desk<'_>) {
        let position = desk.position(self.book.instrument).count();
        let wait = match self.stage {
            Stage::Pushing(done) if done < PUSHES => {
                self.take(desk, self.side, REACH, PUSH);
                self.stage = Stage::Pushing(done + 1);
                if done + 1 < PUSHES { EVERY } else { WAIT }
            }
            Stage::Pushing(_) => {
                self.stage = Stage::Leaving(0);
                Nanos::ZERO
            }
            Stage::Leaving(tries) if position != 0 && tries < PARTS => {
                let side = if position > 0 { Side::Sell } else { Side::Buy };
                self.take(desk, side, 1, position.abs().min(PART));
                self.stage = Stage::Leaving(tries + 1);
                EVERY
            }
            Stage::Leaving(_) => {
                (self.stage, self.side) = (Stage::Pushing(0), self.side.opposite());
                let more = Nanos::from_secs_f64(draws::exponential(&mut self.rng) * 5.0);
                REST + more
            }
        };
        desk.wake_at(desk.now().after(wait), 0);
    }
}

impl SimulatedStrategy for Igniter {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>, _: &SimulatedOnly) {
        match event {
            Event::Start => desk.wake_at(desk.now().after(QUIET), 0),
            Event::Wake(_) => self.go_on(desk),
            Event::Market(_) | Event::News(_) | Event::Report(_) | Event::Refused(_) => {}
        }
    }
}
