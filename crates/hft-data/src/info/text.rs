//! What is in a file, for a terminal.

use super::{Info, InstrumentStats, TouchStats};
use std::fmt;

/// How many instruments are shown.
const MAX_SHOWN: usize = 8;

impl fmt::Display for Info {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.file)?;
        writeln!(f, "  format       {}, {} records, {} events", self.format, self.records, self.events)?;
        if let Some([first, last]) = &self.span {
            writeln!(f, "  span         {first} to {last} ({:.3} s)", self.seconds)?;
        }
        let mut shown: Vec<&InstrumentStats> = self.instruments.iter().collect();
        shown.sort_by_key(|one| std::cmp::Reverse(one.kinds.values().sum::<u64>()));
        for one in shown.iter().take(MAX_SHOWN) {
            instrument(one, f)?;
        }
        if let Some(more @ 1..) = shown.len().checked_sub(MAX_SHOWN) {
            writeln!(f, "  and {more} instruments more")?;
        }
        if let Some(clock) = &self.clock {
            #[allow(clippy::cast_precision_loss, reason = "for people")]
            let millis = |nanos: i64| nanos as f64 * 1e-6;
            writeln!(
                f,
                "  clocks       local - exchange: shortest {:.3} ms, mean {:.3} ms; drift {:.1} us/s",
                millis(clock.shortest_ns),
                millis(clock.mean_ns),
                clock.drift_ns_per_s * 1e-3
            )?;
        }
        for (kind, count) in &self.findings {
            writeln!(f, "  {:<12} {count}", kind.name())?;
            for finding in self.first_findings.iter().filter(|finding| finding.kind == *kind) {
                writeln!(f, "    {}: {}", finding.place, finding.text)?;
            }
        }
        for suspicion in &self.suspicions {
            writeln!(f, "  BEWARE       {}: {}", suspicion.trap, suspicion.evidence)?;
        }
        if self.suspicions.is_empty() {
            writeln!(f, "  nothing looks like a trap")?;
        }
        Ok(())
    }
}

fn instrument(one: &InstrumentStats, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(f, "  {:<12} tick {}, lot {}, volume {:.8}", one.symbol, one.tick, one.lot, one.volume)?;
    let kinds: Vec<_> = one.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    writeln!(f, "    events     {}", kinds.join(", "))?;
    if one.misfits > 0 {
        writeln!(f, "    misfits    {} of {} changes do not fit the book", one.misfits, one.changes)?;
    }
    for (name, stats) in [("book", &one.book), ("quotes", &one.quotes)] {
        if let Some(stats) = stats {
            touch(name, stats, f)?;
        }
    }
    Ok(())
}

fn touch(name: &str, stats: &TouchStats, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(
        f,
        "    {name:<10} spread mean {:.6}, {:.6} to {:.6}; crossed {}, locked {}, one-sided {} of {}",
        stats.mean_spread,
        stats.min_spread,
        stats.max_spread,
        stats.crossed,
        stats.locked,
        stats.one_sided,
        stats.observations
    )?;
    let ([bid, ask], [bids, asks]) = (stats.mean_qty, stats.mean_levels);
    write!(f, "    depth      mean size at the touch {bid:.6} bid, {ask:.6} ask")?;
    if bids + asks > 0.0 {
        write!(f, "; mean levels {bids:.1} bid, {asks:.1} ask")?;
    }
    writeln!(f)
}
