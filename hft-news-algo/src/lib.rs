//! News trading: reading a headline, and trading on it, before the price has.
//!
//! **What it is.** Something happens to a company; a headline says so; the price takes a while to agree. Whoever reads the headline, finds
//! out whom it is about, whether it is new, and which way and how far it should move the price, may trade at the old price for as long
//! as that stands.
//!
//! **Who earns.** Whoever is right early. A reader that is fast and wrong trades noise and old news; one that is right and slow finds the
//! price where it should be.
//!
//! **Who pays.** Makers whose quotes stand for a moment at the old price, and the readers who took yesterday's news for today's, an
//! orchard for a company, or a rumour for a fact.
//!
//! **When it fails.** When the edge has decayed before the order arrives; when makers read too, and pull their quotes; when what was read
//! is denied a second later; when a model was tested on what it had seen; and when the spread costs more than the surprise is worth.
//!
//! Reading order: [`tape`] (what is published, and what it is worth), [`model`] (text and statistics as pure functions), [`reader`] (bytes to
//! a reading, stage by stage), [`strategy`] (who acts), [`scenario`] (the market), [`ledger`] (what the run tells), [`config`] (every knob),
//! [`paper`] (the published results, reproduced), [`pattern`] (what the shell is told).

pub mod config;
pub mod ledger;
pub mod model;
pub mod paper;
pub mod pattern;
pub mod reader;
pub mod scenario;
pub mod strategy;
pub mod tape;

pub use config::NewsAlgoConfig;
pub use pattern::NewsAlgoPattern;

/// The answers in the README are run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
