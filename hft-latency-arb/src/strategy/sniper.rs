//! The sniper: takes what stands at a lagging exchange on the wrong side of the fair price.
//!
//! On every news of either book it asks for the fair price and, on each side, for what others show there. A quote that is off by its fee
//! and `min_edge` is taken, as far as the limit allows, one take at a time. What it then holds it gives back passively at the lagging
//! exchange or, after `hold_ms`, to whoever stands there; with two legs, to the leader, at once and for as long as it takes.
//!
//! A take that came too late is followed by `cooldown_us` of silence. When the gate says that the account is killed or the strategy
//! disabled, it is silent for the rest of the run.

use super::{Pair, Signal, Taking, others_at_best, take};
use crate::config::LatencyArbConfig;
use hft_core::models::{ExecKind, ExecutionReport, HalfTicks, Nanos, OrderId, Price, Qty, Quote, Side, Timestamp};
use hft_core::risk::RiskReject;
use hft_core::trader::{Desk, Event, Reason, Strategy};

/// What becomes of a position.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Rests at the lagging exchange, and takes there when time is up.
    Lagging,
    /// Takes at the leader.
    Leader,
}

/// What a sniper is made of.
#[derive(Clone, Debug)]
pub struct SniperParts<'a> {
    /// Its knobs.
    pub config: &'a LatencyArbConfig,
    /// Where it races.
    pub pair: Pair,
    /// How it leaves.
    pub exit: Exit,
    /// How something is taken at the lagging exchange, and how long an order waits for a batch.
    pub taking: (Taking, Nanos),
    /// One tick in price units.
    pub tick_size: f64,
    /// The largest order, lots.
    pub size: i64,
    /// The position that no fill may pass, lots.
    pub limit: i64,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Sniper {
    pair: Pair,
    exit: Exit,
    taking: Taking,
    patience: Nanos,
    size: i64,
    limit: i64,
    /// Ticks.
    min_edge: f64,
    /// Shares of the price.
    fee: f64,
    leader_fee: f64,
    hold: Nanos,
    cooldown: Nanos,
    signal: Signal,
    /// The order that is on its way to take something.
    taker: Option<OrderId>,
    quiet_until: Timestamp,
    /// When the position has to be gone.
    leave_at: Option<Timestamp>,
    is_shut_out: bool,
    latest: Option<Latest>,
}

/// The numbers of the latest take.
#[derive(Clone, Copy, Debug)]
struct Latest {
    fair: f64,
    price: f64,
    edge: f64,
}

/// An order that waits for a batch is taken away.
const PATIENCE_ENDS: u32 = 1;
/// A position has waited long enough, or a cooldown is over.
const LOOK_AGAIN: u32 = 0;

impl Sniper {
    /// A sniper between two books.
    pub fn new(parts: SniperParts<'_>) -> Self {
        let SniperParts { config, pair, exit, taking: (taking, patience), tick_size, size, limit } = parts;
        Self {
            pair,
            exit,
            taking,
            patience,
            size,
            limit,
            min_edge: config.min_edge / tick_size,
            fee: config.venue.taker_bp / 1e4,
            leader_fee: config.venue.leader_taker_bp / 1e4,
            hold: Nanos::from_millis(config.hold_ms),
            cooldown: Nanos::from_micros(config.cooldown_us),
            signal: Signal::new(config.signal),
            taker: None,
            quiet_until: Timestamp::START,
            leave_at: None,
            is_shut_out: false,
            latest: None,
        }
    }

    fn act(&mut self, desk: &mut Desk<'_>) {
        if self.is_shut_out || self.taker.is_some() {
            return;
        }
        let position = desk.position(self.pair.lagging.instrument).count();
        if desk.now() >= self.quiet_until && self.snipe(desk, position) {
            return;
        }
        match self.exit {
            Exit::Lagging => self.leave(desk, position),
            Exit::Leader => self.second_leg(desk, position),
        }
    }

    /// Takes a stale quote, if there is one.
    fn snipe(&mut self, desk: &mut Desk<'_>, position: i64) -> bool {
        let Some(leader) = desk.view(self.pair.leader) else { return false };
        let Some(fair) = self.signal.fair(leader) else { return false };
        for side in Side::BOTH {
            // What it would be worth: the fair price, or with two legs what the leader pays at once.
            let worth = match self.exit {
                Exit::Lagging => Some(fair),
                Exit::Leader => leader.best(side).map(|quote| {
                    let price = quote.price.ticks() as f64;
                    price - side.sign() as f64 * price * self.leader_fee
                }),
            };
            let room = self.limit - position * side.sign();
            let stale = others_at_best(desk, self.pair.lagging, side.opposite());
            let (Some(worth), Some((price, shown))) = (worth, stale) else { continue };
            let ticks = price.ticks() as f64;
            let edge = (worth - ticks) * side.sign() as f64 - ticks * self.fee;
            let qty = shown.lots().min(self.size).min(room);
            if edge < self.min_edge || qty <= 0 {
                continue;
            }
            self.latest = Some(Latest { fair, price: ticks, edge });
            // In an auction it says what the thing is worth to it; competition decides the price.
            let limit = match self.taking {
                Taking::Immediate => price,
                Taking::InTheBatch => self.worth_in_a_batch(worth, side),
            };
            self.take(desk, side, limit, Qty::new(qty));
            return true;
        }
        false
    }

