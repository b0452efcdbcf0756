//! A maker at a lagging exchange: quotes around the leader's midpoint, and moves when that has moved.
//!
//! It is late by its latency to both exchanges, and in that time its quotes are anybody's. Its only defence is to be fast.

use super::Pair;
use hft_core::models::{HalfTicks, Phase, Qty, Quote, Side, Ticks};
use hft_core::trader::{Desk, Event, Reason, Strategy};

/// See the module's documentation.
#[derive(Debug)]
pub struct Follower {
    pair: Pair,
    half_spread: Ticks,
    size: Qty,
    /// How far the midpoint may move, half ticks, before it quotes anew.
    tolerance: i128,
    /// The position that no fill may pass, lots.
    limit: i64,
    /// The midpoint that it quotes around.
    centre: Option<HalfTicks>,
}

impl Follower {
    /// A maker of the lagging book.
    pub const fn new(pair: Pair, half_spread: Ticks, size: Qty, tolerance: Ticks, limit: i64) -> Self {
        let tolerance = tolerance.count() as i128 * 2;
        Self { pair, half_spread, size, tolerance, limit, centre: None }
    }

    fn follow(&mut self, desk: &Desk<'_>) {
        let Some(mid) = desk.view(self.pair.leader).and_then(hft_core::trader::BookView::mid) else { return };
        let moved = self.centre.is_none_or(|centre| (mid.count() - centre.count()).abs() > self.tolerance);
        if moved {
            self.centre = Some(mid);
        }
    }

    fn quote(&self, desk: &mut Desk<'_>) {
        let Some(centre) = self.centre else { return };
        if desk.view(self.pair.lagging).is_some_and(|view| view.phase() == Phase::Halt) {
            return;
        }
        let position = desk.position(self.pair.lagging.instrument).count();
        // One tick for each third of the limit: what it holds is sold by being cheaper.
        let lean = i128::from(position * 3 / self.limit.max(1));
        for side in Side::BOTH {
            let reservation = HalfTicks::new(centre.count() - lean * 2);
            let full = position * side.sign() + self.size.lots() > self.limit;
            let price = side.more_passive(side.round_passive(reservation), self.half_spread).filter(|_| !full);
            desk.quote(self.pair.lagging, side, price.map(|price| Quote { price, qty: self.size }));
        }
    }
}

impl Strategy for Follower {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Market(data) if data.book == self.pair.leader => self.follow(desk),
            // What was just refused would be refused again.
            Event::Refused(_) => return,
            Event::Report(report) if matches!(report.kind, hft_core::models::ExecKind::Rejected(_)) => return,
            Event::Market(_) | Event::Report(_) | Event::Start | Event::Wake(_) | Event::News(_) => {}
        }
        self.quote(desk);
    }

    fn rationale(&self) -> Vec<Reason> {
        let centre = self.centre.map(|centre| centre.count() as f64 / 2.0);
        let half = self.half_spread.count() as f64;
        let reasons =
            centre.map(|value| Reason { name: "leader's midpoint, when last followed", value, unit: "ticks" });
        reasons.into_iter().chain([Reason { name: "half spread", value: half, unit: "ticks" }]).collect()
    }
}
