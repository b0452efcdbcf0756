//! Quote stuffing: bursts of orders far from the touch, cancelled at once, so that the gateway is busy and whoever comes next waits.
//!
//! It works where commands are served one after another in a finite time; it trades nothing and gains nothing here, and who pays is
//! everybody whose order came late.

use super::QUIET;
use crate::gate::Acknowledgement;
use hft_core::models::{BookId, ExecKind, Nanos, NewOrder, OrderId, Qty, Side, Ticks};
use hft_core::trader::{Desk, Event, SimulatedOnly, SimulatedStrategy};
use hft_core::world::draws;
use rand_chacha::ChaCha8Rng;

/// Orders sent at once, and how often in a burst. Fixed to the toy gateway of twenty microseconds a command.
const AT_ONCE: u32 = 100;
const VOLLEYS: u32 = 20;
/// Between two volleys.
const EVERY: Nanos = Nanos::from_millis(5);
/// Shortest rest between two bursts.
const REST: Nanos = Nanos::from_secs(12);
/// How far from the touch, ticks.
const AWAY: i64 = 40;

/// See the module's documentation.
#[derive(Debug)]
pub struct Stuffer {
    book: BookId,
    rng: ChaCha8Rng,
    volleys: u32,
}

impl Stuffer {
    /// Only who typed the sentence makes one.
    pub const fn new(book: BookId, rng: ChaCha8Rng, _typed: &Acknowledgement) -> Self {
        Self { book, rng, volleys: 0 }
    }

    fn volley(&mut self, desk: &mut Desk<'_>) {
        if self.volleys == VOLLEYS {
            self.volleys = 0;
            let more = Nanos::from_secs_f64(draws::exponential(&mut self.rng) * 4.0);
            return desk.wake_at(desk.now().after(REST).after(more), 0);
        }
        self.volleys += 1;
        let touch = desk.view(self.book).and_then(|view| view.best(Side::Buy));
        let far = touch.and_then(|touch| Side::Buy.more_passive(touch.price, Ticks::new(AWAY)));
        for _ in 0..AT_ONCE {
            let Some(price) = far else { break };
            desk.submit(NewOrder::limit(OrderId(0), self.book, Side::Buy, price, Qty::new(1)));
        }
        desk.wake_at(desk.now().after(EVERY), 0);
    }
}

impl SimulatedStrategy for Stuffer {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>, _: &SimulatedOnly) {
        match event {
            Event::Start => desk.wake_at(desk.now().after(QUIET), 0),
            Event::Wake(_) => self.volley(desk),
            Event::Report(report) if report.kind == ExecKind::New => {
                desk.cancel(report.order).expect("it works");
            }
            Event::Report(_) | Event::Market(_) | Event::News(_) | Event::Refused(_) => {}
        }
    }
}
