//! Putting a world together: it reads like the wiring diagram.
//!
//! Invariant: the kind of a world is a type. Strategies that may only exist in a simulation are accepted by
//! `World<Simulated>` alone; `World<Replayed>` has no method that takes one:
//!
//! ```compile_fail,E0599
//! use hft_core::risk::Limits;
//! use hft_core::trader::{Desk, Event, SimulatedOnly, SimulatedStrategy};
//! use hft_core::world::{Replayed, World};
//! struct Spoofer;
//! impl SimulatedStrategy for Spoofer {
//!     fn on_event(&mut self, _: &Event, _: &mut Desk<'_>, _: &SimulatedOnly) {}
//! }
//! let mut history = World::<Replayed>::new(1);
//! let desk = history.account("desk", Limits::default()).unwrap();
//! history.simulated_trader("spoofer", desk, Spoofer).unwrap(); // no such method
//! ```

mod kinds;
mod seats;

use super::directory::Directory;
use super::latency::Latency;
use super::link::{Wiring, WiringError};
use super::lockstep::Lockstep;
use super::message::{Channel, LinkId, NodeId, TraderId};
use super::node::Node;
use super::stream::stream;
use crate::account::{Account, Blotter, FillLog, Listing};
use crate::exchange::{BookRules, Depth, Feed, Venue, VenueConfig};
use crate::flow::Tape;
use crate::models::{AccountId, BookId, Instrument, InstrumentId, Nanos, News, Price, Timestamp, VenueId};
use crate::risk::{Limits, RiskGate};
use crate::trader::{Strategy, ThinkTime, Trader};
use rand_chacha::ChaCha8Rng;
pub(super) use seats::index;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;
use std::sync::Arc;

/// The kind of a world whose whole market is made up: strategies that may only exist in a simulation may exist here.
///
/// Example: [`World`].
#[derive(Debug)]
pub enum Simulated {}

/// The kind of a world in which recorded history trades.
///
/// Example: [`World`].
#[derive(Debug)]
pub enum Replayed {}

/// Why a world cannot be put together like this.
///
/// Example: [`World`].
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WorldError {
    /// A name that is taken, or a latency out of range.
    #[error(transparent)]
    Wiring(#[from] WiringError),
    /// One symbol must be one contract.
    #[error(
        "{0} is listed elsewhere with another lot size, multiplier or currency: positions in it could not be added up"
    )]
    OtherContract(String),
    /// A market whose numbers contradict each other.
    #[error("the market: {0}")]
    Flow(#[from] crate::flow::FlowError),
    /// An account is to be watched, and nobody is there to watch it.
    #[error("the world has no blotter to watch the account")]
    NoBlotter,
}

/// The three latencies of a connection between a trader's side and a venue, and what it is told.
///
/// Example: [`World`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// From the account to the venue's gateway.
    pub orders: Latency,
    /// From the venue back to the account.
    pub reports: Latency,
    /// From the venue to the trader's view, and to the account's marks.
    pub data: Latency,
    /// What of the book the trader is told.
    pub feed: Feed,
}

/// A world under assembly.
///
/// ```
/// use hft_core::prelude::*;
/// let mut world = World::<Simulated>::new(7);
/// let xsim = world.venue("XSIM", VenueConfig::default())?;
/// let x = Instrument::new("X", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
/// let book = world.list(xsim, x, BookRules::default(), Price::new(10_000))?;
/// let desk = world.account("desk", Limits::default())?;
/// let maker = world.trader("maker", desk, CompetingMaker::new(MakerConfig::default(), book))?;
/// world.connect(maker, book, Connection::symmetric(Nanos::from_micros(100), Feed::every_change(Depth::Levels(5))))?;
/// let ran = world.lockstep().run(Timestamp::new(1_000_000_000));
/// ran.outcome?;
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Debug)]
pub struct World<K> {
    seed: u64,
    wiring: Wiring,
    nodes: Vec<Node>,
    /// One contract per instrument id.
    symbols: Vec<Arc<Instrument>>,
    listings: Vec<Listing>,
    venues: Vec<NodeId>,
    accounts: Vec<AccountSeat>,
    traders: Vec<TraderSeat>,
    blotter: Option<NodeId>,
    drop_copies: Vec<(VenueId, LinkId)>,
    /// Books whose midpoints the blotter hears.
    watched: Vec<BookId>,
    kind: PhantomData<K>,
}

#[derive(Debug)]
struct AccountSeat {
    node: NodeId,
    routes: Vec<VenueId>,
    books: Vec<BookId>,
}

#[derive(Debug)]
struct TraderSeat {
    node: NodeId,
    account: AccountId,
}

