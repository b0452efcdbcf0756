//! What orders say: how large they are, where they are placed, and how long those live that are cancelled.

use super::distribution::Histogram;
use super::trades::seconds;
use crate::event::OrderRef;
use crate::time::UnixNanos;
use rustc_hash::FxHashMap;

/// How many orders are followed at a time; of more the lives are not told.
const FOLLOWED_MAX: usize = 1 << 20;

#[derive(Clone, Debug, Default)]
pub(super) struct Orders {
    pub(super) sizes: Histogram,
    /// From the opposite touch, price steps.
    pub(super) distances: Histogram,
    pub(super) lives: Histogram,
    pub(super) added: u64,
    pub(super) cancelled: u64,
    born: FxHashMap<OrderRef, UnixNanos>,
}

impl Orders {
    /// An order came to rest, so far from the opposite touch where there was one.
    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    pub(super) fn add(&mut self, order: OrderRef, time: UnixNanos, qty: i64, distance: Option<i64>) {
        self.added += 1;
        self.sizes.see(qty as f64);
        if let Some(distance) = distance {
            self.distances.see(distance as f64);
        }
        if self.born.len() < FOLLOWED_MAX {
            self.born.insert(order, time);
        }
    }

    /// An order was cancelled, as far as it was still open.
    pub(super) fn cancel(&mut self, order: OrderRef, time: UnixNanos) {
        self.cancelled += 1;
        if let Some(born) = self.born.remove(&order) {
            self.lives.see(seconds(time, born));
        }
    }

    /// An order was executed to its end.
    pub(super) fn end(&mut self, order: OrderRef) {
        self.born.remove(&order);
    }

    /// Nothing is known of any order any more.
    pub(super) fn forget(&mut self) {
        self.born.clear();
    }
}
