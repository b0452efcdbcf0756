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
//! Each side is served as one vast aggressor of the auction's volume would serve it: better prices first, at one price
//! in order of arrival, an iceberg slice by slice, each next slice at the back. The two sides' pieces meet in order.
//! There is no aggressor in an auction, so self-trade prevention, which is the aggressor's instruction, does not act, and
//! nothing is shared in proportion. Left out: market orders, extensions, collars and random endings.

use super::book::AfterFill;
use super::engine::{MatchingEngine, saturate};
use super::event::{EngineEvent, EventSink, Party};
use super::orders::NONE;
use super::rules::MANY_ROUNDS;
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

/// One side of an auction while it is served.
#[derive(Debug)]
struct Serving {
    side: Side,
    /// What is still to be served, the current piece included.
    left: u128,
    /// The order whose turn it is.
    slot: u32,
    /// What it has still to give before it is the next order's turn.
    piece: Qty,
    /// Whole rounds through the level's slices that are taken in one piece an order, and how many orders are still to
    /// give theirs, the current one included. None: slices go one by one.
    rounds: u128,
    in_rounds: u32,
    /// The levels, in the order in which they were reached.
    reached: Vec<Price>,
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
        self.plain = self.plain_now();
        self.tape.say(sink, EngineEvent::Phase(phase));
        self.trigger_stops();
        self.settle_stops(sink);
    }

    /// Trades all that crosses at the auction's price.
    fn run_auction<S: EventSink>(&mut self, sink: &mut S) -> Option<(Price, u128)> {
        let (price, volume) = self.clearing()?;
        let mut sides = Side::BOTH.map(|side| Serving::new(side, volume));
        while sides[0].left > 0 {
            for serving in &mut sides {
                self.give_turn(serving);
            }
            let qty = sides[0].piece.min(sides[1].piece);
            let [maker, taker] = sides.each_ref().map(|serving| self.party_after(serving.slot, qty));
            let trade = self.next_trade(price);
            let event = EngineEvent::Trade { trade, price, qty, maker, taker, aggressor: None, ahead: Qty::ZERO };
            self.tape.say(sink, event);
            for serving in &mut sides {
                self.serve(serving, qty, sink);
            }
        }
        for Serving { side, reached, .. } in sides {
            for price in reached {
                let visible = self.level(side, price);
                self.tape.say_level(sink, side, price, visible);
            }
        }
        Some((price, volume))
    }

    /// Where a piece is used up: the first order of the best level gives the next.
    fn give_turn(&mut self, serving: &mut Serving) {
        if serving.piece.is_positive() {
            return;
        }
        let level = self.book.best(serving.side).expect("the auction's volume stands on both sides");
        let price = self.book.levels.get(level).price;
        if serving.reached.last() != Some(&price) {
            serving.reached.push(price);
        }
        serving.slot = self.book.head(level);
        let visible = self.book.orders.visible(serving.slot);
        if serving.in_rounds == 0 {
            let rounds = self.whole_rounds(level, serving.left);
            if rounds >= MANY_ROUNDS {
                (serving.rounds, serving.in_rounds) = (rounds, self.book.levels.get(level).count);
            }
        }
        if serving.in_rounds == 0 {
            serving.piece = visible.min(saturate(serving.left));
            return;
        }
        serving.piece = saturate(serving.rounds * u128::from(visible.lots().cast_unsigned()));
        self.book.reveal(serving.slot, serving.piece - visible);
    }

    /// Books a trade on the order whose turn it is. Of a piece of many slices only its end is told.
    fn serve<S: EventSink>(&mut self, serving: &mut Serving, qty: Qty, sink: &mut S) {
        serving.left -= u128::from(qty.lots().cast_unsigned());
        serving.piece -= qty;
        let order = *self.book.orders.get(serving.slot);
        match serving.in_rounds {
            0 => self.fill(serving.slot, &order, qty, sink),
            _ if serving.piece.is_zero() => {
                self.fill(serving.slot, &order, qty, sink);
                serving.in_rounds -= 1;
            }
            _ => {
                let after = self.book.fill(serving.slot, &order, qty);
                debug_assert!(matches!(after, AfterFill::Smaller(_)), "more of the piece is to come");
            }
        }
    }

    fn party_after(&self, slot: u32, qty: Qty) -> Party {
        let order = self.book.orders.get(slot);
        self.book.orders.sizes(order).party(order, qty)
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

impl Serving {
    const fn new(side: Side, volume: u128) -> Self {
        Self { side, left: volume, slot: NONE, piece: Qty::ZERO, rounds: 0, in_rounds: 0, reached: Vec::new() }
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
