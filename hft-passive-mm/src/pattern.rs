//! What the shell is told of this pattern: its name, its knobs, its papers.

use crate::config::{PassiveMmConfig, StrategyKind, TABLE};
use crate::model::dynamic_programme::{Experiment, FillLaw};
use crate::model::glft::Glft;
use crate::paper::{AvellanedaStoikov, GlftTable, PAPERS, SEED, avellaneda_stoikov, glft};
use crate::scenario::{Market, Parts, recorded, scenario};
use hft_app::paper::{Paper, PaperReport, PaperSeed};
use hft_app::{Pattern, Recorded, Scenario, Seated};

/// The passive maker, as the shell knows it.
#[derive(Debug)]
pub enum PassiveMmPattern {}

impl Pattern for PassiveMmPattern {
    type Config = PassiveMmConfig;
    type Market = Market;

    const NAME: &'static str = "hft-passive-mm";
    const TABLE: &'static str = TABLE;
    const ABOUT: &'static str =
        "Inventory market making: quotes on both sides of the mid, skewed against the position.";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    fn scenario(parts: Parts<'_>) -> anyhow::Result<Scenario> {
        scenario(parts)
    }

    fn recorded(parts: Recorded<'_, PassiveMmConfig>) -> anyhow::Result<Seated> {
        recorded(parts)
    }

    /// Half and twice as far from the venue, and quotes that stand further out.
    fn what_ifs(own: &PassiveMmConfig) -> Vec<(&'static str, String)> {
        // Without the last digits that only a computer would write.
        let rounded = |number: f64| ((number * 1e9).round() / 1e9).to_string();
        let wider = match own.strategy {
            StrategyKind::Skew | StrategyKind::Microprice => ("half_spread", rounded(own.half_spread * 1.2)),
            StrategyKind::AvellanedaStoikov | StrategyKind::Glft => ("model.gamma", rounded(own.model.gamma * 2.0)),
        };
        let latencies = [own.latency_us / 2, own.latency_us * 2].map(|us| ("latency_us", us.to_string()));
        latencies.into_iter().chain([wider]).collect()
    }

    fn papers() -> Vec<Paper> {
        let [(tables, about_tables), (quotes, about_quotes)] = PAPERS;
        vec![Paper::new(tables, about_tables, run_tables), Paper::new(quotes, about_quotes, run_quotes)]
    }
}

/// The parameters of Avellaneda & Stoikov's tables; left alone, they are the paper's.
#[derive(Clone, Debug, clap::Args)]
struct TableArgs {
    /// Risk aversions, separated by commas
    #[arg(long, value_delimiter = ',', default_values_t = [0.1, 0.01, 1.0])]
    gamma: Vec<f64>,
    /// Volatility of the mid
    #[arg(long, default_value_t = Experiment::of_the_paper(0.1).dealer.sigma)]
    sigma: f64,
    /// Decay of the fill rate with distance
    #[arg(long, default_value_t = Experiment::of_the_paper(0.1).dealer.k)]
    k: f64,
    /// Fills a second at the mid
    #[arg(long = "A", value_name = "A", default_value_t = Experiment::of_the_paper(0.1).a)]
    a: f64,
    /// Duration
    #[arg(long = "T", value_name = "T", default_value_t = Experiment::of_the_paper(0.1).horizon)]
    horizon: f64,
    /// Step
    #[arg(long, default_value_t = Experiment::of_the_paper(0.1).dt)]
    dt: f64,
    /// Mid at the start
    #[arg(long, default_value_t = Experiment::of_the_paper(0.1).s0)]
    s0: f64,
    /// Inventory at the start
    #[arg(long, default_value_t = Experiment::of_the_paper(0.1).q0, allow_negative_numbers = true)]
    q0: i32,
    /// Simulated paths
    #[arg(long, default_value_t = AvellanedaStoikov::default().paths)]
    paths: u64,
    /// How a fill rate becomes a probability
    #[arg(long, value_enum, default_value = "bernoulli")]
    fill: FillArg,
}

/// The two fill laws, as words of the command line.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum FillArg {
    /// min(1, rate x dt), as in the paper
    Bernoulli,
    /// 1 - exp(-rate x dt)
    Exact,
}

fn run_tables(args: TableArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let TableArgs { gamma, sigma, k, a, horizon, dt, s0, q0, paths, fill } = args;
    let mut experiment = Experiment { a, horizon, dt, s0, q0, ..Experiment::of_the_paper(0.1) };
    (experiment.dealer.sigma, experiment.dealer.k) = (sigma, k);
    experiment.fill = match fill {
        FillArg::Bernoulli => FillLaw::Bernoulli,
        FillArg::Exact => FillLaw::Exact,
    };
    Ok(avellaneda_stoikov(&AvellanedaStoikov { gammas: gamma, experiment, paths, seed: seed.or(SEED) })?)
}

/// The parameters of the quotes of Guéant, Lehalle & Fernandez-Tapia.
#[derive(Clone, Copy, Debug, clap::Args)]
struct QuoteArgs {
    /// Volatility of the mid
    #[arg(long, default_value_t = GlftTable::default().problem.sigma)]
    sigma: f64,
    /// Fills a second at the mid
    #[arg(long = "A", value_name = "A", default_value_t = GlftTable::default().problem.a)]
    a: f64,
    /// Decay of the fill rate with distance
    #[arg(long, default_value_t = GlftTable::default().problem.k)]
    k: f64,
    /// Risk aversion
    #[arg(long, default_value_t = GlftTable::default().problem.gamma)]
    gamma: f64,
    /// Time to go
    #[arg(long = "T", value_name = "T", default_value_t = GlftTable::default().horizon)]
    horizon: f64,
    /// Inventory limit, units either way
    #[arg(long = "Q", value_name = "Q", default_value_t = GlftTable::default().problem.q_max)]
    q_max: u16,
}

/// Nothing in it is drawn, so it takes no seed.
fn run_quotes(args: QuoteArgs, _seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let QuoteArgs { sigma, a, k, gamma, horizon, q_max } = args;
    Ok(glft(&GlftTable { problem: Glft { sigma, a, k, gamma, q_max }, horizon })?)
}
