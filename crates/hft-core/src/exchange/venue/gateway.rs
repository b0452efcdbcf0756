//! The venue's inbound stage: one server with a service rate, so that a burst delays everybody.
//!
//! A command that arrives at `a` leaves at `max(a, previous departure) + service`: with Poisson arrivals this is the
//! M/D/1 queue. A symmetric speed bump is a delay on every command; it does not occupy the server. An asymmetric one holds only
//! those who might take: others overtake them on their way to the server.

use crate::models::{Command, Nanos, Timestamp};
use crate::risk::Approved;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// What a venue does to every command on its way in.
///
/// Example: [`VenueConfig`](super::VenueConfig).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gateway {
    /// Time the gateway takes for one command, in ns; zero: no queue.
    pub service_ns: u64,
    /// Speed bump: every command is held this long before it queues, in ns.
    pub delay_ns: u64,
    /// Asymmetric speed bump: new orders that are not post-only are held this much longer, in ns; cancels, amends and post-only
    /// orders pass.
    pub taker_delay_ns: u64,
    /// How many commands may wait; one more is refused with `capacity`.
    pub max_waiting: usize,
}

impl Default for Gateway {
    fn default() -> Self {
        Self { service_ns: 0, delay_ns: 0, taker_delay_ns: 0, max_waiting: 100_000 }
    }
}

impl Gateway {
    /// True when commands pass straight through.
    pub const fn is_immediate(&self) -> bool {
        self.service_ns == 0 && self.delay_ns == 0 && self.taker_delay_ns == 0
    }
}

/// Commands between arrival and departure.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// With the time at which each may go to the server, in that order; at one time, in order of arrival.
    queue: VecDeque<(Timestamp, Approved<Command>)>,
    /// When the server was free last.
    last_departure: Timestamp,
    /// For when a timer is set.
    timer: Option<Timestamp>,
}

impl Waiting {
    /// Queues a command, or gives it back when the queue is full.
    pub(super) fn arrive(
        &mut self,
        now: Timestamp,
        command: Approved<Command>,
        gateway: &Gateway,
    ) -> Result<(), Approved<Command>> {
        if self.queue.len() >= gateway.max_waiting {
            return Err(command);
        }
        let may_take = matches!(command.get(), Command::New(order) if !order.post_only);
        let held = if may_take { gateway.taker_delay_ns } else { 0 };
        let ready = now + Nanos::new(gateway.delay_ns) + Nanos::new(held);
        // Whoever is held longest is at the end already, so this looks at few.
        let place = self.queue.iter().rposition(|(other, _)| *other <= ready).map_or(0, |before| before + 1);
        self.queue.insert(place, (ready, command));
        Ok(())
    }

    /// For when a timer has to be set, if none of the timers that are set comes soon enough.
    pub(super) fn timer(&mut self, gateway: &Gateway) -> Option<Timestamp> {
        let departure = self.departure(gateway)?;
        if self.timer.is_some_and(|set| set <= departure) {
            return None;
        }
        self.timer = Some(departure);
        self.timer
    }

    /// A timer came.
    pub(super) fn timer_came(&mut self, now: Timestamp) {
        self.timer.take_if(|set| *set <= now);
    }

    /// When the next command's service ends.
    fn departure(&self, gateway: &Gateway) -> Option<Timestamp> {
        let (ready, _) = self.queue.front()?;
        Some((*ready).max(self.last_departure) + Nanos::new(gateway.service_ns))
    }

    /// The next command whose service has ended by `now`.
    pub(super) fn serve(&mut self, now: Timestamp, gateway: &Gateway) -> Option<Approved<Command>> {
        let departure = self.departure(gateway).filter(|departure| *departure <= now)?;
        self.last_departure = departure;
        self.queue.pop_front().map(|(_, command)| command)
    }
}
