//! Turns the engine's events into numbered execution reports, fees, and the drop copy.

use super::super::{EngineEvent, EventSink, OrderView, Party};
use super::feed::Publisher;
use crate::account::Truth;
use crate::models::{
    AccountId, BookId, Cash, ExecKind, ExecutionReport, Fill, HalfTicks, Instrument, Liquidity, MarketUpdate, OrderId,
    Price, Qty, Side, Timestamp, TradeId,
};
use crate::world::{LinkId, Mail, Message, TradeParty, TradeRecord};

/// The venue's lines to its accounts, by account number.
#[derive(Debug, Default)]
pub(super) struct Ports {
    ports: Vec<Option<Port>>,
    blotter: Option<LinkId>,
    pub(super) fee_income: Cash,
}

#[derive(Debug)]
struct Port {
    reports: LinkId,
    /// How many reports it has been sent.
    seq: u64,
    /// What it has traded, by listing: the volume that decides its fee tier.
    volumes: Vec<Qty>,
    watched: bool,
}

impl Ports {
    pub(super) fn open(&mut self, account: AccountId, reports: LinkId, listings: usize) {
        let i = slot(account);
        if self.ports.len() <= i {
            self.ports.resize_with(i + 1, || None);
        }
        self.ports[i] = Some(Port { reports, seq: 0, volumes: vec![Qty::ZERO; listings], watched: false });
    }

    /// There are so many listings now: accounts that were here before have traded none of the new.
    pub(super) fn list(&mut self, listings: usize) {
        self.ports.iter_mut().flatten().for_each(|port| port.volumes.resize(listings, Qty::ZERO));
    }

    pub(super) fn watch(&mut self, account: AccountId, blotter: LinkId) {
        self.port(account).watched = true;
        self.blotter = Some(blotter);
    }

    fn port(&mut self, account: AccountId) -> &mut Port {
        let port = self.ports.get_mut(slot(account)).and_then(Option::as_mut);
        port.expect("an account that sends commands has a line for its reports")
    }

    /// Reports a command that never reached a book.
    pub(super) fn refuse(
        &mut self,
        now: Timestamp,
        account: AccountId,
        book: BookId,
        order: OrderId,
        kind: ExecKind,
        mail: &mut Mail,
    ) {
        self.report(now, account, book, Quantities::NONE, order, kind, mail);
    }

    #[allow(clippy::too_many_arguments, reason = "one report has this many independent parts")]
    fn report(
        &mut self,
        time: Timestamp,
        account: AccountId,
        book: BookId,
        Quantities { filled, leaves }: Quantities,
        order: OrderId,
        kind: ExecKind,
        mail: &mut Mail,
    ) -> u64 {
        let port = self.port(account);
        port.seq += 1;
        let report = ExecutionReport { seq: port.seq, time, account, book, order, filled, leaves, kind };
        mail.send(port.reports, Message::Report(report));
        port.seq
    }
}

/// What of an order is done and what is open.
#[derive(Clone, Copy)]
struct Quantities {
    filled: Qty,
    leaves: Qty,
}

impl Quantities {
    const NONE: Self = Self { filled: Qty::ZERO, leaves: Qty::ZERO };
}

/// The sink of one command.
pub(super) struct Reporter<'a> {
    pub(super) now: Timestamp,
    pub(super) book: BookId,
    /// Index of the book among the venue's.
    pub(super) listing: usize,
    pub(super) instrument: &'a Instrument,
    /// The midpoint before the command.
    pub(super) mid: HalfTicks,
    /// Who sent it; `None` for the venue itself.
    pub(super) asker: Option<AccountId>,
    pub(super) ports: &'a mut Ports,
    pub(super) publisher: &'a mut Publisher,
    pub(super) truth: Option<&'a mut Truth>,
    pub(super) mail: &'a mut Mail,
    /// Where the events are kept as they are.
    pub(super) said: Option<&'a mut Vec<EngineEvent>>,
}

/// What both parties' fills of one trade share.
#[derive(Clone, Copy)]
struct Execution {
    trade: TradeId,
    price: Price,
    qty: Qty,
    notional: Cash,
}

