//! The market of a book: the default crowd around a hidden value, a published model, or an ecology of agents.

use super::ecology::{self, Tapes};
use super::{
    BalancedQueuesConfig, CompetingMaker, CstConfig, Dice, EcologyConfig, FlowError, FlowModel, Fundamental,
    FundamentalConfig, HawkesConfig, Headlines, InformedConfig, InformedTrader, MakerConfig, NoiseConfig, NoiseTraders,
    QueueReactiveConfig, SantaFeConfig, published,
};
use crate::exchange::{Depth, Feed, MAX_DEPTH};
use crate::models::{BookId, Nanos, News, Price, Timestamp};
use crate::risk::Limits;
use crate::trader::Strategy;
use crate::world::{Connection, Latency, TraderId, World, WorldError, stream};
use serde::{Deserialize, Serialize};

/// Who trades in a book besides us.
///
/// ```
/// use hft_core::flow::{CrowdConfig, FundamentalConfig, InformedConfig, MakerConfig, NoiseConfig};
/// use hft_core::prelude::*;
/// let toxic = CrowdConfig {
///     fundamental: FundamentalConfig { volatility: 5.0, ..FundamentalConfig::default() },
///     noise: NoiseConfig { limits_per_s: 100.0, ..NoiseConfig::default() },
///     informed: InformedConfig { edge_half_ticks: 1, ..InformedConfig::default() },
///     maker: MakerConfig { half_spread: 4, ..MakerConfig::default() },
///     informed_fraction: 0.8,
///     ..CrowdConfig::default()
/// };
/// let mut world = World::<Simulated>::new(7);
/// let x = Instrument::new("X", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
/// let xsim = world.venue("XSIM", VenueConfig::default())?;
/// let book = world.list(xsim, x, BookRules::default(), Price::new(10_000))?;
/// toxic.join(&mut world, book, Price::new(10_000))?;
/// assert!(toxic.join(&mut world, book, Price::new(10_000)).is_err(), "a book has one crowd");
///
/// // The same table holds every other market.
/// use hft_core::flow::FlowModel;
/// let y = Instrument::new("Y", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
/// let book = world.list(xsim, y, BookRules::default(), Price::new(10_000))?;
/// let published = CrowdConfig { model: FlowModel::QueueReactive, spacing: 5, ..CrowdConfig::default() };
/// published.join(&mut world, book, Price::new(10_000))?;
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CrowdConfig {
    /// Which market: what follows is each model's own.
    pub model: FlowModel,
    /// Ticks between two prices of a published model; the unit of distance of the ecology.
    pub spacing: i64,
    /// Lots of an order of a published model; the unit of size of the ecology.
    pub unit: i64,
    /// After this second of market time the random numbers of the market, and of its value, are others. `None`: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fork_s: Option<f64>,
    /// The hidden value.
    pub fundamental: FundamentalConfig,
    /// The uninformed.
    pub noise: NoiseConfig,
    /// The informed.
    pub informed: InformedConfig,
    /// Each of the competing makers.
    pub maker: MakerConfig,
    /// How many makers compete.
    pub makers: u32,
    /// Takers a second, informed and uninformed together.
    pub takers_per_s: f64,
    /// Which share of the takers is informed, 0 to 1: the toxicity of the market.
    pub informed_fraction: f64,
    /// Latency of the crowd, each way, in us.
    pub latency_us: u64,
    /// How long after it changed the informed hear of the value, in us.
    pub value_delay_us: u64,
    /// The model `cst`.
    pub cst: CstConfig,
    /// The model `santa-fe`.
    pub santa_fe: SantaFeConfig,
    /// The model `queue-reactive`.
    pub queue_reactive: QueueReactiveConfig,
    /// The model `hawkes`.
    pub hawkes: HawkesConfig,
    /// The model `balanced-queues`.
    pub balanced_queues: BalancedQueuesConfig,
    /// The model `ecology`.
    pub ecology: EcologyConfig,
}

impl Default for CrowdConfig {
    fn default() -> Self {
        Self {
            model: FlowModel::Crowd,
            spacing: 1,
            unit: 1,
            fork_s: None,
            fundamental: FundamentalConfig::default(),
            noise: NoiseConfig::default(),
            informed: InformedConfig::default(),
            maker: MakerConfig::default(),
            makers: 2,
            takers_per_s: 8.0,
            informed_fraction: 0.25,
            latency_us: 500,
            value_delay_us: 1_000,
            cst: CstConfig::default(),
            santa_fe: SantaFeConfig::default(),
            queue_reactive: QueueReactiveConfig::default(),
            hawkes: HawkesConfig::default(),
            balanced_queues: BalancedQueuesConfig::default(),
            ecology: EcologyConfig::default(),
        }
    }
}

impl CrowdConfig {
    /// The crowd of each book of a universe whose hidden value is the common factor, without jumps of its own: the factor moves less than the
    /// contracts' own parts, so what is hedged badly costs little.
    pub fn around_a_factor() -> Self {
        Self {
            fundamental: FundamentalConfig {
                reversion_per_s: 0.0,
                volatility: 3.0,
                jumps_per_s: 0.0,
                jump_sd: 0.0,
                step_ms: 20,
                ..FundamentalConfig::default()
            },
            noise: NoiseConfig {
                limits_per_s: 12.0,
                cancels_per_s: 0.25,
                least_distance: 1,
                mean_distance: 12.0,
                mean_size: 2.0,
                ..NoiseConfig::default()
            },
            maker: MakerConfig { half_spread: 1, size: 20, fade_ms: 100, ..MakerConfig::default() },
            takers_per_s: 16.0,
            informed_fraction: 0.75,
            ..Self::default()
        }
    }

