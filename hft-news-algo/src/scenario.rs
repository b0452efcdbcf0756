//! The market in which news can be traded: books around values that headlines move, and everybody who reads them.
//!
//! One lot is one contract, one tick is 0.01 of the currency, and every first midpoint is 100. A surprise of `z` ticks is in the value of its
//! company as `z (1 - 2^(-t / h))`, `t` after it was published: whoever does not read learns of it at that pace, and the price follows.
//!
//! ```text
//!   stories ──► wire ──┬── headlines ──► readers (we, fast rivals, slow rivals) ── orders ──┐
//!                      ├── headlines ──► makers that pull ── quotes, cancels ──────────────┤
//!                      └── surprises ──► value of each company ──► its crowd ── orders ─────┤
//!                                                                                           ▼
//!   blotter ◄── drop copies, orders of us, rivals and makers ───────────────────────────── XSIM: a book a company
//!      │
//!      └──► ledger: what was read, how well, and what it was worth
//! ```

use crate::config::{NewsAlgoConfig, TABLE};
use crate::ledger::{Participant, ReadingLedger};
use crate::reader::{ModelKind, Pipeline, ReaderConfig, Shipped};
use crate::strategy::{NewsMaker, NewsTrader, Rules, TraderParts};
use crate::tape::{COMPANIES, Generator, NewsItem, NewsValue, Recorded, Wire, Wordings};
use anyhow::{Context, ensure};
use hft_app::Scenario;
use hft_app::chapter::Side as SideOfRun;
use hft_core::flow::{Fundamental, FundamentalConfig, InformedConfig};
use hft_core::prelude::*;
use hft_core::world::stream;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// The table `[market]`: the crowd of every book, beside those who read.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Market(pub CrowdConfig);

impl Default for Market {
    fn default() -> Self {
        Self(CrowdConfig {
            // What moves a value besides the news.
            fundamental: FundamentalConfig {
                reversion_per_s: 0.0,
                volatility: 1.5,
                jumps_per_s: 0.0,
                jump_sd: 0.0,
                step_ms: 20,
                ..FundamentalConfig::default()
            },
            noise: NoiseConfig {
                limits_per_s: 15.0,
                cancels_per_s: 0.25,
                least_distance: 0,
                mean_distance: 10.0,
                mean_size: 3.0,
                ..NoiseConfig::default()
            },
            // Whoever knows takes what is off the value: the price follows.
            informed: InformedConfig { mean_size: 12.0, ..InformedConfig::default() },
            maker: MakerConfig { half_spread: 2, size: 5, fade_ms: 100, ..MakerConfig::default() },
            makers: 1,
            takers_per_s: 12.0,
            informed_fraction: 0.5,
            ..CrowdConfig::default()
        })
    }
}

/// The first midpoint of every book, in ticks of 0.01.
pub const FIRST: Price = Price::new(10_000);

/// One tick, price units.
const TICK: f64 = 0.01;

/// How many levels a side everybody sees.
const DEPTH: Depth = Depth::Levels(10);

/// The horizon that separates adverse selection from inventory.
pub const ADVERSE_HORIZON: Nanos = Nanos::from_secs(1);

/// Charged to whoever rests and to whoever takes, parts per billion of the value: a tenth of a tick and three of them.
const FEES_PPB: [i64; 2] = [10_000, 30_000];

/// What a world is built from.
pub type Parts<'a> = hft_app::Parts<'a, NewsAlgoConfig, Market>;

