//! The integration tests of the workspace, one binary.

mod scripts;
mod twin;
