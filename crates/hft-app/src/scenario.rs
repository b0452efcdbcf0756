//! What a pattern hands to the shell: a world, and whose account in it is ours.

use crate::chapter::Side;
use crate::config::{MARKET, RISK, Resolved, RunConfig};
use crate::pattern::Pattern;
use anyhow::bail;
use hft_core::account::Listing;
use hft_core::models::{AccountId, Lots, Nanos};
use hft_core::risk::Limits;
use hft_core::world::{Simulated, World};
use std::collections::BTreeSet;

/// A market with our strategies in it, not yet watched and not yet running.
///
/// The shell adds the blotter, so that every pattern gets the same record of its run.
#[derive(Debug)]
pub struct Scenario {
    /// The wired world.
    pub world: World<Simulated>,
    /// The account whose fills, orders and profit are the run's result.
    pub desk: AccountId,
    /// The horizon that separates adverse selection from inventory.
    pub horizon: Nanos,
    /// The position in one contract, whichever way, at which a strategy stops adding; where it has such a limit.
    pub inventory_limit: Option<Lots>,
    /// What the summary should warn of in real time: the shortest latency of the scenario's own links.
    pub shortest_latency: Nanos,
    /// What the pattern tells of its run beyond the common summary, where it does.
    pub side: Option<Side>,
}

/// What a scenario is built from: a checked configuration, typed.
#[derive(Clone, Debug)]
pub struct Parts<'a, Config, Market> {
    /// The seed of all randomness.
    pub seed: u64,
    /// The pattern's own table.
    pub config: &'a Config,
    /// Who else trades.
    pub market: &'a Market,
    /// What our account may do.
    pub limits: Limits,
}

/// The market of a pattern, made of a checked configuration and its seed.
///
/// # Errors
/// As [`Pattern::scenario`].
pub fn scenario<P: Pattern>(config: &Resolved) -> anyhow::Result<Scenario> {
    let run: RunConfig = config.table("run");
    let scenario = P::scenario(Parts {
        seed: run.seed,
        config: &config.table(P::TABLE),
        market: &config.table(MARKET),
        limits: config.table(RISK),
    })?;
    check_limited(config, &scenario.world.books_of(scenario.desk))?;
    Ok(scenario)
}

/// Refuses a limit of a contract that is not traded: it would limit nothing, and its author believes otherwise.
///
/// # Errors
/// Names the symbol, and those that there are.
pub(crate) fn check_limited(config: &Resolved, books: &[Listing]) -> anyhow::Result<()> {
    let limits: Limits = config.table(RISK);
    let traded: BTreeSet<&str> = books.iter().map(|listing| listing.instrument.symbol()).collect();
    match limits.symbols.iter().flatten().find(|(symbol, _)| !traded.contains(symbol.as_str())) {
        None => Ok(()),
        Some((symbol, _)) => {
            let traded = traded.into_iter().collect::<Vec<_>>().join(", ");
            bail!("risk.symbols.{symbol}: no such contract is traded; those that are: {traded}")
        }
    }
}
