//! The realtime driver: one tokio task per node, bounded queues between them, paced by the clock.
//!
//! Invariant: no node waits for ever. Commands are the only thing that a sender awaits room for, orders links never lead
//! round in a circle ([`WiringError::OrdersCycle`]), and who awaits room goes on handling its reports. So the last
//! receiver of commands, which awaits nothing, always makes room, and so does the one before it.
//!
//! | channel | full queue |
//! |---|---|
//! | orders | the sender keeps its commands back, in order, and until they are gone handles nothing but reports |
//! | reports | the run ends: [`RunError::SlowConsumer`] |
//! | data | the message is dropped and counted; when there is room again, its sender is told [`Message::Resend`] |
//!
//! **Time.** An envelope that is due more than [`EARLY`] from now waits, the others are handled at once. A node's `now` is
//! the clock, or the envelope's due time where that is later (so by [`EARLY`] at most): nothing arrives before it is due,
//! nothing is said before what it answers, and a timer of 10 us keeps its rate though the operating system cannot.
//! Latencies below a millisecond are therefore right on average and meaningless one by one: study latency in lockstep.
//!
//! **Journal.** A delivery is recorded before its node handles it, a drop before anything later of its link is sent. What
//! depends on the clock is thereby written down, and [`replay`](super::replay()) needs no clock.
//!
//! **End.** At `until`, at a signal or at the first error every node is told [`Message::Stop`], and the run settles as in
//! lockstep, within [`DRAIN`]. A second signal ends it at once. The journal is valid in each case.
//!
//! Left out: telling venues [`Message::Disconnected`] (the driver does not know whose account a node is), and messages
//! from outside the world.
//!
//! [`Message::Resend`]: super::Message::Resend
//! [`Message::Stop`]: super::Message::Stop
//! [`Message::Disconnected`]: super::Message::Disconnected

mod handle;
mod inbox;
mod node;
mod post;
mod shared;

use super::digest::Digest;
use super::histogram::Histogram;
use super::journal::JournalWriter;
use super::link::{Wiring, WiringError};
use super::message::{Channel, Machine, NodeId};
use super::run::{Ran, RunError, Stats};
use crate::models::{Nanos, Timestamp};
use inbox::Inbox;
use node::{NodeTask, Returned};
use post::Post;
use shared::{Phase, Shared};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};

/// How far ahead of the clock an envelope may be handled. Sleeping is in whole milliseconds, rounded up, and waking takes
/// its time too: with less, a timer set from the last one would fall behind a little every time.
pub const EARLY: Nanos = Nanos::from_micros(1_250);

/// How long a run may take to settle after the stop.
pub const DRAIN: Duration = Duration::from_secs(2);

/// How long a node may take to come back when the run is over.
const LEAVE: Duration = Duration::from_millis(500);

/// How often the journal's buffer is handed to its file.
const FLUSH: Duration = Duration::from_millis(100);

/// The named limits of a realtime run.
///
/// A queue holds what has not been taken from it; as much again may wait at the receiver to become due. On a link with
/// latency, size for rate times latency.
///
/// Example: [`Realtime`].
#[derive(Clone, Debug)]
pub struct QueueLimits {
    /// Commands per receiver.
    pub orders: usize,
    /// Reports per receiver: more than all that can be on their way at once, so from the limits on open orders.
    pub reports: usize,
    /// Market data per receiver.
    pub data: usize,
    /// How many messages a node handles before others have their turn. A tick may wait for the rest of its batch; more
    /// than a few cost latency and gain nothing.
    pub batch: usize,
    /// How many commands a node may have waiting for room.
    pub outbox: usize,
}

impl Default for QueueLimits {
    fn default() -> Self {
        Self { orders: 1_024, reports: 65_536, data: 16_384, batch: 4, outbox: 65_536 }
    }
}

impl QueueLimits {
    const fn of(&self, channel: Channel) -> usize {
        match channel {
            Channel::Orders => self.orders,
            Channel::Reports => self.reports,
            Channel::Data => self.data,
        }
    }
}

/// What made a realtime run stop.
///
/// Example: [`Realtime`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StoppedBy {
    /// Its time was over.
    Until,
    /// The caller's signal.
    Signal,
    /// An error: see [`Ran::outcome`].
    Error,
}

