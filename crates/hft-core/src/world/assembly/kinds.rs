//! What one kind of world has and the other has not.

use super::{Replayed, Simulated, World, WorldError, index};
use crate::exchange::{Depth, Feed};
use crate::models::{AccountId, BookId};
use crate::trader::{SimulatedStrategy, Trader};
use crate::world::{Channel, Latency, TraderId};

impl World<Replayed> {
    /// Lets a trader play recorded history into a book: without latency, and told of the orders of others alone. Its account has
    /// no marks, for history has no profit to watch. No market that is made up has such a participant.
    ///
    /// ```
    /// use hft_core::prelude::*;
    /// use hft_core::world::Replayed;
    /// /// What was recorded: an order, a second after the start.
    /// struct History(BookId);
    /// impl Strategy for History {
    ///     fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
    ///         match event {
    ///             Event::Start => desk.wake_at(Timestamp::new(1_000_000_000), 0),
    ///             Event::Wake(_) => {
    ///                 desk.submit(NewOrder::limit(OrderId(0), self.0, Side::Buy, Price::new(9_999), Qty::new(5)));
    ///             }
    ///             Event::Market(_) | Event::News(_) | Event::Report(_) | Event::Refused(_) => {}
    ///         }
    ///     }
    /// }
    /// let mut world = World::<Replayed>::new(7);
    /// let venue = world.venue("XNAS", VenueConfig::default())?;
    /// let x = Instrument::new("X", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
    /// let book = world.list(venue, x, BookRules::default(), Price::new(10_000))?;
    /// let account = world.account("history", Limits::default())?;
    /// let history = world.trader("recording", account, History(book))?;
    /// world.play(history, book)?;
    /// let ran = world.lockstep().run(Timestamp::new(2_000_000_000));
    /// assert_eq!(ran.stats.orders, 3, "asked, approved, and cancelled at the end");
    /// # Ok::<(), anyhow::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the wiring cannot be.
    pub fn play(&mut self, trader: TraderId, book: BookId) -> Result<(), WorldError> {
        let account = self.traders[index(trader.0)].account;
        self.route(account, book, Latency::NONE, Latency::NONE, None)?;
        let (venue, node) = (self.venues[usize::from(book.venue.0)], self.traders[index(trader.0)].node);
        let link = self.wiring.link(venue, node, Channel::Data, Latency::NONE)?;
        self.subscribe(book, link, Feed::every_change(Depth::Others(trader.0)));
        Ok(())
    }
}

impl World<Simulated> {
    /// Seats a strategy that may exist in a simulation only.
    ///
    /// # Errors
    /// When another node has the name.
    pub fn simulated_trader(
        &mut self,
        name: &str,
        account: AccountId,
        strategy: impl SimulatedStrategy + 'static,
    ) -> Result<TraderId, WorldError> {
        let thoughts = self.stream(&format!("think/{name}"));
        self.seat(name, account, |id, link| Trader::simulated(id, Box::new(strategy), link, thoughts))
    }
}
