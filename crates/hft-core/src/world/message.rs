//! Time, latency, timers and messages are one thing: an envelope with a delivery time.
//!
//! A node's one entry point is `handle(now, from, message, &mut mail)`. It never reads a clock, never awaits, and never calls
//! another node: it puts messages into [`Mail`], and a driver delivers them. A link stamps the delivery time; a timer is
//! a message to oneself. What a node says depends on nothing but what it was told, in order: that is what makes a
//! recorded run replayable.

use super::record::{FillRecord, Instruction, OrderRecord, Refusal, RiskHalt, Statement, TradeRecord};
use crate::models::{AccountId, BookId, Command, ExecutionReport, MarketData, News, Timestamp};
use crate::risk::Approved;
use serde::Serialize;

/// A node of one world.
///
/// Example: [`Machine`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub struct NodeId(pub u32);

/// A trader of one world: the number in the high bits of its order ids ([`OrderId::first_of`](crate::models::OrderId::first_of)).
///
/// Example: [`RiskGate`](crate::risk::RiskGate).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub struct TraderId(pub u32);

/// One of a node's outgoing links, by its index among them. Where it leads and how long it takes is the driver's business.
///
/// Example: [`Machine`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub struct LinkId(pub u32);

/// Everything one node can say to another, or to itself.
///
/// Example: [`Machine`].
#[derive(PartialEq, Eq, Hash, Debug, Serialize)]
pub enum Message {
    /// The run begins: the first message of every node.
    Start,
    /// The run ends: cancel what works, send nothing new. Reports still arrive.
    Stop,
    /// A timer of the node's own; the number is the node's to interpret.
    Wake(u64),
    /// Trader to account.
    Command(Instruction),
    /// Account to venue.
    Approved(Approved<Command>),
    /// Venue to account, and on to the trader.
    Report(ExecutionReport),
    /// Account to trader.
    Refused(Refusal),
    /// Venue to subscribers.
    Market(MarketData),
    /// Tape to subscribers.
    News(News),
    /// Driver to venue: this subscriber lost market data and has room again; send it the whole book.
    Resend {
        /// Which book.
        book: BookId,
        /// The venue's link to the subscriber.
        link: LinkId,
    },
    /// Driver to venue: this account's connection is gone.
    Disconnected(AccountId),
    /// Venue to blotter: the drop copy.
    Trade(TradeRecord),
    /// Account to blotter.
    Fill(FillRecord),
    /// Account to blotter.
    Order(OrderRecord),
    /// Account to blotter.
    Statement(Statement),
    /// Account to blotter: its kill switch was tripped.
    Halted(RiskHalt),
    /// Trader, or whoever caught it, to account: the strategy panicked. It is disabled and its orders are cancelled.
    Panicked,
}

/// Which of a connection's three lines a message takes: each has a latency and a queue of its own.
///
/// Example: [`Lockstep`](super::Lockstep).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub enum Channel {
    /// Commands on their way in. A sender awaits room.
    Orders,
    /// Reports, refusals and records on their way out. Never dropped, never awaited; a full queue ends the run.
    Reports,
    /// Market data and news. A full queue drops, counts, and recovers by [`Message::Resend`].
    Data,
}

/// Where an outgoing message goes.
///
/// Example: [`Machine`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Route {
    /// Over one of the sender's links.
    Link(LinkId),
    /// Back to the sender, at this moment (or now, if that has passed).
    At(Timestamp),
}

/// A message on its way out of a node.
///
/// Example: [`Machine`].
#[derive(PartialEq, Eq, Debug)]
pub struct Outgoing {
    /// Where to.
    pub route: Route,
    /// What.
    pub message: Message,
}

/// What a node says in answer to one message, in order. The driver empties it after every call and keeps its memory.
///
/// Messages are large. Each is written once into a letter of the tray, whoever carries it passes on the number of the
/// letter, and it is read where it is delivered. Letters are reused, the last one read first, so that the memory in use
/// follows what is in flight.
///
/// Example: [`Machine`].
#[derive(Debug, Default)]
pub struct Mail {
    said: Vec<(Route, Letter)>,
    letters: Vec<Message>,
    /// Letters that have been read.
    blank: Vec<Letter>,
    failure: Option<anyhow::Error>,
}

