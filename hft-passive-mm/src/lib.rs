//! Inventory market making.

pub mod config;
pub mod model;
pub mod paper;
pub mod paper_report;
