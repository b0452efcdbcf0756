//! From a size in quanta to lots of every leg.
//!
//! A *quantum* is one lot of the fund, a fifth of a unit: the finest size in which the desk can hold anything but the future. The basket
//! of each size is the one of whole lots that tracks the index best.

use super::picture::Asset;
use crate::config::IndexArbConfig;
use crate::model::basket::Tracking;
use crate::scenario::{ETF_LOTS, Market, UNIT_TICK, Universe};

/// A constituent's tick, currency.
const STOCK_TICK: f64 = 0.01;

/// The baskets of all sizes that may be held.
#[derive(Debug)]
pub(super) struct Lots {
    /// By quanta, lots of each constituent.
    baskets: Vec<Vec<i64>>,
}

impl Lots {
    pub(super) fn new(config: &IndexArbConfig, universe: &Universe, market: &Market) -> Self {
        let most = i64::from(config.units_max) * ETF_LOTS;
        let volatility = market.0.fundamental.volatility;
        let basket = |quanta: i64| {
            // One unit moves by UNIT_TICK when the index moves by a tick.
            let units = quanta as f64 / ETF_LOTS as f64;
            let tracking = Tracking {
                ideal: universe.index.weights().map(|weight| units * weight * UNIT_TICK / STOCK_TICK).collect(),
                loading: universe.loadings.iter().map(|loading| loading * STOCK_TICK).collect(),
                own: universe.own.iter().map(|own| own * STOCK_TICK).collect(),
                factor_variance: volatility * volatility,
            };
            tracking.best()
        };
        Self { baskets: (0..=most).map(basket).collect() }
    }

    /// Lots of every leg that `quanta` of an asset are, in the order of the contracts: constituents, fund, future.
    pub(super) fn add(&self, asset: Asset, quanta: i64, legs: &mut [i64]) {
        let [stocks @ .., etf, future] = legs else { unreachable!("fund and future are legs") };
        match asset {
            Asset::Basket => {
                let size = usize::try_from(quanta.abs()).expect("it was just made positive");
                for (leg, lots) in stocks.iter_mut().zip(&self.baskets[size.min(self.baskets.len() - 1)]) {
                    *leg += quanta.signum() * lots;
                }
            }
            Asset::Etf => *etf += quanta,
            Asset::Future => *future += whole(quanta),
        }
    }
}

/// Futures that are nearest to so many quanta.
pub(super) fn whole(quanta: i64) -> i64 {
    (quanta + quanta.signum() * (ETF_LOTS / 2)) / ETF_LOTS
}
