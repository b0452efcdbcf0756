//! Strangers who shake every book from a moment on, and are silent until then.

use hft_core::flow::Dice;
use hft_core::models::{BookId, Nanos, NewOrder, OrderId, Qty, Side, Timestamp};
use hft_core::prelude::{Connection, Depth, Feed, Limits, Simulated, World};
use hft_core::trader::{Desk, Event, Strategy};
use hft_core::world::{WorldError, draws};
use rand::RngExt;

/// Orders a second in each book.
const PER_S: f64 = 20.0;
/// The largest of them, lots.
const SIZE_MAX: i64 = 20;

struct Shaker {
    book: BookId,
    from: Timestamp,
    dice: Dice,
}

impl Strategy for Shaker {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        let next = match event {
            Event::Start => self.from + Nanos::new(1),
            Event::Wake(_) => {
                let rng = self.dice.at(desk.now());
                let side = if rng.random::<bool>() { Side::Buy } else { Side::Sell };
                let qty = Qty::new(rng.random_range(1..=SIZE_MAX));
                let wait = Nanos::from_secs_f64(draws::exponential(rng) / PER_S);
                desk.submit(NewOrder::market(OrderId(0), self.book, side, qty));
                desk.now().after(wait)
            }
            Event::Market(_) | Event::News(_) | Event::Report(_) | Event::Refused(_) => return,
        };
        desk.wake_at(next, 0);
    }
}

/// Puts one into every book. They come last, so nobody else's number, stream or place in a queue is another for them.
pub(super) fn shake(world: &mut World<Simulated>, from: Timestamp) -> Result<(), WorldError> {
    for listing in world.directory().listings() {
        let name = format!("shaker/{}", listing.book);
        let account = world.account(&format!("{name}/account"), Limits::default())?;
        let dice = Dice::from(world.stream(&name));
        let shaker = world.trader(&name, account, Shaker { book: listing.book, from, dice })?;
        world.connect(shaker, listing.book, Connection::symmetric(Nanos::ZERO, Feed::every_change(Depth::Top)))?;
    }
    Ok(())
}
