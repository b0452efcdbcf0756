//! What is looked at alike in every world: one book's midpoints around a moment, and where things are.

use hft_core::account::MARKOUT_HORIZONS;
use hft_core::models::{BookId, HalfTicks, Nanos, Timestamp};
use hft_core::world::{Directory, Node, NodeId};

/// How long before the moment the path begins.
const BEFORE: Nanos = Nanos::from_secs(2);

/// Midpoints of one book, change by change, from a little before a moment to the last horizon after it.
#[derive(Debug)]
pub(super) struct MidPath {
    from: Timestamp,
    to: Timestamp,
    changes: Vec<(Timestamp, HalfTicks)>,
}

impl MidPath {
    pub(super) fn around(moment: Timestamp) -> Self {
        let last = MARKOUT_HORIZONS[MARKOUT_HORIZONS.len() - 1];
        let from = Timestamp::new(moment.nanos().saturating_sub(BEFORE.count()));
        Self { from, to: moment.after(last), changes: Vec::new() }
    }

    /// The midpoint after a delivery to the venue; `None` leaves the last one standing.
    pub(super) fn see(&mut self, now: Timestamp, mid: Option<HalfTicks>) {
        let Some(mid) = mid.filter(|_| now <= self.to) else { return };
        match self.changes.last_mut() {
            Some((_, last)) if *last == mid => {}
            // Before the window only the latest is worth keeping; within one moment, its last.
            Some((at, last)) if now < self.from || *at == now => (*at, *last) = (now, mid),
            _ => self.changes.push((now, mid)),
        }
    }

    /// The midpoint after everything up to and including a moment.
    pub(super) fn at(&self, moment: Timestamp) -> Option<HalfTicks> {
        let after = self.changes.partition_point(|(time, _)| *time <= moment);
        after.checked_sub(1).map(|last| self.changes[last].1)
    }

    /// Every change within the window.
    pub(super) fn changes(&self) -> &[(Timestamp, HalfTicks)] {
        &self.changes
    }
}

/// A book by its names.
pub(super) fn book_named(who: &Directory, symbol: &str, venue: &str) -> Option<BookId> {
    let listing = who
        .listings()
        .iter()
        .find(|listing| listing.instrument.symbol() == symbol && who.venue(listing.book.venue) == venue);
    listing.map(|listing| listing.book)
}

/// The node of the venue that runs a book.
pub(super) fn venue_of(nodes: &[Node], book: BookId) -> Option<NodeId> {
    let runs = |node: &Node| node.as_venue().is_some_and(|venue| venue.books().any(|(listed, ..)| listed == book));
    nodes.iter().position(runs).map(|at| NodeId(u32::try_from(at).expect("node ids are 32 bits")))
}
