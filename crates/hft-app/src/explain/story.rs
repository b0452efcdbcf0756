//! What is told of a fill, as plain data: names instead of numbers, decimals instead of ticks.

use super::decisions::Decided;
use super::queue::{Cause, How, Step};
use super::witness::{FillScene, Witness};
use super::{KeptFill, WhatIf};
use crate::output::{price_units, seconds};
use crate::replay::HISTORY;
use hft_core::account::MARKOUT_HORIZONS;
use hft_core::models::{Command, Instrument, Liquidity, Side, Timestamp, Top};
use hft_core::trader::Reason;
use hft_core::world::Directory;
use serde::Serialize;
use std::path::Path;

/// The story of one fill.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Explanation {
    /// The run folder.
    pub folder: String,
    /// `lockstep` or `realtime`.
    pub driver: String,
    /// Its row in fills.csv.
    pub fill: KeptFill,
    /// The decision that had put the order there; absent where it is too long ago to be remembered.
    pub decision: Option<Decision>,
    /// What we had decided since, and came too late.
    pub too_late: Option<Late>,
    /// The order's way through its queue, oldest first; empty for a taker.
    pub queue: Vec<QueueStep>,
    /// How many earlier steps are left out.
    pub queue_left_out: u64,
    /// Who was on the other side.
    pub aggressor: Aggressor,
    /// What the price did next.
    pub later: Vec<Later>,
    /// The midpoint, change by change, from two seconds before the fill to a minute after it: market time, ns, and price units.
    pub path: Vec<(u64, f64)>,
    /// The same seed with something changed; first with nothing changed, in lockstep.
    pub what_ifs: Vec<WhatIf>,
}

/// What somebody saw when deciding.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Book {
    /// The venue's clock when it sent the last change of what was seen, ns of market time.
    pub sent_ns: u64,
    /// Best bid, price units.
    pub bid: Option<f64>,
    /// Best ask, price units.
    pub ask: Option<f64>,
}

/// Why we quoted there.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Decision {
    /// When it was taken, ns of market time.
    pub decided_ns: u64,
    /// When it reached the venue.
    pub reached_ns: u64,
    /// On which book.
    pub book: Book,
    /// With which inventory, contracts.
    pub inventory: String,
    /// The strategy's own reasons.
    pub reasons: Vec<Reason>,
    /// What it came to: "new at 99.40".
    pub command: String,
}

/// A decision that came too late.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Late {
    /// When it was taken, ns of market time.
    pub decided_ns: u64,
    /// When it reached the venue, if it did.
    pub reached_ns: Option<u64>,
    /// What it was.
    pub command: String,
}

/// A step of an order's way through its queue.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct QueueStep {
    /// When, ns of market time.
    pub time_ns: u64,
    /// What happened.
    pub what: String,
    /// Contracts ahead after it; for the last step, before it.
    pub ahead: String,
    /// In how many orders.
    pub orders: usize,
}

/// Who was on the other side, and what they knew.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Aggressor {
    /// The account.
    pub account: String,
    /// What kind of participant it belongs to.
    pub class: String,
    /// Whether it was the one who arrived; false where we did.
    pub arrived: bool,
    /// When its decision was taken, ns of market time; absent where it is too long ago to be remembered.
    pub decided_ns: Option<u64>,
    /// On which book.
    pub book: Option<Book>,
    /// The hidden value, where it had been told, price units.
    pub knew_value: Option<f64>,
    /// The hidden value, as it was last told to anybody, price units.
    pub value: Option<f64>,
}

/// The price after the fill.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Later {
    /// After how long, s.
    pub after_s: f64,
    /// The midpoint, price units; absent where the run ended first.
    pub mid: Option<f64>,
    /// What a contract of the fill was worth then, price units, before fees.
    pub worth: Option<f64>,
}

/// What a story is made of.
pub(super) struct Told<'a> {
    pub(super) folder: &'a Path,
    pub(super) driver: String,
    pub(super) fill: KeptFill,
    pub(super) who: &'a Directory,
    pub(super) scene: FillScene,
    pub(super) witness: Witness,
    pub(super) what_ifs: Vec<WhatIf>,
}

