//! The stylised facts of an order book: one pass through the events of one instrument, in constant memory.
//!
//! Invariant: a recording and a simulated run go through this same code, event by event, so what differs between two tables of
//! facts differs between the markets.
//!
//! What is looked at follows Cont (2001) for returns, Bouchaud, Gefen, Potters and Wyart (2004) for trades and their response,
//! Cont, Kukanov and Stoikov (2014) for the flow of orders. Integers become floats here, for statistics only.
//!
//! What a recording cannot tell stays untold: a book of levels knows no orders, so neither sizes nor lives of them.

mod distribution;
mod facts;
mod imbalance;
mod orders;
mod returns;
mod trades;

pub use distribution::Distribution;
pub use facts::{Curve, FlowFit, StylisedFacts};
pub use returns::VOLATILITY_LAGS;
pub use trades::TRADE_LAGS;

use crate::book::ObservedBook;
use crate::event::{Body, ClearReason, Event, Flags, OrderRef};
use crate::steps::Steps;
use crate::time::UnixNanos;
use distribution::Histogram;
use hft_core::models::{Price, Quote, Side, Top};
use imbalance::Imbalance;
use orders::Orders;
use returns::Returns;
use trades::{Trades, seconds};

/// Levels a side that are looked at.
const LEVELS: usize = 10;

/// The depth is looked at so often at most, ns.
const DEPTH_EVERY: u64 = 100_000_000;

/// A state that held for longer is not counted: the recording was silent, s.
const HELD_MAX: f64 = 3_600.0;

/// Gathers the facts of one instrument.
///
/// ```
/// use hft_core::models::{Decimal, Price, Qty, Side};
/// use hft_data::{Body, Event, Instruments, OrderRef, StylisedCollector, UnixNanos};
/// let mut instruments = Instruments::default();
/// let x = instruments.index_of("X", "0.01".parse()?, Decimal::ONE).expect("room for one");
/// let mut collector = StylisedCollector::default();
/// let add = |at, order, side, price| {
///     let body = Body::Add { order: OrderRef(order), side, price: Price::new(price), qty: Qty::new(5) };
///     Event::at(UnixNanos::new(at), x, body)
/// };
/// collector.see(&add(1, 1, Side::Buy, 99));
/// collector.see(&add(2, 2, Side::Sell, 103));
/// collector.see(&add(1_000_000_002, 3, Side::Sell, 102));
/// let facts = collector.conclude(instruments.get(x));
/// let spread = facts.spread.expect("there was one");
/// assert_eq!((spread.mean(), facts.order_size.map(|sizes| sizes.count)), (4.0, Some(3)));
/// # Ok::<(), hft_core::models::DecimalError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct StylisedCollector {
    book: ObservedBook,
    steps: Steps,
    events: u64,
    first: Option<UnixNanos>,
    last: UnixNanos,
    top: Top,
    /// Since when the touch is so.
    held: UnixNanos,
    prices: (f64, f64),
    spreads: Histogram,
    touch: Histogram,
    depth: [(f64, f64); LEVELS],
    depth_seen: u64,
    orders: Orders,
    trades: Trades,
    gaps: Histogram,
    changed: Option<UnixNanos>,
    returns: Returns,
    imbalance: Imbalance,
    has_quotes: bool,
    has_executions: bool,
}

impl StylisedCollector {
    /// Looks at one event.
    pub fn see(&mut self, event: &Event) {
        let now = event.local_time;
        self.events += 1;
        self.first.get_or_insert(now);
        self.last = self.last.max(now);
        self.steps.see(event);
        self.sample_depth(now);
        let is_image = event.flags.has(Flags::SNAPSHOT);
        match event.body {
            Body::Quote { .. } => return self.quote(event),
            Body::Trade { qty, aggressor: Some(side), .. }
                if !self.has_executions && !event.flags.has(Flags::CROSS) && !is_image =>
            {
                self.trades.see(now, side, qty.lots(), half_steps(self.top));
            }
            Body::HiddenTrade { qty, aggressor: Some(side), .. } => {
                self.trades.see(now, side, qty.lots(), half_steps(self.top));
            }
            Body::Execute { .. } | Body::ExecuteAt { .. } => self.execution(event),
            Body::Clear(reason) => {
                self.orders.forget();
                if reason == ClearReason::Gap {
                    self.top = Top::default();
                }
            }
            Body::Add { .. }
            | Body::Reduce { .. }
            | Body::Delete { .. }
            | Body::Replace { .. }
            | Body::Modify { .. } => {
                if !is_image {
                    self.order(event);
                }
            }
            Body::Trade { .. }
            | Body::HiddenTrade { .. }
            | Body::Bust { .. }
            | Body::Level { .. }
            | Body::Status(_)
            | Body::Notice(_) => {}
        }
        let is_change = event.body.kind() < 7 || matches!(event.body, Body::Level { .. } | Body::Clear(_));
        if is_change {
            self.change(event, is_image);
        }
    }

