//! What the engines of a run say, told as the events of a recording: the way out of our market for every tool that reads
//! recordings, our own statistics among them.
//!
//! Invariant: the book that follows the events is the engine's visible book after every delivery.
//!
//! | the engine says | the recording says |
//! |---|---|
//! | an order, or an iceberg's next slice, rests | `add` |
//! | a trade, then what it left of the maker | `execute`; what traded of it unseen: `hidden_trade` |
//! | an auction's trade | `execute` of both orders, unprinted, and one `trade` of the auction |
//! | an order shows less, or goes, without a trade | `reduce`, `delete` |
//! | a phase | `status` |
//!
//! Left out: orders that never rest, and whose they are. A recording knows orders, not people.

use hft_core::exchange::EngineEvent;
use hft_core::models::{BookId, OrderId, Phase, Price, Qty, Side, Timestamp};
use hft_core::world::{Directory, Node, NodeId, Observer};
use hft_data::{Body, Event, Flags, InstrumentIndex, Instruments, ObservedBook, OrderRef, Status, UnixNanos};

/// Writes down a world whose events are [kept](hft_core::world::World::keep_events).
#[derive(Debug)]
pub struct Transcript<F> {
    books: Vec<Told>,
    instruments: Instruments,
    begins: UnixNanos,
    sink: F,
}

/// One book, as it was told so far.
#[derive(Debug)]
struct Told {
    id: BookId,
    index: InstrumentIndex,
    book: ObservedBook,
    /// Trades whose makers' new sizes are not told yet.
    trades: Vec<Traded>,
    events: Vec<Event>,
    is_auction: bool,
}

#[derive(Clone, Copy, Debug)]
struct Traded {
    order: OrderId,
    price: Price,
    qty: Qty,
    /// Nobody, in an auction.
    aggressor: Option<Side>,
}

impl<F: FnMut(&Event, &Instruments) -> anyhow::Result<()>> Transcript<F> {
    /// Tells everything that happens in these books to `sink`; the world's time 0 is `begins`. A symbol that is listed at several
    /// venues is named with its venue.
    ///
    /// # Errors
    /// When a name is too long to stand in a recording.
    pub fn new(who: &Directory, begins: UnixNanos, sink: F) -> anyhow::Result<Self> {
        let mut instruments = Instruments::default();
        let mut books = Vec::new();
        for listing in who.listings() {
            let symbol = listing.instrument.symbol();
            let is_alone = who.listings().iter().filter(|other| other.instrument.symbol() == symbol).count() == 1;
            let name = if is_alone { symbol.to_owned() } else { format!("{symbol}@{}", who.venue(listing.book.venue)) };
            let (price_step, qty_step) = (listing.instrument.tick_size(), listing.instrument.lot_size());
            let index = instruments
                .index_of(&name, price_step, qty_step)
                .ok_or_else(|| anyhow::anyhow!("the name {name} is too long for a recording"))?;
            instruments.set_multiplier(index, listing.instrument.multiplier());
            books.push(Told::new(listing.book, index));
        }
        Ok(Self { books, instruments, begins, sink })
    }

    /// What is told of.
    pub const fn instruments(&self) -> &Instruments {
        &self.instruments
    }

    /// A book as it was told.
    pub fn book(&self, id: BookId) -> Option<&ObservedBook> {
        self.books.iter().find(|told| told.id == id).map(|told| &told.book)
    }

    /// What was told to.
    pub fn into_sink(self) -> F {
        self.sink
    }
}

impl<F: FnMut(&Event, &Instruments) -> anyhow::Result<()>> Observer<Node> for Transcript<F> {
    fn after(&mut self, now: Timestamp, node: NodeId, nodes: &[Node]) -> anyhow::Result<()> {
        let Some(venue) = nodes[usize::try_from(node.0).expect("node ids index memory")].as_venue() else {
            return Ok(());
        };
        let time = self.begins.plus(now.nanos()).ok_or_else(|| anyhow::anyhow!("the run ends after the year 2554"))?;
        for (id, said) in venue.events().filter(|(_, said)| !said.is_empty()) {
            let told = self.books.iter_mut().find(|told| told.id == id).expect("every book of the world is told of");
            told.hear(time, said);
            for event in &told.events {
                (self.sink)(event, &self.instruments)?;
            }
        }
        Ok(())
    }
}

impl Told {
    fn new(id: BookId, index: InstrumentIndex) -> Self {
        let (trades, events) = (Vec::new(), Vec::new());
        Self { id, index, book: ObservedBook::default(), trades, events, is_auction: false }
    }

