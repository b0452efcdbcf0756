//! The flow of orders of a recording: how often, how far from the touch, how large, how long, and what the best queues do.
//!
//! Rates are counts over exposure: limit orders at a distance over time, cancels at a distance over the time that orders stood
//! there, market orders over time (Cont, Stoikov and Talreja 2010, section 3); events of a queue over the time that it had its
//! length (Huang, Lehalle and Rosenbaum 2015).
//!
//! Distances count from the opposite best price, in a spacing of the model's own: a model's step is rarely a tick.

use super::hawkes::Arrival;
use hft_core::models::{Price, Side, Top};
use hft_data::{Body, Event, Flags, ObservedBook, OrderRef, Resting, UnixNanos};
use std::collections::BTreeMap;

/// Distances that are told apart.
pub const DISTANCES: usize = 20;

/// Queues a side whose lengths are followed, from the touch outwards.
pub const QUEUES: usize = 3;

/// Lengths of a queue that are told apart, in units; longer ones count as the last.
pub const LENGTHS: usize = 20;

/// How many events the Hawkes process is fitted to: the first of the file, so that memory does not grow with it.
pub(super) const ARRIVALS_MAX: usize = 100_000;

/// How often the orders that stand are counted, ns.
const SAMPLE: u64 = 100_000_000;

/// A silence that is longer is not counted as time, s.
const SILENCE_MAX: f64 = 600.0;

/// How many events a queue had, by its length when they came.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct QueueCounts {
    /// Limit orders that joined it.
    pub limits: [f64; LENGTHS],
    /// Cancels in it.
    pub cancels: [f64; LENGTHS],
    /// Market orders that met it.
    pub markets: [f64; LENGTHS],
    /// For how long it had that length, s; both sides together.
    pub seconds: [f64; LENGTHS],
}

/// In what units distances, sizes and queues are counted, in steps of the recording.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Units {
    /// Price steps to a step of the model.
    pub spacing: i64,
    /// Size steps to a unit of the model.
    pub unit: i64,
}

/// Follows the events of one instrument, order by order.
#[derive(Clone, Debug)]
pub struct FlowCollector {
    units: Units,
    book: ObservedBook,
    /// Orders that stand, by price.
    counts: [BTreeMap<Price, u32>; 2],
    first: Option<UnixNanos>,
    last: UnixNanos,
    sampled: u64,
    /// Where the queues stood after the last event, and how long.
    queues: [[Option<(Price, usize)>; QUEUES]; 2],
    pub(super) seconds: f64,
    pub(super) limits: [f64; DISTANCES],
    pub(super) cancels: [f64; DISTANCES],
    pub(super) order_seconds: [f64; DISTANCES],
    /// All limit orders, cancels, and the time that orders stood, whatever the distance.
    pub(super) all: [f64; 3],
    pub(super) markets: f64,
    trade: Option<(UnixNanos, Side)>,
    pub(super) tables: [QueueCounts; QUEUES],
    pub(super) arrivals: Vec<Arrival>,
    pub(super) is_of_levels: bool,
}

impl FlowCollector {
    /// One that counts in these units.
    pub fn new(units: Units) -> Self {
        Self {
            units,
            book: ObservedBook::default(),
            counts: Default::default(),
            first: None,
            last: UnixNanos::UNKNOWN,
            sampled: 0,
            queues: [[None; QUEUES]; 2],
            seconds: 0.0,
            limits: [0.0; DISTANCES],
            cancels: [0.0; DISTANCES],
            order_seconds: [0.0; DISTANCES],
            all: [0.0; 3],
            markets: 0.0,
            trade: None,
            tables: [QueueCounts::default(); QUEUES],
            arrivals: Vec::new(),
            is_of_levels: false,
        }
    }

