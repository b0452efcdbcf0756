//! Wary makers: they quote both sides, lean against their position, and when they are picked off cancel everything, stay away, and come
//! back wider.
//!
//! Picked off is a fill after which the midpoint went through it: within [`WATCH`], by more than the spread it earned. A headline is a
//! warning of the same kind, for one who does not know what it says. What is added to the spread decays by half every [`CALM`].

use crate::models::{BookId, ExecKind, HalfTicks, Nanos, Qty, Quote, Side, Ticks, Timestamp};
use crate::trader::{Desk, Event, Strategy};
use std::collections::VecDeque;

/// How long a fill is watched for what comes after it.
const WATCH: Nanos = Nanos::from_millis(500);
/// In this time half of what was added to the spread is gone.
const CALM: Nanos = Nanos::from_secs(2);
/// How many fills are watched at once.
const WATCHED_MAX: usize = 64;

/// How a wary maker quotes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct WaryConfig {
    /// Distance of each quote from its midpoint when calm, ticks.
    pub(super) half_spread: f64,
    /// Size of each quote, lots.
    pub(super) size: i64,
    /// It quotes no more than this many lots away from flat.
    pub(super) limit: i64,
    /// How long it stays away when it was picked off or warned.
    pub(super) away: Nanos,
    /// What being picked off adds to the half spread, ticks; at most eight times that stands.
    pub(super) widening: f64,
}

/// One maker in one book.
#[derive(Debug)]
pub(super) struct WaryMaker {
    config: WaryConfig,
    book: BookId,
    back: Timestamp,
    /// What is added to the half spread, ticks, as of when.
    added: f64,
    as_of: Timestamp,
    /// Fills that are watched: when, which side, at what price.
    fills: VecDeque<(Timestamp, Side, HalfTicks)>,
}

impl WaryMaker {
    pub(super) fn new(config: WaryConfig, book: BookId) -> Self {
        let (back, as_of) = (Timestamp::START, Timestamp::START);
        Self { config, book, back, added: 0.0, as_of, fills: VecDeque::new() }
    }

    fn calm(&mut self, now: Timestamp) -> f64 {
        let halvings = now.since(self.as_of).to_secs_f64() / CALM.to_secs_f64();
        (self.added, self.as_of) = (self.added * libm::exp2(-halvings), now);
        self.added
    }

    fn warned(&mut self, desk: &mut Desk<'_>) {
        let now = desk.now();
        self.added = (self.calm(now) + self.config.widening).min(8.0 * self.config.widening);
        self.back = now + self.config.away;
        self.fills.clear();
        desk.wake_at(self.back, 0);
    }

    /// Whether the midpoint went through a fill by more than the spread that it earned.
    #[allow(clippy::cast_possible_truncation, reason = "ticks")]
    fn is_picked_off(&mut self, now: Timestamp, mid: HalfTicks) -> bool {
        while self.fills.front().is_some_and(|(time, ..)| now.since(*time) > WATCH) {
            self.fills.pop_front();
        }
        let earned = i128::from((2.0 * self.config.half_spread) as i64);
        self.fills.iter().any(|(_, side, price)| (*price - mid).count() * i128::from(side.sign()) > earned)
    }

    fn quote(&mut self, desk: &mut Desk<'_>) {
        let now = desk.now();
        let mid = desk.view(self.book).and_then(|view| view.mid());
        if mid.is_some_and(|mid| self.is_picked_off(now, mid)) {
            self.warned(desk);
        }
        let position = desk.position(self.book.instrument).count();
        #[allow(clippy::cast_possible_truncation, reason = "ticks")]
        let away = Ticks::new(libm::round(self.config.half_spread + self.calm(now)).max(1.0) as i64);
        #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "ticks")]
        let lean = (position as f64 / self.config.limit.max(1) as f64 * 2.0 * self.config.half_spread) as i64;
        for side in Side::BOTH {
            let open = self.back <= now && position * side.sign() < self.config.limit;
            let price = mid.filter(|_| open).and_then(|mid| {
                let reservation = HalfTicks::new(mid.count() - i128::from(lean));
                side.more_passive(side.round_passive(reservation), away)
            });
            desk.quote(self.book, side, price.map(|price| Quote { price, qty: Qty::new(self.config.size) }));
        }
    }
}

impl Strategy for WaryMaker {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Report(report) => match report.kind {
                ExecKind::Trade(fill) => {
                    if self.fills.len() == WATCHED_MAX {
                        self.fills.pop_front();
                    }
                    self.fills.push_back((desk.now(), fill.side, fill.price.half_ticks()));
                }
                // To repeat at once what was just refused would be to argue.
                ExecKind::Rejected(_) | ExecKind::CommandRejected(_) => return,
                ExecKind::New
                | ExecKind::Replaced { .. }
                | ExecKind::Canceled(_)
                | ExecKind::Triggered
                | ExecKind::Prevented(_) => {}
            },
            Event::News(_) => self.warned(desk),
            Event::Refused(_) => return,
            Event::Start | Event::Wake(_) | Event::Market(_) => {}
        }
        self.quote(desk);
    }
}
