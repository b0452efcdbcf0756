//! The lockstep driver: one queue, one loop, virtual time, as fast as the processor goes.
//!
//! Invariant: the order of deliveries is total, `(due, number given at sending)`, zero-latency mail and timers included;
//! nothing else decides it. Same nodes, same wiring, same seed: same bytes, same digest.
//!
//! A run: [`Message::Start`] to every node in node order at 0; everything due up to and including `until`;
//! [`Message::Stop`] to every node at `until`; then it settles (see [`Ran`]).
//!
//! Left out: threads. Sweeps run whole worlds side by side.

use super::digest::{Digest, NodeDigest};
use super::journal::JournalWriter;
use super::link::{Link, Wiring};
use super::message::{Channel, Machine, Mail, Message, NodeId, Outgoing, Route};
use super::queue::{LaneId, Queue};
use super::run::{Delivery, Origin, Ran, RunError, SETTLE, SETTLE_DELIVERIES_MAX, Stats};
use crate::models::{Nanos, Timestamp};

/// Watches a run from outside, for invariant checks. Both methods do nothing by default, and then cost nothing.
pub trait Observer<N> {
    /// Called before every delivery.
    fn before(&mut self, _delivery: &Delivery<'_>) {}

    /// Called after every delivery, when `node` has handled it and what it said is in the queue.
    ///
    /// # Errors
    /// Ends the run with [`RunError::Observed`].
    fn after(&mut self, _now: Timestamp, _node: NodeId, _nodes: &[N]) -> anyhow::Result<()> {
        Ok(())
    }
}

/// Watches nothing.
#[derive(Clone, Copy, Debug)]
pub struct Unobserved;

impl<N> Observer<N> for Unobserved {}

/// See the module's documentation.
#[derive(Debug)]
pub struct Lockstep<N> {
    nodes: Vec<N>,
    names: Vec<String>,
    /// All nodes' links, one node after the other; node `i` has those from `first[i]`.
    hops: Vec<Hop>,
    first: Vec<usize>,
    post: Post,
    digests: Vec<NodeDigest>,
    mail: Mail,
    now: Timestamp,
    journal: Option<JournalWriter>,
}

/// A link and what the queue has for it.
#[derive(Debug)]
struct Hop {
    to: NodeId,
    channel: Channel,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Lane(LaneId, Nanos),
    Heap(Box<Link>),
}

/// What is on its way, and what was counted.
#[derive(Debug)]
struct Post {
    queue: Queue<Parcel>,
    stats: Stats,
    /// Timers due later than this are discarded.
    timers_end: Timestamp,
}

#[derive(Debug)]
struct Parcel {
    to: NodeId,
    from: NodeId,
    origin: Origin,
    message: Message,
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
        for (name, links) in wiring.into_links() {
            names.push(name);
            first.push(hops.len());
            hops.extend(links.into_iter().map(|link| Hop {
                to: link.to(),
                channel: link.channel(),
                way: match link.constant().and_then(|latency| Some((queue.lane(latency)?, latency))) {
                    Some((lane, latency)) => Way::Lane(lane, latency),
                    None => Way::Heap(Box::new(link)),
                },
            }));
        }
        first.push(hops.len());
        Self {
            digests: vec![NodeDigest::new(); nodes.len()],
            nodes,
            names,
            hops,
            first,
            post: Post { queue, stats: Stats::default(), timers_end: Timestamp::MAX },
            mail: Mail::new(),
            now: Timestamp::START,
            journal: None,
        }
    }

    /// Keeps a journal of the run.
    #[must_use]
    pub fn journaled(mut self, journal: JournalWriter) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Runs to the end.
    pub fn run(self, until: Timestamp) -> Ran<N> {
        self.run_observed(until, &mut Unobserved)
    }

    /// Runs to the end under an observer's eyes.
    pub fn run_observed(mut self, until: Timestamp, observer: &mut impl Observer<N>) -> Ran<N> {
        let mut outcome = self.go(until, observer);
        self.post.stats.undelivered = self.post.queue.len() as u64;
        let digests: Vec<_> = self.digests.iter().map(NodeDigest::value).collect();
        if let Some(journal) = self.journal.take() {
            let ended = journal.end(Digest::of_nodes(digests.iter().copied()));
            outcome = outcome.and(ended.map_err(RunError::from));
        }
        Ran { nodes: self.nodes, stats: self.post.stats, digests, ended: self.now, outcome }
    }

