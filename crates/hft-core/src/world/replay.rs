//! Replay: a journal and freshly built nodes, and the run happens again.
//!
//! Invariant: a record says which message a node handled and when; the message itself comes from its sender, run again.
//! If every message equals its record byte for byte, and every digest, then every node did again what it did, and the
//! nodes end in the state in which they ended.
//!
//! Nothing of the driver is needed: not the clock, not latencies, not queues. A link is a queue of what its sender said;
//! a record takes its front, or takes out the one that was dropped. So journals of both drivers replay alike.
//!
//! Left out: replaying on several threads, and replaying a part.

use super::digest::{Digest, NodeDigest};
use super::journal::{Handled, JournalError, JournalReader, Record, encode_message};
use super::link::Wiring;
use super::lockstep::{Observer, Unobserved};
use super::message::{Channel, LinkId, Machine, Mail, Message, NodeId, Outgoing, Route};
use super::run::{Delivery, Origin, Ran, Stats, handle_caught};
use crate::models::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::io::Read;

/// Why a journal does not replay. Each is one sentence.
///
/// Example: [`replay`](crate::world::replay()).
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The journal cannot be read, or is of another run.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A node was to handle a message, and the sender said something else.
    #[error("record {record}: {node} should have handled {expected} and was sent {got}")]
    Differs {
        /// Number of the record, from 1.
        record: u64,
        /// Who handles it.
        node: String,
        /// The message of the record, encoded, in hexadecimal.
        expected: String,
        /// The message as it was sent again, and encoded.
        got: String,
    },
    /// A node was to handle a message (or the driver to drop one) that was never sent.
    #[error("record {record}: {node} should have handled {expected} and was sent nothing")]
    Missing {
        /// Number of the record, from 1.
        record: u64,
        /// Who handles it.
        node: String,
        /// What the record says.
        expected: String,
    },
    /// Deliveries are the same and a digest is not: the record's time or sender was changed.
    #[error("record {record}: the digest of {node} should be {expected} and is {got}")]
    Digest {
        /// Number of the record, from 1.
        record: u64,
        /// Which node; "the run" at the end.
        node: String,
        /// What the record says.
        expected: Digest,
        /// What it is.
        got: Digest,
    },
    /// The record names a node or a link that the world does not have.
    #[error("record {record}: this world has no node or link like that")]
    Unknown {
        /// Number of the record, from 1.
        record: u64,
    },
    /// A node failed or panicked that had gone on when the journal was written.
    #[error("record {record}: {node}: {error:#}")]
    Failed {
        /// Number of the record, from 1.
        record: u64,
        /// Which node.
        node: String,
        /// What happened to it.
        error: anyhow::Error,
    },
    /// The observer had enough.
    #[error("record {record}: {error:#}")]
    Observed {
        /// Number of the record, from 1.
        record: u64,
        /// What it said.
        error: anyhow::Error,
    },
}

/// Whether a journal was closed by its run.
///
/// Example: [`replay`](crate::world::replay()).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// The run's last record is there, and its digest agrees.
    Whole,
    /// The journal was cut; what precedes the cut agrees.
    Cut,
}

/// Runs a journal's run again, on nodes built as its own were. Compare headers first: [`JournalReader::check`].
///
/// A node that failed or panicked when the journal was written does so again at its last record; that changes nothing in
/// the verdict, and the outcome in [`Ran`] is always `Ok`.
///
/// # Errors
/// Names the first record that differs.
///
/// ```
/// use hft_core::models::Timestamp;
/// use hft_core::world::{
///     Background, Ending, JournalHeader, JournalReader, JournalWriter, Lockstep, Machine, Mail, Message, NodeId, Wiring, replay,
/// };
/// /// Sets itself a timer, a microsecond on.
/// struct Clock;
/// impl Machine for Clock {
///     fn handle(&mut self, now: Timestamp, _: NodeId, message: Message, mail: &mut Mail) {
///         if matches!(message, Message::Start | Message::Wake(_)) {
///             mail.wake_at(Timestamp::new(now.nanos() + 1_000), 0);
///         }
///     }
/// }
/// let mut wiring = Wiring::new(42);
/// wiring.node("clock")?;
/// let until = Timestamp::new(10_000);
/// let header = JournalHeader { seed: 42, until, nodes: vec!["clock".to_owned()], configuration: Vec::new() };
///
/// let path = std::env::temp_dir().join(format!("hft-replay-{}", std::process::id()));
/// let journal = JournalWriter::new(Background::new(std::fs::File::create(&path)?)?, &header)?;
/// let ran = Lockstep::new(vec![Clock], wiring.clone()).journaled(journal).run(until);
///
/// let mut journal = JournalReader::new(std::io::BufReader::new(std::fs::File::open(&path)?))?;
/// journal.check(&header)?; // the same run, the same configuration
/// let (again, ending) = replay(&mut journal, vec![Clock], &wiring)?;
/// assert_eq!((again.digest(), ending), (ran.digest(), Ending::Whole));
/// # std::fs::remove_file(path)?;
/// # Ok::<(), anyhow::Error>(())
/// ```
pub fn replay<N: Machine, R: Read>(
    journal: &mut JournalReader<R>,
    nodes: Vec<N>,
    wiring: &Wiring,
) -> Result<(Ran<N>, Ending), ReplayError> {
    replay_observed(journal, nodes, wiring, &mut Unobserved)
}

