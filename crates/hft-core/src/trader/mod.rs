//! The trading side: one [`Strategy`], its [`Desk`], its own view of the market and of its working orders.
//!
//! Invariant: a strategy knows what has reached it and nothing else. Its [`BookView`] is built from delayed market
//! data, its [`WorkingOrder`]s from delayed reports; the venue's truth is out of reach.

mod desk;
mod leg;
mod node;
mod strategy;
mod view;
mod working;

pub use desk::{Desk, DeskError};
pub use leg::{Doing, Leg, Urgency};
pub use node::{ThinkTime, Trader};
pub use strategy::{Event, Reason, SimulatedOnly, SimulatedStrategy, Strategy};
pub use view::BookView;
pub use working::{OrderState, WorkingOrder};
