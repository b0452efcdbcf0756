//! Every knob, as the table `[manipulative_edu]`.
//!
//! Prices and distances are in ticks of 0.01, sizes in contracts. The behaviours of the laboratory have no knobs: their sizes and times are
//! fixed to this toy crowd, are calibrated to no venue, and would be of no use at one.

mod knobs;

use crate::surveillance::Thresholds;
use hft_app::choices;
use serde::{Deserialize, Serialize};

/// The name of the table.
pub const TABLE: &str = "manipulative_edu";

/// The table `[manipulative_edu]`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ManipulativeEduConfig {
    /// Which labelled behaviour is in the market; none in a default build.
    pub behaviour: Behaviour,
    /// What has to be typed for any other than none.
    pub acknowledgement: String,
    /// Latency of orders, reports and market data of everybody whom this crate adds to the crowd, each one way, us.
    pub latency_us: u64,
    /// `[manipulative_edu.surveillance]`: what counts as much.
    pub surveillance: Thresholds,
    /// `[manipulative_edu.honest]`: who must not be accused.
    pub honest: HonestConfig,
    /// `[manipulative_edu.crowd]`: who might be deceived.
    pub crowd: ListenersConfig,
    /// `[manipulative_edu.venue]`: the rules of the market, and what is done against manipulation.
    pub venue: VenueRules,
}

choices! {
    /// What the surveillance is tested on.
    pub enum Behaviour {
        /// Nothing: honest flow.
        #[default]
        None = "none",
        /// One large order against a small one that is meant.
        Spoofing = "spoofing",
        /// The same with four levels.
        Layering = "layering",
        /// The cycle of the published case of 2011, to scale: 17 lots meant, 261 shown at three prices.
        Coscia = "coscia-2011",
        /// The published case of 6 May 2010, in minutes: five levels that move with the price and never trade.
        Sarao = "sarao-2010",
        /// The published case of 6 January 2014: a display that is turned over at one price.
        Oystacher = "oystacher-2014",
        /// Bursts of orders and cancels far from the touch.
        Stuffing = "stuffing",
        /// A burst of taking, and the way out into those who follow.
        Ignition = "ignition",
    }
}

/// `[manipulative_edu.honest]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HonestConfig {
    /// Size of each quote of the fast makers, contracts.
    pub maker_size: u32,
    /// Distance of their quotes from the midpoint, ticks.
    pub half_spread: u32,
    /// Position at which they quote one side only, contracts.
    pub inventory_limit: u32,
    /// How far the midpoint moves within a tenth of a second for a news-wary maker to take out everything, ticks.
    pub alarm_ticks: u32,
    /// Whole size of the icebergs, contracts.
    pub iceberg_size: u32,
    /// What of an iceberg shows, contracts.
    pub iceberg_shown: u32,
}

/// `[manipulative_edu.crowd]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListenersConfig {
    /// Takers who read the imbalance of the book.
    pub readers: u32,
    /// Takers who follow a move.
    pub followers: u32,
    /// Traders with stop orders on both sides.
    pub stops: u32,
}

/// `[manipulative_edu.venue]`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VenueRules {
    /// What the gateway takes for one command, ns: bursts queue.
    pub service_ns: u64,
    /// Frequent batch auctions of this length, ms; zero: first come, first served.
    pub batch_ms: u64,
    /// Commands a second that an account may send; zero: no limit.
    pub throttle_per_s: u64,
    /// How far from the last price an order may be, ticks; zero: no band.
    pub band_ticks: u32,
    /// How long an order must stand before its owner may take it out, ms; the laboratory's members obey.
    pub least_rest_ms: u64,
    /// Charged for each message beyond twenty for each fill, price units.
    pub message_fee: f64,
}

impl Default for ManipulativeEduConfig {
    fn default() -> Self {
        Self {
            behaviour: Behaviour::default(),
            acknowledgement: "none".to_owned(),
            latency_us: 200,
            surveillance: Thresholds::default(),
            honest: HonestConfig::default(),
            crowd: ListenersConfig::default(),
            venue: VenueRules::default(),
        }
    }
}

impl Default for HonestConfig {
    fn default() -> Self {
        Self {
            maker_size: 20,
            half_spread: 2,
            inventory_limit: 100,
            alarm_ticks: 4,
            iceberg_size: 60,
            iceberg_shown: 6,
        }
    }
}

impl Default for ListenersConfig {
    fn default() -> Self {
        Self { readers: 4, followers: 3, stops: 6 }
    }
}

impl Default for VenueRules {
    fn default() -> Self {
        Self { service_ns: 20_000, batch_ms: 0, throttle_per_s: 0, band_ticks: 0, least_rest_ms: 0, message_fee: 0.0 }
    }
}
