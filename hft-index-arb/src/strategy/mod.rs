//! The desk: event -> model -> orders. The only place that knows both the papers and the market.
//!
//! ```text
//!   a book's change ──► picture: three prices in index ticks ──► gaps against their bands ──► plan: a pair and a size in quanta
//!                                                                                              │
//!   a fill of the leg that leads ──► what the other legs should have ◄── policy ◄──────────────┘
//!                                          └──► one event a leg that has something to do ──► it rests or takes
//! ```
//!
//! Invariants:
//! 1. One event decides for one leg: a decision sets targets and then asks for one more event for each leg that has something to do, so that
//!    every order has reasons of its own.
//! 2. What follows is hedged against what the leading leg *has*, not what it should have.
//! 3. A step whose legs are unlike for longer than `hung_ms` is taken back, taking.
//!
//! After a refusal or a rejection a leg waits for its next book state. When the gate says that the account is killed or the strategy
//! disabled, it is silent for the rest of the run.

mod gaps;
mod issuer;
mod lots;
mod picture;
mod plan;
mod rationale;

use crate::config::{IndexArbConfig, Policy, TABLE};
use crate::scenario::{Contract, ETF_LOTS, Market, Universe};
use hft_app::config::Described;
use hft_core::models::{BookId, ExecKind, ExecutionReport, MarketUpdate, Nanos, Ticks, Timestamp};
use hft_core::risk::RiskReject;
use hft_core::trader::{Desk, Doing, Event, Leg, Reason, Strategy, Urgency};
pub use issuer::{Counter, Issuer};
use lots::Lots;
use picture::{Asset, Picture};
use plan::{Gap, Plan, Way};
use rationale::Latest;

/// The timer of the next ex-date, the one that looks for hung legs, and the first of the legs'.
const EX_DATE: u32 = 0;
const HUNG: u32 = 1;
const LEGS: u32 = 2;

/// The books of the universe.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Books {
    /// Of the constituents.
    pub stocks: Vec<BookId>,
    /// Of the fund.
    pub etf: BookId,
    /// Of the future.
    pub future: BookId,
    /// The issuer's window for the constituents and the fund; empty where there is none.
    pub window: Vec<BookId>,
}

/// A desk that trades a future, a fund and their basket against one another.
#[derive(Debug)]
pub struct IndexArb {
    config: IndexArbConfig,
    picture: Picture,
    lots: Lots,
    plan: Plan,
    /// Constituents, fund, future.
    legs: Vec<Leg>,
    /// The same contracts at the issuer's window; the future is not exchanged there.
    window: Vec<Leg>,
    positions: Vec<i64>,
    targets: Vec<i64>,
    /// How many legs do not have what they should have.
    off: usize,
    /// Until when nothing is opened.
    quiet_until: Timestamp,
    /// The gate will take nothing more.
    shut_out: bool,
    /// The gap of the latest decision.
    decided: Option<Gap>,
    latest: Option<Latest>,
}

impl Books {
    /// All of them, in the order of the contracts.
    pub fn all(&self) -> impl Iterator<Item = BookId> + '_ {
        self.stocks.iter().copied().chain([self.etf, self.future])
    }
}

impl IndexArb {
    /// A desk in these books.
    ///
    /// # Errors
    /// All violations of the configuration, or a number of books that is not the universe's.
    pub fn new(config: &IndexArbConfig, universe: &Universe, market: &Market, books: Books) -> anyhow::Result<Self> {
        config.check(TABLE)?;
        anyhow::ensure!(
            books.stocks.len() == universe.count(),
            "{TABLE}.symbols = {}: {} books were given",
            universe.count(),
            books.stocks.len()
        );
        let reach = Ticks::new(i64::from(config.execution.reach_ticks));
        let patience = Nanos::from_millis(config.execution.patience_ms);
        let legs: Vec<Leg> = books.all().map(|book| Leg::new(book, patience, reach)).collect();
        let window = books.window.iter().map(|book| Leg::new(*book, patience, reach)).collect();
        Ok(Self {
            picture: Picture::new(config, universe, market),
            lots: Lots::new(config, universe, market),
            plan: Plan::default(),
            positions: vec![0; legs.len()],
            targets: vec![0; legs.len()],
            legs,
            window,
            off: 0,
            quiet_until: Timestamp::START,
            shut_out: false,
            decided: None,
            latest: None,
            config: config.clone(),
        })
    }

