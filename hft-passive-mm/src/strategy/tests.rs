//! The maker behind a trader node: messages in, commands out, read like a session log.

use super::*;
use crate::config::{HorizonKind, MicropriceConfig};
use hft_core::models::{
    AccountId, CancelReason, Cash, Command, FeeSchedule, Fill, InstrumentId, Liquidity, OrderId, RejectReason, TradeId,
    VenueId,
};
use hft_core::trader::Trader;
use hft_core::world::{Instruction, LinkId, Machine, Mail, Message, NodeId, Refusal, Route, TraderId};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const BOOK: BookId = BookId { venue: VenueId(0), instrument: InstrumentId(0) };

fn instrument(lot: &str) -> Instrument {
    let parse = |text: &str| text.parse().expect("a decimal");
    Instrument::new("SIM", "USD", parse("0.01"), parse(lot), Decimal::ONE, FeeSchedule::default()).expect("plain")
}

/// A trader with a maker, a hand-fed market and a hand-made venue.
struct Session {
    trader: Trader,
    now: Timestamp,
    seq: u64,
    reports: u64,
}

impl Session {
    fn new(change: impl FnOnce(&mut PassiveMmConfig)) -> Self {
        let mut config = PassiveMmConfig::default();
        change(&mut config);
        let maker = PassiveMm::new(&config, BOOK, &instrument("1")).expect("a configuration that can run");
        let rng = ChaCha8Rng::seed_from_u64(0);
        let mut trader = Trader::new(TraderId(1), Box::new(maker), LinkId(0), rng);
        trader.watch(BOOK, 5);
        Self { trader, now: Timestamp::START, seq: 0, reports: 0 }
    }

    /// Delivers one message and writes down what was commanded: `+` new, `~` amended, `-` cancelled.
    fn tell(&mut self, message: Message) -> Vec<String> {
        let mut mail = Mail::new();
        self.trader.handle(self.now, NodeId(9), message, &mut mail);
        let said: Vec<String> =
            mail.drain().filter(|out| matches!(out.route, Route::Link(_))).map(|out| line(&out.message)).collect();
        assert_eq!(self.trader.panic_message(), None);
        said
    }

    fn publish(&mut self, update: MarketUpdate) -> Vec<String> {
        self.seq += 1;
        self.tell(Message::Market(MarketData { book: BOOK, seq: self.seq, time: self.now, update }))
    }

    fn level(&mut self, side: Side, price: i64, qty: i64) -> Vec<String> {
        self.publish(MarketUpdate::Level { side, price: Price::new(price), qty: Qty::new(qty), last: true })
    }

