//! `conformance book`, `gate` and `depth`: put questions to the market's rules, to the risk gate and to the synchroniser of
//! depth streams, one JSON object per line.

use hft_core::exchange::MatchingEngine;
use hft_tests::conformance::{book::BookSession, depth::DepthSession, gate::GateSession, serve};
use std::process::ExitCode;

/// Wrong usage, by the workspace's table of exit codes.
const USAGE: u8 = 2;

fn main() -> anyhow::Result<ExitCode> {
    let subject = std::env::args().nth(1);
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    match subject.as_deref() {
        Some("book") => serve(&mut BookSession::<MatchingEngine>::new(), &mut input, &mut output)?,
        Some("gate") => serve(&mut GateSession::new(), &mut input, &mut output)?,
        Some("depth") => serve(&mut DepthSession::new(), &mut input, &mut output)?,
        _ => {
            eprintln!("usage: conformance book|gate|depth   (JSON lines on stdin, answers on stdout)");
            return Ok(ExitCode::from(USAGE));
        }
    }
    Ok(ExitCode::SUCCESS)
}
