//! Informed takers: they hear the fundamental value and take quotes that are off it. They are why a maker who quotes
//! too tightly loses (Glosten and Milgrom 1985).

use super::{Dice, at_least_one, exponential};
use crate::models::{BookId, HalfTicks, NewOrder, News, OrderId, Qty, Side, TimeInForce};
use crate::trader::{Desk, Event, Strategy};
use serde::{Deserialize, Serialize};

/// When the informed act, and how much they take.
///
/// Example: [`CrowdConfig`](super::CrowdConfig).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InformedConfig {
    /// How far a quote must be off the value to be taken, in half ticks; every level that is, they take.
    pub edge_half_ticks: i64,
    /// Mean size, in lots (at least one).
    pub mean_size: f64,
}

impl Default for InformedConfig {
    fn default() -> Self {
        Self { edge_half_ticks: 2, mean_size: 6.0 }
    }
}

/// A stream of informed takers in one book.
///
/// Example: [`CrowdConfig`](super::CrowdConfig).
#[derive(Debug)]
pub struct InformedTrader {
    config: InformedConfig,
    arrivals_per_s: f64,
    book: BookId,
    value: Option<HalfTicks>,
    dice: Dice,
}

impl InformedTrader {
    /// Takers of one book, so many arrivals a second (who arrives without an edge does nothing). Its trader must be
    /// subscribed to the tape that tells the value.
    pub fn new(config: InformedConfig, arrivals_per_s: f64, book: BookId, dice: impl Into<Dice>) -> Self {
        Self { config, arrivals_per_s, book, value: None, dice: dice.into() }
    }

    fn hear(&mut self, news: &News) {
        match news {
            News::Value { instrument, value } if *instrument == self.book.instrument => self.value = Some(*value),
            News::Value { .. } | News::Headline { .. } => {}
        }
    }

    fn act(&mut self, desk: &mut Desk<'_>) {
        let qty = Qty::new(at_least_one(self.dice.at(desk.now()), self.config.mean_size));
        let (Some(value), Some(view)) = (self.value, desk.view(self.book)) else { return };
        for side in Side::BOTH {
            let Some(quote) = view.best(side.opposite()) else { continue };
            // The worst price that still leaves the edge, seen from this side.
            let worst = value.count() - i128::from(self.config.edge_half_ticks) * i128::from(side.sign());
            let limit = side.round_passive(HalfTicks::new(worst));
            if side.accepts(limit, quote.price) {
                let take = NewOrder::limit(OrderId(0), self.book, side, limit, qty);
                desk.submit(NewOrder { tif: TimeInForce::Ioc, ..take });
                return;
            }
        }
    }
}

impl Strategy for InformedTrader {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => {}
            Event::Wake(_) => self.act(desk),
            Event::News(news) => return self.hear(news),
            Event::Market(_) | Event::Report(_) | Event::Refused(_) => return,
        }
        let now = desk.now();
        let wait = exponential(self.dice.at(now), self.arrivals_per_s);
        desk.wake_at(now.after(wait), 0);
    }
}
