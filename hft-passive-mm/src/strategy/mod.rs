//! The maker: event -> model -> desk. The only place that knows both the papers and the market.
//!
//! On every consistent book state and every report of its own it asks its model how far from the mid to quote, rounds
//! away from the mid, and moves both quotes there with the fewest messages. A side is out where
//!
//! - a fill of `size` would pass `inv_limit`, or the model does not quote it;
//! - the book is unknown (a gap in the feed, a side empty) or does not trade continuously;
//! - it was filled less than `fade_ms` ago, or VPIN says so.
//!
//! After a refusal or a rejection it waits for the next book state: the command that was refused would be refused
//! again. When the gate says that the account is killed or the strategy disabled, it is silent for the rest of the run.
//!
//! It needs a view of its book; several levels of it, to tell its own quotes from the others'.
//!
//! Left out: taking liquidity to flatten a position, hedging elsewhere, and knowing one's place in the queue.

mod flow;
mod quoter;
mod rationale;
mod rounding;

use crate::config::{ParameterSource, PassiveMmConfig, StrategyKind, TABLE, ToxicityConfig, VpinAction};
use anyhow::Context;
use flow::{FlowRecorder, MicroTracker, ToxicityMeter};
use hft_app::config::Described;
use hft_core::models::{
    BookId, Decimal, ExecKind, ExecutionReport, HalfTicks, Instrument, MarketData, MarketUpdate, Nanos, Phase, Price,
    Qty, Quote, Side, Ticks, Timestamp,
};
use hft_core::risk::RiskReject;
use hft_core::trader::{BookView, Desk, Event, Reason, Strategy};
use quoter::{Pair, Quoter, Situation};
use rationale::Latest;

/// A market maker in one book.
#[derive(Debug)]
pub struct PassiveMm {
    book: BookId,
    /// One tick in price units, one lot in contracts.
    tick_size: f64,
    lot_size: f64,
    size: Qty,
    limit_lots: i64,
    half_spread: f64,
    toxicity: ToxicityConfig,
    quoter: Quoter,
    recorder: Option<FlowRecorder>,
    micro: Option<MicroTracker>,
    meter: Option<ToxicityMeter>,
    /// Until when each side stays away after a fill.
    faded: [Timestamp; 2],
    /// The gate will take nothing more.
    shut_out: bool,
    latest: Option<Latest>,
}

impl PassiveMm {
    /// A maker of `book`, whose contract is `instrument`.
    ///
    /// # Errors
    /// All violations of the configuration, or what only the contract shows: a size that is not whole lots.
    pub fn new(config: &PassiveMmConfig, book: BookId, instrument: &Instrument) -> anyhow::Result<Self> {
        config.check(TABLE)?;
        let lot = instrument.lot_size();
        let size: Option<Decimal> = config.size.to_string().parse().ok();
        let size = size.and_then(|size| instrument.qty(size).ok()).filter(|size| size.is_positive());
        let size = size.with_context(|| {
            format!("{TABLE}.size = {}: must be a multiple of the lot of {}, {lot}", config.size, instrument.symbol())
        })?;
        let lot_size = lot.to_f64();
        #[allow(clippy::cast_possible_truncation, reason = "`as` saturates")]
        let limit_lots = (config.inv_limit / lot_size + 1e-9).floor() as i64;
        let learns = config.model.parameters == ParameterSource::Estimated;
        let micro = config.strategy == StrategyKind::Microprice;
        let vpin = config.toxicity.vpin != VpinAction::Off;
        Ok(Self {
            book,
            tick_size: instrument.tick_size().to_f64(),
            lot_size,
            size,
            limit_lots,
            half_spread: config.half_spread,
            toxicity: config.toxicity,
            quoter: Quoter::new(config),
            recorder: learns.then(|| FlowRecorder::new(config.estimator)),
            micro: micro.then(|| MicroTracker::new(config.microprice)),
            meter: vpin.then(|| ToxicityMeter::new(&config.toxicity)),
            faded: [Timestamp::START; 2],
            shut_out: false,
            latest: None,
        })
    }

    fn on_market(&mut self, data: &MarketData, desk: &mut Desk<'_>) {
        match data.update {
            MarketUpdate::Trade { price, qty, aggressor, .. } => self.on_print(data, price, qty, aggressor, desk),
            MarketUpdate::Top(_) | MarketUpdate::Level { .. } | MarketUpdate::Phase(_) => {
                self.observe(desk);
                self.quote(desk);
            }
            MarketUpdate::Clear | MarketUpdate::OrderAdded { .. } | MarketUpdate::OrderReduced { .. } => {}
        }
    }

    fn on_print(&mut self, data: &MarketData, price: Price, qty: Qty, aggressor: Option<Side>, desk: &Desk<'_>) {
        if let Some(meter) = &mut self.meter {
            meter.on_trade(qty.lots() as f64 * self.lot_size, aggressor);
        }
        let mid = desk.view(self.book).and_then(BookView::mid);
        if let (Some(recorder), Some(side), Some(mid)) = (&mut self.recorder, aggressor, mid) {
            let through = (price.half_ticks() - mid).count() as f64 * side.sign() as f64;
            recorder.on_trade(data.time, side, through / 2.0 * self.tick_size);
        }
    }