/// Sizes and distances of the configuration in the contract's lots and ticks.
fn rules(config: &NewsAlgoConfig) -> anyhow::Result<Rules> {
    let whole = |key: &str, value: f64| {
        ensure!(
            (value.round() - value).abs() < 1e-9 * value.max(1.0),
            "{TABLE}.{key} = {value}: must be a multiple of a lot, 1 contract"
        );
        #[allow(clippy::cast_possible_truncation, reason = "the knobs' ranges fit")]
        Ok(value.round() as i64)
    };
    let hold = config.hold_half_lives * config.half_life_ms as f64 / 1e3;
    Ok(Rules {
        read: Nanos::from_micros(config.read_us),
        size: whole("size", config.size)?,
        limit: whole("inv_limit", config.inv_limit)?,
        depth_share: config.depth_share,
        min_confidence: config.min_confidence,
        min_edge: config.min_edge / TICK,
        half_life: Nanos::from_millis(config.half_life_ms),
        hold: Nanos::from_secs_f64(hold),
        passive: Nanos::from_millis(config.passive_ms),
        fees: [FEES_PPB[1], FEES_PPB[0]].map(|ppb| ppb as f64 / 1e9),
    })
}

/// The market with us and our rivals in it.
///
/// ```
/// use hft_core::prelude::*;
/// use hft_news_algo::{NewsAlgoConfig, scenario};
/// let parts = scenario::Parts { seed: 1, config: &NewsAlgoConfig::default(), market: &Default::default(), limits: Limits::default() };
/// let scenario = scenario::scenario(parts)?;
/// let mut ran = scenario.world.lockstep().run(Timestamp::START + Nanos::from_secs(5));
/// ran.outcome?;
/// close_books(&mut ran.nodes, ran.ended)?;
/// # Ok::<(), anyhow::Error>(())
/// ```
///
/// # Errors
/// When the configuration cannot be traded, or its file of headlines cannot be read.
pub fn scenario(parts: Parts<'_>) -> anyhow::Result<Scenario> {
    let Parts { seed, config, market, limits } = parts;
    let rules = rules(config)?;
    let (wire, refused) = wire(seed, config)?;
    let mut world = World::<Simulated>::new(seed);
    let xsim = world.venue("XSIM", VenueConfig::default())?;
    let desk = world.account("desk", limits)?;
    let tape = world.tape("wire", wire.clone().headlines())?;
    let mut books = Vec::new();
    for (company, known) in COMPANIES.iter().enumerate().take(usize::try_from(config.companies)?) {
        let book = world.list(xsim, contract(known.ticker)?, BookRules::default(), FIRST)?;
        let path = stream(seed, &format!("value/{}", known.ticker));
        let path = Fundamental::new(market.0.fundamental, book.instrument, FIRST, path);
        let half_life = Nanos::from_millis(config.wire.half_life_ms);
        market.0.join_around(&mut world, book, FIRST, NewsValue::new(path, wire.clone(), company, half_life))?;
        books.push((book, company));
    }
    let shipped = Arc::new(Shipped::load());
    let mut seats = Seats { world, tape, wire, books, shipped, people: Vec::new() };
    let reader = config.reader(seed);
    seats.reader("we", desk, rules, reader, config.latency_us)?;
    seats.rivals(config, rules)?;
    seats.makers(config, market)?;
    let Seats { world, wire, books, shipped, people, .. } = seats;
    let accounts = people.iter().map(Participant::account).filter(|account| *account != desk).collect();
    let pipeline = Pipeline::new(reader, shipped);
    let ledger = Box::new(ReadingLedger::new(people, wire, pipeline, config, books).with_refusals(refused));
    Ok(Scenario {
        world,
        desk,
        horizon: ADVERSE_HORIZON,
        inventory_limit: Some(Lots::new(rules.limit)),
        shortest_latency: Nanos::from_micros(config.latency_us.min(config.rivals.latency_us)),
        side: Some(SideOfRun { ledger, accounts }),
    })
}

/// What is published in a run, and what of a file was refused.
fn wire(seed: u64, config: &NewsAlgoConfig) -> anyhow::Result<(Wire, Option<String>)> {
    if let Some(file) = &config.wire.file {
        let mut recorded = Recorded::read(Path::new(file))?;
        // A recording that received out of order is played in the order in which it received.
        recorded.items.sort_by_key(NewsItem::sent);
        let told = recorded.told();
        return Ok((Wire::recorded(recorded.items.into()), Some(told)));
    }
    let listed = usize::try_from(config.companies)?;
    let made = Generator::new(config.wire.made, Wordings::All, listed, stream(seed, "wire"));
    Ok((Wire::made(made), None))
}

