//! Reading a journal. Invariant: what is returned was written whole; a torn tail is cut with a warning, and a change
//! before the tail is an error.

use super::{DriverWord, Head, JOURNAL_HEADER_MAX, JOURNAL_RECORD_MAX, JournalError, JournalHeader, MAGIC};
use crate::models::Timestamp;
use crate::world::digest::Digest;
use crate::world::message::{LinkId, Message, NodeId};
use std::io::Read;

/// One record, as read.
///
/// Example: [`replay`](crate::world::replay()).
#[derive(PartialEq, Eq, Debug)]
pub enum Record<'a> {
    /// A node handled a message.
    Handled {
        /// Which node.
        node: NodeId,
        /// Its time.
        now: Timestamp,
        /// Its digest after the delivery.
        digest: Digest,
        /// What it handled.
        what: Handled<'a>,
    },
    /// A message was dropped at a full queue.
    Dropped {
        /// Who sent it.
        from: NodeId,
        /// Over which link.
        link: LinkId,
        /// Which of the link's messages, from 0.
        number: u64,
    },
    /// The run ended here, with this digest.
    End(Digest),
}

/// What a node handled, as a journal has it: bytes to compare with, except for the driver's own messages.
///
/// Example: [`replay`](crate::world::replay()).
#[derive(PartialEq, Eq, Debug)]
pub enum Handled<'a> {
    /// The next message of a link.
    Link {
        /// Who sent it.
        from: NodeId,
        /// Over which link.
        link: LinkId,
        /// The message, encoded.
        bytes: &'a [u8],
    },
    /// The node's earliest timer.
    Timer {
        /// The message, encoded.
        bytes: &'a [u8],
    },
    /// The driver's message.
    Driver(Message),
}

/// Reads records from the front.
///
/// Example: [`replay`](crate::world::replay()).
#[derive(Debug)]
pub struct JournalReader<R> {
    input: R,
    header: JournalHeader,
    body: Vec<u8>,
    records: u64,
}

/// A frame, or why there is none.
enum Frame {
    Whole,
    Torn,
    End,
}

impl<R: Read> JournalReader<R> {
    /// Reads the header. Buffer the input: frames are small.
    ///
    /// # Errors
    /// When the input is not a journal of this version, or its header is damaged.
    pub fn new(mut input: R) -> Result<Self, JournalError> {
        let mut magic = [0; 8];
        let read = read_up_to(&mut input, &mut magic)?;
        if read < magic.len() || magic[..7] != MAGIC[..7] {
            return Err(JournalError::NotAJournal);
        }
        if magic[7] != MAGIC[7] {
            return Err(JournalError::WrongVersion(char::from(magic[7])));
        }
        let mut body = Vec::new();
        let Frame::Whole = next_frame(&mut input, &mut body, JOURNAL_HEADER_MAX)? else {
            return Err(JournalError::Damaged(0));
        };
        let header = postcard::from_bytes(&body).map_err(|_| JournalError::Damaged(0))?;
        Ok(Self { input, header, body, records: 0 })
    }

    /// What decided the run.
    pub const fn header(&self) -> &JournalHeader {
        &self.header
    }

    /// How many records have been read.
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// Refuses a journal of another run than the one expected.
    ///
    /// # Errors
    /// [`JournalError::OtherRun`] names the first part that differs.
    pub fn check(&self, expected: &JournalHeader) -> Result<(), JournalError> {
        let header = &self.header;
        let same = [
            (header.configuration == expected.configuration, "configuration"),
            (header.seed == expected.seed, "seed"),
            (header.nodes == expected.nodes, "list of nodes"),
            (header.until == expected.until, "length"),
        ];
        same.iter().find(|(same, _)| !same).map_or(Ok(()), |(_, what)| Err(JournalError::OtherRun(what)))
    }

    /// The next record; `None` at the end or at a torn tail.
    ///
    /// # Errors
    /// When the input fails or was changed.
    pub fn next_record(&mut self) -> Result<Option<Record<'_>>, JournalError> {
        match next_frame(&mut self.input, &mut self.body, JOURNAL_RECORD_MAX) {
            Ok(Frame::Whole) => {}
            Ok(Frame::End) => return Ok(None),
            Ok(Frame::Torn) => {
                tracing::warn!(records = self.records, "the journal's tail is torn; what precedes it is replayed");
                return Ok(None);
            }
            Err(JournalError::Damaged(_)) => return Err(JournalError::Damaged(self.records + 1)),
            Err(error) => return Err(error),
        }
        self.records += 1;
        parse(&self.body).map(Some).ok_or(JournalError::Damaged(self.records))
    }
}

fn parse(body: &[u8]) -> Option<Record<'_>> {
    let (head, bytes) = postcard::take_from_bytes::<Head>(body).ok()?;
    let (at, what) = match head {
        Head::Link { at, from, link } => (at, Handled::Link { from: NodeId(from), link: LinkId(link), bytes }),
        Head::Timer { at } => (at, Handled::Timer { bytes }),
        Head::Driver { at } => (at, Handled::Driver(postcard::from_bytes::<DriverWord>(bytes).ok()?.message())),
        Head::Dropped { from, link, number } => {
            return Some(Record::Dropped { from: NodeId(from), link: LinkId(link), number });
        }
        Head::End { digest } => return Some(Record::End(Digest(u64::from_le_bytes(digest)))),
    };
    let digest = Digest(u64::from_le_bytes(at.digest));
    Some(Record::Handled { node: NodeId(at.node), now: Timestamp::new(at.now), digest, what })
}

/// Reads a frame into `body`. A bad frame is torn if nothing but zeros follows it: a file system may have extended the
/// file before it wrote the bytes.
fn next_frame(input: &mut impl Read, body: &mut Vec<u8>, longest: usize) -> Result<Frame, JournalError> {
    let mut prefix = [0; 8];
    match read_up_to(input, &mut prefix)? {
        0 => return Ok(Frame::End),
        8 => {}
        _ => return Ok(Frame::Torn),
    }
    let [length, crc] = [0, 4].map(|at| u32::from_le_bytes(prefix[at..at + 4].try_into().expect("four bytes")));
    let length = length as usize;
    if length == 0 || length > longest {
        return torn_if_last(input, &prefix);
    }
    body.resize(length, 0);
    if read_up_to(input, body)? < length {
        return Ok(Frame::Torn);
    }
    if crc32fast::hash(body) != crc { torn_if_last(input, &[]) } else { Ok(Frame::Whole) }
}

fn torn_if_last(input: &mut impl Read, prefix: &[u8]) -> Result<Frame, JournalError> {
    let mut rest = [0; 4096];
    let mut zeros = prefix.iter().all(|&byte| byte == 0);
    while zeros {
        match read_up_to(input, &mut rest)? {
            0 => return Ok(Frame::Torn),
            read => zeros = rest[..read].iter().all(|&byte| byte == 0),
        }
    }
    Err(JournalError::Damaged(0))
}

/// Reads until the buffer is full or the input ends.
fn read_up_to(input: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        match input.read(&mut buffer[read..]) {
            Ok(0) => break,
            Ok(count) => read += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}
