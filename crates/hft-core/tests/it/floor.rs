//! A venue that is told messages one by one. What it says becomes text, one line a message: link, then what.

#![allow(clippy::wildcard_enum_match_arm, reason = "tests name what they look for")]

use hft_core::account::{Ledger, Listing};
use hft_core::exchange::{BookRules, Feed, Venue, VenueConfig};
use hft_core::models::*;
use hft_core::risk::{Limits, RiskGate};
use hft_core::world::{LinkId, Machine, Mail, Message, NodeId, Route, TraderId};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const X: BookId = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
pub(super) const Y: BookId = BookId { venue: VenueId(0), instrument: InstrumentId(1) };
pub(super) const ELSEWHERE: BookId = BookId { venue: VenueId(9), instrument: InstrumentId(0) };
pub(super) const BLOTTER: LinkId = LinkId(20);
pub(super) const FEED: LinkId = LinkId(30);

/// A venue with two books and three accounts, whose reports leave over links 1 to 3.
pub(super) struct Floor {
    pub(super) venue: Venue,
    gates: Vec<(RiskGate, Ledger)>,
    /// Timers that were set and have not rung, by time and order of setting.
    pub(super) timers: BTreeMap<(u64, usize), u64>,
    set: usize,
}

impl Floor {
    pub(super) fn open(config: VenueConfig, rules: BookRules) -> Self {
        let cents = |cents: i128| FeeRate { per_lot: Cash::new(cents * Cash::PER_UNIT / 100), ..FeeRate::FREE };
        let first = FeeTier { from_volume: Qty::ZERO, maker: cents(-1), taker: cents(3) };
        let busy = FeeTier { from_volume: Qty::new(10), maker: cents(-2), taker: cents(2) };
        let contract = |symbol| {
            let (tick, fees) = ("0.01".parse().expect("a decimal"), FeeSchedule::new(vec![first, busy]));
            Arc::new(Instrument::new(symbol, "USD", tick, Decimal::ONE, Decimal::ONE, fees).expect("valid"))
        };
        let mut venue = Venue::new(X.venue, config);
        let listings =
            [(X, "X"), (Y, "Y"), (ELSEWHERE, "Z")].map(|(book, symbol)| Listing { book, instrument: contract(symbol) });
        for listing in &listings[..2] {
            venue.list(
                listing.book.instrument,
                listing.instrument.clone(),
                rules.clone(),
                Price::new(100).half_ticks(),
            );
        }
        let accounts = [1, 2, 3].map(AccountId);
        for account in accounts {
            venue.open_account(account, LinkId(account.0));
        }
        let gate = |account| (RiskGate::new(account, Limits::default(), &listings), Ledger::new(account, &listings));
        Self { venue, gates: accounts.map(gate).into(), timers: BTreeMap::new(), set: 0 }
    }

    pub(super) fn plain() -> Self {
        Self::open(VenueConfig::default(), BookRules::default())
    }

    pub(super) fn subscribed(mut self, feed: Feed) -> Self {
        assert!(self.venue.subscribe(X, FEED, feed));
        self
    }

    /// Tells the venue something at a time in us, and says what it answers.
    pub(super) fn tell(&mut self, at: u64, message: Message) -> Vec<String> {
        let mut mail = Mail::new();
        self.venue.handle(Timestamp::new(at * 1_000), NodeId(0), message, &mut mail);
        let mut said = Vec::new();
        for outgoing in mail.drain() {
            match (outgoing.route, outgoing.message) {
                (Route::At(when), Message::Wake(tag)) => {
                    self.set += 1;
                    self.timers.insert((when.nanos() / 1_000, self.set), tag);
                }
                (Route::At(_), other) => panic!("a timer is a wake, not {other:?}"),
                (Route::Link(LinkId(link)), message) => said.push(format!("{link}: {}", text(&message))),
            }
        }
        said
    }

    /// Lets the timers ring that are due by a time in us, and says what the venue says then, each line with its time.
    pub(super) fn wait(&mut self, until: u64) -> Vec<String> {
        let mut said = Vec::new();
        while let Some(entry) = self.timers.first_entry().filter(|entry| entry.key().0 <= until) {
            let ((at, _), tag) = entry.remove_entry();
            said.extend(self.tell(at, Message::Wake(tag)).into_iter().map(|line| format!("{at} {line}")));
        }
        said
    }

    /// A command of an account, approved by its gate.
    pub(super) fn ask(&mut self, at: u64, account: u32, command: Command) -> Vec<String> {
        let (gate, ledger) = &mut self.gates[account as usize - 1];
        let approved =
            gate.check(Timestamp::new(at * 1_000), TraderId(0), command, ledger).expect("nothing is limited");
        self.tell(at, Message::Approved(approved))
    }

    pub(super) fn limit(&mut self, at: u64, account: u32, id: u64, side: Side, price: i64, qty: i64) -> Vec<String> {
        self.ask(at, account, Command::New(order(id, side, price, qty)))
    }
}

pub(super) fn order(id: u64, side: Side, price: i64, qty: i64) -> NewOrder {
    NewOrder::limit(OrderId(id), X, side, Price::new(price), Qty::new(qty))
}

fn text(message: &Message) -> String {
    match message {
        Message::Report(report) => {
            let ExecutionReport { seq, order, filled, leaves, .. } = report;
            let what = match report.kind {
                ExecKind::Trade(fill) => {
                    let Fill { side, price, qty, liquidity, fee, ahead, .. } = fill;
                    format!("{side:?} {qty}@{price} {liquidity}, fee {}, ahead {ahead}", fee.decimal())
                }
                other => format!("{other:?}"),
            };
            format!("#{seq} order {order} {what}; filled {filled}, leaves {leaves}")
        }
        Message::Trade(trade) => {
            format!("copy {}@{} of {} and {}", trade.qty, trade.price, trade.maker.account, trade.taker.account)
        }
        Message::Market(data) => format!("#{} {}", data.seq, update(&data.update)),
        other => panic!("venues do not say {other:?}"),
    }
}

fn update(update: &MarketUpdate) -> String {
    let quote =
        |quote: Option<Quote>| quote.map_or("none".to_owned(), |quote| format!("{}@{}", quote.qty, quote.price));
    match *update {
        MarketUpdate::Top(top) => format!("top {} {}", quote(top.bid), quote(top.ask)),
        MarketUpdate::Level { side, price, qty, last } => {
            format!("{side:?} {price} = {qty}{}", if last { "." } else { "" })
        }
        MarketUpdate::Clear => "clear".to_owned(),
        MarketUpdate::OrderAdded { id, side, price, qty } => format!("{side:?} {price} + order {id} {qty}"),
        MarketUpdate::OrderReduced { id, qty } => format!("order {id} = {qty}"),
        MarketUpdate::Trade { price, qty, aggressor, .. } => format!("trade {qty}@{price} by {aggressor:?}"),
        MarketUpdate::Phase(phase) => format!("{phase:?}"),
    }
}
