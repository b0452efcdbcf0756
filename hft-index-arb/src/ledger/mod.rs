//! What the run is asked beyond its profit: how long its legs were unlike and what that cost, whether its signals were true, where the gross
//! went, and how much more there would have been.
//!
//! Invariant: the waterfall's net of all trades is the run's net.

mod chapter;
mod discovery;
mod prices;
mod signals;
mod truth;
mod unhedged;
mod waterfall;

use crate::config::IndexArbConfig;
use crate::scenario::{ETF_LOTS, ExDate, Parts, Universe};
use crate::strategy::Books;
use discovery::Discovery;
use hft_app::chapter::{Chapter, SideLedger};
use hft_core::account::{FillLine, FillLog, TopLine};
use hft_core::models::{AccountId, BookId, Command, ExecKind, Nanos, NewOrder, Timestamp};
use hft_core::world::{Directory, OrderRecord, TradeRecord};
use prices::Prices;
use signals::Signals;
use truth::Truth;
use unhedged::Unhedged;
use waterfall::{Decided, Waterfall};

/// Where a contract is traded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// At its exchange.
    Market,
    /// At the issuer's window.
    Window,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct LegLedger {
    config: IndexArbConfig,
    universe: Universe,
    books: Vec<BookId>,
    window: Vec<BookId>,
    desk: AccountId,
    prices: Prices,
    unhedged: Unhedged,
    waterfall: Waterfall,
    signals: Signals,
    discovery: Discovery,
    truth: Truth,
    /// Positions at the venues.
    positions: Vec<i64>,
    ex_dates: Vec<ExDate>,
    /// Which unit the latest signal opens, and when.
    opening: Option<(Timestamp, i64)>,
}

impl LegLedger {
    /// A ledger of the desk in these books, which knows what the seed makes of their values.
    pub fn new(parts: &Parts<'_>, universe: &Universe, books: &Books, desk: AccountId) -> Self {
        let (seed, config, market) = (parts.seed, parts.config, parts.market);
        let mut ex_dates = universe.ex_dates.clone();
        ex_dates.reverse();
        Self {
            prices: Prices::new(universe),
            unhedged: Unhedged::new(universe),
            waterfall: Waterfall::new(universe),
            signals: Signals::default(),
            discovery: Discovery::default(),
            truth: Truth::new(seed, config, market, universe),
            positions: vec![0; universe.count() + 2],
            ex_dates,
            opening: None,
            books: books.all().collect(),
            window: books.window.clone(),
            desk,
            config: config.clone(),
            universe: universe.clone(),
        }
    }

    fn hung(&self) -> Nanos {
        Nanos::from_millis(self.config.execution.hung_ms)
    }

    /// The leg that trades in a book, and where: books are listed in the order of the legs.
    fn leg(&self, book: BookId) -> Option<(usize, Place)> {
        let leg = usize::from(book.instrument.0);
        let is = |books: &[BookId]| books.get(leg) == Some(&book);
        if is(&self.books) {
            return Some((leg, Place::Market));
        }
        is(&self.window).then_some((leg, Place::Window))
    }

    /// Dividends that are owed by now.
    fn advance(&mut self, now: Timestamp) {
        while let Some(ex) = self.ex_dates.pop_if(|ex| ex.at <= now) {
            self.waterfall.ex_date(ex.constituent, ex.ticks);
        }
    }

    fn sent(&mut self, at: Timestamp, order: &NewOrder) {
        let Some((leg, place)) = self.leg(order.book) else { return };
        if place == Place::Window {
            // What is exchanged is priced by the window: between its order and its fill nothing is lost.
            return;
        }
        let (stocks, position) = (self.universe.count(), self.positions[leg]);
        let adds = position * order.side.sign() >= 0;
        if leg >= stocks && adds {
            let lots = position.abs() + order.qty.lots();
            let unit = if leg == stocks { (lots + ETF_LOTS - 1) / ETF_LOTS } else { lots };
            if let Some(three) = self.prices.three(at) {
                let unit = self.signals.added(at, &three, (leg - stocks + 1, order.side), unit);
                self.opening = Some((at, unit));
            }
        }
        // A basket is opened in the moment in which the order that leads is sent, or while it is being filled.
        let unit = self.opening.filter(|(opened, _)| adds && at.since(*opened) < self.hung()).map(|(_, unit)| unit);
        self.waterfall.sent(order.id, Decided { mid: self.prices.touch(leg).mid, unit });
    }
}

impl FillLog for LegLedger {
    fn fill(&mut self, line: &FillLine) -> anyhow::Result<()> {
        self.advance(line.record.booked);
        if let Some((leg, place)) = self.leg(line.record.book) {
            self.waterfall.filled((leg, place), line, &self.universe, &self.config.carry);
        }
        Ok(())
    }

    fn trade(&mut self, trade: &TradeRecord) -> anyhow::Result<()> {
        self.advance(trade.time);
        let (Some((leg, _)), Some(aggressor)) = (self.leg(trade.book), trade.aggressor) else { return Ok(()) };
        for (party, side) in [(trade.taker, aggressor), (trade.maker, aggressor.opposite())] {
            if party.account == self.desk {
                let lots = side.signed(trade.qty).count();
                self.positions[leg] += lots;
                self.unhedged.filled(trade.time, leg, lots, self.hung());
                self.truth.filled(trade.time, leg, lots);
            }
        }
        Ok(())
    }

    fn order(&mut self, record: &OrderRecord) -> anyhow::Result<()> {
        match record {
            OrderRecord::Sent { at, instruction, .. } => {
                self.advance(*at);
                if let Command::New(order) = &instruction.command {
                    self.sent(*at, order);
                }
            }
            OrderRecord::Refused { .. } => {}
            OrderRecord::Reported { report, .. } => {
                if matches!(report.kind, ExecKind::Canceled(_) | ExecKind::Rejected(_)) {
                    self.waterfall.ended(report.order);
                }
            }
        }
        Ok(())
    }

    fn top(&mut self, line: &TopLine) -> anyhow::Result<()> {
        self.advance(line.time);
        match self.leg(line.book) {
            Some((leg, Place::Market)) => {
                let moved = self.prices.hear(leg, line.top);
                self.unhedged.moved(moved);
                if let Some(three) = self.discovery.is_due(line.time).then(|| self.prices.three(line.time)).flatten() {
                    self.discovery.sample(line.time, &three);
                }
            }
            Some((leg, Place::Window)) => self.waterfall.window_at(leg, line.top),
            None => {}
        }
        Ok(())
    }
}

impl SideLedger for LegLedger {
    fn chapter(&mut self, _who: &Directory, ended: Timestamp) -> Chapter {
        let hung = self.hung();
        self.unhedged.finish(ended, hung);
        self.waterfall.finish(ended, &self.prices, &self.universe, &self.config.carry);
        let hidden = self.truth.gross(ended);
        self.told(ended, hidden)
    }
}
