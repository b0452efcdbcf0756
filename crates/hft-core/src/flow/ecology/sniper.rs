//! Snipers: they hear the value first, and take whatever has not moved yet, at once (Budish, Cramton & Shim 2015).

use crate::models::{BookId, HalfTicks, NewOrder, News, OrderId, Qty, Side, TimeInForce};
use crate::trader::{Desk, Event, Strategy};

/// How a sniper takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct SniperConfig {
    /// How far a quote must be off the value, half ticks.
    pub(super) edge: i64,
    /// The largest take, lots.
    pub(super) size: i64,
    /// The largest position, lots.
    pub(super) limit: i64,
}

/// One sniper in one book.
#[derive(Debug)]
pub(super) struct Sniper {
    config: SniperConfig,
    book: BookId,
    value: Option<HalfTicks>,
}

impl Sniper {
    pub(super) const fn new(config: SniperConfig, book: BookId) -> Self {
        Self { config, book, value: None }
    }

    fn snipe(&self, desk: &mut Desk<'_>) {
        let (Some(value), Some(view)) = (self.value, desk.view(self.book)) else { return };
        let top = view.top();
        let position = desk.position(self.book.instrument).count();
        for side in Side::BOTH {
            let Some(quote) = top.side(side.opposite()) else { continue };
            let worst = value.count() - i128::from(self.config.edge) * i128::from(side.sign());
            let limit = side.round_passive(HalfTicks::new(worst));
            let room = self.config.limit - position * side.sign();
            if side.accepts(limit, quote.price) && room > 0 {
                let take = NewOrder::limit(OrderId(0), self.book, side, limit, Qty::new(self.config.size.min(room)));
                desk.submit(NewOrder { tif: TimeInForce::Ioc, ..take });
                return;
            }
        }
    }
}

impl Strategy for Sniper {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::News(News::Value { instrument, value }) if *instrument == self.book.instrument => {
                self.value = Some(*value);
            }
            Event::Market(_) => {}
            Event::Start | Event::Wake(_) | Event::News(_) | Event::Report(_) | Event::Refused(_) => return,
        }
        // One shot at a time: until it is answered, the quote may be gone already.
        if desk.working().is_empty() {
            self.snipe(desk);
        }
    }
}
