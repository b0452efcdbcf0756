//! What every matching engine can be asked. Shell, scripts and comparison are written against [`Engine`], so that the
//! engine they judge is a type parameter.

use crate::naive::NaiveEngine;
use crate::rules::BookRules;
use hft_core::exchange::{EngineEvent, EventSink, MatchingEngine};
pub use hft_core::exchange::{LevelView, OrderState, OrderView};
use hft_core::models::{
    AccountId, BookId, InstrumentId, NewOrder, OrderId, Phase, Price, Qty, Side, Timestamp, Top, VenueId,
};

/// The one book that scripts and questions are about.
pub const BOOK: BookId = BookId { venue: VenueId(0), instrument: InstrumentId(0) };

/// A matching engine for one book. `None` for an account means "not asked" where one order is named, and "everybody"
/// where many are.
pub trait Engine {
    /// An empty book in continuous trading.
    fn open(rules: BookRules) -> Self;
    /// Enters an order.
    fn submit(&mut self, now: Timestamp, account: AccountId, order: &NewOrder, sink: &mut dyn EventSink);
    /// Changes price, total size, or both.
    fn amend(
        &mut self,
        now: Timestamp,
        account: Option<AccountId>,
        id: OrderId,
        price: Option<Price>,
        qty: Option<Qty>,
        sink: &mut dyn EventSink,
    );
    /// Cuts the open quantity.
    fn reduce(&mut self, account: Option<AccountId>, id: OrderId, by: Qty, sink: &mut dyn EventSink);
    /// Takes an order out.
    fn cancel(&mut self, account: Option<AccountId>, id: OrderId, sink: &mut dyn EventSink);
    /// Takes many out.
    fn mass_cancel(&mut self, account: Option<AccountId>, side: Option<Side>, sink: &mut dyn EventSink);
    /// Refuses new orders and amends until released.
    fn kill(&mut self, account: Option<AccountId>, sink: &mut dyn EventSink);
    /// Releases a kill.
    fn unkill(&mut self, account: Option<AccountId>);
    /// Loses the account's connection.
    fn disconnect(&mut self, account: Option<AccountId>, sink: &mut dyn EventSink);
    /// Lets time pass.
    fn advance_time(&mut self, now: Timestamp, sink: &mut dyn EventSink);
    /// Ends the session.
    fn end_session(&mut self, sink: &mut dyn EventSink);
    /// Changes the phase.
    fn set_phase(&mut self, phase: Phase, sink: &mut dyn EventSink);
    /// Runs the auction.
    fn uncross(&mut self, sink: &mut dyn EventSink) -> Option<(Price, u128)>;
    /// Best bid and ask.
    fn top(&self) -> Top;
    /// Visible total of a level.
    fn level(&self, side: Side, price: Price) -> Qty;
    /// All levels of a side, best first.
    fn levels(&self, side: Side) -> Vec<LevelView>;
    /// A level's orders in priority order, with what each has open.
    fn queue(&self, side: Side, price: Price) -> Vec<(OrderId, Qty)>;
    /// A live order.
    fn order(&self, id: OrderId) -> Option<OrderView>;
    /// Price of the last trade.
    fn last_price(&self) -> Option<Price>;
    /// The phase.
    fn phase(&self) -> Phase;
    /// How many orders live, stops included.
    fn live_orders(&self) -> usize;
}

/// A sink of known size in front of one behind a pointer, for engines that are generic over their sink.
struct Through<'a>(&'a mut dyn EventSink);

impl EventSink for Through<'_> {
    fn on_event(&mut self, seq: u64, event: EngineEvent) {
        self.0.on_event(seq, event);
    }
}

/// Implements [`Engine`] by the methods of the same names.
macro_rules! engine {
    ($type:ty) => {
        impl Engine for $type {
            fn open(rules: BookRules) -> Self {
                <$type>::new(rules)
            }
            fn submit(&mut self, now: Timestamp, account: AccountId, order: &NewOrder, sink: &mut dyn EventSink) {
                <$type>::submit(self, now, account, order, &mut Through(sink));
            }
            fn amend(
                &mut self,
                now: Timestamp,
                account: Option<AccountId>,
                id: OrderId,
                price: Option<Price>,
                qty: Option<Qty>,
                sink: &mut dyn EventSink,
            ) {
                <$type>::amend(self, now, account, id, price, qty, &mut Through(sink));
            }
            fn reduce(&mut self, account: Option<AccountId>, id: OrderId, by: Qty, sink: &mut dyn EventSink) {
                <$type>::reduce(self, account, id, by, &mut Through(sink));
            }
            fn cancel(&mut self, account: Option<AccountId>, id: OrderId, sink: &mut dyn EventSink) {
                <$type>::cancel(self, account, id, &mut Through(sink));
            }
            fn mass_cancel(&mut self, account: Option<AccountId>, side: Option<Side>, sink: &mut dyn EventSink) {
                <$type>::mass_cancel(self, account, side, &mut Through(sink));
            }
            fn kill(&mut self, account: Option<AccountId>, sink: &mut dyn EventSink) {
                <$type>::kill(self, account, &mut Through(sink));
            }
            fn unkill(&mut self, account: Option<AccountId>) {
                <$type>::unkill(self, account);
            }
            fn disconnect(&mut self, account: Option<AccountId>, sink: &mut dyn EventSink) {
                <$type>::disconnect(self, account, &mut Through(sink));
            }
            fn advance_time(&mut self, now: Timestamp, sink: &mut dyn EventSink) {
                <$type>::advance_time(self, now, &mut Through(sink));
            }
            fn end_session(&mut self, sink: &mut dyn EventSink) {
                <$type>::end_session(self, &mut Through(sink));
            }
            fn set_phase(&mut self, phase: Phase, sink: &mut dyn EventSink) {
                <$type>::set_phase(self, phase, &mut Through(sink));
            }
            fn uncross(&mut self, sink: &mut dyn EventSink) -> Option<(Price, u128)> {
                <$type>::uncross(self, &mut Through(sink))
            }
            fn top(&self) -> Top {
                <$type>::top(self)
            }
            fn level(&self, side: Side, price: Price) -> Qty {
                <$type>::level(self, side, price)
            }
            fn levels(&self, side: Side) -> Vec<LevelView> {
                <$type>::levels(self, side).into_iter().collect()
            }
            fn queue(&self, side: Side, price: Price) -> Vec<(OrderId, Qty)> {
                <$type>::queue(self, side, price).into_iter().collect()
            }
            fn order(&self, id: OrderId) -> Option<OrderView> {
                <$type>::order(self, id)
            }
            fn last_price(&self) -> Option<Price> {
                <$type>::last_price(self)
            }
            fn phase(&self) -> Phase {
                <$type>::phase(self)
            }
            fn live_orders(&self) -> usize {
                <$type>::live_orders(self)
            }
        }
    };
}

engine!(NaiveEngine);
engine!(MatchingEngine);
