//! stub
pub mod model;
pub mod paper;
