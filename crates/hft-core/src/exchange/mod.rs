//! One exchange: the price-time book, the order rules around it, auctions, and the venue that runs several of them.

mod event;

pub use event::{EngineEvent, EventSink, Party};
