//! What both drivers share: how a delivery is described, what a run counted, how it ended.
//!
//! Invariant: a run ends with its nodes, its counts and its digest in the caller's hands, whether it ended well or not.
//!
//! Both drivers end a run alike. At `until`, after everything due by then, every node is told
//! [`Message::Stop`], in node order. Then the run *settles*: what is on a link is delivered, and so
//! are timers due within [`SETTLE`] of the stop (a venue's gateway and a strategy that thinks hold messages behind
//! timers); later timers are discarded. The run has settled when nothing is left to deliver. So every order has met its
//! venue, every report its account, and the ledgers can be compared.

use super::digest::Digest;
use super::journal::JournalError;
use super::message::{Channel, LinkId, Machine, Mail, Message, NodeId};
use crate::models::{Nanos, Timestamp};
use serde::{Deserialize, Serialize};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How long after the stop a timer is still delivered.
pub const SETTLE: Nanos = Nanos::from_millis(100);

/// How many deliveries a world may need to settle in lockstep before it is taken for one that never will.
pub const SETTLE_DELIVERIES_MAX: u64 = 10_000_000;

/// How a message came to its receiver.
///
/// Example: [`Lockstep`](super::Lockstep).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Over one of the sender's links.
    Link {
        /// Which of them.
        link: LinkId,
        /// Its channel.
        channel: Channel,
    },
    /// The receiver's own timer.
    Timer,
    /// The driver itself: start, stop, and what became of connections.
    Driver,
}

/// One delivery, about to happen.
///
/// Example: [`Lockstep`](super::Lockstep).
#[derive(Debug)]
pub struct Delivery<'a> {
    /// The receiver's time.
    pub now: Timestamp,
    /// The receiver.
    pub to: NodeId,
    /// The sender; the receiver itself for timers and the driver's messages.
    pub from: NodeId,
    /// How it came.
    pub origin: Origin,
    /// What.
    pub message: &'a Message,
}

/// What a run counted.
///
/// Example: [`Lockstep`](super::Lockstep).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Stats {
    /// Messages handled, of all kinds.
    pub deliveries: u64,
    /// Of these, over orders links.
    pub orders: u64,
    /// Of these, over reports links.
    pub reports: u64,
    /// Of these, over data links.
    pub data: u64,
    /// Of these, timers.
    pub timers: u64,
    /// Of these, the driver's own.
    pub driver: u64,
    /// Market data that met a full queue (realtime only).
    pub data_dropped: u64,
    /// Timers that were due too late to be delivered after the stop.
    pub timers_discarded: u64,
    /// Messages still on a link at the end; zero when the run settled.
    pub undelivered: u64,
}

impl Stats {
    /// Counts one delivery.
    #[inline]
    pub(super) const fn count(&mut self, origin: Origin) {
        self.deliveries += 1;
        match origin {
            Origin::Link { channel: Channel::Orders, .. } => self.orders += 1,
            Origin::Link { channel: Channel::Reports, .. } => self.reports += 1,
            Origin::Link { channel: Channel::Data, .. } => self.data += 1,
            Origin::Timer => self.timers += 1,
            Origin::Driver => self.driver += 1,
        }
    }

    /// Adds another node's counts.
    pub(super) const fn add(&mut self, other: &Stats) {
        self.deliveries += other.deliveries;
        self.orders += other.orders;
        self.reports += other.reports;
        self.data += other.data;
        self.timers += other.timers;
        self.driver += other.driver;
        self.data_dropped += other.data_dropped;
        self.timers_discarded += other.timers_discarded;
        self.undelivered += other.undelivered;
    }
}

/// A run that is over.
///
/// Example: [`Lockstep`](super::Lockstep).
#[derive(Debug)]
pub struct Ran<N> {
    /// The nodes as they ended, in node order.
    pub nodes: Vec<N>,
    /// What was counted.
    pub stats: Stats,
    /// Every node's digest, in node order. See [`Ran::digest`].
    pub digests: Vec<Digest>,
    /// The latest time that any node was told.
    pub ended: Timestamp,
    /// Why it ended early, if it did.
    pub outcome: Result<(), RunError>,
}

impl<N> Ran<N> {
    /// The run's digest.
    pub fn digest(&self) -> Digest {
        Digest::of_nodes(self.digests.iter().copied())
    }
}

/// Why a run ended before its time. Each is one sentence.
///
/// Example: [`Lockstep`](super::Lockstep).
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A node's environment failed it.
    #[error("{node}: {error:#}")]
    Failed {
        /// Which node.
        node: String,
        /// What happened to it.
        error: anyhow::Error,
    },
    /// A node panicked (realtime only: in lockstep a panic is the caller's).
    #[error("{node} panicked: {text}")]
    Panicked {
        /// Which node.
        node: String,
        /// What it said.
        text: String,
    },
    /// An observer found an invariant broken.
    #[error("after {node} at {now} ns: {error:#}")]
    Observed {
        /// The node that handled the last message.
        node: String,
        /// When.
        now: Timestamp,
        /// What is wrong.
        error: anyhow::Error,
    },
    /// A queue of reports was full (realtime only).
    #[error("{node} is a slow consumer: its queue of {capacity} reports is full")]
    SlowConsumer {
        /// Who did not keep up.
        node: String,
        /// How many reports its queue holds.
        capacity: usize,
    },
    /// A node had too many commands waiting for room at their receiver (realtime only).
    #[error("{node} has {limit} commands waiting for room at {to}")]
    Congested {
        /// Who sends too much.
        node: String,
        /// Who takes too little.
        to: String,
        /// The limit.
        limit: usize,
    },
    /// A node did not come back from its machine (realtime only).
    #[error("{node} is stuck: it did not come back when the run was over")]
    Stuck {
        /// Which node.
        node: String,
    },
    /// The world went on talking after the stop.
    #[error("the world did not settle within {SETTLE_DELIVERIES_MAX} deliveries after the stop")]
    Unsettled,
    /// The journal could not be written.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Lets a machine handle a message; its panic comes back as the text.
#[inline]
pub(super) fn handle_caught(
    machine: &mut impl Machine,
    now: Timestamp,
    from: NodeId,
    message: Message,
    mail: &mut Mail,
) -> Result<(), String> {
    let handle = || machine.handle(now, from, message, mail);
    // Unwind safety: the machine handles nothing after a panic, and its mail is discarded.
    catch_unwind(AssertUnwindSafe(handle)).map_err(|panic| {
        mail.drain().for_each(drop);
        let _ = mail.take_failure();
        let text = panic.downcast_ref::<&str>().map(ToString::to_string);
        text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without words".to_owned())
    })
}
