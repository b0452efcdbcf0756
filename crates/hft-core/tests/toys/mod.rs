//! A market of toys: machines that say as much as a market would and understand nothing of it.
//!
//! ```text
//!  VENUE ── ticks ──► TRADER ── commands ──► ACCOUNT ── commands ──► VENUE
//!    └───── reports ──► ACCOUNT ── reports ──► TRADER
//!    └───── trades ───► BLOTTER
//! ```
//!
//! Invariant: every command that a trader sends reaches the venue once and is answered `reports` times, every answer
//! reaches the trader, every command makes one trade at the blotter.
#![allow(dead_code, reason = "every test binary uses a part of it")]
#![allow(unreachable_pub, reason = "a module of test binaries")]
#![allow(clippy::wildcard_enum_match_arm, reason = "toys understand nothing")]

use hft_core::models::{
    AccountId, BookId, Cash, Command, ExecKind, ExecutionReport, HalfTicks, InstrumentId, MarketData, MarketUpdate,
    Nanos, OrderId, Price, Qty, Side, Timestamp, TradeId, VenueId,
};
use hft_core::world::{
    Channel, Instruction, Latency, LinkId, Machine, Mail, Message, NodeId, TradeParty, TradeRecord, Wiring, WiringError,
};

pub const BOOK: BookId = BookId { venue: VenueId(0), instrument: InstrumentId(0) };

/// How much the toys say.
#[derive(Clone, Debug)]
pub struct Script {
    /// The venue wakes this often, ns.
    pub period: u64,
    /// Ticks at every wake, to every trader.
    pub ticks: u64,
    /// A trader sends a command on every so many ticks.
    pub ticks_per_command: u64,
    /// The venue answers every command so many times.
    pub reports: u64,
    /// A trader answers every report of every so many of its commands with another command; 0 for never. More than
    /// `reports`, or they never end.
    pub chase: u64,
}

impl Default for Script {
    fn default() -> Self {
        Self { period: 10_000, ticks: 1, ticks_per_command: 4, reports: 2, chase: 0 }
    }
}

/// One of the four.
#[derive(Debug, PartialEq, Eq, Clone)]
pub enum Toy {
    Venue(Venue),
    Account(Account),
    Trader(Trader),
    Blotter(Blotter),
    /// Says nothing, counts what it hears.
    Ear(u64),
    /// Panics at the nth message.
    Bomb(u64),
    /// Fails at the nth message.
    Broken(u64),
}

#[derive(Debug, PartialEq, Eq, Clone, Default)]
pub struct Venue {
    pub script: (u64, u64, u64),
    pub feeds: Vec<LinkId>,
    pub account: LinkId0,
    pub blotter: LinkId0,
    pub seqs: Vec<u64>,
    pub commands: u64,
    pub reports: u64,
    pub resends: u64,
    pub stopped: bool,
}

/// A link id that has a default.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct LinkId0(pub LinkId);

impl Default for LinkId0 {
    fn default() -> Self {
        Self(LinkId(0))
    }
}

#[derive(Debug, PartialEq, Eq, Clone, Default)]
pub struct Account {
    pub venue: LinkId0,
    pub traders: Vec<LinkId>,
    pub commands: u64,
    pub reports: u64,
}

#[derive(Debug, PartialEq, Eq, Clone, Default)]
pub struct Trader {
    pub number: u32,
    pub account: LinkId0,
    pub ticks_per_command: u64,
    pub chase: u64,
    pub ticks: u64,
    pub last_seq: u64,
    pub gaps: u64,
    pub commands: u64,
    pub reports: u64,
    pub last_report: u64,
    pub stopped: bool,
}

#[derive(Debug, PartialEq, Eq, Clone, Default)]
pub struct Blotter {
    pub trades: u64,
}

impl Machine for Toy {
    fn handle(&mut self, now: Timestamp, _from: NodeId, message: Message, mail: &mut Mail) {
        match self {
            Toy::Venue(venue) => venue.handle(now, &message, mail),
            Toy::Account(account) => account.handle(message, mail),
            Toy::Trader(trader) => trader.handle(&message, mail),
            Toy::Blotter(blotter) => blotter.trades += u64::from(matches!(message, Message::Trade(_))),
            Toy::Ear(heard) => *heard += 1,
            Toy::Bomb(left) => *left = left.checked_sub(1).expect("the toy bomb goes off"),
            Toy::Broken(left) => match left.checked_sub(1) {
                Some(less) => *left = less,
                None => mail.fail(anyhow::anyhow!("the disk is full")),
            },
        }
    }
}

