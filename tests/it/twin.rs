//! Two engines are given the same million seeded commands and must say the same, event by event; after each, the levels
//! that changed hold the same queues, and every hundred, the whole books. What must hold whatever was asked is audited
//! on the way.
//!
//! A failure prints its seed and the last commands as a script for `tests/it/scripts`. `TWIN_COMMANDS` and `TWIN_SEED` in
//! the environment go further, and elsewhere.

mod crowd;

use crowd::{Crowd, Mood};
use hft_core::exchange::{EngineEvent, EventSink, MatchingEngine};
use hft_core::models::{OrderId, Price, Qty, Side, Ticks};
use hft_tests::audit::Audit;
use hft_tests::engine::{Engine, LevelView};
use hft_tests::naive::NaiveEngine;
use hft_tests::rules::{
    Allocation, AmendBelowFilled, BookRules, DisconnectScope, IdReuse, MarketRemainder, PostOnlyCross, declared,
};
use hft_tests::script::{Player, Step, Told};
use std::collections::{BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;

const COMMANDS: usize = 1_000_000;
/// Every so many commands, everything is compared.
const FULL_CHECK: usize = 100;
/// How much of the past a failure prints.
const REMEMBERED: usize = 20;

#[derive(Default)]
struct Heard(Vec<(u64, EngineEvent)>);

impl EventSink for Heard {
    fn on_event(&mut self, seq: u64, event: EngineEvent) {
        self.0.push((seq, event));
    }
}

/// A level with its queue.
type Level = (LevelView, Vec<(OrderId, Qty)>);

/// Both halves, best first, with every queue.
fn book(engine: &impl Engine) -> [Vec<Level>; 2] {
    let queue = |side, level: LevelView| (level, engine.queue(side, level.price));
    Side::BOTH.map(|side| engine.levels(side).into_iter().map(|level| queue(side, level)).collect())
}

/// All that must happen in a million commands: a comparison of nothing is no comparison.
#[rustfmt::skip]
const KINDS: &[&str] = &[
    "accepted", "trade", "auction", "prevented", "replaced", "triggered", "rested", "resized", "removed", "level",
    "phase",
    "rejected invalid_qty", "rejected qty_out_of_range", "rejected lot_violation", "rejected invalid_px",
    "rejected px_out_of_range", "rejected tick_violation", "rejected price_band", "rejected invalid_display",
    "rejected invalid_combo", "rejected duplicate_id", "rejected post_only_cross", "rejected already_expired",
    "rejected kill_switch", "rejected halted", "rejected phase", "rejected invalid_stop_px", "rejected capacity",
    "refused invalid_qty", "refused qty_out_of_range", "refused lot_violation", "refused invalid_px",
    "refused px_out_of_range", "refused tick_violation", "refused price_band", "refused unknown_order",
    "refused post_only_cross", "refused kill_switch", "refused halted", "refused qty_below_filled", "refused stp",
    "refused capacity",
    "canceled requested", "canceled reduced", "canceled ioc", "canceled fok", "canceled expired", "canceled stp",
    "canceled mass_cancel", "canceled kill_switch", "canceled disconnect", "canceled refused",
];

/// The kind of an event with its reason, as one word.
fn kind(event: EngineEvent) -> String {
    match event {
        EngineEvent::Rejected { reason, .. } => format!("rejected {reason}"),
        EngineEvent::CommandRejected { reason, .. } => format!("refused {reason}"),
        EngineEvent::Canceled { reason, .. } => format!("canceled {reason}"),
        EngineEvent::Trade { aggressor: None, .. } => "auction".to_owned(),
        EngineEvent::Accepted { .. }
        | EngineEvent::Trade { .. }
        | EngineEvent::Prevented { .. }
        | EngineEvent::Replaced { .. }
        | EngineEvent::Triggered { .. }
        | EngineEvent::Rested { .. }
        | EngineEvent::Resized { .. }
        | EngineEvent::Removed { .. }
        | EngineEvent::Level { .. }
        | EngineEvent::Phase(_) => Told(event).to_string().split(' ').next().expect("it has a name").to_owned(),
    }
}

struct Pair<A, B> {
    a: Player<A>,
    b: Player<B>,
    audit: Audit,
    /// Which kinds of events occurred.
    seen: BTreeSet<String>,
}

impl<A: Engine, B: Engine> Pair<A, B> {
    fn open(rules: &BookRules) -> Self {
        let audit = Audit::new(rules.allocation);
        Self { a: Player::open(rules.clone()), b: Player::open(rules.clone()), audit, seen: BTreeSet::new() }
    }

    /// Gives both the same command and compares what they say and what it did.
    fn play(&mut self, step: &Step, is_full: bool) {
        let (mut a, mut b) = (Heard::default(), Heard::default());
        self.a.play(step, &mut a);
        self.b.play(step, &mut b);
        for (at, (said, other)) in a.0.iter().zip(&b.0).enumerate() {
            assert_eq!(said, other, "event {at}");
        }
        assert_eq!(a.0.len(), b.0.len(), "one says more than the other:\n{:#?}\n{:#?}", a.0, b.0);
        let (x, y) = (&self.a.engine, &self.b.engine);
        assert_eq!(x.top(), y.top());
        assert_eq!((x.last_price(), x.phase(), x.live_orders()), (y.last_price(), y.phase(), y.live_orders()));
        for &(seq, event) in &a.0 {
            self.audit.on_event(seq, event);
            self.seen.insert(kind(event));
            match event {
                EngineEvent::Level { side, price, .. } => {
                    assert_eq!(x.level(side, price), y.level(side, price), "level {price}");
                    assert_eq!(x.queue(side, price), y.queue(side, price), "queue at {price}");
                }
                EngineEvent::Accepted { order, .. } | EngineEvent::Replaced { order, .. } => {
                    assert_eq!(x.order(order), y.order(order), "order {order}");
                }
                EngineEvent::Rejected { .. }
                | EngineEvent::CommandRejected { .. }
                | EngineEvent::Trade { .. }
                | EngineEvent::Prevented { .. }
                | EngineEvent::Triggered { .. }
                | EngineEvent::Canceled { .. }
                | EngineEvent::Rested { .. }
                | EngineEvent::Resized { .. }
                | EngineEvent::Removed { .. }
                | EngineEvent::Phase(_) => {}
            }
        }
        if is_full {
            assert_eq!(book(x), book(y));
            self.audit.check(x);
            self.audit.check(y);
        }
    }
}

/// Runs a pair through one crowd's commands.
fn compare<A: Engine, B: Engine>(seed: u64, mood: Mood, rules: &BookRules, commands: usize) -> BTreeSet<String> {
    let mut crowd = Crowd::new(seed, mood, rules);
    let mut pair = Pair::<A, B>::open(rules);
    let mut past = VecDeque::with_capacity(REMEMBERED);
    for index in 0..commands {
        let step = crowd.next(&pair.audit);
        if past.len() == REMEMBERED {
            past.pop_front();
        }
        past.push_back(step.to_string());
        let outcome = catch_unwind(AssertUnwindSafe(|| pair.play(&step, index % FULL_CHECK == 0)));
        assert!(
            outcome.is_ok(),
            "seed {seed}, command {index}; the last of them:\n{}\n{}",
            Step::Config(Box::new(rules.clone())),
            past.make_contiguous().join("\n")
        );
    }
    pair.seen
}

/// Nothing optional, ranges near the crowd.
fn plain() -> BookRules {
    BookRules { max_qty: Qty::new(5_000), max_px: Price::new(10_000), ..declared() }
}

/// Every option, every policy the other way.
fn strict() -> BookRules {
    BookRules {
        tick: Ticks::new(5),
        lot: Qty::new(10),
        min_qty: Qty::new(20),
        band: Some(Ticks::new(40)),
        reference: Some(Price::new(1_003)),
        protection: Some(Ticks::new(7)),
        post_only_cross: PostOnlyCross::Slide,
        amend_below_filled: AmendBelowFilled::Reject,
        id_reuse: IdReuse::Allow,
        disconnect_scope: DisconnectScope::Day,
        kill_cancels_resting: false,
        market_remainder: MarketRemainder::RestAtProtection,
        ..plain()
    }
}

/// All that an `i64` holds.
fn extreme() -> BookRules {
    BookRules {
        max_qty: Qty::MAX,
        max_px: Price::MAX,
        protection: Some(Ticks::MAX),
        market_remainder: MarketRemainder::RestAtProtection,
        ..declared()
    }
}

/// Books that differ in every rule, and who trades in them.
fn books() -> Vec<(Mood, BookRules)> {
    // Their reference lies between two ticks, as near to the one as to the other. Sizes of up to three lots leave no
    // surplus in many an auction, so that the reference decides.
    let small = BookRules { tick: Ticks::new(2), reference: Some(Price::new(1_001)), ..plain() };
    let even = BookRules { max_qty: Qty::new(3), ..small };
    let small = BookRules { max_orders: 40, max_levels: 9, ..small };
    // Its band follows the last trade, and what stays of a market order looks for a level.
    let narrow = BookRules { band: Some(Ticks::new(6)), reference: None, max_levels: 8, ..strict() };
    let narrow = BookRules { tick: Ticks::new(1), protection: Some(Ticks::new(2)), ..narrow };
    let shared = |rules| BookRules { allocation: Allocation::ProRata, ..rules };
    let wild = [
        plain(),
        strict(),
        small.clone(),
        even,
        extreme(),
        shared(plain()),
        shared(strict()),
        shared(extreme()),
        narrow,
    ];
    // Where no id is remembered and no stop waits, plain orders take a short way.
    let forgetful = |rules| BookRules { id_reuse: IdReuse::Allow, ..rules };
    let calm = [plain(), extreme(), small.clone(), shared(small)].map(forgetful);
    wild.map(|rules| (Mood::Wild, rules)).into_iter().chain(calm.map(|rules| (Mood::Calm, rules))).collect()
}

/// A number that the environment may set.
fn setting<T: FromStr>(name: &str, otherwise: T) -> T {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// A million commands over all books, shared by a few threads.
#[test]
fn two_engines_say_the_same() {
    let books = books();
    let each = setting("TWIN_COMMANDS", COMMANDS) / books.len();
    let first_seed = setting("TWIN_SEED", 1u64);
    std::thread::scope(|scope| {
        let run = |(seed, &(mood, ref rules))| {
            scope.spawn(move || compare::<MatchingEngine, NaiveEngine>(seed, mood, rules, each))
        };
        let runs: Vec<_> = (first_seed..).zip(&books).map(run).collect();
        let seen: BTreeSet<_> =
            runs.into_iter().flat_map(|run| run.join().expect("two engines say the same")).collect();
        let missing: Vec<_> = KINDS.iter().filter(|&&kind| !seen.contains(kind)).collect();
        assert!(missing.is_empty(), "never happened: {missing:?}");
    });
}
