//! Published results, reproduced as a command: `paper avellaneda-stoikov --gamma 0.1`.
//!
//! A pattern describes each by a clap struct of its parameters and a function from them to a [`PaperReport`]; flags, help and
//! printing are the same for all.

mod report;

pub use report::{PaperReport, PaperRow};

use clap::{ArgMatches, Args, Command};

/// One result that a pattern reproduces.
pub struct Paper {
    command: Command,
    run: Run,
}

type Run = Box<dyn Fn(&ArgMatches, PaperSeed) -> anyhow::Result<PaperReport>>;

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
    /// A paper with parameters `A`, a struct that derives [`clap::Args`].
    pub fn new<A: Args + 'static>(
        name: &'static str,
        about: &'static str,
        run: impl Fn(A, PaperSeed) -> anyhow::Result<PaperReport> + 'static,
    ) -> Self {
        // Afterwards: the struct's own documentation is for those who read the source.
        let command = A::augment_args(Command::new(name)).about(about);
        let run: Run = Box::new(move |matches, seed| run(A::from_arg_matches(matches)?, seed));
        Self { command, run }
    }

    /// Its subcommand.
    pub fn command(&self) -> &Command {
        &self.command
    }

    /// Reproduces it.
    ///
    /// # Errors
    /// What the paper's own code says of these parameters.
    pub fn run(&self, matches: &ArgMatches, seed: PaperSeed) -> anyhow::Result<PaperReport> {
        (self.run)(matches, seed)
    }
}
