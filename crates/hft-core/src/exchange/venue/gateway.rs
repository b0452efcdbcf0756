//! The venue's inbound stage: one server with a service rate, so that a burst delays everybody.
//!
//! A command that arrives at `a` leaves at `max(a, previous departure) + service`: with Poisson arrivals this is the
//! M/D/1 queue. A symmetric speed bump is a delay on every command; it does not occupy the server.

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
    /// How many commands may wait; one more is refused with `capacity`.
    pub max_waiting: usize,
}

impl Default for Gateway {
    fn default() -> Self {
        Self { service_ns: 0, delay_ns: 0, max_waiting: 100_000 }
    }
}

impl Gateway {
    /// True when commands pass straight through.
    pub const fn is_immediate(&self) -> bool {
        self.service_ns == 0 && self.delay_ns == 0
    }
}

/// Commands between arrival and departure.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    queue: VecDeque<(Timestamp, Approved<Command>)>,
    last_departure: Timestamp,
}

impl Waiting {
    /// Queues a command and says when it leaves, or gives it back when the queue is full.
    pub(super) fn arrive(
        &mut self,
        now: Timestamp,
        command: Approved<Command>,
        gateway: &Gateway,
    ) -> Result<Timestamp, Approved<Command>> {
        if self.queue.len() >= gateway.max_waiting {
            return Err(command);
        }
        let ready = now + Nanos::new(gateway.delay_ns);
        let departure = ready.max(self.last_departure) + Nanos::new(gateway.service_ns);
        self.last_departure = departure;
        self.queue.push_back((departure, command));
        Ok(departure)
    }

    /// The next command whose service has ended by `now`.
    pub(super) fn serve(&mut self, now: Timestamp) -> Option<Approved<Command>> {
        let (departure, _) = self.queue.front()?;
        if *departure > now { None } else { self.queue.pop_front().map(|(_, command)| command) }
    }
}
