//! The reader that trades: a headline, a reading, an expectation, an order.
//!
//! One headline is read at a time. When its reading is done the trader asks what is left of the surprise, `z c n 2^(-age / h)` (size, sureness
//! of the direction, novelty), from the midpoint at which it *received* the headline: what others have done since is no longer there to be
//! had. It takes, up to a limit that still leaves the edge; or rests at the touch, where the spread costs more than waiting; or does nothing.
//!
//! It leaves when the price has come to where it should be, after some half-lives, or at once on news the other way, denials
//! included. What it cannot read, or has read before, or is not sure of, it does not trade on. While a halt is on, it does not trade.

use super::place::{Place, Plan};
use crate::reader::{Pipeline, Reading, Unreadable};
use crate::tape::{Direction, EventKind, Wire, left};
use hft_core::models::{BookId, HalfTicks, Nanos, News, Price, Side, Timestamp};
use hft_core::risk::RiskReject;
use hft_core::trader::{Desk, Event, Reason, Strategy};
use std::collections::VecDeque;

/// What a trader goes by: distances in ticks, sizes in lots.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rules {
    /// How long a headline takes to read.
    pub read: Nanos,
    /// The largest order.
    pub size: i64,
    /// The position that no fill may pass.
    pub limit: i64,
    /// The share of the depth that is taken at most.
    pub depth_share: f64,
    /// How sure a reading must be.
    pub min_confidence: f64,
    /// What must be left after fees.
    pub min_edge: f64,
    /// Of a surprise.
    pub half_life: Nanos,
    /// How long a position is held.
    pub hold: Nanos,
    /// How long an entry may rest.
    pub passive: Nanos,
    /// Charged to who takes, and to who rests, as shares of the price.
    pub fees: [f64; 2],
}

/// What a trader is made of.
#[derive(Debug)]
pub struct TraderParts {
    /// What it goes by.
    pub rules: Rules,
    /// What is published.
    pub wire: Wire,
    /// How it reads.
    pub pipeline: Pipeline,
    /// The books, each with the company that it is of.
    pub books: Vec<(BookId, usize)>,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct NewsTrader {
    rules: Rules,
    wire: Wire,
    pipeline: Pipeline,
    places: Vec<Place>,
    queue: VecDeque<Waiting>,
    is_shut_out: bool,
    latest: Option<Latest>,
}

/// A headline that is being read.
#[derive(Clone, Debug)]
struct Waiting {
    item: u32,
    received: Timestamp,
    published: Timestamp,
    done: Timestamp,
    /// The midpoints when it came, ticks.
    mids: Vec<Option<f64>>,
}

/// The numbers behind the latest order.
#[derive(Clone, Copy, Debug)]
struct Latest {
    expected: f64,
    confidence: f64,
    age: Nanos,
    edge: f64,
}

/// A size of which a full order is sent; less is traded on less, ticks.
const FULL: f64 = 20.0;

/// How often an order that rests is filled before it is taken away, about.
const FILLED: f64 = 0.5;

/// Headlines that wait to be read at most; later ones are not read.
const QUEUE_MAX: usize = 10_000;

/// A headline has been read, a position's or an order's time has come.
const LOOK: u32 = 0;

impl NewsTrader {
    /// A trader that has read nothing yet.
    pub fn new(parts: TraderParts) -> Self {
        let TraderParts { rules, wire, pipeline, books } = parts;
        let places = books.into_iter().map(|(book, company)| Place::new(book, company)).collect();
        Self { rules, wire, pipeline, places, queue: VecDeque::new(), is_shut_out: false, latest: None }
    }

    fn hear(&mut self, item: u32, published: Timestamp, desk: &mut Desk<'_>) {
        if self.queue.len() == QUEUE_MAX {
            return;
        }
        let received = desk.now();
        let started = self.queue.back().map_or(received, |waiting| waiting.done.max(received));
        let done = started.after(self.rules.read);
        let mids = self.places.iter().map(|place| place.mid(desk)).collect();
        self.queue.push_back(Waiting { item, received, published, done, mids });
        desk.wake_at(done, LOOK);
    }

    fn read(&mut self, desk: &mut Desk<'_>) {
        while let Some(waiting) = self.queue.pop_front_if(|waiting| waiting.done <= desk.now()) {
            let Some(item) = self.wire.item(waiting.item) else { continue };
            let truth = item.label.as_ref().map(|label| (waiting.item, label));
            let reading: Result<Reading, Unreadable> =
                self.pipeline.read(waiting.received, item.text.as_bytes(), truth);
            if let Ok(reading) = reading {
                self.act(&reading, &waiting, desk);
            }
        }
    }

    fn act(&mut self, reading: &Reading, waiting: &Waiting, desk: &mut Desk<'_>) {
        for subject in &reading.subjects {
            let Some(at) = self.places.iter().position(|place| place.company == subject.company) else { continue };
            if reading.kind == EventKind::Halt {
                let place = &mut self.places[at];
                place.is_halted = !reading.resumes;
                place.withdraw(desk);
                continue;
            }
            let is_sure = reading.confidence() >= self.rules.min_confidence;
            if is_sure && reading.direction() != Direction::Neutral {
                self.trade(at, reading, subject.share, waiting, desk);
            }
        }
    }

