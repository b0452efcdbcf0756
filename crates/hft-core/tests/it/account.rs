//! The account as a node: what it says, to whom, in which order.

use hft_core::account::{Account, Listing};
use hft_core::models::*;
use hft_core::risk::{AccountLimits, Limits, RiskGate};
use hft_core::world::*;
use std::sync::Arc;

pub(crate) const ID: AccountId = AccountId(7);
const VENUES: [NodeId; 2] = [NodeId(1), NodeId(2)];
const TRADERS: [NodeId; 2] = [NodeId(3), NodeId(4)];
const TO_VENUE: [LinkId; 2] = [LinkId(10), LinkId(11)];
const TO_TRADER: [LinkId; 2] = [LinkId(20), LinkId(21)];
const TO_BLOTTER: LinkId = LinkId(30);

pub(crate) fn book(venue: u16) -> BookId {
    BookId { venue: VenueId(venue), instrument: InstrumentId(0) }
}

pub(crate) fn listings() -> [Listing; 2] {
    let one = Decimal::ONE;
    let x = Instrument::new("X", "USD", one, one, one, FeeSchedule::default()).expect("valid");
    let instrument = Arc::new(x);
    [0, 1].map(|venue| Listing { book: book(venue), instrument: Arc::clone(&instrument) })
}

pub(crate) fn order(trader: u32, number: u64) -> OrderId {
    OrderId(OrderId::first_of(trader).0 + number)
}

pub(crate) fn at(millis: u64) -> Timestamp {
    Timestamp::START + Nanos::from_millis(millis)
}

pub(crate) fn top(mid: i64) -> MarketUpdate {
    let quote = |price| Some(Quote { price: Price::new(price), qty: Qty::new(1) });
    MarketUpdate::Top(Top { bid: quote(mid - 1), ask: quote(mid + 1) })
}

pub(crate) fn fill(trade: u64, price: i64, qty: i64, mid: i64, fee: i128) -> Fill {
    Fill {
        trade: TradeId(trade),
        side: Side::Buy,
        price: Price::new(price),
        qty: Qty::new(qty),
        liquidity: Liquidity::Maker,
        fee: Cash::new(fee),
        ahead: Qty::ZERO,
        mid: Price::new(mid).half_ticks(),
    }
}

/// An account with two traders and two venues, and what it said.
pub(crate) struct Desk {
    pub(crate) account: Account,
    pub(crate) seq: [u64; 2],
    pub(crate) mail: Mail,
}

/// A command that answers something at the start.
fn asked(command: Command) -> Message {
    Message::Command(Instruction { command, cause: at(0) })
}

impl Desk {
    pub(crate) fn new(limits: Limits) -> Self {
        let listings = listings();
        let mut account = Account::new(RiskGate::new(ID, limits, &listings), &listings);
        for place in [0, 1] {
            account.connect_venue(VenueId(u16::try_from(place).expect("small")), TO_VENUE[place]);
            account.connect_trader(TraderId(u32::try_from(place).expect("small")), TRADERS[place], TO_TRADER[place]);
        }
        account.connect_blotter(TO_BLOTTER);
        Self { account, seq: [0; 2], mail: Mail::new() }
    }

    pub(crate) fn tell(&mut self, from: NodeId, message: Message) -> Vec<(LinkId, Message)> {
        self.account.handle(at(0), from, message, &mut self.mail);
        let link = |outgoing: Outgoing| match outgoing.route {
            Route::Link(link) => (link, outgoing.message),
            Route::At(_) => panic!("an account sets no timers"),
        };
        self.mail.drain().map(link).collect()
    }

    fn send(&mut self, trader: usize, command: Command) -> Vec<(LinkId, Message)> {
        self.tell(TRADERS[trader], asked(command))
    }

    pub(crate) fn buy(&mut self, trader: u32, number: u64, venue: u16) -> Vec<(LinkId, Message)> {
        let new = NewOrder::limit(order(trader, number), book(venue), Side::Buy, Price::new(100), Qty::new(10));
        self.send(trader as usize, Command::New(new))
    }

    fn report(&mut self, venue: u16, id: OrderId, kind: ExecKind) -> ExecutionReport {
        let filled = if let ExecKind::Trade(fill) = kind { fill.qty } else { Qty::ZERO };
        self.seq[usize::from(venue)] += 1;
        ExecutionReport {
            seq: self.seq[usize::from(venue)],
            time: at(0),
            account: ID,
            book: book(venue),
            order: id,
            filled,
            leaves: Qty::new(10) - filled,
            kind,
        }
    }

    pub(crate) fn hear(&mut self, venue: u16, id: OrderId, kind: ExecKind) -> Vec<(LinkId, Message)> {
        let report = self.report(venue, id, kind);
        self.tell(VENUES[usize::from(venue)], Message::Report(report))
    }

    fn failure(&mut self) -> String {
        self.mail.take_failure().expect("the run was ended").to_string()
    }
}

