//! The papers on the command line: one struct of flags each; left alone, they are the paper's own parameters.

use crate::paper::SEED;
use crate::paper::budget::{BudgetTable, budget};
use crate::paper::event_study::{EventStudyTable, event_study};
use crate::paper::lsh::{LshTable, lsh};
use crate::paper::sentiment::{SentimentTable, phrasebank, twitter};
use clap::Args;
use hft_app::paper::{Paper, PaperReport, PaperSeed};
use std::path::PathBuf;

/// All of them, each with a line about it.
pub(super) fn papers() -> Vec<Paper> {
    vec![
        Paper::new(
            "phrasebank",
            "Malo et al. (2014): sentiment of the sentences in a file, on folds, beside its baselines",
            |args: SentimentArgs, seed| phrasebank(&args.table(seed)),
        ),
        Paper::new(
            "twitter",
            "Sentiment of the tweets in a file, on folds, beside its baselines",
            |args: SentimentArgs, seed| twitter(&args.table(seed)),
        ),
        Paper::new("lsh", "Broder (1997): how often two sets meet in a band", run_lsh),
        Paper::new(
            "event-study",
            "Brown & Warner (1985): size and power of the test of abnormal returns",
            run_event_study,
        ),
        Paper::new("budget", "What each stage of the reader takes, measured on this machine", run_budget),
    ]
}

#[derive(Clone, Debug, Args)]
struct SentimentArgs {
    /// The labelled sentences; nothing of them is kept
    file: PathBuf,
    /// Folds
    #[arg(long, default_value_t = 10)]
    folds: u32,
    /// Deal the labels anew first: then nothing may be found
    #[arg(long)]
    shuffle_labels: bool,
}

impl SentimentArgs {
    fn table(self, seed: PaperSeed) -> SentimentTable {
        let Self { file, folds, shuffle_labels } = self;
        SentimentTable { file, folds, shuffle_labels, seed: seed.or(SEED) }
    }
}

#[derive(Clone, Copy, Debug, Args)]
struct LshArgs {
    /// Bands
    #[arg(long, default_value_t = LshTable::default().bands)]
    bands: u32,
    /// Hashes in a band
    #[arg(long, default_value_t = LshTable::default().rows)]
    rows: u32,
    /// Elements of the union of two sets
    #[arg(long, default_value_t = LshTable::default().union)]
    union: u64,
    /// Pairs of sets of each similarity
    #[arg(long, default_value_t = LshTable::default().pairs)]
    pairs: u64,
}

fn run_lsh(args: LshArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let LshArgs { bands, rows, union, pairs } = args;
    Ok(lsh(&LshTable { bands, rows, union, pairs, seed: seed.or(SEED) })?)
}

#[derive(Clone, Copy, Debug, Args)]
struct EventStudyArgs {
    /// Events in a study
    #[arg(long, default_value_t = EventStudyTable::default().events)]
    events: u64,
    /// Standard deviation of what a contract does beside the market, a period
    #[arg(long, default_value_t = EventStudyTable::default().sd)]
    sd: f64,
    /// What the event adds
    #[arg(long, default_value_t = EventStudyTable::default().effect, allow_negative_numbers = true)]
    effect: f64,
    /// Periods of the fit before the event
    #[arg(long, default_value_t = EventStudyTable::default().window)]
    window: u64,
    /// The test's level
    #[arg(long, default_value_t = EventStudyTable::default().level)]
    level: f64,
    /// Simulated studies
    #[arg(long, default_value_t = EventStudyTable::default().studies)]
    studies: u64,
}

fn run_event_study(args: EventStudyArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let EventStudyArgs { events, sd, effect, window, level, studies } = args;
    Ok(event_study(&EventStudyTable { events, sd, effect, window, level, studies, seed: seed.or(SEED) })?)
}

#[derive(Clone, Copy, Debug, Args)]
struct BudgetArgs {
    /// Headlines
    #[arg(long, default_value_t = BudgetTable::default().headlines)]
    headlines: u64,
}

fn run_budget(args: BudgetArgs, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    Ok(budget(&BudgetTable { headlines: args.headlines, seed: seed.or(SEED) })?)
}
