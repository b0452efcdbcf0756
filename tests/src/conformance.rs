//! The conformance program: JSON lines in, JSON lines out, over the real types. No rule of the market lives here.
//!
//! One object per line; a line that is malformed (not an object, an unknown command, a missing or mistyped field, a
//! fraction where an integer belongs) is answered `{"error": ..}` and changes nothing. What is well formed but not
//! allowed is a `reject` with its reason. Unknown fields are ignored; `null` is the same as absent.

pub mod book;
pub mod depth;
mod exact;
mod fields;
pub mod gate;
mod ledger;
mod order_entry;
mod parameters;

use serde_json::{Value, json};
use std::io::{self, BufRead, Write};

/// One subject of questions: what stands behind a subcommand.
pub trait Session {
    /// The first line of output: what this subject chose where rules differ.
    fn policies(&self) -> Value;
    /// The answer to one line.
    fn answer(&mut self, line: &str) -> Value;
}

/// Longest line that is read as a command, in bytes.
pub const MAX_LINE: usize = 1 << 20;

/// Answers every line of `input` on `output`, flushed one by one, until the input ends.
///
/// # Errors
/// When a line cannot be read or an answer cannot be written.
pub fn serve(session: &mut impl Session, input: &mut impl BufRead, output: &mut impl Write) -> io::Result<()> {
    writeln!(output, "{}", session.policies())?;
    output.flush()?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let answer = match std::str::from_utf8(&line) {
            Ok(_) if line.len() > MAX_LINE => json!({ "error": format!("a line has at most {MAX_LINE} bytes") }),
            Ok(text) => session.answer(text.trim()),
            Err(error) => json!({ "error": error.to_string() }),
        };
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
}
