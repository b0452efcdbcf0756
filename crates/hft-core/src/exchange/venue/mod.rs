//! The venue: one exchange with its books, its gateway, its fees and its feeds.
//!
//! Invariant: it accepts nothing but [`Approved`] commands, executes them one at a time in the order in which they
//! leave the gateway, and after each of them has told everybody concerned: the accounts by numbered reports, the subscribers
//! by numbered market data, the blotter by a drop copy.
//!
//! Left out: sessions with opening hours (the phase is set by the scenario), and connection-level protocols: a lost
//! connection is one message, [`Message::Disconnected`].

mod feed;
mod gateway;
mod reporter;

pub use feed::{Depth, Feed, MAX_DEPTH};
pub use gateway::Gateway;

use super::{BookRules, EngineEvent, MatchingEngine};
use crate::account::Truth;
use crate::models::{
    AccountId, BookId, Command, ExecKind, HalfTicks, Instrument, InstrumentId, Nanos, Phase, RejectReason, TimeInForce,
    Timestamp, VenueId,
};
use crate::risk::Approved;
use crate::world::{LinkId, Machine, Mail, Message, NodeId};
use feed::Publisher;
use reporter::{Ports, Reporter};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How a venue runs; the order rules of each book are [`BookRules`].
///
/// ```
/// use hft_core::prelude::*;
/// let mut world = World::<Simulated>::new(7);
/// let busy = Gateway { service_ns: 2_000, max_waiting: 1_000, ..Gateway::default() };
/// assert!(!busy.is_immediate());
/// world.venue("BUSY", VenueConfig { gateway: busy, ..VenueConfig::default() })?;
/// let batches = VenueConfig { batch_ns: Some(100_000_000), ..VenueConfig::default() };
/// world.venue("BATCH", batches)?; // ten auctions a second
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VenueConfig {
    /// What a venue does to every command on its way in.
    pub gateway: Gateway,
    /// Frequent batch auctions at this interval (Budish, Cramton, Shim 2015), in ns; `None`: continuous trading.
    pub batch_ns: Option<u64>,
}

/// One exchange.
///
/// Example: [`VenueConfig`].
#[derive(Debug)]
pub struct Venue {
    id: VenueId,
    config: VenueConfig,
    listings: Vec<Listing>,
    ports: Ports,
    waiting: gateway::Waiting,
    stopped: bool,
}

/// One instrument at this venue.
#[derive(Debug)]
struct Listing {
    book: BookId,
    instrument: Arc<Instrument>,
    engine: MatchingEngine,
    publisher: Publisher,
    /// The last midpoint there was: what trades are measured against.
    mid: HalfTicks,
    /// Who took from whom, where that is kept.
    truth: Option<Box<Truth>>,
    /// What the engine said during the last message, where somebody wants to look.
    said: Option<Vec<EngineEvent>>,
}

/// The venue's timers: the kind above, an index below.
#[derive(Clone, Copy)]
enum Timer {
    Gateway,
    Batch,
    Publish { listing: u16, group: u16 },
    Expiry { listing: u16 },
}

impl Venue {
    /// A venue without instruments, subscribers or accounts.
    pub fn new(id: VenueId, config: VenueConfig) -> Self {
        Self {
            id,
            config,
            listings: Vec::new(),
            ports: Ports::default(),
            waiting: gateway::Waiting::default(),
            stopped: false,
        }
    }

    /// Lists an instrument; `mid` is what counts as the midpoint before there is one.
    pub fn list(&mut self, id: InstrumentId, instrument: Arc<Instrument>, rules: BookRules, mid: HalfTicks) -> BookId {
        let book = BookId { venue: self.id, instrument: id };
        let engine = MatchingEngine::new(rules);
        let publisher = Publisher::new(book);
        self.listings.push(Listing { book, instrument, engine, publisher, mid, truth: None, said: None });
        self.ports.list(self.listings.len());
        book
    }

    /// Keeps the truth of every book that is listed now. It changes nothing that anybody is told.
    pub fn keep_truth(&mut self) {
        self.listings.iter_mut().for_each(|listing| listing.truth = Some(Box::new(Truth::new(listing.mid))));
    }

    /// The truth of the books, where it was kept: final once the venue was stopped.
    pub fn truths(&self) -> impl Iterator<Item = (BookId, &Instrument, &Truth)> {
        let kept = |listing: &'_ Listing| listing.truth.is_some();
        self.listings
            .iter()
            .filter(move |listing| kept(listing))
            .map(|listing| (listing.book, &*listing.instrument, listing.truth.as_deref().expect("it is kept")))
    }

    /// Opens a line for an account's reports.
    pub fn open_account(&mut self, account: AccountId, reports: LinkId) {
        self.ports.open(account, reports, self.listings.len());
    }

    /// Sends the drop copy of this account's trades, and every midpoint, over `blotter`.
    pub fn watch_account(&mut self, account: AccountId, blotter: LinkId) {
        self.ports.watch(account, blotter);
    }

