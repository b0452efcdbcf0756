//! The integration tests of the workspace, one binary.

mod conformance;
mod depth;
mod scripts;
mod tidy;
mod twin;
mod worlds;
