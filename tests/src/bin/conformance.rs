//! Puts questions to the risk gate: one JSON object per line in, one per line out.

use hft_tests::conformance::gate::GateSession;
use std::io::{BufRead, Write};

fn main() -> anyhow::Result<()> {
    let mut session = GateSession::new();
    let mut output = std::io::stdout().lock();
    writeln!(output, "{}", session.policies())?;
    output.flush()?;
    for line in std::io::stdin().lock().lines() {
        writeln!(output, "{}", session.answer(&line?))?;
        output.flush()?;
    }
    Ok(())
}
