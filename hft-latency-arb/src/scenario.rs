//! The market in which a race can be run: a leader with a crowd, and lagging exchanges whose makers quote off it.
//!
//! One lot is one contract, one tick is 0.01 of the currency, and the first midpoint is 100.
//!
//! ```text
//!   value ──► informed ─┐
//!             noise ────┤──► LEAD ──┬── direct ────────────► snipers (we, and rivals) ── orders ──┐
//!             makers ───┘           └── direct or SIP ─────► followers ─── quotes, cancels ───────┤
//!                                                            investors ─── takes ─────────────────┤
//!                                                                                                 ▼
//!   blotter ◄── drop copies, orders of everybody at the lagging exchanges ──── gateway (bump) ── LAG1..
//!      │
//!      └──► races: who came when, who won, what it was worth
//! ```

use crate::config::{Design, FeedKind, LatencyArbConfig, StrategyKind, TABLE};
use crate::ledger::{Participant, RaceLedger};
use crate::strategy::{Exit, Follower, Investor, Pair, Sniper, SniperParts, Taking};
use anyhow::{Context, ensure};
use hft_app::Scenario;
use hft_app::chapter::Side as SideOfRun;
use hft_core::flow::{FundamentalConfig, InformedConfig};
use hft_core::prelude::*;
use serde::{Deserialize, Serialize};

/// The table `[market]`: the crowd at the leader.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Market(pub CrowdConfig);

impl Default for Market {
    fn default() -> Self {
        Self(CrowdConfig {
            fundamental: FundamentalConfig {
                volatility: 5.0,
                jumps_per_s: 1.0,
                jump_sd: 25.0,
                ..FundamentalConfig::default()
            },
            noise: NoiseConfig {
                limits_per_s: 60.0,
                cancels_per_s: 0.5,
                mean_distance: 4.0,
                mean_size: 3.0,
                initial_levels: 25,
                ..NoiseConfig::default()
            },
            // Whoever knows takes all that is off the value at once: the leader's price jumps.
            informed: InformedConfig { mean_size: 400.0, ..InformedConfig::default() },
            maker: MakerConfig { half_spread: 1, size: 10, inventory_limit: 1_000, fade_ms: 0 },
            makers: 3,
            takers_per_s: 60.0,
            informed_fraction: 0.5,
            latency_us: 50,
            value_delay_us: 100,
            ..CrowdConfig::default()
        })
    }
}

/// The first midpoint, in ticks of 0.01.
const FIRST: Price = Price::new(10_000);

/// One tick, price units.
const TICK: f64 = 0.01;

/// How many levels a side everybody sees.
const DEPTH: Depth = Depth::Levels(5);

/// The horizon that separates adverse selection from inventory.
pub const ADVERSE_HORIZON: Nanos = Nanos::from_secs(1);

/// What a world is built from.
pub type Parts<'a> = hft_app::Parts<'a, LatencyArbConfig, Market>;

/// Sizes and distances of the configuration in the contract's lots and ticks.
#[derive(Clone, Copy, Debug)]
struct Units {
    size: i64,
    limit: i64,
    quote: i64,
    half_spread: Ticks,
    tolerance: Ticks,
}

/// The market with us and our rivals in it.
///
/// ```
/// use hft_core::prelude::*;
/// use hft_latency_arb::{LatencyArbConfig, scenario};
/// let parts = scenario::Parts { seed: 1, config: &LatencyArbConfig::default(), market: &Default::default(), limits: Limits::default() };
/// let scenario = scenario::scenario(parts)?;
/// let mut ran = scenario.world.lockstep().run(Timestamp::START + Nanos::from_secs(2));
/// ran.outcome?;
/// close_books(&mut ran.nodes, ran.ended)?;
/// # Ok::<(), anyhow::Error>(())
/// ```
///
/// # Errors
/// When the configuration cannot be traded.
pub fn scenario(parts: Parts<'_>) -> anyhow::Result<Scenario> {
    let Parts { seed, config, market, limits } = parts;
    let units = units(config)?;
    let mut world = World::<Simulated>::new(seed);
    let lead = world.venue("LEAD", VenueConfig::default())?;
    let leader = world.list(lead, contract(config.venue.leader_taker_bp, 0.0)?, BookRules::default(), FIRST)?;
    market.0.join(&mut world, leader, FIRST)?;
    let desk = world.account("desk", limits)?;
    let mut cast = Cast { participants: vec![Participant::new(desk, "we", config.latency_us)], accounts: Vec::new() };
    for number in 1..=config.venue.count {
        let venue = world.venue(&format!("LAG{number}"), venue_config(config))?;
        let contract = contract(config.venue.taker_bp, config.venue.maker_bp)?;
        let book = world.list(venue, contract, BookRules::default(), FIRST)?;
        let pair = Pair { leader, lagging: book };
        seat_us(&mut world, desk, pair, config, units)?;
        seat_followers(&mut world, &mut cast, pair, config, units)?;
        seat_investors(&mut world, &mut cast, pair, config)?;
        seat_rivals(&mut world, &mut cast, pair, config, units)?;
    }
    let Cast { participants, accounts } = cast;
    let ledger = Box::new(RaceLedger::new(participants, leader, TICK));
    Ok(Scenario {
        world,
        desk,
        horizon: ADVERSE_HORIZON,
        inventory_limit: Some(Lots::new(units.limit * i64::from(config.venue.count))),
        shortest_latency: Nanos::from_micros(config.latency_us.min(config.rivals.latency_us)),
        side: Some(SideOfRun { ledger, accounts }),
    })
}

