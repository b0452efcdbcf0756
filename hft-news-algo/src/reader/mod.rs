//! From bytes to a reading, stage by stage.
//!
//! ```text
//!   bytes ─► parse ─► normalise ─► novelty ─► entities ─► event, sentiment ─► magnitude ─► confidence ─► reading
//!            refuse   tokens       MinHash    Aho-Corasick  hashed linear      numbers      abstain
//! ```
//!
//! Invariant: a reading is a function of the bytes, of when they were received, and of what was read before; never of a clock.
//!
//! Each stage can be called by itself, which is how their times are measured: by a benchmark, outside every run.

mod entities;
mod magnitude;
mod novelty;
mod parse;
mod pipeline;
mod shipped;

pub use entities::{Entity, Linker};
pub use magnitude::Magnitude;
pub use novelty::{Novelty, NoveltyConfig, Seen};
pub use parse::{TEXT_MAX, Unreadable, parse};
pub use pipeline::{ModelKind, Pipeline, ReaderConfig, Reading, Stage, Subject};
pub use shipped::{SIZE_MAX, Shipped};
