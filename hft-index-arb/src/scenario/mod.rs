//! The market in which index arbitrage can live: a basket, a fund and a future, each a real book at an exchange of its own.
//!
//! One tick of a constituent or of the fund is 0.01 of the currency, one of the future 0.1 points of an index that starts at 1,000; fund and future
//! start at ten thousand ticks, so an *index tick* is a basis point at first. One *unit* is one future of 5 a point, five lots of ten shares of the
//! fund, or constituents for the same 5,000.
//!
//! ```text
//!   factor ─┬─► value S01 ──► crowd ──► book S01 ─┐
//!           ├─► ..                                ├─► STK ──┐    quickly, some of STK slowly     ┌── orders ──► STK, ETFX, FUTX
//!           ├─► index + dividends + its own ──► crowd ─► ETFX ┼───────────────────► index-arb ──┤   (gate, ledger: desk)
//!           └─► index carried + its own ──────► crowd ─► FUTX ┘                                  └── fills ──► blotter
//!
//!   issuer: quotes basket and fund at the midpoints of STK and ETFX ──► PRIM ◄── creations and redemptions, in whole units
//! ```
//!
//! A crowd is noise traders, informed takers and competing makers, as in every market of this workspace; each book has its own.

mod universe;

use crate::config::IndexArbConfig;
use crate::ledger::LegLedger;
use crate::strategy::{Books, Counter, IndexArb, Issuer};
use hft_app::Scenario;
use hft_app::chapter::Side as SideOfRun;
use hft_core::prelude::*;
use serde::{Deserialize, Serialize};
pub use universe::{Contract, ExDate, Universe};

/// The table `[market]`: the crowd of every book. Its hidden value is the common factor.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Market(pub CrowdConfig);

impl Default for Market {
    fn default() -> Self {
        Self(CrowdConfig::around_a_factor())
    }
}

/// The first midpoint of the fund, and the first level of the index, in index ticks.
pub const FIRST: Price = Price::new(10_000);

/// What an index tick is worth on one unit, currency: 5 a point, a tenth of a point.
pub const UNIT_TICK: f64 = 0.5;

/// Lots of the fund in one unit: a lot is ten shares, a share a tenth of the index.
pub const ETF_LOTS: i64 = 5;

/// The symbols of the fund and of the future.
pub const ETF: &str = "ETF";
/// See [`ETF`].
pub const FUTURE: &str = "FUT";

/// Charges on the value of a trade, in parts per billion: resting and taking.
pub const STOCK_FEES: [i64; 2] = [10_000, 30_000];
/// The same of the future.
pub const FUTURE_FEES: [i64; 2] = [3_000, 10_000];

/// How many levels a side the desk sees.
const DEPTH: Depth = Depth::Levels(5);

/// The horizon that separates adverse selection from inventory.
pub const ADVERSE_HORIZON: Nanos = Nanos::from_secs(1);

/// What a world is built from.
pub type Parts<'a> = hft_app::Parts<'a, IndexArbConfig, Market>;

/// The market with the desk in it.
///
/// ```
/// use hft_core::prelude::*;
/// use hft_index_arb::{IndexArbConfig, scenario};
/// let config = IndexArbConfig { symbols: 3, ..IndexArbConfig::default() };
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
    let Parts { seed, config, market, .. } = parts;
    let universe = Universe::new(config);
    let mut world = World::<Simulated>::new(seed);
    let venues = [
        world.venue("STK", VenueConfig::default())?,
        world.venue("ETFX", VenueConfig::default())?,
        world.venue("FUTX", VenueConfig::default())?,
    ];
    let desk = world.account("desk", hedged(parts.limits.clone(), config))?;
    let mut listed = Vec::new();
    for contract in universe.contracts() {
        let (venue, first) = (venues[place(contract)], universe.first(contract));
        let book = world.list(venue, instrument(contract, charges(contract))?, BookRules::default(), first)?;
        let value = universe.value(seed, config, market, (contract, book.instrument));
        crowd(config, market, contract).join_around(&mut world, book, first, value)?;
        listed.push((contract, book));
    }
    let stocks = listed[..universe.count()].iter().map(|(_, book)| *book).collect();
    let window = if config.primary.enabled { window(&mut world, config, &universe, &listed)? } else { Vec::new() };
    let books = Books { stocks, etf: listed[universe.count()].1, future: listed[universe.count() + 1].1, window };
    let strategy = IndexArb::new(config, &universe, market, books.clone())?;
    let trader = world.trader("index-arb", desk, strategy)?;
    for (contract, book) in listed {
        world.connect(trader, book, connection(config, &universe, contract))?;
    }
    let latency = config.latency;
    for &book in &books.window {
        let feed = Feed::every_change(Depth::Levels(1));
        world.connect(trader, book, Connection::symmetric(Nanos::from_micros(latency.primary_us), feed))?;
    }
    let shortest = latency.stocks_us.min(latency.etf_us).min(latency.future_us);
    let ledger = Box::new(LegLedger::new(&parts, &universe, &books, desk));
    Ok(Scenario {
        world,
        desk,
        horizon: ADVERSE_HORIZON,
        inventory_limit: None,
        shortest_latency: Nanos::from_micros(shortest),
        side: Some(SideOfRun { ledger, accounts: Vec::new() }),
    })
}

