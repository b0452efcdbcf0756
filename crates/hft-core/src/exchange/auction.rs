//! Invariant: an auction trades at one price, inside the limit of everybody who trades, and leaves no crossing prices.
//!
//! While a book is in [`Phase::Auction`] orders are collected and may cross. The auction's price is, of all ticks from
//! the lowest to the highest limit price, the one that
//!
//! 1. trades most, hidden quantity included;
//! 2. then leaves the least surplus;
//! 3. then follows the pressure: the highest of those with a surplus of buyers, the lowest of those with one of sellers;
//! 4. then is nearest to the reference price (configured, else the last trade's), and of two equally near the lower;
//!    where there is no reference, the lowest.
//!
//! Where only market orders meet, they trade at the reference price, or not at all. Market orders go first, then better
//! prices, then earlier arrival; an iceberg's next slice goes to the back as ever. What the auction leaves of market
//! orders is cancelled. There is no aggressor in an auction, so self-trade prevention, which is the aggressor's
//! instruction, does not act. Left out: extensions, collars and random endings.

use super::engine::MatchingEngine;
use super::entry::incoming;
use super::event::{EngineEvent, EventSink, Party};
use super::orders::Incoming;
use crate::models::{CancelReason, Phase, Price, Qty, Side};
use std::cmp::Reverse;

/// What one candidate price would do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Outcome {
    volume: u128,
    /// Less is better.
    surplus: Reverse<u128>,
}

/// A run of ticks at which the auction has the same outcome.
#[derive(Clone, Copy, Debug)]
struct Candidates {
    lowest: i64,
    highest: i64,
    bought: u128,
    sold: u128,
}

/// Who is next on one side of an auction.
#[derive(Clone, Copy, Debug)]
enum Next {
    /// A market order, which stands in no level.
    Unpriced(Incoming),
    /// The first order of the best level.
    Resting(u32),
}

impl MatchingEngine {
    /// Changes the phase. Going to continuous trading runs the auction, so that no crossing prices enter it.
    pub fn set_phase<S: EventSink>(&mut self, phase: Phase, sink: &mut S) {
        if phase == self.phase {
            return;
        }
        if phase == Phase::Continuous {
            self.run_auction(sink);
        }
        self.phase = phase;
        self.tape.say(sink, EngineEvent::Phase(phase));
        self.settle_stops(sink);
    }

    /// Runs the auction and switches to continuous trading; its price and its quantity in lots, if any. Does nothing
    /// unless the phase is [`Phase::Auction`].
    pub fn uncross<S: EventSink>(&mut self, sink: &mut S) -> Option<(Price, u128)> {
        if self.phase != Phase::Auction {
            return None;
        }
        let result = self.run_auction(sink);
        self.phase = Phase::Continuous;
        self.tape.say(sink, EngineEvent::Phase(Phase::Continuous));
        self.settle_stops(sink);
        result
    }

    /// Runs the auction and goes on collecting: one batch of a frequent batch auction; its price and its quantity in
    /// lots, if any. Does nothing unless the phase is [`Phase::Auction`].
    pub fn cross<S: EventSink>(&mut self, sink: &mut S) -> Option<(Price, u128)> {
        if self.phase != Phase::Auction {
            return None;
        }
        let result = self.run_auction(sink);
        self.settle_stops(sink);
        result
    }

    fn run_auction<S: EventSink>(&mut self, sink: &mut S) -> Option<(Price, u128)> {
        let result = self.clearing();
        // Each side's levels in the order in which they are reached, with what they showed before.
        let mut reached: [Vec<(Price, u128)>; 2] = [Vec::new(), Vec::new()];
        if let Some((price, volume)) = result {
            self.trade_at(price, volume, &mut reached, sink);
        }
        for side in Side::BOTH {
            while let Some(parked) = self.parked.first_unpriced(side) {
                let id = parked.order.id;
                self.end_parked(id, CancelReason::Ioc, sink);
            }
        }
        for side in Side::BOTH {
            for &(price, before) in &reached[side.index()] {
                let visible = self.book.visible_at(side, price);
                if visible != before {
                    self.tape.say_level(sink, side, price, visible);
                }
            }
        }
        result
    }