impl Reporter<'_> {
    fn report(&mut self, account: AccountId, order: OrderId, quantities: Quantities, kind: ExecKind) -> u64 {
        self.ports.report(self.now, account, self.book, quantities, order, kind, self.mail)
    }

    /// Tells an order's owner that it stands at a price that the owner did not name.
    pub(super) fn moved(&mut self, account: AccountId, order: OrderId, standing: &OrderView) {
        if let Some(price) = standing.price {
            let quantities = Quantities { filled: standing.filled, leaves: standing.leaves };
            self.report(account, order, quantities, ExecKind::Replaced { price });
        }
    }

    /// Reports one side of a trade and returns its line of the drop copy.
    fn fill(&mut self, party: Party, side: Side, liquidity: Liquidity, ahead: Qty, execution: Execution) -> TradeParty {
        let Execution { trade, price, qty, notional } = execution;
        let listing = self.listing;
        let volume = &mut self.ports.port(party.account).volumes[listing];
        let fee = self.instrument.fees().cash_flow(liquidity, *volume, notional, qty);
        *volume = Qty::new(volume.lots().saturating_add(qty.lots()));
        self.ports.fee_income -= fee;
        let fill = Fill { trade, side, price, qty, liquidity, fee, ahead, mid: self.mid };
        let quantities = Quantities { filled: party.filled, leaves: party.leaves };
        let report_seq = self.report(party.account, party.order, quantities, ExecKind::Trade(fill));
        TradeParty { account: party.account, order: party.order, fee, report_seq }
    }

    fn on_trade(&mut self, execution: Execution, parties: [Party; 2], aggressor: Option<Side>, ahead: Qty) {
        let [maker, taker] = parties;
        let maker_side = aggressor.map_or(Side::Buy, Side::opposite);
        let (passive, active) = match aggressor {
            Some(_) => (Liquidity::Maker, Liquidity::Taker),
            None => (Liquidity::Auction, Liquidity::Auction),
        };
        let maker = self.fill(maker, maker_side, passive, ahead, execution);
        let taker = self.fill(taker, maker_side.opposite(), active, Qty::ZERO, execution);
        let Execution { trade, price, qty, .. } = execution;
        let (time, book, mid) = (self.now, self.book, self.mid);
        let record = TradeRecord { time, book, trade, price, qty, aggressor, mid, maker, taker };
        if let Some(truth) = &mut self.truth {
            truth.on_trade(&record);
        }
        if let Some(blotter) = self.ports.blotter
            && [maker, taker].iter().any(|party| self.ports.port(party.account).watched)
        {
            self.mail.send(blotter, Message::Trade(record));
        }
        self.publisher.print(self.now, MarketUpdate::Trade { trade, price, qty, aggressor }, self.mail);
    }
}

impl EventSink for Reporter<'_> {
    fn on_event(&mut self, _seq: u64, event: EngineEvent) {
        if let Some(said) = &mut self.said {
            said.push(event);
        }
        match event {
            EngineEvent::Accepted { order, account, qty, .. } => {
                let quantities = Quantities { filled: Qty::ZERO, leaves: qty };
                self.report(account, order, quantities, ExecKind::New);
            }
            EngineEvent::Rejected { order, account, reason, .. } => {
                self.report(account, order, Quantities::NONE, ExecKind::Rejected(reason));
            }
            EngineEvent::CommandRejected { order, reason } => {
                let asker = self.asker.expect("only an account's command can be refused");
                self.report(asker, order, Quantities::NONE, ExecKind::CommandRejected(reason));
            }
            EngineEvent::Trade { trade, price, qty, maker, taker, aggressor, ahead } => {
                let notional = self.instrument.notional(price, qty);
                self.on_trade(Execution { trade, price, qty, notional }, [maker, taker], aggressor, ahead);
            }
            EngineEvent::Prevented { order, account, qty, filled, leaves, .. } => {
                self.report(account, order, Quantities { filled, leaves }, ExecKind::Prevented(qty));
            }
            EngineEvent::Replaced { order, account, price, filled, leaves, .. } => {
                self.report(account, order, Quantities { filled, leaves }, ExecKind::Replaced { price });
            }
            EngineEvent::Triggered { order, account, leaves, .. } => {
                self.report(account, order, Quantities { filled: Qty::ZERO, leaves }, ExecKind::Triggered);
            }
            EngineEvent::Canceled { order, account, filled, leaves, reason, .. } => {
                self.report(account, order, Quantities { filled, leaves }, ExecKind::Canceled(reason));
            }
            EngineEvent::Rested { order, side, price, visible } => {
                let update = MarketUpdate::OrderAdded { id: order, side, price, qty: visible };
                self.publisher.order(self.now, order, update, self.mail);
            }
            EngineEvent::Resized { order, visible } => {
                let update = MarketUpdate::OrderReduced { id: order, qty: visible };
                self.publisher.order(self.now, order, update, self.mail);
            }
            EngineEvent::Removed { order } => {
                let update = MarketUpdate::OrderReduced { id: order, qty: Qty::ZERO };
                self.publisher.order(self.now, order, update, self.mail);
            }
            EngineEvent::Level { side, price, .. } => self.publisher.touch(side, price),
            EngineEvent::Phase(phase) => self.publisher.print(self.now, MarketUpdate::Phase(phase), self.mail),
        }
    }
}

fn slot(account: AccountId) -> usize {
    usize::try_from(account.0).expect("an account number fits in memory")
}
