//! The market in which a passive maker can live.
//!
//! One lot is one contract, one tick is 0.01 of the currency, and the first midpoint is 100. Whoever else rests orders stands
//! wide: the maker's default half spread of 0.25 is 25 ticks, and a maker is filled only where it is among the first.
//!
//! ```text
//!   value ──► informed ──► account ─┐                     ┌── 50 ms, 10 levels ──► maker/SIM ──┐
//!             noise ─────► account ─┤                     │                                    ▼
//!             makers ────► account ─┴──► XSIM, book SIM ──┴── top of book ───────────────► desk (gate, ledger) ──► XSIM
//!                                            │                                                 │
//!                                            └── drop copies ──────► blotter ◄── fills ────────┘
//! ```
//!
//! Every further symbol is a book of its own at XSIM with a crowd and a maker of its own; the desk is one.

use crate::config::PassiveMmConfig;
use crate::strategy::PassiveMm;
use hft_app::{Recorded, RecordedBook, Scenario, Seat, Seated};
use hft_core::flow::FundamentalConfig;
use hft_core::prelude::*;
use serde::{Deserialize, Serialize};

/// The table `[market]`: the crowd, with defaults that leave room for quotes of 25 ticks.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Market(pub CrowdConfig);

impl Default for Market {
    fn default() -> Self {
        Self(CrowdConfig {
            // Of the other models: best quotes 20 ticks apart, so that ours at 25 stand just behind them.
            spacing: 20,
            // A jump of half a unit every two seconds is what the informed know and the maker does not.
            fundamental: FundamentalConfig {
                volatility: 10.0,
                jumps_per_s: 0.5,
                jump_sd: 60.0,
                ..FundamentalConfig::default()
            },
            noise: NoiseConfig {
                limits_per_s: 20.0,
                cancels_per_s: 0.25,
                least_distance: 60,
                mean_distance: 40.0,
                mean_size: 3.0,
                ..NoiseConfig::default()
            },
            maker: MakerConfig { half_spread: 30, size: 10, ..MakerConfig::default() },
            takers_per_s: 12.0,
            informed_fraction: 0.75,
            ..CrowdConfig::default()
        })
    }
}

/// The first midpoint, in ticks of 0.01.
const FIRST: Price = Price::new(10_000);

/// How many levels a side the maker sees.
const DEPTH: Depth = Depth::Levels(10);

/// The horizon that separates adverse selection from inventory.
pub const ADVERSE_HORIZON: Nanos = Nanos::from_secs(1);

/// The market with a maker of each symbol in it, all under one account.
///
/// ```
/// use hft_core::prelude::*;
/// use hft_passive_mm::{PassiveMmConfig, scenario};
/// let parts = scenario::Parts { seed: 1, config: &PassiveMmConfig::default(), market: &Default::default(), limits: Limits::default() };
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
    for symbol in &config.symbols {
        let contract = contract(symbol)?;
        let book = world.list(xsim, contract.clone(), BookRules::default(), FIRST)?;
        market.0.join(&mut world, book, FIRST)?;
        let maker = world.trader(&format!("maker/{symbol}"), desk, PassiveMm::new(config, book, &contract)?)?;
        world.connect(maker, book, connection(config))?;
    }
    Ok(Scenario {
        world,
        desk,
        horizon: ADVERSE_HORIZON,
        inventory_limit: Some(inventory_limit(config, 1.0)),
        shortest_latency: latency,
        side: None,
    })
}

/// The maker in a recorded book, whatever `symbols` says. Its data comes as late as the recording's did, where that is known.
///
/// # Errors
/// When the configuration cannot be traded: a size that is not whole lots of the recorded contract.
pub fn recorded(Recorded { config, book }: Recorded<'_, PassiveMmConfig>) -> anyhow::Result<Seated> {
    let RecordedBook { book, instrument, feed } = book;
    let maker = PassiveMm::new(config, book, instrument)?;
    let connection = connection(config);
    let connection = Connection { data: feed.unwrap_or(connection.data.clone()), ..connection };
    let name = format!("maker/{}", instrument.symbol());
    Ok(Seated {
        seats: vec![Seat { name, strategy: Box::new(maker), connections: vec![(book, connection)] }],
        horizon: ADVERSE_HORIZON,
        inventory_limit: Some(inventory_limit(config, instrument.lot_size().to_f64())),
    })
}

/// How the maker is linked to a book.
fn connection(config: &PassiveMmConfig) -> Connection {
    let feed = Feed { every: Nanos::from_millis(config.tick_ms), ..Feed::every_change(DEPTH) };
    Connection::symmetric(Nanos::from_micros(config.latency_us), feed)
}

/// The position at which a side is out, in lots of one contract: as many whole quotes as the limit holds. The configuration
/// has at most a billion contracts.
#[allow(clippy::cast_possible_truncation, reason = "`as` saturates")]
fn inventory_limit(config: &PassiveMmConfig, lot: f64) -> Lots {
    let PassiveMmConfig { inv_limit, size, .. } = *config;
    Lots::new(((inv_limit / size + 1e-9).floor() * size / lot).round() as i64)
}

/// What a world is built from.
pub type Parts<'a> = hft_app::Parts<'a, PassiveMmConfig, Market>;

/// A contract of one unit in cents. Resting costs one hundredth of a percent of the value, taking three.
fn contract(symbol: &str) -> anyhow::Result<Instrument> {
    let fee = |notional_ppb| FeeRate { notional_ppb, ..FeeRate::FREE };
    let fees = FeeSchedule::flat(fee(100_000), fee(300_000));
    Ok(Instrument::new(symbol, "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, fees)?)
}