    /// What is wrong with the numbers of the model that is asked for, taken together.
    ///
    /// # Errors
    /// With the key to change.
    pub fn check(&self) -> Result<(), FlowError> {
        published::check(self)
    }

    /// The random numbers of a part of the market: its named stream, and another one after the fork.
    pub fn dice(&self, seed: u64, name: &str) -> Dice {
        let dice = Dice::from(stream(seed, name));
        match self.fork_s {
            Some(fork_s) => {
                dice.forked(Timestamp::START + Nanos::from_secs_f64(fork_s), stream(seed, &format!("{name}/fork")))
            }
            None => dice,
        }
    }

    /// Puts the market of one book into a world. Every participant has an account of its own and a stream named after it, so two
    /// books, or another participant beside them, leave each other's draws alone.
    ///
    /// # Errors
    /// When a node of the same name exists: a book can have one crowd. When the model's numbers contradict each other.
    pub fn join<K>(&self, world: &mut World<K>, book: BookId, initial: Price) -> Result<(), WorldError> {
        let (seed, contract) = (world.seed(), book.instrument);
        let law = if self.model == FlowModel::Ecology { ecology::fundamental(self) } else { self.fundamental };
        let headlines =
            || Headlines::new(law.headlines_per_s, law.headline_sd, self.dice(seed, &format!("headlines/{contract}")));
        let path = Fundamental::new(law, contract, initial, self.dice(seed, &format!("value/{contract}")));
        let published = (law.headlines_per_s > 0.0).then(headlines);
        self.seat(world, book, initial, path.with_headlines(headlines()), published)
    }

    /// The same around a value that comes from elsewhere, as the values of a whole universe do; `fundamental` is not used.
    ///
    /// # Errors
    /// As [`join`](Self::join).
    pub fn join_around<K>(
        &self,
        world: &mut World<K>,
        book: BookId,
        initial: Price,
        value: impl Iterator<Item = (Timestamp, News)> + Send + 'static,
    ) -> Result<(), WorldError> {
        self.seat(world, book, initial, value, None)
    }

    fn seat<K>(
        &self,
        world: &mut World<K>,
        book: BookId,
        initial: Price,
        value: impl Iterator<Item = (Timestamp, News)> + Send + 'static,
        headlines: Option<Headlines>,
    ) -> Result<(), WorldError> {
        self.check()?;
        let mut seats = Seats { world, book, market: self };
        let name = format!("flow/{book}");
        if let Some(flow) = published::flow(self, book, initial, self.dice(seats.world.seed(), &name)) {
            // The model knows its book: it sees and reaches it at once.
            let depth = if self.model == FlowModel::QueueReactive { Depth::Levels(MAX_DEPTH) } else { Depth::Top };
            return seats
                .seat_with(&name, Connection::symmetric(Nanos::ZERO, Feed::every_change(depth)), flow)
                .map(drop);
        }
        if self.model == FlowModel::Ecology {
            let value = seats.world.tape(&format!("value/{book}"), value)?;
            let news = headlines.map(|all| seats.world.tape(&format!("news/{book}"), all.tape())).transpose()?;
            return ecology::join(self, &mut seats, initial, &Tapes { value, news });
        }
        self.seat_crowd(&mut seats, initial, value)
    }

    fn seat_crowd<K>(
        &self,
        seats: &mut Seats<'_, K>,
        initial: Price,
        value: impl Iterator<Item = (Timestamp, News)> + Send + 'static,
    ) -> Result<(), WorldError> {
        let informed_share = self.informed_fraction.clamp(0.0, 1.0);
        let uninformed = self.takers_per_s * (1.0 - informed_share);
        seats.seat(&format!("noise/{}", seats.book), |dice, book| {
            NoiseTraders::new(self.noise, uninformed, book, initial, dice)
        })?;
        let informed = seats.seat(&format!("informed/{}", seats.book), |dice, book| {
            InformedTrader::new(self.informed, self.takers_per_s * informed_share, book, dice)
        })?;
        let tape = seats.world.tape(&format!("value/{}", seats.book), value)?;
        seats.world.inform(informed, tape, Latency::constant(Nanos::from_micros(self.value_delay_us)))?;
        for i in 0..self.makers {
            seats.seat(&format!("maker/{}/{i}", seats.book), |_, book| CompetingMaker::new(self.maker, book))?;
        }
        Ok(())
    }
}

/// Where the participants of one book sit down.
pub(super) struct Seats<'a, K> {
    pub(super) world: &'a mut World<K>,
    pub(super) book: BookId,
    pub(super) market: &'a CrowdConfig,
}

impl<K> Seats<'_, K> {
    /// Seats a participant at an account of its own, at the crowd's latency, with the touch and the trades before its eyes.
    pub(super) fn seat<S: Strategy + 'static>(
        &mut self,
        name: &str,
        make: impl FnOnce(Dice, BookId) -> S,
    ) -> Result<TraderId, WorldError> {
        self.seat_at(name, Nanos::from_micros(self.market.latency_us), make)
    }

    /// The same at another latency.
    pub(super) fn seat_at<S: Strategy + 'static>(
        &mut self,
        name: &str,
        latency: Nanos,
        make: impl FnOnce(Dice, BookId) -> S,
    ) -> Result<TraderId, WorldError> {
        let strategy = make(self.market.dice(self.world.seed(), name), self.book);
        self.seat_with(name, Connection::symmetric(latency, Feed::every_change(Depth::Levels(1))), strategy)
    }

    fn seat_with(
        &mut self,
        name: &str,
        connection: Connection,
        strategy: impl Strategy + 'static,
    ) -> Result<TraderId, WorldError> {
        let account = self.world.account(&format!("{name}/account"), Limits::default())?;
        let trader = self.world.trader(name, account, strategy)?;
        self.world.connect(trader, self.book, connection)?;
        Ok(trader)
    }
}
