//! A fast maker: as large on both sides as a display is on one, and as busy, because the market moves and not because somebody should look.
//!
//! Every change of the midpoint moves both quotes. The news-wary kind takes both out at a sudden move and comes back a fifth of a second
//! later: what it cancels then is large, sudden, and honest.

use super::seen_mid;
use hft_core::models::{BookId, ExecKind, HalfTicks, Nanos, Qty, Quote, Side, Ticks, Timestamp};
use hft_core::trader::{Desk, Event, Reason, Strategy};

/// How long a move is remembered.
const SUDDEN: Nanos = Nanos::from_millis(100);
/// How long it stays away.
const AWAY: Nanos = Nanos::from_millis(200);

/// What it quotes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FastMakerConfig {
    /// Distance of each quote from the midpoint.
    pub half_spread: Ticks,
    /// Size of each.
    pub size: Qty,
    /// Position, lots, at which it quotes one side only.
    pub limit: i64,
    /// A move of so much within a tenth of a second makes it take out everything, if it is of that kind.
    pub alarm: Option<Ticks>,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct FastMaker {
    config: FastMakerConfig,
    book: BookId,
    /// A midpoint of up to a tenth of a second ago, half ticks.
    before: Option<(Timestamp, i64)>,
    away_until: Timestamp,
    centre: Option<i64>,
}

impl FastMaker {
    /// It quotes from the first midpoint that it sees.
    pub const fn new(config: FastMakerConfig, book: BookId) -> Self {
        Self { config, book, before: None, away_until: Timestamp::START, centre: None }
    }

    fn look_out(&mut self, desk: &mut Desk<'_>, mid: i64) {
        let Some(alarm) = self.config.alarm else { return };
        let (at, before) = *self.before.get_or_insert((desk.now(), mid));
        if (mid - before).abs() >= 2 * alarm.count() {
            self.away_until = desk.now().after(AWAY);
            desk.wake_at(self.away_until, 0);
        }
        if at.after(SUDDEN) < desk.now() || desk.now() < self.away_until {
            self.before = Some((desk.now(), mid));
        }
    }

    fn quote(&mut self, desk: &mut Desk<'_>) {
        let Some(mid) = seen_mid(desk, self.book) else { return };
        self.look_out(desk, mid);
        let position = desk.position(self.book.instrument).count();
        let is_away = desk.now() < self.away_until;
        // One tick of lean per third of the limit.
        let lean = position * 3 / self.config.limit.max(1);
        let centre = mid - 2 * lean;
        self.centre = Some(centre);
        for side in Side::BOTH {
            let is_full = position * side.sign() + self.config.size.lots() > self.config.limit;
            let touch = side.round_passive(HalfTicks::new(i128::from(centre)));
            let price = side.more_passive(touch, self.config.half_spread).filter(|_| !is_away && !is_full);
            desk.quote(self.book, side, price.map(|price| Quote { price, qty: self.config.size }));
        }
    }
}

impl Strategy for FastMaker {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        // What was just refused would be refused again.
        let is_refusal = match event {
            Event::Refused(_) => true,
            Event::Report(report) => matches!(report.kind, ExecKind::Rejected(_) | ExecKind::CommandRejected(_)),
            Event::Start | Event::Wake(_) | Event::Market(_) | Event::News(_) => false,
        };
        if !is_refusal {
            self.quote(desk);
        }
    }

    fn rationale(&self) -> Vec<Reason> {
        let centre = self.centre.map(|centre| centre as f64 / 2.0);
        let half = self.config.half_spread.count() as f64;
        let centre = centre.map(|value| Reason { name: "centre of its quotes", value, unit: "ticks" });
        centre.into_iter().chain([Reason { name: "half spread", value: half, unit: "ticks" }]).collect()
    }
}