    /// Looks at one event.
    pub fn see(&mut self, event: &Event) {
        self.pass(event.local_time);
        let is_image = event.flags.has(Flags::SNAPSHOT);
        match event.body {
            Body::Add { order: _, side, price, .. } if !is_image => self.limit(side, price),
            Body::Delete { order, resting, .. } | Body::Reduce { order, resting, .. } if !is_image => {
                self.cancel(self.place(order, resting));
            }
            Body::Replace { order, price, .. } => {
                let at = self.place(order, None);
                self.cancel(at);
                if let Some(at) = at {
                    self.limit(at.side, price);
                }
            }
            Body::Modify { order, side, price, .. } => {
                self.cancel(self.place(order, None));
                self.limit(side, price);
            }
            Body::Execute { order, resting, .. } if !event.flags.has(Flags::CROSS) => {
                self.market(event.local_time, self.place(order, resting));
            }
            Body::ExecuteAt { order, .. } => self.market(event.local_time, self.place(order, None)),
            Body::Level { .. } if !is_image => self.is_of_levels = true,
            Body::Add { .. }
            | Body::Delete { .. }
            | Body::Reduce { .. }
            | Body::Execute { .. }
            | Body::Level { .. }
            | Body::HiddenTrade { .. }
            | Body::Trade { .. }
            | Body::Bust { .. }
            | Body::Quote { .. }
            | Body::Clear(_)
            | Body::Status(_)
            | Body::Notice(_) => {}
        }
        self.follow(event);
        if event.flags.has(Flags::LAST) {
            self.look();
        }
    }

    /// Time goes by: the queues keep their lengths, and now and then the orders that stand are counted.
    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    fn pass(&mut self, now: UnixNanos) {
        if self.first.is_none() {
            (self.first, self.last) = (Some(now), now);
        }
        let wait = now.minus(self.last).max(0) as f64 * 1e-9;
        self.last = self.last.max(now);
        if wait > SILENCE_MAX {
            return;
        }
        self.seconds += wait;
        self.all[2] += wait * self.book.orders() as f64;
        for (table, queue) in self.queues.iter().flat_map(|side| side.iter().enumerate()) {
            if let Some((_, length)) = queue {
                self.tables[table].seconds[*length] += wait;
            }
        }
        if now.nanos() / SAMPLE > self.sampled {
            let steps = if self.sampled == 0 { 0 } else { now.nanos() / SAMPLE - self.sampled };
            self.sampled = now.nanos() / SAMPLE;
            self.count_standing(steps as f64 * SAMPLE as f64 * 1e-9);
        }
    }

    fn count_standing(&mut self, held: f64) {
        for side in Side::BOTH {
            let Some(best) = self.book.best(side.opposite()) else { continue };
            let counts = &self.counts[side.index()];
            let reach = i64::try_from(DISTANCES).expect("few") * self.units.spacing;
            let end = Price::new(best.price.ticks() - reach * side.sign());
            let (low, high) = if end < best.price { (end, best.price) } else { (best.price, end) };
            for (price, count) in counts.range(low..=high) {
                if let Some(distance) = distance(self.units.spacing, side, *price, best.price) {
                    self.order_seconds[distance] += held * f64::from(*count);
                }
            }
        }
    }

    fn place(&self, order: OrderRef, told: Option<Resting>) -> Option<Resting> {
        told.or_else(|| self.book.order(order).map(|(at, _)| at))
    }

    fn limit(&mut self, side: Side, price: Price) {
        self.arrive(0, side);
        self.all[0] += 1.0;
        let Some(best) = self.book.best(side.opposite()) else { return };
        if let Some(distance) = distance(self.units.spacing, side, price, best.price) {
            self.limits[distance] += 1.0;
        }
        if let Some((table, length)) = self.queue(side, price) {
            self.tables[table].limits[length] += 1.0;
        }
    }

    fn cancel(&mut self, at: Option<Resting>) {
        let Some(Resting { side, price }) = at else { return };
        self.arrive(2, side);
        self.all[1] += 1.0;
        let Some(best) = self.book.best(side.opposite()) else { return };
        if let Some(distance) = distance(self.units.spacing, side, price, best.price) {
            self.cancels[distance] += 1.0;
        }
        if let Some((table, length)) = self.queue(side, price) {
            self.tables[table].cancels[length] += 1.0;
        }
    }

