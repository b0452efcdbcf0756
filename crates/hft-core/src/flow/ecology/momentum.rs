//! Momentum: buys what has risen, sells what has fallen, and goes home when it stops.
//!
//! The signal is a fast average of the midpoint less a slow one, both exponential in time. It is wrong about as often as it is right; whose
//! money it wins or loses depends on who else is there.

use crate::flow::{Dice, exponential};
use crate::models::{BookId, NewOrder, OrderId, Qty, Side, TimeInForce, Timestamp};
use crate::trader::{BookView, Desk, Event, Strategy};

/// How a momentum trader trades.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct MomentumConfig {
    /// Looks at the market a second.
    pub(super) looks_per_s: f64,
    /// Time constant of the fast average, seconds; the slow one has four times that.
    pub(super) fast_s: f64,
    /// How far the averages must be apart, half ticks.
    pub(super) threshold: f64,
    /// Size of an order, lots.
    pub(super) size: i64,
    /// The largest position, lots.
    pub(super) limit: i64,
}

/// One momentum trader in one book.
#[derive(Debug)]
pub(super) struct MomentumTrader {
    config: MomentumConfig,
    book: BookId,
    dice: Dice,
    last: Option<Timestamp>,
    fast: f64,
    slow: f64,
}

impl MomentumTrader {
    pub(super) fn new(config: MomentumConfig, book: BookId, dice: Dice) -> Self {
        Self { config, book, dice, last: None, fast: 0.0, slow: 0.0 }
    }

    /// Moves both averages to now; how far they are apart.
    #[allow(clippy::cast_precision_loss, reason = "a model's number")]
    fn signal(&mut self, now: Timestamp, view: &BookView) -> Option<f64> {
        let mid = view.mid()?.count() as f64;
        let Some(last) = self.last.replace(now) else {
            (self.fast, self.slow) = (mid, mid);
            return None;
        };
        let passed = now.since(last).to_secs_f64() / self.config.fast_s;
        self.fast += (mid - self.fast) * -libm::expm1(-passed);
        self.slow += (mid - self.slow) * -libm::expm1(-passed / 4.0);
        Some(self.fast - self.slow)
    }

    fn act(&mut self, desk: &mut Desk<'_>) {
        let Some(view) = desk.view(self.book) else { return };
        let top = view.top();
        let Some(signal) = self.signal(desk.now(), view) else { return };
        let position = desk.position(self.book.instrument).count();
        let MomentumConfig { threshold, size, limit, .. } = self.config;
        let with = if signal > 0.0 { Side::Buy } else { Side::Sell };
        // Against the signal nothing is held; with it no more than the limit.
        let held = position * with.sign();
        let wanted = match () {
            () if held < 0 => -held,
            () if signal.abs() > threshold => size.min(limit - held),
            () => 0,
        };
        if let (1.., Some(touch)) = (wanted, top.side(with.opposite())) {
            let take = NewOrder::limit(OrderId(0), self.book, with, touch.price, Qty::new(wanted));
            desk.submit(NewOrder { tif: TimeInForce::Ioc, ..take });
        }
    }
}

impl Strategy for MomentumTrader {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => {}
            Event::Wake(_) if desk.working().is_empty() => self.act(desk),
            Event::Wake(_) => {}
            Event::Market(_) | Event::News(_) | Event::Report(_) | Event::Refused(_) => return,
        }
        let now = desk.now();
        let wait = exponential(self.dice.at(now), self.config.looks_per_s);
        desk.wake_at(now.after(wait), 0);
    }
}
