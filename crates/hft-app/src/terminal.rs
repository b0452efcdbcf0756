//! Where a task prints, and what interrupts it.

use crate::interrupt::Interrupt;
use std::io::Write;

/// Where a program prints: results on `out`, mistakes on `err`.
pub struct Terminal<'a> {
    /// Results: what a script reads.
    pub out: &'a mut dyn Write,
    /// Mistakes, progress, diagnostics.
    pub err: &'a mut dyn Write,
    /// What stops a run early.
    pub interrupt: Interrupt,
}
