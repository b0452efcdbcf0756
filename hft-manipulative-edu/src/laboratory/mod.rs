//! The laboratory: manipulators, as labelled test data for the surveillance. In a default build this module does not exist.
//!
//! | behaviour | why it works on these agents | on whom it does not |
//! |---|---|---|
//! | [`Spoofer`], one level and more | book readers take in the direction of what is displayed | the uninformed and the informed do not look at depth (Wang & Wellman 2017: agents that ignore the book cannot be spoofed) |
//! | published cases | the same, in the proportions of the record | the same |
//! | [`Stuffer`] | the gateway serves one command after another: whoever comes behind a burst waits | a gateway that is never busy; a market of batches, in which nobody is late |
//! | [`Igniter`] | followers take in the direction of a move, stops are triggered by it | informed takers sell into it, makers who know the value stand in its way |
//!
//! Each is a [`SimulatedStrategy`] whose trait is sealed and whose maker asks for an [`Acknowledgement`], so only [`seat`] can put one into a
//! world, and only into a simulated one. What does not compile:
//!
//! A world in which recorded history trades:
//!
//! ```compile_fail,E0308
//! use hft_core::prelude::*;
//! use hft_manipulative_edu::{config::ManipulativeEduConfig, gate::Acknowledgement, laboratory};
//! fn replay(history: &mut World<Replayed>, desk: AccountId, book: BookId, typed: &Acknowledgement) {
//!     laboratory::seat(history, desk, book, &ManipulativeEduConfig::default(), typed).unwrap();
//! }
//! ```
//!
//! A manipulator as an ordinary strategy, which every world takes:
//!
//! ```compile_fail,E0277
//! use hft_core::prelude::*;
//! use hft_manipulative_edu::laboratory::Stuffer;
//! fn anywhere<K>(world: &mut World<K>, desk: AccountId, stuffer: Stuffer) {
//!     world.trader("stuffer", desk, stuffer).unwrap();
//! }
//! ```
//!
//! A wrapper that is an ordinary strategy has no token to pass on:
//!
//! ```compile_fail,E0423
//! use hft_core::prelude::*;
//! use hft_manipulative_edu::laboratory::Stuffer;
//! struct Disguise(Stuffer);
//! impl Strategy for Disguise {
//!     fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
//!         SimulatedStrategy::on_event(&mut self.0, event, desk, &SimulatedOnly(()));
//!     }
//! }
//! ```
//!
//! An acknowledgement that nobody typed, made by hand, copied, or read from a file:
//!
//! ```compile_fail,E0451
//! let forged = hft_manipulative_edu::gate::Acknowledgement { typed: String::new() };
//! ```
//! ```compile_fail,E0277
//! fn from_file<T: serde::de::DeserializeOwned>() {}
//! from_file::<hft_manipulative_edu::gate::Acknowledgement>();
//! ```
//! ```compile_fail,E0277
//! fn copies<T: Clone>() {}
//! copies::<hft_manipulative_edu::gate::Acknowledgement>();
//! ```
//!
//! A manipulator of somebody else's:
//!
//! ```compile_fail,E0603
//! struct Mine;
//! impl hft_manipulative_edu::laboratory::sealed::Sealed for Mine {}
//! ```
//!
//! An approval without a gate:
//!
//! ```compile_fail,E0423
//! use hft_core::models::*;
//! fn forge(command: Command) -> hft_core::risk::Approved<Command> {
//!     hft_core::risk::Approved(command)
//! }
//! ```

mod igniter;
mod shape;
mod spoofer;
mod stuffer;

pub use igniter::Igniter;
pub use shape::{Ending, Layer, Shape};
pub use spoofer::Spoofer;
pub use stuffer::Stuffer;

use crate::config::{Behaviour, ManipulativeEduConfig};
use crate::gate::Acknowledgement;
use hft_core::models::{AccountId, BookId, Nanos};
use hft_core::trader::SimulatedStrategy;
use hft_core::world::{Simulated, TraderId, World};

mod sealed {
    /// Nobody else makes a manipulator.
    pub trait Sealed {}
}

/// A strategy of this laboratory, and of no other place.
pub trait Manipulator: SimulatedStrategy + sealed::Sealed {}

impl sealed::Sealed for Spoofer {}
impl Manipulator for Spoofer {}
impl sealed::Sealed for Stuffer {}
impl Manipulator for Stuffer {}
impl sealed::Sealed for Igniter {}
impl Manipulator for Igniter {}

/// How long the market is left alone before the first episode, so that the surveillance knows what is usual.
const QUIET: Nanos = Nanos::from_secs(15);

/// Seats the behaviour of the configuration.
///
/// # Errors
/// When its name is taken.
///
/// # Panics
/// When the configuration asks for none: then nobody was admitted.
pub fn seat(
    world: &mut World<Simulated>,
    desk: AccountId,
    book: BookId,
    config: &ManipulativeEduConfig,
    acknowledgement: &Acknowledgement,
) -> anyhow::Result<TraderId> {
    let least_rest = Nanos::from_millis(config.venue.least_rest_ms);
    let rng = world.stream("laboratory");
    let shape = match config.behaviour {
        Behaviour::None => unreachable!("nobody is admitted for nothing"),
        Behaviour::Stuffing => return put(world, desk, Stuffer::new(book, rng, acknowledgement)),
        Behaviour::Ignition => return put(world, desk, Igniter::new(book, rng, acknowledgement)),
        Behaviour::Spoofing => Shape::spoofing(),
        Behaviour::Layering => Shape::layering(),
        Behaviour::Coscia => Shape::coscia(),
        Behaviour::Sarao => Shape::sarao(),
        Behaviour::Oystacher => Shape::oystacher(),
    };
    put(world, desk, Spoofer::new(shape, book, least_rest, rng, acknowledgement))
}

fn put(
    world: &mut World<Simulated>,
    desk: AccountId,
    strategy: impl Manipulator + 'static,
) -> anyhow::Result<TraderId> {
    Ok(world.simulated_trader("desk/under-test", desk, strategy)?)
}