    /// Lets the learners see the book as it stands.
    fn observe(&mut self, desk: &Desk<'_>) {
        let Some(view) = desk.view(self.book) else { return };
        let Some(mid) = view.mid() else {
            if let Some(micro) = &mut self.micro {
                micro.lose();
            }
            return;
        };
        let mid_price = mid.count() as f64 / 2.0 * self.tick_size;
        if let Some(meter) = &mut self.meter {
            meter.on_mid(mid_price);
        }
        if let Some(recorder) = &mut self.recorder {
            recorder.on_mid(view.time(), mid_price);
            if let Some(fitted) = recorder.fit_if_due(desk.now()) {
                self.quoter.learn(fitted);
            }
        }
        if let Some(micro) = &mut self.micro {
            let [bid, ask] = Side::BOTH.map(|side| {
                view.best(side).map_or(0.0, |level| desk.shown_by_others(self.book, side, level).lots() as f64)
            });
            let spread = match (view.best(Side::Buy), view.best(Side::Sell)) {
                (Some(bid), Some(ask)) => (ask.price - bid.price).count(),
                _ => 1,
            };
            micro.on_touch(desk.now(), [bid, ask], spread, mid);
        }
    }

    fn on_report(&mut self, report: &ExecutionReport, desk: &mut Desk<'_>) {
        match report.kind {
            ExecKind::Trade(fill) => {
                if self.toxicity.fade_ms > 0 {
                    let back = desk.now().after(Nanos::from_millis(self.toxicity.fade_ms));
                    self.faded[fill.side.index()] = back;
                    desk.wake_at(back, 0);
                }
                self.quote(desk);
            }
            ExecKind::New | ExecKind::Replaced { .. } | ExecKind::Canceled(_) | ExecKind::Prevented(_) => {
                self.quote(desk);
            }
            ExecKind::Rejected(_) | ExecKind::CommandRejected(_) | ExecKind::Triggered => {}
        }
    }

    /// Moves both quotes to where they belong now.
    fn quote(&mut self, desk: &mut Desk<'_>) {
        if self.shut_out {
            return;
        }
        let targets = self.targets(desk);
        let bid = targets[Side::Buy.index()];
        let standing =
            |side: Side| desk.working().iter().find(|o| o.book == self.book && o.side == side).and_then(|o| o.price);
        // The quote that moves away goes first, so that the other never meets it.
        let rises = bid.zip(standing(Side::Buy)).is_some_and(|(target, standing)| target.price > standing);
        let order = if rises { [Side::Sell, Side::Buy] } else { Side::BOTH };
        for side in order {
            desk.quote(self.book, side, targets[side.index()]);
        }
    }

    fn targets(&mut self, desk: &Desk<'_>) -> [Option<Quote>; 2] {
        let Some(view) = desk.view(self.book).filter(|view| view.phase() == Phase::Continuous) else {
            return [None; 2];
        };
        let Some(mid) = view.mid() else { return [None; 2] };
        let position = desk.position(self.book.instrument).count();
        let situation = Situation {
            inventory: position as f64 * self.lot_size,
            time: desk.now().to_secs_f64(),
            micro_shift: self.micro.as_ref().map_or(0.0, MicroTracker::shift) * self.tick_size,
        };
        let Some(extra) = self.toxic_widening() else { return [None; 2] };
        let distances = self.quoter.distances(situation).map(|distance| distance.map(|d| d + extra));
        let mid_price = mid.count() as f64 / 2.0 * self.tick_size;
        self.latest = Some(Latest { mid: mid_price, at: situation, widened: extra, distances });
        let prices = self.prices(desk, view, mid, distances);
        Side::BOTH.map(|side| {
            let full = position * side.sign() + self.size.lots() > self.limit_lots;
            let faded = self.faded[side.index()] > desk.now();
            let price = prices[side.index()].filter(|_| !full && !faded)?;
            Some(Quote { price, qty: self.size })
        })
    }

    /// What VPIN adds to each distance, price units; `None`: out of the market.
    fn toxic_widening(&self) -> Option<f64> {
        let ToxicityConfig { vpin, threshold, widen_mult, .. } = self.toxicity;
        let Some(value) = self.meter.as_ref().and_then(ToxicityMeter::value).filter(|value| *value > threshold) else {
            return Some(0.0);
        };
        match vpin {
            VpinAction::Off => Some(0.0),
            VpinAction::Widen => Some(self.half_spread * widen_mult * (value - threshold) / (1.0 - threshold)),
            VpinAction::Pull => None,
        }
    }

    /// Distances as prices on the tick: rounded away from the mid, one tick short of what others show on the other
    /// side, and never meeting each other.
    fn prices(&self, desk: &Desk<'_>, view: &BookView, mid: HalfTicks, distances: Pair) -> [Option<Price>; 2] {
        let mut prices = Side::BOTH.map(|side| {
            let price = rounding::behind(mid, side, distances[side.index()]? / self.tick_size)?;
            let opposite = side.opposite();
            let theirs =
                view.levels(opposite).find(|level| !desk.shown_by_others(self.book, opposite, *level).is_zero());
            let outermost = theirs.and_then(|level| side.more_passive(level.price, Ticks::new(1)));
            Some(outermost.filter(|limit| side.is_better(price, *limit)).unwrap_or(price))
        });
        if let [Some(bid), Some(ask)] = &mut prices
            && bid >= ask
        {
            *ask = *bid + Ticks::new(1);
        }
        // Zero and below are no prices.
        prices.iter_mut().for_each(|price| *price = price.filter(|p| p.ticks() > 0));
        prices
    }
}

impl Strategy for PassiveMm {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Market(data) if data.book == self.book => self.on_market(data, desk),
            Event::Report(report) if report.book == self.book => self.on_report(report, desk),
            Event::Wake(_) => self.quote(desk),
            Event::Refused(refusal) => {
                self.shut_out |= matches!(refusal.reason, RiskReject::KillSwitch | RiskReject::StrategyDisabled);
            }
            Event::Start | Event::Market(_) | Event::News(_) | Event::Report(_) => {}
        }
    }

    fn rationale(&self) -> Vec<Reason> {
        self.reasons()
    }
}

#[cfg(test)]
mod tests;