    /// Publishes a book to a subscriber. False when this venue does not list it.
    #[must_use]
    pub fn subscribe(&mut self, book: BookId, link: LinkId, feed: Feed) -> bool {
        let Some(listing) = self.listings.iter_mut().find(|listing| listing.book == book) else { return false };
        listing.publisher.subscribe(link, feed);
        true
    }

    /// The books it runs.
    pub fn books(&self) -> impl Iterator<Item = (BookId, &Instrument, &MatchingEngine)> {
        self.listings.iter().map(|listing| (listing.book, &*listing.instrument, &listing.engine))
    }

    /// Keeps what the engines say, for an observer that writes it down; nobody in the world learns of it.
    pub fn keep_events(&mut self) {
        self.listings.iter_mut().for_each(|listing| listing.said = Some(Vec::new()));
    }

    /// What each engine said while the last message was handled, in order; nothing unless it is [kept](Self::keep_events).
    pub fn events(&self) -> impl Iterator<Item = (BookId, &[EngineEvent])> {
        self.listings.iter().map(|listing| (listing.book, listing.said.as_deref().unwrap_or_default()))
    }

    /// What the venue has earned in fees, by instrument: with it, all cash in a world sums to zero.
    pub fn fee_income(&self) -> crate::models::Cash {
        self.ports.fee_income
    }

    fn start(&mut self, now: Timestamp, mail: &mut Mail) {
        if let Some(interval) = self.config.batch_ns {
            self.each_listing(now, mail, |engine, reporter| engine.set_phase(Phase::Auction, reporter));
            mail.wake_at(now + Nanos::new(interval), Timer::Batch.tag());
        }
        for (i, listing) in self.listings.iter().enumerate() {
            for (group, every) in listing.publisher.intervals() {
                mail.wake_at(now + every, Timer::Publish { listing: index(i), group: index(group) }.tag());
            }
        }
    }

