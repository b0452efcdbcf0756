//! Recorded sizes in the real book: at each price history has as much as the record shows, and a fill model decides where in the queue
//! that stands when it shrinks.
//!
//! - *A level that grows* grows at the end of its queue, behind us.
//! - *A level that shrinks* by no trade shrinks before or behind our first order there, as the [`FillModel`] says.
//! - *A trade* sends a taker of the recorded size, limited at its price. What history shows at better prices is gone by then, or the trade
//!   would not have printed there; it comes back with the next change of the book that still shows it. The book then decides whom the
//!   taker meets: what stands before us, then us.
//! - *A level that appears through our order* trades with it: the market has moved through our price. So does, under every model, a trade
//!   beyond our price.
//! - *What we took is gone* from its level until the record shows that price empty.
//! - `touch` keeps history behind us at our price; under `through` a taker brings no more than stands before us.

use super::errands::{Errands, Stranger, Strangers};
use super::fill_model::FillModel;
use super::queue::{Cut, LevelQueue, Place};
use super::reduction::{Print, Told};
use hft_core::models::{
    ExecKind, ExecutionReport, Fill, Liquidity, MarketUpdate, OrderId, Price, Qty, Side, Timestamp,
};
use hft_core::trader::Desk;
use std::collections::BTreeMap;

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Levels {
    pub(super) errands: Errands,
    model: FillModel,
    sides: [BTreeMap<Price, LevelQueue>; 2],
    /// Changes of a batch that is not over.
    batch: Vec<(Side, Price, i64)>,
    /// Whether it is over, and waits for a trade that came before it.
    is_whole: bool,
    /// Pieces that were sent since everything was answered last, and their prices.
    sent: Vec<(OrderId, Price)>,
    /// Levels that a trade took out of the way.
    aside: Vec<(Side, Price)>,
    strangers: Strangers,
    opens: Timestamp,
    is_open: bool,
    /// What rounding has left of decreases before us.
    carry: f64,
}

impl Levels {
    pub(super) fn new(errands: Errands, model: FillModel, opens: Timestamp) -> Self {
        Self {
            errands,
            model,
            sides: [BTreeMap::new(), BTreeMap::new()],
            batch: Vec::new(),
            is_whole: false,
            sent: Vec::new(),
            aside: Vec::new(),
            strangers: Strangers::default(),
            opens,
            is_open: opens == Timestamp::START,
            carry: 0.0,
        }
    }

    pub(super) fn apply(&mut self, told: &Told, desk: &mut Desk<'_>) {
        if told.clear {
            self.clear_levels();
        }
        if let Some(print) = told.print
            && self.is_open
        {
            self.trade(print, desk);
        }
        if let Some(touch) = told.touch {
            self.set_touch(touch);
        }
        self.batch.extend(told.levels.iter().map(|&(side, price, qty)| (side, price, qty.lots())));
        if !self.is_open {
            self.collect(told.last && desk.now() > self.opens);
        }
        self.is_whole = told.last && self.is_open;
        if self.errands.is_done() {
            self.flush_whole(desk);
        }
    }

    /// Before the opening levels are known and not shown; then all are shown at once.
    fn collect(&mut self, opens: bool) {
        for (side, price, shown) in self.batch.drain(..) {
            self.sides[side.index()].entry(price).or_default().shown = shown;
        }
        if opens {
            self.is_open = true;
            for side in Side::BOTH {
                self.batch.extend(self.sides[side.index()].iter().map(|(&price, level)| (side, price, level.shown)));
            }
        }
    }

    /// What is left of a level after a trade is known when the trade is over.
    fn flush_whole(&mut self, desk: &mut Desk<'_>) {
        if std::mem::take(&mut self.is_whole) {
            self.flush(desk);
        }
    }

    fn clear_levels(&mut self) {
        self.batch.clear();
        for side in Side::BOTH {
            self.batch.extend(self.sides[side.index()].keys().map(|&price| (side, price, 0)));
        }
    }

    /// The best prices are these: what is better goes, and so does what was quoted before.
    fn set_touch(&mut self, touch: [(Price, Qty); 2]) {
        for (side, (price, qty)) in Side::BOTH.into_iter().zip(touch) {
            let others = self.sides[side.index()].iter().filter(|(other, level)| **other != price && level.shown > 0);
            self.batch.extend(others.map(|(&other, _)| (side, other, 0)));
            if qty.is_positive() {
                self.batch.push((side, price, qty.lots()));
            }
        }
    }

