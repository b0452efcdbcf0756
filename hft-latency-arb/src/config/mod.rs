//! Every knob of the race, as the table `[latency_arb]`.
//!
//! `knobs` lists them all with unit, allowed range, where the default comes from, and what moves when the knob is raised.
//!
//! Prices are in price units, sizes in contracts; times in the unit that the name ends with.

mod knobs;

use hft_app::choices;
use serde::{Deserialize, Serialize};

/// The name of the table.
pub const TABLE: &str = "latency_arb";

/// The table `[latency_arb]`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LatencyArbConfig {
    /// What we do in the race.
    pub strategy: StrategyKind,
    /// Latency of our orders, reports and market data, each one way, us.
    pub latency_us: u64,
    /// The largest order, contracts.
    pub size: f64,
    /// The position that no fill may pass, contracts, either way.
    pub inv_limit: f64,
    /// What a take must promise after fees, price units.
    pub min_edge: f64,
    /// How long a position may wait for a passive exit, ms.
    pub hold_ms: u64,
    /// How long nothing is taken after a take that came too late, us.
    pub cooldown_us: u64,
    /// `[latency_arb.signal]`: how the fair price is read from the leader.
    pub signal: SignalConfig,
    /// `[latency_arb.venue]`: the lagging exchanges.
    pub venue: VenueDesign,
    /// `[latency_arb.makers]`: who quotes there.
    pub makers: FollowerConfig,
    /// `[latency_arb.rivals]`: the other snipers.
    pub rivals: RivalsConfig,
}

choices! {
    /// What we do in the race.
    pub enum StrategyKind {
        /// Take stale quotes, leave passively or in time.
        #[default]
        Snipe = "snipe",
        /// Take stale quotes and trade the other way at the leader at once.
        TwoLeg = "two-leg",
        /// Quote at the lagging exchanges, and be faster than those who snipe.
        Defend = "defend",
    }
}

choices! {
    /// The design of the lagging exchanges.
    pub enum Design {
        /// First come, first served.
        #[default]
        Continuous = "continuous",
        /// Every command is held as long.
        Bump = "bump",
        /// Only those who might take are held.
        TakerBump = "taker-bump",
        /// Every command is held for a random time.
        RandomDelay = "random-delay",
        /// Frequent batch auctions.
        Batch = "batch",
    }
}

/// `[latency_arb.signal]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignalConfig {
    /// How often it is estimated anew who leads, s.
    pub refit_s: f64,
    /// Changes of each price that the estimate looks at.
    pub window: u32,
    /// The longest lead that is looked for, us.
    pub max_lag_us: u64,
    /// How much more the leader must lead than follow before its price is believed.
    pub min_ratio: f64,
}

/// `[latency_arb.venue]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VenueDesign {
    /// How many lagging exchanges.
    pub count: u32,
    /// How they match.
    pub design: Design,
    /// How long a bump holds, and the mean of a random delay, us.
    pub bump_us: u64,
    /// Length of a batch, us.
    pub batch_us: u64,
    /// What the gateway takes for one command, ns: bursts queue.
    pub service_ns: u64,
    /// Investors a second at each of them.
    pub investors_per_s: f64,
    /// Charged to whoever takes there, bp of the value.
    pub taker_bp: f64,
    /// Charged to whoever rests there, bp of the value; negative is a rebate.
    pub maker_bp: f64,
    /// Charged to whoever takes at the leader, bp of the value.
    pub leader_taker_bp: f64,
}

/// `[latency_arb.makers]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FollowerConfig {
    /// How many at each lagging exchange.
    pub count: u32,
    /// Latency of their orders, reports and market data, each one way, us.
    pub latency_us: u64,
    /// Whether they hear of the leader directly or from a consolidated feed.
    pub feed: FeedKind,
    /// How much later the consolidated feed is, us.
    pub sip_us: u64,
    /// Distance of their quotes from the leader's midpoint, price units; ours with `defend`, too.
    pub half_spread: f64,
    /// Size of each quote, contracts; ours with `defend`, too.
    pub size: f64,
    /// How far the midpoint may move before they quote anew, price units.
    pub tolerance: f64,
}

choices! {
    /// A way to hear of another exchange.
    pub enum FeedKind {
        /// Its own feed.
        #[default]
        Direct = "direct",
        /// A consolidated one, later.
        Consolidated = "consolidated",
    }
}

/// `[latency_arb.rivals]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RivalsConfig {
    /// How many.
    pub count: u32,
    /// Latency of the fastest, each one way, us.
    pub latency_us: u64,
    /// How much slower each next one is, us.
    pub step_us: u64,
    /// Mean of the random extra on everybody's orders, ours included, us.
    pub jitter_us: u64,
}

impl Default for LatencyArbConfig {
    fn default() -> Self {
        Self {
            strategy: StrategyKind::default(),
            latency_us: 100,
            size: 5.0,
            inv_limit: 20.0,
            min_edge: 0.02,
            hold_ms: 500,
            cooldown_us: 1_000,
            signal: SignalConfig::default(),
            venue: VenueDesign::default(),
            makers: FollowerConfig::default(),
            rivals: RivalsConfig::default(),
        }
    }
}

impl Default for SignalConfig {
    fn default() -> Self {
        Self { refit_s: 1.0, window: 400, max_lag_us: 2_000, min_ratio: 1.0 }
    }
}

impl Default for VenueDesign {
    fn default() -> Self {
        Self {
            count: 1,
            design: Design::default(),
            bump_us: 350,
            batch_us: 100_000,
            service_ns: 0,
            investors_per_s: 20.0,
            taker_bp: 0.5,
            maker_bp: -0.2,
            leader_taker_bp: 0.3,
        }
    }
}

impl Default for FollowerConfig {
    fn default() -> Self {
        Self {
            count: 2,
            latency_us: 150,
            feed: FeedKind::default(),
            sip_us: 500,
            half_spread: 0.05,
            size: 5.0,
            tolerance: 0.01,
        }
    }
}

impl Default for RivalsConfig {
    fn default() -> Self {
        Self { count: 3, latency_us: 80, step_us: 30, jitter_us: 20 }
    }
}
