//! Competing makers: they quote both sides around their view of the midpoint, lean against their position, and fade a side
//! on which they were just hit.

use crate::models::{BookId, ExecKind, HalfTicks, Nanos, Qty, Quote, Side, Ticks, Timestamp};
use crate::trader::{Desk, Event, Strategy};
use serde::{Deserialize, Serialize};

/// How a competing maker quotes.
///
/// Example: [`CrowdConfig`](super::CrowdConfig).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MakerConfig {
    /// Distance of each quote from its midpoint, in ticks.
    pub half_spread: i64,
    /// Size of each quote, in lots.
    pub size: i64,
    /// It quotes no more than this many lots away from flat.
    pub inventory_limit: i64,
    /// How long a side stays away after a fill on it, in ms.
    pub fade_ms: u64,
}

impl Default for MakerConfig {
    fn default() -> Self {
        Self { half_spread: 3, size: 5, inventory_limit: 60, fade_ms: 250 }
    }
}

/// One competing maker in one book.
///
/// Example: [`CrowdConfig`](super::CrowdConfig).
#[derive(Debug)]
pub struct CompetingMaker {
    config: MakerConfig,
    book: BookId,
    /// Until when each side stays away.
    faded: [Timestamp; 2],
}

impl CompetingMaker {
    /// A maker that quotes from the first midpoint it sees.
    pub const fn new(config: MakerConfig, book: BookId) -> Self {
        Self { config, book, faded: [Timestamp::START; 2] }
    }

    fn quote(&self, desk: &mut Desk<'_>) {
        let Some(mid) = desk.view(self.book).and_then(|view| view.mid()) else { return };
        let position = desk.position(self.book.instrument).count();
        // One tick of lean per third of the limit: inventory is sold by being cheaper, not by paying the spread.
        let lean = position * 3 / self.config.inventory_limit.max(1);
        for side in Side::BOTH {
            let away = self.faded[side.index()] > desk.now();
            let full = position * side.sign() >= self.config.inventory_limit;
            let reservation = HalfTicks::new(mid.count() - i128::from(lean) * 2);
            let touch = side.round_passive(reservation);
            let price = side.more_passive(touch, Ticks::new(self.config.half_spread));
            let target = price.filter(|_| !away && !full).map(|price| Quote { price, qty: Qty::new(self.config.size) });
            desk.quote(self.book, side, target);
        }
    }
}

impl Strategy for CompetingMaker {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        if let Event::Report(report) = event
            && let ExecKind::Trade(fill) = report.kind
        {
            let back = desk.now() + Nanos::from_millis(self.config.fade_ms);
            self.faded[fill.side.index()] = back;
            desk.wake_at(back, 0);
        }
        // To repeat at once what was just refused would be to argue: the next news of the market is soon enough.
        let refused = match event {
            Event::Refused(_) => true,
            Event::Report(report) => matches!(report.kind, ExecKind::Rejected(_) | ExecKind::CommandRejected(_)),
            Event::Start | Event::Wake(_) | Event::Market(_) | Event::News(_) => false,
        };
        if !refused {
            self.quote(desk);
        }
    }
}
