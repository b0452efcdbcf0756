//! How a node's task lets its machine handle things.
//!
//! Invariant: the machine is called from one place, with a time that never goes back, and every call is in the digest and
//! in the journal before it is made.

use super::super::message::{Channel, Machine, Message, NodeId, Outgoing, Route};
use super::super::run::{Delivery, Origin, RunError, handle_caught};
use super::EARLY;
use super::inbox::{Doors, Next, Timer};
use super::node::{More, NodeTask, Stage};
use super::shared::{Parcel, line};
use crate::models::Timestamp;

impl<N: Machine> NodeTask<N> {
    /// Tells the machine what to send again.
    pub(super) fn ask_again(&mut self) {
        while let Some(message) = self.post.next_resend() {
            self.deliver(Timestamp::START, self.post.id, Origin::Driver, message, None);
        }
    }

    /// Handles what has waited and is due, a batch at most.
    pub(super) fn handle_waiting(&mut self) -> More {
        for _ in 0..self.batch {
            if self.stage == Stage::Over {
                return More::NothingDue;
            }
            let (clock, doors) = (self.post.shared.clock(), self.doors());
            match self.inbox.next_due(clock, clock + EARLY, doors) {
                None => return More::NothingDue,
                Some(Next::Parcel(channel, parcel)) => self.handle(channel, parcel, None),
                Some(Next::Timer { due, message }) => self.deliver(due, self.post.id, Origin::Timer, message, None),
            }
        }
        More::Due
    }

    /// Handles what was taken out of a queue together; sets aside what is not due, what is early and has something before
    /// it, and what is not to be handled now.
    pub(super) fn handle_batch(&mut self, channel: Channel) {
        let received = self.post.shared.clock();
        let mut batch = std::mem::take(&mut self.inbox.lines[line(channel)].batch);
        for parcel in batch.drain(..) {
            let held = channel != Channel::Reports && self.post.is_blocked() || self.stage == Stage::Over;
            let early = parcel.due > received
                && (parcel.due > received + EARLY || self.inbox.wake(Doors::Open).is_some_and(|due| due < parcel.due));
            let line = &mut self.inbox.lines[line(channel)];
            if held || early || !line.waiting.is_empty() {
                line.set_aside(parcel);
            } else {
                self.handle(channel, parcel, Some(received));
            }
        }
        self.inbox.lines[line(channel)].batch = batch;
    }

    fn handle(&mut self, channel: Channel, parcel: Parcel, received: Option<Timestamp>) {
        let Parcel { due, from, link, message } = parcel;
        self.deliver(due, from, Origin::Link { link, channel }, message, received);
        self.post.shared.land(1);
    }

    /// One delivery. `received` is when market data was taken out of its queue, if it is handled at once.
    pub(super) fn deliver(
        &mut self,
        due: Timestamp,
        from: NodeId,
        origin: Origin,
        message: Message,
        received: Option<Timestamp>,
    ) {
        let clock = self.post.shared.clock();
        self.now = self.now.max(clock).max(due);
        if origin == Origin::Timer {
            self.timer_lateness.record(clock.since(due));
        }
        let (now, to) = (self.now, self.post.id);
        self.digest.absorb(now, from, &message);
        self.stats.count(origin);
        self.post.shared.record(&Delivery { now, to, from, origin, message: &message }, self.digest.value());
        let handled = handle_caught(&mut self.machine, now, from, message, &mut self.mail);
        let tick = received.filter(|_| matches!(origin, Origin::Link { channel: Channel::Data, .. }));
        self.send_mail(now, tick);
        let node = || self.post.shared.name(to).to_owned();
        let error = match (handled, self.mail.take_failure()) {
            (Ok(()), None) => None,
            (Ok(()), Some(error)) => Some(RunError::Failed { node: node(), error }),
            (Err(text), _) => Some(RunError::Panicked { node: node(), text }),
        };
        if let Some(error) = error {
            self.post.shared.fail(error);
            self.stage = Stage::Over;
        }
        if origin == Origin::Timer && self.timers_end.is_some() {
            self.post.shared.land(1);
        }
    }

    /// Sends what the machine said. `tick` is when the market data that it answers was taken out of its queue.
    fn send_mail(&mut self, now: Timestamp, tick: Option<Timestamp>) {
        for Outgoing { route, message } in self.mail.drain() {
            match route {
                Route::Link(link) => {
                    let channel = self.post.send(now, link, message, &mut self.stats);
                    if let Some(tick) = tick
                        && channel == Channel::Orders
                        && !self.post.is_blocked()
                    {
                        self.wire_to_order.record(self.post.shared.clock().since(tick));
                    }
                }
                Route::At(when) if self.timers_end.is_some_and(|end| when.max(now) > end) => {
                    self.stats.timers_discarded += 1;
                }
                Route::At(when) => {
                    self.inbox.timers.push(when.max(now), Timer(message));
                    self.post.shared.launch(u64::from(self.timers_end.is_some()));
                }
            }
        }
    }
}
