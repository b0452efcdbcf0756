//! What is told to the blotter and about commands: the records that messages carry.

use super::message::TraderId;
use crate::models::{
    AccountId, BookId, Cash, Command, ExecutionReport, Fill, HalfTicks, InstrumentId, Lots, OrderId, Price, Qty, Side,
    Timestamp, TradeId, VenueId,
};
use crate::risk::{Kill, RiskReject};
use serde::Serialize;

/// A venue's record of one trade, both parties named: the drop copy, which no strategy sees.
///
/// Example: [`Blotter`](crate::account::Blotter).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct TradeRecord {
    /// When, on the venue's clock.
    pub time: Timestamp,
    /// Where.
    pub book: BookId,
    /// Which.
    pub trade: TradeId,
    /// At what price.
    pub price: Price,
    /// How much.
    pub qty: Qty,
    /// Side of the aggressor; `None` in an auction, where the maker below is the buyer.
    pub aggressor: Option<Side>,
    /// The venue's midpoint just before the aggressor arrived; the last one known where a side was empty.
    pub mid: HalfTicks,
    /// Who rested.
    pub maker: TradeParty,
    /// Who arrived.
    pub taker: TradeParty,
}

/// One side of a [`TradeRecord`].
///
/// Example: [`Blotter`](crate::account::Blotter).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct TradeParty {
    /// The owner.
    pub account: AccountId,
    /// The order.
    pub order: OrderId,
    /// Cash flow of its fee: negative is paid.
    pub fee: Cash,
    /// Number of the execution report that told the owner: the key of the reconciliation.
    pub report_seq: u64,
}

/// An account's record of one of its fills, with the account's state after it.
///
/// Example: [`FillLog`](crate::account::FillLog).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct FillRecord {
    /// When the account learned of it.
    pub booked: Timestamp,
    /// When it happened, on the venue's clock.
    pub time: Timestamp,
    /// Whose.
    pub account: AccountId,
    /// Which trader's order.
    pub trader: TraderId,
    /// In which book.
    pub book: BookId,
    /// Which order.
    pub order: OrderId,
    /// What was left of the order.
    pub leaves: Qty,
    /// The execution.
    pub fill: Fill,
    /// The account's position in the instrument after it.
    pub position: Lots,
    /// The account's cash after it, fees included.
    pub cash: Cash,
}

/// What an account's ledger says of one instrument at one venue, for the reconciliation with the drop copy.
///
/// Example: [`Blotter`](crate::account::Blotter).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Statement {
    /// Whose.
    pub account: AccountId,
    /// The venue whose reports it covers.
    pub venue: VenueId,
    /// The instrument.
    pub instrument: InstrumentId,
    /// All reports of this venue up to this number are booked.
    pub through_seq: u64,
    /// Lots bought less lots sold there.
    pub position: Lots,
    /// Cash flow of the trades there, fees excluded.
    pub cash: Cash,
    /// Cash flow of the fees there.
    pub fees: Cash,
}

/// A trader's command, and what it answers.
///
/// Example: [`FillLog`](crate::account::FillLog), whose `order` hears of every one that left.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Instruction {
    /// What is asked.
    pub command: Command,
    /// When what it answers happened, on the clock where it did: a venue's for market data and reports, the trader's own
    /// for timers and news. From there to the gate is the time of a decision.
    pub cause: Timestamp,
}

/// A step in the life of a watched account's order, told to the blotter. Trades are told as [`FillRecord`]s.
///
/// Example: [`FillLog`](crate::account::FillLog).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub enum OrderRecord {
    /// The gate approved a command, and it left.
    Sent {
        /// When.
        at: Timestamp,
        /// Whose.
        account: AccountId,
        /// Which trader's; `None` for the account's own mass cancels.
        trader: Option<TraderId>,
        /// What was asked, and why then.
        instruction: Instruction,
    },
    /// The gate refused a command.
    Refused {
        /// When.
        at: Timestamp,
        /// Whose.
        account: AccountId,
        /// Which trader's.
        trader: TraderId,
        /// What, and why.
        refusal: Refusal,
    },
    /// A venue reported something other than a trade.
    Reported {
        /// When the account learned of it.
        at: Timestamp,
        /// Which trader's.
        trader: TraderId,
        /// The report.
        report: ExecutionReport,
    },
}

/// A command that the gate refused, told to the trader who sent it.
///
/// Example: [`Strategy`](crate::trader::Strategy).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Refusal {
    /// What was asked.
    pub command: Command,
    /// Why not.
    pub reason: RiskReject,
}

/// An account's kill switch was tripped: everything of its is being cancelled.
///
/// Example: [`FillLog`](crate::account::FillLog).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct RiskHalt {
    /// When.
    pub time: Timestamp,
    /// Whose.
    pub account: AccountId,
    /// Why.
    pub kill: Kill,
    /// The account's marked equity then.
    pub equity: Cash,
}
