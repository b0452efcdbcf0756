//! Which of the two drivers runs a world, and what it ends with.

use super::progress::Gauge;
use crate::interrupt::Interrupt;
use hft_core::models::Timestamp;
use hft_core::world::{
    Delivery, Drained, Histogram, JournalWriter, Node, NodeId, Observer, QueueLimits, Ran, Realtime, RealtimeRan,
    Simulated, StoppedBy, World,
};
use std::fmt;
use std::time::Instant;

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
        })
    }
}

/// Who watches a run, and who may stop it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watched<'a> {
    pub(crate) gauge: &'a Gauge,
    pub(crate) interrupt: &'a Interrupt,
}

/// Looks up now and then in a lockstep run.
struct Lookout<'a> {
    gauge: &'a Gauge,
    interrupt: &'a Interrupt,
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
        self.gauge.at(self.now);
        self.gauge.delivered(self.deliveries);
        let asked = self.interrupt.count() > 0;
        if asked {
            (self.stopped, self.after) = (Stopped::Interrupted, Some(self.deliveries));
        }
        asked
    }
}

/// Runs a world to its end, on the calling thread.
#[allow(clippy::disallowed_methods, reason = "the time a run takes on the wall is told, and changes nothing")]
pub(crate) fn drive(
    world: World<Simulated>,
    journal: Option<JournalWriter>,
    driver: Driver,
    until: Timestamp,
    watched: Watched<'_>,
) -> anyhow::Result<Ended> {
    let begun = Instant::now();
    let wall_s = || begun.elapsed().as_secs_f64();
    match driver {
        Driver::Lockstep => {
            let mut lockstep = world.lockstep();
            if let Some(journal) = journal {
                lockstep = lockstep.journaled(journal);
            }
            let Watched { gauge, interrupt } = watched;
            let (now, stopped) = (Timestamp::START, Stopped::Duration);
            let mut lookout = Lookout { gauge, interrupt, deliveries: 0, now, stopped, after: None };
            let ran = lockstep.run_observed(until, &mut lookout);
            let Lookout { stopped, after: stopped_after, .. } = lookout;
            let drained = Drained::Settled;
            Ok(Ended { ran, stopped, drained, wall_s: wall_s(), stopped_after, realtime: None })
        }
        Driver::Realtime => {
            let over = realtime(world, journal, until, watched.interrupt)?;
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

/// Ends a lockstep run where an earlier one of the same world was stopped, and lets somebody else watch it.
struct Again<'a, O> {
    stop_after: Option<u64>,
    deliveries: u64,
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
        self.stop_after.is_some_and(|deliveries| self.deliveries >= deliveries)
    }

    #[inline]
    fn after(&mut self, now: Timestamp, node: NodeId, nodes: &[Node]) -> anyhow::Result<()> {
        self.observer.after(now, node, nodes)
    }
}

/// Runs a world again in lockstep; `stop_after` is after how many deliveries it was stopped the first time, if it was.
#[allow(clippy::disallowed_methods, reason = "the time a run takes on the wall is told, and changes nothing")]
pub(crate) fn rerun(
    world: World<Simulated>,
    until: Timestamp,
    stop_after: Option<u64>,
    observer: &mut impl Observer<Node>,
) -> Ended {
    let begun = Instant::now();
    let ran = world.lockstep().run_observed(until, &mut Again { stop_after, deliveries: 0, observer });
    let wall_s = begun.elapsed().as_secs_f64();
    Ended { ran, stopped: Stopped::Duration, drained: Drained::Settled, wall_s, stopped_after: None, realtime: None }
}

fn realtime(
    world: World<Simulated>,
    journal: Option<JournalWriter>,
    until: Timestamp,
    interrupt: &Interrupt,
) -> anyhow::Result<RealtimeRan<Node>> {
    let (nodes, wiring) = world.into_parts();
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
