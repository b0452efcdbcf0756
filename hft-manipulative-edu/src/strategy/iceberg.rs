//! A large order, patiently: an iceberg at the touch, moved when the market leaves it behind, finished by taking what is left.
//!
//! It shows little on one side and nothing on the other, cancels, and trades: everything that a display does, and none of what makes one.

use super::take_best;
use hft_core::models::{BookId, Nanos, NewOrder, OrderId, Qty, Side};
use hft_core::trader::{Desk, Event, OrderState, Strategy};
use hft_core::world::draws;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// How often it looks whether the market has left it.
const LOOK_EVERY: Nanos = Nanos::from_secs(1);
/// How many looks an execution lasts.
const PATIENCE: u32 = 20;
/// Mean time between two executions, s.
const REST_S: f64 = 15.0;

/// What it works.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IcebergConfig {
    /// The whole of it.
    pub size: Qty,
    /// What shows.
    pub shown: Qty,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Iceberg {
    config: IcebergConfig,
    book: BookId,
    rng: ChaCha8Rng,
    side: Side,
    /// The position at which it is done, lots.
    target: i64,
    looks: u32,
}

impl Iceberg {
    /// Executions one after another, on sides that are drawn.
    pub const fn new(config: IcebergConfig, book: BookId, rng: ChaCha8Rng) -> Self {
        Self { config, book, rng, side: Side::Buy, target: 0, looks: 0 }
    }

    fn rest(&mut self, desk: &mut Desk<'_>) {
        let wait = Nanos::from_secs_f64(draws::exponential(&mut self.rng) * REST_S);
        desk.wake_at(desk.now().after(wait), 0);
    }

    fn begin(&mut self, desk: &mut Desk<'_>) {
        let position = desk.position(self.book.instrument).count();
        // What it holds is sold before anything else is done.
        let drawn = if self.rng.random::<bool>() { Side::Buy } else { Side::Sell };
        self.side = if position > 0 {
            Side::Sell
        } else if position < 0 {
            Side::Buy
        } else {
            drawn
        };
        let lots = if position == 0 { self.config.size.lots() } else { position.abs() };
        self.target = position + self.side.sign() * lots;
        self.looks = 0;
        self.work(desk);
    }

    fn left(&self, desk: &Desk<'_>) -> i64 {
        (self.target - desk.position(self.book.instrument).count()) * self.side.sign()
    }

    /// Stands at the touch, or follows it.
    fn work(&mut self, desk: &mut Desk<'_>) {
        let left = self.left(desk);
        let best = desk.view(self.book).and_then(|view| view.best(self.side));
        let standing = desk.working().first().copied();
        match (standing, best) {
            (None, Some(best)) if left > 0 => {
                let order = NewOrder::limit(OrderId(0), self.book, self.side, best.price, Qty::new(left));
                let display = Some(self.config.shown.min(Qty::new(left)));
                desk.submit(NewOrder { post_only: true, display, ..order });
            }
            (Some(order), Some(best)) if order.state == OrderState::Live && order.price != Some(best.price) => {
                desk.replace(order.id, Some(best.price), None).expect("it works");
            }
            _ => {}
        }
        desk.wake_at(desk.now().after(LOOK_EVERY), 1);
    }

    fn look(&mut self, desk: &mut Desk<'_>) {
        self.looks += 1;
        if self.left(desk) <= 0 {
            self.rest(desk);
        } else if self.looks == PATIENCE {
            for id in desk.working().iter().map(|order| order.id).collect::<Vec<_>>() {
                desk.cancel(id).expect("it works");
            }
            desk.wake_at(desk.now().after(Nanos::from_millis(100)), 2);
        } else {
            self.work(desk);
        }
    }
}

impl Strategy for Iceberg {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => self.rest(desk),
            Event::Wake(0) => self.begin(desk),
            Event::Wake(1) => self.look(desk),
            Event::Wake(_) => {
                let left = self.left(desk);
                if left > 0 {
                    take_best(desk, self.book, self.side, Qty::new(left));
                }
                self.rest(desk);
            }
            Event::Market(_) | Event::News(_) | Event::Report(_) | Event::Refused(_) => {}
        }
    }
}
