//! Two run folders side by side.
use crate::cli::Shared;
use crate::exit::Failure;
use crate::shell::Terminal;
use clap::Args;
use std::path::PathBuf;

/// Flags.
#[derive(Clone, PartialEq, Debug, Args)]
pub struct CompareFlags {
    /// The folder of one run.
    pub a: PathBuf,
    /// The folder of the other.
    pub b: PathBuf,
}

/// The task.
pub fn compare(_flags: &CompareFlags, _shared: &Shared, _terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    Ok(())
}
