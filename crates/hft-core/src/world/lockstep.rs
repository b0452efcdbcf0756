//! The lockstep driver: one queue, one loop, virtual time, as fast as the processor goes.
//!
//! Invariant: the order of deliveries is total, `(due, number given at sending)`, zero-latency mail and timers included;
//! nothing else decides it. Same nodes, same wiring, same seed: same bytes, same digest.
//!
//! A run: [`Message::Start`] to every node in node order at 0; everything due up to and including `until`;
//! [`Message::Stop`] to every node at `until`, or when the observer wants it; then it settles (see [`Ran`]).
//!
//! Left out: threads. Sweeps run whole worlds side by side.

use super::digest::{Digest, NodeDigest};
use super::journal::JournalWriter;
use super::link::{Link, Wiring};
use super::message::{Letter, LinkId, Machine, Mail, Message, NodeId, Route};
use super::queue::{LaneId, Queue};
use super::run::{Delivery, Origin, Ran, RunError, SETTLE, SETTLE_DELIVERIES_MAX, Stats};
use crate::models::{Nanos, Timestamp};

/// Watches a run from outside: for invariant checks, progress, and whoever wants it to stop. The methods do nothing by
/// default, and then cost nothing.
///
/// Example: [`Lockstep`].
pub trait Observer<N> {
    /// Called before every delivery.
    fn before(&mut self, _delivery: &Delivery<'_>) {}

    /// Asked after every delivery before the stop: true ends the run as if its time were over now, with cancels, drained reports and all.
    fn wants_stop(&mut self) -> bool {
        false
    }

    /// Called after every delivery, when `node` has handled it and what it said is in the queue.
    ///
    /// # Errors
    /// Ends the run with [`RunError::Observed`].
    fn after(&mut self, _now: Timestamp, _node: NodeId, _nodes: &[N]) -> anyhow::Result<()> {
        Ok(())
    }
}

/// Watches nothing.
///
/// Example: [`Lockstep`].
#[derive(Clone, Copy, Debug)]
pub struct Unobserved;

impl<N> Observer<N> for Unobserved {}

/// See the module's documentation.
///
/// ```
/// use hft_core::models::{Nanos, Timestamp};
/// use hft_core::world::{
///     Channel, Delivery, Latency, LinkId, Lockstep, Machine, Mail, Message, NodeId, Observer, Wiring,
/// };
/// /// Sends back whatever it is sent, over its first link.
/// struct Echo;
/// impl Machine for Echo {
///     fn handle(&mut self, _: Timestamp, _: NodeId, message: Message, mail: &mut Mail) {
///         match message {
///             Message::Start => mail.send(LinkId(0), Message::Wake(7)),
///             Message::Stop => {}
///             other => mail.send(LinkId(0), other),
///         }
///     }
/// }
/// /// Counts what arrives in the first microsecond.
/// struct Early(u64);
/// impl Observer<Echo> for Early {
///     fn before(&mut self, delivery: &Delivery<'_>) {
///         self.0 += u64::from(delivery.now <= Timestamp::new(1_000));
///     }
/// }
/// let mut wiring = Wiring::new(42);
/// let (a, b) = (wiring.node("a")?, wiring.node("b")?);
/// wiring.link(a, b, Channel::Reports, Latency::constant(Nanos::new(400)))?;
/// wiring.link(b, b, Channel::Reports, Latency::constant(Nanos::from_secs(60)))?;
/// let mut early = Early(0);
/// let ran = Lockstep::new(vec![Echo, Echo], wiring).run_observed(Timestamp::new(1_000), &mut early);
/// assert_eq!(early.0, 5, "two starts, two stops, and what a said to b");
/// assert_eq!((ran.stats.driver, ran.nodes.len()), (4, 2));
/// # Ok::<(), hft_core::world::WiringError>(())
/// ```
#[derive(Debug)]
pub struct Lockstep<N> {
    station: Station<N>,
    post: Post,
    now: Timestamp,
    /// Timers due later than this are discarded.
    timers_end: Timestamp,
}

/// The nodes, and what is kept of their deliveries.
#[derive(Debug)]
struct Station<N> {
    nodes: Vec<N>,
    names: Vec<String>,
    digests: Vec<NodeDigest>,
    stats: Stats,
    journal: Option<JournalWriter>,
    mail: Mail,
}

/// What is on its way, and the ways.
#[derive(Debug)]
struct Post {
    queue: Queue<Parcel>,
    /// All nodes' hops, one node after the other: its timers, then its links.
    hops: Vec<Hop>,
    /// Node `i` has the hops from `first[i]`.
    first: Vec<u32>,
}

/// One way from a node to a node, and what the queue has for it.
#[derive(Debug)]
struct Hop {
    from: NodeId,
    to: NodeId,
    origin: Origin,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Lane(LaneId, Nanos),
    Heap(Box<Link>),
}

/// A message in the queue: by which hop it goes, and the letter that it is in. Small, because it moves.
#[derive(Clone, Copy, Debug)]
struct Parcel {
    hop: u32,
    letter: Letter,
}

/// From whom a message is, and how it came.
#[derive(Clone, Copy, Debug)]
struct Address {
    to: NodeId,
    from: NodeId,
    origin: Origin,
}

impl<N: Machine> Lockstep<N> {
    /// Nodes and how they are wired, in the same order.
    ///
    /// # Panics
    /// When the wiring has more or fewer nodes.
    pub fn new(nodes: Vec<N>, wiring: Wiring) -> Self {
        assert_eq!(nodes.len(), wiring.len(), "the wiring names every node");
        let mut queue = Queue::new();
        let (mut names, mut hops, mut first) = (Vec::new(), Vec::new(), Vec::new());
        for ((name, links), id) in wiring.into_links().zip(0..) {
            names.push(name);
            first.push(index(hops.len()));
            let from = NodeId(id);
            hops.push(Hop { from, to: from, origin: Origin::Timer, way: Way::Lane(Queue::<Parcel>::NOW, Nanos::ZERO) });
            hops.extend(links.into_iter().zip(0..).map(|(link, number)| Hop {
                from,
                to: link.to(),
                origin: Origin::Link { link: LinkId(number), channel: link.channel() },
                way: match link.constant().and_then(|latency| Some((queue.lane(latency)?, latency))) {
                    Some((lane, latency)) => Way::Lane(lane, latency),
                    None => Way::Heap(Box::new(link)),
                },
            }));
        }
        first.push(index(hops.len()));
        let station = Station {
            digests: vec![NodeDigest::new(); nodes.len()],
            nodes,
            names,
            stats: Stats::default(),
            journal: None,
            mail: Mail::new(),
        };
        let post = Post { queue, hops, first };
        Self { station, post, now: Timestamp::START, timers_end: Timestamp::MAX }
    }

