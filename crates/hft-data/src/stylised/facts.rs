//! The facts as they are told, and how they come from what was gathered.

use super::distribution::Distribution;
use super::returns::{HORIZONS, SIGNATURE};
use super::trades::seconds;
use super::{LEVELS, StylisedCollector, TRADE_LAGS, VOLATILITY_LAGS};
use crate::instruments::InstrumentInfo;
use serde::{Deserialize, Serialize};

/// What a quantity was at each of some places: lags, levels, intervals.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Curve {
    /// Where.
    pub at: Vec<f64>,
    /// What; nothing where too little was seen.
    pub value: Vec<Option<f64>>,
}

/// The regression of price changes on order-flow imbalance, over windows of 10 s.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct FlowFit {
    /// Ticks a lot.
    pub slope: f64,
    /// The share of the variance that it explains.
    pub r2: f64,
    /// Slope times twice the mean size at the touch: 1 in a book that is as deep everywhere as at its touch.
    pub depth_slope: f64,
    /// How many windows.
    pub windows: u64,
}

/// The facts. Prices in ticks, sizes in lots, time in seconds.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct StylisedFacts {
    /// The instrument.
    pub symbol: String,
    /// Events.
    pub events: u64,
    /// From the first to the last.
    pub seconds: f64,
    /// The tick, in the currency: what all resting prices are a multiple of.
    pub tick: f64,
    /// The mean price, in ticks.
    pub price: f64,
    /// Best ask less best bid, by the time that it held.
    pub spread: Option<Distribution>,
    /// The mean size at each level from the touch outwards.
    pub depth: Curve,
    /// The size at the touch, either side.
    pub touch: Option<Distribution>,
    /// Sizes of orders that came to rest.
    pub order_size: Option<Distribution>,
    /// How far from the opposite touch they came to rest.
    pub placement: Option<Distribution>,
    /// Sizes of trades.
    pub trade_size: Option<Distribution>,
    /// Time from one change of the book to the next.
    pub event_gap: Option<Distribution>,
    /// Time from one trade to the next.
    pub trade_gap: Option<Distribution>,
    /// How long orders stood that were cancelled.
    pub cancel_time: Option<Distribution>,
    /// Cancelled orders over orders that came to rest.
    pub cancel_ratio: Option<f64>,
    /// Autocorrelation of the signs of trades, by trades.
    pub trade_signs: Curve,
    /// How far the midpoint goes a trade's way, by trades.
    pub response: Curve,
    /// Excess kurtosis of returns, by horizon.
    pub kurtosis: Curve,
    /// Autocorrelation of absolute returns of a second, by seconds.
    pub volatility: Curve,
    /// Realised variance a second, by sampling interval.
    pub signature: Curve,
    /// Price changes and the flow of orders.
    pub flow: Option<FlowFit>,
    /// How well the imbalance at the touch tells the next move: area under the curve, one half where it does not.
    pub imbalance_auc: Option<f64>,
}

impl StylisedCollector {
    /// What was seen, in ticks and lots as far as the events show them.
    pub fn conclude(mut self, info: &InstrumentInfo) -> StylisedFacts {
        self.touch(self.last, self.top);
        self.returns.advance(self.last);
        self.trades.close();
        #[allow(clippy::cast_precision_loss, reason = "statistics")]
        let (tick, lot) = (self.steps.price() as f64, self.steps.qty() as f64);
        let (price, size) = (1.0 / tick, 1.0 / lot);
        let ladder = |count: usize| (1..=count).map(as_float).collect::<Vec<_>>();
        let lags = |lags: &[usize]| lags.iter().map(|lag| as_float(*lag)).collect::<Vec<_>>();
        let grid = |steps: &[u64]| steps.iter().map(|steps| *steps as f64 * 0.1).collect::<Vec<_>>();
        let has_book = self.depth[0].0 > 0.0;
        let depth = self.depth.iter().map(|(count, sum)| (*count > 0.0).then(|| sum / count * size));
        let touch = self.touch.conclude(size);
        let flow = self.returns.flow().map(|(slope, r2, windows)| {
            let slope = slope * price / size;
            FlowFit { slope, r2, depth_slope: slope * 2.0 * touch.as_ref().map_or(0.0, Distribution::mean), windows }
        });
        let told = |values: Vec<f64>, enough: bool| values.into_iter().map(|value| enough.then_some(value)).collect();
        let many = self.trades.count > 200;
        let scaled = |values: Vec<Option<f64>>, by: f64| values.into_iter().map(|v| v.map(|v| v * by)).collect();
        StylisedFacts {
            symbol: info.symbol.clone(),
            events: self.events,
            seconds: self.first.map_or(0.0, |first| seconds(self.last, first)),
            tick: info.price_step.to_f64() * tick,
            price: if self.prices.0 > 0.0 { self.prices.1 / self.prices.0 * price } else { 0.0 },
            spread: self.spreads.conclude(price),
            depth: if has_book { Curve { at: ladder(LEVELS), value: depth.collect() } } else { Curve::default() },
            touch,
            order_size: self.orders.sizes.conclude(size),
            placement: self.orders.distances.conclude(price),
            trade_size: self.trades.sizes.conclude(size),
            event_gap: self.gaps.conclude(1.0),
            trade_gap: self.trades.gaps.conclude(1.0),
            cancel_time: self.orders.lives.conclude(1.0),
            cancel_ratio: (self.orders.added > 0).then(|| ratio(self.orders.cancelled, self.orders.added)),
            trade_signs: Curve { at: lags(&TRADE_LAGS), value: told(self.trades.sign_correlation(), many) },
            response: Curve {
                at: lags(&TRADE_LAGS),
                value: told(self.trades.response().into_iter().map(|r| r * price).collect(), many),
            },
            kurtosis: Curve { at: grid(&HORIZONS), value: self.returns.kurtosis() },
            volatility: Curve {
                at: lags(&VOLATILITY_LAGS),
                value: told(self.returns.volatility_correlation(), self.last_second() > 120.0),
            },
            signature: Curve { at: grid(&SIGNATURE), value: scaled(self.returns.signature(), price * price) },
            flow,
            imbalance_auc: self.imbalance.area(),
        }
    }

    fn last_second(&self) -> f64 {
        self.first.map_or(0.0, |first| seconds(self.last, first))
    }
}

#[allow(clippy::cast_precision_loss, reason = "statistics")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

#[allow(clippy::cast_precision_loss, reason = "small")]
fn as_float(count: usize) -> f64 {
    count as f64
}
