//! Lines of a stream of bytes, one at a time, in a buffer that is used again and has a limit.

use crate::bad_record::{BadRecord, Place, ReadError};
use crate::source::Bytes;
use std::io::{self, Read};

/// Lines, with their numbers and the name of the file for errors.
pub(crate) struct Lines {
    bytes: Bytes,
    file: String,
    buffer: Vec<u8>,
    /// What is read and not yet given out.
    from: usize,
    to: usize,
    line: u64,
    is_ended: bool,
}

const CHUNK: usize = 256 * 1024;

impl Lines {
    /// Longest line that is read, in bytes. An image of a deep book takes a few millions.
    pub(crate) const MAX_LINE: usize = 32 << 20;

    pub(crate) fn new(bytes: Bytes, file: String) -> Self {
        Self { bytes, file, buffer: vec![0; CHUNK], from: 0, to: 0, line: 0, is_ended: false }
    }

    /// The next line without its end, or `None` at the end of the file. Empty lines are passed over.
    ///
    /// # Errors
    /// `Bad` for a line beyond the limit, which is passed over; `Broken` where compressed content ends too early or is
    /// damaged; `Io` where it cannot be read.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, ReadError> {
        loop {
            let Some((from, to)) = self.find_line()? else { return Ok(None) };
            let end = if to > from && self.buffer[to - 1] == b'\r' { to - 1 } else { to };
            if end > from {
                return Ok(Some(&self.buffer[from..end]));
            }
        }
    }

    /// The bounds of the next line in the buffer.
    fn find_line(&mut self) -> Result<Option<(usize, usize)>, ReadError> {
        let mut searched = self.from;
        let mut is_too_long = false;
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.buffer[searched..self.to]) {
                let (from, to) = (self.from, searched + at);
                self.from = to + 1;
                self.line += 1;
                if is_too_long {
                    return Err(self.too_long());
                }
                return Ok(Some((from, to)));
            }
            if self.is_ended {
                if self.from == self.to && !is_too_long {
                    return Ok(None);
                }
                let (from, to) = (self.from, self.to);
                self.from = self.to;
                self.line += 1;
                return if is_too_long { Err(self.too_long()) } else { Ok(Some((from, to))) };
            }
            if is_too_long || self.to - self.from >= Self::MAX_LINE {
                is_too_long = true;
                self.from = self.to; // what is passed over need not be kept
            }
            searched = self.fill()?;
        }
    }

    /// Reads more behind what is there; returns where the new begins.
    fn fill(&mut self) -> Result<usize, ReadError> {
        self.buffer.copy_within(self.from..self.to, 0);
        self.to -= self.from;
        self.from = 0;
        if self.buffer.len() - self.to < CHUNK / 2 {
            let room = (self.buffer.len() * 2).min(Self::MAX_LINE + 2 * CHUNK);
            self.buffer.resize(room, 0);
        }
        let at = self.to;
        let count = loop {
            match self.bytes.read(&mut self.buffer[at..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(count) => break count,
                Err(error) => return Err(self.broken(error)),
            }
        };
        self.is_ended = count == 0;
        self.to += count;
        Ok(at)
    }

    fn too_long(&self) -> ReadError {
        self.bad(b"", format!("a line of at most {} bytes", Self::MAX_LINE)).into()
    }

    /// Compressed content that breaks says so as an error of its kind; after it there is nothing more.
    fn broken(&mut self, error: io::Error) -> ReadError {
        self.is_ended = true;
        self.from = self.to;
        let place = Place::Line(self.line + 1);
        ReadError::Broken(BadRecord::new(&self.file, place, error.to_string().as_bytes(), "the file to go on"))
    }

    /// An error of the line that was given out last.
    pub(crate) fn bad(&self, found: &[u8], expected: impl Into<String>) -> BadRecord {
        BadRecord::new(&self.file, Place::Line(self.line), found, expected)
    }

    /// The place of the line that was given out last.
    pub(crate) const fn place(&self) -> Place {
        Place::Line(self.line)
    }

    /// True where the last line that was given out has no end: the file was cut there, or its writer saves a byte.
    pub(crate) const fn is_cut(&self) -> bool {
        self.is_ended && self.from == self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &'static [u8]) -> Lines {
        Lines::new(Box::new(text), "x".to_owned())
    }

    #[test]
    fn lines_end_as_they_please() {
        let mut lines = lines(b"a\r\n\n\nbc\nd");
        assert_eq!(lines.next().expect("readable"), Some(&b"a"[..]));
        assert_eq!(lines.next().expect("readable"), Some(&b"bc"[..]));
        assert_eq!(lines.place(), Place::Line(4));
        assert_eq!(lines.next().expect("readable"), Some(&b"d"[..]));
        assert_eq!(lines.next().expect("readable"), None);
        assert_eq!(lines.next().expect("readable"), None);
    }

    #[test]
    fn a_line_without_end_is_refused_and_passed_over() {
        let endless = io::repeat(b'x').take(3 * Lines::MAX_LINE as u64).chain(&b"\nnext\n"[..]);
        let mut lines = Lines::new(Box::new(endless), "x".to_owned());
        assert!(matches!(lines.next(), Err(ReadError::Bad(bad)) if bad.place == Place::Line(1)));
        assert_eq!(lines.next().expect("readable"), Some(&b"next"[..]));
        assert!(lines.buffer.len() <= Lines::MAX_LINE + 2 * CHUNK);
    }
}
