//! A recorded market with a pattern in it: one venue, one desk and one set of strategies for each fill model.

use super::ladder::{Ladder, Rung};
use super::{HISTORY, Recorded, RecordedBook, Seat, Seated};
use crate::chapter::Side;
use crate::config::{REPLAY, RISK, ReplayConfig, Resolved, RunConfig};
use crate::exit::Failure;
use crate::pattern::Pattern;
use crate::run::{Cast, RecorderParts, Scene, Stage, furnish};
use anyhow::{Context, anyhow};
use hft_core::exchange::{BookRules, VenueConfig};
use hft_core::models::{AccountId, BookId, Instrument, Nanos, Price};
use hft_core::risk::Limits;
use hft_core::world::{Latency, Replayed, World};
use hft_data::replay::{Detail, FillModel, History, Survey, Tallies};

/// Reads the files of a configuration for the first time.
///
/// # Errors
/// When there are none, or they cannot be replayed.
pub(super) fn survey(replay: &ReplayConfig) -> Result<Survey, Failure> {
    if replay.data.is_empty() {
        let text = "replay what? Name the files of a recording, as in `replay message.csv.gz`";
        return Err(Failure::Usage(text.to_owned()));
    }
    Survey::of(&replay.files(), &replay.options(), replay.symbol.as_deref())
        .map_err(|error| Failure::Data(error.into()))
}

/// Builds the recorded market of a configuration around a recorder.
///
/// # Errors
/// When the recording cannot be read, or the pattern cannot trade it.
pub(crate) fn stage<P: Pattern>(config: &Resolved, parts: RecorderParts) -> Result<(Stage, Scene), Failure> {
    let survey = survey(&config.table(REPLAY))?;
    stage_surveyed::<P>(config, &survey, parts)
}

/// The same of a recording that has been read for the first time.
pub(super) fn stage_surveyed<P: Pattern>(
    config: &Resolved,
    survey: &Survey,
    parts: RecorderParts,
) -> Result<(Stage, Scene), Failure> {
    let replay: ReplayConfig = config.table(REPLAY);
    let run: RunConfig = config.table("run");
    let models = models(&replay, survey)?;
    let contract = contract(&replay, survey).map_err(Failure::Data)?;
    let mut world = World::<Replayed>::new(run.seed);
    let (books, tallies) = history(&mut world, &models, &contract, survey).map_err(Failure::Data)?;
    let feed = || {
        let samples_ns = survey.latencies_ns.clone();
        (!samples_ns.is_empty()).then_some(Latency::Empirical { samples_ns })
    };
    let (mut rungs, mut cast) = (Vec::new(), None);
    for &(model, book) in &books {
        let book = RecordedBook { book, instrument: &contract, feed: feed() };
        let seated = P::recorded(Recorded { config: &config.table(P::TABLE), book }).map_err(Failure::Untradable)?;
        let suffix = if cast.is_none() { String::new() } else { format!("/{model}") };
        let desk = world.account(&format!("desk{suffix}"), config.table(RISK)).map_err(anyhow::Error::from)?;
        let Seated { seats, horizon, inventory_limit } = seated;
        for seat in seats {
            sit(&mut world, desk, seat, &suffix)?;
        }
        rungs.push(Rung::new(model, desk));
        cast.get_or_insert(Cast { desk, horizon, inventory_limit, shortest_latency: Nanos::ZERO, side: None });
    }
    let cast = cast.expect("there is a model at least");
    let accounts = rungs.iter().map(|rung| rung.desk).filter(|desk| *desk != cast.desk).collect();
    let ladder = Ladder::new(rungs, tallies, survey, &contract);
    furnish(world, Cast { side: Some(Side { ledger: Box::new(ladder), accounts }), ..cast }, config, parts)
}

/// The models that run side by side, the run's own first.
fn models(replay: &ReplayConfig, survey: &Survey) -> Result<Vec<FillModel>, Failure> {
    let has_orders = survey.detail == Detail::Orders;
    let own = replay.model(has_orders);
    if own == FillModel::Exact && !has_orders {
        let text = anyhow!(
            "replay.fill = \"exact\" needs orders with names, and {} tells {}: choose another model",
            survey.info.symbol,
            match survey.detail {
                Detail::Orders => unreachable!("it was just asked"),
                Detail::Levels => "sizes at prices",
                Detail::Quotes => "the best bid and offer",
            }
        );
        return Err(Failure::Data(text));
    }
    let mut models = vec![own];
    if replay.ladder {
        let exact = has_orders.then_some(FillModel::Exact);
        for model in exact.into_iter().chain(FillModel::ladder(replay.power)) {
            if !models.contains(&model) {
                models.push(model);
            }
        }
    }
    Ok(models)
}

/// The recorded instrument, in the steps that the recording shows.
fn contract(replay: &ReplayConfig, survey: &Survey) -> anyhow::Result<Instrument> {
    let Survey { info, tick, lot, .. } = survey;
    Instrument::new(&info.symbol, &replay.currency, *tick, *lot, info.multiplier, replay.fees())
        .context("the recording's steps make no contract")
}

/// A venue for each model, and history in all of them.
fn history(
    world: &mut World<Replayed>,
    models: &[FillModel],
    contract: &Instrument,
    survey: &Survey,
) -> anyhow::Result<(Vec<(FillModel, BookId)>, Tallies)> {
    let [bid, ask] = [survey.first.bid, survey.first.ask].map(|quote| quote.map(|quote| quote.price));
    let first = bid.or(ask).context("the recording never shows a bid below an offer")?;
    let mut books = Vec::new();
    for &model in models {
        let venue = world.venue(&model.to_string(), VenueConfig::default())?;
        books.push((model, world.list(venue, contract.clone(), BookRules::default(), Price::new(first.ticks()))?));
    }
    let account = world.account(HISTORY, Limits::default())?;
    let history = History::new(survey, &books)?;
    let tallies = history.tallies();
    let recording = world.trader("recording", account, history)?;
    for &(_, book) in &books {
        world.play(recording, book)?;
    }
    Ok((books, tallies))
}

fn sit(world: &mut World<Replayed>, desk: AccountId, seat: Seat, suffix: &str) -> anyhow::Result<()> {
    let Seat { name, strategy, connections } = seat;
    let trader = world.trader(&format!("{name}{suffix}"), desk, strategy)?;
    for (book, connection) in connections {
        world.connect(trader, book, connection)?;
    }
    Ok(())
}
