//! The market that is watched: one book, a crowd, and the honest who look most like manipulators.
//!
//! One lot is one contract, one tick is 0.01 of the currency, and the first midpoint is 100. Venue and contract are both called SIMULATED, so
//! that every row of every file says what it is.
//!
//! ```text
//!   value ──► informed ─┐                 ┌─────────────── book, feeds ──► readers, followers, stops, fast makers, iceberg
//!             noise ────┤                 │                                              │
//!             makers ───┴──► gateway ──► SIMULATED ◄─────────── orders ──────────────────┤
//!                                         │                                              │
//!                                         │                    desk: a fast maker; in the laboratory, the behaviour under test
//!                                         └── drop copies of everybody ──► blotter ──► surveillance ──► alerts
//! ```

use crate::config::{ManipulativeEduConfig, VenueRules};
use crate::gate::{self, Acknowledgement};
use crate::ledger::{Accused, LedgerParts, SurveillanceLedger};
use crate::strategy::{BookReader, FastMaker, FastMakerConfig, Iceberg, IcebergConfig, StopHolder, TrendFollower};
use hft_app::Scenario;
use hft_app::chapter::Side as SideOfRun;
use hft_core::flow::{FundamentalConfig, InformedConfig};
use hft_core::prelude::*;
use hft_core::risk::RateLimit;
use serde::{Deserialize, Serialize};

/// The table `[market]`: the crowd.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Market(pub CrowdConfig);

impl Default for Market {
    fn default() -> Self {
        Self(CrowdConfig {
            fundamental: FundamentalConfig {
                reversion_per_s: 0.02,
                volatility: 1.5,
                jumps_per_s: 0.03,
                jump_sd: 8.0,
                ..FundamentalConfig::default()
            },
            noise: NoiseConfig {
                limits_per_s: 20.0,
                cancels_per_s: 0.2,
                mean_distance: 5.0,
                mean_size: 3.0,
                initial_levels: 15,
                ..NoiseConfig::default()
            },
            informed: InformedConfig { mean_size: 6.0, ..InformedConfig::default() },
            maker: MakerConfig { half_spread: 2, size: 5, inventory_limit: 60, fade_ms: 250 },
            makers: 2,
            takers_per_s: 4.0,
            informed_fraction: 0.3,
            latency_us: 500,
            value_delay_us: 1_000,
            ..CrowdConfig::default()
        })
    }
}

/// The first midpoint, in ticks of 0.01.
const FIRST: Price = Price::new(10_000);

/// How many levels a side everybody of this crate sees.
const DEPTH: Depth = Depth::Levels(10);

/// What venue and contract are called.
pub const SIMULATED: &str = "SIMULATED";

/// The horizon that separates adverse selection from inventory.
pub const ADVERSE_HORIZON: Nanos = Nanos::from_secs(1);

/// What a world is built from.
pub type Parts<'a> = hft_app::Parts<'a, ManipulativeEduConfig, Market>;

/// The market, with whoever is to be watched in it.
///
/// ```
/// use hft_core::prelude::*;
/// use hft_manipulative_edu::{ManipulativeEduConfig, scenario};
/// let config = ManipulativeEduConfig::default();
/// let parts = scenario::Parts { seed: 1, config: &config, market: &Default::default(), limits: Limits::default() };
/// let scenario = scenario::scenario(parts)?;
/// let mut ran = scenario.world.lockstep().run(Timestamp::START + Nanos::from_secs(5));
/// ran.outcome?;
/// close_books(&mut ran.nodes, ran.ended)?;
/// # Ok::<(), anyhow::Error>(())
/// ```
///
/// # Errors
/// When the gate refuses, or the configuration cannot be traded.
pub fn scenario(parts: Parts<'_>) -> anyhow::Result<Scenario> {
    let Parts { seed, config, market, limits } = parts;
    let admitted = gate::admit(config)?;
    let mut world = World::<Simulated>::new(seed);
    let venue = world.venue(SIMULATED, venue_config(&config.venue))?;
    let book = world.list(venue, contract()?, book_rules(&config.venue), FIRST)?;
    market.0.join(&mut world, book, FIRST)?;
    let desk = world.account("desk", throttled(limits, &config.venue))?;
    let mut seats = Seats { world, book, config, last: desk };
    seats.honest()?;
    seats.listeners()?;
    match &admitted {
        None => seats.desk_is_a_maker(desk)?,
        Some(acknowledgement) => behave(&mut seats.world, desk, book, config, acknowledgement)?,
    }
    let Seats { world, last, .. } = seats;
    let accused = admitted.map(|typed| Accused { account: desk, acknowledgement: typed.typed().to_owned() });
    let ledger = LedgerParts { desk, accused, config: config.clone(), tick_size: 0.01 };
    let accounts = (0..=last.0).map(AccountId).filter(|account| *account != desk).collect();
    Ok(Scenario {
        world,
        desk,
        horizon: ADVERSE_HORIZON,
        inventory_limit: Some(Lots::new(i64::from(config.honest.inventory_limit))),
        shortest_latency: Nanos::from_micros(config.latency_us),
        side: Some(SideOfRun { ledger: Box::new(SurveillanceLedger::new(ledger)), accounts }),
    })
}

