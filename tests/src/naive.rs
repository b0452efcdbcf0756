//! A matching engine that can be checked by reading it: two `Vec`s in priority order, every rule spelled out once.
//!
//! Invariant: each half of the book is sorted by price, best first, and within a price by arrival; outside an auction
//! and a halt nothing in it could trade.
//!
//! Which refusal wins is in the table of `exchange::rules`, and the order of events in `exchange::EngineEvent`'s module;
//! both are spelled out here a second time, independently: nothing of the other engine is used but its vocabulary.
//!
//! What is left out: speed. Everything here is linear in the size of the book.

mod amend;
mod auction;
mod check;
mod matching;
mod order;
mod prevention;
mod removal;

use crate::engine::{LevelView, OrderState, OrderView};
use crate::rules::BookRules;
use hft_core::exchange::{EngineEvent, EventSink};
use hft_core::models::{AccountId, NewOrder, OrderId, Phase, Price, Qty, Quote, RejectReason, Side, Timestamp, Top};
use order::Order;
use std::collections::{BTreeSet, VecDeque};

/// The slow, obvious engine.
#[derive(Debug)]
pub struct NaiveEngine {
    rules: BookRules,
    phase: Phase,
    /// Bids and asks, each in priority order.
    book: [Vec<Order>; 2],
    /// Stops that wait, in order of arrival.
    stops: Vec<Order>,
    /// Stops whose trigger was reached and whose turn has not come. Empty between commands.
    elected: VecDeque<Order>,
    /// Ids of orders that have ended.
    ended: BTreeSet<OrderId>,
    killed: BTreeSet<AccountId>,
    all_killed: bool,
    last: Option<Price>,
    /// How many orders were accepted: the age of the next.
    accepted: u64,
    trades: u64,
    events: u64,
    /// Levels changed since the last publication, in order of first change.
    touched: Vec<(Side, Price)>,
    /// What is to be told to the caller.
    said: Vec<EngineEvent>,
}

impl NaiveEngine {
    /// An empty book in continuous trading.
    pub fn new(rules: BookRules) -> Self {
        Self {
            rules,
            phase: Phase::Continuous,
            book: [Vec::new(), Vec::new()],
            stops: Vec::new(),
            elected: VecDeque::new(),
            ended: BTreeSet::new(),
            killed: BTreeSet::new(),
            all_killed: false,
            last: None,
            accepted: 0,
            trades: 0,
            events: 0,
            touched: Vec::new(),
            said: Vec::new(),
        }
    }

    /// Enters an order.
    pub fn submit(&mut self, now: Timestamp, account: AccountId, new: &NewOrder, sink: &mut impl EventSink) {
        self.advance_time(now, sink);
        match self.check_new(now, account, new) {
            Ok(price) => self.accept(account, new, price),
            Err(reason) => self.say(EngineEvent::Rejected { order: new.id, account, side: new.side, reason }),
        }
        self.settle(new.side, sink);
    }

    /// Changes the phase. A book that an auction left crossed is uncrossed before it trades continuously.
    pub fn set_phase(&mut self, phase: Phase, sink: &mut impl EventSink) {
        if phase == Phase::Continuous {
            self.match_auction();
        }
        self.enter_phase(phase);
        self.settle(Side::Sell, sink);
    }

    /// Runs the auction and switches to continuous trading: its price and volume, if anything traded. Does nothing
    /// outside the auction phase.
    pub fn uncross(&mut self, sink: &mut impl EventSink) -> Option<(Price, u128)> {
        if self.phase != Phase::Auction {
            return None;
        }
        let result = self.match_auction();
        self.enter_phase(Phase::Continuous);
        self.settle(Side::Sell, sink);
        result
    }

    /// Best bid and ask.
    pub fn top(&self) -> Top {
        let quote = |side| self.touch(side).map(|price| Quote { price, qty: self.level(side, price) });
        Top { bid: quote(Side::Buy), ask: quote(Side::Sell) }
    }

    /// Visible total of a level, saturating.
    pub fn level(&self, side: Side, price: Price) -> Qty {
        let visible = self.at(side, price).map(|order| wide(order.visible)).sum::<u128>();
        i64::try_from(visible).map_or(Qty::MAX, Qty::new)
    }

