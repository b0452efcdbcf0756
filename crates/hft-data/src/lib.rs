//! Real data in: recordings of order books and trades, read as one stream of normalised events.
//!
//! ```text
//! file ─► source (plain, gz, zst, zip) ─► lines or bytes ─► one reader a format ─► Recording ─► Event, Event, Event ..
//!                                                              │                      │
//!                                                      Instruments (names, steps)  Findings (gaps, order, torn ends)
//! ```
//!
//! A [`Recording`] opens any file, tells its [`Format`] from the content, and hands out [`Event`]s in constant memory. What
//! cannot be a record is a [`BadRecord`] with file, place, what was found and what was expected; what is odd is a
//! [`Finding`]. Nothing is repaired in silence, and no number passes through a float.
//!
//! Left out: sockets, and orders. This crate reads files; it sends nothing.

mod bad_record;
mod blocks;
mod book;
mod clock;
mod csv_line;
mod depth_sync;
mod envelope;
mod event;
mod findings;
mod flat;
mod format;
pub mod formats;
mod info;
mod instruments;
mod json_levels;
mod levels_feed;
mod lines;
mod merged;
mod number;
mod reader;
mod recording;
pub mod replay;
mod source;
mod stamp;
mod steps;
mod stylised;
mod time;
mod venue_lines;

pub use bad_record::{BadRecord, OnBadRecord, Place, ReadError};
pub use book::{ObservedBook, Oddity};
pub use clock::{ClockEstimate, ClockOffset};
pub use depth_sync::{DepthBook, DepthLevel, DepthMode, DepthState, DepthSync, DepthUpdate};
pub use event::{Body, ClearReason, Event, Flags, InstrumentIndex, OrderRef, Resting, Status};
pub use findings::{Finding, FindingKind, Findings};
pub use format::Format;
pub use info::{Info, InstrumentStats, Suspicion, TouchStats};
pub use instruments::{InstrumentInfo, Instruments};
pub use merged::Merged;
pub use reader::{Batch, RecordReader};
pub use recording::{BookFiles, ReadOptions, Recording};
pub use steps::Steps;
pub use stylised::{Curve, Distribution, FlowFit, StylisedCollector, StylisedFacts, TRADE_LAGS, VOLATILITY_LAGS};
pub use time::{Date, UnixNanos, Zone};