impl Connection {
    /// The same constant latency each way.
    pub fn symmetric(latency: Nanos, feed: Feed) -> Self {
        let latency = Latency::constant(latency);
        Self { orders: latency.clone(), reports: latency.clone(), data: latency, feed }
    }
}

impl<K> World<K> {
    /// An empty world. Everything random in it comes from `seed`, by named streams.
    pub const fn new(seed: u64) -> Self {
        Self {
            seed,
            wiring: Wiring::new(seed),
            nodes: Vec::new(),
            symbols: Vec::new(),
            listings: Vec::new(),
            venues: Vec::new(),
            accounts: Vec::new(),
            traders: Vec::new(),
            blotter: None,
            drop_copies: Vec::new(),
            watched: Vec::new(),
            kind: PhantomData,
        }
    }

    /// What all randomness comes from.
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// The random stream of this name: for a strategy that draws.
    pub fn stream(&self, name: &str) -> ChaCha8Rng {
        stream(self.seed, name)
    }

    /// Opens an exchange.
    ///
    /// # Errors
    /// When another node has the name.
    pub fn venue(&mut self, name: &str, config: VenueConfig) -> Result<VenueId, WorldError> {
        let id = VenueId(u16::try_from(self.venues.len()).expect("fewer than 65,536 venues"));
        let node = self.add(name, Node::Venue(Box::new(Venue::new(id, config))))?;
        self.venues.push(node);
        Ok(id)
    }

    /// Lists a contract at an exchange; `initial` is what counts as its midpoint before there is one. The same symbol at
    /// several venues is one instrument: positions in it are fungible, fees and ticks may differ.
    ///
    /// # Errors
    /// When the symbol is listed elsewhere with another lot size, multiplier or currency.
    pub fn list(
        &mut self,
        venue: VenueId,
        instrument: Instrument,
        rules: BookRules,
        initial: Price,
    ) -> Result<BookId, WorldError> {
        let contract = |i: &Instrument| (i.lot_size(), i.multiplier(), i.currency().to_owned());
        let known = self.symbols.iter().position(|other| other.symbol() == instrument.symbol());
        if known.is_some_and(|known| contract(&self.symbols[known]) != contract(&instrument)) {
            return Err(WorldError::OtherContract(instrument.symbol().to_owned()));
        }
        let instrument = Arc::new(instrument);
        let id = known.unwrap_or_else(|| {
            self.symbols.push(Arc::clone(&instrument));
            self.symbols.len() - 1
        });
        let id = InstrumentId(u16::try_from(id).expect("fewer than 65,536 instruments"));
        let book = BookId { venue, instrument: id };
        self.venue_mut(venue).list(id, Arc::clone(&instrument), rules, initial.half_ticks());
        self.listings.push(Listing { book, instrument });
        Ok(book)
    }

    /// Opens an account with its risk gate.
    ///
    /// # Errors
    /// When another node has the name.
    pub fn account(&mut self, name: &str, limits: Limits) -> Result<AccountId, WorldError> {
        let id = AccountId(u32::try_from(self.accounts.len()).expect("fewer than 2^32 accounts"));
        let node = self.add(name, Node::Account(Box::new(Account::new(RiskGate::new(id, limits, &[]), &[]))))?;
        self.accounts.push(AccountSeat { node, routes: Vec::new(), books: Vec::new() });
        Ok(id)
    }

    /// Seats a strategy at an account.
    ///
    /// # Errors
    /// When another node has the name.
    pub fn trader(
        &mut self,
        name: &str,
        account: AccountId,
        strategy: impl Strategy + 'static,
    ) -> Result<TraderId, WorldError> {
        let thoughts = self.stream(&format!("think/{name}"));
        self.seat(name, account, |id, link| Trader::new(id, Box::new(strategy), link, thoughts))
    }

    /// Makes a strategy's decisions take time.
    pub fn think(&mut self, trader: TraderId, time: ThinkTime) {
        self.trader_mut(trader).set_think_time(time);
    }

    /// Connects a trader, and its account, to a book: orders and reports between account and venue (the first connection of an
    /// account to a venue sets their latencies), the book's touch to the account, and the feed to the trader.
    ///
    /// # Errors
    /// When a latency is out of range.
    pub fn connect(&mut self, trader: TraderId, book: BookId, connection: Connection) -> Result<(), WorldError> {
        let Connection { orders, reports, data, feed } = connection;
        let account = self.traders[index(trader.0)].account;
        self.route(account, book, orders, reports, Some(&data))?;
        let (venue, node) = (self.venues[usize::from(book.venue.0)], self.traders[index(trader.0)].node);
        let link = self.wiring.link(venue, node, Channel::Data, data)?;
        self.subscribe(book, link, feed);
        if let Depth::Levels(depth) = feed.depth {
            self.trader_mut(trader).watch(book, depth);
        } else if feed.depth == Depth::Top {
            self.trader_mut(trader).watch(book, 1);
        }
        Ok(())
    }

