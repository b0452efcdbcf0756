//! One leg behind a trader node: messages in, commands out, read like a session log.

use super::*;
use crate::models::{
    AccountId, Cash, Command, ExecKind, ExecutionReport, Fill, InstrumentId, Liquidity, MarketData, MarketUpdate,
    OrderType, TradeId, VenueId,
};
use crate::trader::{Event, Strategy, Trader};
use crate::world::{Instruction, LinkId, Machine, Mail, Message, NodeId, Route, TraderId};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const BOOK: BookId = BookId { venue: VenueId(0), instrument: InstrumentId(0) };

/// A leg that wants five, and may be told how badly by a timer's number.
struct Holder {
    leg: Leg,
    urgency: Urgency,
    target: i64,
}

impl Strategy for Holder {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Wake(1) => self.urgency = Urgency::Urgent,
            Event::Wake(2) => self.urgency = Urgency::Held,
            Event::Wake(3) => self.target = 0,
            Event::Wake(4) => self.target = -3,
            Event::Start
            | Event::Wake(_)
            | Event::Market(_)
            | Event::News(_)
            | Event::Report(_)
            | Event::Refused(_) => {}
        }
        self.leg.work(desk, self.target, self.urgency);
    }
}

/// A trader with one leg, a hand-fed market and a hand-made venue.
struct Session {
    trader: Trader,
    now: Timestamp,
    seq: u64,
    reports: u64,
}

impl Session {
    fn new() -> Self {
        let leg = Leg::new(BOOK, Nanos::from_millis(400), Ticks::new(3));
        let leg = Holder { leg, urgency: Urgency::Patient, target: 5 };
        let rng = ChaCha8Rng::seed_from_u64(0);
        let mut trader = Trader::new(TraderId(1), Box::new(leg), LinkId(0), rng);
        trader.watch(BOOK, 5);
        Self { trader, now: Timestamp::START, seq: 0, reports: 0 }
    }

    /// Delivers one message and writes down what was commanded: `+` new, `!` new and at once, `~` amended, `-` cancelled.
    fn tell(&mut self, message: Message) -> Vec<String> {
        let mut mail = Mail::new();
        self.trader.handle(self.now, NodeId(9), message, &mut mail);
        let said: Vec<String> =
            mail.drain().filter(|out| matches!(out.route, Route::Link(_))).map(|out| line(&out.message)).collect();
        assert_eq!(self.trader.panic_message(), None);
        said
    }

    fn level(&mut self, side: Side, price: i64, qty: i64) -> Vec<String> {
        self.seq += 1;
        let update = MarketUpdate::Level { side, price: Price::new(price), qty: Qty::new(qty), last: true };
        self.tell(Message::Market(MarketData { book: BOOK, seq: self.seq, time: self.now, update }))
    }

    fn report(&mut self, order: u64, leaves: i64, kind: ExecKind) -> Vec<String> {
        self.reports += 1;
        self.tell(Message::Report(ExecutionReport {
            seq: self.reports,
            time: self.now,
            account: AccountId(0),
            book: BOOK,
            order: OrderId(OrderId::first_of(1).0 + order),
            filled: Qty::ZERO,
            leaves: Qty::new(leaves),
            kind,
        }))
    }

    fn fill(&mut self, order: u64, qty: i64, leaves: i64) -> Vec<String> {
        let (price, mid) = (Price::new(9_990), Price::new(9_990).mid(Price::new(9_994)));
        let (qty, liquidity) = (Qty::new(qty), Liquidity::Maker);
        let (trade, side, fee, ahead) = (TradeId(order), Side::Buy, Cash::ZERO, Qty::ZERO);
        self.report(order, leaves, ExecKind::Trade(Fill { trade, side, price, qty, liquidity, fee, ahead, mid }))
    }

    /// Others stand at 99.90 and 99.94.
    fn open() -> Self {
        let mut session = Self::new();
        session.level(Side::Sell, 9_994, 20);
        assert_eq!(session.level(Side::Buy, 9_990, 20), ["+1 Buy 5@9990"], "it joins the touch");
        session.report(1, 5, ExecKind::New);
        session
    }
}

