//! The desk: event -> model -> orders. The only place that knows both the papers and the market.
//!
//! ```text
//!   timer, every sample_ms ──► midpoints ──► estimator ──► s-scores, evidence ──► portfolio ──► one target a contract
//!                                                                                      │
//!   a book's change, a report, a sample ──► the leg's worker: rests, then takes ◄──────┴──► the index's target: the hedge
//! ```
//!
//! Invariants:
//! 1. One event decides for one leg: a sample sets targets and then asks for one more event for each leg that has something to do, so that
//!    every order has reasons of its own.
//! 2. What is hedged is what is held, not what is wanted. While the exposure to the index is at its limit, the hedge takes, and no leg
//!    that would add to it trades.
//! 3. A contract whose detector raised the alarm is sold off and left alone for a while.
//!
//! After a refusal or a rejection a leg waits for its next book state or sample. When the gate says that the account is killed or the
//! strategy disabled, it is silent for the rest of the run.
//!
//! Left out: netting the legs' own impact out of the midpoints, a cost model that learns, and borrowing.

mod estimator;
mod portfolio;
mod rationale;

use crate::config::{BreakAction, BreakConfig, StatarbConfig, TABLE};
use estimator::Estimator;
use hft_app::config::Described;
use hft_core::models::{BookId, ExecKind, ExecutionReport, Instrument, MarketUpdate, Nanos, Phase, Ticks, Timestamp};
use hft_core::risk::RiskReject;
use hft_core::trader::{BookView, Desk, Doing, Event, Leg, Reason, Strategy, Urgency};
use portfolio::{Candidate, Portfolio};
use rationale::Latest;

/// The number of the timer that samples; those of the legs follow it.
const SAMPLE: u32 = 0;

/// A desk that trades a universe and hedges with its index.
#[derive(Debug)]
pub struct StatArb {
    sample: Nanos,
    estimator: Estimator,
    portfolio: Portfolio,
    breaks: BreakConfig,
    /// Until when each contract is left alone.
    rests_until: Vec<Timestamp>,
    /// One a contract, the index's as the last one.
    workers: Vec<Leg>,
    /// Lots of the index.
    hedge: i64,
    beta_limit: f64,
    /// The last midpoint seen of each book, ticks.
    mids: Vec<Option<f64>>,
    /// The gate will take nothing more.
    shut_out: bool,
    latest: Option<Latest>,
}

impl StatArb {
    /// A desk in these books, whose contracts are alike; `index` is the hedge.
    ///
    /// # Errors
    /// All violations of the configuration, or a number of books that is not the universe's.
    pub fn new(config: &StatarbConfig, books: &[BookId], index: BookId, contract: &Instrument) -> anyhow::Result<Self> {
        config.check(TABLE)?;
        anyhow::ensure!(
            books.len() == config.symbols as usize,
            "{TABLE}.symbols = {}: {} books were given",
            config.symbols,
            books.len()
        );
        let patience = Nanos::from_millis(config.execution.patience_ms);
        let reach = Ticks::new(i64::from(config.execution.reach_ticks));
        let workers = books.iter().chain([&index]).map(|&book| Leg::new(book, patience, reach));
        let tick_value = contract.tick_size().to_f64() * contract.lot_size().to_f64();
        Ok(Self {
            sample: Nanos::from_millis(config.estimator.sample_ms),
            estimator: Estimator::new(config),
            portfolio: Portfolio::new(config, tick_value),
            breaks: config.breaks,
            rests_until: vec![Timestamp::START; books.len()],
            workers: workers.collect(),
            hedge: 0,
            beta_limit: f64::from(config.sizing.beta_limit),
            mids: vec![None; books.len() + 1],
            shut_out: false,
            latest: None,
        })
    }

    /// Samples, decides, and asks for an event for each leg that has something to do.
    fn on_sample(&mut self, desk: &mut Desk<'_>) {
        desk.wake_at(desk.now().after(self.sample), SAMPLE);
        for (mid, worker) in self.mids.iter_mut().zip(&self.workers) {
            let view = desk.view(worker.book()).filter(|view| view.phase() == Phase::Continuous);
            let seen = view.and_then(BookView::mid).map(|mid| mid.count() as f64 / 2.0);
            *mid = seen.or(*mid);
        }
        // Before every book has been seen there is no universe.
        let Some(mids) = self.mids.iter().copied().collect::<Option<Vec<f64>>>() else { return };
        self.estimator.sample(desk.now(), &mids);
        let now = desk.now();
        for (rests_until, learned) in self.rests_until.iter_mut().zip(self.estimator.learned()) {
            if learned.alarm && self.breaks.action == BreakAction::Stop {
                *rests_until = now.after(Nanos::from_secs_f64(self.breaks.rest_s));
            }
        }
        self.portfolio.decide(&self.candidates(now, &mids));
        self.hedge_again(desk);
        for (leg, number) in (0..self.workers.len()).zip(SAMPLE + 1..) {
            if self.workers[leg].is_due(desk, self.target(leg)) {
                desk.wake_at(now, number);
            }
        }
    }