    fn contract(&self, leg: usize) -> Contract {
        match self.legs.len() - leg {
            1 => Contract::Future,
            2 => Contract::Etf,
            _ => Contract::Constituent(leg),
        }
    }

    fn asset(&self, leg: usize) -> Asset {
        match self.contract(leg) {
            Contract::Constituent(_) => Asset::Basket,
            Contract::Etf => Asset::Etf,
            Contract::Future => Asset::Future,
        }
    }

    /// The leg that trades in a book: books are listed in the order of the legs.
    fn leg_in(&self, book: BookId) -> Option<usize> {
        let leg = usize::from(book.instrument.0);
        let traded = [self.legs.get(leg), self.window.get(leg)];
        traded.into_iter().flatten().any(|found| found.book() == book).then_some(leg)
    }

    /// Where a leg is traded now, and where it is not.
    fn at(&self, leg: usize) -> (&Leg, Option<&Leg>) {
        match self.window.get(leg) {
            Some(window) if self.plan.way() == Way::Window => (window, Some(&self.legs[leg])),
            other => (&self.legs[leg], other),
        }
    }

    /// True where a leg has something to trade, or an order stands that should not.
    fn is_due(&self, leg: usize, desk: &Desk<'_>) -> bool {
        let (here, other) = self.at(leg);
        let position = self.positions[leg];
        here.is_due(desk, self.targets[leg]) || other.is_some_and(|other| other.is_due(desk, position))
    }

    /// Quanta that the leading leg has, or should have where none leads.
    fn led(&self) -> i64 {
        match self.plan.lead(self.config.policy) {
            None | Some(Asset::Basket) => self.plan.want,
            Some(Asset::Etf) => self.positions[self.legs.len() - 2].abs(),
            Some(Asset::Future) => self.positions[self.legs.len() - 1].abs() * ETF_LOTS,
        }
    }

    /// Sets what every leg should have, and asks for an event for each that does not have it.
    fn aim(&mut self, desk: &mut Desk<'_>) {
        self.targets.fill(0);
        if let Some(pair) = self.plan.pair {
            let (lead, led) = (self.plan.lead(self.config.policy), self.led());
            for asset in [pair.long, pair.short] {
                let quanta = if lead == Some(asset) { self.plan.want } else { led };
                self.lots.add(asset, pair.sign(asset) * quanta, &mut self.targets);
            }
        }
        self.off = self.targets.iter().zip(&self.positions).filter(|(target, position)| target != position).count();
        // What was given up before anything was filled is over.
        if self.off == 0 {
            self.plan.settled();
        }
        for (leg, number) in (0..self.legs.len()).zip(LEGS..) {
            if self.is_due(leg, desk) {
                desk.wake_at(desk.now(), number);
            }
        }
        self.watch(desk);
    }

    /// Keeps the time since when legs have been unlike one another.
    fn watch(&mut self, desk: &mut Desk<'_>) {
        let lead = self.plan.lead(self.config.policy);
        let asset_of = |leg: usize| self.asset(leg);
        let unlike =
            (0..self.legs.len()).any(|leg| self.targets[leg] != self.positions[leg] && lead != Some(asset_of(leg)));
        let Some(step) = &mut self.plan.step else { return };
        if !unlike {
            step.unlike = None;
        } else if step.unlike.is_none() {
            step.unlike = Some(desk.now());
            desk.wake_at(desk.now().after(Nanos::from_millis(self.config.execution.hung_ms)), HUNG);
        }
    }

    /// Looks whether legs have been unlike for too long.
    fn on_hung(&mut self, desk: &mut Desk<'_>) {
        let hung = Nanos::from_millis(self.config.execution.hung_ms);
        let since = self.plan.step.and_then(|step| step.unlike);
        if since.is_some_and(|since| desk.now().since(since) >= hung) && self.plan.unwind() {
            self.aim(desk);
        }
    }

