//! `conformance book`: put questions to the market's rules, one JSON object per line. See `CONFORMANCE.md`.

use hft_core::exchange::MatchingEngine;
use hft_tests::conformance::{book::BookSession, serve};
use std::process::ExitCode;

/// Wrong usage, by the workspace's table of exit codes.
const USAGE: u8 = 2;

fn main() -> anyhow::Result<ExitCode> {
    let subject = std::env::args().nth(1);
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    match subject.as_deref() {
        Some("book") => serve(&mut BookSession::<MatchingEngine>::new(), &mut input, &mut output)?,
        _ => {
            eprintln!("usage: conformance book   (JSON lines on stdin, answers on stdout)");
            return Ok(ExitCode::from(USAGE));
        }
    }
    Ok(ExitCode::SUCCESS)
}
