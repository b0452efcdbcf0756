//! Invariant: `next` is the first moment in the index, and the index names every live order that expires.
//!
//! Orders with an expiry, by the moment and then by arrival, so that what is due is found without looking at the rest.
//! Left out: the orders themselves, wherever they are.

use super::incoming::NEVER;
use crate::models::{OrderId, Timestamp};
use std::collections::BTreeSet;

/// When orders expire.
#[derive(Debug)]
pub(super) struct Expiries {
    index: BTreeSet<(Timestamp, u64, OrderId)>,
    next: Timestamp,
}

impl Expiries {
    pub(super) const fn new() -> Self {
        Self { index: BTreeSet::new(), next: NEVER }
    }

    /// The next moment at which an order expires.
    #[inline]
    pub(super) const fn next(&self) -> Timestamp {
        self.next
    }

    /// Orders that have expired at `now`, in order.
    pub(super) fn due(&self, now: Timestamp) -> impl Iterator<Item = OrderId> + '_ {
        self.index.iter().take_while(move |(expires, ..)| *expires <= now).map(|&(.., id)| id)
    }

    /// Adds an order with its expiry and its arrival; one that never expires is not kept.
    #[inline]
    pub(super) fn insert(&mut self, (expires, arrival): (Timestamp, u64), id: OrderId) {
        if expires != NEVER {
            self.index.insert((expires, arrival, id));
            self.next = self.next.min(expires);
        }
    }

    /// Takes out an order that was added with this expiry and arrival.
    #[inline]
    pub(super) fn remove(&mut self, (expires, arrival): (Timestamp, u64), id: OrderId) {
        if expires != NEVER {
            self.index.remove(&(expires, arrival, id));
            self.next = self.first();
        }
    }

    fn first(&self) -> Timestamp {
        self.index.first().map_or(NEVER, |&(expires, ..)| expires)
    }

    /// # Panics
    /// When `next` is not the first.
    pub(super) fn check(&self) {
        assert_eq!(self.first(), self.next, "the next expiry is the first");
    }
}
