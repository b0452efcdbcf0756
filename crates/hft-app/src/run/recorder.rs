//! What the blotter's log does in a run: rows to files, lines to the terminal, figures for the summary.
//!
//! Invariant: what it writes is a function of what the blotter is told, in order. A full disk ends the run; a closed pipe ends
//! the printing.

use super::curve::{Curve, Sampling};
use super::fills::{Fills, Ready};
use super::orders::Orders;
use super::progress::{Gauge, Lines};
use crate::interrupt::Interrupt;
use crate::output::{CsvFile, EquityRow, FillRow, OrderRow, RunFolder};
use hft_core::account::{FillLine, FillLog, Listing, Markout, TopLine};
use hft_core::models::{AccountId, Cash, Lots, Nanos, Timestamp};
use hft_core::risk::RiskReject;
use hft_core::world::{Directory, OrderRecord, RiskHalt, TradeRecord, TraderId};
use std::sync::mpsc::TrySendError;
use std::time::Duration;

/// How often rows are handed to the system, in market time: what a killed run loses of them, at most, by the clock.
const FLUSH_EVERY: Nanos = Nanos::from_secs(1);

/// How long a line waits before it is looked whether there is room for it now.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// Where rows go.
#[derive(Debug)]
pub struct Files {
    fills: CsvFile<FillRow>,
    orders: CsvFile<OrderRow>,
    equity: CsvFile<EquityRow>,
}

/// What a recorder is made with.
#[derive(Debug)]
pub struct RecorderParts {
    /// Files for its rows; none where only the summary counts.
    pub files: Option<Files>,
    /// The way of the lines to the terminal, where they are wanted.
    pub lines: Lines,
    /// What shows how far the run is.
    pub gauge: Gauge,
    /// What a kill raises, to end the run.
    pub stop: Interrupt,
}

impl RecorderParts {
    /// For a run of which only the summary counts.
    pub fn summary_only(span: Nanos) -> Self {
        Self { files: None, lines: None, gauge: Gauge::new(span), stop: Interrupt::default() }
    }
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Recorder {
    files: Option<Files>,
    lines: Lines,
    gauge: Gauge,
    stop: Interrupt,
    flushed: Timestamp,
    who: Directory,
    desk: AccountId,
    pub(super) fills: Fills,
    pub(super) orders: Orders,
    pub(super) curve: Curve,
    pub(super) money: Money,
    /// The first strategy of the desk's whose orders were all refused from some moment on, and that moment.
    pub(super) shut_off: Option<(TraderId, Timestamp)>,
}

/// Sums over fills.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Money {
    pub(super) paid: Cash,
    pub(super) rebates: Cash,
    pub(super) turnover: Cash,
    pub(super) maker_fills: u64,
}

impl Files {
    /// The three CSV files of a run folder.
    ///
    /// # Errors
    /// When one cannot be made.
    pub fn create(folder: &RunFolder) -> anyhow::Result<Self> {
        Ok(Self {
            fills: folder.csv("fills.csv")?,
            orders: folder.csv("orders.csv")?,
            equity: folder.csv("equity.csv")?,
        })
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        self.fills.flush()?;
        self.orders.flush()?;
        self.equity.flush()
    }
}

impl Recorder {
    pub(super) fn new(
        parts: RecorderParts,
        who: Directory,
        desk: AccountId,
        sampling: Sampling,
        limit: Option<Lots>,
        books: Vec<Listing>,
    ) -> Self {
        let RecorderParts { files, lines, gauge, stop } = parts;
        let curve = Curve::new(sampling, books, limit);
        let (fills, orders, money) = (Fills::default(), Orders::default(), Money::default());
        Self {
            files,
            lines,
            gauge,
            stop,
            flushed: Timestamp::START,
            who,
            desk,
            fills,
            orders,
            curve,
            money,
            shut_off: None,
        }
    }

    /// Change of the account's equity since the start, at the last midpoints.
    pub const fn equity(&self) -> Cash {
        self.curve.equity()
    }

    /// Who is who in the world that it heard of.
    pub(super) const fn who(&self) -> &Directory {
        &self.who
    }

