//! The account as a node: one risk and one ledger for any number of strategies, venues and symbols.
//!
//! ```text
//! trader ── Command ──► check ── Approved ──► venue          at a kill, in the same step:
//!        ◄── Refused ──┘                                     a mass cancel to every book
//! venue ── Report ──► book ► gate ──► trader                  and a notice to the blotter
//!                      └── Fill, Order, Statement ──► blotter
//! ```
//!
//! Invariant: every report of a venue is booked exactly once, in the venue's numbering; a gap ends the run. What the
//! account approves goes to the venue's link and nowhere else. After `Stop` only cancels pass.

use super::ledger::{Ledger, Listing};
use crate::models::{AccountId, Command, ExecutionReport, Fill, MarketData, MarketUpdate, Timestamp, VenueId};
use crate::risk::{Approved, Kill, RiskGate, RiskReject};
use crate::world::{
    FillRecord, Instruction, LinkId, Machine, Mail, Message, NodeId, OrderRecord, Refusal, RiskHalt, TraderId,
};
use anyhow::anyhow;
use rustc_hash::FxHashMap;

/// A gate, a ledger, and the lines to venues, traders and the blotter.
///
/// ```
/// use hft_core::account::{Account, Listing};
/// use hft_core::models::*;
/// use hft_core::risk::{Limits, RiskGate};
/// use hft_core::world::{Instruction, LinkId, Machine, Mail, Message, NodeId, TraderId};
/// # let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
/// # let x = Instrument::new("X", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
/// let listings = [Listing { book, instrument: x.into() }];
/// let mut account = Account::new(RiskGate::new(AccountId(1), Limits::default(), &listings), &listings);
/// account.connect_venue(book.venue, LinkId(0));
/// account.connect_trader(TraderId(0), NodeId(2), LinkId(1));
///
/// let order = NewOrder::limit(OrderId::first_of(0).next(), book, Side::Buy, Price::new(9_992), Qty::new(1));
/// let mut mail = Mail::new();
/// let asked = Instruction { command: Command::New(order), cause: Timestamp::START };
/// account.handle(Timestamp::START, NodeId(2), Message::Command(asked), &mut mail);
/// let said = mail.drain().next().expect("an answer");
/// assert!(matches!(said.message, Message::Approved(command) if command.get().order_id() == Some(order.id)));
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Debug)]
pub struct Account {
    gate: RiskGate,
    ledger: Ledger,
    venues: Vec<VenueLine>,
    traders: Vec<TraderLine>,
    by_node: FxHashMap<NodeId, usize>,
    by_trader: FxHashMap<u32, usize>,
    blotter: Option<LinkId>,
    statement_every: u32,
    stage: Stage,
}

#[derive(Clone, Copy, Debug)]
struct VenueLine {
    venue: VenueId,
    link: LinkId,
    /// Number of the last report that was booked.
    seq: u64,
    /// Reports since the last statement.
    unstated: u32,
}

#[derive(Clone, Copy, Debug)]
struct TraderLine {
    trader: TraderId,
    link: LinkId,
}

/// Whether new orders are taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Running,
    Stopping,
}

impl Account {
    /// After how many reports of a venue the account states its sub-totals, unless it is told otherwise.
    pub const STATEMENT_EVERY: u32 = 1_000;

    /// An account with these limits that may trade these books, not yet connected to anything.
    pub fn new(gate: RiskGate, listings: &[Listing]) -> Self {
        let ledger = Ledger::new(gate.account(), listings);
        let mut account = Self {
            gate,
            ledger,
            venues: Vec::new(),
            traders: Vec::new(),
            by_node: FxHashMap::default(),
            by_trader: FxHashMap::default(),
            blotter: None,
            statement_every: Self::STATEMENT_EVERY,
            stage: Stage::Running,
        };
        for listing in listings {
            account.list(listing);
        }
        account
    }

    /// Adds a book that the account may trade, if it is new.
    pub fn list(&mut self, listing: &Listing) {
        self.gate.list(listing);
        self.ledger.list(listing);
    }

    /// The line to a venue: approved commands leave over it.
    pub fn connect_venue(&mut self, venue: VenueId, link: LinkId) {
        self.venues.push(VenueLine { venue, link, seq: 0, unstated: 0 });
    }

    /// The line to a trader: its reports and refusals leave over it, and its commands come from `node`.
    pub fn connect_trader(&mut self, trader: TraderId, node: NodeId, link: LinkId) {
        self.by_node.insert(node, self.traders.len());
        self.by_trader.insert(trader.0, self.traders.len());
        self.traders.push(TraderLine { trader, link });
    }

