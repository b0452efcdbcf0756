//! What the run is asked beyond its profit: how long its legs were unlike and what that cost, whether its signals were true, where the gross
//! went, and how much more there would have been.
//!
//! Invariant: the waterfall's net of all trades is the run's net.

mod chapter;
mod prices;
mod signals;
mod unhedged;
mod waterfall;

use crate::config::IndexArbConfig;
use crate::scenario::{ETF_LOTS, ExDate, Universe};
use crate::strategy::Books;
use hft_app::chapter::{Chapter, SideLedger};
use hft_core::account::{FillLine, FillLog, TopLine};
use hft_core::models::{AccountId, BookId, Command, ExecKind, Nanos, NewOrder, Timestamp};
use hft_core::world::{Directory, OrderRecord, TradeRecord};
use prices::Prices;
use signals::Signals;
use unhedged::Unhedged;
use waterfall::{Decided, Waterfall};

/// See the module's documentation.
#[derive(Debug)]
pub struct LegLedger {
    config: IndexArbConfig,
    universe: Universe,
    books: Vec<BookId>,
    desk: AccountId,
    prices: Prices,
    unhedged: Unhedged,
    waterfall: Waterfall,
    signals: Signals,
    /// Positions at the venues.
    positions: Vec<i64>,
    ex_dates: Vec<ExDate>,
    /// Which unit the latest signal opens, and when.
    opening: Option<(Timestamp, i64)>,
}

impl LegLedger {
    /// A ledger of the desk in these books.
    pub fn new(config: &IndexArbConfig, universe: &Universe, books: &Books, desk: AccountId) -> Self {
        let mut ex_dates = universe.ex_dates.clone();
        ex_dates.reverse();
        Self {
            prices: Prices::new(universe),
            unhedged: Unhedged::new(universe),
            waterfall: Waterfall::new(universe),
            signals: Signals::default(),
            positions: vec![0; universe.count() + 2],
            ex_dates,
            opening: None,
            books: books.all().collect(),
            desk,
            config: config.clone(),
            universe: universe.clone(),
        }
    }

    fn hung(&self) -> Nanos {
        Nanos::from_millis(self.config.execution.hung_ms)
    }

    /// The leg that trades in a book: books are listed in the order of the legs.
    fn leg(&self, book: BookId) -> Option<usize> {
        let leg = usize::from(book.instrument.0);
        self.books.get(leg).filter(|found| **found == book).map(|_| leg)
    }

    /// Dividends that are owed by now.
    fn advance(&mut self, now: Timestamp) {
        while let Some(ex) = self.ex_dates.pop_if(|ex| ex.at <= now) {
            self.waterfall.ex_date(ex.constituent, ex.ticks);
        }
    }

    fn sent(&mut self, at: Timestamp, order: &NewOrder) {
        let Some(leg) = self.leg(order.book) else { return };
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
        if let Some(leg) = self.leg(line.record.book) {
            self.waterfall.filled(leg, line, &self.universe, &self.config.carry);
        }
        Ok(())
    }

    fn trade(&mut self, trade: &TradeRecord) -> anyhow::Result<()> {
        self.advance(trade.time);
        let (Some(leg), Some(aggressor)) = (self.leg(trade.book), trade.aggressor) else { return Ok(()) };
        for (party, side) in [(trade.taker, aggressor), (trade.maker, aggressor.opposite())] {
            if party.account == self.desk {
                let lots = side.signed(trade.qty).count();
                self.positions[leg] += lots;
                self.unhedged.filled(trade.time, leg, lots, self.hung());
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
        if let Some(leg) = self.leg(line.book) {
            let moved = self.prices.hear(leg, line.top);
            self.unhedged.moved(moved);
        }
        Ok(())
    }
}

impl SideLedger for LegLedger {
    fn chapter(&mut self, _who: &Directory, ended: Timestamp) -> Chapter {
        let hung = self.hung();
        self.unhedged.finish(ended, hung);
        self.waterfall.finish(ended, &self.prices, &self.universe, &self.config.carry);
        self.told(ended)
    }
}
