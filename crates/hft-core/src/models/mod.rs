//! The vocabulary: values without behaviour. Everything else in the workspace is written in these words.
//!
//! Invariant: nothing in here is a float, reads a clock, or knows who uses it. Integers carry their unit in their
//! type, so that meaningless arithmetic (`Price + Price`) does not compile; decimals exist only at the border, where
//! [`Decimal`] turns `100.18` into ticks and back without rounding.
//!
//! Reading order: `units`, [`side`](Side), [`instrument`](Instrument), [`order`](NewOrder),
//! [`execution`](ExecutionReport), [`market_data`](MarketData).

mod decimal;
mod execution;
mod fees;
mod ids;
mod instrument;
mod market_data;
mod order;
mod side;
mod units;

pub use decimal::{Decimal, DecimalError};
pub use execution::{CancelReason, ExecKind, ExecutionReport, Fill, Liquidity, RejectReason};
pub use fees::{FeeRate, FeeSchedule, FeeTier};
pub use ids::{AccountId, BookId, InstrumentId, OrderId, TradeId, VenueId};
pub use instrument::{Instrument, InstrumentError};
pub use market_data::{MarketData, MarketUpdate, News, Phase, Quote, Top};
pub use order::{Command, NewOrder, OrderType, SelfTrade, TimeInForce};
pub use side::Side;
pub use units::{Cash, HalfTicks, Lots, Nanos, Price, Qty, Ticks, Timestamp};
