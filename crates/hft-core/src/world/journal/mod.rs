//! The journal: what a run needs to be run again, written while it happens.
//!
//! Invariant: whatever cut a journal short, what stands in it is a prefix of the run and replays.
//!
//! # Format, version 1
//!
//! Magic `HFTJRNL1`, then frames. A frame is the length of its body and the body's CRC-32, both 32 bits little-endian,
//! then the body, in [postcard](https://postcard.jamesmunns.com/wire-format)'s encoding. The first frame is the
//! [`JournalHeader`]; every later one is a record: its [`Head`], and for a delivery the bytes of the message.
//!
//! A delivery's record is written before the node handles it, so before anything that it says is handled in turn: read
//! in order, every message's sender has been read before its receiver. Messages are written so that a replay can compare
//! them, not so that they can be read back: an approved command cannot be made from bytes.
//!
//! Left out: compression, and an index. A journal is read from the front.

mod background;
mod reader;
mod writer;

pub use background::Background;
pub use reader::{Handled, JournalReader, Record};
pub use writer::JournalWriter;

use super::message::{LinkId, Message};
use crate::models::{AccountId, BookId, Timestamp};
use serde::{Deserialize, Serialize};

/// First bytes of every journal; the last one is the version of the format.
const MAGIC: [u8; 8] = *b"HFTJRNL1";

/// The largest header in bytes: the full configuration must fit.
pub const JOURNAL_HEADER_MAX: usize = 16 << 20;

/// The largest record in bytes; no message comes near it.
pub const JOURNAL_RECORD_MAX: usize = 64 << 10;

/// The largest journal in bytes, where the writer is given no other limit.
pub const JOURNAL_BYTES_MAX: u64 = 16 << 30;

/// Everything that decides a run, beside the code.
///
/// Example: [`replay`](crate::world::replay()).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct JournalHeader {
    /// The run's seed.
    pub seed: u64,
    /// When it stops.
    pub until: Timestamp,
    /// Names of the nodes, in node order.
    pub nodes: Vec<String>,
    /// The full configuration, in the caller's encoding.
    pub configuration: Vec<u8>,
}

/// What a record is about; in the file, before the message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
enum Head {
    /// A node handled a message that came over a link.
    Link { at: At, from: u32, link: u32 },
    /// A node handled its earliest timer.
    Timer { at: At },
    /// A node handled a message of the driver's.
    Driver { at: At },
    /// A message found its receiver's queue full and was dropped: the `number`th, from 0, that was sent over the link.
    Dropped { from: u32, link: u32, number: u64 },
    /// The run ended here, with this digest.
    End { digest: [u8; 8] },
}

/// Which node, when, and its digest after the delivery.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct At {
    node: u32,
    now: u64,
    digest: [u8; 8],
}

/// The driver's own messages: the only ones that are read back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
enum DriverWord {
    Start,
    Stop,
    Resend { book: BookId, link: u32 },
    Disconnected(AccountId),
}

impl DriverWord {
    fn of(message: &Message) -> Option<Self> {
        match message {
            Message::Start => Some(DriverWord::Start),
            Message::Stop => Some(DriverWord::Stop),
            Message::Resend { book, link } => Some(DriverWord::Resend { book: *book, link: link.0 }),
            Message::Disconnected(account) => Some(DriverWord::Disconnected(*account)),
            Message::Wake(_)
            | Message::Command(_)
            | Message::Approved(_)
            | Message::Report(_)
            | Message::Refused(_)
            | Message::Market(_)
            | Message::News(_)
            | Message::Trade(_)
            | Message::Fill(_)
            | Message::Order(_)
            | Message::Statement(_)
            | Message::Halted(_)
            | Message::Panicked => None,
        }
    }

    fn message(self) -> Message {
        match self {
            DriverWord::Start => Message::Start,
            DriverWord::Stop => Message::Stop,
            DriverWord::Resend { book, link } => Message::Resend { book, link: LinkId(link) },
            DriverWord::Disconnected(account) => Message::Disconnected(account),
        }
    }
}

/// Why a journal cannot be written or read. Each is one sentence.
///
/// Example: [`replay`](crate::world::replay()).
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The disk is full, the file is gone, and the like.
    #[error("the journal failed: {0}")]
    Io(#[from] std::io::Error),
    /// It has grown to its limit.
    #[error("the journal has reached its limit of {0} bytes")]
    Full(u64),
    /// The disk does not keep up with the run.
    #[error("the disk is too slow for the journal: {0} bytes wait")]
    DiskTooSlow(usize),
    /// A message or a header is too long to record.
    #[error("{0} bytes are too many for one record of the journal")]
    TooLong(usize),
    /// The file does not begin like a journal.
    #[error("this is not a journal")]
    NotAJournal,
    /// The file was written by another version.
    #[error("this journal has format {0:?}, and only format '1' can be read")]
    WrongVersion(char),
    /// The journal's run is not the one it is compared with.
    #[error("this journal is of another run: its {0} differs")]
    OtherRun(&'static str),
    /// The file was changed after it was written.
    #[error("the journal is damaged at record {0}")]
    Damaged(u64),
}

/// Appends bytes to a vector: where postcard writes to.
struct Tail<'a>(&'a mut Vec<u8>);

impl postcard::ser_flavors::Flavor for Tail<'_> {
    type Output = ();

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

/// Appends a value in the journal's encoding.
pub(super) fn encode(value: &impl Serialize, bytes: &mut Vec<u8>) {
    postcard::serialize_with_flavor(value, Tail(bytes))
        .expect("a vector takes any number of bytes, and lengths are known");
}

/// Appends a message as a journal has it.
pub(super) fn encode_message(message: &Message, bytes: &mut Vec<u8>) {
    encode(message, bytes);
}
