//! One line of plain CSV: fields without quotes, which is how exchanges and vendors write numbers and names.

/// A line's fields.
pub(crate) struct Fields<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> Fields<'a> {
    pub(crate) const fn of(line: &'a [u8]) -> Self {
        Self { rest: Some(line) }
    }

    /// The next field, or what was expected in its place.
    pub(crate) fn next(&mut self, expected: &'static str) -> Result<&'a [u8], &'static str> {
        let rest = self.rest.ok_or(expected)?;
        match memchr::memchr(b',', rest) {
            Some(comma) => {
                self.rest = Some(&rest[comma + 1..]);
                Ok(&rest[..comma])
            }
            None => {
                self.rest = None;
                Ok(rest)
            }
        }
    }

    /// The next field as text.
    pub(crate) fn text(&mut self, expected: &'static str) -> Result<&'a str, &'static str> {
        std::str::from_utf8(self.next(expected)?).map_err(|_| expected)
    }
}
