//! How the workload is given to the matching engine, and how its answers are consumed.

use super::{Action, Message, Side, Tally};
use hft_core::exchange::{EngineEvent, EventSink, MatchingEngine};
use hft_core::models::{self, AccountId, BookId, InstrumentId, NewOrder, OrderId, Price, Qty, Timestamp, VenueId};

const BOOK: BookId = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
const NOW: Timestamp = Timestamp::START;

/// Consumes every event: counts trades, and folds the rest so that nothing is optimised away.
#[derive(Default)]
pub struct Listener {
    pub tally: Tally,
    pub fold: u64,
}

impl EventSink for Listener {
    #[inline]
    fn on_event(&mut self, seq: u64, event: EngineEvent) {
        let part = match event {
            EngineEvent::Trade { qty, maker, .. } => {
                self.tally.trades += 1;
                self.tally.quantity += qty.lots().unsigned_abs();
                maker.order.0
            }
            EngineEvent::Level { price, qty, .. } => (price.ticks() ^ qty.lots()).cast_unsigned(),
            EngineEvent::Rested { order, .. }
            | EngineEvent::Resized { order, .. }
            | EngineEvent::Removed { order }
            | EngineEvent::Accepted { order, .. }
            | EngineEvent::Canceled { order, .. }
            | EngineEvent::Replaced { order, .. } => order.0,
            EngineEvent::Rejected { .. }
            | EngineEvent::CommandRejected { .. }
            | EngineEvent::Prevented { .. }
            | EngineEvent::Triggered { .. }
            | EngineEvent::Phase(_) => panic!("nothing of the kind is in this workload: {event:?}"),
        };
        self.fold = self.fold.rotate_left(7) ^ part ^ seq;
    }
}

#[inline(always)]
pub fn give(engine: &mut MatchingEngine, message: Message, listener: &mut Listener) {
    let id = OrderId(message.id);
    match message.action {
        Action::Limit { side, owner, price, qty } => {
            let side = match side {
                Side::Buy => models::Side::Buy,
                Side::Sell => models::Side::Sell,
            };
            let order = NewOrder::limit(id, BOOK, side, Price::new(i64::from(price)), Qty::new(i64::from(qty)));
            engine.submit(NOW, AccountId(u32::from(owner)), &order, listener);
        }
        Action::Cancel => engine.cancel(None, id, listener),
        Action::Reduce { by, .. } => engine.reduce(None, id, Qty::new(i64::from(by)), listener),
    }
}