    /// The book changes.
    fn change(&mut self, event: &Event, is_image: bool) {
        let now = event.local_time;
        // What does not fit is counted by whoever looks for traps; the book does what makes sense.
        let _ = self.book.apply(event);
        if let Body::Execute { order, .. } | Body::ExecuteAt { order, .. } = event.body
            && self.book.order(order).is_none()
        {
            self.orders.end(order);
        }
        if !event.flags.has(Flags::LAST) || matches!(event.body, Body::Clear(_)) {
            return;
        }
        if !is_image {
            if let Some(changed) = self.changed {
                self.gaps.see(seconds(now, changed));
            }
            self.changed = Some(now);
        }
        if !self.has_quotes {
            self.touch(now, self.book.top());
        }
    }

    /// What an order's own event says of orders.
    fn order(&mut self, event: &Event) {
        let now = event.local_time;
        match event.body {
            Body::Add { order, side, price, qty } => self.add(order, now, (side, price), qty.lots()),
            Body::Replace { order, by, price, qty } => {
                let side = self.book.order(order).map(|(at, _)| at.side);
                self.orders.cancel(order, now);
                if let Some(side) = side {
                    self.add(by, now, (side, price), qty.lots());
                }
            }
            Body::Modify { order, side, price, qty } => {
                // A change that keeps its place is no new order.
                let keeps = self.book.order(order).is_some_and(|(at, open)| at.price == price && qty <= open);
                if !keeps {
                    self.orders.cancel(order, now);
                    self.add(order, now, (side, price), qty.lots());
                }
            }
            Body::Delete { order, .. } => self.orders.cancel(order, now),
            Body::Reduce { .. }
            | Body::Execute { .. }
            | Body::ExecuteAt { .. }
            | Body::HiddenTrade { .. }
            | Body::Trade { .. }
            | Body::Bust { .. }
            | Body::Level { .. }
            | Body::Quote { .. }
            | Body::Clear(_)
            | Body::Status(_)
            | Body::Notice(_) => {}
        }
    }

    fn add(&mut self, order: OrderRef, now: UnixNanos, (side, price): (Side, Price), qty: i64) {
        let opposite = self.book.best(side.opposite());
        let distance = opposite.map(|quote| (quote.price.ticks() - price.ticks()) * side.sign());
        self.orders.add(order, now, qty, distance.filter(|distance| *distance > 0));
    }

    /// A resting order was executed: whoever did it came from the other side.
    fn execution(&mut self, event: &Event) {
        self.has_executions = true;
        let (Body::Execute { order, qty, .. } | Body::ExecuteAt { order, qty, .. }) = event.body else { return };
        let told = if let Body::Execute { resting, .. } = event.body { resting } else { None };
        let known = told.or_else(|| self.book.order(order).map(|(at, _)| at));
        if let Some(at) = known.filter(|_| !event.flags.has(Flags::CROSS)) {
            self.trades.see(event.local_time, at.side.opposite(), qty.lots(), half_steps(self.top));
        }
    }

    fn quote(&mut self, event: &Event) {
        self.has_quotes = true;
        if let Body::Quote { bid, bid_qty, ask, ask_qty } = event.body {
            let side = |price, qty: hft_core::models::Qty| qty.is_positive().then_some(Quote { price, qty });
            self.touch(event.local_time, Top { bid: side(bid, bid_qty), ask: side(ask, ask_qty) });
        }
    }

    /// The touch is now this.
    fn touch(&mut self, now: UnixNanos, top: Top) {
        if let Some(spread) = spread(self.top) {
            let held = seconds(now, self.held);
            if held <= HELD_MAX {
                self.spreads.weigh(spread, held);
                self.prices.0 += held;
                self.prices.1 += held * half_steps(self.top).map_or(0.0, halves);
            }
        }
        self.held = now;
        if top != self.top {
            self.returns.see(now, top);
            self.top = top;
            self.imbalance.see(top);
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    fn sample_depth(&mut self, now: UnixNanos) {
        let at = now.nanos() / DEPTH_EVERY;
        if at <= self.depth_seen || spread(self.top).is_none() {
            return;
        }
        self.depth_seen = at;
        for side in Side::BOTH {
            for ((count, sum), quote) in self.depth.iter_mut().zip(self.book.levels(side)) {
                *count += 1.0;
                *sum += quote.qty.lots() as f64;
            }
            if let Some(quote) = self.top.side(side) {
                self.touch.see(quote.qty.lots() as f64);
            }
        }
    }
}

/// Twice the midpoint, where both sides are there and do not cross.
fn half_steps(top: Top) -> Option<i64> {
    let Top { bid: Some(bid), ask: Some(ask) } = top else { return None };
    (bid.price < ask.price).then(|| bid.price.ticks().saturating_add(ask.price.ticks()))
}

#[allow(clippy::cast_precision_loss, reason = "statistics")]
fn spread(top: Top) -> Option<f64> {
    let Top { bid: Some(bid), ask: Some(ask) } = top else { return None };
    (bid.price < ask.price).then(|| ask.price.ticks() as f64 - bid.price.ticks() as f64)
}

#[allow(clippy::cast_precision_loss, reason = "statistics")]
fn halves(half_steps: i64) -> f64 {
    half_steps as f64 / 2.0
}
