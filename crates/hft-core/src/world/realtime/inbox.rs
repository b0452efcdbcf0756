//! What has reached a node and is not handled yet.
//!
//! Invariant: within a channel, what came over one link is handled in the order in which it came. No more than its limit
//! is taken out of a queue to wait: the rest stays in the queue, where the sender sees it.

use super::super::message::{Channel, Message};
use super::super::queue::Queue;
use super::QueueLimits;
use super::shared::{Parcel, line};
use crate::models::Timestamp;
use tokio::sync::mpsc;

#[derive(Debug)]
pub(super) struct Inbox {
    /// By [`line()`].
    pub(super) lines: [Line; 3],
    pub(super) timers: Queue<Timer>,
}

#[derive(Debug)]
pub(super) struct Line {
    pub(super) queue: mpsc::Receiver<Parcel>,
    /// Taken out together, and not looked at yet.
    pub(super) batch: Vec<Parcel>,
    /// Not due yet, or held back.
    pub(super) waiting: Queue<Parcel>,
    limit: usize,
}

#[derive(Debug)]
pub(super) struct Timer(pub(super) Message);

/// What is handled next.
#[derive(Debug)]
pub(super) enum Next {
    Parcel(Channel, Parcel),
    Timer { due: Timestamp, message: Message },
}

/// Whether a node handles all that reaches it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Doors {
    /// Everything.
    Open,
    /// Nothing but reports: its commands wait for room.
    ReportsOnly,
}

impl Inbox {
    pub(super) fn new(queues: [mpsc::Receiver<Parcel>; 3], limits: &QueueLimits) -> Self {
        let mut limits = [limits.orders, limits.reports, limits.data].into_iter();
        let lines = queues.map(|queue| Line {
            queue,
            batch: Vec::new(),
            waiting: Queue::new(),
            limit: limits.next().expect("three of each"),
        });
        Self { lines, timers: Queue::new() }
    }

    /// What is handled next of what waits: a report that is due by the clock, or whatever is due first and by `limit`. What
    /// is not due by the clock keeps its order, or a node's time would run past its own timers.
    pub(super) fn next_due(&mut self, clock: Timestamp, limit: Timestamp, doors: Doors) -> Option<Next> {
        let reports_by = match doors {
            Doors::Open => clock,
            Doors::ReportsOnly => limit,
        };
        if let Some((_, parcel)) = self.lines[line(Channel::Reports)].waiting.pop_by(reports_by) {
            return Some(Next::Parcel(Channel::Reports, parcel));
        }
        if doors == Doors::ReportsOnly {
            return None;
        }
        let first = [Channel::Reports, Channel::Orders, Channel::Data]
            .map(|channel| (self.lines[line(channel)].waiting.next_due().unwrap_or(Timestamp::MAX), channel))
            .into_iter()
            .min_by_key(|(due, _)| *due)
            .expect("three channels");
        if self.timers.next_due().is_some_and(|due| due <= first.0) {
            let (due, timer) = self.timers.pop_by(limit)?;
            return Some(Next::Timer { due, message: timer.0 });
        }
        let (_, parcel) = self.lines[line(first.1)].waiting.pop_by(limit)?;
        Some(Next::Parcel(first.1, parcel))
    }

    /// When the first of what waits is due.
    pub(super) fn wake(&self, doors: Doors) -> Option<Timestamp> {
        let reports = self.lines[line(Channel::Reports)].waiting.next_due();
        match doors {
            Doors::ReportsOnly => reports,
            Doors::Open => {
                let lines = self.lines.iter().filter_map(|line| line.waiting.next_due());
                lines.chain(self.timers.next_due()).min()
            }
        }
    }

    /// Forgets all that waits or is still in the queues, which are closed: how many messages that was.
    pub(super) async fn discard(&mut self) -> u64 {
        let mut discarded = 0;
        for line in &mut self.lines {
            line.queue.close();
            discarded += (line.batch.len() + line.waiting.len()) as u64;
            while line.queue.recv().await.is_some() {
                discarded += 1;
            }
        }
        discarded
    }
}

impl Line {
    /// True while more may be taken out of the queue.
    pub(super) const fn has_room(&self) -> bool {
        self.waiting.len() < self.limit
    }

    /// Puts a message aside until it is due or the doors are open.
    pub(super) fn set_aside(&mut self, parcel: Parcel) {
        self.waiting.push(parcel.due, parcel);
    }
}
