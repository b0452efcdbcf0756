//! Which of the two drivers runs a world, and what it ends with.

use super::progress::Gauge;
use crate::interrupt::Interrupt;
use hft_core::models::Timestamp;
use hft_core::world::{
    Delivery, Drained, Histogram, JournalWriter, Lockstep, Node, NodeId, Observer, QueueLimits, Ran, Realtime,
    RealtimeRan, StoppedBy, Wiring, World,
};
use std::fmt;
use std::time::Instant;

/// A world of either kind, put together: what a driver takes.
#[derive(Debug)]
pub struct Wired {
    /// Its nodes.
    pub nodes: Vec<Node>,
    /// How they are linked.
    pub wiring: Wiring,
}

impl<K> From<World<K>> for Wired {
    fn from(world: World<K>) -> Self {
        let (nodes, wiring) = world.into_parts();
        Self { nodes, wiring }
    }
}

impl Wired {
    /// Keeps what every engine says, so that an observer can write it down. The run is the same.
    pub fn keep_events(&mut self) {
        for node in &mut self.nodes {
            if let Node::Venue(venue) = node {
                venue.keep_events();
            }
        }
    }
}

/// How the world is driven.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Driver {
    /// In virtual time, as fast as the processor goes.
    Lockstep,
    /// By the clock, over tokio channels.
    Realtime,
}

/// Why a run stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stopped {
    /// Its time was over.
    Duration,
    /// Somebody asked.
    Interrupted,
    /// Its risk limits did.
    Halted,
}

/// What real time adds to the figures of a run.
#[derive(Debug)]
pub struct RealtimeFigures {
    /// From taking market data out of its queue to having put a command into the next one.
    pub wire_to_order: Histogram,
    /// How late timers were handled.
    pub timer_lateness: Histogram,
}

/// A run that is over.
#[derive(Debug)]
pub struct Ended {
    /// Nodes, counts, digest, outcome.
    pub ran: Ran<Node>,
    /// Why it stopped.
    pub stopped: Stopped,
    /// Whether everything on its way arrived after that; in lockstep it always does.
    pub drained: Drained,
    /// Time on the wall, s.
    pub wall_s: f64,
    /// After how many deliveries a lockstep run was stopped early: with seed and configuration, all there is to know of it.
    pub stopped_after: Option<u64>,
    /// What real time adds.
    pub realtime: Option<RealtimeFigures>,
}

impl fmt::Display for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Driver::Lockstep => "lockstep",
            Driver::Realtime => "realtime",
        })
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Stopped::Duration => "duration",
            Stopped::Interrupted => "interrupted",
            Stopped::Halted => "risk halt",
        })
    }
}

/// Who watches a run, and who may stop it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watched<'a> {
    pub(crate) gauge: &'a Gauge,
    pub(crate) stops: Stops<'a>,
}

/// Who may stop a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stops<'a> {
    /// A person.
    pub(crate) interrupt: &'a Interrupt,
    /// The run's own recorder, when its desk was halted: [`RecorderParts::stop`](super::RecorderParts).
    pub(crate) halt: &'a Interrupt,
}

impl Stops<'_> {
    fn asked(self) -> Option<Stopped> {
        match (self.interrupt.count(), self.halt.count()) {
            (0, 0) => None,
            (0, _) => Some(Stopped::Halted),
            _ => Some(Stopped::Interrupted),
        }
    }
}

/// Looks up now and then in a lockstep run.
struct Lookout<'a> {
    watched: Watched<'a>,
    deliveries: u64,
    now: Timestamp,
    stopped: Stopped,
    after: Option<u64>,
}

/// Every how many deliveries: a power of two, well under a millisecond's worth.
const LOOK_EVERY: u64 = 1 << 10;

impl Observer<Node> for Lookout<'_> {
    #[inline]
    fn before(&mut self, delivery: &Delivery<'_>) {
        self.now = delivery.now;
        self.deliveries += 1;
    }

    #[inline]
    fn wants_stop(&mut self) -> bool {
        if self.deliveries & (LOOK_EVERY - 1) != 0 {
            return false;
        }
        self.watched.gauge.at(self.now);
        self.watched.gauge.delivered(self.deliveries);
        let asked = self.watched.stops.asked();
        if let Some(by) = asked {
            (self.stopped, self.after) = (by, Some(self.deliveries));
        }
        asked.is_some()
    }
}

