//! The issuer's agent: at a window of its own it exchanges the fund for the basket and back, at the midpoints of the market and for a fee.
//!
//! A creation is a set of trades with the agent: constituents sold to it, fund bought from it, at once and in whole units. Both sides of it are
//! priced at the same moment, so what is exchanged is worth the same, to within a tick a lot. The window is an exchange like any other, with
//! one participant who quotes: so what is created and redeemed is approved, booked and conserved as every trade is.
//!
//! Invariant: after the cut-off nothing stands in the window.

use hft_core::models::{BookId, ExecKind, HalfTicks, Nanos, Qty, Quote, Side, Ticks, Timestamp};
use hft_core::trader::{Desk, Event, Strategy};

/// Where a contract is traded, and where it is exchanged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counter {
    /// Its exchange.
    pub market: BookId,
    /// The window.
    pub window: BookId,
    /// How much is shown there, lots.
    pub shown: Qty,
}

/// See the module's documentation.
#[derive(Clone, Debug)]
pub struct Issuer {
    counters: Vec<Counter>,
    refresh: Nanos,
    cutoff: Timestamp,
}

impl Issuer {
    /// An agent who sets its prices so often, until the cut-off.
    pub const fn new(counters: Vec<Counter>, refresh: Nanos, cutoff: Timestamp) -> Self {
        Self { counters, refresh, cutoff }
    }

    fn set(&self, desk: &mut Desk<'_>) {
        for counter in &self.counters {
            let mid = desk.view(counter.market).and_then(|view| view.mid());
            self.quote(counter, mid.filter(|_| desk.now() < self.cutoff), desk);
        }
    }

    /// The nearest prices on both sides of a midpoint, a tick from one that is whole; or none.
    fn quote(&self, counter: &Counter, mid: Option<HalfTicks>, desk: &mut Desk<'_>) {
        for side in Side::BOTH {
            let price = mid.and_then(|mid| {
                let near = side.round_passive(mid);
                if near.half_ticks() == mid { side.more_passive(near, Ticks::new(1)) } else { Some(near) }
            });
            desk.quote(counter.window, side, price.map(|price| Quote { price, qty: counter.shown }));
        }
    }
}

impl Strategy for Issuer {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => desk.wake_at(desk.now() + self.refresh, 0),
            Event::Wake(_) => {
                self.set(desk);
                desk.wake_at(desk.now() + self.refresh, 0);
            }
            Event::Report(report) if matches!(report.kind, ExecKind::Trade(_)) => {
                let counter = self.counters.iter().find(|counter| counter.window == report.book);
                if let Some(counter) = counter {
                    let mid = desk.view(counter.market).and_then(|view| view.mid());
                    self.quote(counter, mid.filter(|_| desk.now() < self.cutoff), desk);
                }
            }
            Event::Market(_) | Event::News(_) | Event::Report(_) | Event::Refused(_) => {}
        }
    }
}
