//! The conformance program: JSON lines in, JSON lines out, over the real types. No rule of the market lives here.

pub mod gate;