    fn candidates(&self, now: Timestamp, mids: &[f64]) -> Vec<Candidate> {
        let candidate = |i: usize| {
            let fit = self.estimator.learned()[i].fit.as_ref();
            let awake = now >= self.rests_until[i];
            Candidate {
                score: fit.and_then(|fit| fit.s_score()).filter(|_| awake),
                may_open: self.estimator.reverts(i),
                sigma_eq: fit.and_then(|fit| fit.ou).map_or(f64::INFINITY, |ou| ou.sigma_eq),
                price: mids[i],
            }
        };
        (0..self.rests_until.len()).map(candidate).collect()
    }

    /// What a leg should hold, lots.
    fn target(&self, leg: usize) -> i64 {
        self.portfolio.targets().get(leg).copied().unwrap_or(self.hedge)
    }

    /// What the positions held in contracts do when the index moves by one, in contracts of the index.
    fn unhedged(&self, desk: &Desk<'_>) -> f64 {
        let legs = self.workers.iter().zip(self.estimator.learned());
        legs.map(|(worker, learned)| learned.beta * desk.position(worker.book().instrument).count() as f64).sum()
    }

    /// The same with the position in the index.
    fn exposure(&self, desk: &Desk<'_>) -> f64 {
        let index = self.workers.last().expect("the index is always there").book();
        self.unhedged(desk) + desk.position(index.instrument).count() as f64
    }

    /// Sets the hedge where the one that was set misses by a contract: estimates of beta move all the time, by less than that.
    #[allow(clippy::cast_possible_truncation, reason = "positions are small")]
    fn hedge_again(&mut self, desk: &Desk<'_>) {
        let unhedged = self.unhedged(desk);
        if (unhedged + self.hedge as f64).abs() >= 1.0 {
            self.hedge = -unhedged.round() as i64;
        }
    }

    /// Lets one leg trade towards its target.
    fn work(&mut self, leg: usize, desk: &mut Desk<'_>) {
        if self.shut_out {
            return;
        }
        let target = self.target(leg);
        let is_hedge = leg + 1 == self.workers.len();
        let exposure = self.exposure(desk);
        let position = desk.position(self.workers[leg].book().instrument).count();
        let at_limit = exposure.abs() >= self.beta_limit;
        let beta = self.estimator.learned().get(leg).map_or(1.0, |learned| learned.beta);
        let adds = (target - position) as f64 * beta * exposure > 0.0;
        let urgency = match (at_limit, is_hedge) {
            (true, true) => Urgency::Urgent,
            // What is sold off after an alarm goes, whatever it does to the exposure.
            (true, false) if adds && target != 0 => Urgency::Held,
            (true | false, _) => Urgency::Patient,
        };
        let doing = self.workers[leg].work(desk, target, urgency);
        if doing != Doing::Nothing {
            self.latest = Some(Latest { leg, target, position, exposure, beta, mid: self.mids[leg], doing });
        }
    }

    fn on_report(&mut self, report: &ExecutionReport, desk: &mut Desk<'_>) {
        match report.kind {
            ExecKind::Rejected(_) | ExecKind::CommandRejected(_) => {}
            ExecKind::Trade(_) => {
                self.hedge_again(desk);
                let index = u32::try_from(self.workers.len()).expect("a few hundred");
                desk.wake_at(desk.now(), SAMPLE + index);
                self.work_in(report.book, desk);
            }
            ExecKind::New
            | ExecKind::Canceled(_)
            | ExecKind::Replaced { .. }
            | ExecKind::Triggered
            | ExecKind::Prevented(_) => self.work_in(report.book, desk),
        }
    }

    fn work_in(&mut self, book: BookId, desk: &mut Desk<'_>) {
        let leg = self.workers.iter().position(|worker| worker.book() == book);
        if let Some(leg) = leg.filter(|&leg| self.workers[leg].is_due(desk, self.target(leg))) {
            self.work(leg, desk);
        }
    }
}

impl Strategy for StatArb {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => desk.wake_at(desk.now().after(self.sample), SAMPLE),
            Event::Wake(SAMPLE) => self.on_sample(desk),
            Event::Wake(leg) => self.work((leg - SAMPLE - 1) as usize, desk),
            Event::Market(data) => match data.update {
                MarketUpdate::Top(_) | MarketUpdate::Level { .. } | MarketUpdate::Phase(_) => {
                    self.work_in(data.book, desk);
                }
                MarketUpdate::Trade { .. }
                | MarketUpdate::Clear
                | MarketUpdate::OrderAdded { .. }
                | MarketUpdate::OrderReduced { .. } => {}
            },
            Event::Report(report) => self.on_report(report, desk),
            Event::Refused(refusal) => {
                self.shut_out |= matches!(refusal.reason, RiskReject::KillSwitch | RiskReject::StrategyDisabled);
            }
            Event::News(_) => {}
        }
    }

    fn rationale(&self) -> Vec<Reason> {
        self.reasons()
    }
}
