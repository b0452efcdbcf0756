//! The papers on the command line: one struct of flags each; left alone, they are the paper's own parameters.

use crate::config::StatarbConfig;
use crate::model::bertram::Spread;
use crate::model::engle_granger::Deterministic;
use crate::model::johansen::{Constant, Model};
use crate::paper::{
    BandTable, BertramTable, BiasTable, BreakTable, EngleGrangerTable, JohansenTable, KalmanTable, PlaceboTable, SEED,
    bertram, breaks, engle_granger, johansen, kalman, ou_band, ou_bias, placebo,
};
use clap::{Args, ValueEnum};
use hft_app::paper::Paper;
use hft_app::paper::{PaperReport, PaperSeed};
use std::path::PathBuf;

/// All of them, each with a line about it.
pub(super) fn papers() -> Vec<Paper> {
    vec![
        Paper::new(
            "johansen",
            "Johansen & Juselius (1990): cointegration rank and relations of the columns of a file",
            run_johansen,
        ),
        Paper::new(
            "bertram",
            "Bertram (2010): optimal thresholds of a spread that costs something to trade",
            run_bertram,
        ),
        Paper::new(
            "ou-bias",
            "Kendall (1954), Tang & Chen (2009): how wrong the fit of a short window is",
            run_ou_bias,
        ),
        Paper::new("ou-band", "Bertram (2010): the rule on simulated processes, against the formula", run_ou_band),
        Paper::new("engle-granger", "MacKinnon (2010): how often the test errs on random walks", run_engle_granger),
        Paper::new("kalman", "Kalman (1960): a hedge ratio that does not drift is least squares", run_kalman),
        Paper::new("placebo", "The whole desk where nothing comes back: its gross profit must be luck", run_placebo),
        Paper::new("breaks", "Page (1954): false alarms and delays of the break detector", run_breaks),
    ]
}

