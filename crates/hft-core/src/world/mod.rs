//! How nodes meet: messages, links with latency, and the two drivers that deliver envelopes.

mod assembly;
mod closing;
mod digest;
mod directory;
pub mod draws;
mod histogram;
mod journal;
mod latency;
mod link;
mod lockstep;
mod message;
mod node;
mod queue;
mod realtime;
mod record;
mod replay;
mod run;
mod stream;

pub use assembly::{Connection, Replayed, Simulated, World, WorldError};
pub use closing::{ClosingError, close_books};
pub use digest::{Digest, DigestHasher, NodeDigest};
pub use directory::Directory;
pub use histogram::Histogram;
pub use journal::{
    Background, Handled, JOURNAL_BYTES_MAX, JOURNAL_HEADER_MAX, JOURNAL_RECORD_MAX, JournalError, JournalHeader,
    JournalReader, JournalWriter, Record,
};
pub use latency::{Jitter, LATENCY_MAX_NS, Latency};
pub use link::{Link, Wiring, WiringError};
pub use lockstep::{Lockstep, Observer, Unobserved};
pub use message::{Channel, LinkId, Machine, Mail, Message, NodeId, Outgoing, Route, TraderId};
pub use node::Node;
pub use queue::{LANES_MAX, LaneId, Queue};
pub use realtime::{DRAIN, Drained, EARLY, QueueLimits, Realtime, RealtimeRan, StoppedBy};
pub use record::{FillRecord, Instruction, OrderRecord, Refusal, RiskHalt, Statement, TradeParty, TradeRecord};
pub use replay::{Ending, ReplayError, replay, replay_observed};
pub use run::{Delivery, Origin, Ran, RunError, SETTLE, SETTLE_DELIVERIES_MAX, Stats};
pub use stream::stream;
