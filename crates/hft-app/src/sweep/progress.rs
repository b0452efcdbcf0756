//! How far a sweep is: a bar on a terminal, a line now and then elsewhere.

use super::race::Event;
use crate::run::bar;
use indicatif::ProgressBar;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often a sweep without a terminal says that it goes on.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// See the module's documentation.
pub(super) struct Progress {
    begun: Instant,
    said: Instant,
    from: u64,
    done: u64,
    all: u64,
    quiet: bool,
    bar: Option<ProgressBar>,
}

#[allow(clippy::disallowed_methods, reason = "progress is for people; the runs do not see it")]
impl Progress {
    pub(super) fn new(from: u64, all: u64, quiet: bool) -> Self {
        let (begun, said) = (Instant::now(), Instant::now());
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| bar(all));
        Self { begun, said, from, done: from, all, quiet, bar }
    }

    pub(super) fn show(&mut self, event: &Event<'_>, err: &mut dyn Write) {
        match event {
            Event::Row(_) => self.done += 1,
            Event::Waiting => {}
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
            bar.set_message(self.words());
        } else if !self.quiet && self.said.elapsed() >= HEARTBEAT {
            self.said = Instant::now();
            let _ = writeln!(err, "{}", self.words()); // nowhere left to say so
        }
    }

    pub(super) fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    /// `123 of 640 runs, 19 %, 45.1 runs/s, 11s to go`.
    #[allow(clippy::cast_precision_loss, reason = "figures for people")]
    fn words(&self) -> String {
        let (elapsed, made) = (self.begun.elapsed(), (self.done - self.from) as f64);
        let rate = made / elapsed.as_secs_f64().max(1e-9);
        let share = 100.0 * self.done as f64 / self.all.max(1) as f64;
        let left = Duration::from_secs_f64((((self.all - self.done) as f64) / rate.max(1e-6)).min(1e8));
        let left = humantime::format_duration(Duration::from_secs(left.as_secs()));
        let left = if made > 0.0 { format!(", {left} to go") } else { String::new() };
        format!("{} of {} runs, {share:.0} %, {rate:.1} runs/s{left}", self.done, self.all)
    }
}
