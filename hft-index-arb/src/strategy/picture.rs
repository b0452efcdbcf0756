//! What the desk believes the three prices are: midpoint and half spread of each, in ticks of the index without its past dividends.

use crate::config::{EstimatorKind, IndexArbConfig};
use crate::model::inav::{Inav, Member};
use crate::scenario::{Contract, Market, Universe};
use hft_core::models::{Side, Timestamp};
use hft_core::trader::BookView;

/// One of the three things that are one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Asset {
    /// The constituents, bought or sold together.
    Basket,
    /// The fund.
    Etf,
    /// The future.
    Future,
}

/// What something costs to buy and brings when sold: the midpoint, and half of what is between.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Priced {
    pub(super) mid: f64,
    pub(super) half: f64,
}

/// The desk's picture of the market.
#[derive(Debug)]
pub(super) struct Picture {
    universe: Universe,
    estimator: EstimatorKind,
    inav: Inav,
    /// Half spreads of the constituents, ticks, and what they come to in the index.
    halves: Vec<f64>,
    half: f64,
    etf: Option<Priced>,
    future: Option<Priced>,
    /// How many ex-dates are over.
    ex_dates: usize,
}

/// A midpoint is off its value by about so many ticks.
const MID_NOISE: f64 = 0.7;

impl Picture {
    pub(super) fn new(config: &IndexArbConfig, universe: &Universe, market: &Market) -> Self {
        let members = universe.index.weights().enumerate().map(|(i, weight)| Member {
            weight,
            loading: universe.loadings[i],
            own: universe.own[i],
        });
        Self {
            inav: Inav::new(members.collect(), market.0.fundamental.volatility, MID_NOISE),
            estimator: config.estimator,
            halves: vec![0.0; universe.count()],
            half: 0.0,
            etf: None,
            future: None,
            ex_dates: 0,
            universe: universe.clone(),
        }
    }

    /// A book's new state; one that lacks a side says nothing.
    pub(super) fn hear(&mut self, now: Timestamp, contract: Contract, view: &BookView) {
        let (Some(bid), Some(ask)) = (view.best(Side::Buy), view.best(Side::Sell)) else { return };
        let (bid, ask) = (bid.price.ticks() as f64, ask.price.ticks() as f64);
        let priced = Priced { mid: (bid + ask) / 2.0, half: (ask - bid) / 2.0 };
        match contract {
            Contract::Constituent(i) => {
                self.inav.hear(i, now.to_secs_f64(), priced.mid);
                self.half += self.universe.index.per_unit(i) * (priced.half - self.halves[i]);
                self.halves[i] = priced.half;
            }
            Contract::Etf => self.etf = Some(priced),
            Contract::Future => self.future = Some(priced),
        }
    }

    /// The next ex-date is now: the last price of its constituent was one with the dividend.
    pub(super) fn ex_date(&mut self) {
        let ex = self.universe.ex_dates[self.ex_dates];
        self.ex_dates += 1;
        self.inav.restate(ex.constituent, -ex.ticks);
    }

    /// When the next ex-date is.
    pub(super) fn next_ex_date(&self) -> Option<Timestamp> {
        self.universe.ex_dates.get(self.ex_dates).map(|ex| ex.at)
    }

    /// What one of the three is worth at the moment; none before everything was seen.
    pub(super) fn priced(&self, now: Timestamp, asset: Asset) -> Option<Priced> {
        let years = self.universe.years(now);
        match asset {
            Asset::Basket => {
                let mid = match self.estimator {
                    EstimatorKind::Kalman => self.inav.aware(),
                    EstimatorKind::Naive => self.inav.naive(),
                };
                mid.map(|mid| Priced { mid, half: self.half })
            }
            Asset::Etf => {
                self.etf.map(|Priced { mid, half }| Priced { mid: mid - self.universe.carry.paid(years), half })
            }
            Asset::Future => {
                self.future.map(|Priced { mid, half }| Priced { mid: self.universe.carry.spot(mid, years), half })
            }
        }
    }

    /// Both estimates of the index, for people.
    pub(super) fn estimates(&self) -> [Option<f64>; 2] {
        [self.inav.naive(), self.inav.aware()]
    }
}