impl Venue {
    fn handle(&mut self, now: Timestamp, message: &Message, mail: &mut Mail) {
        let (period, ticks, reports) = self.script;
        match message {
            Message::Start => mail.wake_at(now + Nanos::new(period), 0),
            Message::Wake(_) if !self.stopped => {
                for _ in 0..ticks {
                    for feed in 0..self.feeds.len() {
                        self.tick(now, feed, mail);
                    }
                }
                mail.wake_at(now + Nanos::new(period), 0);
            }
            Message::Command(command) => {
                self.commands += 1;
                let order = command.command.order_id().expect("toys send cancels");
                for _ in 0..reports {
                    self.reports += 1;
                    mail.send(self.account.0, Message::Report(report(self.reports, now, order)));
                }
                mail.send(self.blotter.0, Message::Trade(trade(self.commands, now, order)));
            }
            Message::Resend { link, .. } => {
                self.resends += 1;
                let feed = self.feeds.iter().position(|feed| feed == link).expect("a feed");
                self.tick(now, feed, mail);
            }
            Message::Stop => self.stopped = true,
            _ => {}
        }
    }

    fn tick(&mut self, time: Timestamp, feed: usize, mail: &mut Mail) {
        self.seqs[feed] += 1;
        let update = MarketUpdate::Level { side: Side::Buy, price: Price::new(100), qty: Qty::new(1), last: true };
        mail.send(self.feeds[feed], Message::Market(MarketData { book: BOOK, seq: self.seqs[feed], time, update }));
    }
}

impl Account {
    fn handle(&mut self, message: Message, mail: &mut Mail) {
        match message {
            Message::Command(command) => {
                self.commands += 1;
                mail.send(self.venue.0, Message::Command(command));
            }
            Message::Report(report) => {
                self.reports += 1;
                mail.send(self.traders[report.order.trader() as usize], Message::Report(report));
            }
            _ => {}
        }
    }
}

impl Trader {
    fn handle(&mut self, message: &Message, mail: &mut Mail) {
        match message {
            Message::Market(data) => {
                self.ticks += 1;
                self.gaps += u64::from(data.seq != self.last_seq + 1);
                self.last_seq = data.seq;
                if self.ticks.is_multiple_of(self.ticks_per_command) && !self.stopped {
                    self.command(mail);
                }
            }
            Message::Report(report) => {
                self.reports += 1;
                assert!(report.seq > self.last_report, "reports arrive in order");
                self.last_report = report.seq;
                let number = report.order.0 - OrderId::first_of(self.number).0;
                if self.chase > 0 && number.is_multiple_of(self.chase) && !self.stopped {
                    self.command(mail);
                }
            }
            Message::Stop => {
                self.command(mail);
                self.stopped = true;
            }
            _ => {}
        }
    }

    fn command(&mut self, mail: &mut Mail) {
        self.commands += 1;
        let id = OrderId(OrderId::first_of(self.number).0 + self.commands);
        mail.send(
            self.account.0,
            Message::Command(Instruction { command: Command::Cancel { book: BOOK, id }, cause: Timestamp::START }),
        );
    }
}

fn report(seq: u64, time: Timestamp, order: OrderId) -> ExecutionReport {
    ExecutionReport {
        seq,
        time,
        account: AccountId(0),
        book: BOOK,
        order,
        filled: Qty::ZERO,
        leaves: Qty::new(1),
        kind: ExecKind::New,
    }
}

fn trade(number: u64, time: Timestamp, order: OrderId) -> TradeRecord {
    let party = TradeParty { account: AccountId(0), order, fee: Cash::ZERO, report_seq: number };
    TradeRecord {
        time,
        book: BOOK,
        trade: TradeId(number),
        price: Price::new(100),
        qty: Qty::new(1),
        aggressor: None,
        mid: HalfTicks::new(200),
        maker: party,
        taker: party,
    }
}

