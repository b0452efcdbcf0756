//! The truth: what the contracts are, and what they are worth at any time, as functions of the seed.
//!
//! The value of constituent `i` is `p_i + b_i F + X_i`, less its dividends: one common factor `F` and a random walk `X_i` of its own. The fund is worth the
//! index with its dividends kept, the future the index carried to its expiry; each with a mispricing of its own, which comes back.

use super::{ETF, FIRST, FUTURE, Market};
use crate::config::IndexArbConfig;
use crate::model::carry::{Carry, Dividend};
use crate::model::index::Index;
use hft_core::flow::{FactorValue, Fundamental, FundamentalConfig, Regime};
use hft_core::models::{HalfTicks, InstrumentId, Nanos, News, Price, Timestamp};

/// Days of carry in a year.
const DAYS_OF_A_YEAR: f64 = 365.0;

/// One of the contracts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Contract {
    /// A constituent, from zero.
    Constituent(usize),
    /// The fund.
    Etf,
    /// The future.
    Future,
}

/// What the index is made of, and what carries it.
#[derive(Clone, PartialEq, Debug)]
pub struct Universe {
    /// First prices of the constituents, ticks.
    pub prices: Vec<Price>,
    /// The index, in ticks of its own from prices in ticks.
    pub index: Index,
    /// Ticks that a constituent moves when the common factor moves by one.
    pub loadings: Vec<f64>,
    /// Volatility of their own parts, ticks a square root of a second.
    pub own: Vec<f64>,
    /// Which of them are published slowly.
    pub slow: Vec<bool>,
    /// From index to future, in index ticks and years.
    pub carry: Carry,
    /// Ex-dates: when, whose, and how much, ticks.
    pub ex_dates: Vec<ExDate>,
    seconds_of_a_year: f64,
}

/// A constituent's price falls.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ExDate {
    /// When.
    pub at: Timestamp,
    /// Whose.
    pub constituent: usize,
    /// By how many ticks.
    pub ticks: f64,
}

impl Contract {
    /// Its symbol.
    pub fn symbol(self) -> String {
        match self {
            Contract::Constituent(i) => format!("S{:02}", i + 1),
            Contract::Etf => ETF.to_owned(),
            Contract::Future => FUTURE.to_owned(),
        }
    }
}

/// Evenly from `low` to `high`, in an order in which neighbours are not alike.
fn spread(i: usize, count: usize, stride: usize, [low, high]: [f64; 2]) -> f64 {
    let place = (i * stride + stride / 2) % count;
    low + (high - low) * place as f64 / (count - 1) as f64
}

impl Universe {
    /// The universe of a configuration.
    pub fn new(config: &IndexArbConfig) -> Self {
        let IndexArbConfig { symbols, universe, carry, .. } = config;
        let count = *symbols as usize;
        let of = |i, stride, ends| spread(i, count, stride, ends);
        #[allow(clippy::cast_possible_truncation, reason = "prices are a few thousand")]
        let price = |i| (of(i, 7, [universe.price_low, universe.price_high]) * 100.0).round() as i64;
        let prices: Vec<Price> = (0..count).map(|i| Price::new(price(i))).collect();
        let levels: Vec<f64> = prices.iter().map(|price| price.ticks() as f64).collect();
        // A weight falls to half at `half_rank`; an index holds whole shares.
        let weight = |i: usize| 1.0 / (1.0 + i as f64 / universe.half_rank);
        let shares = levels.iter().enumerate().map(|(i, level)| (weight(i) * 1e10 / level).round());
        let index = Index::of(shares.collect(), &levels, FIRST.ticks() as f64);
        let relative: Vec<f64> = levels.iter().map(|level| level / FIRST.ticks() as f64).collect();
        let loading = |i: usize| of(i, 3, [universe.beta_low, universe.beta_high]) * relative[i];
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a few hundred")]
        let quick = count - (universe.slow_share * count as f64).round() as usize;
        let ex_dates = carry.dividends_at_s.iter().enumerate().map(|(number, at_s)| ExDate {
            at: Timestamp::START + Nanos::from_secs_f64(*at_s),
            constituent: number % count,
            ticks: (carry.dividend * 100.0).round(),
        });
        let ex_dates = ex_dates.collect::<Vec<ExDate>>();
        let seconds_of_a_year = carry.day_s * DAYS_OF_A_YEAR;
        let dividend = |ex: &ExDate| Dividend {
            at: ex.at.to_secs_f64() / seconds_of_a_year,
            points: index.per_unit(ex.constituent) * ex.ticks,
        };
        let dividends = ex_dates.iter().map(dividend).collect();
        let carry = Carry { rate: carry.rate, expiry: carry.days / DAYS_OF_A_YEAR, dividends };
        Self {
            loadings: (0..count).map(loading).collect(),
            own: relative.iter().map(|relative| universe.own_volatility * relative).collect(),
            slow: (0..count).map(|i| i >= quick).collect(),
            prices,
            index,
            carry,
            ex_dates,
            seconds_of_a_year,
        }
    }

    /// How many constituents there are.
    pub fn count(&self) -> usize {
        self.prices.len()
    }

