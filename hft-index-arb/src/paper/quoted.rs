//! A venue that prints, or quotes, a price that comes from a tape: what papers about timing need of a market, and no more.

use hft_core::models::{BookId, HalfTicks, NewOrder, News, OrderId, Price, Qty, Quote, Side, Ticks, TimeInForce};
use hft_core::trader::{Desk, Event, Strategy};

/// Trades one lot with itself at each price that it hears, so that the venue prints it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Printer(pub(super) BookId);

/// Keeps one tick on each side of the latest price.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quoter(pub(super) BookId);

/// How much the quoter shows.
const SHOWN: Qty = Qty::new(1_000_000);

/// The price of this book that was heard of.
fn heard(event: &Event, book: BookId) -> Option<Price> {
    match event {
        Event::News(News::Value { instrument, value }) if *instrument == book.instrument => Some(whole(*value)),
        Event::Start | Event::Wake(_) | Event::Market(_) | Event::News(_) | Event::Report(_) | Event::Refused(_) => {
            None
        }
    }
}

fn whole(value: HalfTicks) -> Price {
    Side::Buy.round_passive(value)
}

impl Strategy for Printer {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        let Some(price) = heard(event, self.0) else { return };
        let order = |side| NewOrder::limit(OrderId(0), self.0, side, price, Qty::new(1));
        desk.submit(order(Side::Sell));
        desk.submit(NewOrder { tif: TimeInForce::Ioc, ..order(Side::Buy) });
    }
}

impl Strategy for Quoter {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        let Some(price) = heard(event, self.0) else { return };
        // Cancelled and entered anew: the old quote of the other side is never in the way of the new one.
        for id in desk.working().iter().map(|order| order.id).collect::<Vec<_>>() {
            desk.cancel(id).expect("it works");
        }
        for side in Side::BOTH {
            let price = side.more_passive(price, Ticks::new(1)).expect("a price far from the ends");
            let Quote { price, qty } = Quote { price, qty: SHOWN };
            desk.submit(NewOrder::limit(OrderId(0), self.0, side, price, qty));
        }
    }
}
