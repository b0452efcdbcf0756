//! Uninformed participants: Poisson limit orders, market orders and cancels, in the manner of zero-intelligence models.
//!
//! Limit orders arrive at a distance from the opposite touch of a constant and a geometrically distributed number of ticks; each standing order is cancelled
//! at its own rate. The rates are held between two events of this trader. Smith, Farmer, Gillemot, Krishnamurthy (2003).

use super::{Dice, at_least_one, exponential};
use crate::models::{BookId, NewOrder, OrderId, Price, Qty, Side, Ticks, Timestamp};
use crate::trader::{Desk, Event, OrderState, Strategy};
use rand::RngExt;
use serde::{Deserialize, Serialize};

/// Rates and sizes of the uninformed flow in one book.
///
/// Example: [`CrowdConfig`](super::CrowdConfig).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NoiseConfig {
    /// Limit orders a second, both sides together.
    pub limits_per_s: f64,
    /// Cancels a second of each standing order.
    pub cancels_per_s: f64,
    /// How far a limit order stands from the opposite touch at least, in ticks, beyond the first.
    pub least_distance: u32,
    /// Mean distance beyond that, in ticks (at least one).
    pub mean_distance: f64,
    /// Mean size, in lots (at least one).
    pub mean_size: f64,
    /// Levels a side that stand at the start.
    pub initial_levels: u32,
}

impl Default for NoiseConfig {
    fn default() -> Self {
        Self {
            limits_per_s: 40.0,
            cancels_per_s: 0.2,
            least_distance: 0,
            mean_distance: 12.0,
            mean_size: 4.0,
            initial_levels: 25,
        }
    }
}

/// Many small uninformed traders behind one desk.
///
/// Example: [`CrowdConfig`](super::CrowdConfig).
#[derive(Debug)]
pub struct NoiseTraders {
    config: NoiseConfig,
    markets_per_s: f64,
    book: BookId,
    /// The price around which they believe the market to be: the last touch seen.
    anchor: Price,
    dice: Dice,
}

impl NoiseTraders {
    /// The flow of one book, around `initial` until the market says otherwise, with so many market orders a second (both
    /// sides together).
    pub fn new(config: NoiseConfig, markets_per_s: f64, book: BookId, initial: Price, dice: impl Into<Dice>) -> Self {
        Self { config, markets_per_s, book, anchor: initial, dice: dice.into() }
    }

    fn seed_book(&mut self, desk: &mut Desk<'_>) {
        for level in 1..=i64::from(self.config.initial_levels) {
            for side in Side::BOTH {
                let qty = self.size(desk.now());
                if let Some(price) = side.more_passive(self.anchor, Ticks::new(level)) {
                    desk.submit(NewOrder::limit(OrderId(0), self.book, side, price, qty));
                }
            }
        }
    }

    fn act(&mut self, desk: &mut Desk<'_>) {
        let cancels = self.cancel_rate(desk);
        let (limits_per_s, markets_per_s) = (self.config.limits_per_s, self.markets_per_s);
        let draw = self.dice.at(desk.now()).random::<f64>() * (limits_per_s + markets_per_s + cancels);
        if draw < limits_per_s {
            self.limit(desk);
        } else if draw < limits_per_s + markets_per_s {
            let (side, qty) = (self.side(desk.now()), self.size(desk.now()));
            desk.submit(NewOrder::market(OrderId(0), self.book, side, qty));
        } else {
            self.cancel(desk);
        }
    }

    fn limit(&mut self, desk: &mut Desk<'_>) {
        let (side, qty) = (self.side(desk.now()), self.size(desk.now()));
        let beyond = at_least_one(self.dice.at(desk.now()), self.config.mean_distance);
        let distance = Ticks::new(i64::from(self.config.least_distance).saturating_add(beyond));
        let opposite = desk.view(self.book).and_then(|view| view.best(side.opposite()));
        if let Some(touch) = opposite {
            self.anchor = touch.price;
        }
        if let Some(price) = side.more_passive(self.anchor, distance) {
            desk.submit(NewOrder::limit(OrderId(0), self.book, side, price, qty));
        }
    }

    fn cancel(&mut self, desk: &mut Desk<'_>) {
        let working = desk.working();
        let Ok(count) = u32::try_from(working.len()) else { return };
        if count == 0 {
            return;
        }
        let pick = usize::try_from(self.dice.at(desk.now()).random_range(0..count)).expect("a u32 indexes memory");
        let order = working[pick];
        if order.state == OrderState::Live {
            desk.cancel(order.id).expect("a working order");
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "a rate")]
    fn cancel_rate(&self, desk: &Desk<'_>) -> f64 {
        self.config.cancels_per_s * desk.working().len() as f64
    }

    fn side(&mut self, now: Timestamp) -> Side {
        if self.dice.at(now).random::<bool>() { Side::Buy } else { Side::Sell }
    }

    fn size(&mut self, now: Timestamp) -> Qty {
        Qty::new(at_least_one(self.dice.at(now), self.config.mean_size))
    }
}

impl Strategy for NoiseTraders {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => self.seed_book(desk),
            Event::Wake(_) => self.act(desk),
            Event::Market(_) | Event::News(_) | Event::Report(_) | Event::Refused(_) => return,
        }
        let rate = self.config.limits_per_s + self.markets_per_s + self.cancel_rate(desk);
        let now = desk.now();
        let wait = exponential(self.dice.at(now), rate);
        desk.wake_at(now.after(wait), 0);
    }
}