    /// The line to the blotter: fills and statements leave over it.
    pub fn connect_blotter(&mut self, link: LinkId) {
        self.blotter = Some(link);
    }

    /// States its sub-totals after so many reports of a venue (at least one).
    pub fn statement_every(&mut self, reports: u32) {
        self.statement_every = reports.max(1);
    }

    /// Who it is.
    pub const fn id(&self) -> AccountId {
        self.ledger.account()
    }

    /// Its gate, to read.
    pub const fn gate(&self) -> &RiskGate {
        &self.gate
    }

    /// Its ledger, to read.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    fn on_command(&mut self, now: Timestamp, from: NodeId, instruction: Instruction, mail: &mut Mail) {
        let Some(&slot) = self.by_node.get(&from) else {
            return mail.fail(anyhow!(
                "account {}: a command came from node {}, which is no trader of it",
                self.id(),
                from.0
            ));
        };
        let TraderLine { trader, link } = self.traders[slot];
        let Instruction { command, .. } = instruction;
        let verdict = if self.stage == Stage::Stopping && adds_risk(&command) {
            Err(RiskReject::KillSwitch)
        } else {
            self.gate.check(now, trader, command, &self.ledger)
        };
        match verdict {
            Ok(approved) => match self.venue_link(command.book().venue) {
                Some(venue) => {
                    mail.send(venue, Message::Approved(approved));
                    let (account, trader) = (self.id(), Some(trader));
                    self.tell(OrderRecord::Sent { at: now, account, trader, instruction }, mail);
                }
                None => mail.fail(anyhow!("account {} has no line to the venue of book {}", self.id(), command.book())),
            },
            Err(reason) => {
                let refusal = Refusal { command, reason };
                mail.send(link, Message::Refused(refusal));
                self.tell(OrderRecord::Refused { at: now, account: self.id(), trader, refusal }, mail);
            }
        }
    }

    /// Tells the blotter, where there is one.
    fn tell(&self, record: OrderRecord, mail: &mut Mail) {
        if let Some(blotter) = self.blotter {
            mail.send(blotter, Message::Order(record));
        }
    }

    fn on_report(&mut self, now: Timestamp, report: &ExecutionReport, mail: &mut Mail) {
        if let Err(error) = self.number(report) {
            return mail.fail(error);
        }
        let fill = match self.ledger.book(report) {
            Ok(fill) => fill,
            Err(error) => return mail.fail(error.into()),
        };
        let kill = self.gate.on_report(now, report, &self.ledger);
        match self.by_trader.get(&report.order.trader()) {
            Some(&slot) => mail.send(self.traders[slot].link, Message::Report(*report)),
            None => mail.fail(anyhow!(
                "account {}: a report names order {}, which no trader of it sent",
                self.id(),
                report.order
            )),
        }
        match (fill, self.blotter) {
            (Some(fill), Some(blotter)) => mail.send(blotter, Message::Fill(self.record(now, report, fill))),
            (Some(_), None) => {}
            (None, _) => {
                let trader = TraderId(report.order.trader());
                self.tell(OrderRecord::Reported { at: now, trader, report: *report }, mail);
            }
        }
        self.obey(now, kill, mail);
        self.state_sometimes(report.book.venue, mail);
    }

    /// Checks a report's number: each venue counts its reports to this account from 1.
    fn number(&mut self, report: &ExecutionReport) -> anyhow::Result<()> {
        let (account, venue) = (self.ledger.account(), report.book.venue);
        let line = self.venues.iter_mut().find(|line| line.venue == venue);
        let line = line.ok_or_else(|| anyhow!("account {account} has no line to venue {venue}, which reported"))?;
        if report.account != account {
            return Err(anyhow!("account {account} was sent a report of account {}", report.account));
        }
        if report.seq != line.seq + 1 {
            return Err(anyhow!(
                "account {account} lost reports of venue {venue}: expected number {}, got {}",
                line.seq + 1,
                report.seq
            ));
        }
        line.seq = report.seq;
        line.unstated += 1;
        Ok(())
    }

    fn record(&self, booked: Timestamp, report: &ExecutionReport, fill: Fill) -> FillRecord {
        FillRecord {
            booked,
            time: report.time,
            account: self.id(),
            trader: TraderId(report.order.trader()),
            book: report.book,
            order: report.order,
            leaves: report.leaves,
            fill,
            position: self.ledger.position(report.book.instrument),
            cash: self.ledger.cash() + self.ledger.fees(),
        }
    }

    fn on_market(&mut self, now: Timestamp, data: &MarketData, mail: &mut Mail) {
        let MarketUpdate::Top(top) = data.update else { return };
        match self.ledger.mark(data.book, top) {
            Ok(()) => {
                let kill = self.gate.on_top(now, data.book, top, &self.ledger);
                self.obey(now, kill, mail);
            }
            Err(error) => mail.fail(error.into()),
        }
    }

    /// Trips the kill switch by hand, as an operator would.
    pub fn kill(&mut self, now: Timestamp, mail: &mut Mail) {
        let kill = self.gate.kill(now);
        self.obey(now, kill, mail);
    }

    /// A kill that was just tripped: cancel everything, and say so.
    fn obey(&mut self, now: Timestamp, kill: Option<Kill>, mail: &mut Mail) {
        let Some(kill) = kill else { return };
        self.cancel_everything(now, mail);
        if let Some(blotter) = self.blotter {
            let halt = RiskHalt { time: now, account: self.id(), kill, equity: self.ledger.equity() };
            mail.send(blotter, Message::Halted(halt));
        }
    }

    fn cancel_everything(&mut self, now: Timestamp, mail: &mut Mail) {
        self.send_own(now, self.gate.cancel_all(), mail);
    }

    /// Sends what the account itself asks for.
    fn send_own(&self, now: Timestamp, commands: impl IntoIterator<Item = Approved<Command>>, mail: &mut Mail) {
        for approved in commands {
            let command = *approved.get();
            let Some(link) = self.venue_link(command.book().venue) else { continue };
            mail.send(link, Message::Approved(approved));
            let instruction = Instruction { command, cause: now };
            self.tell(OrderRecord::Sent { at: now, account: self.id(), trader: None, instruction }, mail);
        }
    }

    /// One strategy is out of control: it is disabled, and its orders, no others, are cancelled.
    fn on_panic(&mut self, now: Timestamp, from: NodeId, mail: &mut Mail) {
        let Some(&slot) = self.by_node.get(&from) else { return };
        let trader = self.traders[slot].trader;
        self.gate.disable_trader(trader);
        self.send_own(now, self.gate.cancel_trader(trader), mail);
    }

    fn on_stop(&mut self, now: Timestamp, mail: &mut Mail) {
        self.stage = Stage::Stopping;
        if self.gate.open_orders() == 0 {
            self.state_all(mail);
        } else {
            self.cancel_everything(now, mail);
        }
    }

    /// A statement when it is due; while stopping, whenever nothing is open any more.
    fn state_sometimes(&mut self, venue: VenueId, mail: &mut Mail) {
        let quiet = self.stage == Stage::Stopping && self.gate.open_orders() == 0;
        let every = self.statement_every;
        if quiet {
            return self.state_all(mail);
        }
        let line = self.venues.iter_mut().find(|line| line.venue == venue);
        let line = line.expect("the report was numbered");
        if line.unstated >= every {
            line.unstated = 0;
            let line = *line;
            self.state(line, mail);
        }
    }

    fn state_all(&mut self, mail: &mut Mail) {
        for index in 0..self.venues.len() {
            self.venues[index].unstated = 0;
            self.state(self.venues[index], mail);
        }
    }

    fn state(&self, line: VenueLine, mail: &mut Mail) {
        let Some(blotter) = self.blotter else { return };
        for statement in self.ledger.statements(line.venue, line.seq) {
            mail.send(blotter, Message::Statement(statement));
        }
    }

    fn venue_link(&self, venue: VenueId) -> Option<LinkId> {
        self.venues.iter().find(|line| line.venue == venue).map(|line| line.link)
    }
}

/// What may not pass while the run stops.
fn adds_risk(command: &Command) -> bool {
    match command {
        Command::New(_) | Command::Amend { .. } => true,
        Command::Reduce { .. } | Command::Cancel { .. } | Command::MassCancel { .. } => false,
    }
}

impl Machine for Account {
    fn handle(&mut self, now: Timestamp, from: NodeId, message: Message, mail: &mut Mail) {
        match message {
            Message::Command(instruction) => self.on_command(now, from, instruction, mail),
            Message::Report(ref report) => self.on_report(now, report, mail),
            Message::Market(ref data) => self.on_market(now, data, mail),
            Message::Panicked => self.on_panic(now, from, mail),
            Message::Stop => self.on_stop(now, mail),
            Message::Wake(_) => {
                let kill = self.gate.on_time(now, &self.ledger);
                self.obey(now, kill, mail);
            }
            Message::Start
            | Message::Approved(_)
            | Message::Refused(_)
            | Message::News(_)
            | Message::Resend { .. }
            | Message::Disconnected(_)
            | Message::Trade(_)
            | Message::Fill(_)
            | Message::Order(_)
            | Message::Statement(_)
            | Message::Halted(_) => {}
        }
    }
}
