//! Sees every crate: integration tests and the conformance program.

pub mod conformance;