    /// An execution; those of one moment against one side are one market order.
    fn market(&mut self, now: UnixNanos, at: Option<Resting>) {
        let Some(Resting { side, price }) = at else { return };
        if self.trade.replace((now, side)) == Some((now, side)) {
            return;
        }
        self.markets += 1.0;
        self.arrive(1, side.opposite());
        if let Some((table, length)) = self.queue(side, price) {
            self.tables[table].markets[length] += 1.0;
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    fn arrive(&mut self, kind: usize, side: Side) {
        if self.arrivals.len() < ARRIVALS_MAX {
            self.arrivals.push(Arrival { time: self.seconds, kind: 2 * kind + side.index() });
        }
    }

    /// The queue at a price, and its length.
    fn queue(&self, side: Side, price: Price) -> Option<(usize, usize)> {
        let queues = self.queues[side.index()].iter().enumerate();
        queues
            .into_iter()
            .find_map(|(at, queue)| queue.filter(|(level, _)| *level == price).map(|(_, long)| (at, long)))
    }

    /// Changes the book, and the count of its orders at each price.
    fn follow(&mut self, event: &Event) {
        let order = match event.body {
            Body::Add { order, .. }
            | Body::Reduce { order, .. }
            | Body::Delete { order, .. }
            | Body::Replace { order, .. }
            | Body::Modify { order, .. }
            | Body::Execute { order, .. }
            | Body::ExecuteAt { order, .. } => Some(order),
            Body::Clear(_) => {
                self.counts = Default::default();
                None
            }
            Body::HiddenTrade { .. }
            | Body::Trade { .. }
            | Body::Bust { .. }
            | Body::Level { .. }
            | Body::Quote { .. }
            | Body::Status(_)
            | Body::Notice(_) => None,
        };
        let other = if let Body::Replace { by, .. } = event.body { Some(by) } else { None };
        let named = || order.into_iter().chain(other);
        let before: Vec<_> = named().map(|order| self.place(order, None)).collect();
        // What does not fit is counted by whoever looks for traps.
        let _ = self.book.apply(event);
        for (order, was) in named().zip(before) {
            let is = self.place(order, None);
            if was != is {
                was.into_iter().for_each(|at| self.stand(at, -1));
                is.into_iter().for_each(|at| self.stand(at, 1));
            }
        }
    }

    /// So many orders more stand at a price.
    fn stand(&mut self, at: Resting, more: i32) {
        let counts = &mut self.counts[at.side.index()];
        let count = counts.entry(at.price).or_default();
        *count = count.saturating_add_signed(more);
        if *count == 0 {
            counts.remove(&at.price);
        }
    }

    /// Where the first queues of each side stand now.
    fn look(&mut self) {
        let Top { bid: Some(bid), ask: Some(ask) } = self.book.top() else { return };
        if bid.price >= ask.price {
            return;
        }
        for side in Side::BOTH {
            let mut queues = [None; QUEUES];
            for (queue, quote) in queues.iter_mut().zip(self.book.levels(side)) {
                let units = usize::try_from(quote.qty.lots().max(1) / self.units.unit.max(1)).unwrap_or(usize::MAX);
                let rest = quote.qty.lots() % self.units.unit.max(1) != 0;
                let length = units.saturating_add(usize::from(rest)).clamp(1, LENGTHS) - 1;
                *queue = Some((quote.price, length));
            }
            self.queues[side.index()] = queues;
        }
    }
}

/// Steps from the opposite best price, counted from zero for the first; nothing beyond the last, or through the price.
fn distance(spacing: i64, side: Side, price: Price, opposite: Price) -> Option<usize> {
    let away = (opposite.ticks() - price.ticks()) * side.sign();
    let class = usize::try_from((away - 1).div_euclid(spacing.max(1))).ok()?;
    (class < DISTANCES).then_some(class)
}
