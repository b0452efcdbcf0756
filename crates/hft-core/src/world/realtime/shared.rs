//! What the tasks of one run share: the clock, the queues' ends, the count of what is in flight, the journal, the failure.
//!
//! Invariant: `in_flight` counts every message from before it is sent until all that its receiver said in answer is
//! counted, and one for every node that has not handled its stop. So when it is zero, nothing will happen any more.

use super::super::digest::Digest;
use super::super::journal::{JournalError, JournalWriter};
use super::super::message::{Channel, LinkId, Message, NodeId};
use super::super::run::{Delivery, RunError};
use crate::models::Timestamp;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

/// Where the run is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    Running,
    /// Every node is told to stop, at this time.
    Stopping(Timestamp),
    /// Every task returns its node.
    Leaving,
}

/// A message in a queue.
#[derive(Debug)]
pub(super) struct Parcel {
    pub(super) due: Timestamp,
    pub(super) from: NodeId,
    pub(super) link: LinkId,
    pub(super) message: Message,
}

/// The sending ends of one node's queues, by channel.
pub(super) type Queues = [mpsc::Sender<Parcel>; 3];

#[derive(Debug)]
pub(super) struct Shared {
    names: Vec<String>,
    queues: Vec<Queues>,
    start: Instant,
    in_flight: AtomicU64,
    settled: Notify,
    journal: Option<Mutex<JournalWriter>>,
    failure: Mutex<Option<RunError>>,
    failed: Notify,
}

impl Shared {
    pub(super) fn new(names: Vec<String>, queues: Vec<Queues>, journal: Option<JournalWriter>) -> Self {
        Self {
            in_flight: AtomicU64::new(names.len() as u64),
            names,
            queues,
            start: now(),
            settled: Notify::new(),
            journal: journal.map(Mutex::new),
            failure: Mutex::new(None),
            failed: Notify::new(),
        }
    }

    /// Time since the start of the run.
    pub(super) fn clock(&self) -> Timestamp {
        Timestamp::new(u64::try_from((now() - self.start).as_nanos()).expect("a run lasts less than 584 years"))
    }

    /// When the clock will show this; a far future for what is beyond it.
    pub(super) fn instant(&self, time: Timestamp) -> Instant {
        const YEAR: Duration = Duration::from_secs(365 * 24 * 3_600);
        self.start + Duration::from_nanos(time.nanos()).min(YEAR)
    }

    pub(super) fn name(&self, node: NodeId) -> &str {
        &self.names[node.0 as usize]
    }

    /// The sending end of a node's queue.
    pub(super) fn queue(&self, node: NodeId, channel: Channel) -> mpsc::Sender<Parcel> {
        self.queues[node.0 as usize][line(channel)].clone()
    }

    /// Counts so many messages that are about to be sent.
    pub(super) fn launch(&self, count: u64) {
        if count > 0 {
            self.in_flight.fetch_add(count, Ordering::AcqRel);
        }
    }

    /// Takes so many off the count: handled, with all that was said in answer counted; or lost.
    pub(super) fn land(&self, count: u64) {
        if count > 0 && self.in_flight.fetch_sub(count, Ordering::AcqRel) == count {
            self.settled.notify_one();
        }
    }

    /// Ready when nothing is in flight any more.
    pub(super) async fn settled(&self) {
        self.settled.notified().await;
    }

    /// Ends the run. The first failure is kept.
    pub(super) fn fail(&self, error: RunError) {
        self.failure.lock().expect("nobody panics while holding it").get_or_insert(error);
        self.failed.notify_one();
    }

    /// Ready when the run has failed.
    pub(super) async fn failed(&self) {
        self.failed.notified().await;
    }

    pub(super) fn take_failure(&self) -> Option<RunError> {
        self.failure.lock().expect("nobody panics while holding it").take()
    }

    /// Records a delivery, where there is a journal.
    pub(super) fn record(&self, delivery: &Delivery<'_>, digest: Digest) {
        self.journal(|journal| journal.handled(delivery, digest));
    }

    /// Records that a message was dropped.
    pub(super) fn record_drop(&self, from: NodeId, link: LinkId, number: u64) {
        self.journal(|journal| journal.dropped(from, link, number));
    }

    /// Hands the journal's buffer to its file.
    pub(super) fn hand_over(&self) {
        self.journal(JournalWriter::hand_over);
    }

    fn journal(&self, write: impl FnOnce(&mut JournalWriter) -> Result<(), JournalError>) {
        let Some(journal) = &self.journal else { return };
        let mut journal: MutexGuard<'_, JournalWriter> = journal.lock().expect("nobody panics while holding it");
        if journal.has_failed() {
            return; // the run is ending for that
        }
        if let Err(error) = write(&mut journal) {
            drop(journal);
            self.fail(error.into());
        }
    }

    /// Completes the journal: with the run's digest where all nodes are known, else as it is.
    pub(super) fn close(&self, digests: Option<&Vec<Digest>>) -> Result<(), JournalError> {
        let Some(journal) = &self.journal else { return Ok(()) };
        let mut journal = journal.lock().expect("nobody panics while holding it");
        match digests {
            Some(digests) if !journal.has_failed() => journal.end(Digest::of_nodes(digests.iter().copied())),
            Some(_) | None => journal.flush(),
        }
    }
}

/// The index of a channel's queue.
pub(super) const fn line(channel: Channel) -> usize {
    match channel {
        Channel::Orders => 0,
        Channel::Reports => 1,
        Channel::Data => 2,
    }
}

/// The one place in which a clock is read. It is tokio's, so that tests can hold it.
fn now() -> Instant {
    Instant::now()
}