    fn trade(&mut self, at: usize, reading: &Reading, share: f64, waiting: &Waiting, desk: &mut Desk<'_>) {
        let expected = reading.expected() * share;
        let (place, rules) = (&mut self.places[at], self.rules);
        let side = if expected > 0.0 { Side::Buy } else { Side::Sell };
        if expected.abs() < 1e-9 {
            return;
        }
        let position = place.position(desk);
        // News the other way ends what was begun, whatever it is worth.
        if position * side.sign() < 0 || place.plan.is_some_and(|plan| plan.side != side) {
            place.plan = None;
            place.withdraw(desk);
            place.leave(desk, &rules);
        }
        let age = waiting.received.since(waiting.published);
        let Some(mid) = waiting.mids[at] else { return };
        let fair = mid + expected * left(age, rules.half_life);
        let leave_at = waiting.published.after(rules.hold);
        if desk.now() >= leave_at || place.order.is_some() {
            return;
        }
        let sign = side.sign() as f64;
        let Some(view) = place.open(desk) else { return };
        let (Some(touch), Some(own)) = (view.best(side.opposite()), view.best(side)) else { return };
        let ticks = |price: Price| price.ticks() as f64;
        let edge = (fair - ticks(touch.price)) * sign - ticks(touch.price) * rules.fees[0];
        let waits = left(rules.passive, rules.half_life);
        let rests = FILLED * ((fair - ticks(own.price)) * sign * waits - ticks(own.price) * rules.fees[1]);
        let strength = (expected.abs() / FULL).min(1.0);
        #[allow(clippy::cast_possible_truncation, reason = "lots of one order")]
        let wanted = ((rules.size as f64 * strength).round() as i64).max(1).min(rules.limit - position * side.sign());
        if wanted <= 0 {
            return;
        }
        self.latest = Some(Latest { expected, confidence: reading.confidence(), age, edge });
        if edge >= rules.min_edge && edge >= rests {
            let limit = fair - sign * (rules.min_edge + fair * rules.fees[0]);
            #[allow(clippy::cast_possible_truncation, reason = "`as` saturates")]
            let limit = side.round_passive(HalfTicks::new((limit * 2.0).round() as i128));
            #[allow(clippy::cast_possible_truncation, reason = "lots of a book")]
            let offered = (place.depth(desk, side, limit) as f64 * rules.depth_share).ceil() as i64;
            if offered > 0 {
                place.take(desk, side, limit, wanted.min(offered));
            }
        } else if rests >= rules.min_edge && rules.passive > Nanos::ZERO {
            let until = desk.now().after(rules.passive);
            place.rest(desk, side, own.price, wanted, until);
            desk.wake_at(until, LOOK);
        } else {
            return;
        }
        place.plan = Some(Plan { fair, side, leave_at });
        desk.wake_at(leave_at, LOOK);
    }

    /// Takes away what has rested long enough and gives back what has been held long enough.
    fn look(&mut self, desk: &mut Desk<'_>) {
        for place in &mut self.places {
            if place.order.is_some_and(|(_, until)| until <= desk.now()) {
                place.withdraw(desk);
            }
            place.leave(desk, &self.rules);
        }
    }
}

impl Strategy for NewsTrader {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        if self.is_shut_out {
            return;
        }
        match event {
            Event::News(News::Headline { item, published }) => return self.hear(*item, *published, desk),
            Event::Wake(_) => self.read(desk),
            Event::Market(data) => {
                let place = self.places.iter_mut().find(|place| place.book == data.book);
                return place.into_iter().for_each(|place| place.leave(desk, &self.rules));
            }
            Event::Report(report) => {
                let place = self.places.iter_mut().find(|place| place.order.is_some_and(|(id, _)| id == report.order));
                if let Some(place) = place.filter(|_| report.is_terminal()) {
                    place.order = None;
                }
            }
            Event::Refused(refusal) => {
                self.is_shut_out = matches!(refusal.reason, RiskReject::KillSwitch | RiskReject::StrategyDisabled);
                let id = refusal.command.order_id();
                let place = self.places.iter_mut().find(|place| place.order.map(|(id, _)| id) == id && id.is_some());
                // A refused cancel leaves its order where it is; it is over only when it never was.
                if let (Some(place), hft_core::models::Command::New(_)) = (place, refusal.command) {
                    place.order = None;
                }
                return;
            }
            Event::Start | Event::News(_) => return,
        }
        self.look(desk);
    }

    fn rationale(&self) -> Vec<Reason> {
        let Some(Latest { expected, confidence, age, edge }) = self.latest else { return Vec::new() };
        let reason = |name, value, unit| Reason { name, value, unit };
        vec![
            reason("the headline should move the price by", expected, "ticks"),
            reason("sure of the direction", confidence, "probability"),
            reason("old when it was received", age.count() as f64 / 1e6, "ms"),
            reason("worth more than what stood there, fees paid, by", edge, "ticks"),
        ]
    }
}