/// How a realtime run's last moments went.
///
/// Example: [`Realtime`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Drained {
    /// Everything on its way arrived.
    Settled,
    /// Not within [`DRAIN`].
    TimedOut,
    /// A second signal came first.
    Abandoned,
}

/// A realtime run that is over.
///
/// Example: [`Realtime`].
#[derive(Debug)]
pub struct RealtimeRan<N> {
    /// What every run ends with.
    pub ran: Ran<N>,
    /// What made it stop.
    pub stopped_by: StoppedBy,
    /// How it ended after that.
    pub drained: Drained,
    /// How late timers were handled.
    pub timer_lateness: Histogram,
    /// From taking market data out of the queue to having put a command that answers it into the next one.
    pub wire_to_order: Histogram,
}

/// See the module's documentation.
///
/// ```
/// use hft_core::models::Timestamp;
/// use hft_core::world::{
///     Drained, Machine, Mail, Message, NodeId, QueueLimits, Realtime, RealtimeRan, StoppedBy, Wiring,
/// };
/// struct Deaf;
/// impl Machine for Deaf {
///     fn handle(&mut self, _: Timestamp, _: NodeId, _: Message, _: &mut Mail) {}
/// }
/// let mut wiring = Wiring::new(42);
/// wiring.node("deaf")?;
/// let realtime = Realtime::new(vec![Deaf], wiring, QueueLimits { data: 64, ..QueueLimits::default() })?;
/// let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// let ten_ms = Timestamp::new(10_000_000);
/// let ran: RealtimeRan<Deaf> = runtime.block_on(realtime.run(ten_ms, std::future::pending))?;
/// assert_eq!((ran.stopped_by, ran.drained), (StoppedBy::Until, Drained::Settled));
/// assert_eq!(ran.ran.stats.driver, 2, "start and stop");
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Debug)]
pub struct Realtime<N> {
    nodes: Vec<N>,
    wiring: Wiring,
    limits: QueueLimits,
    journal: Option<JournalWriter>,
}

impl<N: Machine + Send + 'static> Realtime<N> {
    /// Nodes and how they are wired, in the same order.
    ///
    /// # Errors
    /// When orders links lead round in a circle.
    ///
    /// # Panics
    /// When the wiring has more or fewer nodes, or a limit is zero.
    pub fn new(nodes: Vec<N>, wiring: Wiring, limits: QueueLimits) -> Result<Self, WiringError> {
        assert_eq!(nodes.len(), wiring.len(), "the wiring names every node");
        let QueueLimits { orders, reports, data, batch, outbox } = limits;
        assert!(
            [orders, reports, data, batch, outbox].iter().all(|&limit| limit > 0),
            "a limit of zero passes nothing"
        );
        wiring.check_orders_acyclic()?;
        Ok(Self { nodes, wiring, limits, journal: None })
    }

    /// Keeps a journal of the run. Give it a [`Background`](super::Background): nodes record as they go.
    #[must_use]
    pub fn journaled(mut self, journal: JournalWriter) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Runs until `until` on the clock, until `signal`'s future is ready, or until something fails; inside a tokio runtime
    /// with time enabled. `signal` is called once for the stop and once more for leaving at once:
    ///
    /// ```text
    /// let ran = realtime.run(until, || async { let _ = tokio::signal::ctrl_c().await; }).await?;
    /// ```
    ///
    /// # Errors
    /// Only when a node never came back ([`RunError::Stuck`]); other errors are in [`Ran::outcome`], beside the nodes.
    pub async fn run<S, F>(self, until: Timestamp, mut signal: S) -> Result<RealtimeRan<N>, RunError>
    where
        S: FnMut() -> F,
        F: Future<Output = ()>,
    {
        let (phase, phases) = watch::channel(Phase::Running);
        let names: Vec<String> = self.wiring.names().map(str::to_owned).collect();
        let (shared, mut tasks) = spawn(self, &phases);
        let stopped_by = running(&shared, until, signal()).await;
        let stop = shared.clock();
        phase.send_replace(Phase::Stopping(if stopped_by == StoppedBy::Until { until } else { stop }));
        let drained = tokio::select! {
            biased;
            () = shared.settled() => Drained::Settled,
            () = signal() => Drained::Abandoned,
            () = tokio::time::sleep(DRAIN) => Drained::TimedOut,
        };
        phase.send_replace(Phase::Leaving);
        let returned = collect(&mut tasks, names.len()).await;
        let stuck = returned.iter().position(Option::is_none).map(|node| names[node].clone());
        let digests = returned.iter().flatten().map(|node| node.digest.value()).collect();
        let journal = shared.close(stuck.is_none().then_some(&digests));
        if let Some(node) = stuck {
            return Err(shared.take_failure().unwrap_or(RunError::Stuck { node }));
        }
        let mut outcome = shared.take_failure().map_or(Ok(()), Err);
        outcome = outcome.and(journal.map_err(RunError::from));
        Ok(assemble(returned.into_iter().flatten(), digests, outcome, stopped_by, drained))
    }
}

