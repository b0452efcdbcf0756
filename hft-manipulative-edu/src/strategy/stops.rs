//! Whoever has a stop: an order on either side of the market, invisible, which becomes a market order when the price comes by.
//!
//! A few seconds after one was triggered, what it brought is traded back, and new stops are placed around the price of then.

use super::{seen_mid, take_best};
use hft_core::models::{BookId, Nanos, NewOrder, OrderId, OrderType, Price, Qty, Side};
use hft_core::trader::{Desk, Event, Strategy};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// How often stops are placed anew around the price of then.
const EVERY: Nanos = Nanos::from_secs(8);
/// The nearest and the furthest that a stop is from the price, ticks.
const REACH: [i64; 2] = [5, 14];
/// What a stop trades, lots.
const SIZE: i64 = 4;

/// See the module's documentation.
#[derive(Debug)]
pub struct StopHolder {
    book: BookId,
    rng: ChaCha8Rng,
}

impl StopHolder {
    /// One of them.
    pub const fn new(book: BookId, rng: ChaCha8Rng) -> Self {
        Self { book, rng }
    }

    fn renew(&mut self, desk: &mut Desk<'_>) {
        for id in desk.working().iter().map(|order| order.id).collect::<Vec<_>>() {
            desk.cancel(id).expect("it works");
        }
        let position = desk.position(self.book.instrument).count();
        if position != 0 {
            let side = if position > 0 { Side::Sell } else { Side::Buy };
            take_best(desk, self.book, side, Qty::new(position.abs()));
        }
        let Some(mid) = seen_mid(desk, self.book) else { return };
        for side in Side::BOTH {
            let away = self.rng.random_range(REACH[0]..=REACH[1]);
            let trigger = Price::new(mid / 2 + side.sign() * away);
            let order = NewOrder::limit(OrderId(0), self.book, side, trigger, Qty::new(SIZE));
            desk.submit(NewOrder { order_type: OrderType::Stop { trigger }, ..order });
        }
    }
}

impl Strategy for StopHolder {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => {
                // Not all of them at once.
                let first = Nanos::from_millis(self.rng.random_range(500..8_000));
                desk.wake_at(desk.now().after(first), 0);
            }
            Event::Wake(_) => {
                self.renew(desk);
                desk.wake_at(desk.now().after(EVERY), 0);
            }
            Event::Market(_) | Event::News(_) | Event::Report(_) | Event::Refused(_) => {}
        }
    }
}
