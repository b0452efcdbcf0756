//! Writing a journal. Invariant: only whole frames are handed to the file, so only what the file itself tears is torn.

use super::{
    At, DriverWord, Head, JOURNAL_BYTES_MAX, JOURNAL_HEADER_MAX, JOURNAL_RECORD_MAX, JournalError, JournalHeader,
    MAGIC, encode, encode_message,
};
use crate::world::digest::Digest;
use crate::world::message::{LinkId, NodeId};
use crate::world::run::{Delivery, Origin};
use std::fmt;
use std::io::Write;

/// How many bytes are gathered before they are handed to the file.
const CHUNK: usize = 16 << 10;

/// Writes records; buffered. Dropping it writes what is buffered, so a journal is valid however its run ends.
///
/// Example: [`replay`](crate::world::replay()).
pub struct JournalWriter {
    out: Box<dyn Write + Send>,
    buffer: Vec<u8>,
    /// Bytes handed to `out` so far.
    written: u64,
    limit: u64,
    /// After a failure nothing more is written: what follows a hole would not be a prefix.
    failed: bool,
}

impl fmt::Debug for JournalWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JournalWriter")
            .field("written", &self.written)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

impl JournalWriter {
    /// A journal in `out`, at most [`JOURNAL_BYTES_MAX`] long. The header is written at once.
    ///
    /// # Errors
    /// When the header is too long or `out` refuses it.
    pub fn new(out: impl Write + Send + 'static, header: &JournalHeader) -> Result<Self, JournalError> {
        let mut writer = Self {
            out: Box::new(out),
            buffer: Vec::with_capacity(CHUNK + JOURNAL_RECORD_MAX),
            written: 0,
            limit: JOURNAL_BYTES_MAX,
            failed: false,
        };
        writer.buffer.extend_from_slice(&MAGIC);
        writer.frame(JOURNAL_HEADER_MAX, |body| encode(header, body))?;
        writer.flush()?;
        Ok(writer)
    }

    /// Another limit for its length, in bytes.
    #[must_use]
    pub const fn limited(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// Records a delivery, before it happens; `digest` is the node's, this delivery included.
    ///
    /// # Errors
    /// When the file fails or the limit is reached.
    pub fn handled(&mut self, delivery: &Delivery<'_>, digest: Digest) -> Result<(), JournalError> {
        let at = At { node: delivery.to.0, now: delivery.now.nanos(), digest: digest.0.to_le_bytes() };
        self.frame(JOURNAL_RECORD_MAX, |body| match delivery.origin {
            Origin::Link { link, .. } => {
                encode(&Head::Link { at, from: delivery.from.0, link: link.0 }, body);
                encode_message(delivery.message, body);
            }
            Origin::Timer => {
                encode(&Head::Timer { at }, body);
                encode_message(delivery.message, body);
            }
            Origin::Driver => {
                encode(&Head::Driver { at }, body);
                encode(&DriverWord::of(delivery.message).expect("one of the driver's own messages"), body);
            }
        })?;
        if self.buffer.len() >= CHUNK { self.hand_over() } else { Ok(()) }
    }

    /// Records that the `number`th message, from 0, sent over a link was dropped. Comes after its sender's record.
    ///
    /// # Errors
    /// When the file fails or the limit is reached.
    pub fn dropped(&mut self, from: NodeId, link: LinkId, number: u64) -> Result<(), JournalError> {
        self.frame(JOURNAL_RECORD_MAX, |body| encode(&Head::Dropped { from: from.0, link: link.0, number }, body))
    }

    /// Hands everything to the file.
    ///
    /// # Errors
    /// When the file fails.
    pub fn flush(&mut self) -> Result<(), JournalError> {
        self.hand_over()?;
        let flushed = self.out.flush();
        self.failed |= flushed.is_err();
        Ok(flushed?)
    }

    /// True after any error: nothing more can be recorded.
    pub const fn has_failed(&self) -> bool {
        self.failed
    }

    /// Ends the journal with the run's digest.
    ///
    /// # Errors
    /// When the file fails or the limit is reached.
    pub fn end(&mut self, digest: Digest) -> Result<(), JournalError> {
        self.frame(JOURNAL_RECORD_MAX, |body| encode(&Head::End { digest: digest.0.to_le_bytes() }, body))?;
        self.flush()
    }

    /// Appends a frame to the buffer.
    fn frame(&mut self, longest: usize, body: impl FnOnce(&mut Vec<u8>)) -> Result<(), JournalError> {
        let start = self.buffer.len();
        self.buffer.extend_from_slice(&[0; 8]);
        body(&mut self.buffer);
        let (prefix, body) = self.buffer[start..].split_at_mut(8);
        let (length, crc) = (body.len(), crc32fast::hash(body));
        let end = self.written + (start + 8 + length) as u64;
        if length > longest || end > self.limit {
            self.buffer.truncate(start);
            self.failed = true;
            return Err(if length > longest { JournalError::TooLong(length) } else { JournalError::Full(self.limit) });
        }
        prefix[..4].copy_from_slice(&u32::try_from(length).expect("checked above").to_le_bytes());
        prefix[4..].copy_from_slice(&crc.to_le_bytes());
        Ok(())
    }

    /// Hands the buffer to the file, without asking the file to flush.
    ///
    /// # Errors
    /// When the file fails.
    pub fn hand_over(&mut self) -> Result<(), JournalError> {
        let handed = self.out.write_all(&self.buffer);
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        self.failed |= handed.is_err();
        Ok(handed?)
    }
}

impl Drop for JournalWriter {
    fn drop(&mut self) {
        // After a failure the buffer may hold whole records that precede it: they are good, the file decides.
        if self.hand_over().and_then(|()| Ok(self.out.flush()?)).is_err() && !self.failed {
            tracing::warn!("the journal's last records could not be written");
        }
    }
}