    /// Everything that one delivery made the engine say.
    fn hear(&mut self, time: UnixNanos, said: &[EngineEvent]) {
        self.events.clear();
        self.is_auction = false;
        for event in said {
            self.one(time, event);
        }
        // What is left traded out of sight: the maker shows what it showed before.
        for Traded { order, price, qty, aggressor } in std::mem::take(&mut self.trades) {
            if aggressor.is_some() {
                self.tell(time, Body::HiddenTrade { order: OrderRef(order.0), price, qty, aggressor });
            }
        }
        // Between the two halves of an auction's trade the book is crossed; between trades in turn it never is.
        if self.is_auction {
            let last = self.events.len() - 1;
            for (at, event) in self.events.iter_mut().enumerate() {
                let known = event.flags.bits() & !Flags::LAST.bits();
                let flags = Flags::from_bits(known).expect("a part of what it was");
                event.flags = if at == last { flags.and(Flags::LAST) } else { flags };
            }
        }
    }

    fn one(&mut self, time: UnixNanos, event: &EngineEvent) {
        match *event {
            EngineEvent::Rested { order, side, price, visible } => {
                self.tell(time, Body::Add { order: OrderRef(order.0), side, price, qty: visible });
            }
            EngineEvent::Trade { trade, price, qty, maker, taker, aggressor, .. } => {
                self.trades.push(Traded { order: maker.order, price, qty, aggressor });
                if aggressor.is_none() {
                    self.is_auction = true;
                    self.trades.push(Traded { order: taker.order, price, qty, aggressor });
                    let body = Body::Trade { id: trade.0, price, qty, aggressor };
                    self.events.push(Event::at(time, self.index, body).flagged(Flags::CROSS.and(Flags::LAST)));
                }
            }
            EngineEvent::Resized { order, visible } => self.shows(time, order, visible),
            EngineEvent::Removed { order } => self.shows(time, order, Qty::ZERO),
            EngineEvent::Phase(phase) => {
                let status = match phase {
                    Phase::Continuous => Status::Trading,
                    Phase::Auction => Status::PreOpen,
                    Phase::Halt => Status::Halt,
                };
                self.tell(time, Body::Status(status));
            }
            EngineEvent::Accepted { .. }
            | EngineEvent::Rejected { .. }
            | EngineEvent::CommandRejected { .. }
            | EngineEvent::Prevented { .. }
            | EngineEvent::Replaced { .. }
            | EngineEvent::Triggered { .. }
            | EngineEvent::Canceled { .. }
            | EngineEvent::Level { .. } => {}
        }
    }

    /// An order shows so much from now on, because it traded or because it was changed.
    fn shows(&mut self, time: UnixNanos, id: OrderId, visible: Qty) {
        let order = OrderRef(id.0);
        let (at, shown) = self.book.order(order).expect("what changes size had been told to rest");
        let resting = Some(at);
        assert!(visible <= shown, "an order that keeps its place shows no more than before");
        let mut open = shown;
        while let Some(which) = self.trades.iter().position(|traded| traded.order == id) {
            let Traded { price, qty, aggressor, .. } = self.trades.remove(which);
            let seen = qty.min(open - visible);
            if seen.is_positive() {
                let execute = Event::at(time, self.index, Body::Execute { order, qty: seen, resting });
                let auction = Flags::LAST.and(Flags::UNPRINTED).and(Flags::CROSS);
                self.push(if aggressor.is_none() { execute.flagged(auction) } else { execute });
                open -= seen;
            }
            if qty > seen && aggressor.is_some() {
                self.tell(time, Body::HiddenTrade { order, price, qty: qty - seen, aggressor });
            }
        }
        let rest = open - visible;
        if rest.is_positive() {
            self.tell(
                time,
                if visible.is_zero() {
                    Body::Delete { order, qty: rest, resting }
                } else {
                    Body::Reduce { order, by: rest, resting }
                },
            );
        }
    }

    fn tell(&mut self, time: UnixNanos, body: Body) {
        self.push(Event::at(time, self.index, body));
    }