    /// Keeps a journal of the run.
    #[must_use]
    pub fn journaled(mut self, journal: JournalWriter) -> Self {
        self.station.journal = Some(journal);
        self
    }

    /// Runs to the end.
    pub fn run(self, until: Timestamp) -> Ran<N> {
        self.run_observed(until, &mut Unobserved)
    }

    /// Runs to the end under an observer's eyes.
    pub fn run_observed(mut self, until: Timestamp, observer: &mut impl Observer<N>) -> Ran<N> {
        let mut outcome = self.go(until, observer);
        let Station { nodes, digests, mut stats, journal, .. } = self.station;
        stats.undelivered = self.post.queue.len() as u64;
        let digests: Vec<_> = digests.iter().map(NodeDigest::value).collect();
        if let Some(mut journal) = journal {
            let ended = journal.end(Digest::of_nodes(digests.iter().copied()));
            outcome = outcome.and(ended.map_err(RunError::from));
        }
        Ran { nodes, stats, digests, ended: self.now, outcome }
    }

    fn go(&mut self, until: Timestamp, observer: &mut impl Observer<N>) -> Result<(), RunError> {
        self.tell_all(|| Message::Start, observer)?;
        let mut stopped = until;
        while self.deliver_next(until, observer)? {
            if observer.wants_stop() {
                stopped = self.now;
                break;
            }
        }
        self.now = stopped;
        self.tell_all(|| Message::Stop, observer)?;
        self.settle(stopped, observer)
    }

    /// Delivers the driver's own message to every node, in node order, now.
    fn tell_all(&mut self, message: fn() -> Message, observer: &mut impl Observer<N>) -> Result<(), RunError> {
        for node in 0..index(self.station.nodes.len()) {
            let to = NodeId(node);
            self.deliver(Address { to, from: to, origin: Origin::Driver }, message(), observer)?;
        }
        Ok(())
    }

