//! Whoever reads the book: takes in the direction in which more is displayed, and leaves a few seconds later.
//!
//! In an honest book that is good advice: the thinner side goes first (Cont & de Larrard 2013). It is exactly what a display exploits; Wang &
//! Wellman (2017) find the same of agents that learn from the book, and that those who do not look cannot be spoofed.

use super::take_best;
use hft_core::models::{BookId, Nanos, Qty, Side, Timestamp};
use hft_core::trader::{Desk, Event, Reason, Strategy};
use hft_core::world::draws;
use rand_chacha::ChaCha8Rng;

/// How far into the book it looks.
const LEVELS: usize = 5;
/// From which imbalance on it acts: seven tenths of what is displayed are on one side.
const ACTS: f64 = 0.4;
/// How often it looks, per s.
const LOOKS_PER_S: f64 = 2.0;
/// How long it stays.
const HOLD: Nanos = Nanos::from_secs(4);
/// What it takes, lots.
const SIZE: i64 = 3;

/// See the module's documentation.
#[derive(Debug)]
pub struct BookReader {
    book: BookId,
    rng: ChaCha8Rng,
    since: Timestamp,
    imbalance: f64,
}

impl BookReader {
    /// One of them.
    pub const fn new(book: BookId, rng: ChaCha8Rng) -> Self {
        Self { book, rng, since: Timestamp::START, imbalance: 0.0 }
    }

    fn wait(&mut self, desk: &mut Desk<'_>) {
        let wait = Nanos::from_secs_f64(draws::exponential(&mut self.rng) / LOOKS_PER_S);
        desk.wake_at(desk.now().after(wait), 0);
    }

    fn look(&mut self, desk: &mut Desk<'_>) {
        let Some(view) = desk.view(self.book) else { return };
        let depth = |side| view.levels(side).take(LEVELS).map(|level| level.qty.lots()).sum::<i64>() as f64;
        let (bid, ask) = (depth(Side::Buy), depth(Side::Sell));
        if bid + ask <= 0.0 {
            return;
        }
        self.imbalance = (bid - ask) / (bid + ask);
        let position = desk.position(self.book.instrument).count();
        if position != 0 {
            if self.since.after(HOLD) <= desk.now() {
                let side = if position > 0 { Side::Sell } else { Side::Buy };
                take_best(desk, self.book, side, Qty::new(position.abs()));
            }
        } else if self.imbalance.abs() >= ACTS {
            let side = if self.imbalance > 0.0 { Side::Buy } else { Side::Sell };
            self.since = desk.now();
            take_best(desk, self.book, side, Qty::new(SIZE));
        }
    }
}

impl Strategy for BookReader {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => self.wait(desk),
            Event::Wake(_) => {
                self.look(desk);
                self.wait(desk);
            }
            Event::Market(_) | Event::News(_) | Event::Report(_) | Event::Refused(_) => {}
        }
    }

    fn rationale(&self) -> Vec<Reason> {
        vec![Reason { name: "imbalance of the book", value: self.imbalance, unit: "share" }]
    }
}