/// The number of a letter in a [`Mail`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Letter(u32);

impl Mail {
    /// An empty tray.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends over a link.
    // Inlined always: so the message is built in its letter, and not copied there.
    #[inline(always)]
    pub fn send(&mut self, link: LinkId, message: Message) {
        let letter = self.write(message);
        self.said.push((Route::Link(link), letter));
    }

    /// Sets a timer: `Message::Wake(tag)` comes back at `when`, or at once if that has passed.
    pub fn wake_at(&mut self, when: Timestamp, tag: u64) {
        self.put(Outgoing { route: Route::At(when), message: Message::Wake(tag) });
    }

    /// Passes on what was said before, as it was.
    pub fn put(&mut self, outgoing: Outgoing) {
        let letter = self.write(outgoing.message);
        self.said.push((outgoing.route, letter));
    }

    /// Ends the run: the environment failed this node (a full disk, a torn file). The first failure is kept.
    pub fn fail(&mut self, error: anyhow::Error) {
        self.failure.get_or_insert(error);
    }

    /// Takes out what was said, in order.
    pub fn drain(&mut self) -> impl Iterator<Item = Outgoing> + '_ {
        let Self { said, letters, blank, .. } = self;
        said.drain(..).map(|(route, letter)| Outgoing { route, message: read(letters, blank, letter) })
    }

    /// Takes out the failure, if there was one.
    pub fn take_failure(&mut self) -> Option<anyhow::Error> {
        self.failure.take()
    }

    /// True when nothing was said.
    pub fn is_empty(&self) -> bool {
        self.said.is_empty() && self.failure.is_none()
    }

    /// Hands out what was said, in order. The letters stay here, until they are [opened](Self::open).
    #[inline]
    pub(super) fn carry(&mut self, mut carry: impl FnMut(Route, Letter)) {
        self.said.iter().for_each(|&(route, letter)| carry(route, letter));
        self.said.clear();
    }

    /// Takes out the message of a letter that was handed out.
    #[inline]
    pub(super) fn open(&mut self, letter: Letter) -> Message {
        read(&mut self.letters, &mut self.blank, letter)
    }

    #[inline(always)]
    fn write(&mut self, message: Message) -> Letter {
        let letter = match self.blank.pop() {
            Some(letter) => letter,
            None => self.new_letter(),
        };
        self.letters[letter.0 as usize] = message;
        letter
    }

    #[cold]
    fn new_letter(&mut self) -> Letter {
        self.letters.push(Message::Stop);
        Letter(u32::try_from(self.letters.len() - 1).expect("fewer than 2^32 messages are in flight"))
    }
}

#[inline]
fn read(letters: &mut [Message], blank: &mut Vec<Letter>, letter: Letter) -> Message {
    blank.push(letter);
    std::mem::replace(&mut letters[letter.0 as usize], Message::Stop)
}

/// What a driver can run: a node, or in tests anything that answers messages with mail.
///
/// ```
/// use hft_core::models::{Nanos, Timestamp};
/// use hft_core::world::{LinkId, Machine, Mail, Message, NodeId, Outgoing, Route};
/// /// Answers a second after it was woken.
/// struct Slow;
/// impl Machine for Slow {
///     fn handle(&mut self, now: Timestamp, _from: NodeId, message: Message, mail: &mut Mail) {
///         match message {
///             Message::Start => mail.wake_at(now + Nanos::from_secs(1), 7),
///             Message::Wake(tag) => mail.send(LinkId(0), Message::Wake(tag)),
///             _ => {}
///         }
///     }
/// }
/// let mut mail = Mail::new();
/// Slow.handle(Timestamp::START, NodeId(0), Message::Start, &mut mail);
/// let timer = Outgoing { route: Route::At(Timestamp::new(1_000_000_000)), message: Message::Wake(7) };
/// assert_eq!(mail.drain().collect::<Vec<_>>(), [timer]);
/// ```
pub trait Machine {
    /// Handles one message. `now` never goes back; what is put into `mail` depends on nothing but the messages so far.
    fn handle(&mut self, now: Timestamp, from: NodeId, message: Message, mail: &mut Mail);
}