    fn go(&mut self, until: Timestamp, observer: &mut impl Observer<N>) -> Result<(), RunError> {
        self.tell_all(|| Message::Start, observer)?;
        while let Some((due, parcel)) = self.post.queue.pop_by(until) {
            self.now = due;
            self.deliver(parcel, observer)?;
        }
        self.now = until;
        self.tell_all(|| Message::Stop, observer)?;
        self.settle(until, observer)
    }

    /// Delivers the driver's own message to every node, in node order, now.
    fn tell_all(&mut self, message: fn() -> Message, observer: &mut impl Observer<N>) -> Result<(), RunError> {
        for node in 0..u32::try_from(self.nodes.len()).expect("node ids are 32 bits") {
            let to = NodeId(node);
            self.deliver(Parcel { to, from: to, origin: Origin::Driver, message: message() }, observer)?;
        }
        Ok(())
    }

    /// Delivers what is in flight after the stop, timers only up to [`SETTLE`] later.
    fn settle(&mut self, stopped: Timestamp, observer: &mut impl Observer<N>) -> Result<(), RunError> {
        self.post.timers_end = Timestamp::new(stopped.nanos().saturating_add(SETTLE.count()));
        let settled_by = self.post.stats.deliveries + SETTLE_DELIVERIES_MAX;
        while let Some((due, parcel)) = self.post.queue.pop() {
            if parcel.origin == Origin::Timer && due > self.post.timers_end {
                self.post.stats.timers_discarded += 1;
                continue;
            }
            if self.post.stats.deliveries == settled_by {
                return Err(RunError::Unsettled);
            }
            self.now = due;
            self.deliver(parcel, observer)?;
        }
        Ok(())
    }

    #[inline]
    fn deliver(&mut self, parcel: Parcel, observer: &mut impl Observer<N>) -> Result<(), RunError> {
        let Parcel { to, from, origin, message } = parcel;
        let (now, at) = (self.now, to.0 as usize);
        let delivery = Delivery { now, to, from, origin, message: &message };
        self.digests[at].absorb(now, from, &message);
        self.post.stats.count(origin);
        if let Some(journal) = &mut self.journal {
            journal.handled(&delivery, self.digests[at].value())?;
        }
        observer.before(&delivery);
        self.nodes[at].handle(now, from, message, &mut self.mail);
        let hops = &mut self.hops[self.first[at]..self.first[at + 1]];
        for outgoing in self.mail.drain() {
            self.post.send(now, to, hops, outgoing);
        }
        if let Some(error) = self.mail.take_failure() {
            return Err(RunError::Failed { node: self.names[at].clone(), error });
        }
        observer.after(now, to, &self.nodes).map_err(|error| RunError::Observed {
            node: self.names[at].clone(),
            now,
            error,
        })
    }
}

impl Post {
    #[inline]
    fn send(&mut self, now: Timestamp, from: NodeId, hops: &mut [Hop], outgoing: Outgoing) {
        let Outgoing { route, message } = outgoing;
        match route {
            Route::Link(link) => {
                let hop = hops.get_mut(link.0 as usize).expect("a node sends over links of its own");
                let origin = Origin::Link { link, channel: hop.channel };
                let parcel = Parcel { to: hop.to, from, origin, message };
                match &mut hop.way {
                    Way::Lane(lane, latency) => self.queue.push_lane(*lane, now + *latency, parcel),
                    Way::Heap(link) => self.queue.push(link.stamp(now), parcel),
                }
            }
            Route::At(when) if when <= now => {
                let parcel = Parcel { to: from, from, origin: Origin::Timer, message };
                self.queue.push_lane(Queue::<Parcel>::NOW, now, parcel);
            }
            Route::At(when) => {
                self.queue.push(when, Parcel { to: from, from, origin: Origin::Timer, message });
            }
        }
    }
}
