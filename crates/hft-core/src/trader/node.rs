//! The trader node: keeps the desk up to date, calls the strategy, and makes its thinking take time.
//!
//! Invariant: what a strategy sees at the start of a thought is what had reached it then, and what it decides leaves when
//! the thought ends. While it thinks, reports queue in order and market data conflates: of a burst it sees the outcome.
//!
//! A panic in the strategy disables it and cancels its orders; the rest of the world goes on.

use super::desk::{Desk, DeskState};
use super::strategy::{Event, Reason, SimulatedOnly, SimulatedStrategy, Strategy};
use super::view::BookView;
use crate::models::{BookId, Command, InstrumentId, Lots, MarketData, MarketUpdate, Nanos, Timestamp};
use crate::world::draws::exponential;
use crate::world::{LinkId, Machine, Mail, Message, NodeId, Outgoing, Route, TraderId};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How long a strategy takes to think about one event: a law, never a measured clock.
///
/// ```
/// use hft_core::prelude::*;
/// # let mut world = World::<Simulated>::new(7);
/// # let x = Instrument::new("X", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
/// # let xsim = world.venue("XSIM", VenueConfig::default())?;
/// # let book = world.list(xsim, x, BookRules::default(), Price::new(10_000))?;
/// # let desk = world.account("desk", Limits::default())?;
/// let maker = world.trader("mm", desk, CompetingMaker::new(MakerConfig::default(), book))?;
/// // Ten microseconds at least, thirty on average.
/// world.think(maker, ThinkTime { base_ns: 10_000, mean_extra_ns: 20_000 });
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ThinkTime {
    /// The least it takes, in ns.
    pub base_ns: u64,
    /// Mean of an exponential extra, in ns; zero for a constant.
    pub mean_extra_ns: u64,
}

/// Strategies of both kinds, called the same way.
enum Mind {
    Anywhere(Box<dyn Strategy>),
    Simulated(Box<dyn SimulatedStrategy>),
}

/// One strategy with its desk.
///
/// Example: [`World`](crate::world::World).
pub struct Trader {
    id: TraderId,
    mind: Mind,
    state: DeskState,
    think: ThinkTime,
    rng: ChaCha8Rng,
    thought: Option<Thought>,
    queue: VecDeque<Event>,
    /// The latest unseen update per book, while thinking.
    fresh: BTreeMap<BookId, MarketData>,
    conflated: u64,
    panic: Option<String>,
    stopped: bool,
}

/// What a strategy has decided and not yet said.
struct Thought {
    until: Timestamp,
    held: Vec<Outgoing>,
}

/// The timer with which a trader ends its own thought; strategies' numbers have 32 bits.
const THOUGHT_ENDS: u64 = u64::MAX;

impl Trader {
    /// A trader whose commands leave over `account`, with a seeded stream for its thinking time.
    pub fn new(id: TraderId, strategy: Box<dyn Strategy>, account: LinkId, rng: ChaCha8Rng) -> Self {
        Self::with_mind(id, Mind::Anywhere(strategy), account, rng)
    }

    /// The same for a strategy that may exist in a simulation only; reachable from a simulated world alone.
    pub(crate) fn simulated(
        id: TraderId,
        strategy: Box<dyn SimulatedStrategy>,
        account: LinkId,
        rng: ChaCha8Rng,
    ) -> Self {
        Self::with_mind(id, Mind::Simulated(strategy), account, rng)
    }

    fn with_mind(id: TraderId, mind: Mind, account: LinkId, rng: ChaCha8Rng) -> Self {
        Self {
            id,
            mind,
            state: DeskState::new(id, account),
            think: ThinkTime::default(),
            rng,
            thought: None,
            queue: VecDeque::new(),
            fresh: BTreeMap::new(),
            conflated: 0,
            panic: None,
            stopped: false,
        }
    }

    /// Gives the trader a view of a book, `depth` levels a side.
    pub fn watch(&mut self, book: BookId, depth: usize) {
        self.state.views.insert(book, BookView::new(depth));
    }

    /// Makes its decisions take time.
    pub const fn set_think_time(&mut self, time: ThinkTime) {
        self.think = time;
    }

    /// Its number.
    pub const fn id(&self) -> TraderId {
        self.id
    }

    /// How many book updates it never saw on their own because it was thinking.
    pub const fn conflated(&self) -> u64 {
        self.conflated
    }

    /// What its strategy said when it panicked, if it did.
    pub fn panic_message(&self) -> Option<&str> {
        self.panic.as_deref()
    }

    /// How many commands its strategy has decided on. They reach the account in this order, so the n-th that does is the n-th here.
    pub const fn commands(&self) -> u64 {
        self.state.commands
    }

    /// What it knows of a book, where it has a view of it.
    pub fn view(&self, book: BookId) -> Option<&BookView> {
        self.state.views.get(&book)
    }

    /// Its own position, as far as reports have reached it.
    pub fn position(&self, instrument: InstrumentId) -> Lots {
        self.state.position(instrument)
    }

    /// The numbers behind its strategy's latest decision: see [`Strategy::rationale`].
    pub fn rationale(&self) -> Vec<Reason> {
        match &self.mind {
            Mind::Anywhere(strategy) => strategy.rationale(),
            Mind::Simulated(strategy) => strategy.rationale(),
        }
    }

