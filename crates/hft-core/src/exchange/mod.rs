//! One exchange: the price-time book, the order rules around it, auctions, and the venue that runs several of them.
//!
//! Invariant: what a [`MatchingEngine`] does follows from the commands it was given, in their order, and from nothing
//! else; what it says is complete, so that a book rebuilt from its events is the book.
//!
//! Reading order: [`event`](EngineEvent) (what is said), [`rules`] (what is refused, and in which order), then from the
//! outside in: `engine`, `plain`, `entry`, `matching`, `taking`, `amend`, `mass`, `auction`, and below them the book: `book`, `ladder` and
//! `bitmap` (prices), `levels`, `incoming`, `orders`, `id_index`.

mod amend;
mod auction;
mod bitmap;
mod book;
mod engine;
mod entry;
mod event;
mod expiries;
mod id_index;
mod incoming;
mod ladder;
mod levels;
mod mass;
mod matching;
mod orders;
mod parked;
mod plain;
mod pro_rata;
pub mod rules;
mod stops;
mod taking;
#[cfg(test)]
mod tests;
mod venue;
mod view;

pub use engine::MatchingEngine;
pub use event::{EngineEvent, EventSink, Party};
pub use rules::{
    Allocation, AmendBelowFilled, BookRules, DisconnectScope, IdReuse, MarketRemainder, PostOnlyCross, RulesError,
};
pub use venue::{Depth, Feed, Gateway, MAX_DEPTH, Venue, VenueConfig};
pub use view::{LevelView, OrderState, OrderView, WARM};
