//! What a replay counted: how much history there was, and how far our trading pushed it off its record.

use serde::Serialize;
use std::sync::{Arc, Mutex, MutexGuard};

/// Counts of one replica of a market. Sizes are in lots.
///
/// Example: [`History`](super::History).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Tally {
    /// Recorded events that were played.
    pub events: u64,
    /// Times that a recorded order or trade met an order of ours: our fills as a maker.
    pub hits: u64,
    /// Their size: what others were given in the record and we took instead.
    pub displaced: u64,
    /// What our own aggressive orders took from history.
    pub taken: u64,
    /// Recorded events that found less of their order, or level, than the record says.
    pub clipped: u64,
    /// Recorded orders that had to be put back, at the end of their queue, since another was hit in the record.
    pub requeued: u64,
    /// What recorded orders traded among themselves on arrival: where a feed tells takers as orders, all its trades; elsewhere a
    /// crossed record.
    pub met: u64,
    /// Recorded events of orders that the record does not know.
    pub unknown: u64,
    /// Recorded events that do not lie on the tick or the lot.
    pub off_step: u64,
    /// Recorded orders that the venue refused.
    pub refused: u64,
}

/// The counts of all replicas, to be read when the run is over.
///
/// Example: [`History`](super::History).
#[derive(Clone, Debug, Default)]
pub struct Tallies(Arc<Mutex<Vec<Tally>>>);

impl Tallies {
    pub(super) fn of(replicas: usize) -> Self {
        Self(Arc::new(Mutex::new(vec![Tally::default(); replicas])))
    }

    /// The counts of each replica, in the order of the fill models.
    pub fn read(&self) -> Vec<Tally> {
        self.lock().clone()
    }

    pub(super) fn publish(&self, now: impl Iterator<Item = Tally>) {
        self.lock().iter_mut().zip(now).for_each(|(tally, now)| *tally = now);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Tally>> {
        self.0.lock().expect("nobody panics while counting")
    }
}

/// A size as a count.
pub(super) fn lots(qty: hft_core::models::Qty) -> u64 {
    u64::try_from(qty.lots()).unwrap_or(0)
}
