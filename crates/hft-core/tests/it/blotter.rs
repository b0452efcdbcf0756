//! The blotter as a node: what it compares, what it writes down, and what it refuses to accept.

use crate::account::{Desk, ID, at, book, fill, listings, order, top};
use hft_core::account::{Attribution, Blotter, FillLine, FillLog, Markout};
use hft_core::models::*;
use hft_core::risk::Limits;
use hft_core::world::*;
use proptest::prelude::*;
use std::sync::mpsc::{Receiver, Sender, channel};

/// A log that hands on what it is told, until its disk is full.
struct Listener {
    heard: Sender<String>,
    room: usize,
}

impl FillLog for Listener {
    fn fill(&mut self, line: &FillLine) -> anyhow::Result<()> {
        anyhow::ensure!(self.room > 0, "no space left on device");
        self.room -= 1;
        Ok(self.heard.send(line.to_string())?)
    }

    fn markout(&mut self, markout: &Markout) -> anyhow::Result<()> {
        let Markout { trade, horizon, per_lot, .. } = *markout;
        Ok(self.heard.send(format!("trade {trade} after {} ms: {per_lot}", horizon.count() / 1_000_000))?)
    }
}

struct Desktop {
    blotter: Blotter,
    heard: Receiver<String>,
    mail: Mail,
}

impl Desktop {
    fn new(room: usize) -> Self {
        let (sender, heard) = channel();
        let mut blotter = Blotter::new(Box::new(Listener { heard: sender, room }), Attribution::HORIZON);
        blotter.watch(ID, &listings());
        Self { blotter, heard, mail: Mail::new() }
    }

    fn tell(&mut self, now: Timestamp, message: Message) {
        self.blotter.handle(now, NodeId(0), message, &mut self.mail);
    }

    fn market(&mut self, millis: u64, mid: i64) {
        let data = MarketData { book: book(0), seq: 1, time: at(millis), update: top(mid) };
        self.tell(at(millis), Message::Market(data));
    }

    fn failure(&mut self) -> String {
        format!("{:#}", self.mail.take_failure().expect("the run was ended"))
    }

    fn heard(&self) -> Vec<String> {
        self.heard.try_iter().collect()
    }
}

/// The watched account rests at the price, a stranger arrives.
fn bought(millis: u64, report_seq: u64, fill: &Fill) -> Message {
    let party = |account, fee, report_seq| TradeParty { account, order: order(0, 1), fee, report_seq };
    Message::Trade(TradeRecord {
        time: at(millis),
        book: book(0),
        trade: fill.trade,
        price: fill.price,
        qty: fill.qty,
        aggressor: Some(Side::Sell),
        mid: fill.mid,
        maker: party(ID, fill.fee, report_seq),
        taker: party(AccountId(99), Cash::ZERO, 1),
    })
}

fn record(fill: Fill, position: i64, cash: i128) -> Message {
    Message::Fill(FillRecord {
        booked: at(0),
        time: at(0),
        account: ID,
        trader: TraderId(0),
        book: book(0),
        order: order(0, 1),
        leaves: Qty::ZERO,
        fill,
        position: Lots::new(position),
        cash: Cash::new(cash * Cash::PER_UNIT),
    })
}

fn statement(through_seq: u64, position: i64, cash: i128) -> Message {
    Message::Statement(Statement {
        account: ID,
        venue: VenueId(0),
        instrument: InstrumentId(0),
        through_seq,
        position: Lots::new(position),
        cash: Cash::new(cash * Cash::PER_UNIT),
        fees: Cash::ZERO,
    })
}

#[test]
fn statements_are_compared_with_what_they_cover_whichever_comes_first() {
    let mut desk = Desktop::new(9);
    let (first, second) = (fill(1, 100, 1, 100, 0), fill(2, 101, 1, 100, 0));
    desk.tell(at(0), bought(0, 3, &first));
    desk.tell(at(0), bought(0, 5, &second));
    desk.tell(at(0), statement(2, 0, 0));
    desk.tell(at(0), statement(4, 1, -100));
    desk.tell(at(0), statement(9, 3, -303)); // two drop copies are still under way
    desk.tell(at(0), bought(0, 7, &fill(3, 102, 1, 100, 0)));
    assert!(desk.mail.is_empty());
    desk.blotter.finish(at(0)).expect("everything agrees");
    desk.tell(at(0), statement(9, 4, -303));
    let error = desk.blotter.finish(at(0)).expect_err("one lot more than was traded").to_string();
    let expected = "account 7: its statement of X at venue 0, through report 9, says position 4 cash -303.00 fees 0.00, \
                    but the venue's drop copy says position 3 cash -303.00 fees 0.00";
    assert_eq!(error, expected);
}

#[test]
fn a_difference_is_final_when_a_later_drop_copy_has_been_heard() {
    let mut desk = Desktop::new(9);
    desk.tell(at(0), bought(0, 3, &fill(1, 100, 1, 100, 0)));
    desk.tell(at(0), statement(4, 1, -99));
    assert!(desk.mail.is_empty(), "the copy of report 4 may be under way");
    desk.tell(at(0), bought(0, 5, &fill(2, 100, 1, 100, 0)));
    assert!(desk.failure().contains("cash -99.00"));
}

#[test]
fn a_difference_is_final_when_everything_it_covers_has_been_heard() {
    let mut desk = Desktop::new(9);
    desk.tell(at(0), bought(0, 3, &fill(1, 100, 1, 100, 0)));
    desk.tell(at(0), statement(3, 2, -200));
    assert!(desk.failure().contains("position 2"));
}