    /// Shrinks first, then growth: within one batch a price may change sides.
    fn flush(&mut self, desk: &mut Desk<'_>) {
        let mut batch = std::mem::take(&mut self.batch);
        for (side, price) in std::mem::take(&mut self.aside) {
            let shown = self.sides[side.index()].get(&price).map_or(0, |level| level.shown);
            if !batch.iter().any(|(s, p, _)| (*s, *p) == (side, price)) {
                batch.push((side, price, shown));
            }
        }
        for &(side, price, shown) in &batch {
            self.show(side, price, shown, desk);
        }
        for (side, price, _) in batch.drain(..) {
            self.grow(side, price, desk);
        }
        self.batch = batch;
    }

    /// The record shows this now: shrinks to it.
    fn show(&mut self, side: Side, price: Price, shown: i64, desk: &mut Desk<'_>) {
        let model = self.model;
        let levels = &mut self.sides[side.index()];
        if shown == 0 && !levels.contains_key(&price) {
            return;
        }
        let level = levels.entry(price).or_default();
        level.shown = shown;
        level.taken = level.taken.min(shown);
        self.errands.tally.clipped += u64::from(level.taken > 0);
        let shrinks = level.own() - level.target();
        if shrinks > 0 {
            let (front, back) = level.around_stranger();
            let front_share = if level.has_stranger() { 1.0 - model.behind(front, back) } else { 0.0 };
            let before = whole(&mut self.carry, front_share, shrinks).min(shrinks);
            let cuts = level.cut(before, shrinks - before);
            self.resize(&cuts, desk);
        }
        self.tidy(side, price);
    }

    /// Grows to what the record shows.
    fn grow(&mut self, side: Side, price: Price, desk: &mut Desk<'_>) {
        let Some(level) = self.sides[side.index()].get_mut(&price) else { return };
        let by = level.target() - level.own();
        if by <= 0 {
            return;
        }
        match level.places.last_mut() {
            // Nobody stands behind it, so losing its place costs nothing.
            Some(last) if !last.is_stranger => {
                last.lots += by;
                let (id, lots) = (last.id, last.lots);
                self.errands.amend(desk, id, None, Qty::new(lots));
            }
            _ => {
                let id = self.errands.rest(desk, side, price, Qty::new(by));
                level.places.push(Place { id, lots: by, is_stranger: false });
                self.sent.push((id, price));
            }
        }
    }

    fn resize(&mut self, cuts: &[Cut], desk: &mut Desk<'_>) {
        for &Cut { id, left } in cuts {
            if left > 0 {
                self.errands.amend(desk, id, None, Qty::new(left));
            } else {
                self.errands.cancel(desk, id);
            }
        }
    }

    /// Forgets a price at which nothing is.
    fn tidy(&mut self, side: Side, price: Price) {
        let levels = &mut self.sides[side.index()];
        if levels.get(&price).is_some_and(|level| level.shown == 0 && level.places.is_empty()) {
            levels.remove(&price);
        }
    }

    fn trade(&mut self, print: Print, desk: &mut Desk<'_>) {
        let Print { price, qty, aggressor } = print;
        let passive = aggressor.opposite();
        let better: Vec<Price> = match passive {
            Side::Buy => self.sides[0].range(price..).map(|(&p, _)| p).filter(|p| *p != price).collect(),
            Side::Sell => self.sides[1].range(..price).map(|(&p, _)| p).collect(),
        };
        for at in better {
            let level = self.sides[passive.index()].get_mut(&at).expect("it was just listed");
            let all = level.own();
            if all > 0 {
                let cuts = level.cut(0, all);
                self.resize(&cuts, desk);
                self.aside.push((passive, at));
            }
        }
        let qty = if self.model == FillModel::Through { self.before_us(passive, price, qty) } else { qty };
        if qty.is_positive() {
            self.errands.take(desk, aggressor, price, qty);
        }
    }

    /// What a taker may bring so that it meets strangers at better prices, and at its own nobody behind history's front.
    fn before_us(&self, passive: Side, price: Price, qty: Qty) -> Qty {
        let levels = &self.sides[passive.index()];
        let Some(level) = levels.get(&price).filter(|level| level.has_stranger()) else { return qty };
        let better = self.strangers.within(passive, price).filter(|stranger| stranger.price != price);
        let lots_of = |stranger: &Stranger| {
            let places = levels.get(&stranger.price).into_iter().flat_map(|level| &level.places);
            places.filter(|place| place.id == stranger.id).map(|place| place.lots).sum::<i64>()
        };
        let (front, _) = level.around_stranger();
        qty.min(Qty::new(front + better.map(lots_of).sum::<i64>()))
    }