    /// Lets one leg trade towards its target.
    fn work(&mut self, leg: usize, desk: &mut Desk<'_>) {
        if self.shut_out {
            return;
        }
        let asset = self.asset(leg);
        let leads = self.plan.step.is_some() && self.plan.lead(self.config.policy) == Some(asset);
        let rests = self.config.policy == Policy::PassiveThenHedge && leads;
        let urgency = if rests { Urgency::Patient } else { Urgency::Urgent };
        let (target, position) = (self.targets[leg], self.positions[leg]);
        let at_window = self.plan.way() == Way::Window;
        let (here, other) = match self.window.get_mut(leg) {
            Some(window) if at_window => (window, Some(&mut self.legs[leg])),
            other => (&mut self.legs[leg], other),
        };
        // What still works at the other place goes first: together they would have twice of it.
        if let Some(other) = other.filter(|other| other.is_due(desk, position)) {
            other.work(desk, position, Urgency::Held);
            return;
        }
        let doing = here.work(desk, target, urgency);
        if doing != Doing::Nothing {
            self.told(desk.now(), leg, doing, position);
        }
    }

    fn work_in(&mut self, leg: usize, desk: &mut Desk<'_>) {
        if self.is_due(leg, desk) {
            self.work(leg, desk);
        }
    }

    fn on_book(&mut self, book: BookId, desk: &mut Desk<'_>) {
        let Some(leg) = self.leg_in(book) else { return };
        let contract = self.contract(leg);
        let is_market = self.legs[leg].book() == book;
        if let Some(view) = desk.view(book).filter(|_| is_market) {
            self.picture.hear(desk.now(), contract, view);
        }
        if is_market && self.decide(desk) {
            self.aim(desk);
        } else if self.targets[leg] != self.positions[leg] || self.plan.step.is_some() {
            self.work_in(leg, desk);
        }
    }

    fn on_report(&mut self, report: &ExecutionReport, desk: &mut Desk<'_>) {
        let Some(leg) = self.leg_in(report.book) else { return };
        match report.kind {
            ExecKind::Rejected(_) | ExecKind::CommandRejected(_) => {}
            ExecKind::Trade(_) => {
                self.positions[leg] = desk.position(report.book.instrument).count();
                let leads = self.plan.lead(self.config.policy) == Some(self.asset(leg));
                if leads {
                    self.aim(desk);
                } else {
                    self.off = self.targets.iter().zip(&self.positions).filter(|(t, p)| t != p).count();
                    self.watch(desk);
                    self.work_in(leg, desk);
                }
                if self.off == 0 {
                    self.plan.settled();
                }
            }
            ExecKind::New
            | ExecKind::Canceled(_)
            | ExecKind::Replaced { .. }
            | ExecKind::Triggered
            | ExecKind::Prevented(_) => self.work_in(leg, desk),
        }
    }

    fn on_ex_date(&mut self, desk: &mut Desk<'_>) {
        self.picture.ex_date();
        self.quiet_until = desk.now().after(Nanos::from_millis(self.config.carry.settle_ms));
        if let Some(next) = self.picture.next_ex_date() {
            desk.wake_at(next, EX_DATE);
        }
    }
}

impl Strategy for IndexArb {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => {
                if let Some(next) = self.picture.next_ex_date() {
                    desk.wake_at(next, EX_DATE);
                }
            }
            Event::Wake(EX_DATE) => self.on_ex_date(desk),
            Event::Wake(HUNG) => self.on_hung(desk),
            Event::Wake(leg) => self.work_in((leg - LEGS) as usize, desk),
            Event::Market(data) => match data.update {
                MarketUpdate::Top(_) | MarketUpdate::Phase(_) | MarketUpdate::Level { last: true, .. } => {
                    self.on_book(data.book, desk);
                }
                MarketUpdate::Level { last: false, .. }
                | MarketUpdate::Trade { .. }
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
