//! Orders of one unit on the matching engine, which is all that the models of the papers have.

use hft_core::exchange::{BookRules, EngineEvent, MatchingEngine};
use hft_core::models::{AccountId, BookId, InstrumentId, NewOrder, OrderId, Price, Qty, Side, Timestamp, Top, VenueId};

const BOOK: BookId = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
const CROWD: AccountId = AccountId(0);
const UNIT: Qty = Qty::new(1);

/// One engine that knows no time and one anonymous crowd.
pub struct UnitOrders {
    engine: MatchingEngine,
    next: OrderId,
}

fn deaf(_: u64, _: EngineEvent) {}

impl UnitOrders {
    /// An empty book.
    pub fn new() -> Self {
        Self { engine: MatchingEngine::new(BookRules::default()), next: OrderId(0) }
    }

    /// A limit order at this price, ticks.
    pub fn limit(&mut self, side: Side, price: i64) -> OrderId {
        self.next = self.next.next();
        let order = NewOrder::limit(self.next, BOOK, side, Price::new(price), UNIT);
        self.engine.submit(Timestamp::START, CROWD, &order, &mut deaf);
        self.next
    }

    /// A market order; whom it met.
    pub fn market(&mut self, side: Side) -> Option<OrderId> {
        self.next = self.next.next();
        let mut met = None;
        let mut sink = |_: u64, event: EngineEvent| {
            if let EngineEvent::Trade { maker, .. } = event {
                met = Some(maker.order);
            }
        };
        self.engine.submit(Timestamp::START, CROWD, &NewOrder::market(self.next, BOOK, side, UNIT), &mut sink);
        met
    }

    /// Takes an order out.
    pub fn cancel(&mut self, id: OrderId) {
        self.engine.cancel(None, id, &mut deaf);
    }

    /// The best prices.
    pub fn top(&self) -> Top {
        self.engine.top()
    }
}

impl Default for UnitOrders {
    fn default() -> Self {
        Self::new()
    }
}
