//! What a run tells: the detector's verdict first, then who paid, then the market, and last what the account under test has of it.
//!
//! It hears the drop copies of everybody, hands them to the surveillance, and keeps the truth apart: the surveillance never learns which
//! account is under test.

mod chapter;
mod evaluation;
mod harm;
mod truth;

pub use evaluation::{Episode, Evaluation, Judgement};

use crate::config::ManipulativeEduConfig;
use crate::surveillance::{Alert, DropCopy, OrderToTrade, Surveillance};
use harm::{Harm, When};
use hft_app::chapter::{Chapter, SideLedger};
use hft_core::account::{FillLine, FillLog, Markout, TopLine};
use hft_core::models::{AccountId, Timestamp};
use hft_core::world::{Directory, OrderRecord};
use truth::Truth;

/// The account under test, and the sentence that let it in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accused {
    /// Its account.
    pub account: AccountId,
    /// What was typed.
    pub acknowledgement: String,
}

/// What a ledger is made of.
#[derive(Clone, PartialEq, Debug)]
pub struct LedgerParts {
    /// Whose view of the touch it listens to.
    pub desk: AccountId,
    /// Who is under test, if anybody is.
    pub accused: Option<Accused>,
    /// The configuration of the run.
    pub config: ManipulativeEduConfig,
    /// Price units of a tick.
    pub tick_size: f64,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct SurveillanceLedger {
    parts: LedgerParts,
    drop_copy: DropCopy,
    surveillance: Option<Surveillance>,
    control: OrderToTrade,
    truth: Truth,
    harm: Harm,
    observations: u64,
    found: Vec<Alert>,
}

impl SurveillanceLedger {
    /// Nothing has happened yet.
    pub fn new(parts: LedgerParts) -> Self {
        let surveillance = Some(Surveillance::new(parts.config.surveillance));
        let truth = Truth::new(parts.accused.as_ref().map(|accused| accused.account));
        Self {
            parts,
            drop_copy: DropCopy::new(),
            surveillance,
            control: OrderToTrade::new(),
            truth,
            harm: Harm::default(),
            observations: 0,
            found: Vec::new(),
        }
    }

    fn observe(&mut self) {
        while let Some(seen) = self.drop_copy.settled() {
            self.see(&seen);
        }
    }

    fn see(&mut self, seen: &crate::surveillance::Observed) {
        self.observations += 1;
        self.control.observe(seen);
        self.surveillance.as_mut().expect("it watches until the run is over").observe(seen);
    }

    /// The run is over; that everybody's orders are taken out then is nobody's deed.
    fn over(&mut self, ended: Timestamp) {
        while let Some(seen) = self.drop_copy.rest().filter(|seen| seen.time < ended) {
            self.see(&seen);
        }
        self.found = self.surveillance.take().expect("a run is over once").finish();
        self.found.sort_by_key(|alert| alert.raised_ns);
    }

    fn when(&self, now: Timestamp) -> When {
        if self.truth.is_within(now) { When::Within } else { When::Outside }
    }
}

impl FillLog for SurveillanceLedger {
    fn fill(&mut self, line: &FillLine) -> anyhow::Result<()> {
        self.truth.fill(line);
        let when = self.when(line.record.time);
        self.harm.fill(line, when);
        self.drop_copy.fill(line);
        self.observe();
        Ok(())
    }

    fn order(&mut self, record: &OrderRecord) -> anyhow::Result<()> {
        self.truth.order(record);
        if let Some((at, account)) = truth::of_whom(record)
            && !self.truth.is_accused(account)
        {
            let when = self.when(at);
            self.harm.order(record, when);
        }
        self.drop_copy.order(record);
        self.observe();
        Ok(())
    }

    fn top(&mut self, line: &TopLine) -> anyhow::Result<()> {
        if line.account == self.parts.desk {
            let when = self.when(line.time);
            self.harm.top(line, when);
        }
        Ok(())
    }

    fn markout(&mut self, markout: &Markout) -> anyhow::Result<()> {
        self.harm.markout(markout);
        Ok(())
    }
}

impl SideLedger for SurveillanceLedger {
    fn chapter(&mut self, who: &Directory, ended: Timestamp) -> Chapter {
        self.over(ended);
        self.tell(who, ended)
    }
}
