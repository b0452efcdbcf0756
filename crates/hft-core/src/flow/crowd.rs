//! The default market: a crowd around a hidden value, good enough to trade in.

use super::{
    CompetingMaker, Fundamental, FundamentalConfig, InformedConfig, InformedTrader, MakerConfig, NoiseConfig,
    NoiseTraders,
};
use crate::exchange::{Depth, Feed};
use crate::models::{BookId, Nanos, News, Price, Timestamp};
use crate::risk::Limits;
use crate::world::{Connection, Latency, World, WorldError};
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
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CrowdConfig {
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
}

impl Default for CrowdConfig {
    fn default() -> Self {
        Self {
            fundamental: FundamentalConfig::default(),
            noise: NoiseConfig::default(),
            informed: InformedConfig::default(),
            maker: MakerConfig::default(),
            makers: 2,
            takers_per_s: 8.0,
            informed_fraction: 0.25,
            latency_us: 500,
            value_delay_us: 1_000,
        }
    }
}

impl CrowdConfig {
    /// Puts the crowd of one book into a world. Every participant has an account of its own and a stream named after it, so two
    /// books, or another participant beside them, leave each other's draws alone.
    ///
    /// # Errors
    /// When a node of the same name exists: a book can have one crowd.
    pub fn join<K>(&self, world: &mut World<K>, book: BookId, initial: Price) -> Result<(), WorldError> {
        let path = world.stream(&format!("value/{}", book.instrument));
        let path = Fundamental::new(self.fundamental, book.instrument, initial, path);
        self.join_around(world, book, initial, path)
    }

    /// The same around a value that comes from elsewhere, as the values of a whole universe do; `fundamental` is not used.
    ///
    /// # Errors
    /// When a node of the same name exists: a book can have one crowd.
    pub fn join_around<K>(
        &self,
        world: &mut World<K>,
        book: BookId,
        initial: Price,
        value: impl Iterator<Item = (Timestamp, News)> + Send + 'static,
    ) -> Result<(), WorldError> {
        let latency = Nanos::from_micros(self.latency_us);
        let touch = Connection::symmetric(latency, Feed::every_change(Depth::Levels(1)));
        let informed_share = self.informed_fraction.clamp(0.0, 1.0);

        let name = format!("noise/{book}");
        let account = world.account(&format!("{name}/account"), Limits::default())?;
        let uninformed = self.takers_per_s * (1.0 - informed_share);
        let flow = NoiseTraders::new(self.noise, uninformed, book, initial, world.stream(&name));
        let noise = world.trader(&name, account, flow)?;
        world.connect(noise, book, touch.clone())?;

        let name = format!("informed/{book}");
        let account = world.account(&format!("{name}/account"), Limits::default())?;
        let takers = InformedTrader::new(self.informed, self.takers_per_s * informed_share, book, world.stream(&name));
        let informed = world.trader(&name, account, takers)?;
        world.connect(informed, book, touch.clone())?;
        let tape = world.tape(&format!("value/{book}"), value)?;
        world.inform(informed, tape, Latency::constant(Nanos::from_micros(self.value_delay_us)))?;

        for i in 0..self.makers {
            let name = format!("maker/{book}/{i}");
            let account = world.account(&format!("{name}/account"), Limits::default())?;
            let maker = world.trader(&name, account, CompetingMaker::new(self.maker, book))?;
            world.connect(maker, book, touch.clone())?;
        }
        Ok(())
    }
}