#[derive(Clone, Debug, Args)]
struct JohansenArgs {
    /// A CSV file with names on top and one row a period
    file: PathBuf,
    /// Columns to take, the one that relations are scaled by first
    #[arg(long, value_delimiter = ',', default_value = "lrm,lry,ibo,ide")]
    columns: Vec<String>,
    /// Order of the autoregression in levels
    #[arg(long, default_value_t = 2)]
    lags: usize,
    /// Where the constant is
    #[arg(long, value_enum, default_value = "restricted")]
    constant: ConstantArg,
    /// Seasons of a year, for centred dummies; 0: none
    #[arg(long, default_value_t = 4)]
    seasons: usize,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ConstantArg {
    /// Inside the relations alone
    Restricted,
    /// Anywhere
    Unrestricted,
    /// There is none
    None,
}

fn run_johansen(args: JohansenArgs, _seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let JohansenArgs { file, columns, lags, constant, seasons } = args;
    let constant = match constant {
        ConstantArg::Restricted => Constant::Restricted,
        ConstantArg::Unrestricted => Constant::Unrestricted,
        ConstantArg::None => Constant::None,
    };
    johansen(&JohansenTable { file, columns, model: Model { lags, constant, seasons } })
}

#[derive(Clone, Copy, Debug, Args)]
struct SpreadArgs {
    /// Speed of reversion
    #[arg(long, default_value_t = BertramTable::default().spread.alpha)]
    alpha: f64,
    /// Volatility
    #[arg(long, default_value_t = BertramTable::default().spread.eta)]
    eta: f64,
    /// Cost of a round trip
    #[arg(long, default_value_t = BertramTable::default().spread.c)]
    c: f64,
}

impl From<SpreadArgs> for Spread {
    fn from(SpreadArgs { alpha, eta, c }: SpreadArgs) -> Self {
        Self { alpha, eta, c }
    }
}

/// Nothing in it is drawn, so it takes no seed.
fn run_bertram(args: SpreadArgs, _seed: PaperSeed) -> anyhow::Result<PaperReport> {
    Ok(bertram(&BertramTable { spread: args.into() })?)
}

#[derive(Clone, Debug, Args)]
struct BiasArgs {
    /// Speed of reversion
    #[arg(long, default_value_t = BiasTable::default().kappa)]
    kappa: f64,
    /// Time between two samples
    #[arg(long, default_value_t = BiasTable::default().dt)]
    dt: f64,
    /// Samples in a window, separated by commas
    #[arg(long, value_delimiter = ',', default_values_t = BiasTable::default().samples)]
    samples: Vec<u64>,
    /// Simulated windows of each length
    #[arg(long, default_value_t = BiasTable::default().paths)]
    paths: u64,
    /// The slowest reversion that the filter lets pass, in windows
    #[arg(long, default_value_t = BiasTable::default().slowest)]
    slowest: f64,
}

fn run_ou_bias(args: BiasArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let BiasArgs { kappa, dt, samples, paths, slowest } = args;
    Ok(ou_bias(&BiasTable { kappa, dt, samples, paths, slowest, seed: seed.or(SEED) })?)
}

#[derive(Clone, Copy, Debug, Args)]
struct BandArgs {
    #[command(flatten)]
    spread: SpreadArgs,
    /// Simulated cycles at each pair of thresholds
    #[arg(long, default_value_t = BandTable::default().cycles)]
    cycles: u64,
}

fn run_ou_band(args: BandArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    Ok(ou_band(&BandTable { spread: args.spread.into(), cycles: args.cycles, seed: seed.or(SEED) })?)
}

#[derive(Clone, Copy, Debug, Args)]
struct EngleGrangerArgs {
    /// How many series
    #[arg(long, default_value_t = EngleGrangerTable::default().series)]
    series: u64,
    /// Observations of each
    #[arg(long, default_value_t = EngleGrangerTable::default().observations)]
    observations: u64,
    /// Lagged differences in the test
    #[arg(long, default_value_t = EngleGrangerTable::default().lags)]
    lags: u64,
    /// What the first regression has beside the series
    #[arg(long, value_enum, default_value = "constant")]
    deterministic: DeterministicArg,
    /// Coefficient of the relation where there is one
    #[arg(long, default_value_t = EngleGrangerTable::default().rho)]
    rho: f64,
    /// Simulated worlds
    #[arg(long, default_value_t = EngleGrangerTable::default().paths)]
    paths: u64,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DeterministicArg {
    /// A constant
    Constant,
    /// A constant and a linear trend
    Trend,
}

fn run_engle_granger(args: EngleGrangerArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let EngleGrangerArgs { series, observations, lags, deterministic, rho, paths } = args;
    let deterministic = match deterministic {
        DeterministicArg::Constant => Deterministic::Constant,
        DeterministicArg::Trend => Deterministic::Trend,
    };
    let table = EngleGrangerTable { series, observations, lags, deterministic, rho, paths, seed: seed.or(SEED) };
    Ok(engle_granger(&table)?)
}

#[derive(Clone, Copy, Debug, Args)]
struct KalmanArgs {
    /// Observations
    #[arg(long, default_value_t = KalmanTable::default().observations)]
    observations: u64,
    /// Regressors, a constant included
    #[arg(long, default_value_t = KalmanTable::default().regressors)]
    regressors: u64,
    /// Variance of the prior of every coefficient
    #[arg(long, default_value_t = KalmanTable::default().p0)]
    p0: f64,
    /// Variance that a drifting coefficient gains an observation
    #[arg(long, default_value_t = KalmanTable::default().q)]
    q: f64,
    /// Variance of the noise
    #[arg(long, default_value_t = KalmanTable::default().r)]
    r: f64,
}

fn run_kalman(args: KalmanArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let KalmanArgs { observations, regressors, p0, q, r } = args;
    Ok(kalman(&KalmanTable { observations, regressors, p0, q, r, seed: seed.or(SEED) })?)
}

#[derive(Clone, Debug, Args)]
struct PlaceboArgs {
    /// Contracts in the universe
    #[arg(long, default_value_t = StatarbConfig::default().symbols)]
    symbols: u32,
    /// Entries to try on the placebo, separated by commas
    #[arg(long, value_delimiter = ',', default_values_t = PlaceboTable::default().entries)]
    entries: Vec<f64>,
    /// Runs of each
    #[arg(long, default_value_t = PlaceboTable::default().runs)]
    runs: u64,
    /// Market time of a run, s
    #[arg(long, default_value_t = PlaceboTable::default().duration_s)]
    seconds: f64,
}

fn run_placebo(args: PlaceboArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let PlaceboArgs { symbols, entries, runs, seconds } = args;
    let config = StatarbConfig { symbols, ..StatarbConfig::default() };
    placebo(&PlaceboTable {
        config,
        entries,
        runs,
        duration_s: seconds,
        seed: seed.or(SEED),
        ..PlaceboTable::default()
    })
}

#[derive(Clone, Debug, Args)]
struct BreakArgs {
    /// Thresholds, separated by commas
    #[arg(long, value_delimiter = ',', default_values_t = BreakTable::default().thresholds)]
    thresholds: Vec<f64>,
    /// Half-life of the residual, samples
    #[arg(long, default_value_t = BreakTable::default().half_life)]
    half_life: f64,
    /// Samples in the window
    #[arg(long, default_value_t = BreakTable::default().window)]
    window: u64,
    /// How far it jumps at the break, standard deviations
    #[arg(long, default_value_t = BreakTable::default().shift, allow_negative_numbers = true)]
    shift: f64,
    /// Samples watched before the break, and after it
    #[arg(long, default_value_t = BreakTable::default().watched)]
    watched: u64,
    /// Simulated residuals
    #[arg(long, default_value_t = BreakTable::default().paths)]
    paths: u64,
}

fn run_breaks(args: BreakArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let BreakArgs { thresholds, half_life, window, shift, watched, paths } = args;
    Ok(breaks(&BreakTable { thresholds, half_life, window, shift, watched, paths, seed: seed.or(SEED) })?)
}
