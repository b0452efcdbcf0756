//! The coarsest steps in which a recording can be told: the tick and the lot, as far as the data shows them.
//!
//! A reader counts in its format's resolution, since a stream does not know the tick before its end; a matching book wants
//! ticks. One pass through a file finds the greatest common divisor of all prices that rested and of all sizes.

use crate::event::{Body, Event};
use crate::formats::lobster::seed_order;
use crate::instruments::InstrumentInfo;
use hft_core::models::{Decimal, Price, Qty};
use serde::Serialize;

/// What the prices and sizes of one instrument have in common.
///
/// ```
/// use hft_core::models::{Price, Qty, Side};
/// use hft_data::{Body, Event, InstrumentIndex, Steps, UnixNanos};
/// let mut steps = Steps::default();
/// let level = |price, qty| {
///     let body = Body::Level { side: Side::Buy, price: Price::new(price), qty: Qty::new(qty) };
///     Event::at(UnixNanos::new(1), InstrumentIndex(0), body)
/// };
/// steps.see(&level(5_853_300, 18));
/// steps.see(&level(5_853_000, 150));
/// assert_eq!((steps.price(), steps.qty()), (300, 6));
/// let coarse = steps.rescale(&level(5_853_300, 18)).expect("on the steps");
/// assert_eq!(coarse.body, Body::Level { side: Side::Buy, price: Price::new(19_511), qty: Qty::new(3) });
/// assert_eq!(steps.rescale(&level(5_853_301, 18)), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Steps {
    resting: i64,
    traded: i64,
    qty: i64,
}

impl Steps {
    /// Looks at one event.
    pub fn see(&mut self, event: &Event) {
        let (mut prices, mut qtys, mut trade) = ([0; 2], [0; 2], 0);
        match event.body {
            Body::Add { price, qty, .. }
            | Body::Modify { price, qty, .. }
            | Body::Replace { price, qty, .. }
            | Body::Level { price, qty, .. } => (prices[0], qtys[0]) = (price.ticks(), qty.lots()),
            Body::Quote { bid, bid_qty, ask, ask_qty } => {
                prices = [bid.ticks(), ask.ticks()];
                qtys = [bid_qty.lots(), ask_qty.lots()];
            }
            Body::Reduce { by: qty, .. } | Body::Delete { qty, .. } | Body::Execute { qty, .. } => {
                qtys[0] = qty.lots();
            }
            Body::ExecuteAt { qty, price, .. }
            | Body::HiddenTrade { price, qty, .. }
            | Body::Trade { price, qty, .. } => {
                (trade, qtys[0]) = (price.ticks(), qty.lots());
            }
            Body::Bust { .. } | Body::Clear(_) | Body::Status(_) | Body::Notice(_) => {}
        }
        for price in prices {
            self.resting = divisor(self.resting, price);
        }
        for qty in qtys {
            self.qty = divisor(self.qty, qty);
        }
        self.traded = divisor(self.traded, trade);
    }

    /// What two parts of a recording have in common.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let pairs = [(self.resting, other.resting), (self.traded, other.traded), (self.qty, other.qty)];
        let [resting, traded, qty] = pairs.map(|(a, b)| divisor(a, b));
        Self { resting, traded, qty }
    }

    /// What all resting prices are a multiple of, in the instrument's steps; that of traded ones where nothing rested.
    pub fn price(&self) -> i64 {
        if self.resting > 0 { self.resting } else { self.traded.max(1) }
    }

    /// What all sizes are a multiple of, in the instrument's steps.
    pub fn qty(&self) -> i64 {
        self.qty.max(1)
    }

    /// The tick and the lot, as decimals.
    pub fn decimals(&self, info: &InstrumentInfo) -> (Decimal, Decimal) {
        let times = |count: i64, step: Decimal| {
            let mantissa = count.checked_mul(step.mantissa()).unwrap_or(i64::MAX);
            Decimal::new(mantissa, step.scale())
        };
        (times(self.price(), info.price_step), times(self.qty(), info.qty_step))
    }

    /// The event counted in these steps; `None` where it does not lie on them, as hidden trades at a midpoint may not.
    pub fn rescale(&self, event: &Event) -> Option<Event> {
        let price = |price: Price| exact(price.ticks(), self.price()).map(Price::new);
        let qty = |qty: Qty| exact(qty.lots(), self.qty()).map(Qty::new);
        let mut event = *event;
        match &mut event.body {
            Body::Add { order, side, price: at, qty: size } => {
                let is_seed = *order == seed_order(*side, *at);
                (*at, *size) = (price(*at)?, qty(*size)?);
                if is_seed {
                    *order = seed_order(*side, *at); // its name is its price
                }
            }
            Body::Modify { price: at, qty: size, .. }
            | Body::Replace { price: at, qty: size, .. }
            | Body::Level { price: at, qty: size, .. }
            | Body::ExecuteAt { price: at, qty: size, .. }
            | Body::HiddenTrade { price: at, qty: size, .. }
            | Body::Trade { price: at, qty: size, .. } => (*at, *size) = (price(*at)?, qty(*size)?),
            Body::Reduce { by: size, resting, .. }
            | Body::Delete { qty: size, resting, .. }
            | Body::Execute { qty: size, resting, .. } => {
                *size = qty(*size)?;
                if let Some(resting) = resting {
                    resting.price = price(resting.price)?;
                }
            }
            Body::Quote { bid, bid_qty, ask, ask_qty } => {
                (*bid, *ask) = (price(*bid)?, price(*ask)?);
                (*bid_qty, *ask_qty) = (qty(*bid_qty)?, qty(*ask_qty)?);
            }
            Body::Bust { .. } | Body::Clear(_) | Body::Status(_) | Body::Notice(_) => {}
        }
        Some(event)
    }
}

fn exact(value: i64, step: i64) -> Option<i64> {
    (value % step == 0).then(|| value / step)
}

/// The greatest common divisor of what was seen and one value more; zeros say nothing.
fn divisor(known: i64, value: i64) -> i64 {
    let (mut a, mut b) = (known.unsigned_abs(), value.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i64::try_from(a).unwrap_or(i64::MAX)
}