    /// Everything was answered.
    pub(super) fn settle(&mut self, desk: &mut Desk<'_>) {
        let strangers: Vec<_> = self.errands.strangers().map(|hit| (hit.side, hit.price, hit.qty)).collect();
        for (side, price, qty) in strangers {
            if let Some(level) = self.sides[side.index()].get_mut(&price) {
                level.taken += qty.lots();
            }
        }
        self.errands.own_hits();
        self.sent.clear();
        self.flush_whole(desk);
    }

    pub(super) fn on_report(&mut self, report: &ExecutionReport) {
        self.errands.on_report(report);
        match report.kind {
            ExecKind::Trade(fill) => self.on_traded(report.order, &fill),
            ExecKind::Rejected(_) => {
                self.sides.iter_mut().flat_map(BTreeMap::values_mut).for_each(|level| level.remove(report.order));
            }
            ExecKind::New
            | ExecKind::Canceled(_)
            | ExecKind::Replaced { .. }
            | ExecKind::CommandRejected(_)
            | ExecKind::Triggered
            | ExecKind::Prevented(_) => {}
        }
    }

    /// A piece was traded: it stands at its own price, which for one that came is not that of the trade.
    fn on_traded(&mut self, id: OrderId, &Fill { side, qty, price: traded_at, liquidity, .. }: &Fill) {
        let came = self.sent.iter().find(|(sent, _)| *sent == id).map(|(_, price)| *price);
        let at = if liquidity == Liquidity::Taker { came } else { Some(traded_at) };
        if let Some(price) = at
            && let Some(level) = self.sides[side.index()].get_mut(&price)
        {
            level.traded(id, qty.lots());
            self.tidy(side, price);
        }
    }

    pub(super) fn on_market(&mut self, update: MarketUpdate, desk: &mut Desk<'_>) {
        match update {
            MarketUpdate::OrderAdded { id, side, price, qty } => {
                self.stranger_left(id);
                self.strangers.came(Stranger { id, side, price });
                let place = Place { id, lots: qty.lots(), is_stranger: true };
                let level = self.sides[side.index()].entry(price).or_default();
                level.places.push(place);
                if self.model == FillModel::Touch {
                    self.step_behind(side, price, desk);
                }
            }
            MarketUpdate::OrderReduced { id, qty } if qty.is_zero() => self.stranger_left(id),
            MarketUpdate::OrderReduced { id, qty } => {
                if let Some(Stranger { side, price, .. }) = self.strangers.find(id)
                    && let Some(level) = self.sides[side.index()].get_mut(&price)
                    && let Some(place) = level.places.iter_mut().find(|place| place.id == id)
                {
                    place.lots = qty.lots();
                }
            }
            MarketUpdate::Top(_)
            | MarketUpdate::Level { .. }
            | MarketUpdate::Clear
            | MarketUpdate::Trade { .. }
            | MarketUpdate::Phase(_) => {}
        }
    }

    fn stranger_left(&mut self, id: OrderId) {
        if let Some(Stranger { side, price, .. }) = self.strangers.left(id) {
            if let Some(level) = self.sides[side.index()].get_mut(&price) {
                level.remove(id);
            }
            self.tidy(side, price);
        }
    }

    /// History's size at a price goes to the end of the queue.
    fn step_behind(&mut self, side: Side, price: Price, desk: &mut Desk<'_>) {
        let level = self.sides[side.index()].get_mut(&price).expect("a stranger stands there");
        let all = level.own();
        if all > 0 {
            let cuts = level.cut(0, all);
            self.resize(&cuts, desk);
            let id = self.errands.rest(desk, side, price, Qty::new(all));
            let level = self.sides[side.index()].get_mut(&price).expect("a stranger stands there");
            level.places.push(Place { id, lots: all, is_stranger: false });
            self.sent.push((id, price));
        }
    }
}

/// Whole lots of a share, so that what is rounded off is not lost: the next time it counts.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a share of a size is no larger than it"
)]
fn whole(carry: &mut f64, share: f64, of: i64) -> i64 {
    if share <= 0.0 {
        return 0;
    }
    let exact = share * of as f64 + *carry;
    let lots = exact.floor().max(0.0);
    *carry = exact - lots;
    lots as i64
}