    /// All levels of a side, best first.
    pub fn levels(&self, side: Side) -> Vec<LevelView> {
        let level = |price| LevelView {
            price,
            visible: self.at(side, price).map(|order| wide(order.visible)).sum(),
            total: self.at(side, price).map(|order| wide(order.leaves)).sum(),
            count: self.at(side, price).count(),
        };
        self.prices(side).into_iter().map(level).collect()
    }

    /// A level's orders in priority order, with what each has open, hidden quantity included.
    pub fn queue(&self, side: Side, price: Price) -> Vec<(OrderId, Qty)> {
        self.at(side, price).map(|order| (order.id, order.leaves)).collect()
    }

    /// A live order.
    pub fn order(&self, id: OrderId) -> Option<OrderView> {
        let view = |order: &Order, state| OrderView {
            account: order.account,
            side: order.side,
            price: (order.price != Price::ZERO).then_some(order.price),
            filled: order.filled,
            leaves: order.leaves,
            visible: order.visible,
            state,
        };
        let resting = self.book.iter().flatten().find(|order| order.id == id);
        let stop = self.stops.iter().find(|order| order.id == id);
        resting.map(|order| view(order, OrderState::Resting)).or(stop.map(|order| view(order, OrderState::Stop)))
    }

    /// Price of the last trade.
    pub fn last_price(&self) -> Option<Price> {
        self.last
    }

    /// The phase.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// How many orders live, stops included.
    pub fn live_orders(&self) -> usize {
        self.book[0].len() + self.book[1].len() + self.stops.len() + self.elected.len()
    }

    fn accept(&mut self, account: AccountId, new: &NewOrder, price: Price) {
        self.accepted += 1;
        let order = Order::new(account, new, price, self.accepted);
        self.say(EngineEvent::Accepted { order: new.id, account, side: new.side, qty: new.qty });
        if order.trigger().is_some() {
            self.stops.push(order);
            self.elect();
        } else {
            self.enter(order);
        }
    }

    fn enter_phase(&mut self, phase: Phase) {
        if self.phase != phase {
            self.phase = phase;
            self.publish(Side::Sell);
            self.say(EngineEvent::Phase(phase));
            self.elect();
        }
    }

    /// Ends a command: its levels are published, then triggered stops have their turn, then the caller is told.
    fn settle(&mut self, own: Side, sink: &mut impl EventSink) {
        self.publish(own);
        while let Some(stop) = self.elected.pop_front() {
            let side = stop.side;
            self.trigger(stop);
            self.publish(side);
        }
        for event in std::mem::take(&mut self.said) {
            self.events += 1;
            sink.on_event(self.events, event);
        }
    }

    /// Tells the new totals of all touched levels: those opposite to `own` first.
    fn publish(&mut self, own: Side) {
        let touched = std::mem::take(&mut self.touched);
        for half in [own.opposite(), own] {
            for &(side, price) in touched.iter().filter(|(side, _)| *side == half) {
                self.say(EngineEvent::Level { side, price, qty: self.level(side, price) });
            }
        }
    }

    fn say(&mut self, event: EngineEvent) {
        self.said.push(event);
    }

    fn refuse(&mut self, order: OrderId, reason: RejectReason) {
        self.say(EngineEvent::CommandRejected { order, reason });
    }

    fn touched(&mut self, side: Side, price: Price) {
        if !self.touched.contains(&(side, price)) {
            self.touched.push((side, price));
        }
    }

    /// The best price of a side.
    fn touch(&self, side: Side) -> Option<Price> {
        self.book[side.index()].first().map(|order| order.price)
    }

    /// A book of its own with the same orders in it: to try things on.
    fn copy(&self) -> Self {
        Self { phase: self.phase, book: self.book.clone(), last: self.last, ..Self::new(self.rules.clone()) }
    }

    /// The orders of a level in priority order.
    fn at(&self, side: Side, price: Price) -> impl Iterator<Item = &Order> {
        self.book[side.index()].iter().filter(move |order| order.price == price)
    }

    /// The distinct prices of a side, best first.
    fn prices(&self, side: Side) -> Vec<Price> {
        let mut prices: Vec<_> = self.book[side.index()].iter().map(|order| order.price).collect();
        prices.dedup();
        prices
    }
}

/// A size as a number that sums without wrapping.
fn wide(qty: Qty) -> u128 {
    u128::try_from(qty.lots()).expect("an accepted size is not negative")
}