    fn push(&mut self, event: Event) {
        self.book.apply(&event).expect("an engine's events fit the book that they make");
        self.events.push(event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hft_core::exchange::{BookRules, MatchingEngine};
    use hft_core::models::{AccountId, InstrumentId, NewOrder, TimeInForce, VenueId};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    const BOOK: BookId = BookId { venue: VenueId(0), instrument: InstrumentId(0) };

    /// Any command a stranger could send: plain, iceberg, immediate; amends, reductions, cancels; auctions now and then.
    fn command(
        rng: &mut ChaCha8Rng,
        now: Timestamp,
        engine: &mut MatchingEngine,
        sink: &mut impl FnMut(u64, EngineEvent),
    ) {
        let account = AccountId(rng.random_range(0..3));
        let id = OrderId(rng.random_range(1..400));
        let side = if rng.random::<bool>() { Side::Buy } else { Side::Sell };
        let (price, qty) = (Price::new(rng.random_range(95..105)), Qty::new(rng.random_range(1..60)));
        match rng.random_range(0..100) {
            0..60 => {
                let plain = NewOrder::limit(id, BOOK, side, price, qty);
                let display = (rng.random_range(0..3) == 0).then(|| Qty::new(rng.random_range(1..=qty.lots().min(9))));
                let tif = if rng.random_range(0..4) == 0 { TimeInForce::Ioc } else { plain.tif };
                engine.submit(now, account, &NewOrder { display, tif, ..plain }, sink);
            }
            60..75 => engine.amend(now, None, id, Some(price), Some(qty), sink),
            75..85 => engine.reduce(None, id, Qty::new(rng.random_range(1..10)), sink),
            85..96 => engine.cancel(None, id, sink),
            96 => engine.set_phase(Phase::Auction, sink),
            97 => {
                engine.cross(sink);
            }
            _ => engine.set_phase(Phase::Continuous, sink),
        }
    }

    #[test]
    fn the_book_that_follows_the_events_is_the_engines_book() {
        let mut rng = ChaCha8Rng::seed_from_u64(20_120_621);
        let mut engine = MatchingEngine::new(BookRules::default());
        let mut told = Told::new(BOOK, InstrumentIndex(0));
        let mut followed = ObservedBook::default();
        let mut kinds = [0u32; Body::KINDS.len()];
        for step in 1..=60_000 {
            let mut said = Vec::new();
            let now = Timestamp::new(step);
            command(&mut rng, now, &mut engine, &mut |_, event| said.push(event));
            told.hear(UnixNanos::new(step), &said);
            for event in &told.events {
                kinds[event.body.kind()] += 1;
                followed.apply(event).expect("events fit the book that they make");
                let looks = event.flags.has(Flags::LAST) && !told.is_auction && engine.phase() == Phase::Continuous;
                assert!(!looks || !followed.is_crossed(), "step {step}: {event:?}");
            }
            for side in Side::BOTH {
                let engines = engine.levels(side).map(|level| (level.price, level.visible));
                let ours = followed.levels(side).map(|level| (level.price, level.qty.lots().unsigned_abs().into()));
                assert!(engines.eq(ours), "step {step}, {said:?}");
            }
        }
        for (kind, least) in [("add", 10_000), ("reduce", 100), ("delete", 1_000), ("execute", 10_000)] {
            let at = Body::KINDS.iter().position(|name| *name == kind).expect("a kind");
            assert!(kinds[at] >= least, "{} of {kind}", kinds[at]);
        }
    }

    /// A vast order against thin slices is told in one trade an order: what shows of it is an execution, the rest is hidden.
    #[test]
    fn what_trades_out_of_sight_is_a_hidden_trade() {
        let mut engine = MatchingEngine::new(BookRules::default());
        let mut told = Told::new(BOOK, InstrumentIndex(0));
        let order = |id, side, qty| NewOrder::limit(OrderId(id), BOOK, side, Price::new(100), Qty::new(qty));
        let iceberg = |id| NewOrder { display: Some(Qty::new(1)), ..order(id, Side::Sell, 5_000) };
        let taker = NewOrder { tif: TimeInForce::Ioc, ..order(3, Side::Buy, 6_000) };
        let (mut volume, mut hidden) = (0, 0);
        for (account, order) in [(1, iceberg(1)), (2, iceberg(2)), (3, taker)] {
            let mut said = Vec::new();
            engine.submit(Timestamp::START, AccountId(account), &order, &mut |_, event| said.push(event));
            told.hear(UnixNanos::new(1), &said);
            for event in &told.events {
                if let Body::Execute { qty, .. } | Body::HiddenTrade { qty, .. } = event.body {
                    volume += qty.lots();
                    hidden += u32::from(matches!(event.body, Body::HiddenTrade { .. }));
                }
            }
        }
        assert_eq!((volume, hidden), (6_000, 2));
        let shown: Vec<_> = told.book.levels(Side::Sell).map(|level| level.qty.lots()).collect();
        assert_eq!(shown, [2], "a slice of each");
    }
}
