//! The shell that every pattern's binary shares: command line, configuration, run folder, summary, report.
//!
//! ```text
//!   main.rs of a pattern ──► shell::main::<P>() ──► cli ──► config::load ──► (the run) ──► output::RunFolder
//!                                   │                                                        fills.csv orders.csv equity.csv
//!                                   └──► paper NAME ──► PaperReport                           summary.json report.html manifest.json
//! ```
//!
//! Reading order: [`pattern`] (what a pattern says of itself), [`config`], [`cli`], [`shell`] (from arguments to an exit code),
//! [`exit`], [`paper`], [`output`].
//!
//! Invariants:
//! 1. Nothing in here knows a pattern, and nothing runs on an unchecked value.
//! 2. Results are plain data before they are text: what is printed, written and drawn is made of the same structs.
//! 3. The wall clock is read in one place, where a run folder gets its name. Nothing that is written depends on it otherwise.
//! 4. Money stays exact until it is drawn.

pub mod cli;
pub mod config;
pub mod exit;
pub mod output;
pub mod paper;
pub mod pattern;
pub mod shell;

pub use pattern::Pattern;
pub use shell::main;