    /// All contracts: the constituents, the fund, the future.
    pub fn contracts(&self) -> impl Iterator<Item = Contract> + use<> {
        (0..self.count()).map(Contract::Constituent).chain([Contract::Etf, Contract::Future])
    }

    /// The first midpoint of a contract.
    #[allow(clippy::cast_possible_truncation, reason = "prices are a few thousand")]
    pub fn first(&self, contract: Contract) -> Price {
        match contract {
            Contract::Constituent(i) => self.prices[i],
            Contract::Etf => FIRST,
            Contract::Future => Price::new(self.carry.fair(FIRST.ticks() as f64, 0.0).round() as i64),
        }
    }

    /// A moment in the years of carry.
    pub fn years(&self, at: Timestamp) -> f64 {
        at.to_secs_f64() / self.seconds_of_a_year
    }

    /// How far the index moves when the common factor moves by one.
    pub fn index_loading(&self) -> f64 {
        self.index.weights().zip(&self.loadings).map(|(weight, loading)| weight * loading).sum()
    }

    /// The true value of a contract over time: a function of the seed, so that whoever judges a run can see what the run's informed saw.
    pub fn value(
        &self,
        seed: u64,
        config: &IndexArbConfig,
        market: &Market,
        (contract, instrument): (Contract, InstrumentId),
    ) -> Box<dyn Iterator<Item = (Timestamp, News)> + Send> {
        let law = market.0.fundamental;
        let dice = |name: &str| market.0.dice(seed, name);
        let factor = || Fundamental::new(law, instrument, FIRST, dice("factor"));
        let walk = |i: usize| {
            let own = FundamentalConfig { volatility: self.own[i], ..still(law) };
            Fundamental::new(own, instrument, self.prices[i], dice(&format!("own/{i}")))
        };
        if let Contract::Constituent(i) = contract {
            let falls = self.ex_dates.iter().filter(|ex| ex.constituent == i);
            let regimes = falls.map(|ex| Regime { from: ex.at, shift: -ex.ticks, reversion_per_s: 0.0 });
            return Box::new(FactorValue::new(walk(i), vec![(self.loadings[i], factor())], regimes.collect()));
        }
        let universe = &config.universe;
        let own = if universe.placebo || universe.mispricing_sd <= 0.0 {
            still(law)
        } else {
            FactorValue::reverting(universe.mispricing_sd, universe.half_life_s, law.step_ms)
        };
        let own = Fundamental::new(own, instrument, FIRST, dice(&format!("mispricing/{}", contract.symbol())));
        let mut common = vec![(self.index_loading(), factor())];
        common.extend(self.index.weights().enumerate().map(|(i, weight)| (weight, walk(i))));
        let with_dividends = FactorValue::new(own, common, Vec::new());
        if contract == Contract::Etf {
            return Box::new(with_dividends);
        }
        let carried = self.clone();
        Box::new(with_dividends.map(move |(time, news)| (time, carried.future(time, news))))
    }

    /// The future on an index that kept its dividends.
    fn future(&self, time: Timestamp, news: News) -> News {
        match news {
            News::Value { instrument, value } => {
                let now = self.years(time);
                let index = value.count() as f64 / 2.0 - self.carry.paid(now);
                #[allow(clippy::cast_possible_truncation, reason = "a value is near its index")]
                let half_ticks = (self.carry.fair(index, now) * 2.0).round() as i128;
                News::Value { instrument, value: HalfTicks::new(half_ticks) }
            }
            News::Headline { .. } => news,
        }
    }
}

/// A law under which nothing moves.
fn still(law: FundamentalConfig) -> FundamentalConfig {
    FundamentalConfig { reversion_per_s: 0.0, volatility: 0.0, jumps_per_s: 0.0, jump_sd: 0.0, ..law }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fund_is_the_index_of_the_constituents_to_a_tick() {
        let config = IndexArbConfig { symbols: 7, ..IndexArbConfig::default() };
        let mut config = config;
        config.universe.placebo = true;
        let (universe, market) = (Universe::new(&config), Market::default());
        let value = |contract| {
            let path = universe.value(3, &config, &market, (contract, InstrumentId(0)));
            let told = |(_, news)| match news {
                News::Value { value, .. } => value.count() as f64 / 2.0,
                News::Headline { .. } => unreachable!("a value's tape tells values"),
            };
            path.map(told).take(3_000).collect::<Vec<f64>>()
        };
        let all: Vec<Vec<f64>> = universe.contracts().map(value).collect();
        let (constituents, [etf, future]) = (&all[..7], [&all[7], &all[8]]);
        let step = market.0.fundamental.step_ms as f64 / 1e3;
        let mut moved = 0.0_f64;
        for n in 0..3_000 {
            let now = universe.years(Timestamp::START + Nanos::from_secs_f64((n + 1) as f64 * step));
            let index = universe.index.level(constituents.iter().map(|path| path[n]));
            assert!((index + universe.carry.paid(now) - etf[n]).abs() < 1.0, "{n}: {index} {}", etf[n]);
            assert!((universe.carry.fair(index, now) - future[n]).abs() < 1.0, "{n}: {index} {}", future[n]);
            moved = moved.max((etf[n] - 10_000.0).abs());
        }
        assert!(moved > 5.0, "a minute moves it: {moved}");
    }
}
