//! What each fill was worth later: `s (m(t + h) - p)` per lot, at five horizons.
//!
//! `m(t + h)` is the midpoint after everything that happened up to and including `t + h`. A fill whose horizon ends after
//! the run is counted as such and in no sum. Values are in half ticks per lot, exact; a report divides.
//!
//! A pending fill waits in a ring; one cursor per horizon walks over it. The ring holds the fills of the longest horizon
//! and no more, and reuses its memory.

use super::attribution::AttributedFill;
use crate::models::{BookId, HalfTicks, Nanos, OrderId, Timestamp, TradeId};
use std::collections::VecDeque;

/// The horizons of the table of markouts.
pub const MARKOUT_HORIZONS: [Nanos; 5] =
    [Nanos::from_millis(10), Nanos::from_millis(100), Nanos::from_secs(1), Nanos::from_secs(10), Nanos::from_secs(60)];

/// One line of the table of markouts.
///
/// Example: [`Markouts`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct MarkoutTally {
    /// Fills whose horizon passed.
    pub fills: u64,
    /// Fills that the run was too short for.
    pub too_short: u64,
    /// Lots of the fills whose horizon passed.
    pub lots: i128,
    /// Sum over fills of the markout of one lot, in half ticks.
    pub sum: i128,
    /// Sum of the squares of those, for the standard error; saturates.
    pub sum_of_squares: i128,
    /// Sum over fills of size times markout, in half ticks times lots.
    pub weighted_sum: i128,
}

/// One fill's markout at one horizon.
///
/// Example: [`Markouts`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Markout {
    /// In which book.
    pub book: BookId,
    /// Which trade.
    pub trade: TradeId,
    /// Which of its two orders.
    pub order: OrderId,
    /// How long after the fill.
    pub horizon: Nanos,
    /// Gained per lot since the fill's price, in half ticks.
    pub per_lot: HalfTicks,
}

/// A fill, and what names it.
///
/// Example: [`Markouts`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NamedFill {
    /// In which book.
    pub book: BookId,
    /// Which trade.
    pub trade: TradeId,
    /// Which of its two orders.
    pub order: OrderId,
    /// The fill.
    pub fill: AttributedFill,
}

/// More fills wait for their markouts than the ring holds.
///
/// Example: [`Markouts`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("more than {} fills within the longest markout horizon", Markouts::PENDING_MAX)]
pub struct MarkoutsFull;

/// The markouts of one account at one book.
///
/// ```
/// use hft_core::account::{AttributedFill, MARKOUT_HORIZONS, Markout, Markouts, MarkoutsFull, NamedFill};
/// use hft_core::models::*;
/// # let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
/// let (side, price, qty) = (Side::Buy, Price::new(99), Qty::new(2));
/// let mid = |level| Price::new(level).half_ticks();
/// let fill = AttributedFill { time: Timestamp::START, side, price, qty, mid: mid(100), fee: Cash::ZERO };
/// let mut markouts = Markouts::default();
/// markouts.on_fill(NamedFill { book, trade: TradeId(1), order: OrderId(1), fill })?;
///
/// let mut settled = Vec::new();
/// let mut each = |markout: &Markout| Ok::<(), MarkoutsFull>(settled.push(*markout));
/// markouts.on_mid(Timestamp::START, mid(101), &mut each)?;
/// markouts.end(Timestamp::START + MARKOUT_HORIZONS[0], &mut each)?;
/// assert_eq!(settled[0].per_lot, HalfTicks::new(4), "bought two ticks below the midpoint that held");
/// assert_eq!((markouts.tallies()[0].fills, markouts.tallies()[1].too_short), (1, 1));
/// # Ok::<(), MarkoutsFull>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Markouts {
    pending: VecDeque<NamedFill>,
    /// Number of the first pending fill among all fills.
    first: u64,
    /// For each horizon: number of the first fill that waits for it.
    next: [u64; MARKOUT_HORIZONS.len()],
    tallies: [MarkoutTally; MARKOUT_HORIZONS.len()],
    mid: Option<HalfTicks>,
}