fn line(message: &Message) -> String {
    let number = |id: OrderId| id.0 - OrderId::first_of(1).0;
    let Message::Command(Instruction { command, .. }) = message else { panic!("a leg does not say {message:?}") };
    match command {
        Command::New(order) => {
            let OrderType::Limit { price } = order.order_type else { panic!("a leg sends limit orders") };
            let at_once = order.tif == TimeInForce::Ioc;
            assert_ne!(at_once, order.post_only, "it rests or it takes");
            format!("{}{} {} {}@{price}", if at_once { '!' } else { '+' }, number(order.id), order.side, order.qty)
        }
        Command::Amend { id, price, qty, .. } => {
            let (qty, price) = (qty.map(|q| q.to_string()), price.map(|p| p.to_string()));
            format!("~{} {}@{}", number(*id), qty.as_deref().unwrap_or("="), price.as_deref().unwrap_or("="))
        }
        Command::Cancel { id, .. } => format!("-{}", number(*id)),
        Command::Reduce { .. } | Command::MassCancel { .. } => panic!("a leg does not command {command:?}"),
    }
}

#[test]
fn it_rests_follows_the_touch_and_takes_when_patience_is_over() {
    let mut session = Session::open();
    assert_eq!(session.level(Side::Buy, 9_990, 25), [""; 0], "its own five are among them");
    assert_eq!(session.level(Side::Buy, 9_991, 20), ["~1 =@9991"]);
    session.report(1, 5, ExecKind::Replaced { price: Price::new(9_991) });
    session.level(Side::Buy, 9_991, 25);
    assert_eq!(session.level(Side::Buy, 9_991, 5), ["~1 =@9990"], "alone at the touch: back to where others stand");
    session.report(1, 5, ExecKind::Replaced { price: Price::new(9_990) });
    session.level(Side::Buy, 9_991, 0);
    assert_eq!(session.fill(1, 2, 3), [""; 0], "three are missing, three are open");
    session.now = Timestamp::START + Nanos::from_millis(400);
    assert_eq!(session.level(Side::Sell, 9_994, 18), ["-1"], "first out with what rests");
    let gone = ExecKind::Canceled(crate::models::CancelReason::Requested);
    assert_eq!(session.report(1, 3, gone), ["!2 Buy 3@9997"], "then it takes, three ticks deep");
    assert_eq!(session.level(Side::Sell, 9_994, 10), [""; 0], "and does not disturb the order on its way");
    session.report(2, 3, ExecKind::New);
    session.fill(2, 3, 0);
    assert_eq!(session.level(Side::Sell, 9_995, 10), [""; 0], "it has what it wanted");
}

#[test]
fn an_urgent_leg_takes_a_held_one_leaves_and_a_change_of_mind_does_not_meet_itself() {
    let gone = ExecKind::Canceled(crate::models::CancelReason::Requested);
    let mut urgent = Session::open();
    assert_eq!(urgent.tell(Message::Wake(1)), ["-1"]);
    assert_eq!(urgent.report(1, 5, gone), ["!2 Buy 5@9997"]);

    let mut held = Session::open();
    assert_eq!(held.tell(Message::Wake(2)), ["-1"]);
    assert_eq!(held.report(1, 5, gone), [""; 0]);

    let mut done = Session::open();
    assert_eq!(done.tell(Message::Wake(3)), ["-1"], "nothing is wanted any more");

    let mut other = Session::open();
    assert_eq!(other.tell(Message::Wake(4)), ["-1"], "first out with the bid");
    assert_eq!(other.report(1, 5, gone), ["+2 Sell 3@9994"]);
}

#[test]
fn a_book_that_is_unknown_or_shut_is_not_traded() {
    let mut session = Session::open();
    session.seq += 1;
    let update = MarketUpdate::Phase(Phase::Halt);
    let halt = MarketData { book: BOOK, seq: session.seq, time: session.now, update };
    assert_eq!(session.tell(Message::Market(halt)), ["-1"]);
}