/// Runs a world to its end, on the calling thread.
#[allow(clippy::disallowed_methods, reason = "the time a run takes on the wall is told, and changes nothing")]
pub(crate) fn drive(
    world: Wired,
    journal: Option<JournalWriter>,
    driver: Driver,
    until: Timestamp,
    watched: Watched<'_>,
) -> anyhow::Result<Ended> {
    let begun = Instant::now();
    let wall_s = || begun.elapsed().as_secs_f64();
    match driver {
        Driver::Lockstep => {
            let mut lockstep = Lockstep::new(world.nodes, world.wiring);
            if let Some(journal) = journal {
                lockstep = lockstep.journaled(journal);
            }
            let (now, stopped) = (Timestamp::START, Stopped::Duration);
            let mut lookout = Lookout { watched, deliveries: 0, now, stopped, after: None };
            let ran = lockstep.run_observed(until, &mut lookout);
            let Lookout { stopped, after: stopped_after, .. } = lookout;
            let drained = Drained::Settled;
            Ok(Ended { ran, stopped, drained, wall_s: wall_s(), stopped_after, realtime: None })
        }
        Driver::Realtime => {
            let over = realtime(world, journal, until, watched.stops.interrupt)?;
            let stopped = match over.stopped_by {
                StoppedBy::Signal => Stopped::Interrupted,
                StoppedBy::Until | StoppedBy::Error => Stopped::Duration,
            };
            let RealtimeRan { ran, drained, wire_to_order, timer_lateness, .. } = over;
            let realtime = Some(RealtimeFigures { wire_to_order, timer_lateness });
            Ok(Ended { ran, stopped, drained, wall_s: wall_s(), stopped_after: None, realtime })
        }
    }
}

/// What ends a run that happens again before its time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Until<'a> {
    /// When it ends otherwise.
    pub(crate) until: Timestamp,
    /// After how many deliveries it was stopped the first time, if it was.
    pub(crate) stop_after: Option<u64>,
    pub(crate) stops: Stops<'a>,
}

/// Ends a lockstep run as an earlier one of the same world was, and lets somebody else watch it.
struct Again<'a, O> {
    ends: Until<'a>,
    deliveries: u64,
    stopped: Stopped,
    given_up: bool,
    observer: &'a mut O,
}

impl<O: Observer<Node>> Observer<Node> for Again<'_, O> {
    #[inline]
    fn before(&mut self, delivery: &Delivery<'_>) {
        self.deliveries += 1;
        self.observer.before(delivery);
    }

    #[inline]
    fn wants_stop(&mut self) -> bool {
        if self.ends.stop_after.is_some_and(|deliveries| self.deliveries >= deliveries) {
            self.stopped = Stopped::Interrupted;
            return true;
        }
        // At the same deliveries as the lookout: a halt ends this run where it ended the first.
        if self.deliveries & (LOOK_EVERY - 1) != 0 {
            return false;
        }
        match self.ends.stops.asked() {
            None => false,
            Some(Stopped::Halted) => {
                self.stopped = Stopped::Halted;
                true
            }
            Some(Stopped::Interrupted | Stopped::Duration) => {
                self.given_up = true;
                true
            }
        }
    }

    #[inline]
    fn after(&mut self, now: Timestamp, node: NodeId, nodes: &[Node]) -> anyhow::Result<()> {
        self.observer.after(now, node, nodes)
    }
}

/// Runs a world again in lockstep.
///
/// # Errors
/// When a person stopped it: half of a run says nothing.
#[allow(clippy::disallowed_methods, reason = "the time a run takes on the wall is told, and changes nothing")]
pub(crate) fn rerun(world: Wired, ends: Until<'_>, observer: &mut impl Observer<Node>) -> anyhow::Result<Ended> {
    let begun = Instant::now();
    let mut again = Again { ends, deliveries: 0, stopped: Stopped::Duration, given_up: false, observer };
    let ran = Lockstep::new(world.nodes, world.wiring).run_observed(ends.until, &mut again);
    let Again { stopped, given_up, .. } = again;
    if given_up {
        return Err(interrupted());
    }
    let wall_s = begun.elapsed().as_secs_f64();
    Ok(Ended { ran, stopped, drained: Drained::Settled, wall_s, stopped_after: None, realtime: None })
}

/// A journal's run, run again. Of its driver the journal tells nothing but what it left on its way, as a run that was abandoned does.
pub(crate) fn replayed(ran: Ran<Node>) -> Ended {
    let drained = if ran.stats.undelivered == 0 { Drained::Settled } else { Drained::Abandoned };
    Ended { ran, stopped: Stopped::Duration, drained, wall_s: 0.0, stopped_after: None, realtime: None }
}

/// What is said of a repetition that a person stopped.
pub(crate) fn interrupted() -> anyhow::Error {
    anyhow::anyhow!("interrupted before the run had happened again: nothing is said of it")
}

fn realtime(
    world: Wired,
    journal: Option<JournalWriter>,
    until: Timestamp,
    interrupt: &Interrupt,
) -> anyhow::Result<RealtimeRan<Node>> {
    let Wired { nodes, wiring } = world;
    let mut realtime = Realtime::new(nodes, wiring, QueueLimits::default())?;
    if let Some(journal) = journal {
        realtime = realtime.journaled(journal);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let mut asked = 0;
    let signal = || {
        asked += 1;
        interrupt.raised(asked)
    };
    Ok(runtime.block_on(realtime.run(until, signal))?)
}
