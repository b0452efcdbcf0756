//! One log for the blotter: the recorder hears of the desk alone, a pattern's own ledger of everybody who is watched.

use super::recorder::Recorder;
use crate::chapter::SideLedger;
use hft_core::account::{FillLine, FillLog, Markout, TopLine};
use hft_core::models::AccountId;
use hft_core::world::{OrderRecord, RiskHalt, TradeRecord, TraderId};

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Logs {
    pub(super) recorder: Recorder,
    pub(super) side: Option<Box<dyn SideLedger>>,
    pub(super) desk: AccountId,
}

impl Logs {
    fn is_ours(&self, trader: TraderId) -> bool {
        // Without further watched accounts there is nobody else to hear of.
        self.side.is_none() || self.recorder.who().account_of(trader) == self.desk
    }

    /// Passes something on to those whom it concerns.
    fn pass(
        &mut self,
        is_ours: bool,
        mut tell: impl FnMut(&mut dyn FillLog) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        if is_ours {
            tell(&mut self.recorder)?;
        }
        match &mut self.side {
            Some(side) => tell(side.as_mut()),
            None => Ok(()),
        }
    }
}

impl FillLog for Logs {
    fn fill(&mut self, line: &FillLine) -> anyhow::Result<()> {
        self.pass(line.record.account == self.desk, |log| log.fill(line))
    }

    fn trade(&mut self, trade: &TradeRecord) -> anyhow::Result<()> {
        let is_ours = [trade.maker, trade.taker].iter().any(|party| party.account == self.desk);
        self.pass(is_ours, |log| log.trade(trade))
    }

    fn order(&mut self, record: &OrderRecord) -> anyhow::Result<()> {
        let is_ours = match *record {
            OrderRecord::Sent { account, .. } | OrderRecord::Refused { account, .. } => account == self.desk,
            OrderRecord::Reported { trader, .. } => self.is_ours(trader),
        };
        self.pass(is_ours, |log| log.order(record))
    }

    fn top(&mut self, line: &TopLine) -> anyhow::Result<()> {
        self.pass(line.account == self.desk, |log| log.top(line))
    }

    fn markout(&mut self, markout: &Markout) -> anyhow::Result<()> {
        let is_ours = self.is_ours(TraderId(markout.order.trader()));
        self.pass(is_ours, |log| log.markout(markout))
    }

    fn halt(&mut self, halt: &RiskHalt) -> anyhow::Result<()> {
        self.pass(halt.account == self.desk, |log| log.halt(halt))
    }
}