    fn on_event(&mut self, now: Timestamp, event: Event, mail: &mut Mail) {
        if self.panic.is_some() || self.stopped {
            return;
        }
        if self.thought.is_some() {
            return self.queue_up(event);
        }
        if self.think == ThinkTime::default() {
            return self.call(now, &event, mail);
        }
        let mut words = Mail::new();
        self.call(now, &event, &mut words);
        let until = now + self.thinking_time();
        let (held, timers) = words.drain().partition(|outgoing| matches!(outgoing.route, Route::Link(_)));
        // A timer is not a decision: it is set at once.
        Vec::into_iter(timers).for_each(|timer| mail.put(timer));
        self.thought = Some(Thought { until, held });
        mail.wake_at(until, THOUGHT_ENDS);
    }

    fn thinking_time(&mut self) -> Nanos {
        let extra = if self.think.mean_extra_ns == 0 { 0.0 } else { exponential(&mut self.rng) };
        let mean = Nanos::new(self.think.mean_extra_ns).to_secs_f64();
        Nanos::new(self.think.base_ns) + Nanos::from_secs_f64(extra * mean)
    }

    fn queue_up(&mut self, event: Event) {
        match event {
            Event::Market(data) if !matches!(data.update, MarketUpdate::Trade { .. }) => {
                if self.fresh.insert(data.book, data).is_some() {
                    self.conflated += 1;
                }
            }
            Event::Start
            | Event::Wake(_)
            | Event::Market(_)
            | Event::News(_)
            | Event::Report(_)
            | Event::Refused(_) => self.queue.push_back(event),
        }
    }

    fn thought_ends(&mut self, now: Timestamp, mail: &mut Mail) {
        let Some(thought) = self.thought.take_if(|thought| thought.until <= now) else { return };
        thought.held.into_iter().for_each(|outgoing| mail.put(outgoing));
        // Reports first: they are news of the trader's own orders.
        let next = self.queue.pop_front().or_else(|| self.fresh.pop_first().map(|(_, data)| Event::Market(data)));
        if let Some(event) = next {
            self.on_event(now, event, mail);
        }
    }

    fn call(&mut self, now: Timestamp, event: &Event, mail: &mut Mail) {
        let Self { mind, state, .. } = self;
        state.cause = match event {
            Event::Market(data) => data.time,
            Event::Report(report) => report.time,
            Event::Start | Event::Wake(_) | Event::News(_) | Event::Refused(_) => now,
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let mut desk = Desk::new(now, state, mail);
            match mind {
                Mind::Anywhere(strategy) => strategy.on_event(event, &mut desk),
                Mind::Simulated(strategy) => strategy.on_event(event, &mut desk, &SimulatedOnly::new()),
            }
        }));
        if let Err(payload) = outcome {
            let said = payload.downcast_ref::<&str>().map(|s| (*s).to_owned());
            let said = said.or_else(|| payload.downcast_ref::<String>().cloned());
            self.disable(said.unwrap_or_else(|| "a panic without words".to_owned()), mail);
        }
    }

    fn disable(&mut self, reason: String, mail: &mut Mail) {
        tracing::error!(trader = self.id.0, %reason, "strategy panicked: its account disables it and cancels its orders");
        mail.send(self.state.account, Message::Panicked);
        self.panic = Some(reason);
    }
}

impl Machine for Trader {
    fn handle(&mut self, now: Timestamp, _from: NodeId, message: Message, mail: &mut Mail) {
        match message {
            Message::Start => self.on_event(now, Event::Start, mail),
            Message::Stop => self.stopped = true,
            Message::Wake(THOUGHT_ENDS) => self.thought_ends(now, mail),
            Message::Wake(tag) => {
                let tag = u32::try_from(tag).expect("strategies' timers have 32-bit numbers");
                self.on_event(now, Event::Wake(tag), mail);
            }
            Message::Market(data) => {
                // Without a view the strategy hears every message as it is.
                let tell = self.state.views.get_mut(&data.book).is_none_or(|view| view.apply(&data));
                if tell {
                    self.on_event(now, Event::Market(data), mail);
                }
            }
            Message::News(news) => self.on_event(now, Event::News(news), mail),
            Message::Report(report) => {
                self.state.on_report(&report);
                self.on_event(now, Event::Report(report), mail);
            }
            Message::Refused(refusal) => {
                if let Command::New(order) = refusal.command {
                    self.state.working.forget(order.id);
                } else if let Some(id) = refusal.command.order_id() {
                    self.state.working.set_state(id, super::OrderState::Live);
                }
                self.on_event(now, Event::Refused(refusal), mail);
            }
            Message::Command(_)
            | Message::Approved(_)
            | Message::Resend { .. }
            | Message::Disconnected(_)
            | Message::Trade(_)
            | Message::Fill(_)
            | Message::Order(_)
            | Message::Statement(_)
            | Message::Halted(_)
            | Message::Panicked => unreachable!("traders are not sent {message:?}"),
        }
    }
}

impl fmt::Debug for Trader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trader").field("id", &self.id).field("panic", &self.panic).finish_non_exhaustive()
    }
}
