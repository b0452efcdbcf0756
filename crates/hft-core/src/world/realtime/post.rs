//! How what a node says leaves it.
//!
//! Invariant: within a link nothing overtakes. While a command waits for room, later commands wait behind it.

use super::super::link::Link;
use super::super::message::{Channel, LinkId, Message, NodeId};
use super::super::run::{RunError, Stats};
use super::QueueLimits;
use super::shared::{Parcel, Shared};
use crate::models::{BookId, Nanos, Timestamp};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::mpsc::{self, error::TrySendError};

/// How soon after a loss the sender is asked to send the book again; doubled while that is lost too.
const RESEND_FIRST: Nanos = Nanos::from_millis(5);

/// The longest time between a loss and the request to send again.
const RESEND_LAST: Nanos = Nanos::from_millis(1_000);

#[derive(Debug)]
pub(super) struct Post {
    pub(super) id: NodeId,
    pub(super) shared: Arc<Shared>,
    hops: Vec<Hop>,
    /// Commands that wait for room: over which link, and what.
    outbox: VecDeque<(LinkId, Parcel)>,
    outbox_max: usize,
    lost: Vec<Lost>,
    /// Messages given to links, the lost ones included.
    pub(super) sent: u64,
}

#[derive(Debug)]
struct Hop {
    link: Link,
    queue: mpsc::Sender<Parcel>,
    sent: u64,
}

/// Market data of one book that one subscriber lost. One entry per link and book, so as many as those at most.
#[derive(Clone, Copy, Debug)]
struct Lost {
    link: LinkId,
    book: BookId,
    /// When to ask that it be sent again; `None` when that has been asked and nothing was lost since.
    ask_at: Option<Timestamp>,
    asked: Timestamp,
    pause: Nanos,
}

impl Post {
    pub(super) fn new(id: NodeId, links: Vec<Link>, shared: Arc<Shared>, limits: &QueueLimits) -> Self {
        let hop = |link: Link| Hop { queue: shared.queue(link.to(), link.channel()), link, sent: 0 };
        Self {
            id,
            hops: links.into_iter().map(hop).collect(),
            shared,
            outbox: VecDeque::new(),
            outbox_max: limits.outbox,
            lost: Vec::new(),
            sent: 0,
        }
    }

    /// Sends a message, or keeps it back, or drops it. Returns the channel.
    #[inline]
    pub(super) fn send(&mut self, now: Timestamp, id: LinkId, message: Message, stats: &mut Stats) -> Channel {
        let hop = self.hops.get_mut(id.0 as usize).expect("a node sends over links of its own");
        let (channel, number) = (hop.link.channel(), hop.sent);
        hop.sent += 1;
        self.sent += 1;
        let parcel = Parcel { due: hop.link.stamp(now), from: self.id, link: id, message };
        self.shared.launch(1);
        if channel == Channel::Orders && !self.outbox.is_empty() {
            self.keep_back(id, parcel);
            return channel;
        }
        match hop.queue.try_send(parcel) {
            Ok(()) => {}
            Err(TrySendError::Closed(_)) => self.shared.land(1), // its node has failed, and the run is ending
            Err(TrySendError::Full(parcel)) => match channel {
                Channel::Orders => self.keep_back(id, parcel),
                Channel::Reports => {
                    let (to, capacity) = (hop.link.to(), hop.queue.max_capacity());
                    let node = self.shared.name(to).to_owned();
                    self.shared.record_drop(self.id, id, number);
                    self.shared.fail(RunError::SlowConsumer { node, capacity });
                    self.shared.land(1);
                }
                Channel::Data => {
                    stats.data_dropped += 1;
                    self.shared.record_drop(self.id, id, number);
                    if let Message::Market(data) = parcel.message {
                        self.note_loss(id, data.book);
                    }
                    self.shared.land(1);
                }
            },
        }
        channel
    }

    fn keep_back(&mut self, link: LinkId, parcel: Parcel) {
        if self.outbox.len() == self.outbox_max {
            let to = self.shared.name(self.hops[link.0 as usize].link.to()).to_owned();
            let node = self.shared.name(self.id).to_owned();
            self.shared.fail(RunError::Congested { node, to, limit: self.outbox_max });
        }
        self.outbox.push_back((link, parcel));
    }

    /// True while commands wait for room.
    pub(super) fn is_blocked(&self) -> bool {
        !self.outbox.is_empty()
    }

    /// Sends of what was kept back as much as there is room for.
    pub(super) fn send_kept(&mut self) {
        while let Some((link, _)) = self.outbox.front() {
            match self.hops[link.0 as usize].queue.try_reserve() {
                Ok(permit) => permit.send(self.outbox.pop_front().expect("it has a front").1),
                Err(TrySendError::Full(())) => return,
                Err(TrySendError::Closed(())) => {
                    self.outbox.pop_front();
                    self.shared.land(1);
                }
            }
        }
    }

    /// Waits until the first of what was kept back has room (or its receiver is gone).
    pub(super) async fn room(&self) {
        match self.outbox.front() {
            Some((link, _)) => drop(self.hops[link.0 as usize].queue.reserve().await),
            None => std::future::pending().await,
        }
    }

    /// Forgets what was kept back: how many messages that was.
    pub(super) fn discard(&mut self) -> u64 {
        let discarded = self.outbox.len() as u64;
        self.outbox.clear();
        discarded
    }

    fn note_loss(&mut self, link: LinkId, book: BookId) {
        let clock = self.shared.clock();
        let Some(lost) = self.lost.iter_mut().find(|lost| lost.link == link && lost.book == book) else {
            let ask_at = Some(clock + RESEND_FIRST);
            self.lost.push(Lost { link, book, ask_at, asked: Timestamp::START, pause: RESEND_FIRST });
            return;
        };
        if lost.ask_at.is_some() {
            return;
        }
        // Lost again soon after it was sent again: the receiver needs more time.
        let soon = clock.since(lost.asked) < RESEND_LAST;
        lost.pause = if soon { (lost.pause + lost.pause).min(RESEND_LAST) } else { RESEND_FIRST };
        lost.ask_at = Some(clock + lost.pause);
    }

    /// The next request to send a book again, if its time has come and half of the queue is free.
    pub(super) fn next_resend(&mut self) -> Option<Message> {
        self.next_resend_at()?;
        let clock = self.shared.clock();
        for lost in &mut self.lost {
            let Some(ask_at) = lost.ask_at else { continue };
            if ask_at > clock {
                continue;
            }
            let queue = &self.hops[lost.link.0 as usize].queue;
            if queue.capacity() * 2 >= queue.max_capacity() {
                (lost.ask_at, lost.asked) = (None, clock);
                return Some(Message::Resend { book: lost.book, link: lost.link });
            }
            lost.ask_at = Some(clock + RESEND_FIRST);
        }
        None
    }

    /// When to look at losses again.
    pub(super) fn next_resend_at(&self) -> Option<Timestamp> {
        self.lost.iter().filter_map(|lost| lost.ask_at).min()
    }

    /// Losses no longer matter: the run is ending.
    pub(super) fn forget_losses(&mut self) {
        self.lost.clear();
    }
}