/// Latencies of the four kinds of link.
#[derive(Clone, Debug)]
pub struct Latencies {
    pub feed: Latency,
    pub orders: Latency,
    pub reports: Latency,
}

impl Latencies {
    pub fn constant(ns: u64) -> Self {
        let latency = Latency::Constant { ns };
        Self { feed: latency.clone(), orders: latency.clone(), reports: latency }
    }
}

/// A venue (node 0), an account (1), a blotter (2) and `traders` traders (from 3).
pub fn market(
    seed: u64,
    script: &Script,
    traders: u32,
    latencies: &Latencies,
) -> Result<(Vec<Toy>, Wiring), WiringError> {
    let now = || Latency::Constant { ns: 0 };
    let mut wiring = Wiring::new(seed);
    let (venue, account, blotter) = (wiring.node("XTOY")?, wiring.node("desk")?, wiring.node("blotter")?);
    let to_venue = wiring.link(account, venue, Channel::Orders, latencies.orders.clone())?;
    let to_account = wiring.link(venue, account, Channel::Reports, latencies.reports.clone())?;
    let to_blotter = wiring.link(venue, blotter, Channel::Reports, now())?;
    let (mut feeds, mut answers, mut nodes) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..traders {
        let trader = wiring.node(&format!("trader {number}"))?;
        feeds.push(wiring.link(venue, trader, Channel::Data, latencies.feed.clone())?);
        answers.push(wiring.link(account, trader, Channel::Reports, now())?);
        let to_account = LinkId0(wiring.link(trader, account, Channel::Orders, now())?);
        nodes.push(Toy::Trader(Trader {
            number,
            account: to_account,
            ticks_per_command: script.ticks_per_command,
            chase: script.chase,
            ..Trader::default()
        }));
    }
    let venue = Venue {
        script: (script.period, script.ticks, script.reports),
        seqs: vec![0; feeds.len()],
        feeds,
        account: LinkId0(to_account),
        blotter: LinkId0(to_blotter),
        ..Venue::default()
    };
    let account = Account { venue: LinkId0(to_venue), traders: answers, ..Account::default() };
    let mut all = vec![Toy::Venue(venue), Toy::Account(account), Toy::Blotter(Blotter::default())];
    all.append(&mut nodes);
    Ok((all, wiring))
}

/// What the traders sent and heard: (commands, reports, ticks, gaps).
pub fn heard(nodes: &[Toy]) -> (u64, u64, u64, u64) {
    nodes.iter().fold((0, 0, 0, 0), |sum, node| match node {
        Toy::Trader(t) => (sum.0 + t.commands, sum.1 + t.reports, sum.2 + t.ticks, sum.3 + t.gaps),
        _ => sum,
    })
}

/// Checks the invariant on top of this file.
pub fn assert_conserved(nodes: &[Toy]) {
    let (Toy::Venue(venue), Toy::Account(account), Toy::Blotter(blotter)) = (&nodes[0], &nodes[1], &nodes[2]) else {
        panic!("the first three are venue, account, blotter");
    };
    let (commands, reports, _, _) = heard(nodes);
    assert_eq!((account.commands, venue.commands, blotter.trades), (commands, commands, commands), "commands");
    assert_eq!(account.reports, venue.reports, "reports booked");
    assert_eq!(reports, venue.reports, "reports told");
    assert_eq!(reports, commands * venue.script.2, "every command is answered");
}

/// A sink that tests can look into afterwards.
#[derive(Clone, Debug, Default)]
pub struct Shelf(pub std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl Shelf {
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().expect("no test panics while writing").clone()
    }
}

impl std::io::Write for Shelf {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no test panics while writing").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A tick, to measure with.
pub fn sample_tick() -> Message {
    let update = MarketUpdate::Level { side: Side::Buy, price: Price::new(100), qty: Qty::new(1), last: true };
    Message::Market(MarketData { book: BOOK, seq: 1, time: Timestamp::new(1), update })
}

/// A report, to measure with.
pub fn sample_report() -> Message {
    Message::Report(report(1, Timestamp::new(1), OrderId(1)))
}