    /// Others stand at 99.90 and 100.10: mid 100.00.
    fn open(&mut self) -> Vec<String> {
        assert_eq!(self.level(Side::Buy, 9_990, 50), [""; 0], "one side is no market");
        self.level(Side::Sell, 10_010, 50)
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

    /// A level, and the venue's answer to every amend that it caused.
    fn settled(&mut self, side: Side, price: i64, qty: i64) -> Vec<String> {
        let said = self.level(side, price, qty);
        for line in &said {
            let (id, at) =
                line.strip_prefix('~').and_then(|rest| rest.split_once(" =@")).expect("prices move, nothing else");
            let (id, price) = (id.parse().expect("a number"), Price::new(at.parse().expect("a price")));
            self.report(id, 1, ExecKind::Replaced { price });
        }
        said
    }

    /// Acknowledges two fresh quotes, numbers `bid` and `bid + 1`.
    fn acknowledge(&mut self, bid: u64) {
        for order in [bid, bid + 1] {
            assert_eq!(self.report(order, 1, ExecKind::New), [""; 0], "all stands as it should");
        }
    }

    fn fill(&mut self, order: u64, side: Side, price: i64) -> Vec<String> {
        let mid = Price::new(9_990).mid(Price::new(10_010));
        let (qty, price) = (Qty::new(1), Price::new(price));
        let fill = Fill {
            trade: TradeId(order),
            side,
            price,
            qty,
            liquidity: Liquidity::Maker,
            fee: Cash::ZERO,
            ahead: Qty::ZERO,
            mid,
        };
        self.report(order, 0, ExecKind::Trade(fill))
    }
}

fn line(message: &Message) -> String {
    let number = |id: OrderId| id.0 - OrderId::first_of(1).0;
    let Message::Command(Instruction { command, .. }) = message else { panic!("a maker does not say {message:?}") };
    match command {
        Command::New(order) => {
            assert!(order.post_only, "a maker never takes");
            let price = order.limit_price().expect("a limit order");
            format!("+{} {} {}@{price}", number(order.id), order.side, order.qty)
        }
        Command::Amend { id, price, qty, .. } => {
            let (qty, price) = (qty.map(|q| q.to_string()), price.map(|p| p.to_string()));
            format!("~{} {}@{}", number(*id), qty.as_deref().unwrap_or("="), price.as_deref().unwrap_or("="))
        }
        Command::Cancel { id, .. } => format!("-{}", number(*id)),
        Command::Reduce { .. } | Command::MassCancel { .. } => panic!("a maker does not command {command:?}"),
    }
}

#[test]
fn it_quotes_both_sides_leans_and_goes_on() {
    let mut session = Session::new(|_| ());
    assert_eq!(session.open(), ["+1 Buy 1@9975", "+2 Sell 1@10025"]);
    session.acknowledge(1);
    assert_eq!(session.level(Side::Buy, 9_989, 7), [""; 0], "depth behind the touch moves nothing");
    // Bought one: the bid stands 2/10 of a half spread further out, the ask stays.
    assert_eq!(session.fill(1, Side::Buy, 9_975), ["+3 Buy 1@9970"]);
    session.report(3, 1, ExecKind::New);
    // The touch rises by two ticks: the ask goes first.
    assert_eq!(session.level(Side::Buy, 9_992, 5), ["~2 =@10026", "~3 =@9971"]);
}

/// The formula at every inventory up to the limit, where the side that would pass it is out.
#[test]
fn the_default_quote_is_the_formula_and_the_limit_holds() {
    let mut session = Session::new(|c| c.inv_limit = 4.0);
    session.open();
    session.acknowledge(1);
    let mut bid = 1;
    for (position, next) in [(1, Some("9962")), (2, Some("9950")), (3, Some("9937")), (4, None)] {
        // bid = 100 - 0.25 (1 + 2 position / 4), rounded down: 99.625, 99.50, 99.375.
        let said = session.fill(bid, Side::Buy, 9_975);
        let id = position + 2;
        match next {
            Some(price) => assert_eq!(said, [format!("+{id} Buy 1@{price}")]),
            None => assert_eq!(said, [""; 0], "a fill would pass the limit"),
        }
        bid = id;
        session.report(bid, 1, ExecKind::New);
    }
    // Selling one brings the bid back.
    assert_eq!(session.fill(2, Side::Sell, 10_025), ["+6 Buy 1@9937", "+7 Sell 1@10025"]);
}

#[test]
fn an_unknown_book_is_not_quoted() {
    let mut session = Session::new(|_| ());
    session.open();
    session.acknowledge(1);
    assert_eq!(session.level(Side::Sell, 10_010, 0), ["-1", "-2"], "nobody offers: there is no mid");
    let mut halted = Session::new(|_| ());
    halted.open();
    halted.acknowledge(1);
    assert_eq!(halted.publish(MarketUpdate::Phase(Phase::Halt)), ["-1", "-2"]);
    assert_eq!(halted.report(1, 1, ExecKind::Canceled(CancelReason::Requested)), [""; 0]);
    assert_eq!(halted.report(2, 1, ExecKind::Canceled(CancelReason::Requested)), [""; 0]);
    assert_eq!(halted.publish(MarketUpdate::Phase(Phase::Continuous)), ["+3 Buy 1@9975", "+4 Sell 1@10025"]);
}

/// A market narrower than the model's lean: the quote stops one tick short of the others instead of taking them.
#[test]
fn it_never_crosses() {
    let mut session = Session::new(|c| {
        c.strategy = StrategyKind::AvellanedaStoikov;
        c.model.gamma = 0.5;
        c.model.sigma = 0.1;
        c.model.horizon = HorizonKind::Rolling;
    });
    session.open();
    session.acknowledge(1);
    // gamma sigma^2 T = 0.3 a contract: short one, the model would bid 100.117, through the offer at 100.10.
    let said = session.fill(2, Side::Sell, 10_025);
    assert!(said.iter().any(|line| line == "~1 =@10009"), "{said:?}");
}

#[test]
fn refused_commands_are_not_repeated_at_once() {
    let mut session = Session::new(|_| ());
    session.open();
    session.report(1, 1, ExecKind::New);
    assert_eq!(session.report(2, 1, ExecKind::Rejected(RejectReason::PostOnlyCross)), [""; 0]);
    assert_eq!(session.level(Side::Buy, 9_980, 1), ["+3 Sell 1@10025"], "at the next book state");
}

#[test]
fn a_killed_account_hears_nothing_more() {
    let mut session = Session::new(|_| ());
    session.open();
    let order = |side| {
        let order = hft_core::models::NewOrder::limit(
            OrderId(OrderId::first_of(1).0 + 1),
            BOOK,
            side,
            Price::new(1),
            Qty::new(1),
        );
        Message::Refused(Refusal { command: Command::New(order), reason: RiskReject::KillSwitch })
    };
    assert_eq!(session.tell(order(Side::Buy)), [""; 0]);
    assert_eq!(session.level(Side::Buy, 9_992, 5), [""; 0]);
}

/// A side that was filled comes back when its time is over.
#[test]
fn fading() {
    let mut session = Session::new(|c| c.toxicity.fade_ms = 250);
    session.open();
    session.acknowledge(1);
    session.now = Timestamp::new(1_000_000_000);
    assert_eq!(session.fill(1, Side::Buy, 9_975), [""; 0]);
    assert_eq!(session.level(Side::Buy, 9_980, 1), [""; 0], "still away");
    session.now = Timestamp::new(1_250_000_000);
    assert_eq!(session.tell(Message::Wake(0)), ["+3 Buy 1@9970"]);
}

/// Two buckets of ten, all bought: VPIN is one.
#[test]
fn toxic_flow_widens_or_pulls() {
    for (action, after) in [(VpinAction::Widen, vec!["~1 =@9925", "~2 =@10075"]), (VpinAction::Pull, vec!["-1", "-2"])]
    {
        let mut session = Session::new(|c| {
            c.toxicity = ToxicityConfig { vpin: action, bucket: 10.0, buckets: 2, ..c.toxicity };
        });
        session.open();
        session.acknowledge(1);
        for trade in 1..=2 {
            let print = MarketUpdate::Trade {
                trade: TradeId(trade),
                price: Price::new(10_010),
                qty: Qty::new(10),
                aggressor: Some(Side::Buy),
            };
            assert_eq!(session.publish(print), [""; 0], "prints alone move nothing");
        }
        assert_eq!(session.level(Side::Buy, 9_980, 1), after);
    }
}

/// The micro-price is learned from the touch: where a heavy bid has always been followed by a rise, it lifts both
/// quotes.
#[test]
fn the_microprice_shifts_the_quotes() {
    let mut session = Session::new(|c| {
        c.strategy = StrategyKind::Microprice;
        c.microprice = MicropriceConfig { min_states: 40, refit_s: 0.001, ..c.microprice };
    });
    session.open();
    session.acknowledge(1);
    let mut bid = 9_990;
    for i in 0..40 {
        session.now = session.now.after(Nanos::from_secs(1));
        let up = i % 2 == 0;
        let (heavy, at, by) = if up { (Side::Buy, bid, 2) } else { (Side::Sell, bid + 20, -2) };
        session.settled(heavy, at, 500);
        for side in [heavy.opposite(), heavy] {
            let from = if side == Side::Buy { bid } else { bid + 20 };
            session.settled(side, from + by, 50);
            session.settled(side, from, 0);
        }
        bid += by;
    }
    assert_eq!(bid, 9_990);
    let said = session.settled(Side::Buy, bid, 500);
    let bids: Vec<i64> = said.iter().filter_map(|line| line.strip_prefix("~1 =@")?.parse().ok()).collect();
    assert!(
        bids.len() == 1 && bids[0] > 9_975,
        "the mid is 100.00 as at the start, the micro-price is above it: {said:?}"
    );
}

#[test]
fn what_only_the_contract_shows_is_refused_with_words() {
    let config = PassiveMmConfig { size: 1.5, ..PassiveMmConfig::default() };
    let violations = PassiveMm::new(&config, BOOK, &instrument("1")).expect_err("half a lot");
    assert_eq!(violations.to_string(), "passive_mm.size = 1.5: must be a multiple of the lot of SIM, 1");
    assert!(PassiveMm::new(&config, BOOK, &instrument("0.5")).is_ok());
    let config = PassiveMmConfig { half_spread: -1.0, ..config };
    let refused = PassiveMm::new(&config, BOOK, &instrument("0.5")).expect_err("negative").to_string();
    assert!(refused.contains("passive_mm.half_spread = -"), "{refused}");
}