    /// Runs something on every book, and publishes what it did.
    fn each_listing(
        &mut self,
        now: Timestamp,
        mail: &mut Mail,
        mut act: impl FnMut(&mut MatchingEngine, &mut Reporter<'_>),
    ) {
        for i in 0..self.listings.len() {
            self.on_listing(i, now, mail, None, &mut act);
        }
    }

    /// Runs something on one book on behalf of `asker`, and publishes what it did.
    fn on_listing(
        &mut self,
        i: usize,
        now: Timestamp,
        mail: &mut Mail,
        asker: Option<AccountId>,
        act: impl FnOnce(&mut MatchingEngine, &mut Reporter<'_>),
    ) {
        let Listing { book, instrument, engine, publisher, mid, truth, said } = &mut self.listings[i];
        let (ports, truth, said) = (&mut self.ports, truth.as_deref_mut(), said.as_mut());
        let mut reporter = Reporter {
            now,
            book: *book,
            listing: i,
            instrument,
            mid: *mid,
            asker,
            ports,
            publisher,
            truth,
            mail,
            said,
        };
        engine.advance_time(now, &mut reporter);
        act(engine, &mut reporter);
        publisher.flush(now, engine, mail);
        if let Some(now_mid) = engine.top().mid() {
            *mid = now_mid;
            if let Some(truth) = &mut self.listings[i].truth {
                truth.on_mid(now, now_mid);
            }
        }
    }

    fn arrive(&mut self, now: Timestamp, command: Approved<Command>, mail: &mut Mail) {
        if self.stopped || self.config.gateway.is_immediate() {
            return self.execute(now, &command, mail);
        }
        match self.waiting.arrive(now, command, &self.config.gateway) {
            Ok(()) => self.await_gateway(mail),
            Err(command) => self.refuse(now, &command, RejectReason::Capacity, mail),
        }
    }

    /// Sets the timer for the next departure, unless it is set.
    fn await_gateway(&mut self, mail: &mut Mail) {
        if let Some(departure) = self.waiting.timer(&self.config.gateway) {
            mail.wake_at(departure, Timer::Gateway.tag());
        }
    }

    fn execute(&mut self, now: Timestamp, command: &Approved<Command>, mail: &mut Mail) {
        let (account, command_book) = (command.account(), command.get().book());
        let Some(i) = self.listings.iter().position(|listing| listing.book == command_book) else {
            return self.refuse(now, command, RejectReason::UnknownInstrument, mail);
        };
        let owner = Some(account);
        self.on_listing(i, now, mail, owner, |engine, reporter| match *command.get() {
            Command::New(order) => {
                // A live order of this id is another, which the new one will be refused for.
                let may_move = (order.post_only || order.limit_price().is_none()) && engine.order(order.id).is_none();
                engine.submit(now, account, &order, reporter);
                // Slid behind the touch, or resting at a market order's protection: its owner must know where it stands.
                if may_move
                    && let Some(standing) = engine.order(order.id)
                    && standing.price != order.limit_price()
                {
                    reporter.moved(account, order.id, &standing);
                }
                if let TimeInForce::Gtd { expires } = order.tif {
                    reporter.mail.wake_at(expires, Timer::Expiry { listing: index(i) }.tag());
                }
            }
            Command::Amend { id, price, qty, .. } => engine.amend(now, owner, id, price, qty, reporter),
            Command::Reduce { id, by, .. } => engine.reduce(owner, id, by, reporter),
            Command::Cancel { id, .. } => engine.cancel(owner, id, reporter),
            Command::MassCancel { side, .. } => engine.mass_cancel(owner, side, reporter),
        });
    }

    /// Answers a command that never reached a book. A mass cancel names no order, so there is nobody to answer for.
    fn refuse(&mut self, now: Timestamp, command: &Approved<Command>, reason: RejectReason, mail: &mut Mail) {
        let kind = match command.get() {
            Command::New(_) => ExecKind::Rejected(reason),
            Command::Amend { .. } | Command::Reduce { .. } | Command::Cancel { .. } | Command::MassCancel { .. } => {
                ExecKind::CommandRejected(reason)
            }
        };
        if let Some(order) = command.get().order_id() {
            self.ports.refuse(now, command.account(), command.get().book(), order, kind, mail);
        }
    }

    fn on_timer(&mut self, now: Timestamp, timer: Timer, mail: &mut Mail) {
        match timer {
            Timer::Gateway => {
                self.waiting.timer_came(now);
                while let Some(command) = self.waiting.serve(now, &self.config.gateway) {
                    self.execute(now, &command, mail);
                }
                self.await_gateway(mail);
            }
            Timer::Batch => {
                self.each_listing(now, mail, |engine, reporter| {
                    engine.cross(reporter);
                });
                let interval = self.config.batch_ns.expect("only a batch venue sets this timer");
                mail.wake_at(now + Nanos::new(interval), Timer::Batch.tag());
            }
            Timer::Publish { listing, group } => {
                let Listing { engine, publisher, .. } = &mut self.listings[usize::from(listing)];
                let every = publisher.publish_group(now, usize::from(group), engine, mail);
                mail.wake_at(now + every, timer.tag());
            }
            Timer::Expiry { listing } => self.on_listing(usize::from(listing), now, mail, None, |_, _| {}),
        }
    }

    fn stop(&mut self, now: Timestamp, mail: &mut Mail) {
        self.stopped = true;
        self.listings.iter_mut().filter_map(|listing| listing.truth.as_mut()).for_each(|truth| truth.end(now));
        while let Some(command) = self.waiting.serve(Timestamp::MAX, &self.config.gateway) {
            self.execute(now, &command, mail);
        }
    }
}

impl Machine for Venue {
    fn handle(&mut self, now: Timestamp, _from: NodeId, message: Message, mail: &mut Mail) {
        self.listings.iter_mut().filter_map(|listing| listing.said.as_mut()).for_each(Vec::clear);
        match message {
            Message::Start => self.start(now, mail),
            Message::Stop => self.stop(now, mail),
            Message::Approved(command) => self.arrive(now, command, mail),
            Message::Wake(tag) => self.on_timer(now, Timer::of(tag), mail),
            Message::Resend { book, link } => {
                if let Some(listing) = self.listings.iter_mut().find(|listing| listing.book == book) {
                    listing.publisher.resend(now, link, &listing.engine, mail);
                }
            }
            Message::Disconnected(account) => {
                self.each_listing(now, mail, |engine, reporter| engine.disconnect(Some(account), reporter));
            }
            Message::Command(_)
            | Message::Report(_)
            | Message::Refused(_)
            | Message::Market(_)
            | Message::News(_)
            | Message::Trade(_)
            | Message::Fill(_)
            | Message::Order(_)
            | Message::Statement(_)
            | Message::Halted(_)
            | Message::Panicked => unreachable!("venues are not sent {message:?}"),
        }
    }
}

impl Timer {
    fn tag(self) -> u64 {
        let (kind, listing, group) = match self {
            Timer::Gateway => (0, 0, 0),
            Timer::Batch => (1, 0, 0),
            Timer::Publish { listing, group } => (2, listing, group),
            Timer::Expiry { listing } => (3, listing, 0),
        };
        kind << 32 | u64::from(listing) << 16 | u64::from(group)
    }

    #[allow(clippy::cast_possible_truncation, reason = "takes apart what `tag` put together")]
    fn of(tag: u64) -> Timer {
        let (listing, group) = ((tag >> 16) as u16, tag as u16);
        match tag >> 32 {
            0 => Timer::Gateway,
            1 => Timer::Batch,
            2 => Timer::Publish { listing, group },
            3 => Timer::Expiry { listing },
            kind => unreachable!("venues set no timer of kind {kind}"),
        }
    }
}

fn index(i: usize) -> u16 {
    u16::try_from(i).expect("instrument ids, and so listings, have 16 bits; feeds of one book are far fewer")
}
