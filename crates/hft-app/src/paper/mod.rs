//! Published results, reproduced as a command: `paper avellaneda-stoikov --gamma 0.1`.
//!
//! A pattern describes each by a clap struct of its parameters and a function from them to a [`PaperReport`]; flags, help and
//! printing are the same for all.

mod parallel;
mod parameter;
mod report;
mod sample;

pub use parallel::in_parallel;
pub use parameter::{PaperError, check};
pub use report::{PaperReport, PaperRow};
pub use sample::Sample;

use crate::exit::Failure;
use crate::interrupt::Interrupt;
use anyhow::anyhow;
use clap::{ArgMatches, Args, Command};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How often somebody who wants to stop a paper is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// One result that a pattern reproduces.
pub struct Paper {
    command: Command,
    run: Run,
}

type Run = Arc<dyn Fn(&ArgMatches, PaperSeed) -> anyhow::Result<PaperReport> + Send + Sync>;

/// The seed that the user asked for; a paper whose gate names a seed beforehand takes that one otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PaperSeed(pub Option<u64>);

impl PaperSeed {
    /// The user's seed, or the one declared beforehand.
    pub fn or(self, declared: u64) -> u64 {
        self.0.unwrap_or(declared)
    }
}

impl Paper {
    /// A paper with parameters `A`, a struct that derives [`clap::Args`]. What `run` refuses is a mistake in those.
    pub fn new<A: Args + 'static>(
        name: &'static str,
        about: &'static str,
        run: impl Fn(A, PaperSeed) -> anyhow::Result<PaperReport> + Send + Sync + 'static,
    ) -> Self {
        // Afterwards: the struct's own documentation is for those who read the source.
        let command = A::augment_args(Command::new(name)).about(about);
        let run: Run = Arc::new(move |matches, seed| run(A::from_arg_matches(matches)?, seed));
        Self { command, run }
    }

    /// Its subcommand.
    pub fn command(&self) -> &Command {
        &self.command
    }

    /// Reproduces it, on a thread of its own: its code is numbers only, and does not look up when somebody wants to stop.
    ///
    /// # Errors
    /// [`Failure::Usage`] with what the paper's own code says of these parameters; [`Failure::Runtime`] when it was interrupted, which
    /// leaves the thread to the end of the program, or panicked.
    pub fn run(&self, matches: &ArgMatches, seed: PaperSeed, interrupt: &Interrupt) -> Result<PaperReport, Failure> {
        let (sender, receiver) = channel();
        let (run, matches) = (Arc::clone(&self.run), matches.clone());
        // A caller that was interrupted listens no more.
        std::thread::spawn(move || drop(sender.send(run(&matches, seed))));
        loop {
            match receiver.recv_timeout(LOOK_EVERY) {
                Ok(report) => {
                    return report.map_err(|error| Failure::of(error, |error| Failure::Usage(format!("{error:#}"))));
                }
                Err(RecvTimeoutError::Disconnected) => return Err(anyhow!("the paper panicked: see above").into()),
                Err(RecvTimeoutError::Timeout) if interrupt.count() > 0 => {
                    return Err(anyhow!("interrupted before there was a result").into());
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}
