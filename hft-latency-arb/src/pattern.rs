//! What the shell is told of this pattern: its name, its knobs, its papers.

use crate::config::{LatencyArbConfig, TABLE};
use crate::model::equilibrium::{Arena, JumpLaw};
use crate::paper::{BudishCramtonShim, Market as PaperMarket, SEED, budish_cramton_shim};
use crate::scenario::{Market, Parts, scenario};
use hft_app::paper::{Paper, PaperReport, PaperSeed};
use hft_app::{Pattern, Scenario};
use std::str::FromStr;

/// The race, as the shell knows it.
#[derive(Debug)]
pub enum LatencyArbPattern {}

impl Pattern for LatencyArbPattern {
    type Config = LatencyArbConfig;
    type Market = Market;

    const NAME: &'static str = "hft-latency-arb";
    const TABLE: &'static str = TABLE;
    const ABOUT: &'static str = "Latency arbitrage: the race for quotes that a leading price has left behind.";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    fn scenario(parts: Parts<'_>) -> anyhow::Result<Scenario> {
        scenario(parts)
    }

    /// Half and twice as far away, and a market in which takers are held.
    fn what_ifs(own: &LatencyArbConfig) -> Vec<(&'static str, String)> {
        let latencies = [own.latency_us / 2, own.latency_us * 2].map(|us| ("latency_us", us.to_string()));
        latencies.into_iter().chain([("venue.design", "taker-bump".to_owned())]).collect()
    }

    fn papers() -> Vec<Paper> {
        let about = "Budish, Cramton & Shim (2015): the half-spread that the race forces, and everybody's rent";
        vec![Paper::new("budish-cramton-shim", about, run_race)]
    }
}

/// The parameters of the race; left alone, they are those of PAPERS' unit example.
#[derive(Clone, Debug, clap::Args)]
struct RaceArgs {
    /// Investors per unit of time, both sides together
    #[arg(long, default_value_t = 1.0)]
    lambda_inv: f64,
    /// Jumps per unit of time, both directions together
    #[arg(long, default_value_t = 1.0)]
    lambda_jump: f64,
    /// Law of the size of a jump: exp:MEAN, half-normal:SIGMA, constant:SIZE, empirical:SIZE,SIZE,..
    #[arg(long, default_value = "exp:1")]
    jump: JumpLaw,
    /// Players, the provider included
    #[arg(long, default_value_t = 5)]
    players: u32,
    /// continuous, or batch:TIME such as batch:100us
    #[arg(long, default_value = "continuous")]
    market: MarketArg,
    /// In batches: how much later than the snipers' orders the provider's cancel arrives
    #[arg(long, default_value = "1us", value_parser = humantime_s)]
    edge: f64,
    /// Events of a game; left alone, as many as the tolerances need
    #[arg(long)]
    events: Option<u64>,
}

#[derive(Clone, Copy, Debug)]
struct MarketArg(PaperMarket);

impl FromStr for MarketArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "continuous" => Ok(Self(PaperMarket::Continuous)),
            Some(("batch", time)) => Ok(Self(PaperMarket::Batch { interval_s: humantime_s(time)? })),
            _ => Err("write continuous, or batch:TIME such as batch:100us".to_owned()),
        }
    }
}

fn humantime_s(text: &str) -> Result<f64, String> {
    humantime::parse_duration(text)
        .map(|time| time.as_secs_f64())
        .map_err(|error| format!("{error}: write 100us or 1ms"))
}

fn run_race(args: RaceArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let RaceArgs { lambda_inv, lambda_jump, jump, players, market, edge, events } = args;
    let arena = Arena { investors: lambda_inv, jumps: lambda_jump, law: jump, players };
    let request = BudishCramtonShim { arena, market: market.0, edge_s: edge, events, seed: seed.or(SEED) };
    Ok(budish_cramton_shim(&request)?)
}