/// The same under an observer's eyes. It cannot stop a replay early, so [`Observer::wants_stop`] is not asked; an error of its own does.
///
/// Example: [`replay`].
///
/// # Errors
/// Names the first record that differs, or repeats what the observer said.
pub fn replay_observed<N: Machine, R: Read>(
    journal: &mut JournalReader<R>,
    nodes: Vec<N>,
    wiring: &Wiring,
    observer: &mut impl Observer<N>,
) -> Result<(Ran<N>, Ending), ReplayError> {
    let mut replay = Replay::new(nodes, wiring)?;
    let mut ending = Ending::Cut;
    loop {
        let record = journal.records() + 1;
        match journal.next_record()? {
            Some(Record::Handled { node, now, digest, what }) => {
                replay.record = record;
                replay.handled(Entry { node, now, digest, what }, observer)?;
            }
            Some(Record::Dropped { from, link, number }) => {
                replay.record = record;
                replay.dropped(from, link, number)?;
            }
            Some(Record::End(expected)) => {
                let got = Digest::of_nodes(replay.digests());
                if got != expected {
                    return Err(ReplayError::Digest { record, node: "the run".to_owned(), expected, got });
                }
                ending = Ending::Whole;
            }
            None => break,
        }
    }
    replay.verdict().map(|ran| (ran, ending))
}

struct Replay<'a, N> {
    nodes: Vec<N>,
    wiring: &'a Wiring,
    desks: Vec<Desk>,
    mail: Mail,
    stats: Stats,
    record: u64,
    ended: Timestamp,
    scratch: Vec<u8>,
}

/// A record of a delivery.
struct Entry<'a> {
    node: NodeId,
    now: Timestamp,
    digest: Digest,
    what: Handled<'a>,
}

/// What one node has said, and not yet been heard.
struct Desk {
    edges: Vec<Edge>,
    /// By due time, then by number of setting.
    timers: BTreeMap<(Timestamp, u64), Message>,
    timers_set: u64,
    /// Its failure, after which it handles nothing.
    failure: Option<anyhow::Error>,
    digest: NodeDigest,
}

/// A link's messages with their numbers, counted from 0 over the run.
#[derive(Default)]
struct Edge {
    waiting: VecDeque<(u64, Message)>,
    sent: u64,
}

impl<'a, N: Machine> Replay<'a, N> {
    fn new(nodes: Vec<N>, wiring: &'a Wiring) -> Result<Self, ReplayError> {
        if nodes.len() != wiring.len() {
            return Err(JournalError::OtherRun("list of nodes").into());
        }
        let desks = (0..nodes.len()).map(|node| Desk {
            edges: wiring
                .links(NodeId(u32::try_from(node).expect("node ids are 32 bits")))
                .iter()
                .map(|_| Edge::default())
                .collect(),
            timers: BTreeMap::new(),
            timers_set: 0,
            failure: None,
            digest: NodeDigest::new(),
        });
        Ok(Self {
            desks: desks.collect(),
            nodes,
            wiring,
            mail: Mail::new(),
            stats: Stats::default(),
            record: 0,
            ended: Timestamp::START,
            scratch: Vec::new(),
        })
    }

