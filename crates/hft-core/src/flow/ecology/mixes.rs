//! The named mixes: how many of whom, and what the value does. Distances and volatilities are in units of the market's spacing.

use serde::{Deserialize, Serialize};

/// Which mix of agents.
///
/// Example: [`CrowdConfig`](crate::flow::CrowdConfig).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EcologyMix {
    /// A value that hardly moves, few who know it: makers live well.
    Quiet,
    /// A bit of everything.
    #[default]
    Normal,
    /// A value that jumps, and many who know it first: makers are picked off.
    Toxic,
    /// A value whose volatility wanders, headlines, and many who follow the price.
    Volatile,
}

impl EcologyMix {
    /// The words of a configuration, in the order of the mixes.
    pub const WORDS: &'static [&'static str] = &["quiet", "normal", "toxic", "volatile"];
}

/// The agents of one book.
///
/// Example: [`CrowdConfig`](crate::flow::CrowdConfig).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EcologyConfig {
    /// Which mix.
    pub mix: EcologyMix,
    /// Every agent so many times; those who come in streams share the stream's rate.
    pub population: u32,
}

impl Default for EcologyConfig {
    fn default() -> Self {
        Self { mix: EcologyMix::Normal, population: 1 }
    }
}

/// The numbers of a mix.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Mix {
    /// Of the value, units per square root of a second, and how it wanders.
    pub(super) volatility: f64,
    pub(super) vol_of_vol: f64,
    /// Jumps that only the informed know: a second, and their standard deviation, units.
    pub(super) jumps: [f64; 2],
    /// Headlines, which all hear of: the same.
    pub(super) headlines: [f64; 2],
    /// Resting orders of the uninformed a second.
    pub(super) limits_per_s: f64,
    /// Takers a second, and the share of them that is informed.
    pub(super) takers_per_s: f64,
    pub(super) informed: f64,
    /// How far the makers quote from the midpoint, units.
    pub(super) half_spread: f64,
    pub(super) makers: u32,
    pub(super) momentum: u32,
    pub(super) value: u32,
    pub(super) executors: u32,
    pub(super) snipers: u32,
}

impl EcologyMix {
    pub(super) const fn numbers(self) -> Mix {
        match self {
            EcologyMix::Quiet => Mix {
                volatility: 0.4,
                vol_of_vol: 0.0,
                jumps: [0.02, 2.0],
                headlines: [0.0, 0.0],
                limits_per_s: 15.0,
                takers_per_s: 6.0,
                informed: 0.1,
                half_spread: 1.0,
                makers: 3,
                momentum: 1,
                value: 2,
                executors: 1,
                snipers: 0,
            },
            EcologyMix::Normal => Mix {
                volatility: 1.0,
                vol_of_vol: 0.2,
                jumps: [0.05, 3.0],
                headlines: [0.03, 5.0],
                limits_per_s: 15.0,
                takers_per_s: 8.0,
                informed: 0.2,
                half_spread: 1.5,
                makers: 3,
                momentum: 2,
                value: 2,
                executors: 2,
                snipers: 1,
            },
            EcologyMix::Toxic => Mix {
                volatility: 1.2,
                vol_of_vol: 0.2,
                jumps: [0.3, 4.0],
                headlines: [0.05, 6.0],
                limits_per_s: 20.0,
                takers_per_s: 8.0,
                informed: 0.5,
                half_spread: 2.0,
                makers: 3,
                momentum: 2,
                value: 1,
                executors: 2,
                snipers: 3,
            },
            EcologyMix::Volatile => Mix {
                volatility: 3.0,
                vol_of_vol: 0.6,
                jumps: [0.2, 6.0],
                headlines: [0.2, 8.0],
                limits_per_s: 40.0,
                takers_per_s: 12.0,
                informed: 0.25,
                half_spread: 3.0,
                makers: 3,
                momentum: 3,
                value: 2,
                executors: 3,
                snipers: 2,
            },
        }
    }
}
