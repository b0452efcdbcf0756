//! Invariant: an auction trades at one price, inside the limit of everybody who trades, and leaves no crossing prices.
//!
//! While a book is in [`Phase::Auction`] orders are collected and may cross. The auction's price is, of all ticks from
//! the lowest to the highest price of an order, the one that
//!
//! 1. trades most, hidden quantity included;
//! 2. then leaves the least surplus;
//! 3. then follows the pressure: the highest if buyers are left over at all of those, the lowest if sellers are;
//! 4. then is nearest to the reference price (configured, else the last trade's), of two equally near the lower; where
//!    there is no reference, the lowest.
//!
//! Better prices are served first; at one price what shows goes in order of arrival, then what is hidden in the same
//! order, each in one piece. There is no aggressor in an auction, so self-trade prevention, which is the aggressor's
//! instruction, does not act, and nothing is shared in proportion. Left out: market orders, extensions, collars and
//! random endings.

use super::engine::{MatchingEngine, saturate};
use super::event::{EngineEvent, EventSink, Party};
use crate::models::{Phase, Price, Qty, Side};
use std::cmp::{Ordering, Reverse};
use std::iter::once;

/// How good a price is for an auction: more is better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Outcome {
    volume: u128,
    surplus: Reverse<u128>,
}

/// A run of ticks at which the auction would do the same.
#[derive(Clone, Copy, Debug)]
struct Run {
    lowest: i64,
    highest: i64,
    bought: u128,
    sold: u128,
}

/// What an order brings to an auction: what it shows, or what it hides.
#[derive(Clone, Copy, Debug)]
struct Part {
    slot: u32,
    qty: Qty,
    kind: PartKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum PartKind {
    Shown,
    Hidden,
}

/// A price and the total there, in lots.
type Total = (i64, u128);

impl MatchingEngine {
    /// Changes the phase. Going to continuous trading runs the auction, so that no crossing prices enter it.
    pub fn set_phase<S: EventSink>(&mut self, phase: Phase, sink: &mut S) {
        if phase == self.phase {
            return;
        }
        if phase == Phase::Continuous {
            self.run_auction(sink);
        }
        self.enter_phase(phase, sink);
    }

    /// Runs the auction and switches to continuous trading; its price and its quantity in lots, if any. Does nothing
    /// unless the phase is [`Phase::Auction`].
    pub fn uncross<S: EventSink>(&mut self, sink: &mut S) -> Option<(Price, u128)> {
        let result = self.cross(sink);
        if self.phase == Phase::Auction {
            self.enter_phase(Phase::Continuous, sink);
        }
        result
    }

    /// Runs the auction and goes on collecting: one batch of a frequent batch auction; its price and its quantity in
    /// lots, if any. Does nothing unless the phase is [`Phase::Auction`].
    pub fn cross<S: EventSink>(&mut self, sink: &mut S) -> Option<(Price, u128)> {
        if self.phase == Phase::Auction { self.run_auction(sink) } else { None }
    }

    fn enter_phase<S: EventSink>(&mut self, phase: Phase, sink: &mut S) {
        self.phase = phase;
        self.is_open = self.opens();
        self.tape.say(sink, EngineEvent::Phase(phase));
        self.trigger_stops();
        self.settle_stops(sink);
    }

    /// Trades all that crosses at the auction's price.
    fn run_auction<S: EventSink>(&mut self, sink: &mut S) -> Option<(Price, u128)> {
        let (price, volume) = self.clearing()?;
        let [buys, sells] = Side::BOTH.map(|side| self.parts(side, volume));
        let reached = [self.reached(&buys), self.reached(&sells)];
        let (mut buys, mut sells) = (buys.into_iter(), sells.into_iter());
        let (mut buy, mut sell) = (buys.next(), sells.next());
        while let (Some(bid), Some(ask)) = (&mut buy, &mut sell) {
            let qty = bid.qty.min(ask.qty);
            let [maker, taker] = [bid.slot, ask.slot].map(|slot| self.party_after(slot, qty));
            let trade = self.next_trade(price);
            let event = EngineEvent::Trade { trade, price, qty, maker, taker, aggressor: None, ahead: Qty::ZERO };
            self.tape.say(sink, event);
            for part in [&mut *bid, &mut *ask] {
                part.qty -= qty;
                match part.kind {
                    PartKind::Shown => {
                        let order = *self.book.orders.get(part.slot);
                        self.fill(part.slot, &order, qty, sink);
                    }
                    PartKind::Hidden => self.fill_hidden(part.slot, qty, sink),
                }
            }
            if bid.qty.is_zero() {
                buy = buys.next();
            }
            if ask.qty.is_zero() {
                sell = sells.next();
            }
        }
        for (side, prices) in Side::BOTH.into_iter().zip(reached) {
            for price in prices {
                let visible = self.level(side, price);
                self.tape.say_level(sink, side, price, visible);
            }
        }
        Some((price, volume))
    }

