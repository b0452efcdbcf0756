//! The shell that every pattern's binary shares: command line, configuration, run folder, summary, report.
//!
//! ```text
//!   main.rs of a pattern ──► shell::main::<P>() ──► cli ──► config::load ──► run::run ──► output::RunFolder
//!                                   │                                                        fills.csv orders.csv equity.csv
//!                                   └──► paper NAME ──► PaperReport                           summary.json report.html manifest.json
//! ```
//!
//! Reading order: [`pattern`] (what a pattern says of itself), [`config`], [`flags`], [`cli`], [`shell`] (from arguments to an exit code),
//! [`run`] (from a configuration to a closed run folder), [`sweep`] (many runs), [`compare`] (two), [`explain`] (one fill), [`leak_test`] (another future), [`statistics`], [`exit`],
//! [`testing`] (for the tests of binaries), [`paper`], [`market_papers`] (what every pattern reproduces), [`chapter`] (what a pattern adds), [`output`],
//! [`transcript`] (a run as a recording), [`export`], [`market`] (how like a real one).
//!
//! Invariants:
//! 1. Nothing in here knows a pattern, and nothing runs on an unchecked value.
//! 2. Results are plain data before they are text: what is printed, written and drawn is made of the same structs.
//! 3. The wall clock names run folders, paces progress and is stated as the time a run took. Nothing else depends on it.
//! 4. Money stays exact until it is drawn.

pub mod chapter;
pub mod cli;
pub mod compare;
pub mod config;
pub mod data;
pub mod exit;
pub mod explain;
pub mod export;
pub mod flags;
pub mod interrupt;
pub mod leak_test;
pub mod market;
pub mod market_papers;
pub mod output;
pub mod paper;
pub mod pattern;
pub mod replay;
pub mod run;
pub mod scenario;
pub mod shell;
pub mod statistics;
pub mod sweep;
pub mod terminal;
pub mod testing;
pub mod transcript;
pub mod verify;

pub use pattern::Pattern;
pub use replay::{Recorded, RecordedBook, Seat, Seated};
pub use scenario::{Parts, Scenario};
pub use shell::main;
