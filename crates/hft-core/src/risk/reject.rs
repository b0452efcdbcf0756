//! Why the gate says no.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The first check that failed, in the order of the checks. The names are the wire names of the conformance program.
///
/// Example: [`RiskGate`](super::RiskGate).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskReject {
    /// The kill switch holds.
    KillSwitch,
    /// This strategy was disabled by a storm of executions or denials, or by its own panic.
    StrategyDisabled,
    /// No limits are set for the symbol: fail closed.
    UnknownSymbol,
    /// The order id was used before.
    DuplicateId,
    /// An amend of an order that the gate does not know.
    UnknownOrder,
    /// Zero or negative size.
    InvalidQty,
    /// Zero or negative price.
    InvalidPx,
    /// The reference market data is too old.
    StaleMarketData,
    /// Larger than one order may be.
    OrderQty,
    /// Worth more than one order may be, or more than can be counted.
    OrderNotional,
    /// Too far through the reference price.
    PriceCollar,
    /// There is no reference price: fail closed.
    NoReferencePrice,
    /// The same order too often within the window.
    DuplicateOrder,
    /// It would trade with the account's own order.
    SelfCross,
    /// Too many open orders.
    MaxOpenOrders,
    /// All open orders of its side filled, the position would pass its limit.
    PositionLimit,
    /// Gross notional of positions and open orders.
    GrossNotional,
    /// Too many messages.
    RateLimit,
    /// Net notional of positions, all open orders of its side filled.
    NetNotional,
}

impl fmt::Display for RiskReject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