/// A world to which readers are added.
struct Seats {
    world: World<Simulated>,
    tape: hft_core::world::NodeId,
    wire: Wire,
    books: Vec<(BookId, usize)>,
    shipped: Arc<Shipped>,
    people: Vec<Participant>,
}

impl Seats {
    fn reader(
        &mut self,
        name: &str,
        account: AccountId,
        rules: Rules,
        reader: ReaderConfig,
        latency_us: u64,
    ) -> anyhow::Result<()> {
        let pipeline = Pipeline::new(reader, Arc::clone(&self.shipped));
        let parts = TraderParts { rules, wire: self.wire.clone(), pipeline, books: self.books.clone() };
        let trader = self.world.trader(name, account, NewsTrader::new(parts))?;
        let latency = Nanos::from_micros(latency_us);
        for (book, _) in &self.books {
            self.world.connect(trader, *book, Connection::symmetric(latency, Feed::every_change(DEPTH)))?;
        }
        self.world.inform(trader, self.tape, Latency::constant(latency))?;
        let us = latency_us * 2 + rules.read.count() / 1_000;
        self.people.push(Participant::new(account, name, us));
        Ok(())
    }

    /// The fast believe everything; the slow read as the shipped model does.
    fn rivals(&mut self, config: &NewsAlgoConfig, ours: Rules) -> anyhow::Result<()> {
        let rivals = config.rivals;
        let fast = ReaderConfig { model: ModelKind::Lexicon, accuracy: 1.0, novelty: None, seed: 0 };
        let slow = ReaderConfig { model: ModelKind::Linear, novelty: config.novelty.config(), ..fast };
        let kinds =
            [("fast", rivals.fast, fast, rivals.fast_read_us), ("slow", rivals.slow, slow, rivals.slow_read_us)];
        for (kind, count, reader, read_us) in kinds {
            for number in 0..count {
                let name = format!("{kind} reader {number}");
                let account = self.world.account(&format!("{name}/account"), Limits::default())?;
                let rules = Rules { read: Nanos::from_micros(read_us), ..ours };
                self.reader(&name, account, rules, reader, rivals.latency_us)?;
            }
        }
        Ok(())
    }

    fn makers(&mut self, config: &NewsAlgoConfig, market: &Market) -> anyhow::Result<()> {
        let makers = config.makers;
        let (latency, read) = (Nanos::from_micros(makers.latency_us), Nanos::from_micros(makers.read_us));
        for number in 0..makers.count {
            let name = format!("reading maker {number}");
            let account = self.world.account(&format!("{name}/account"), Limits::default())?;
            for &(book, company) in &self.books {
                let pull = Nanos::from_millis(makers.pull_ms);
                let maker = NewsMaker::new(market.0.maker, (book, company), self.wire.clone(), read, pull);
                let maker = self.world.trader(&format!("{name}/{}", COMPANIES[company].ticker), account, maker)?;
                let touch = Connection::symmetric(latency, Feed::every_change(Depth::Levels(1)));
                self.world.connect(maker, book, touch)?;
                self.world.inform(maker, self.tape, Latency::constant(latency))?;
            }
            self.people.push(Participant::new(account, &name, makers.latency_us * 2 + makers.read_us));
        }
        Ok(())
    }
}

/// A contract of one unit in cents.
fn contract(symbol: &str) -> anyhow::Result<Instrument> {
    let fee = |notional_ppb| FeeRate { notional_ppb, ..FeeRate::FREE };
    let fees = FeeSchedule::flat(fee(FEES_PPB[0]), fee(FEES_PPB[1]));
    Instrument::new(symbol, "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, fees).context("the contract")
}
