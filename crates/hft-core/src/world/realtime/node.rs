//! One node's task: take what has come, let the machine handle it, send what it says, wait.
//!
//! Invariant: between two waits nothing awaits; and what is waited for while commands have no room includes reports.

use super::super::digest::NodeDigest;
use super::super::histogram::Histogram;
use super::super::message::{Channel, Machine, Mail, Message, NodeId};
use super::super::queue::Queue;
use super::super::run::{Origin, SETTLE, Stats};
use super::EARLY;
use super::inbox::{Doors, Inbox};
use super::post::Post;
use super::shared::Phase;
use crate::models::Timestamp;
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Sleep;

pub(super) struct NodeTask<N> {
    pub(super) machine: N,
    pub(super) inbox: Inbox,
    pub(super) post: Post,
    phase: watch::Receiver<Phase>,
    pub(super) stage: Stage,
    /// One until the stop has been handled: it is in the count of what is in flight.
    stops_owed: u64,
    /// From the stop on, timers count as in flight, and those due later than this are discarded.
    pub(super) timers_end: Option<Timestamp>,
    pub(super) mail: Mail,
    pub(super) batch: usize,
    pub(super) now: Timestamp,
    pub(super) digest: NodeDigest,
    pub(super) stats: Stats,
    pub(super) timer_lateness: Histogram,
    pub(super) wire_to_order: Histogram,
    sleep: Pin<Box<Sleep>>,
    /// When `sleep` ends, if it is to be waited for.
    alarm: Option<Timestamp>,
}

/// What a task ends with.
pub(super) struct Returned<N> {
    pub(super) id: NodeId,
    pub(super) machine: N,
    pub(super) digest: NodeDigest,
    pub(super) stats: Stats,
    pub(super) now: Timestamp,
    pub(super) sent: u64,
    pub(super) timer_lateness: Histogram,
    pub(super) wire_to_order: Histogram,
}

/// How far the node itself is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stage {
    Running,
    Stopped,
    /// Its machine failed, or the run is over.
    Over,
}

/// What woke the task.
enum Woken {
    Received(Channel),
    Phase,
    Other,
}

/// Whether anything more is due.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum More {
    Due,
    NothingDue,
}

impl<N: Machine> NodeTask<N> {
    pub(super) fn new(machine: N, inbox: Inbox, post: Post, phase: watch::Receiver<Phase>, batch: usize) -> Self {
        Self {
            machine,
            inbox,
            post,
            phase,
            stage: Stage::Running,
            stops_owed: 1,
            timers_end: None,
            mail: Mail::new(),
            batch,
            now: Timestamp::START,
            digest: NodeDigest::new(),
            stats: Stats::default(),
            timer_lateness: Histogram::new(),
            wire_to_order: Histogram::new(),
            sleep: Box::pin(tokio::time::sleep(Duration::ZERO)),
            alarm: None,
        }
    }

    pub(super) async fn run(mut self) -> Returned<N> {
        self.deliver(Timestamp::START, self.post.id, Origin::Driver, Message::Start, None);
        while self.stage != Stage::Over {
            if self.phase.has_changed().unwrap_or(true) {
                self.follow_phase();
            }
            self.post.send_kept();
            self.ask_again();
            let more = self.handle_waiting();
            match self.wait(more).await {
                Woken::Received(channel) => self.handle_batch(channel),
                Woken::Phase => self.follow_phase(),
                Woken::Other => {}
            }
            tokio::task::yield_now().await; // others take what was sent before more is sent
        }
        self.leave().await
    }

    fn follow_phase(&mut self) {
        let gone = self.phase.has_changed().is_err();
        let phase = *self.phase.borrow_and_update();
        match phase {
            Phase::Running if !gone => {}
            Phase::Stopping(at) if !gone && self.stage == Stage::Running => self.stop(at),
            Phase::Stopping(_) if !gone => {}
            Phase::Running | Phase::Stopping(_) | Phase::Leaving => self.stage = Stage::Over,
        }
    }

    /// Tells the machine to stop. From here on, its timers count as in flight, and late ones are discarded.
    fn stop(&mut self, at: Timestamp) {
        let timers_end = Timestamp::new(at.nanos().saturating_add(SETTLE.count()));
        let mut kept = Queue::new();
        while let Some((due, timer)) = self.inbox.timers.pop_by(timers_end) {
            kept.push(due, timer);
        }
        self.stats.timers_discarded += self.inbox.timers.len() as u64;
        self.post.shared.launch(kept.len() as u64);
        self.inbox.timers = kept;
        self.timers_end = Some(timers_end);
        self.stage = Stage::Stopped;
        self.post.forget_losses();
        self.deliver(at, self.post.id, Origin::Driver, Message::Stop, None);
        self.post.shared.land(std::mem::take(&mut self.stops_owed));
    }

    pub(super) fn doors(&self) -> Doors {
        if self.post.is_blocked() { Doors::ReportsOnly } else { Doors::Open }
    }

    /// Waits for something to do: a message, room for a command, the next due time, the run's end.
    async fn wait(&mut self, more: More) -> Woken {
        if self.stage == Stage::Over {
            return Woken::Other;
        }
        let doors = self.doors();
        let due = self.inbox.wake(doors).map(|due| Timestamp::new(due.nanos().saturating_sub(EARLY.count())));
        self.set_alarm(due.into_iter().chain(self.post.next_resend_at()).min());
        let [orders, reports, data] = &mut self.inbox.lines;
        let open = doors == Doors::Open;
        tokio::select! {
            biased;
            _ = reports.queue.recv_many(&mut reports.batch, self.batch), if reports.has_room() => {
                Woken::Received(Channel::Reports)
            }
            () = self.post.room(), if !open => Woken::Other,
            _ = orders.queue.recv_many(&mut orders.batch, self.batch), if open && orders.has_room() => {
                Woken::Received(Channel::Orders)
            }
            _ = data.queue.recv_many(&mut data.batch, self.batch), if open && data.has_room() => {
                Woken::Received(Channel::Data)
            }
            () = std::future::ready(()), if more == More::Due => Woken::Other,
            () = self.sleep.as_mut(), if self.alarm.is_some() => {
                self.alarm = None;
                Woken::Other
            }
            _ = self.phase.changed() => Woken::Phase,
        }
    }

    fn set_alarm(&mut self, alarm: Option<Timestamp>) {
        if let Some(time) = alarm
            && alarm != self.alarm
        {
            self.sleep.as_mut().reset(self.post.shared.instant(time));
        }
        self.alarm = alarm;
    }

    /// Closes the queues, takes what is lost with them off the count, and gives the machine back.
    async fn leave(mut self) -> Returned<N> {
        let timers = if self.timers_end.is_some() { self.inbox.timers.len() as u64 } else { 0 };
        let lost = self.post.discard() + self.inbox.discard().await;
        self.post.shared.land(lost + timers + self.stops_owed);
        Returned {
            id: self.post.id,
            machine: self.machine,
            digest: self.digest,
            stats: self.stats,
            now: self.now,
            sent: self.post.sent,
            timer_lateness: self.timer_lateness,
            wire_to_order: self.wire_to_order,
        }
    }
}