    /// Delivers what is in flight after the stop, timers only up to [`SETTLE`] later.
    fn settle(&mut self, stopped: Timestamp, observer: &mut impl Observer<N>) -> Result<(), RunError> {
        self.timers_end = Timestamp::new(stopped.nanos().saturating_add(SETTLE.count()));
        let settled_by = self.station.stats.deliveries + SETTLE_DELIVERIES_MAX;
        while self.deliver_next(Timestamp::MAX, observer)? {
            if self.station.stats.deliveries > settled_by {
                return Err(RunError::Unsettled);
            }
        }
        Ok(())
    }

    /// Delivers what is due first, if that is by `limit`. False when there is nothing.
    #[inline]
    fn deliver_next(&mut self, limit: Timestamp, observer: &mut impl Observer<N>) -> Result<bool, RunError> {
        let Some((due, Parcel { hop, letter })) = self.post.queue.pop_by(limit) else { return Ok(false) };
        let message = self.station.mail.open(letter);
        let &Hop { from, to, origin, .. } = &self.post.hops[hop as usize];
        if due > self.timers_end && origin == Origin::Timer {
            self.station.stats.timers_discarded += 1;
            return Ok(true);
        }
        self.now = due;
        self.deliver(Address { to, from, origin }, message, observer)?;
        Ok(true)
    }

    /// Delivers a message now, and takes what its node says to the queue.
    #[inline(always)]
    fn deliver(&mut self, address: Address, message: Message, observer: &mut impl Observer<N>) -> Result<(), RunError> {
        self.station.hand_over(self.now, address, message, observer)?;
        self.post.send_all(self.now, address.to, &mut self.station.mail);
        self.station.check(self.now, address.to, observer)
    }
}

impl<N: Machine> Station<N> {
    /// Takes a delivery into digest, counts and journal, and lets its node handle it. The mail is then full.
    #[inline]
    fn hand_over(
        &mut self,
        now: Timestamp,
        Address { to, from, origin }: Address,
        message: Message,
        observer: &mut impl Observer<N>,
    ) -> Result<(), RunError> {
        let at = to.0 as usize;
        self.digests[at].absorb(now, from, &message);
        self.stats.count(origin);
        let delivery = Delivery { now, to, from, origin, message: &message };
        if let Some(journal) = &mut self.journal {
            journal.handled(&delivery, self.digests[at].value())?;
        }
        observer.before(&delivery);
        self.nodes[at].handle(now, from, message, &mut self.mail);
        Ok(())
    }

    /// Whether the run may go on after a delivery.
    #[inline]
    fn check(&mut self, now: Timestamp, node: NodeId, observer: &mut impl Observer<N>) -> Result<(), RunError> {
        let name = || self.names[node.0 as usize].clone();
        if let Some(error) = self.mail.take_failure() {
            return Err(RunError::Failed { node: name(), error });
        }
        observer.after(now, node, &self.nodes).map_err(|error| RunError::Observed { node: name(), now, error })
    }
}

impl Post {
    /// Puts what a node said into the queue.
    #[inline]
    fn send_all(&mut self, now: Timestamp, from: NodeId, mail: &mut Mail) {
        let Self { queue, hops, first } = self;
        let (timers, end) = (first[from.0 as usize], first[from.0 as usize + 1]);
        mail.carry(|route, letter| match route {
            Route::Link(link) => {
                let hop = timers + 1 + link.0;
                assert!(hop < end, "a node sends over links of its own");
                let parcel = Parcel { hop, letter };
                match &mut hops[hop as usize].way {
                    Way::Lane(lane, latency) => queue.push_lane(*lane, now + *latency, parcel),
                    Way::Heap(link) => queue.push(link.stamp(now), parcel),
                }
            }
            Route::At(when) if when <= now => {
                queue.push_lane(Queue::<Parcel>::NOW, now, Parcel { hop: timers, letter });
            }
            Route::At(when) => queue.push(when, Parcel { hop: timers, letter }),
        });
    }
}

fn index(count: usize) -> u32 {
    u32::try_from(count).expect("nodes and hops have 32-bit numbers")
}