    /// Adds a tape.
    ///
    /// # Errors
    /// When another node has the name.
    pub fn tape(
        &mut self,
        name: &str,
        items: impl Iterator<Item = (Timestamp, News)> + Send + 'static,
    ) -> Result<NodeId, WorldError> {
        self.add(name, Node::Tape(Box::new(Tape::new(items))))
    }

    /// Lets a trader hear a tape.
    ///
    /// # Errors
    /// When the latency is out of range.
    ///
    /// # Panics
    /// When `tape` is not a tape of this world.
    pub fn inform(&mut self, trader: TraderId, tape: NodeId, latency: Latency) -> Result<(), WorldError> {
        let link = self.wiring.link(tape, self.traders[index(trader.0)].node, Channel::Data, latency)?;
        let Node::Tape(tape) = &mut self.nodes[index(tape.0)] else { panic!("{tape:?} is no tape") };
        tape.subscribe(link);
        Ok(())
    }

    /// Adds the blotter: the log of every watched account, the reconciliation with the venues' drop copies, and the
    /// attribution of profit with adverse selection measured at `horizon`.
    ///
    /// # Errors
    /// When the world has one already.
    pub fn blotter(&mut self, log: impl FillLog + 'static, horizon: Nanos) -> Result<(), WorldError> {
        let node = self.add("blotter", Node::Blotter(Box::new(Blotter::new(Box::new(log), horizon))))?;
        self.blotter = Some(node);
        Ok(())
    }

    /// Lets the blotter watch an account. Call it after the account's traders are connected.
    ///
    /// # Errors
    /// When the world has no blotter.
    pub fn watch(&mut self, account: AccountId) -> Result<(), WorldError> {
        let blotter = self.blotter.ok_or(WorldError::NoBlotter)?;
        let seat = &self.accounts[index(account.0)];
        let (node, routes, books) = (seat.node, seat.routes.clone(), seat.books.clone());
        let records = self.wiring.link(node, blotter, Channel::Reports, Latency::NONE)?;
        self.account_mut(account).connect_blotter(records);
        for venue in routes {
            let line = self.drop_copy(venue, blotter)?;
            self.venue_mut(venue).watch_account(account, line);
            for &book in books.iter().filter(|book| book.venue == venue) {
                if !self.watched.contains(&book) {
                    self.watched.push(book);
                    self.subscribe(book, line, Feed::every_change(Depth::Top));
                }
            }
        }
        let listings: Vec<_> = books.iter().map(|&book| self.listing(book)).collect();
        let Node::Blotter(blotter) = &mut self.nodes[index(blotter.0)] else { unreachable!("the blotter is one") };
        blotter.watch(account, &listings);
        Ok(())
    }

    /// Keeps, at every venue, who took money from whom: see [`Truth`](crate::account::Truth). Call it when everything is listed.
    pub fn keep_truth(&mut self) {
        self.each_venue(Venue::keep_truth);
    }

    /// Keeps what every engine says, so that an observer can write it down: see [`Venue::events`]. The run is the same.
    pub fn keep_events(&mut self) {
        self.each_venue(Venue::keep_events);
    }

    fn each_venue(&mut self, act: impl Fn(&mut Venue)) {
        for node in &mut self.nodes {
            if let Node::Venue(venue) = node {
                act(venue);
            }
        }
    }

    /// The names of all nodes, in node order: what a journal's header holds.
    pub fn node_names(&self) -> impl Iterator<Item = &str> {
        self.wiring.names()
    }

    /// The books that an account trades, in the order in which it was connected to them.
    pub fn books_of(&self, account: AccountId) -> Vec<Listing> {
        self.accounts[index(account.0)].books.iter().map(|&book| self.listing(book)).collect()
    }

    /// Who is who: the names behind the numbers that records carry.
    pub fn directory(&self) -> Directory {
        let name = |node: NodeId| self.wiring.name(node).to_owned();
        Directory {
            venues: self.venues.iter().map(|&node| name(node)).collect(),
            accounts: self.accounts.iter().map(|seat| name(seat.node)).collect(),
            traders: self.traders.iter().map(|seat| name(seat.node)).collect(),
            accounts_of_traders: self.traders.iter().map(|seat| seat.account).collect(),
            listings: self.listings.clone(),
        }
    }

    /// The wired nodes, for a driver.
    pub fn into_parts(self) -> (Vec<Node>, Wiring) {
        (self.nodes, self.wiring)
    }

    /// Ready to run in virtual time.
    pub fn lockstep(self) -> Lockstep<Node> {
        Lockstep::new(self.nodes, self.wiring)
    }
}