    fn trade_at<S: EventSink>(
        &mut self,
        price: Price,
        volume: u128,
        reached: &mut [Vec<(Price, u128)>; 2],
        sink: &mut S,
    ) {
        let mut left = volume;
        let mut partly: [Option<Incoming>; 2] = [None, None];
        while left > 0 {
            let mut parties = Side::BOTH.map(|side| self.next_in_auction(side, partly[side.index()]));
            for (side, party) in Side::BOTH.into_iter().zip(&parties) {
                self.note_reached(side, *party, &mut reached[side.index()]);
            }
            let sizes = parties.map(|party| self.size_in_auction(party));
            let qty = super::engine::saturate(left).min(sizes[0]).min(sizes[1]);
            left -= u128::from(qty.lots().cast_unsigned());
            let [maker, taker] = [0, 1].map(|at| self.party_after(&mut parties[at], qty));
            let trade = self.next_trade(price);
            let event = EngineEvent::Trade { trade, price, qty, maker, taker, aggressor: None, ahead: Qty::ZERO };
            self.tape.say(sink, event);
            for (side, party) in Side::BOTH.into_iter().zip(parties) {
                match party {
                    Next::Resting(slot) => self.fill(slot, qty, sink),
                    Next::Unpriced(order) => {
                        partly[side.index()] = Some(order).filter(|order| order.leaves.is_positive());
                        if order.leaves.is_zero() {
                            self.unpark(order.id);
                        }
                    }
                }
            }
        }
        for order in partly.into_iter().flatten() {
            // Only part of it traded: the rest is cancelled here, where what is filled is known.
            self.unpark(order.id);
            self.say_canceled(&order, CancelReason::Ioc, sink);
        }
    }

    fn next_in_auction(&self, side: Side, partly: Option<Incoming>) -> Next {
        if let Some(order) = partly {
            return Next::Unpriced(order);
        }
        if let Some(parked) = self.parked.first_unpriced(side) {
            return Next::Unpriced(incoming(parked.account, &parked.order, side.worst_price()));
        }
        let level = self.book.best(side).expect("the auction's volume stands on both sides");
        Next::Resting(self.book.head(level))
    }

    fn note_reached(&self, side: Side, next: Next, reached: &mut Vec<(Price, u128)>) {
        if let Next::Resting(slot) = next {
            let price = self.book.price(slot);
            if reached.last().is_none_or(|&(last, _)| last != price) {
                reached.push((price, self.book.visible_at(side, price)));
            }
        }
    }

    fn size_in_auction(&self, next: Next) -> Qty {
        match next {
            Next::Unpriced(order) => order.leaves,
            Next::Resting(slot) => self.book.orders.visible(slot),
        }
    }

    fn party_after(&self, next: &mut Next, qty: Qty) -> Party {
        match next {
            Next::Unpriced(order) => {
                order.leaves -= qty;
                order.filled += qty;
                Party { order: order.id, account: order.account, filled: order.filled, leaves: order.leaves }
            }
            Next::Resting(slot) => {
                let orders = &self.book.orders;
                Party {
                    order: orders.id(*slot),
                    account: orders.account(*slot),
                    filled: orders.filled(*slot) + qty,
                    leaves: orders.leaves(*slot) - qty,
                }
            }
        }
    }

