//! An ecology of agents that react to each other around a hidden value: the reference markets of the patterns.
//!
//! Invariant: every agent is a strategy behind an account of its own, draws from a stream of its own, and knows what has reached it. What
//! one wins the others lose.
//!
//! | who | knows | does | loses to |
//! |---|---|---|---|
//! | noise | the touch | rests and takes at random | everybody |
//! | informed | the value, a little late | takes what is off it | nobody for long |
//! | `sniper` | the value, first | takes at once what has not moved yet | nobody |
//! | `value-trader` | the value, late and wrong | rests where the price is off it | the informed |
//! | `momentum` | the price's past | follows it | who turns it |
//! | `executor` | nothing | works a large order, by the clock or by volume | makers |
//! | `maker` | the book, and that there was a headline | quotes; cancels and widens when picked off | the informed, snipers |
//!
//! | mix | volatility | jumps/s | headlines/s | takers/s, of them informed | makers | momentum | value | executors | snipers |
//! |---|---|---|---|---|---|---|---|---|---|
//! | `quiet` | 0.4 | 0.02 | 0 | 6, 10 % | 3 | 1 | 2 | 1 | 0 |
//! | `normal` | 1.0, wandering | 0.05 | 0.03 | 8, 20 % | 3 | 2 | 2 | 2 | 1 |
//! | `toxic` | 1.2, wandering | 0.3 | 0.05 | 8, 50 % | 3 | 2 | 1 | 2 | 3 |
//! | `volatile` | 3.0, wandering | 0.2 | 0.2 | 12, 25 % | 3 | 3 | 2 | 3 | 2 |
//!
//! Left out: agents that learn, and agents that trade several books.

mod executor;
mod mixes;
mod momentum;
mod sniper;
mod value_trader;
mod wary_maker;

pub use mixes::{EcologyConfig, EcologyMix};

use super::crowd::Seats;
use super::{CrowdConfig, FundamentalConfig, InformedConfig, InformedTrader, NoiseConfig, NoiseTraders};
use crate::models::{Nanos, Price};
use crate::world::{Latency, NodeId, WorldError};
use executor::{Executor, ExecutorConfig, Schedule};
use mixes::Mix;
use momentum::{MomentumConfig, MomentumTrader};
use sniper::{Sniper, SniperConfig};
use value_trader::{ValueConfig, ValueTrader};
use wary_maker::{WaryConfig, WaryMaker};

/// How late those hear of the value who form an opinion of it.
const OPINION: Nanos = Nanos::from_millis(500);

/// The law of the value in a mix.
pub(super) fn fundamental(market: &CrowdConfig) -> FundamentalConfig {
    let (mix, unit) = (market.ecology.mix.numbers(), unit(market));
    FundamentalConfig {
        volatility: mix.volatility * unit,
        vol_of_vol: mix.vol_of_vol,
        jumps_per_s: mix.jumps[0],
        jump_sd: mix.jumps[1] * unit,
        headlines_per_s: mix.headlines[0],
        headline_sd: mix.headlines[1] * unit,
        ..FundamentalConfig::default()
    }
}

/// The unit of distance, ticks.
#[allow(clippy::cast_precision_loss, reason = "a model's number")]
fn unit(market: &CrowdConfig) -> f64 {
    market.spacing.max(1) as f64
}

/// What the agents hear of from outside the market.
pub(super) struct Tapes {
    /// The value.
    pub(super) value: NodeId,
    /// That there was a headline, where there are any.
    pub(super) news: Option<NodeId>,
}

/// Seats the agents of one book.
pub(super) fn join<K>(
    market: &CrowdConfig,
    seats: &mut Seats<'_, K>,
    initial: Price,
    tapes: &Tapes,
) -> Result<(), WorldError> {
    let cast = Cast { mix: market.ecology.mix.numbers(), unit: unit(market), lots: market.unit.max(1), market };
    let Tapes { value, news } = *tapes;
    let delay = Nanos::from_micros(market.value_delay_us);
    for i in 0..market.ecology.population.max(1) {
        cast.seat_streams(seats, initial, i, value)?;
    }
    let times = |count: u32| count * market.ecology.population.max(1);
    for i in 0..times(cast.mix.makers) {
        let maker = seats.seat(&format!("maker/{}/{i}", seats.book), |_, book| WaryMaker::new(cast.wary(i), book))?;
        if let Some(news) = news {
            seats.world.inform(maker, news, Latency::constant(Nanos::from_micros(market.latency_us)))?;
        }
    }
    for i in 0..times(cast.mix.momentum) {
        let config = cast.momentum(i);
        seats.seat(&format!("momentum/{}/{i}", seats.book), |dice, book| MomentumTrader::new(config, book, dice))?;
    }
    for i in 0..times(cast.mix.value) {
        let config = cast.value();
        let name = format!("value-trader/{}/{i}", seats.book);
        let trader = seats.seat(&name, |dice, book| ValueTrader::new(config, book, dice))?;
        seats.world.inform(trader, value, Latency::constant(OPINION))?;
    }
    for i in 0..times(cast.mix.executors) {
        let config = cast.executor(i);
        seats.seat(&format!("executor/{}/{i}", seats.book), |dice, book| Executor::new(config, book, dice))?;
    }
    for i in 0..times(cast.mix.snipers) {
        let (name, fast) = (format!("sniper/{}/{i}", seats.book), Nanos::from_micros(market.latency_us / 5));
        let trader = seats.seat_at(&name, fast, |_, book| Sniper::new(cast.sniper(), book))?;
        seats.world.inform(trader, value, Latency::constant(Nanos::new(delay.count() / 5)))?;
    }
    Ok(())
}

