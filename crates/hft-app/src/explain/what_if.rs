//! The same seed with one thing changed: would it have been filled there, and what would have come of the run?
//!
//! The crowd's streams do not depend on us, so in every such world the same people come at the same moments; what they do then may
//! differ, because the book in front of them does. Both are the point.
//!
//! Left out: worlds that differ in the crowd. They are other worlds, not other decisions of ours.

use super::KeptFill;
use super::sight::{MidPath, book_named, venue_of};
use crate::config::{self, Setting, Sources};
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::output::price_units;
use crate::pattern::{Pattern, kept_tables};
use crate::run::{self, RecorderParts, Stops, Until};
use anyhow::anyhow;
use hft_core::exchange::MatchingEngine;
use hft_core::models::{BookId, Nanos, OrderId, Price, Side, Timestamp};
use hft_core::world::{Delivery, FillRecord, Message, Node, NodeId, Observer, TraderId};
use serde::Serialize;
use std::path::Path;

/// How long before the moment our quote is looked for in the book.
const LOOK_BACK: Nanos = Nanos::from_secs(1);

/// What came of one such world.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct WhatIf {
    /// What was changed; nothing for the world as it was, in lockstep.
    pub change: Option<String>,
    /// Where we quoted on the fill's side just before its moment, price units; nothing where we did not.
    pub quote: Option<String>,
    /// The price of a fill on that side at that very moment, if there was one.
    pub filled: Option<String>,
    /// What that fill was worth a second later, price units a contract.
    pub worth_1s: Option<f64>,
    /// Fills of the whole run.
    pub fills: u64,
    /// Net profit of the whole run, currency.
    pub net: String,
    /// Which risk limit ended that run before its time, and when, if one did.
    pub halted: Option<String>,
}

/// The run that the questions are about, and who may stop the answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) folder: &'a Path,
    pub(super) fill: &'a KeptFill,
    /// After how many deliveries it was stopped, in lockstep.
    pub(super) stop_after: Option<u64>,
    /// When a person stopped it: no other world goes further than that.
    pub(super) interrupted: Option<Timestamp>,
    pub(super) interrupt: &'a Interrupt,
}

/// Runs a kept configuration again, with something changed.
pub(super) fn what_if<P: Pattern>(asked: Asked<'_>, change: Option<&Setting>) -> Result<WhatIf, Failure> {
    let Asked { folder, fill, interrupt, .. } = asked;
    let file = folder.join(run::CONFIGURATION);
    let tables = kept_tables::<P>(&file);
    let asked_for = change.into_iter().cloned().map(|setting| ("--what-if", setting)).collect();
    let config = config::load(tables, &Sources { files: vec![file], asked: asked_for, ..Sources::default() })?;
    let again = run::Facts::again::<P>(&config);
    // Another world has other deliveries.
    let stop_after = asked.stop_after.filter(|_| change.is_none());
    let until = if stop_after.is_some() { again.until } else { asked.interrupted.unwrap_or(again.until) };
    let facts = run::Facts { until: until.min(again.until), ..again };
    let parts = RecorderParts::summary_only(facts.until.since(Timestamp::START));
    let halt = parts.stop.clone();
    let (stage, scene) = run::stage::<P>(&config, parts)?;
    let who = stage.who.clone();
    let book = book_named(&who, &fill.symbol, &fill.venue)
        .ok_or_else(|| Failure::Data(anyhow!("with {} there is no {}", words(change), fill.symbol)))?;
    let side = fill.side();
    let mut look = Look {
        moment: fill.time(),
        book,
        trader: TraderId(OrderId(fill.order).trader()),
        side,
        venue: None,
        quote: None,
        filled: None,
        mids: MidPath::around(fill.time()),
    };
    let desk = stage.desk;
    let ends = Until { until: facts.until, stop_after, stops: Stops { interrupt, halt: &halt } };
    let ended = run::rerun(stage.world, ends, &mut look)?;
    let over = ended.ran.ended.min(facts.until);
    let outcome = run::conclude(ended, desk, &facts, scene)?;
    let halted = match outcome.failure {
        None => None,
        Some(Failure::RiskHalt(words)) => Some(words),
        Some(failure) => return Err(failure),
    };
    let contract = &who.listing(book).instrument;
    let worth = look.filled.and_then(|filled| {
        let later = look.mids.at(filled.time.after(Nanos::from_secs(1)))?;
        Some(side.sign() as f64 * price_units(contract, later - filled.fill.price.half_ticks()))
    });
    Ok(WhatIf {
        change: change.map(|change| format!("{} = {}", change.key, change.value)),
        quote: look.quote.map(|price| contract.print_price(price)),
        filled: look.filled.map(|filled| contract.print_price(filled.fill.price)),
        worth_1s: worth.filter(|_| fill.time().after(Nanos::from_secs(1)) <= over),
        fills: outcome.summary.execution.fills,
        net: outcome.summary.money.net.signed(),
        halted,
    })
}

fn words(change: Option<&Setting>) -> String {
    change.map_or("nothing changed".to_owned(), |change| format!("{} = {}", change.key, change.value))
}

/// What is looked for in such a world.
struct Look {
    moment: Timestamp,
    book: BookId,
    trader: TraderId,
    side: Side,
    venue: Option<NodeId>,
    quote: Option<Price>,
    filled: Option<FillRecord>,
    mids: MidPath,
}

impl Look {
    /// The best price at which the trader stands in a book.
    fn stands(&self, engine: &MatchingEngine) -> Option<Price> {
        let ours = |price: Price| engine.queue(self.side, price).any(|(id, _)| id.trader() == self.trader.0);
        engine.levels(self.side).map(|level| level.price).find(|price| ours(*price))
    }
}

impl Observer<Node> for Look {
    fn before(&mut self, delivery: &Delivery<'_>) {
        if let Message::Fill(record) = delivery.message
            && (record.time, record.trader, record.book, record.fill.side)
                == (self.moment, self.trader, self.book, self.side)
        {
            self.filled = Some(*record);
        }
    }

    fn after(&mut self, now: Timestamp, node: NodeId, nodes: &[Node]) -> anyhow::Result<()> {
        let venue = *self.venue.get_or_insert_with(|| venue_of(nodes, self.book).expect("a book has a venue"));
        if node != venue {
            return Ok(());
        }
        let books = nodes[node.0 as usize].as_venue().expect("it was found as one").books();
        let (.., engine) = books.into_iter().find(|(book, ..)| *book == self.book).expect("it was found there");
        self.mids.see(now, engine.top().mid());
        if now < self.moment && now.after(LOOK_BACK) >= self.moment {
            self.quote = self.stands(engine);
        }
        Ok(())
    }
}
