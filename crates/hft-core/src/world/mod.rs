//! How nodes meet: messages, links with latency, and the two drivers that deliver envelopes.

mod digest;
mod histogram;
mod journal;
mod latency;
mod link;
mod lockstep;
mod message;
mod queue;
mod realtime;
mod replay;
mod run;
mod stream;

pub use digest::{Digest, DigestHasher, NodeDigest};
pub use histogram::Histogram;
pub use journal::{
    Background, Handled, JOURNAL_BYTES_MAX, JOURNAL_HEADER_MAX, JOURNAL_RECORD_MAX, JournalError, JournalHeader,
    JournalReader, JournalWriter, Record,
};
pub use latency::{Jitter, LATENCY_MAX_NS, Latency};
pub use link::{Link, Wiring, WiringError};
pub use lockstep::{Lockstep, Observer, Unobserved};
pub use message::{
    Channel, FillRecord, LinkId, Machine, Mail, Message, NodeId, Outgoing, Refusal, Route, Statement, TradeParty,
    TradeRecord, TraderId,
};
pub use queue::{LANES_MAX, LaneId, Queue};
pub use realtime::{DRAIN, Drained, EARLY, Limits, Realtime, RealtimeRan, StoppedBy};
pub use replay::{Ending, ReplayError, replay};
pub use run::{Delivery, Origin, Ran, RunError, SETTLE, SETTLE_DELIVERIES_MAX, Stats};
pub use stream::stream;