    fn digests(&self) -> impl Iterator<Item = Digest> + '_ {
        self.desks.iter().map(|desk| desk.digest.value())
    }

    fn handled(&mut self, entry: Entry<'_>, observer: &mut impl Observer<N>) -> Result<(), ReplayError> {
        let Entry { node, now, digest, what } = entry;
        let record = self.record;
        let Some(desk) = self.desks.get_mut(node.0 as usize) else { return Err(ReplayError::Unknown { record }) };
        if let Some(error) = desk.failure.take() {
            return Err(ReplayError::Failed { record, node: self.name(node), error });
        }
        let (from, origin, message) = match what {
            Handled::Driver(message) => (node, Origin::Driver, message),
            Handled::Timer { bytes } => {
                let timer = self.desks[node.0 as usize].timers.pop_first().map(|(_, message)| message);
                (node, Origin::Timer, self.compare(node, timer, bytes)?)
            }
            Handled::Link { from, link, bytes } => {
                let edge = self.edge(from, link).ok_or(ReplayError::Unknown { record })?;
                let sent = edge.waiting.pop_front().map(|(_, message)| message);
                let wired = &self.wiring.links(from)[link.0 as usize];
                if wired.to() != node {
                    return Err(ReplayError::Unknown { record });
                }
                (from, Origin::Link { link, channel: wired.channel() }, self.compare(node, sent, bytes)?)
            }
        };
        self.stats.count(origin);
        self.ended = self.ended.max(now);
        let state = &mut self.desks[node.0 as usize].digest;
        state.absorb(now, from, &message);
        let got = state.value();
        if got != digest {
            return Err(ReplayError::Digest { record, node: self.name(node), expected: digest, got });
        }
        observer.before(&Delivery { now, to: node, from, origin, message: &message });
        let handled = handle_caught(&mut self.nodes[node.0 as usize], now, from, message, &mut self.mail);
        self.file(now, node)?;
        if let Err(text) = handled {
            self.desks[node.0 as usize].failure = Some(anyhow::anyhow!("panicked: {text}"));
        }
        observer.after(now, node, &self.nodes).map_err(|error| ReplayError::Observed { record, error })
    }

    /// The message that was sent again, if it is the recorded one.
    fn compare(&mut self, node: NodeId, sent: Option<Message>, expected: &[u8]) -> Result<Message, ReplayError> {
        let (record, name) = (self.record, self.name(node));
        let Some(message) = sent else {
            return Err(ReplayError::Missing { record, node: name, expected: hexadecimal(expected) });
        };
        self.scratch.clear();
        encode_message(&message, &mut self.scratch);
        if self.scratch == expected {
            return Ok(message);
        }
        let got = format!("{message:?} ({})", hexadecimal(&self.scratch));
        Err(ReplayError::Differs { record, node: name, expected: hexadecimal(expected), got })
    }

    /// Takes the mail apart.
    fn file(&mut self, now: Timestamp, node: NodeId) -> Result<(), ReplayError> {
        let desk = &mut self.desks[node.0 as usize];
        for Outgoing { route, message } in self.mail.drain() {
            match route {
                Route::Link(link) => {
                    let edge =
                        desk.edges.get_mut(link.0 as usize).ok_or(ReplayError::Unknown { record: self.record })?;
                    edge.waiting.push_back((edge.sent, message));
                    edge.sent += 1;
                }
                Route::At(when) => {
                    desk.timers.insert((when.max(now), desk.timers_set), message);
                    desk.timers_set += 1;
                }
            }
        }
        desk.failure = self.mail.take_failure().or(desk.failure.take());
        Ok(())
    }

    fn dropped(&mut self, from: NodeId, link: LinkId, number: u64) -> Result<(), ReplayError> {
        let record = self.record;
        let edge = self.edge(from, link).ok_or(ReplayError::Unknown { record })?;
        let Ok(at) = edge.waiting.binary_search_by_key(&number, |(number, _)| *number) else {
            let expected = format!("message {number} of link {}, to drop it", link.0);
            return Err(ReplayError::Missing { record, node: self.name(from), expected });
        };
        edge.waiting.remove(at);
        match self.wiring.links(from)[link.0 as usize].channel() {
            Channel::Data => self.stats.data_dropped += 1,
            Channel::Orders | Channel::Reports => self.stats.undelivered += 1,
        }
        Ok(())
    }

    fn edge(&mut self, from: NodeId, link: LinkId) -> Option<&mut Edge> {
        self.desks.get_mut(from.0 as usize)?.edges.get_mut(link.0 as usize)
    }

    fn name(&self, node: NodeId) -> String {
        self.wiring.name(node).to_owned()
    }

    fn verdict(mut self) -> Result<Ran<N>, ReplayError> {
        let edges = self.desks.iter().flat_map(|desk| &desk.edges);
        self.stats.undelivered += edges.map(|edge| edge.waiting.len() as u64).sum::<u64>();
        let digests = self.digests().collect();
        Ok(Ran { nodes: self.nodes, stats: self.stats, digests, ended: self.ended, outcome: Ok(()) })
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes any text");
        text
    })
}