/// Links and short names of what was said, without the record of orders, which has a test of its own.
#[allow(clippy::wildcard_enum_match_arm, reason = "what has no short name is printed in full")]
fn said(mail: &[(LinkId, Message)]) -> Vec<(u32, String)> {
    let brief = |message: &Message| match message {
        Message::Approved(approved) => match approved.get() {
            Command::New(new) => format!("new {}", new.id.0 & 0xFFFF),
            Command::Cancel { id, .. } => format!("cancel {}", id.0 & 0xFFFF),
            Command::MassCancel { book, .. } => format!("mass cancel {book}"),
            other => format!("{other:?}"),
        },
        Message::Refused(refusal) => format!("refused {}", refusal.reason),
        Message::Report(report) => format!("report {}", report.seq),
        Message::Fill(record) => format!("fill position {} cash {}", record.position, record.cash.decimal()),
        Message::Statement(s) => format!("statement {} through {}", s.venue, s.through_seq),
        Message::Halted(halt) => format!("halted {} {}", halt.kill, halt.equity.decimal()),
        other => format!("{other:?}"),
    };
    let rest = mail.iter().filter(|(_, message)| !matches!(message, Message::Order(_)));
    rest.map(|(link, message)| (link.0, brief(message))).collect()
}

fn lines(expected: &[(u32, &str)]) -> Vec<(u32, String)> {
    expected.iter().map(|&(link, text)| (link, text.to_owned())).collect()
}

fn loss_of(units: i128) -> Limits {
    let max_daily_loss = Some(Cash::new(units * Cash::PER_UNIT));
    Limits { account: AccountLimits { max_daily_loss, ..AccountLimits::default() }, ..Limits::default() }
}

#[test]
fn commands_go_to_the_venue_of_their_book_and_refusals_back() {
    let mut desk = Desk::new(Limits::default());
    assert_eq!(said(&desk.buy(0, 1, 0)), lines(&[(10, "new 1")]));
    assert_eq!(said(&desk.buy(1, 1, 1)), lines(&[(11, "new 1")]));
    assert_eq!(said(&desk.buy(1, 1, 1)), lines(&[(21, "refused duplicate_id")]));
    assert_eq!(said(&desk.buy(0, 2, 5)), lines(&[(20, "refused unknown_symbol")]), "a venue it does not trade at");
    let stranger = asked(Command::Cancel { book: book(0), id: order(0, 1) });
    assert!(desk.tell(NodeId(99), stranger).is_empty());
    assert_eq!(desk.failure(), "account 7: a command came from node 99, which is no trader of it");
}

#[test]
fn reports_are_booked_and_forwarded_and_fills_recorded() {
    let mut desk = Desk::new(Limits::default());
    desk.account.statement_every(3);
    desk.buy(0, 1, 0);
    desk.buy(1, 1, 0);
    assert_eq!(said(&desk.hear(0, order(0, 1), ExecKind::New)), lines(&[(20, "report 1")]));
    let mail = desk.hear(0, order(1, 1), ExecKind::Trade(fill(1, 100, 4, 100, -Cash::PER_UNIT)));
    assert_eq!(said(&mail), lines(&[(21, "report 2"), (30, "fill position 4 cash -401.00")]));
    let mail = desk.hear(0, order(1, 1), ExecKind::Canceled(CancelReason::Requested));
    assert_eq!(said(&mail), lines(&[(21, "report 3"), (30, "statement 0 through 3")]));
}

#[test]
#[allow(clippy::wildcard_enum_match_arm, reason = "all other messages are none of its business")]
fn the_blotter_hears_of_every_step_of_an_order_but_its_trades() {
    let mut desk = Desk::new(Limits::default());
    let steps = |mail: Vec<(LinkId, Message)>| -> Vec<String> {
        let step = |(link, message): (LinkId, Message)| match message {
            Message::Order(OrderRecord::Sent { trader, instruction, .. }) => Some((
                link,
                format!("{} sent {}", trader.map_or(-1, |trader| i64::from(trader.0)), said_of(instruction)),
            )),
            Message::Order(OrderRecord::Refused { trader, refusal, .. }) => {
                Some((link, format!("{} refused {}", trader.0, refusal.reason)))
            }
            Message::Order(OrderRecord::Reported { trader, report, .. }) => {
                Some((link, format!("{} reported {:?}", trader.0, report.kind)))
            }
            _ => None,
        };
        let said_of_orders: Vec<_> = mail.into_iter().filter_map(step).collect();
        assert!(said_of_orders.iter().all(|(link, _)| *link == TO_BLOTTER));
        said_of_orders.into_iter().map(|(_, text)| text).collect()
    };
    assert_eq!(steps(desk.buy(1, 1, 0)), ["1 sent new"]);
    assert_eq!(steps(desk.buy(1, 1, 0)), ["1 refused duplicate_id"]);
    assert_eq!(steps(desk.hear(0, order(1, 1), ExecKind::New)), ["1 reported New"]);
    assert!(steps(desk.hear(0, order(1, 1), ExecKind::Trade(fill(1, 100, 4, 100, 0)))).is_empty());
    assert_eq!(steps(desk.tell(NodeId(0), Message::Stop)), ["-1 sent mass cancel", "-1 sent mass cancel"]);
}

