//! Whoever follows: takes in the direction of a move of the last second, and leaves a few seconds later.

use super::{seen_mid, take_best};
use hft_core::models::{BookId, Nanos, Qty, Side, Timestamp};
use hft_core::trader::{Desk, Event, Strategy};
use hft_core::world::draws;
use rand_chacha::ChaCha8Rng;
use std::collections::VecDeque;

/// Over which time a move is measured.
const WINDOW: Nanos = Nanos::from_secs(1);
/// How far it has to go, half ticks.
const MOVE: i64 = 12;
/// How long the position is kept.
const HOLD: Nanos = Nanos::from_secs(4);
/// How often it looks, per s.
const LOOKS_PER_S: f64 = 5.0;
/// What it takes, lots.
const SIZE: i64 = 6;

/// See the module's documentation.
#[derive(Debug)]
pub struct TrendFollower {
    book: BookId,
    rng: ChaCha8Rng,
    mids: VecDeque<(Timestamp, i64)>,
    since: Timestamp,
}

impl TrendFollower {
    /// One of them.
    pub const fn new(book: BookId, rng: ChaCha8Rng) -> Self {
        Self { book, rng, mids: VecDeque::new(), since: Timestamp::START }
    }

    fn wait(&mut self, desk: &mut Desk<'_>) {
        let wait = Nanos::from_secs_f64(draws::exponential(&mut self.rng) / LOOKS_PER_S);
        desk.wake_at(desk.now().after(wait), 0);
    }

    fn look(&mut self, desk: &mut Desk<'_>) {
        let Some(mid) = seen_mid(desk, self.book) else { return };
        let now = desk.now();
        self.mids.push_back((now, mid));
        while self.mids.front().is_some_and(|&(at, _)| at.after(WINDOW) < now) {
            self.mids.pop_front();
        }
        let moved = mid - self.mids.front().map_or(mid, |&(_, before)| before);
        let position = desk.position(self.book.instrument).count();
        if position != 0 {
            if self.since.after(HOLD) <= now {
                let side = if position > 0 { Side::Sell } else { Side::Buy };
                take_best(desk, self.book, side, Qty::new(position.abs()));
            }
        } else if moved.abs() >= MOVE {
            self.since = now;
            take_best(desk, self.book, if moved > 0 { Side::Buy } else { Side::Sell }, Qty::new(SIZE));
        }
    }
}

impl Strategy for TrendFollower {
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
}