    /// The price and the quantity of the auction, if anything trades.
    fn clearing(&self) -> Option<(Price, u128)> {
        let [bids, asks] = Side::BOTH.map(|side| self.totals(side));
        let market = Side::BOTH.map(|side| self.parked.unpriced_total(side));
        let reference = self.rules.reference_price(self.last);
        let prices = || bids.iter().chain(&asks).map(|&(price, _)| price);
        let (Some(lowest), Some(highest)) = (prices().min(), prices().max()) else {
            let volume = market[0].min(market[1]);
            return reference.filter(|_| volume > 0).map(|price| (price, volume));
        };
        let mut best: Option<(Outcome, Choice)> = None;
        for run in self.candidates(&bids, &asks, market, lowest, highest) {
            let outcome = Outcome { volume: run.bought.min(run.sold), surplus: Reverse(run.bought.abs_diff(run.sold)) };
            match &mut best {
                Some((known, choice)) if *known == outcome => choice.add(run),
                Some((known, _)) if *known > outcome => {}
                _ => best = Some((outcome, Choice::of(run))),
            }
        }
        let (outcome, choice) = best?;
        let price = choice.price(reference, self.rules.tick.count());
        (outcome.volume > 0).then_some((Price::new(price), outcome.volume))
    }

    /// Price and total of each level, hidden quantity included, from the lowest price.
    fn totals(&self, side: Side) -> Vec<(i64, u128)> {
        let total = |level: u32| self.book.levels.get(level).visible() + self.book.levels.hidden(level);
        let rungs = self.book.rungs(side).map(|rung| rung.level);
        let mut totals: Vec<_> = rungs.map(|level| (self.book.levels.get(level).price.ticks(), total(level))).collect();
        if side == Side::Buy {
            totals.reverse();
        }
        totals
    }

    /// All ticks between the extremes, as runs within which neither side changes.
    fn candidates(
        &self,
        bids: &[(i64, u128)],
        asks: &[(i64, u128)],
        market: [u128; 2],
        lowest: i64,
        highest: i64,
    ) -> Vec<Candidates> {
        let tick = self.rules.tick.count();
        let (mut bids, mut asks) = (bids, asks);
        let mut bought = market[0] + bids.iter().map(|(_, total)| total).sum::<u128>();
        let mut sold = market[1];
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
            let until_bid = bids.first().map_or(highest, |&(price, _)| price);
            let until_ask = asks.first().map_or(highest, |&(price, _)| price - tick);
            let to = until_bid.min(until_ask);
            runs.push(Candidates { lowest: from, highest: to, bought, sold });
            if to >= highest {
                return runs;
            }
            from = to + tick;
        }
    }
}

/// The ticks that are equally good so far, by who has the surplus there.
#[derive(Clone, Copy, Debug)]
struct Choice {
    /// Highest tick with a surplus of buyers.
    bought: Option<i64>,
    /// Lowest tick with a surplus of sellers.
    sold: Option<i64>,
    /// First and last tick with none.
    even: Option<(i64, i64)>,
}

impl Choice {
    fn of(run: Candidates) -> Self {
        let mut choice = Self { bought: None, sold: None, even: None };
        choice.add(run);
        choice
    }

    /// Runs are added from the lowest.
    fn add(&mut self, run: Candidates) {
        match run.bought.cmp(&run.sold) {
            std::cmp::Ordering::Greater => self.bought = Some(run.highest),
            std::cmp::Ordering::Less => self.sold = self.sold.or(Some(run.lowest)),
            std::cmp::Ordering::Equal => {
                self.even = Some((self.even.map_or(run.lowest, |(lowest, _)| lowest), run.highest));
            }
        }
    }

    fn price(self, reference: Option<Price>, tick: i64) -> i64 {
        if let Some((lowest, highest)) = self.even {
            return match reference {
                None => lowest,
                Some(reference) => {
                    let within = reference.ticks().clamp(lowest, highest);
                    let below = within - within.rem_euclid(tick);
                    let above = below.saturating_add(tick);
                    if within - below <= above - within || above > highest { below } else { above }
                }
            };
        }
        match (self.bought, self.sold, reference) {
            (Some(bought), Some(sold), Some(reference))
                if reference.ticks().abs_diff(sold) < reference.ticks().abs_diff(bought) =>
            {
                sold
            }
            (Some(bought), _, _) => bought,
            (None, sold, _) => sold.expect("a run has a surplus on one side, or on none"),
        }
    }
}
