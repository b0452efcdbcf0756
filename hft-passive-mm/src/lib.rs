//! Inventory market making: always willing to buy a little below the mid and to sell a little above it.
//!
//! **What it is.** A maker rests one order on each side of the mid. Whoever is in a hurry trades with it and pays half
//! the spread for not having to wait. What the maker then holds it did not want, so it shades its quotes until somebody
//! takes it away again.
//!
//! **Who earns.** The maker earns the spread from traders who need to trade now and know nothing in particular. They
//! pay willingly: waiting would cost them more.
//!
//! **Who pays.** The maker pays those who know something. They hit its bid just before the price falls and lift its
//! offer just before it rises, so its fills are a biased sample of all prices: adverse selection. It also pays for
//! time: what it holds gains and loses as the mid moves, and a risk-averse maker gives up spread to hold less.
//!
//! **When it fails.** When the informed share of the flow outgrows the spread (Glosten & Milgrom: the break-even spread
//! at even odds is that share of the move to come); when its quotes are stale, for then everybody is informed; when the
//! flow is one-sided for longer than the inventory limit lasts; and when queues are long, so that only the bad fills
//! reach it.
//!
//! Reading order: [`model`] (the papers as pure functions), [`strategy`] (event -> model -> desk), [`config`] (every
//! knob), [`paper`] (the published results, reproduced), [`scenario`] (the market), [`pattern`] (what the shell is told).

pub mod config;
pub mod model;
pub mod paper;
pub mod pattern;
pub mod scenario;
pub mod strategy;

pub use config::PassiveMmConfig;
pub use pattern::PassiveMmPattern;
pub use strategy::PassiveMm;

/// The answers in the README are run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
