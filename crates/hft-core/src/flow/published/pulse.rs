//! The rhythm of a model: an event, a nanosecond in which the book comes to rest, a waiting time at the rate that it then has.
//!
//! Messages without latency are all delivered at the moment at which they were sent, so a nanosecond later the model sees what its event
//! has done; drawn earlier, the wait would be at the rate from before.

use crate::flow::{Dice, exponential};
use crate::models::{Nanos, OrderId};
use crate::trader::Desk;

/// When a model's next event comes.
#[derive(Clone, Debug)]
pub(super) struct Pulse {
    /// Units of the model's time in a second.
    pub(super) pace: f64,
    pub(super) dice: Dice,
}

impl Pulse {
    /// The timer at which an event happens.
    pub(super) const EVENT: u32 = 0;
    /// The timer at which the book has come to rest.
    pub(super) const SETTLED: u32 = 1;

    /// Waits until the book has come to rest.
    pub(super) fn settle(&self, desk: &mut Desk<'_>) {
        desk.wake_at(desk.now() + Nanos::new(1), Self::SETTLED);
    }

    /// Draws when the next event comes, at this many a unit of time.
    pub(super) fn next(&mut self, rate: f64, desk: &mut Desk<'_>) {
        let now = desk.now();
        let wait = exponential(self.dice.at(now), rate * self.pace);
        desk.wake_at(now.after(wait), Self::EVENT);
    }
}

/// Cancels an order; one that does not work any more was filled while its report was on the way.
pub(super) fn take_out(desk: &mut Desk<'_>, id: OrderId) {
    if desk.order(id).is_some() {
        desk.cancel(id).expect("it works");
    }
}
