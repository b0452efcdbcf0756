//! The market in which a passive maker can live.
//!
//! One lot is one contract, one tick is 0.01 of the currency, and the first midpoint is 100. Whoever else rests orders stands
//! wide: the maker's default half spread of 0.25 is 25 ticks, and a maker is filled only where it is among the first.

use hft_core::flow::{FundamentalConfig, InformedConfig, MakerConfig, NoiseConfig};
use hft_core::prelude::CrowdConfig;
use serde::{Deserialize, Serialize};

/// The table `[market]`: the crowd, with defaults that leave room for quotes of 25 ticks.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Market(pub CrowdConfig);

impl Default for Market {
    fn default() -> Self {
        Self(CrowdConfig {
            fundamental: FundamentalConfig { volatility: 6.0, jump_sd: 20.0, ..FundamentalConfig::default() },
            noise: NoiseConfig {
                limits_per_s: 8.0,
                cancels_per_s: 1.0,
                mean_distance: 150.0,
                ..NoiseConfig::default()
            },
            informed: InformedConfig::default(),
            maker: MakerConfig { half_spread: 40, ..MakerConfig::default() },
            ..CrowdConfig::default()
        })
    }
}
