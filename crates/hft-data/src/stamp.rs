//! When a message was sent and received: what every event of a venue's JSON carries.

use crate::event::{Body, Event, Flags, InstrumentIndex};
use crate::time::UnixNanos;

/// When a message was sent and received.
#[derive(Clone, Copy)]
pub(crate) struct Stamp {
    pub(crate) exchange: UnixNanos,
    pub(crate) local: UnixNanos,
}

impl Stamp {
    /// The venue's time, where the message has it, and the recorder's; without a recorder the venue's for both.
    pub(crate) fn of(exchange: Option<UnixNanos>, local: Option<UnixNanos>) -> Result<Self, &'static str> {
        let exchange = exchange.unwrap_or(UnixNanos::UNKNOWN);
        let local = local.unwrap_or(exchange);
        if local.is_known() { Ok(Self { exchange, local }) } else { Err("a time, of the recorder or the venue") }
    }

    /// The same with the venue's time in milliseconds.
    pub(crate) fn of_millis(exchange: Option<u64>, local: Option<UnixNanos>) -> Result<Self, &'static str> {
        Self::of(exchange.and_then(UnixNanos::from_millis), local)
    }

    pub(crate) const fn event(self, instrument: InstrumentIndex, flags: Flags, body: Body) -> Event {
        Event { exchange_time: self.exchange, local_time: self.local, instrument, flags, body }
    }
}
