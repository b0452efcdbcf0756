//! Binary records of a stream of bytes, one at a time, in a buffer that is used again.

use crate::bad_record::{BadRecord, Place, ReadError};
use crate::source::Bytes;
use std::io::{self, Read};

/// Bytes that are looked at before they are taken.
pub(crate) struct Blocks {
    bytes: Bytes,
    file: String,
    buffer: Box<[u8]>,
    from: usize,
    to: usize,
    /// The place in the content of what stands at `from`.
    offset: u64,
    is_ended: bool,
}

const CHUNK: usize = 256 * 1024;

impl Blocks {
    /// Most bytes that can be asked for at once.
    pub(crate) const MAX_BLOCK: usize = 1024;

    pub(crate) fn new(bytes: Bytes, file: String) -> Self {
        Self { bytes, file, buffer: vec![0; CHUNK].into(), from: 0, to: 0, offset: 0, is_ended: false }
    }

    /// The next `count` bytes, or as many as are left before the end of the file.
    pub(crate) fn peek(&mut self, count: usize) -> Result<&[u8], ReadError> {
        assert!(count <= Self::MAX_BLOCK, "a block is small");
        while self.to - self.from < count && !self.is_ended {
            self.fill()?;
        }
        Ok(&self.buffer[self.from..self.to.min(self.from + count)])
    }

    /// Passes over bytes that were looked at.
    pub(crate) fn skip(&mut self, count: usize) {
        assert!(count <= self.to - self.from, "only what was looked at can be passed over");
        self.from += count;
        self.offset += u64::try_from(count).expect("a length fits");
    }

    fn fill(&mut self) -> Result<(), ReadError> {
        self.buffer.copy_within(self.from..self.to, 0);
        self.to -= self.from;
        self.from = 0;
        loop {
            match self.bytes.read(&mut self.buffer[self.to..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(count) => {
                    self.to += count;
                    self.is_ended = count == 0;
                    return Ok(());
                }
                Err(error) => {
                    self.is_ended = true;
                    self.from = self.to;
                    return Err(self.broken(error.to_string().as_bytes(), "the file to go on"));
                }
            }
        }
    }

    /// An error from which there is no way to the next record. Nothing more is read.
    pub(crate) fn broken(&mut self, found: &[u8], expected: &str) -> ReadError {
        let error = ReadError::Broken(BadRecord::new(&self.file, Place::Offset(self.offset), found, expected));
        self.is_ended = true;
        self.from = self.to;
        error
    }

    /// An error of a record that began `back` bytes ago.
    pub(crate) fn bad(&self, back: usize, found: &[u8], expected: &str) -> ReadError {
        let at = self.offset - u64::try_from(back).expect("a length fits");
        BadRecord::new(&self.file, Place::Offset(at), found, expected).into()
    }

    /// Where the next record begins.
    pub(crate) const fn offset(&self) -> u64 {
        self.offset
    }
}