    /// The run ended: everything that waits is written.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn finish(&mut self, end: Timestamp) -> anyhow::Result<()> {
        self.advance(end + Nanos::new(1))?;
        let Self { files, curve, orders, .. } = self;
        curve.finish(end, orders, |row| files.as_mut().map_or(Ok(()), |files| files.equity.write(row)))?;
        self.pass_on(true)?;
        self.lines = None;
        if let Some(Files { fills, orders, equity }) = self.files.take() {
            fills.finish()?;
            orders.finish()?;
            equity.finish()?;
        }
        Ok(())
    }

    fn advance(&mut self, now: Timestamp) -> anyhow::Result<()> {
        let Self { files, curve, orders, gauge, .. } = self;
        gauge.at(now);
        curve.advance(now, orders, |row| files.as_mut().map_or(Ok(()), |files| files.equity.write(row)))?;
        if let Some(files) = &mut self.files
            && now >= self.flushed.after(FLUSH_EVERY)
        {
            self.flushed = now;
            files.flush()?;
        }
        Ok(())
    }

    /// Lines and rows that nothing more has to be waited for.
    fn pass_on(&mut self, over: bool) -> anyhow::Result<()> {
        while let Some(ready) = self.fills.next_ready(over) {
            match ready {
                Ready::Line(line) => self.print(line),
                Ready::Row(row) => {
                    self.curve.mark(&row, &self.who);
                    if let Some(files) = &mut self.files {
                        files.fills.write(&row)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Waits for a reader who does not keep up, until somebody asks twice to leave. A reader who has closed the pipe has what it wanted;
    /// the run goes on, and its rows with it.
    fn print(&mut self, mut line: String) {
        let Some(lines) = &self.lines else { return };
        loop {
            match lines.try_send(line) {
                Ok(()) => return,
                Err(TrySendError::Full(back)) if self.stop.count() < 2 => line = back,
                Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => break,
            }
            std::thread::park_timeout(LOOK_AGAIN);
        }
        self.lines = None;
    }

    fn write_order(&mut self, row: Option<OrderRow>) -> anyhow::Result<()> {
        match (&mut self.files, row) {
            (Some(files), Some(row)) => files.orders.write(&row),
            _ => Ok(()),
        }
    }
}

impl FillLog for Recorder {
    fn fill(&mut self, line: &FillLine) -> anyhow::Result<()> {
        self.advance(line.record.booked)?;
        let (fill, money) = (&line.record.fill, &mut self.money);
        let fee = fill.fee;
        *(if fee < Cash::ZERO { &mut money.paid } else { &mut money.rebates }) += fee;
        money.turnover += line.flow().abs();
        money.maker_fills += u64::from(fill.liquidity == hft_core::models::Liquidity::Maker);
        self.curve.filled(line);
        self.fills.booked(line, &self.who);
        self.gauge.filled();
        self.gauge.worth(line.pnl);
        let row = self.orders.fill(line, &self.who);
        self.write_order(row)?;
        self.pass_on(false)
    }

    fn trade(&mut self, trade: &TradeRecord) -> anyhow::Result<()> {
        self.advance(trade.time)?;
        self.fills.traded(trade, self.desk, &self.who);
        self.pass_on(false)
    }

    fn order(&mut self, record: &OrderRecord) -> anyhow::Result<()> {
        self.advance(match *record {
            OrderRecord::Sent { at, .. } | OrderRecord::Refused { at, .. } | OrderRecord::Reported { at, .. } => at,
        })?;
        if let OrderRecord::Refused { at, account, trader, refusal } = record
            && *account == self.desk
            && refusal.reason == RiskReject::StrategyDisabled
        {
            self.shut_off.get_or_insert((*trader, *at));
        }
        let row = self.orders.step(record, &self.who);
        self.write_order(row)
    }

    fn top(&mut self, line: &TopLine) -> anyhow::Result<()> {
        self.advance(line.time)?;
        self.gauge.worth(line.equity);
        self.curve.top(line);
        Ok(())
    }

    fn markout(&mut self, markout: &Markout) -> anyhow::Result<()> {
        self.fills.marked(markout, &self.who.listing(markout.book).instrument);
        self.pass_on(false)
    }

    /// A desk that may not trade has nothing left to do: its kill ends the run as its time would.
    fn halt(&mut self, halt: &RiskHalt) -> anyhow::Result<()> {
        self.stop.raise();
        self.advance(halt.time)
    }
}