#[test]
fn a_fill_that_is_never_stated_is_not_forgotten() {
    let mut desk = Desktop::new(9);
    desk.tell(at(0), bought(0, 3, &fill(1, 100, 1, 100, 0)));
    let error = desk.blotter.finish(at(0)).expect_err("unstated").to_string();
    assert_eq!(error, "account 7 never stated 1 fills that venue 0 reported");
}

#[test]
fn an_account_that_cannot_add_is_named() {
    let mut desk = Desktop::new(9);
    desk.tell(at(0), record(fill(1, 100, 1, 100, 0), 1, -100));
    desk.tell(at(0), record(fill(2, 100, 1, 100, 0), 2, -201));
    let expected = "account 7: after trade 2 in X it says position 2 cash -201.00, but its fills add up to position 2 \
                    cash -200.00";
    assert_eq!(desk.failure(), expected);
}

#[test]
fn a_full_disk_ends_the_run() {
    let mut desk = Desktop::new(1);
    desk.tell(at(0), record(fill(1, 100, 1, 100, 0), 1, -100));
    assert!(desk.mail.is_empty());
    desk.tell(at(0), record(fill(2, 100, 1, 100, 0), 2, -200));
    assert_eq!(desk.failure(), "the fill log failed: no space left on device");
}

#[test]
fn the_end_freezes_the_midpoints_and_later_fills_are_marked_at_them() {
    let mut desk = Desktop::new(9);
    desk.market(0, 100);
    desk.tell(at(0), bought(0, 1, &fill(1, 99, 1, 100, 0)));
    desk.market(50, 103);
    desk.tell(at(100), Message::Stop);
    desk.market(150, 500);
    desk.tell(at(200), bought(200, 2, &fill(2, 104, 1, 103, 0)));
    desk.tell(at(200), statement(2, 2, -203));
    desk.blotter.finish(at(300)).expect("everything agrees");
    let [summary, _] = &desk.blotter.summaries(ID).expect("adds up")[..] else { panic!("two books") };
    let parts = [summary.parts.spread, summary.parts.adverse, summary.parts.inventory].map(Cash::decimal);
    assert_eq!(parts, ["0.00", "3.00", "0.00"], "gained 1 and lost 1 against the midpoint; 100 -> 103 for the first");
    assert_eq!(summary.change.decimal(), "3.00", "-99 - 104 + 2 * 103");
    let counts = summary.markouts.map(|tally| (tally.fills, tally.too_short, tally.sum));
    assert_eq!(counts, [(1, 1, 2), (1, 1, 8), (0, 2, 0), (0, 2, 0), (0, 2, 0)]);
    assert_eq!(desk.heard(), ["trade 1 after 10 ms: 2", "trade 1 after 100 ms: 8"]);
}

#[test]
fn both_sides_of_a_self_trade_are_booked() {
    let mut desk = Desktop::new(9);
    let Message::Trade(mut trade) = bought(0, 2, &fill(1, 100, 1, 100, 0)) else { unreachable!("a trade") };
    trade.taker.account = ID;
    desk.tell(at(0), Message::Trade(trade));
    desk.tell(at(0), statement(2, 0, 0));
    desk.blotter.finish(at(0)).expect("bought from itself");
}

proptest! {
    /// Whatever the venue trades and however the two lines interleave, an honest account is reconciled, and its equity is the
    /// sum of the parts.
    #[test]
    fn an_honest_account_is_always_reconciled(
        trades in prop::collection::vec((90i64..110, 1i64..10, -20i128..20, 90i64..110), 1..60),
        delays in prop::collection::vec(0usize..4, 60),
        every in 1u32..9,
    ) {
        let (mut account, mut blotter) = (Desk::new(Limits::default()), Desktop::new(1_000));
        account.account.statement_every(every);
        let mut waiting: Vec<Message> = Vec::new(); // drop copies that the account's line overtakes
        for (number, (&(price, qty, fee, mid), &delay)) in (1u64..).zip(trades.iter().zip(&delays)) {
            account.buy(0, number, 0);
            let one = fill(number, price, qty, mid, fee);
            waiting.push(bought(number, account.seq[0] + 1, &one));
            for (_, message) in account.hear(0, order(0, number), ExecKind::Trade(one)) {
                blotter.tell(at(number), message);
            }
            blotter.market(number, mid);
            if waiting.len() > delay {
                for copy in waiting.drain(..) {
                    blotter.tell(at(number), copy);
                }
            }
        }
        for copy in waiting.drain(..) {
            blotter.tell(at(99), copy);
        }
        let open: Vec<u64> = (1..).take(trades.len()).collect();
        account.tell(NodeId(0), Message::Stop);
        for number in open {
            for (_, message) in account.hear(0, order(0, number), ExecKind::Canceled(CancelReason::MassCancel)) {
                blotter.tell(at(100), message);
            }
        }
        prop_assert!(account.mail.is_empty() && blotter.mail.is_empty());
        blotter.blotter.finish(at(100)).expect("everything agrees");
        let summaries = blotter.blotter.summaries(ID).expect("adds up");
        let booked = blotter.blotter.booked(ID).expect("watched");
        let own = account.account.ledger();
        prop_assert_eq!((booked.cash(), booked.fees()), (own.cash(), own.fees()));
        prop_assert_eq!(summaries[0].change, booked.equity());
    }
}
