//! Decisions: how far apart the three are, against what it would cost to trade them.

use super::IndexArb;
use super::picture::Asset;
use super::plan::{Gap, Pair, Way};
use crate::config::Policy;
use crate::model::band::{Band, Costs, Exchange};
use crate::scenario::{ETF_LOTS, FIRST, FUTURE_FEES, STOCK_FEES, UNIT_TICK};
use hft_core::models::{Nanos, Side};
use hft_core::trader::Desk;

/// Half of the window's spread, index ticks: half a tick of a midpoint that is none, a whole one of one that is.
const WINDOW_HALF_SPREAD: f64 = 0.75;

/// Days of carry in a year.
const DAYS_OF_A_YEAR: f64 = 365.0;

impl IndexArb {
    /// Decides, where all legs have what they should have or the leading one still waits: true where the targets changed.
    pub(super) fn decide(&mut self, desk: &Desk<'_>) -> bool {
        if self.shut_out {
            return false;
        }
        match self.plan.step {
            Some(_) => self.reconsider(desk),
            // A fill that came after its leg was given up is taken back first.
            None if self.off > 0 => false,
            None => match self.plan.pair {
                None => self.open(desk),
                Some(pair) => self.hold(pair, desk),
            },
        }
    }

    /// Opens the pair that promises most beyond its band.
    fn open(&mut self, desk: &Desk<'_>) -> bool {
        if desk.now() < self.quiet_until {
            return false;
        }
        let promising = Pair::all(self.config.pairs).filter_map(|pair| {
            let found = self.gap(pair, desk)?;
            found.band.opens(found.gap).then_some((pair, found))
        });
        let best = promising.max_by(|(_, a), (_, b)| a.promise().total_cmp(&b.promise()));
        let quanta = i64::from(self.config.units) * ETF_LOTS;
        let Some((pair, found)) = best else { return false };
        if found.promise() < self.impact(pair, quanta, desk) {
            return false;
        }
        self.go(pair, quanta, found, desk);
        true
    }

    /// Closes what is held, or adds to it.
    fn hold(&mut self, pair: Pair, desk: &Desk<'_>) -> bool {
        let Some(found) = self.gap(pair, desk) else { return false };
        let Gap { gap, band } = found;
        let quanta = i64::from(self.config.units) * ETF_LOTS;
        let room = self.plan.want + quanta <= i64::from(self.config.units_max) * ETF_LOTS;
        if band.closes(gap) {
            self.go(pair, 0, found, desk);
            return true;
        }
        let unit = i64::from(self.config.primary.unit) * ETF_LOTS;
        if self.plan.want >= unit && self.exchange_pays(pair, desk) {
            self.decided = Some(found);
            self.plan.go(desk.now(), pair, self.plan.want % unit, Way::Window);
            return true;
        }
        let quiet = desk.now() < self.quiet_until;
        if room && !quiet && band.opens(gap) && found.promise() >= self.impact(pair, quanta, desk) {
            self.go(pair, self.plan.want + quanta, found, desk);
            return true;
        }
        false
    }

    fn go(&mut self, pair: Pair, want: i64, found: Gap, desk: &Desk<'_>) {
        self.decided = Some(found);
        self.plan.go(desk.now(), pair, want, Way::Market);
    }

    /// A leading leg that has not been filled, or not fully, is given up when its gap is gone or its patience over.
    fn reconsider(&mut self, desk: &Desk<'_>) -> bool {
        let (Some(step), Some(pair)) = (self.plan.step, self.plan.pair) else { return false };
        let adds = self.plan.want > step.before;
        let Some(lead) = pair.lead(self.config.policy).filter(|_| adds && !step.unwinds) else { return false };
        let patience = Nanos::from_millis(self.config.execution.patience_ms);
        let late = desk.now().since(step.decided) >= patience;
        let gone = self.gap(pair, desk).is_none_or(|Gap { gap, band }| gap < (band.entry + band.exit) / 2.0);
        if !late && !gone {
            return false;
        }
        // The future comes in whole units, and so does what it is held against.
        let has = self.led();
        let whole = if pair.sign(Asset::Future) == 0 { has } else { has / ETF_LOTS * ETF_LOTS };
        debug_assert!(pair.sign(lead) != 0, "what leads is one of the pair");
        if whole == self.plan.want {
            return false;
        }
        self.plan.want = whole;
        true
    }

