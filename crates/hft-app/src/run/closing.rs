//! The end of a run: its books are closed, what its recorder still holds is written, and it is summed up.

use super::driver::Ended;
use super::logs::Logs;
use super::{Facts, Outcome, Scene, summarise, truth};
use crate::chapter::Chapter;
use crate::exit::Failure;
use crate::output::seconds_at;
use anyhow::anyhow;
use hft_core::account::{Blotter, BookSummary};
use hft_core::models::{AccountId, Timestamp};
use hft_core::world::{ClosingError, DRAIN, Drained, Node, Ran, RiskHalt, Stats, close_books};

/// What the nodes of a finished world leave.
struct Closed {
    /// Whether the books close.
    closed: Result<(), ClosingError>,
    halt: Option<RiskHalt>,
    books: anyhow::Result<Vec<BookSummary>>,
    logs: Logs,
    truth: Option<Chapter>,
    /// Whether all its rows are written.
    flushed: anyhow::Result<()>,
}

impl Closed {
    fn of(mut nodes: Vec<Node>, ended: Timestamp, until: Timestamp, desk: AccountId) -> Self {
        let closed = close_books(&mut nodes, ended);
        let place = nodes.iter().position(|node| node.as_blotter().is_some()).expect("the stage has one");
        let blotter: Blotter = nodes.swap_remove(place).into_blotter().expect("it is one");
        let (halt, books) = (blotter.halt(desk), blotter.summaries(desk));
        let mut logs: Logs = blotter.into_log().expect("the stage put them there");
        // What arrives while the run settles is no market time.
        let flushed = logs.recorder.finish(ended.min(until));
        let truth = truth::chapter(&nodes, logs.recorder.who());
        Self { closed, halt, books, logs, truth, flushed }
    }
}

/// Why a realtime run left before everything on its way had arrived, if it did.
fn unsettled(drained: Drained, stats: &Stats) -> Option<anyhow::Error> {
    let why = match drained {
        Drained::Settled => return None,
        Drained::Abandoned => "abandoned by a second interrupt".to_owned(),
        Drained::TimedOut => format!("did not settle within {} s of the stop", DRAIN.as_secs()),
    };
    Some(anyhow!("{why}: {} messages were still on their way, so cancels may be unconfirmed", stats.undelivered))
}

/// Closes the books of a run that is over, and sums it up.
///
/// # Errors
/// When not even a summary can be made: the recorder is gone, or the program's own honesty failed.
pub fn conclude(ended: Ended, desk: AccountId, facts: &Facts, scene: Scene) -> Result<Outcome, Failure> {
    let Ended { ran, stopped, drained, wall_s, stopped_after, realtime } = ended;
    let digest = ran.digest();
    let panics: Vec<String> = ran
        .nodes
        .iter()
        .filter_map(Node::as_trader)
        .filter_map(|trader| trader.panic_message().map(str::to_owned))
        .collect();
    let Ran { nodes, stats, ended, outcome, .. } = ran;
    let Closed { closed, halt, books, logs, truth, flushed } = Closed::of(nodes, ended, facts.until, desk);
    let Logs { recorder, side, .. } = logs;
    let books = books.map_err(|error| Failure::Honesty(format!("{error:#}")))?;
    let failure = match (outcome, flushed, unsettled(drained, &stats), closed) {
        (Err(error), ..) => Some(Failure::Runtime(error.into())),
        (Ok(()), Err(error), Some(_), _) | (Ok(()), Err(error), None, Ok(())) => Some(Failure::Runtime(error)),
        // What was on its way is in no ledger: that the books do not close says nothing of the program's honesty.
        (Ok(()), Ok(()), Some(left), _) => Some(Failure::Runtime(left)),
        (Ok(()), _, None, Err(error)) => Some(Failure::Honesty(error.to_string())),
        (Ok(()), Ok(()), None, Ok(())) => match (panics.first(), halt) {
            (Some(said), _) => Some(Failure::Runtime(anyhow!("a strategy panicked and was disabled: {said}"))),
            (None, Some(halt)) => Some(Failure::RiskHalt(format!(
                "{} at {} s, equity {}",
                halt.kill,
                seconds_at(halt.time),
                halt.equity.decimal()
            ))),
            (None, None) => None,
        },
    };
    let ended_by = match &failure {
        Some(Failure::RiskHalt(_)) => "risk halt".to_owned(),
        Some(error @ Failure::Runtime(_)) => format!("error: {error}"),
        _ => stopped.to_string(),
    };
    let mut chapter = side.map(|mut side| side.chapter(recorder.who(), ended.min(facts.until)));
    let files = chapter.as_mut().map(|chapter| std::mem::take(&mut chapter.files)).unwrap_or_default();
    let mut summary = summarise::summarise(summarise::Inputs {
        facts,
        scene,
        recorder: &recorder,
        books: &books,
        digest,
        events: stats.deliveries,
        // What arrives while the run settles is no market time.
        ended: ended.min(facts.until),
        wall_s,
        ended_by,
        realtime: realtime.as_ref(),
        truth,
        chapter,
    });
    // A panic has a sentence of its own.
    let shut_off = recorder.shut_off.filter(|_| panics.is_empty()).map(|(trader, at)| {
        let (name, at) = (recorder.who().trader(trader), seconds_at(at));
        format!("{name} was shut off by risk.repeat or risk.reject_storm: from {at} s on, it was refused every order.")
    });
    if let Some(words) = &shut_off {
        summary.verdict = format!("{} {words}", summary.verdict);
    }
    let failure = failure.or_else(|| {
        let honest = summary.attribution.sums_to_net() && recorder.equity() == summary.money.net.0;
        (!honest).then(|| {
            Failure::Honesty(format!(
                "the attribution sums to {}, the change of equity is {}, and the fills are worth {}",
                summary.attribution.net,
                summary.money.net,
                recorder.equity().decimal()
            ))
        })
    });
    let mut series = recorder.curve.series(recorder.who());
    series.latency = summarise::histograms(&recorder, realtime.as_ref());
    Ok(Outcome { summary, series, files, shut_off, stopped_after, failure })
}
