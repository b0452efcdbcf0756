//! What a scenario or a strategy names most: `use hft_core::prelude::*`.

pub use crate::account::{FillLine, FillLog, PrintFills};
pub use crate::exchange::{BookRules, Depth, Feed, Gateway, VenueConfig};
pub use crate::flow::{CompetingMaker, CrowdConfig, InformedTrader, MakerConfig, NoiseConfig, NoiseTraders};
pub use crate::models::*;
pub use crate::risk::Limits;
pub use crate::trader::{BookView, Desk, Event, Reason, SimulatedOnly, SimulatedStrategy, Strategy, ThinkTime};
pub use crate::world::{Connection, Digest, Jitter, Latency, Node, Replayed, Simulated, TraderId, World, close_books};