/// Whoever the race ledger knows.
struct Cast {
    participants: Vec<Participant>,
    accounts: Vec<AccountId>,
}

impl Cast {
    fn add(&mut self, account: AccountId, name: String, latency_us: u64) {
        self.participants.push(Participant::new(account, &name, latency_us));
        self.accounts.push(account);
    }
}

fn units(config: &LatencyArbConfig) -> anyhow::Result<Units> {
    let whole = |key: &str, value: f64, unit: f64, what: &str| {
        let steps = (value / unit).round();
        ensure!(
            (steps * unit - value).abs() < 1e-9 * unit.max(value),
            "{TABLE}.{key} = {value}: must be a multiple of {what}"
        );
        #[allow(clippy::cast_possible_truncation, reason = "the knobs' ranges fit")]
        Ok(steps as i64)
    };
    let makers = &config.makers;
    Ok(Units {
        size: whole("size", config.size, 1.0, "a lot, 1 contract")?,
        limit: whole("inv_limit", config.inv_limit, 1.0, "a lot, 1 contract")?,
        quote: whole("makers.size", makers.size, 1.0, "a lot, 1 contract")?,
        half_spread: Ticks::new(whole("makers.half_spread", makers.half_spread, TICK, "a tick, 0.01")?),
        tolerance: Ticks::new(whole("makers.tolerance", makers.tolerance, TICK, "a tick, 0.01")?),
    })
}

fn venue_config(config: &LatencyArbConfig) -> VenueConfig {
    let bump = config.venue.bump_us * 1_000;
    let (delay_ns, taker_delay_ns) = match config.venue.design {
        Design::Bump => (bump, 0),
        Design::TakerBump => (0, bump),
        Design::Continuous | Design::RandomDelay | Design::Batch => (0, 0),
    };
    let gateway = Gateway { service_ns: config.venue.service_ns, delay_ns, taker_delay_ns, ..Gateway::default() };
    let batch_ns = (config.venue.design == Design::Batch).then_some(config.venue.batch_us * 1_000);
    VenueConfig { gateway, batch_ns }
}

/// How something is taken at the lagging exchanges.
fn taking(config: &LatencyArbConfig) -> (Taking, Nanos) {
    let batch = Nanos::from_micros(config.venue.batch_us);
    (if config.venue.design == Design::Batch { Taking::InTheBatch } else { Taking::Immediate }, batch)
}

/// A participant's way to a lagging exchange: the same latency each way, and on orders the random extra of everybody.
fn connection(config: &LatencyArbConfig, latency_us: u64) -> Connection {
    let plain = Connection::symmetric(Nanos::from_micros(latency_us), Feed::every_change(DEPTH));
    let extra_us =
        config.rivals.jitter_us + if config.venue.design == Design::RandomDelay { config.venue.bump_us } else { 0 };
    if extra_us == 0 {
        return plain;
    }
    let extra = Jitter::Exponential { mean_ns: extra_us as f64 * 1e3 };
    Connection { orders: Latency::Jittered { base_ns: latency_us * 1_000, extra }, ..plain }
}