/// The account's limits, with that of what may be unhedged: whichever is less.
fn hedged(mut limits: Limits, config: &IndexArbConfig) -> Limits {
    #[allow(clippy::cast_possible_truncation, reason = "the knob's range fits")]
    let own = Cash::new((config.execution.unhedged_limit * 100.0).round() as i128 * (Cash::PER_UNIT / 100));
    let most = limits.account.max_net_notional.map_or(own, |given| given.min(own));
    limits.account.max_net_notional = Some(most);
    limits
}

/// The issuer's window: the constituents and the fund once more, quoted by its agent alone.
fn window(
    world: &mut World<Simulated>,
    config: &IndexArbConfig,
    universe: &Universe,
    listed: &[(Contract, BookId)],
) -> anyhow::Result<Vec<BookId>> {
    let primary = &config.primary;
    let venue = world.venue("PRIM", VenueConfig::default())?;
    let lots = i64::from(primary.unit) * ETF_LOTS;
    let mut counters = Vec::new();
    for &(contract, market) in listed.iter().filter(|(contract, _)| *contract != Contract::Future) {
        let is_fund = contract == Contract::Etf;
        // The fund comes in whole units, and their fee is on it.
        let lot = if is_fund { Qty::new(lots) } else { Qty::new(1) };
        #[allow(clippy::cast_possible_truncation, reason = "the knob's range fits")]
        let fee =
            if is_fund { (primary.fee * 1e6 / lots as f64).round() as i128 * (Cash::PER_UNIT / 1_000_000) } else { 0 };
        let fees = FeeSchedule::flat(FeeRate::FREE, FeeRate { per_lot: Cash::new(fee), ..FeeRate::FREE });
        let listing = instrument(contract, fees)?;
        let rules = BookRules { lot, min_qty: lot, ..BookRules::default() };
        let window = world.list(venue, listing, rules, universe.first(contract))?;
        // More than the desk may hold.
        let shown = Qty::new(lots * i64::from(config.units_max) * 100);
        counters.push(Counter { market, window, shown });
    }
    let windows = counters.iter().map(|counter| counter.window).collect();
    let account = world.account("issuer/account", Limits::default())?;
    let refresh = Nanos::from_millis(primary.refresh_ms);
    let cutoff = Timestamp::START + Nanos::from_secs_f64(primary.cutoff_s);
    let near = Nanos::from_micros(500);
    let touch = Feed { every: refresh, ..Feed::every_change(Depth::Levels(1)) };
    let issuer = world.trader("issuer", account, Issuer::new(counters.clone(), refresh, cutoff))?;
    for Counter { market, window, .. } in counters {
        world.connect(issuer, market, Connection::symmetric(near, touch))?;
        world.connect(issuer, window, Connection::symmetric(near, Feed::every_change(Depth::Levels(1))))?;
    }
    Ok(windows)
}

/// Who else trades a contract.
fn crowd(config: &IndexArbConfig, market: &Market, contract: Contract) -> CrowdConfig {
    let crowd = market.0.clone();
    match contract {
        Contract::Constituent(_) => crowd,
        Contract::Etf | Contract::Future => {
            let times = config.universe.activity;
            let noise = NoiseConfig { limits_per_s: crowd.noise.limits_per_s * times, ..crowd.noise };
            CrowdConfig { noise, takers_per_s: crowd.takers_per_s * times, ..crowd }
        }
    }
}

/// Which of the three exchanges lists a contract.
const fn place(contract: Contract) -> usize {
    match contract {
        Contract::Constituent(_) => 0,
        Contract::Etf => 1,
        Contract::Future => 2,
    }
}

/// The desk's lines to the exchange of a contract, and how often it hears of it.
fn connection(config: &IndexArbConfig, universe: &Universe, contract: Contract) -> Connection {
    let latency = config.latency;
    let (us, every_ms) = match contract {
        Contract::Constituent(i) if universe.slow[i] => {
            (latency.stocks_us, config.universe.slow_ms.max(config.tick_ms))
        }
        Contract::Constituent(_) => (latency.stocks_us, config.tick_ms),
        Contract::Etf => (latency.etf_us, config.tick_ms),
        Contract::Future => (latency.future_us, config.tick_ms),
    };
    let feed = Feed { every: Nanos::from_millis(every_ms), ..Feed::every_change(DEPTH) };
    Connection::symmetric(Nanos::from_micros(us), feed)
}

/// What a contract's own exchange charges.
fn charges(contract: Contract) -> FeeSchedule {
    let [rests, takes] = if contract == Contract::Future { FUTURE_FEES } else { STOCK_FEES };
    let rate = |notional_ppb| FeeRate { notional_ppb, ..FeeRate::FREE };
    FeeSchedule::flat(rate(rests), rate(takes))
}

/// What is traded: see the module's documentation.
fn instrument(contract: Contract, fees: FeeSchedule) -> anyhow::Result<Instrument> {
    let (tick, lot, multiplier) = match contract {
        Contract::Constituent(_) => ("0.01", Decimal::ONE, Decimal::ONE),
        Contract::Etf => ("0.01", Decimal::new(10, 0), Decimal::ONE),
        Contract::Future => ("0.1", Decimal::ONE, Decimal::new(5, 0)),
    };
    Ok(Instrument::new(&contract.symbol(), "USD", tick.parse()?, lot, multiplier, fees)?)
}