/// Starts a task for every node.
fn spawn<N: Machine + Send + 'static>(
    realtime: Realtime<N>,
    phases: &watch::Receiver<Phase>,
) -> (Arc<Shared>, JoinSet<Returned<N>>) {
    let Realtime { nodes, wiring, limits, journal } = realtime;
    let names = wiring.names().map(str::to_owned).collect();
    let (queues, inboxes): (Vec<_>, Vec<_>) = nodes
        .iter()
        .map(|_| {
            let make = |channel| mpsc::channel(limits.of(channel));
            let [orders, reports, data] = [Channel::Orders, Channel::Reports, Channel::Data].map(make);
            ([orders.0, reports.0, data.0], Inbox::new([orders.1, reports.1, data.1], &limits))
        })
        .unzip();
    let shared = Arc::new(Shared::new(names, queues, journal));
    let mut tasks = JoinSet::new();
    for (id, ((machine, inbox), (_, links))) in (0..).zip(nodes.into_iter().zip(inboxes).zip(wiring.into_links())) {
        let post = Post::new(NodeId(id), links, Arc::clone(&shared), &limits);
        let task = NodeTask::new(machine, inbox, post, phases.clone(), limits.batch);
        tasks.spawn(task.run());
    }
    (shared, tasks)
}

/// Waits for what ends the run, and keeps the journal's file fresh meanwhile.
async fn running(shared: &Shared, until: Timestamp, signal: impl Future<Output = ()>) -> StoppedBy {
    let end = tokio::time::sleep_until(shared.instant(until));
    let mut flush = tokio::time::interval(FLUSH);
    flush.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tokio::pin!(end, signal);
    loop {
        tokio::select! {
            biased;
            () = shared.failed() => return StoppedBy::Error,
            () = &mut signal => return StoppedBy::Signal,
            () = &mut end => return StoppedBy::Until,
            _ = flush.tick() => shared.hand_over(),
        }
    }
}

/// Waits for every task, but not for ever. What is missing is stuck in its machine.
async fn collect<N: 'static>(tasks: &mut JoinSet<Returned<N>>, count: usize) -> Vec<Option<Returned<N>>> {
    let mut nodes: Vec<_> = (0..count).map(|_| None).collect();
    let deadline = Instant::now() + LEAVE;
    while let Ok(Some(joined)) = tokio::time::timeout_at(deadline, tasks.join_next()).await {
        match joined {
            Ok(returned) => {
                let at = returned.id.0 as usize;
                nodes[at] = Some(returned);
            }
            Err(error) => tracing::error!(%error, "a node's task ended without its node"),
        }
    }
    tasks.detach_all();
    nodes
}

fn assemble<N>(
    returned: impl Iterator<Item = Returned<N>>,
    digests: Vec<Digest>,
    outcome: Result<(), RunError>,
    stopped_by: StoppedBy,
    drained: Drained,
) -> RealtimeRan<N> {
    let (mut timer_lateness, mut wire_to_order) = (Histogram::new(), Histogram::new());
    let (mut stats, mut nodes, mut ended, mut sent) = (Stats::default(), Vec::new(), Timestamp::START, 0);
    for node in returned {
        stats.add(&node.stats);
        sent += node.sent;
        ended = ended.max(node.now);
        timer_lateness.add(&node.timer_lateness);
        wire_to_order.add(&node.wire_to_order);
        nodes.push(node.machine);
    }
    stats.undelivered = sent - stats.orders - stats.reports - stats.data - stats.data_dropped;
    let ran = Ran { nodes, stats, digests, ended, outcome };
    RealtimeRan { ran, stopped_by, drained, timer_lateness, wire_to_order }
}
