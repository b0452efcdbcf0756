//! The market in which statistical arbitrage can live: a universe of real books around values that move together.
//!
//! One lot is one contract, one tick is 0.01 of the currency, and every first midpoint is 100. The value of contract `i` is `100 + beta_i F +
//! X_i`: the common factor `F` follows `[market.fundamental]`, and the index is worth `100 + F`; the own part `X_i` follows
//! `[statarb.universe]`. The informed of a book hear its value, so its price follows it; that it will come back they do not trade on.
//!
//! ```text
//!   factor ──┬─► value S01 ──► crowd of S01 ──► book S01 ──┐                 ┌── 50 ms, 5 levels of each ──► statarb ──┐
//!            ├─► value S02 ──► crowd of S02 ──► book S02 ──┤                 │                                         ▼
//!            ├─► ..                                        ├──► XSIM ────────┴── top of each book ──────► desk (gate, ledger) ──► XSIM
//!            └─► value IDX ──► crowd of IDX ──► book IDX ──┘         └── drop copies ──► blotter ◄── fills ────┘
//! ```
//!
//! A crowd is noise traders, informed takers and competing makers, as in every market of this workspace; each book has its own.

use crate::config::StatarbConfig;
use crate::strategy::StatArb;
use hft_app::Scenario;
use hft_core::flow::{FactorValue, Fundamental, FundamentalConfig, Regime};
use hft_core::prelude::*;
use serde::{Deserialize, Serialize};

/// The table `[market]`: the crowd of every book. Its hidden value is the common factor.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Market(pub CrowdConfig);

impl Default for Market {
    fn default() -> Self {
        Self(CrowdConfig::around_a_factor())
    }
}

/// The first midpoint of every book, in ticks of 0.01.
pub const FIRST: Price = Price::new(10_000);

/// How many levels a side the desk sees.
const DEPTH: Depth = Depth::Levels(5);

/// The horizon that separates adverse selection from inventory.
pub const ADVERSE_HORIZON: Nanos = Nanos::from_secs(1);

/// The symbol of the index.
pub const INDEX: &str = "IDX";

/// The universe with the desk in it.
///
/// ```
/// use hft_core::prelude::*;
/// use hft_statarb::{StatarbConfig, scenario};
/// let config = StatarbConfig { symbols: 3, ..StatarbConfig::default() };
/// let parts = scenario::Parts { seed: 1, config: &config, market: &Default::default(), limits: Limits::default() };
/// let scenario = scenario::scenario(parts)?;
/// let mut ran = scenario.world.lockstep().run(Timestamp::START + Nanos::from_secs(5));
/// ran.outcome?;
/// close_books(&mut ran.nodes, ran.ended)?;
/// # Ok::<(), anyhow::Error>(())
/// ```
///
/// # Errors
/// When the configuration cannot be traded, with every violation.
pub fn scenario(parts: Parts<'_>) -> anyhow::Result<Scenario> {
    let Parts { seed, config, market, limits } = parts;
    let latency = Nanos::from_micros(config.latency_us);
    let mut world = World::<Simulated>::new(seed);
    let xsim = world.venue("XSIM", VenueConfig::default())?;
    let desk = world.account("desk", limits)?;
    let mut books = Vec::new();
    for leg in legs(config) {
        let book = world.list(xsim, contract(&leg.symbol())?, BookRules::default(), FIRST)?;
        market.0.join_around(&mut world, book, FIRST, value(seed, config, market, leg, book.instrument))?;
        books.push(book);
    }
    let (index, contracts) = books.split_last().expect("the index is always there");
    let strategy = StatArb::new(config, contracts, *index, &contract(INDEX)?)?;
    let trader = world.trader("statarb", desk, strategy)?;
    let feed = Feed { every: Nanos::from_millis(config.tick_ms), ..Feed::every_change(DEPTH) };
    for &book in &books {
        world.connect(trader, book, Connection::symmetric(latency, feed))?;
    }
    Ok(Scenario {
        world,
        desk,
        horizon: ADVERSE_HORIZON,
        inventory_limit: Some(Lots::new(i64::from(config.sizing.position_limit))),
        shortest_latency: latency,
        side: None,
    })
}

/// One book of the universe.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Leg {
    /// A contract, from zero.
    Contract(u32),
    /// The index.
    Index,
}

/// The legs in their order, the index last.
pub fn legs(config: &StatarbConfig) -> impl Iterator<Item = Leg> + use<> {
    (0..config.symbols).map(Leg::Contract).chain([Leg::Index])
}

impl Leg {
    /// Its symbol.
    pub fn symbol(self) -> String {
        match self {
            Leg::Contract(i) => format!("S{:02}", i + 1),
            Leg::Index => INDEX.to_owned(),
        }
    }

    /// Its true loading on the common factor.
    pub fn beta(self, config: &StatarbConfig) -> f64 {
        let (low, high) = (config.universe.beta_low, config.universe.beta_high);
        match self {
            Leg::Contract(i) => low + (high - low) * f64::from(i) / f64::from(config.symbols - 1),
            Leg::Index => 1.0,
        }
    }
}

/// The true value of a leg over time: a function of the seed, so that whoever judges a run can see what the run's informed saw.
pub fn value(seed: u64, config: &StatarbConfig, market: &Market, leg: Leg, instrument: InstrumentId) -> FactorValue {
    let (universe, law) = (&config.universe, market.0.fundamental);
    let still = FundamentalConfig { reversion_per_s: 0.0, volatility: 0.0, jumps_per_s: 0.0, jump_sd: 0.0, ..law };
    let reverting = FactorValue::reverting(universe.residual_sd, universe.half_life_s, law.step_ms);
    let own = match (leg, universe.placebo) {
        (Leg::Index, _) => still,
        (Leg::Contract(_), false) => reverting,
        (Leg::Contract(_), true) => FundamentalConfig { reversion_per_s: 0.0, ..reverting },
    };
    let breaks = universe.breaks_at_s.iter().zip(0u32..);
    let regimes = breaks.filter(|(_, i)| leg == Leg::Contract(i % config.symbols)).map(|(at_s, _)| Regime {
        from: Timestamp::START + Nanos::from_secs_f64(*at_s),
        shift: universe.break_shift * universe.residual_sd,
        reversion_per_s: 0.0,
    });
    let dice = |name: &str| market.0.dice(seed, name);
    let factor = Fundamental::new(law, instrument, FIRST, dice("factor"));
    let own = Fundamental::new(own, instrument, FIRST, dice(&format!("residual/{}", leg.symbol())));
    FactorValue::new(own, vec![(leg.beta(config), factor)], regimes.collect())
}

/// What a world is built from.
pub type Parts<'a> = hft_app::Parts<'a, StatarbConfig, Market>;

/// A contract of one unit in cents. Resting costs a thousandth of a percent of the value, taking three: a tenth of a tick and
/// three of them.
fn contract(symbol: &str) -> anyhow::Result<Instrument> {
    let fee = |notional_ppb| FeeRate { notional_ppb, ..FeeRate::FREE };
    let fees = FeeSchedule::flat(fee(10_000), fee(30_000));
    Ok(Instrument::new(symbol, "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, fees)?)
}
