//! The first stage: bytes that are a headline, or the reason why they are none.

/// A headline is no longer than this, bytes; what is longer is a body, or an attack.
pub const TEXT_MAX: usize = 4_096;

/// Why bytes cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, thiserror::Error)]
pub enum Unreadable {
    /// There is nothing.
    #[error("an empty headline")]
    Empty,
    /// More than a headline.
    #[error("a headline of {0} bytes; at most {TEXT_MAX} are read")]
    TooLong(usize),
    /// Not text.
    #[error("no UTF-8 at byte {0}")]
    NotUtf8(usize),
}

/// A headline.
///
/// # Errors
/// With the reason; nothing that is refused is ever traded on.
pub fn parse(bytes: &[u8]) -> Result<&str, Unreadable> {
    if bytes.len() > TEXT_MAX {
        return Err(Unreadable::TooLong(bytes.len()));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| Unreadable::NotUtf8(error.valid_up_to()))?;
    if text.trim().is_empty() { Err(Unreadable::Empty) } else { Ok(text) }
}