/// Puts names and decimals to what was seen.
pub(super) fn tell(told: Told<'_>) -> Explanation {
    let Told { folder, driver, fill, who, scene, witness, what_ifs } = told;
    let contract = &*who.listing(scene.trade.book).instrument;
    let (steps, queue_left_out) = witness.queue.into_steps();
    let later = MARKOUT_HORIZONS.iter().zip(fill.markouts()).map(|(horizon, worth)| Later {
        after_s: seconds(*horizon),
        mid: witness
            .mids
            .at(fill.time().after(*horizon))
            .filter(|_| worth.is_some())
            .map(|mid| price_units(contract, mid)),
        worth,
    });
    let path = witness.mids.changes().iter().map(|(time, mid)| (time.nanos(), price_units(contract, *mid)));
    Explanation {
        folder: folder.display().to_string(),
        driver,
        decision: scene.ours.as_ref().and_then(|ours| decision(ours, contract)),
        too_late: scene.too_late.as_ref().map(|late| Late {
            decided_ns: late.moment.at.nanos(),
            reached_ns: late.reached.map(Timestamp::nanos),
            command: command(&late.command, contract),
        }),
        queue: steps.iter().map(|step| queue_step(step, contract, who)).collect(),
        queue_left_out,
        aggressor: aggressor(&scene, &fill, contract, who),
        later: later.collect(),
        path: path.collect(),
        what_ifs,
        fill,
    }
}

fn book(sent: Timestamp, top: Top, contract: &Instrument) -> Book {
    let side = |side: Side| top.side(side).map(|quote| price_units(contract, quote.price.half_ticks()));
    Book { sent_ns: sent.nanos(), bid: side(Side::Buy), ask: side(Side::Sell) }
}

fn decision(ours: &Decided, contract: &Instrument) -> Option<Decision> {
    let moment = &ours.moment;
    Some(Decision {
        decided_ns: moment.at.nanos(),
        reached_ns: ours.reached?.nanos(),
        book: book(moment.seen, moment.top, contract),
        inventory: contract.print_lots(moment.position),
        reasons: moment.reasons.clone(),
        command: command(&ours.command, contract),
    })
}

fn command(command: &Command, contract: &Instrument) -> String {
    match *command {
        Command::New(new) => match new.limit_price() {
            Some(price) => format!("a new order at {}", contract.print_price(price)),
            None => "a new market order".to_owned(),
        },
        Command::Amend { price: Some(price), .. } => format!("a move to {}", contract.print_price(price)),
        Command::Amend { .. } => "another size".to_owned(),
        Command::Reduce { by, .. } => format!("a cut by {}", contract.print_qty(by)),
        Command::Cancel { .. } | Command::MassCancel { .. } => "a cancel".to_owned(),
    }
}

fn queue_step(step: &Step, contract: &Instrument, who: &Directory) -> QueueStep {
    let what = match step.cause {
        Cause::Joined => format!("joined the queue at {}", contract.print_price(step.price)),
        Cause::Moved { from } => {
            format!("moved from {} to {}", contract.print_price(from), contract.print_price(step.price))
        }
        Cause::Requeued => "went to the end of the queue".to_owned(),
        Cause::Ahead { account, lots, how, .. } => {
            let how = match how {
                Some(How::Traded) => "traded",
                Some(How::Cancelled) => "cancelled",
                Some(How::Amended) => "moved away",
                None => "gave up",
            };
            format!("{} ahead of us {how} {}", who.account(account), contract.print_qty(lots))
        }
        Cause::Hit => "hit".to_owned(),
    };
    QueueStep { time_ns: step.time.nanos(), what, ahead: contract.print_qty(step.ahead), orders: step.orders }
}

fn aggressor(scene: &FillScene, fill: &KeptFill, contract: &Instrument, who: &Directory) -> Aggressor {
    // Of those who traded in a recording nobody knows what they saw.
    let is_recorded = who.class(scene.other.account) == HISTORY;
    let theirs = scene.theirs.as_ref().filter(|_| !is_recorded).map(|decided| &decided.moment);
    Aggressor {
        account: who.account(scene.other.account).to_owned(),
        class: who.class(scene.other.account).to_owned(),
        arrived: fill.liquidity != Liquidity::Taker.to_string(),
        decided_ns: theirs.map(|moment| moment.at.nanos()),
        book: theirs.map(|moment| book(moment.seen, moment.top, contract)),
        knew_value: theirs.and_then(|moment| moment.value).map(|value| price_units(contract, value)),
        value: scene.value.map(|value| price_units(contract, value)),
    }
}