fn seat_us(
    world: &mut World<Simulated>,
    desk: AccountId,
    pair: Pair,
    config: &LatencyArbConfig,
    units: Units,
) -> anyhow::Result<()> {
    let name = format!("we/{}", pair.lagging.venue);
    let exit = match config.strategy {
        StrategyKind::Snipe => Exit::Lagging,
        StrategyKind::TwoLeg => Exit::Leader,
        StrategyKind::Defend => {
            let Units { quote, half_spread, tolerance, limit, .. } = units;
            let maker = Follower::new(pair, half_spread, Qty::new(quote), tolerance, limit);
            let maker = world.trader(&name, desk, maker)?;
            return connect(world, maker, pair, config, [config.latency_us; 2]);
        }
    };
    let sniper = world.trader(&name, desk, Sniper::new(sniper(config, pair, exit, units)))?;
    connect(world, sniper, pair, config, [config.latency_us; 2])
}

fn sniper(config: &LatencyArbConfig, pair: Pair, exit: Exit, units: Units) -> SniperParts<'_> {
    SniperParts { config, pair, exit, taking: taking(config), tick_size: TICK, size: units.size, limit: units.limit }
}

/// Connects a trader to both books: the latency of its own lines, and that of its view of the leader.
fn connect(
    world: &mut World<Simulated>,
    trader: TraderId,
    pair: Pair,
    config: &LatencyArbConfig,
    [own_us, leader_us]: [u64; 2],
) -> anyhow::Result<()> {
    let leader = Connection { data: Latency::constant(Nanos::from_micros(leader_us)), ..connection(config, own_us) };
    world.connect(trader, pair.leader, leader)?;
    world.connect(trader, pair.lagging, connection(config, own_us))?;
    Ok(())
}

fn seat_followers(
    world: &mut World<Simulated>,
    cast: &mut Cast,
    pair: Pair,
    config: &LatencyArbConfig,
    units: Units,
) -> anyhow::Result<()> {
    let makers = &config.makers;
    let sip = if makers.feed == FeedKind::Consolidated { makers.sip_us } else { 0 };
    for number in 0..makers.count {
        let name = format!("maker/{}/{number}", pair.lagging);
        let account = world.account(&format!("{name}/account"), Limits::default())?;
        let limit = units.quote * 40;
        let maker = Follower::new(pair, units.half_spread, Qty::new(units.quote), units.tolerance, limit);
        let maker = world.trader(&name, account, maker)?;
        connect(world, maker, pair, config, [makers.latency_us, makers.latency_us + sip])?;
        cast.add(account, format!("maker {number}"), makers.latency_us);
    }
    Ok(())
}

fn seat_investors(
    world: &mut World<Simulated>,
    cast: &mut Cast,
    pair: Pair,
    config: &LatencyArbConfig,
) -> anyhow::Result<()> {
    let name = format!("investor/{}", pair.lagging);
    let account = world.account(&format!("{name}/account"), Limits::default())?;
    let (taking, patience) = taking(config);
    let stream = world.stream(&name);
    let investors = Investor::new(pair.lagging, config.venue.investors_per_s, taking, patience, stream);
    let investor = world.trader(&name, account, investors)?;
    let slow = Connection::symmetric(Nanos::from_millis(1), Feed::every_change(DEPTH));
    world.connect(investor, pair.lagging, slow)?;
    cast.add(account, "investors".to_owned(), 1_000);
    Ok(())
}

fn seat_rivals(
    world: &mut World<Simulated>,
    cast: &mut Cast,
    pair: Pair,
    config: &LatencyArbConfig,
    units: Units,
) -> anyhow::Result<()> {
    for number in 0..config.rivals.count {
        let latency_us = config.rivals.latency_us + u64::from(number) * config.rivals.step_us;
        let name = format!("rival/{}/{number}", pair.lagging);
        let account = world.account(&format!("{name}/account"), Limits::default())?;
        let rival = world.trader(&name, account, Sniper::new(sniper(config, pair, Exit::Lagging, units)))?;
        connect(world, rival, pair, config, [latency_us; 2])?;
        cast.add(account, format!("rival {number}"), latency_us);
    }
    Ok(())
}

/// A contract of one unit in cents, with charges in bp of the value.
fn contract(taker_bp: f64, maker_bp: f64) -> anyhow::Result<Instrument> {
    #[allow(clippy::cast_possible_truncation, reason = "at most a percent, in parts per billion")]
    let rate = |bp: f64| FeeRate { notional_ppb: (bp * 1e5).round() as i64, ..FeeRate::FREE };
    let fees = FeeSchedule::flat(rate(maker_bp), rate(taker_bp));
    Instrument::new("SIM", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, fees).context("the contract")
}