    /// The gap of a pair and its band; none before everything was seen.
    pub(super) fn gap(&self, pair: Pair, desk: &Desk<'_>) -> Option<Gap> {
        let long = self.picture.priced(desk.now(), pair.long)?;
        let short = self.picture.priced(desk.now(), pair.short)?;
        let costs = Costs {
            half_spreads: long.half + short.half,
            fees: 2.0 * (fee(pair.long) + fee(pair.short)),
            impact: 0.0,
            borrow: if pair.short == Asset::Future { 0.0 } else { self.borrow() },
            legging: self.config.execution.legging,
            exchange: self.exchange(pair, desk),
        };
        // A leg that rests earns its half spread instead of paying it.
        let saved = match pair.lead(self.config.policy).filter(|_| self.config.policy == Policy::PassiveThenHedge) {
            Some(lead) if lead == pair.long => 2.0 * long.half,
            Some(_) => 2.0 * short.half,
            None => 0.0,
        };
        let band = Band::of(&costs, self.config.entry - saved, self.config.exit);
        Some(Gap { gap: short.mid - long.mid, band })
    }

    /// The way back through the issuer, where there is one: its fee, and half a tick or a whole one of every leg.
    fn exchange(&self, pair: Pair, desk: &Desk<'_>) -> Option<Exchange> {
        let primary = &self.config.primary;
        let is_open = !self.window.is_empty() && desk.now().to_secs_f64() < primary.cutoff_s;
        let may = is_open && pair.sign(Asset::Future) == 0;
        may.then(|| Exchange {
            cost: primary.fee / (f64::from(primary.unit) * UNIT_TICK) + 2.0 * WINDOW_HALF_SPREAD,
            saved: fee(pair.long) + fee(pair.short),
        })
    }

    /// Whether to exchange costs less than to wait for parity and close.
    fn exchange_pays(&self, pair: Pair, desk: &Desk<'_>) -> bool {
        let priced = [pair.long, pair.short].map(|asset| self.picture.priced(desk.now(), asset));
        let ([Some(long), Some(short)], Some(Exchange { cost, saved })) = (priced, self.exchange(pair, desk)) else {
            return false;
        };
        cost - saved <= long.half + short.half + self.config.exit
    }

    /// What borrowing is expected to cost, index ticks: for as long as a gap needs to halve.
    fn borrow(&self) -> f64 {
        let years = self.config.universe.half_life_s / self.config.carry.day_s / DAYS_OF_A_YEAR;
        self.config.carry.borrow * years * FIRST.ticks() as f64
    }

    /// How much worse than the touch so many quanta of both legs would be, there and back, index ticks.
    fn impact(&self, pair: Pair, quanta: i64, desk: &Desk<'_>) -> f64 {
        let mut legs = vec![0; self.legs.len()];
        self.lots.add(pair.long, quanta, &mut legs);
        self.lots.add(pair.short, -quanta, &mut legs);
        let mut money = 0.0;
        for (leg, lots) in legs.into_iter().enumerate().filter(|(_, lots)| *lots != 0) {
            let side = if lots > 0 { Side::Buy } else { Side::Sell };
            let beyond = desk.view(self.legs[leg].book()).map(|view| beyond(view.levels(side.opposite()), lots.abs()));
            let Some(Some(ticks)) = beyond else { return f64::INFINITY };
            money += ticks * self.tick_value(leg);
        }
        2.0 * money / (UNIT_TICK * quanta as f64 / ETF_LOTS as f64)
    }

    /// What a tick of one lot is worth, currency.
    fn tick_value(&self, leg: usize) -> f64 {
        match self.asset(leg) {
            Asset::Basket => 0.01,
            Asset::Etf => 0.1,
            Asset::Future => 0.5,
        }
    }
}

/// Ticks that `lots` cost beyond the first level, all together; none where the levels do not hold so many.
fn beyond(levels: impl Iterator<Item = hft_core::models::Quote>, lots: i64) -> Option<f64> {
    let (mut left, mut first, mut ticks) = (lots, None, 0.0);
    for level in levels {
        let touch = *first.get_or_insert(level.price);
        let taken = left.min(level.qty.lots());
        ticks += taken as f64 * (level.price.ticks() - touch.ticks()).abs() as f64;
        left -= taken;
        if left == 0 {
            return Some(ticks);
        }
    }
    None
}

/// The fee for taking, index ticks.
fn fee(asset: Asset) -> f64 {
    let [_, ppb] = if asset == Asset::Future { FUTURE_FEES } else { STOCK_FEES };
    ppb as f64 * 1e-9 * FIRST.ticks() as f64
}