    /// What a side brings, in the order in which it is served, up to the volume of the auction.
    fn parts(&self, side: Side, volume: u128) -> Vec<Part> {
        let orders = &self.book.orders;
        let shown = |slot: u32| Part { slot, qty: orders.visible(slot), kind: PartKind::Shown };
        let hidden = |slot: u32| Part { slot, qty: orders.hidden(slot), kind: PartKind::Hidden };
        let levels = self.book.rungs(side).map(|rung| rung.level);
        let in_order = levels.flat_map(|level| {
            let concealed = self.book.queue(level).map(hidden).filter(|part| part.qty.is_positive());
            self.book.queue(level).map(shown).chain(concealed)
        });
        let mut left = volume;
        let mut parts = Vec::new();
        for part in in_order {
            if left == 0 {
                break;
            }
            let qty = part.qty.min(saturate(left));
            left -= u128::from(qty.lots().cast_unsigned());
            parts.push(Part { qty, ..part });
        }
        parts
    }

    /// The prices of these parts, each once.
    fn reached(&self, parts: &[Part]) -> Vec<Price> {
        let mut prices: Vec<Price> = parts.iter().map(|part| self.book.price(part.slot)).collect();
        prices.dedup();
        prices
    }

    fn party_after(&self, slot: u32, qty: Qty) -> Party {
        let order = self.book.orders.get(slot);
        self.book.orders.sizes(order).party(order, qty)
    }

    /// Books a trade of what an order hides: its slice stays where it is, unless there is no longer so much.
    fn fill_hidden<S: EventSink>(&mut self, slot: u32, qty: Qty, sink: &mut S) {
        let order = self.book.orders.id(slot);
        let shown = self.book.fill_hidden(slot, qty);
        let visible = self.book.orders.visible(slot);
        if visible.is_zero() {
            let resting = *self.book.orders.get(slot);
            self.book.remove(slot, &resting, self.book.home(order));
            self.tape.say(sink, EngineEvent::Removed { order });
        } else if shown.is_positive() {
            self.tape.say(sink, EngineEvent::Resized { order, visible });
        }
    }

    /// The price and the quantity of the auction, if anything trades.
    fn clearing(&self) -> Option<(Price, u128)> {
        let [bids, asks] = Side::BOTH.map(|side| self.totals(side));
        let mut best: Option<(Outcome, Choice)> = None;
        for run in self.runs(&bids, &asks) {
            let outcome = Outcome { volume: run.bought.min(run.sold), surplus: Reverse(run.bought.abs_diff(run.sold)) };
            match &mut best {
                Some((known, choice)) if *known == outcome => choice.add(run),
                Some((known, _)) if *known > outcome => {}
                _ => best = Some((outcome, Choice::of(run))),
            }
        }
        let (Outcome { volume, .. }, choice) = best?;
        let reference = self.rules.reference.or(self.last);
        (volume > 0).then(|| (choice.price(reference, self.rules.tick.count()), volume))
    }

    /// Price and total of each level, hidden quantity included, from the lowest price.
    fn totals(&self, side: Side) -> Vec<Total> {
        let mut totals: Vec<Total> = self.levels(side).map(|level| (level.price.ticks(), level.total)).collect();
        if side == Side::Buy {
            totals.reverse();
        }
        totals
    }

    /// All ticks between the extremes, from the lowest, as runs within which neither side changes.
    fn runs(&self, mut bids: &[Total], mut asks: &[Total]) -> Vec<Run> {
        let tick = self.rules.tick.count();
        let ends = || [bids.first(), asks.first(), bids.last(), asks.last()].into_iter().flatten().map(|total| total.0);
        let (Some(lowest), Some(highest)) = (ends().min(), ends().max()) else { return Vec::new() };
        let (mut bought, mut sold) = (bids.iter().map(|(_, total)| total).sum::<u128>(), 0);
        let mut runs = Vec::new();
        let mut from = lowest;
        loop {
            while let [(price, total), rest @ ..] = asks
                && *price <= from
            {
                sold += total;
                asks = rest;
            }
            while let [(price, total), rest @ ..] = bids
                && *price < from
            {
                bought -= total;
                bids = rest;
            }
            // A bid still buys at its own price; an ask sells from its own price on.
            let until_bid = bids.first().map(|&(price, _)| price);
            let until_ask = asks.first().map(|&(price, _)| price - tick);
            let to = once(highest).chain(until_bid).chain(until_ask).min().expect("there is one at least");
            runs.push(Run { lowest: from, highest: to, bought, sold });
            if to >= highest {
                return runs;
            }
            from = to + tick;
        }
    }
}

/// The ticks that are equally good so far: they are neighbours.
#[derive(Clone, Copy, Debug)]
struct Choice {
    lowest: i64,
    highest: i64,
    /// Who is left over at all of them: buyers (greater), sellers (less), or neither.
    pressure: Ordering,
}

impl Choice {
    fn of(run: Run) -> Self {
        Self { lowest: run.lowest, highest: run.highest, pressure: run.bought.cmp(&run.sold) }
    }

    /// Runs are added from the lowest.
    fn add(&mut self, run: Run) {
        self.highest = run.highest;
        if self.pressure != run.bought.cmp(&run.sold) {
            self.pressure = Ordering::Equal;
        }
    }

    fn price(self, reference: Option<Price>, tick: i64) -> Price {
        let Self { lowest, highest, pressure } = self;
        Price::new(match (pressure, reference) {
            (Ordering::Greater, _) => highest,
            (Ordering::Less, _) | (Ordering::Equal, None) => lowest,
            (Ordering::Equal, Some(reference)) => {
                // Both ends are on the tick, so there is a tick at or below what lies between them.
                let within = reference.ticks().clamp(lowest, highest);
                let over = within % tick;
                if over > tick - over { within - over + tick } else { within - over }
            }
        })
    }
}