/// Seats whoever is under test. In a build without a laboratory there is nobody to seat, and nobody was admitted.
#[cfg(feature = "educational-manipulation")]
fn behave(
    world: &mut World<Simulated>,
    desk: AccountId,
    book: BookId,
    config: &ManipulativeEduConfig,
    acknowledgement: &Acknowledgement,
) -> anyhow::Result<()> {
    let trader = crate::laboratory::seat(world, desk, book, config, acknowledgement)?;
    Ok(world.connect(trader, book, connection(config))?)
}

/// As above.
#[cfg(not(feature = "educational-manipulation"))]
fn behave(
    _: &mut World<Simulated>,
    _: AccountId,
    _: BookId,
    _: &ManipulativeEduConfig,
    _: &Acknowledgement,
) -> anyhow::Result<()> {
    unreachable!("a build without a laboratory admits nobody")
}

/// The world while people take their seats.
struct Seats<'a> {
    world: World<Simulated>,
    book: BookId,
    config: &'a ManipulativeEduConfig,
    /// The account that was opened last.
    last: AccountId,
}

impl Seats<'_> {
    fn seat(
        &mut self,
        class: &str,
        number: u32,
        strategy: impl FnOnce(&mut World<Simulated>, &str) -> Box<dyn Strategy>,
    ) -> anyhow::Result<()> {
        let name = format!("{class}/{number}");
        let limits = throttled(Limits::default(), &self.config.venue);
        self.last = self.world.account(&format!("{name}/account"), limits)?;
        let strategy = strategy(&mut self.world, &name);
        let trader = self.world.trader(&name, self.last, Boxed(strategy))?;
        Ok(self.world.connect(trader, self.book, connection(self.config))?)
    }

    fn honest(&mut self) -> anyhow::Result<()> {
        let (book, honest) = (self.book, self.config.honest);
        let alarm = Ticks::new(i64::from(honest.alarm_ticks));
        for (number, alarm) in [(0, None), (1, Some(alarm))] {
            let maker = FastMakerConfig { alarm, ..self.maker() };
            self.seat("fast-maker", number, |_, _| Box::new(FastMaker::new(maker, book)))?;
        }
        let (size, shown) = (Qty::new(honest.iceberg_size.into()), Qty::new(honest.iceberg_shown.into()));
        let iceberg = IcebergConfig { size, shown };
        self.seat("iceberg", 0, |world, name| Box::new(Iceberg::new(iceberg, book, world.stream(name))))
    }

    fn listeners(&mut self) -> anyhow::Result<()> {
        let (book, crowd) = (self.book, self.config.crowd);
        for number in 0..crowd.readers {
            self.seat("reader", number, |world, name| Box::new(BookReader::new(book, world.stream(name))))?;
        }
        for number in 0..crowd.followers {
            self.seat("follower", number, |world, name| Box::new(TrendFollower::new(book, world.stream(name))))?;
        }
        for number in 0..crowd.stops {
            self.seat("stop", number, |world, name| Box::new(StopHolder::new(book, world.stream(name))))?;
        }
        Ok(())
    }

    fn maker(&self) -> FastMakerConfig {
        let honest = self.config.honest;
        FastMakerConfig {
            half_spread: Ticks::new(honest.half_spread.into()),
            size: Qty::new(honest.maker_size.into()),
            limit: honest.inventory_limit.into(),
            alarm: None,
        }
    }

    /// In an honest run, the desk is one more fast maker, a tick nearer than the others, so that it trades.
    fn desk_is_a_maker(&mut self, desk: AccountId) -> anyhow::Result<()> {
        let plain = self.maker();
        let nearer = Ticks::new((plain.half_spread.count() - 1).max(1));
        let maker = FastMaker::new(FastMakerConfig { half_spread: nearer, ..plain }, self.book);
        let trader = self.world.trader("desk/maker", desk, maker)?;
        Ok(self.world.connect(trader, self.book, connection(self.config))?)
    }
}

/// A strategy of any kind.
struct Boxed(Box<dyn Strategy>);

impl Strategy for Boxed {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        self.0.on_event(event, desk);
    }

    fn rationale(&self) -> Vec<Reason> {
        self.0.rationale()
    }
}

fn connection(config: &ManipulativeEduConfig) -> Connection {
    Connection::symmetric(Nanos::from_micros(config.latency_us), Feed::every_change(DEPTH))
}

fn venue_config(rules: &VenueRules) -> VenueConfig {
    let gateway = Gateway { service_ns: rules.service_ns, ..Gateway::default() };
    VenueConfig { gateway, batch_ns: (rules.batch_ms > 0).then_some(rules.batch_ms * 1_000_000) }
}

fn book_rules(rules: &VenueRules) -> BookRules {
    let band = (rules.band_ticks > 0).then_some(Ticks::new(rules.band_ticks.into()));
    BookRules { band, ..BookRules::default() }
}

/// A throttle is the same for everybody.
fn throttled(limits: Limits, rules: &VenueRules) -> Limits {
    let rate = rules.throttle_per_s;
    if rate == 0 {
        return limits;
    }
    Limits { rate: Some(RateLimit { capacity: rate, refill_per_s: rate, cancel_reserve: rate / 4 }), ..limits }
}

/// A contract of one unit in cents. Resting costs nothing, taking a fiftieth of a tick.
fn contract() -> anyhow::Result<Instrument> {
    let fee = |notional_ppb| FeeRate { notional_ppb, ..FeeRate::FREE };
    let fees = FeeSchedule::flat(fee(0), fee(2_000));
    Ok(Instrument::new(SIMULATED, "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, fees)?)
}