    /// Sends an order to the lagging exchange that means to trade; in a batch it waits for that batch alone.
    fn take(&mut self, desk: &mut Desk<'_>, side: Side, limit: Price, qty: Qty) {
        self.taker = Some(take(desk, self.taking, self.pair.lagging, side, limit, qty));
        if self.taking == Taking::InTheBatch {
            desk.wake_at(desk.now().after(self.patience), PATIENCE_ENDS);
        }
    }

    fn worth_in_a_batch(&self, worth: f64, side: Side) -> Price {
        let most = worth * (1.0 - side.sign() as f64 * self.fee) - side.sign() as f64 * self.min_edge;
        #[allow(clippy::cast_possible_truncation, reason = "`as` saturates")]
        let half_ticks = libm::floor(most * 2.0) as i128;
        side.round_passive(HalfTicks::new(half_ticks))
    }

    /// Gives a position back at the lagging exchange: to whoever comes, and in the end to whoever stands there.
    fn leave(&mut self, desk: &mut Desk<'_>, position: i64) {
        let book = self.pair.lagging;
        let out = if position > 0 { Side::Sell } else { Side::Buy };
        desk.quote(book, out.opposite(), None);
        if position == 0 {
            self.leave_at = None;
            desk.quote(book, out, None);
            return;
        }
        let leave_at = *self.leave_at.get_or_insert_with(|| desk.now().after(self.hold));
        let qty = Qty::new(position.abs());
        if desk.now() >= leave_at {
            desk.quote(book, out, None);
            if let Some((price, _)) = others_at_best(desk, book, out.opposite()) {
                self.take(desk, out, price, qty);
            }
            return;
        }
        desk.wake_at(leave_at, LOOK_AGAIN);
        // At the touch, but never worse than what the thing is worth.
        let fair = desk.view(self.pair.leader).and_then(|leader| self.signal.fair(leader));
        let touch = others_at_best(desk, book, out).map(|(price, _)| price);
        let Some(touch) = touch else { return };
        #[allow(clippy::cast_possible_truncation, reason = "`as` saturates")]
        let worth = fair.map(|fair| out.round_passive(HalfTicks::new(libm::round(fair * 2.0) as i128)));
        let price = worth.filter(|worth| out.is_better(touch, *worth)).unwrap_or(touch);
        desk.quote(book, out, Some(Quote { price, qty }));
    }

    /// Trades the other way at the leader, at whatever stands there.
    fn second_leg(&mut self, desk: &mut Desk<'_>, position: i64) {
        if position == 0 {
            return;
        }
        let out = if position > 0 { Side::Sell } else { Side::Buy };
        if let Some((price, shown)) = others_at_best(desk, self.pair.leader, out.opposite()) {
            let qty = Qty::new(position.abs().min(shown.lots()));
            self.taker = Some(take(desk, Taking::Immediate, self.pair.leader, out, price, qty));
        }
    }

    fn on_report(&mut self, report: &ExecutionReport, desk: &mut Desk<'_>) {
        if self.taker != Some(report.order) {
            return;
        }
        if let ExecKind::Trade(_) = report.kind {
            self.leave_at = Some(desk.now().after(self.hold));
        }
        if report.is_terminal() {
            self.taker = None;
            if report.filled.is_zero() {
                self.quiet_until = desk.now().after(self.cooldown);
                desk.wake_at(self.quiet_until, LOOK_AGAIN);
            }
        }
    }
}

impl Strategy for Sniper {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Market(data) => {
                let Some(view) = desk.view(data.book) else { return };
                if data.book == self.pair.leader {
                    self.signal.see_leader(desk.now(), view);
                } else if data.book == self.pair.lagging {
                    self.signal.see_lagging(desk.now(), view);
                }
            }
            Event::Report(report) => self.on_report(report, desk),
            Event::Wake(PATIENCE_ENDS) => {
                if let Some(id) = self.taker {
                    // It may have traded in the meantime, which its report will tell.
                    let _ = desk.cancel(id);
                }
                return;
            }
            Event::Refused(refusal) => {
                self.is_shut_out |= matches!(refusal.reason, RiskReject::KillSwitch | RiskReject::StrategyDisabled);
                if refusal.command.order_id() == self.taker {
                    self.taker = None;
                    self.quiet_until = desk.now().after(self.cooldown);
                }
                return;
            }
            Event::Start | Event::Wake(_) | Event::News(_) => {}
        }
        self.act(desk);
    }

    fn rationale(&self) -> Vec<Reason> {
        let reason = |name, value, unit| Reason { name, value, unit };
        let mut reasons = Vec::new();
        if let Some((lag, ratio)) = self.signal.lead() {
            reasons.push(reason("the leader leads by", lag as f64 / 1e3, "us"));
            reasons.push(reason("lead-lag ratio", ratio, ""));
        }
        reasons.push(reason("usual difference to the leader", self.signal.basis(), "ticks"));
        if let Some(Latest { fair, price, edge }) = self.latest {
            reasons.push(reason("fair price, at the latest take", fair, "ticks"));
            reasons.push(reason("what stood there then", price, "ticks"));
            reasons.push(reason("which was worth more than it cost by, fees paid", edge, "ticks"));
        }
        reasons
    }
}
