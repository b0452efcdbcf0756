//! How a program of this workspace ends: the one place where failures become exit codes.

use crate::config::Violations;
use std::process::ExitCode;
use thiserror::Error;

/// Exit codes, the same in all seven binaries. They are an interface: scripts rely on the numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Exit {
    /// It did what was asked.
    Ok = 0,
    /// The run failed: a panic, a slow consumer, a full disk. Orders were cancelled, the journal is valid.
    Runtime = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// The configuration is refused; every violation was printed.
    Config = 3,
    /// Recorded data is missing, torn or of the wrong format.
    Data = 4,
    /// A risk limit halted the run: the kill switch tripped.
    RiskHalt = 5,
    /// The gate of the educational crate refused.
    GateRefused = 6,
    /// A replayed journal, or a repeated run, differs from the original.
    ReplayMismatch = 7,
    /// The program's own honesty failed: an invariant, the attribution, a leakage test, a published result not reproduced.
    Honesty = 8,
}

/// What only the laboratory of the educational crate does was asked for outside it: as the error of a scenario or a paper, it ends the
/// program with [`Exit::GateRefused`].
#[derive(Debug, Error)]
#[error("refused: {0}")]
pub struct GateRefused(pub String);

/// Why it did not. Each variant has an [`Exit`] of its own; what is none of the others is [`Failure::Runtime`].
#[derive(Debug, Error)]
pub enum Failure {
    /// The command line makes no sense.
    #[error("{0}")]
    Usage(String),
    /// The configuration is refused.
    #[error("{0}")]
    Config(#[from] Violations),
    /// The configuration is allowed, and the pattern cannot trade it.
    #[error("{0:#}")]
    Untradable(anyhow::Error),
    /// Recorded data cannot be used.
    #[error("{0:#}")]
    Data(anyhow::Error),
    /// The kill switch tripped.
    #[error("risk halt: {0}")]
    RiskHalt(String),
    /// The educational gate refused.
    #[error("refused: {0}")]
    GateRefused(String),
    /// A replay differs.
    #[error("replay mismatch: {0}")]
    ReplayMismatch(String),
    /// An invariant, the attribution, a leakage test or a published result failed.
    #[error("{0}")]
    Honesty(String),
    /// Everything else.
    #[error("{0:#}")]
    Runtime(#[from] anyhow::Error),
}

impl Failure {
    /// What went wrong with something that a gate may have refused; `otherwise`, if none did.
    pub fn of(error: anyhow::Error, otherwise: impl FnOnce(anyhow::Error) -> Self) -> Self {
        match error.downcast::<GateRefused>() {
            Ok(refused) => Failure::GateRefused(refused.0),
            Err(error) => otherwise(error),
        }
    }

    /// The code to exit with. A reader that closed the pipe early (`| head`) has got what it wanted.
    pub fn exit(&self) -> Exit {
        match self {
            Failure::Usage(_) => Exit::Usage,
            Failure::Config(_) | Failure::Untradable(_) => Exit::Config,
            Failure::Data(_) => Exit::Data,
            Failure::RiskHalt(_) => Exit::RiskHalt,
            Failure::GateRefused(_) => Exit::GateRefused,
            Failure::ReplayMismatch(_) => Exit::ReplayMismatch,
            Failure::Honesty(_) => Exit::Honesty,
            Failure::Runtime(error) if is_broken_pipe(error) => Exit::Ok,
            Failure::Runtime(_) => Exit::Runtime,
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::Runtime(error.into())
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref().is_some_and(broken))
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::{Context, anyhow};
    use std::io;

    #[test]
    fn every_failure_has_its_code() {
        let pipe = io::Error::from(io::ErrorKind::BrokenPipe);
        let full = io::Error::from(io::ErrorKind::StorageFull);
        for (failure, code) in [
            (Failure::Usage("two runs are needed".to_owned()), 2),
            (Failure::Config(Violations::default()), 3),
            (Failure::Data(anyhow!("message.csv ends in the middle of a line")), 4),
            (Failure::RiskHalt("max_daily_loss".to_owned()), 5),
            (Failure::GateRefused("outside the laboratory".to_owned()), 6),
            (Failure::ReplayMismatch("node 3, message 17".to_owned()), 7),
            (Failure::Honesty("attribution is off by 0.01".to_owned()), 8),
            (Failure::Runtime(anyhow!("slow consumer")), 1),
            (full.into(), 1),
            (pipe.into(), 0),
        ] {
            assert_eq!(failure.exit() as u8, code, "{failure}");
        }
        let refused = anyhow::Error::from(GateRefused("outside the laboratory".to_owned()));
        assert_eq!(Failure::of(refused, Failure::Untradable).to_string(), "refused: outside the laboratory");
        assert_eq!(Failure::of(anyhow!("off the lot"), Failure::Untradable).exit(), Exit::Config);
        let deep = Err::<(), _>(io::Error::from(io::ErrorKind::BrokenPipe)).context("printing fills");
        assert_eq!(Failure::from(deep.expect_err("made to fail")).exit(), Exit::Ok);
    }
}
