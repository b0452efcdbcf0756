//! Investors at a lagging exchange: Poisson arrivals that take a unit or a few, whatever the leader says.

use super::{Taking, others_at_best, take};
use hft_core::models::{BookId, Nanos, Qty, Side};
use hft_core::trader::{Desk, Event, Strategy};
use hft_core::world::draws;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// The timer of an arrival; others take unfilled orders away.
const ARRIVAL: u32 = 0;

/// See the module's documentation.
#[derive(Debug)]
pub struct Investor {
    book: BookId,
    per_s: f64,
    taking: Taking,
    /// How long an unfilled order stands.
    patience: Nanos,
    rng: ChaCha8Rng,
}

impl Investor {
    /// So many arrivals a second.
    pub const fn new(book: BookId, per_s: f64, taking: Taking, patience: Nanos, rng: ChaCha8Rng) -> Self {
        Self { book, per_s, taking, patience, rng }
    }

    fn wait(&mut self, desk: &mut Desk<'_>) {
        if self.per_s > 0.0 {
            let wait = draws::exponential(&mut self.rng) / self.per_s;
            desk.wake_at(desk.now().after(Nanos::from_secs_f64(wait)), ARRIVAL);
        }
    }

    fn arrive(&mut self, desk: &mut Desk<'_>) {
        let side = if self.rng.random::<bool>() { Side::Buy } else { Side::Sell };
        let qty = Qty::new(self.rng.random_range(1..=3i64));
        if let Some((price, _)) = others_at_best(desk, self.book, side.opposite()) {
            take(desk, self.taking, self.book, side, price, qty);
            if self.taking == Taking::InTheBatch {
                desk.wake_at(desk.now().after(self.patience), ARRIVAL + 1);
            }
        }
    }
}

impl Strategy for Investor {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => self.wait(desk),
            Event::Wake(ARRIVAL) => {
                self.arrive(desk);
                self.wait(desk);
            }
            Event::Wake(_) => {
                let oldest = desk.working().iter().map(|order| order.id).min();
                if let Some(id) = oldest {
                    desk.cancel(id).expect("it works");
                }
            }
            Event::Market(_) | Event::News(_) | Event::Report(_) | Event::Refused(_) => {}
        }
    }
}