/// The kind of a command that was sent.
fn said_of(instruction: Instruction) -> &'static str {
    match instruction.command {
        Command::New(_) => "new",
        Command::Amend { .. } => "amend",
        Command::Reduce { .. } => "reduce",
        Command::Cancel { .. } => "cancel",
        Command::MassCancel { .. } => "mass cancel",
    }
}

#[test]
fn a_gap_in_the_numbers_of_a_venue_ends_the_run() {
    let mut desk = Desk::new(Limits::default());
    desk.buy(0, 1, 0);
    desk.buy(0, 2, 1);
    desk.hear(0, order(0, 1), ExecKind::New);
    desk.hear(1, order(0, 2), ExecKind::New);
    assert!(desk.mail.is_empty(), "every venue counts for itself");
    desk.seq[0] += 1;
    desk.hear(0, order(0, 1), ExecKind::Canceled(CancelReason::Requested));
    assert_eq!(desk.failure(), "account 7 lost reports of venue 0: expected number 2, got 3");
    assert_eq!(desk.account.gate().open_orders(), 2, "nothing was booked");
}

#[test]
fn a_loss_cancels_everything_in_the_same_step() {
    let mut desk = Desk::new(loss_of(20));
    desk.buy(0, 1, 0);
    desk.hear(0, order(0, 1), ExecKind::Trade(fill(1, 100, 10, 100, 0)));
    let market = |venue, mid| Message::Market(MarketData { book: book(venue), seq: 1, time: at(0), update: top(mid) });
    assert!(desk.tell(VENUES[0], market(0, 99)).is_empty());
    assert!(desk.tell(VENUES[1], market(1, 90)).is_empty(), "it holds nothing there");
    let mail = desk.tell(VENUES[0], market(0, 98));
    let all = [(10, "mass cancel 0@0"), (11, "mass cancel 0@1"), (30, "halted daily_loss -20.00")];
    assert_eq!(said(&mail), lines(&all));
    assert_eq!(said(&desk.buy(1, 1, 1)), lines(&[(21, "refused kill_switch")]));
    assert!(desk.tell(VENUES[0], market(0, 90)).is_empty(), "tripped once");
    let mut mail = Mail::new();
    desk.account.kill(at(0), &mut mail);
    assert!(mail.is_empty());
}

#[test]
fn a_strategy_that_panicked_loses_its_orders_and_no_other_does() {
    let mut desk = Desk::new(Limits::default());
    for (trader, number, venue) in [(0, 1, 0), (1, 1, 0), (0, 2, 1), (0, 3, 0)] {
        desk.buy(trader, number, venue);
    }
    desk.hear(0, order(0, 3), ExecKind::Rejected(RejectReason::Halted));
    assert_eq!(said(&desk.tell(TRADERS[0], Message::Panicked)), lines(&[(10, "cancel 1"), (11, "cancel 2")]));
    assert_eq!(said(&desk.buy(0, 4, 0)), lines(&[(20, "refused strategy_disabled")]));
    assert_eq!(said(&desk.buy(1, 2, 0)), lines(&[(10, "new 2")]));
}

#[test]
fn stopping_cancels_everything_refuses_the_new_and_states_when_quiet() {
    let mut desk = Desk::new(Limits::default());
    desk.buy(0, 1, 0);
    let all = [(10, "mass cancel 0@0"), (11, "mass cancel 0@1")];
    assert_eq!(said(&desk.tell(NodeId(0), Message::Stop)), lines(&all));
    assert_eq!(said(&desk.buy(0, 2, 0)), lines(&[(20, "refused kill_switch")]));
    let cancel = Command::Cancel { book: book(0), id: order(0, 1) };
    assert_eq!(said(&desk.send(0, cancel)), lines(&[(10, "cancel 1")]));
    let mail = desk.hear(0, order(0, 1), ExecKind::Trade(fill(1, 100, 4, 100, 0)));
    assert_eq!(said(&mail), lines(&[(20, "report 1"), (30, "fill position 4 cash -400.00")]));
    let mail = desk.hear(0, order(0, 1), ExecKind::Canceled(CancelReason::MassCancel));
    let last = [(20, "report 2"), (30, "statement 0 through 2"), (30, "statement 1 through 0")];
    assert_eq!(said(&mail), lines(&last));
    let idle = Desk::new(Limits::default()).tell(NodeId(0), Message::Stop);
    assert_eq!(said(&idle), lines(&[(30, "statement 0 through 0"), (30, "statement 1 through 0")]));
}