impl Markouts {
    /// How many fills may wait for their longest horizon.
    pub const PENDING_MAX: usize = 1 << 20;

    /// A fill. Fills come in the order of their times.
    ///
    /// # Errors
    /// When [`Markouts::PENDING_MAX`] wait already.
    pub fn on_fill(&mut self, fill: NamedFill) -> Result<(), MarkoutsFull> {
        if self.pending.len() >= Self::PENDING_MAX {
            return Err(MarkoutsFull);
        }
        self.mid.get_or_insert(fill.fill.mid);
        self.pending.push_back(fill);
        Ok(())
    }

    /// The midpoint is now this; `each` hears of every markout that this settles.
    ///
    /// # Errors
    /// The first one that `each` returns.
    pub fn on_mid<E>(
        &mut self,
        now: Timestamp,
        mid: HalfTicks,
        each: impl FnMut(&Markout) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.mid == Some(mid) {
            return Ok(());
        }
        let settled = self.settle(each, |fill, horizon| now.since(fill) > horizon);
        self.mid = Some(mid);
        settled
    }

    /// The run ended at `end`: what is due is settled at the last midpoint, the rest is counted as too short.
    ///
    /// # Errors
    /// The first one that `each` returns.
    pub fn end<E>(&mut self, end: Timestamp, each: impl FnMut(&Markout) -> Result<(), E>) -> Result<(), E> {
        let settled = self.settle(each, |fill, horizon| fill <= end && end.since(fill) >= horizon);
        let total = self.first + count(self.pending.len());
        for (tally, next) in self.tallies.iter_mut().zip(&mut self.next) {
            tally.too_short += total - *next;
            *next = total;
        }
        self.first = total;
        self.pending.clear();
        settled
    }

    /// The table, one line for each of [`MARKOUT_HORIZONS`].
    pub const fn tallies(&self) -> &[MarkoutTally; MARKOUT_HORIZONS.len()] {
        &self.tallies
    }

    /// How many fills wait.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Settles, at the midpoint that held so far, every markout that is due.
    fn settle<E>(
        &mut self,
        mut each: impl FnMut(&Markout) -> Result<(), E>,
        is_due: impl Fn(Timestamp, Nanos) -> bool,
    ) -> Result<(), E> {
        let Some(mid) = self.mid else { return Ok(()) };
        let mut outcome = Ok(());
        for (index, horizon) in MARKOUT_HORIZONS.into_iter().enumerate() {
            while let Some(&named) = self.pending.get(position(self.next[index] - self.first)) {
                if !is_due(named.fill.time, horizon) {
                    break;
                }
                self.next[index] += 1;
                let per_lot = self.tallies[index].add(&named.fill, mid);
                let NamedFill { book, trade, order, .. } = named;
                if outcome.is_ok() {
                    outcome = each(&Markout { book, trade, order, horizon, per_lot });
                }
            }
        }
        let done = self.next.iter().copied().min().expect("there are horizons");
        while self.first < done {
            self.pending.pop_front();
            self.first += 1;
        }
        outcome
    }
}

impl MarkoutTally {
    fn add(&mut self, fill: &AttributedFill, mid: HalfTicks) -> HalfTicks {
        let per_lot = (mid - fill.price.half_ticks()).count() * i128::from(fill.side.sign());
        let lots = i128::from(fill.qty.lots());
        self.fills += 1;
        self.lots += lots;
        self.sum += per_lot;
        self.sum_of_squares = self.sum_of_squares.saturating_add(per_lot.saturating_mul(per_lot));
        self.weighted_sum += per_lot * lots;
        HalfTicks::new(per_lot)
    }
}

fn position(offset: u64) -> usize {
    usize::try_from(offset).expect("the ring fits in memory")
}

fn count(len: usize) -> u64 {
    u64::try_from(len).expect("a length fits")
}
