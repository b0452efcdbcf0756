//! The papers on the command line: one struct of flags each; left alone, they are the paper's own parameters.

use crate::model::option::Terms;
use crate::model::unwind::Bridge;
use crate::paper::{
    EppsTable, OptionTable, SEED, ShareTable, SlippageTable, UnwindTable, arbitrage_option, early_unwind, epps,
    information_share, leg_slippage,
};
use clap::Args;
use hft_app::paper::{Paper, PaperReport, PaperSeed};
use std::str::FromStr;

/// All of them, each with a line about it.
pub(super) fn papers() -> Vec<Paper> {
    vec![
        Paper::new(
            "epps",
            "Epps (1979), Hayashi & Yoshida (2005): correlation of venues that print at times of their own",
            run_epps,
        ),
        Paper::new(
            "early-unwind",
            "Brennan & Schwartz (1990): how often an arbitrage can be closed before expiry",
            run_early_unwind,
        ),
        Paper::new(
            "information-share",
            "Hasbrouck (1995): where prices are made, for any error correction model",
            run_information_share,
        ),
        Paper::new(
            "arbitrage-option",
            "Brennan & Schwartz (1990): what it is worth to open and to close early, by dynamic programming",
            run_arbitrage_option,
        ),
        Paper::new("leg-slippage", "What a leg costs that comes later: sigma sqrt(2 tau / pi)", run_leg_slippage),
    ]
}

#[derive(Clone, Debug, Args)]
struct EppsArgs {
    /// Prints a second at the first venue
    #[arg(long, default_value_t = 1.0)]
    rate_a: f64,
    /// Prints a second at the second venue
    #[arg(long, default_value_t = 1.0)]
    rate_b: f64,
    /// Correlation of the two prices
    #[arg(long, default_value_t = 1.0, allow_negative_numbers = true)]
    rho: f64,
    /// Sampling intervals, s, separated by commas
    #[arg(long, value_delimiter = ',', default_values_t = EppsTable::default().intervals)]
    intervals: Vec<f64>,
    /// Market time, s
    #[arg(long, default_value_t = EppsTable::default().seconds)]
    seconds: f64,
}

fn run_epps(args: EppsArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let EppsArgs { rate_a, rate_b, rho, intervals, seconds } = args;
    epps(&EppsTable { rates: [rate_a, rate_b], rho, intervals, seconds, seed: seed.or(SEED) })
}

#[derive(Clone, Debug, Args)]
struct UnwindArgs {
    /// Where the mispricing stands when it is opened; several, separated by commas, make several rows
    #[arg(long, value_delimiter = ',', default_value = "0.5,1,0.5", allow_negative_numbers = true)]
    c1: Vec<f64>,
    /// How far beyond parity it must go, one for each c1
    #[arg(long, value_delimiter = ',', default_value = "0.5,0.5,0.25")]
    c2: Vec<f64>,
    /// Volatility of the mispricing
    #[arg(long, default_value_t = 1.0)]
    g: f64,
    /// Time to expiry
    #[arg(long, default_value_t = 1.0)]
    expiry: f64,
    /// Simulated paths of each
    #[arg(long, default_value_t = UnwindTable::default().paths)]
    paths: u64,
    /// Steps of a path
    #[arg(long, default_value_t = UnwindTable::default().steps)]
    steps: u64,
}

fn run_early_unwind(args: UnwindArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let UnwindArgs { c1, c2, g, expiry, paths, steps } = args;
    anyhow::ensure!(c1.len() == c2.len(), "c1 has {} values and c2 {}: one c2 for each c1", c1.len(), c2.len());
    let bridge = |(opened, beyond)| Bridge { opened, beyond, volatility: g, expiry };
    let bridges = c1.into_iter().zip(c2).map(bridge).collect();
    Ok(early_unwind(&UnwindTable { bridges, paths, steps, seed: seed.or(SEED) })?)
}

#[derive(Clone, Debug, Args)]
struct ShareArgs {
    /// Adjustment to the differences from the first price: one row a price, such as -0.05;0.2 or -0.02,0;0.1,0;0,0.2
    #[arg(long, default_value = "-0.05;0.2", allow_hyphen_values = true)]
    alpha: Rows,
    /// Standard deviation of each price's shocks, separated by commas
    #[arg(long, value_delimiter = ',', default_values_t = ShareTable::default().sigma)]
    sigma: Vec<f64>,
    /// Correlation of every two shocks
    #[arg(long, default_value_t = ShareTable::default().rho, allow_negative_numbers = true)]
    rho: f64,
    /// Simulated moments
    #[arg(long, default_value_t = ShareTable::default().observations)]
    observations: u64,
}

/// A matrix on the command line.
#[derive(Clone, Debug)]
struct Rows(Vec<Vec<f64>>);

impl FromStr for Rows {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.trim().parse::<f64>().map_err(|_| format!("{text} is no number"));
        let row = |text: &str| text.split(',').map(number).collect();
        text.split(';').map(row).collect::<Result<_, _>>().map(Rows)
    }
}

fn run_information_share(args: ShareArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let ShareArgs { alpha, sigma, rho, observations } = args;
    Ok(information_share(&ShareTable { alpha: alpha.0, sigma, rho, observations, seed: seed.or(SEED) })?)
}

#[derive(Clone, Debug, Args)]
struct OptionArgs {
    /// Cost of opening, and of holding to expiry
    #[arg(long, default_value_t = OptionTable::default().terms.open)]
    c1: f64,
    /// Cost of closing early
    #[arg(long, default_value_t = OptionTable::default().terms.close)]
    c2: f64,
    /// Volatility of the mispricing
    #[arg(long, default_value_t = OptionTable::default().terms.volatility)]
    g: f64,
    /// Time to expiry
    #[arg(long, default_value_t = OptionTable::default().terms.expiry)]
    expiry: f64,
    /// Mispricings at the start, separated by commas
    #[arg(long, value_delimiter = ',', default_values_t = OptionTable::default().mispricings, allow_negative_numbers = true)]
    mispricings: Vec<f64>,
    /// Moments at which something may be done
    #[arg(long, default_value_t = OptionTable::default().terms.steps)]
    steps: usize,
    /// Points of the grid on each side of parity
    #[arg(long, default_value_t = OptionTable::default().terms.points)]
    points: usize,
    /// Simulated paths
    #[arg(long, default_value_t = OptionTable::default().paths)]
    paths: u64,
}

fn run_arbitrage_option(args: OptionArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let OptionArgs { c1, c2, g, expiry, mispricings, steps, points, paths } = args;
    let terms = Terms { open: c1, close: c2, volatility: g, expiry, steps, points };
    Ok(arbitrage_option(&OptionTable { terms, mispricings, paths, seed: seed.or(SEED) })?)
}

#[derive(Clone, Debug, Args)]
struct SlippageArgs {
    /// Volatility, ticks a square root of a second
    #[arg(long, default_value_t = SlippageTable::default().sigma)]
    sigma: f64,
    /// How much later the second leg is, ms, separated by commas
    #[arg(long, value_delimiter = ',', default_values_t = SlippageTable::default().later_ms)]
    later_ms: Vec<u64>,
    /// Trades of two legs
    #[arg(long, default_value_t = SlippageTable::default().trades)]
    trades: u64,
}

fn run_leg_slippage(args: SlippageArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let SlippageArgs { sigma, later_ms, trades } = args;
    leg_slippage(&SlippageTable { sigma, later_ms, trades, seed: seed.or(SEED) })
}
