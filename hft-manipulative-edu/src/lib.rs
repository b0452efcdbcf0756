//! Market surveillance, and the laboratory that tests it.
//!
//! **What it is.** A detector of manipulation that runs on what an exchange sees of its members, and on any recorded book. Behind a feature
//! that is off, and a phrase that has to be typed, stands what it is tested on: spoofing, layering, quote stuffing and momentum ignition, as
//! labelled episodes in a market that is made up.
//!
//! **Who earns.** Nobody who counts: what a manipulator takes from others it would pay back many times over when it is caught, and here it is.
//!
//! **Who pays.** Whoever reads the book and believes it; whoever follows a price that somebody pushed; and everybody who waits behind a burst
//! of messages. The summary tells their bill before anything else.
//!
//! **When it fails.** The detector: where owners are not known, where a display is spread over accounts, and wherever intent shows in
//! nothing that a book records. The manipulations: on whoever does not look at the book.
//!
//! Reading order: [`surveillance`] (the detector), [`strategy`] (the honest crowd that it must leave alone), [`scenario`] (the market),
//! [`ledger`] (what is told of a run), [`gate`] (what it takes to enter the laboratory), [`config`], [`pattern`] (what the shell is told).

pub mod config;
pub mod gate;
#[cfg(feature = "educational-manipulation")]
pub mod laboratory;
pub mod ledger;
mod paper;
pub mod pattern;
pub mod scenario;
pub mod strategy;
pub mod surveillance;

pub use config::ManipulativeEduConfig;
pub use pattern::ManipulativeEduPattern;
