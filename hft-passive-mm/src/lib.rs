//! Inventory market making.

pub mod model;
