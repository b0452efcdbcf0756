//! Value: an opinion of what the contract is worth, late and wrong by an amount that stays, and orders that wait where the price is off it.
//!
//! They rest on the side that is cheap, so they supply what momentum and the impatient take, and pull the price back to the value.

use crate::flow::{Dice, exponential};
use crate::models::{BookId, NewOrder, News, OrderId, Qty, Quote, Side};
use crate::trader::{Desk, Event, Strategy};
use crate::world::draws::normal;

/// How a value trader trades.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct ValueConfig {
    /// Looks at the market a second.
    pub(super) looks_per_s: f64,
    /// Standard deviation of what it is wrong by, half ticks.
    pub(super) error_sd: f64,
    /// How far the price must be off its opinion, half ticks.
    pub(super) margin: f64,
    /// Size of an order, lots.
    pub(super) size: i64,
    /// The largest position, lots.
    pub(super) limit: i64,
}

/// One value trader in one book.
#[derive(Debug)]
pub(super) struct ValueTrader {
    config: ValueConfig,
    book: BookId,
    dice: Dice,
    error: f64,
    value: Option<f64>,
}

impl ValueTrader {
    pub(super) fn new(config: ValueConfig, book: BookId, mut dice: Dice) -> Self {
        let error = config.error_sd * normal(dice.at(crate::models::Timestamp::START));
        Self { config, book, dice, error, value: None }
    }

    #[allow(clippy::cast_precision_loss, reason = "a model's number")]
    fn act(&mut self, desk: &mut Desk<'_>) {
        let Some(view) = desk.view(self.book) else { return };
        let (Some(value), Some(mid)) = (self.value, view.mid()) else { return };
        let cheap = value + self.error - mid.count() as f64;
        let top = view.top();
        let position = desk.position(self.book.instrument).count();
        for side in Side::BOTH {
            let room = self.config.limit - position * side.sign();
            let is_wanted = cheap * if side == Side::Buy { 1.0 } else { -1.0 } > self.config.margin && room > 0;
            let target = top.side(side).filter(|_| is_wanted);
            let size = Qty::new(self.config.size.min(room.max(1)));
            self.rest(side, target.map(|touch| Quote { price: touch.price, qty: size }), desk);
        }
    }

    /// Leaves an order where it waits already; moves it only when it is not wanted any more or has been left behind.
    fn rest(&self, side: Side, target: Option<Quote>, desk: &mut Desk<'_>) {
        let standing = desk.working().iter().find(|order| order.side == side).copied();
        match (standing, target) {
            (None, Some(Quote { price, qty })) => {
                let order = NewOrder::limit(OrderId(0), self.book, side, price, qty);
                desk.submit(NewOrder { post_only: true, ..order });
            }
            (Some(order), Some(target)) if order.price == Some(target.price) => {}
            (Some(order), _) => desk.cancel(order.id).expect("it works"),
            (None, None) => {}
        }
    }
}

impl Strategy for ValueTrader {
    #[allow(clippy::cast_precision_loss, reason = "a model's number")]
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => {}
            Event::Wake(_) => self.act(desk),
            Event::News(News::Value { instrument, value }) if *instrument == self.book.instrument => {
                self.value = Some(value.count() as f64);
                return;
            }
            Event::Market(_) | Event::News(_) | Event::Report(_) | Event::Refused(_) => return,
        }
        let now = desk.now();
        let wait = exponential(self.dice.at(now), self.config.looks_per_s);
        desk.wake_at(now.after(wait), 0);
    }
}
