//! One venue, told messages one by one: what its gateway, its reports, its fees and its feeds do around the books, whose
//! own rules have scripts of their own. What it says is compared as text, one line a message: link, then what.

use hft_core::account::{Ledger, Listing};
use hft_core::exchange::{BookRules, Depth, Feed, Gateway, MarketRemainder, PostOnlyCross, Venue, VenueConfig};
use hft_core::models::*;
use hft_core::risk::{Limits, RiskGate};
use hft_core::world::{LinkId, Machine, Mail, Message, NodeId, Route, TraderId};
use std::collections::BTreeMap;
use std::sync::Arc;

const X: BookId = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
const Y: BookId = BookId { venue: VenueId(0), instrument: InstrumentId(1) };
const ELSEWHERE: BookId = BookId { venue: VenueId(9), instrument: InstrumentId(0) };
const BLOTTER: LinkId = LinkId(20);
const FEED: LinkId = LinkId(30);

/// A venue with two books and three accounts, whose reports leave over links 1 to 3.
struct Floor {
    venue: Venue,
    gates: Vec<(RiskGate, Ledger)>,
    /// Timers that were set and have not rung, by time and order of setting.
    timers: BTreeMap<(u64, usize), u64>,
    set: usize,
}

impl Floor {
    fn open(config: VenueConfig, rules: BookRules) -> Self {
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

    fn plain() -> Self {
        Self::open(VenueConfig::default(), BookRules::default())
    }

    fn subscribed(mut self, feed: Feed) -> Self {
        assert!(self.venue.subscribe(X, FEED, feed));
        self
    }

    /// Tells the venue something at a time in us, and says what it answers.
    fn tell(&mut self, at: u64, message: Message) -> Vec<String> {
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
    fn wait(&mut self, until: u64) -> Vec<String> {
        let mut said = Vec::new();
        while let Some(entry) = self.timers.first_entry().filter(|entry| entry.key().0 <= until) {
            let ((at, _), tag) = entry.remove_entry();
            said.extend(self.tell(at, Message::Wake(tag)).into_iter().map(|line| format!("{at} {line}")));
        }
        said
    }

    /// A command of an account, approved by its gate.
    fn ask(&mut self, at: u64, account: u32, command: Command) -> Vec<String> {
        let (gate, ledger) = &mut self.gates[account as usize - 1];
        let approved =
            gate.check(Timestamp::new(at * 1_000), TraderId(0), command, ledger).expect("nothing is limited");
        self.tell(at, Message::Approved(approved))
    }

    fn limit(&mut self, at: u64, account: u32, id: u64, side: Side, price: i64, qty: i64) -> Vec<String> {
        self.ask(at, account, Command::New(order(id, side, price, qty)))
    }
}

fn order(id: u64, side: Side, price: i64, qty: i64) -> NewOrder {
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

#[test]
fn a_gateway_serves_one_after_the_other_and_refuses_whom_it_has_no_room_for() {
    let gateway = Gateway { service_ns: 10_000, delay_ns: 5_000, max_waiting: 2 };
    let mut floor = Floor::open(VenueConfig { gateway, ..VenueConfig::default() }, BookRules::default());
    assert!(floor.limit(0, 1, 11, Side::Buy, 99, 1).is_empty(), "it waits");
    assert!(floor.limit(1, 2, 21, Side::Buy, 99, 1).is_empty(), "behind it");
    assert_eq!(floor.limit(2, 3, 31, Side::Buy, 99, 1), ["3: #1 order 31 Rejected(Capacity); filled 0, leaves 0"]);
    assert_eq!(
        floor.ask(2, 3, Command::Cancel { book: X, id: OrderId(31) }),
        ["3: #2 order 31 CommandRejected(Capacity); filled 0, leaves 0"]
    );
    assert!(floor.wait(14).is_empty());
    assert_eq!(floor.wait(24), ["15 1: #1 order 11 New; filled 0, leaves 1"], "held for 5, served for 10");
    assert!(floor.limit(24, 3, 32, Side::Buy, 99, 1).is_empty(), "one has left, so there is room");
    assert_eq!(floor.wait(25), ["25 2: #1 order 21 New; filled 0, leaves 1"]);
    assert_eq!(floor.wait(99), ["39 3: #3 order 32 New; filled 0, leaves 1"], "nobody was before it: 24 and 5 and 10");
}

#[test]
fn a_timer_serves_nobody_before_its_time() {
    let gateway = Gateway { service_ns: 10_000, ..Gateway::default() };
    let mut floor = Floor::open(VenueConfig { gateway, ..VenueConfig::default() }, BookRules::default());
    floor.limit(0, 1, 11, Side::Buy, 99, 1);
    floor.limit(0, 1, 12, Side::Buy, 99, 1);
    let (&(at, _), &tag) = floor.timers.first_key_value().expect("one was set");
    assert_eq!(at, 10);
    assert!(floor.tell(9, Message::Wake(tag)).is_empty(), "it came too early");
    assert_eq!(floor.tell(10, Message::Wake(tag)), ["1: #1 order 11 New; filled 0, leaves 1"], "and only the first");
}

#[test]
fn at_the_stop_whoever_waits_is_served_at_once_and_so_are_later_ones() {
    let gateway = Gateway { delay_ns: 50_000, ..Gateway::default() };
    let mut floor = Floor::open(VenueConfig { gateway, ..VenueConfig::default() }, BookRules::default());
    assert!(floor.limit(0, 1, 11, Side::Buy, 99, 1).is_empty());
    assert_eq!(floor.tell(1, Message::Stop), ["1: #1 order 11 New; filled 0, leaves 1"]);
    assert_eq!(floor.limit(2, 1, 12, Side::Buy, 99, 1), ["1: #2 order 12 New; filled 0, leaves 1"]);
    assert!(floor.wait(99).is_empty(), "nothing is served twice");
}

#[test]
fn what_is_not_listed_here_is_refused_and_a_mass_cancel_of_it_is_nobody_s() {
    let mut floor = Floor::plain();
    let foreign = NewOrder { book: ELSEWHERE, ..order(11, Side::Buy, 99, 1) };
    assert_eq!(
        floor.ask(0, 1, Command::New(foreign)),
        ["1: #1 order 11 Rejected(UnknownInstrument); filled 0, leaves 0"]
    );
    let id = OrderId(11);
    assert_eq!(
        floor.ask(0, 1, Command::Reduce { book: ELSEWHERE, id, by: Qty::new(1) }),
        ["1: #2 order 11 CommandRejected(UnknownInstrument); filled 0, leaves 0"]
    );
    assert!(floor.ask(0, 1, Command::MassCancel { book: ELSEWHERE, side: None }).is_empty());
    assert!(!floor.venue.subscribe(ELSEWHERE, FEED, Feed::every_change(Depth::Top)));
    assert!(floor.tell(0, Message::Resend { book: ELSEWHERE, link: FEED }).is_empty());
}

#[test]
fn fees_follow_the_volume_of_the_account_in_the_book_and_only_watched_accounts_are_copied() {
    let mut floor = Floor::plain();
    floor.venue.watch_account(AccountId(3), BLOTTER);
    floor.limit(0, 1, 11, Side::Sell, 100, 30);
    assert_eq!(
        floor.limit(0, 2, 21, Side::Buy, 100, 10),
        [
            "2: #1 order 21 New; filled 0, leaves 10",
            "1: #2 order 11 Sell 10@100 maker, fee 0.10, ahead 0; filled 10, leaves 20",
            "2: #2 order 21 Buy 10@100 taker, fee -0.30, ahead 0; filled 10, leaves 0",
        ]
    );
    assert_eq!(floor.venue.fee_income().decimal(), "0.20", "what they paid, less what they got");
    let again = floor.limit(0, 2, 22, Side::Buy, 100, 1);
    assert_eq!(again[1], "1: #3 order 11 Sell 1@100 maker, fee 0.02, ahead 0; filled 11, leaves 19", "ten were traded");
    assert_eq!(again[2], "2: #4 order 22 Buy 1@100 taker, fee -0.02, ahead 0; filled 1, leaves 0");
    let in_y = NewOrder { book: Y, ..order(23, Side::Buy, 100, 1) };
    floor.ask(0, 1, Command::New(NewOrder { id: OrderId(13), side: Side::Sell, ..in_y }));
    assert!(floor.ask(0, 2, Command::New(in_y))[2].contains("fee -0.03"), "another book, another volume");
    assert_eq!(floor.limit(0, 3, 31, Side::Buy, 100, 1).last().expect("said"), "20: copy 1@100 of 1 and 3");
}

#[test]
fn an_order_that_stands_elsewhere_than_it_asked_is_told_where() {
    let rules = BookRules {
        post_only_cross: PostOnlyCross::Slide,
        protection: Some(Ticks::new(2)),
        market_remainder: MarketRemainder::RestAtProtection,
        ..BookRules::default()
    };
    let mut floor = Floor::open(VenueConfig::default(), rules);
    floor.limit(0, 1, 11, Side::Sell, 100, 1);
    let slid = NewOrder { post_only: true, ..order(21, Side::Buy, 101, 5) };
    assert_eq!(
        floor.ask(0, 2, Command::New(slid)),
        ["2: #1 order 21 New; filled 0, leaves 5", "2: #2 order 21 Replaced { price: Price(99) }; filled 0, leaves 5"]
    );
    let stays = NewOrder { post_only: true, ..order(22, Side::Buy, 98, 5) };
    assert_eq!(floor.ask(0, 2, Command::New(stays)), ["2: #3 order 22 New; filled 0, leaves 5"]);
    let taken = NewOrder { post_only: true, ..order(21, Side::Buy, 97, 5) };
    let refused = ["3: #1 order 21 Rejected(DuplicateId); filled 0, leaves 0"];
    assert_eq!(floor.ask(0, 3, Command::New(taken)), refused, "and not where the order stands that has this id");
    let market = NewOrder { tif: TimeInForce::Gtc, ..NewOrder::market(OrderId(31), X, Side::Buy, Qty::new(3)) };
    let said = floor.ask(0, 3, Command::New(market));
    assert_eq!(said.last().expect("said"), "3: #4 order 31 Replaced { price: Price(102) }; filled 1, leaves 2");
}

#[test]
fn an_order_expires_at_its_moment_though_nobody_speaks() {
    let mut floor = Floor::plain();
    let tif = TimeInForce::Gtd { expires: Timestamp::new(50_000) };
    floor.ask(0, 1, Command::New(NewOrder { tif, ..order(11, Side::Buy, 99, 4) }));
    assert!(floor.wait(49).is_empty());
    assert_eq!(floor.wait(50), ["50 1: #2 order 11 Canceled(Expired); filled 0, leaves 4"]);
}

#[test]
fn a_lost_connection_cancels_in_every_book() {
    let mut floor = Floor::plain();
    floor.limit(0, 1, 11, Side::Buy, 99, 1);
    floor.ask(0, 1, Command::New(NewOrder { book: Y, ..order(12, Side::Buy, 99, 1) }));
    floor.limit(0, 2, 21, Side::Buy, 99, 1);
    assert_eq!(
        floor.tell(1, Message::Disconnected(AccountId(1))),
        [
            "1: #3 order 11 Canceled(Disconnect); filled 0, leaves 1",
            "1: #4 order 12 Canceled(Disconnect); filled 0, leaves 1"
        ]
    );
}

#[test]
fn batches_are_crossed_at_their_interval() {
    let batches = VenueConfig { batch_ns: Some(100_000), ..VenueConfig::default() };
    let mut floor = Floor::open(batches, BookRules::default()).subscribed(Feed::every_change(Depth::Levels(3)));
    assert_eq!(floor.tell(0, Message::Start), ["30: #1 Auction"]);
    floor.limit(10, 1, 11, Side::Sell, 99, 1);
    let crossing = floor.limit(20, 2, 21, Side::Buy, 101, 1);
    assert_eq!(crossing, ["2: #1 order 21 New; filled 0, leaves 1", "30: #3 Buy 101 = 1."], "it stands and waits");
    assert!(floor.wait(99).is_empty());
    let batch = floor.wait(100);
    assert_eq!(batch[0], "100 2: #2 order 21 Buy 1@99 auction, fee 0.01, ahead 0; filled 1, leaves 0");
    assert_eq!(batch[2], "100 30: #4 trade 1@99 by None");
    assert!(floor.wait(199).is_empty());
    floor.limit(199, 1, 12, Side::Sell, 99, 1);
    floor.limit(199, 2, 22, Side::Buy, 101, 1);
    assert_eq!(floor.wait(200).len(), batch.len(), "the next batch, at the same distance");
}