/// The agents' numbers in ticks and lots.
struct Cast<'a> {
    mix: Mix,
    /// Ticks.
    unit: f64,
    /// Lots.
    lots: i64,
    market: &'a CrowdConfig,
}

impl Cast<'_> {
    /// The noise and the informed, one of each: they come in streams.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "knobs' ranges"
    )]
    fn seat_streams<K>(
        &self,
        seats: &mut Seats<'_, K>,
        initial: Price,
        i: u32,
        value: NodeId,
    ) -> Result<(), WorldError> {
        let share = 1.0 / f64::from(self.market.ecology.population.max(1));
        let takers = self.mix.takers_per_s * share;
        let noise = NoiseConfig {
            limits_per_s: self.mix.limits_per_s * share,
            cancels_per_s: 0.25,
            // Behind the makers: it is they who make the spread.
            least_distance: (1.5 * self.mix.half_spread * self.unit) as u32,
            mean_distance: 4.0 * self.mix.half_spread * self.unit,
            mean_size: 2.0 * self.lots as f64,
            initial_levels: if i == 0 { (15.0 * self.unit) as u32 } else { 0 },
        };
        let uninformed = takers * (1.0 - self.mix.informed);
        seats.seat(&format!("noise/{}/{i}", seats.book), |dice, book| {
            NoiseTraders::new(noise, uninformed, book, initial, dice)
        })?;
        let informed = InformedConfig { edge_half_ticks: self.unit as i64, mean_size: 4.0 * self.lots as f64 };
        let name = format!("informed/{}/{i}", seats.book);
        let trader =
            seats.seat(&name, |dice, book| InformedTrader::new(informed, takers * self.mix.informed, book, dice))?;
        seats.world.inform(trader, value, Latency::constant(Nanos::from_micros(self.market.value_delay_us)))
    }

    /// No two makers are the same: the second quotes a little wider, and stays away a little longer.
    fn wary(&self, i: u32) -> WaryConfig {
        let rank = f64::from(i % self.mix.makers);
        WaryConfig {
            half_spread: self.mix.half_spread * self.unit * (1.0 + 0.25 * rank),
            size: 4 * self.lots,
            limit: 40 * self.lots,
            away: Nanos::from_millis(200 + 200 * u64::from(i % self.mix.makers)),
            widening: 0.5 * self.unit,
        }
    }

    /// Some are quick, some slow.
    fn momentum(&self, i: u32) -> MomentumConfig {
        MomentumConfig {
            looks_per_s: 4.0,
            fast_s: 0.5 * f64::from(1 + i % 4),
            threshold: 1.5 * self.mix.volatility.max(1.0) * self.unit,
            size: 2 * self.lots,
            limit: 10 * self.lots,
        }
    }

    fn value(&self) -> ValueConfig {
        ValueConfig {
            looks_per_s: 2.0,
            error_sd: 2.0 * self.unit,
            margin: 2.0 * self.unit,
            size: 3 * self.lots,
            limit: 60 * self.lots,
        }
    }

    /// By the clock and by volume, by turns.
    #[allow(clippy::cast_precision_loss, reason = "a few lots")]
    fn executor(&self, i: u32) -> ExecutorConfig {
        let schedule = if i.is_multiple_of(2) {
            Schedule::Twap { slice: self.lots, every: Nanos::from_millis(500) }
        } else {
            Schedule::Pov { share: 0.1 }
        };
        ExecutorConfig { parents_per_s: 0.1, mean_parent: 20.0 * self.lots as f64, schedule }
    }

    #[allow(clippy::cast_possible_truncation, reason = "knobs' ranges")]
    fn sniper(&self) -> SniperConfig {
        SniperConfig { edge: 2 * self.unit as i64, size: 4 * self.lots, limit: 40 * self.lots }
    }
}
